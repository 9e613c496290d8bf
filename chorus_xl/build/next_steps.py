"""What the clerk does next: one line a kind of row, said by a formula."""

from collections.abc import Sequence
from dataclasses import dataclass

from chorus_xl.build.banner import LAST_SIRET
from chorus_xl.build.followed import DUE_ON, LATE
from chorus_xl.build.formulas import (
    ACTION,
    BUDGET,
    DEPOSIT,
    NOT_VALIDATED,
    SIRET,
    VERDICT,
    count,
    equal,
    parameter,
)
from chorus_xl.domain.findings import Verdict
from chorus_xl.domain.statuses import DepositState


@dataclass(frozen=True, slots=True)
class Step:
    """One line: a count, the words for none, one and several, the gesture, and where it is made.

    Attributes:
        instead: a condition and the words that stand for the whole line where it holds, as formulas.
    """

    counted: str
    none: str
    one: str
    several: str
    gesture: str
    sign: str = "!"
    sheet: str = "Factures"
    cell: str = "A5"
    instead: tuple[str, str] | None = None

    @property
    def link(self) -> str:
        """What the link to that place is called."""
        return "Voir l'échéancier" if self.sheet == "Accueil" else f"Voir {self.sheet}"

    def formula(self) -> str:
        """The whole line in one cell; a count that fails says nothing rather than an error."""
        words = f'IF(({self.counted})>1," {self.several}"," {self.one}")'
        said = f'"{self.sign} "&({self.counted})&{words}&" → {self.gesture}"'
        line = f'IF(({self.counted})=0,"✓ {self.none}",{said})'
        if self.instead:
            line = f"IF({','.join(self.instead)},{line})"
        return f'=IFERROR({line},"")'


# A setting of the PC stands above the sheet: whose SIRET counts shows in what the last press worked with.
_OWN_SIRET = f'SUBSTITUTE(SUBSTITUTE({parameter("supplier_siret")}&""," ",""),"\xa0","")'
_OTHER_SIRET = (
    f'AND({_OWN_SIRET}<>"",{LAST_SIRET}<>"",{LAST_SIRET}<>{_OWN_SIRET})',
    f'"! La dernière commande a travaillé sous le SIRET "&{LAST_SIRET}&" → feuille Paramètres."',
)
_SCHEDULE = "A52"


def _waiting(verdict: Verdict) -> str:
    """Rows of that verdict that did not leave yet."""
    states = ("", DepositState.TO_DEPOSIT.value)
    return "+".join(count(equal(VERDICT, verdict), equal(DEPOSIT, state)) for state in states)


STEPS: Sequence[Step] = (
    Step(
        f'IF({_OWN_SIRET}&{LAST_SIRET}="",1,0)',
        "Votre SIRET est renseigné.",
        "réglage manque, votre SIRET",
        "",
        "feuille Paramètres.",
        sheet="Paramètres",
        instead=_OTHER_SIRET,
    ),
    Step(
        f"SUMPRODUCT((1-ISBLANK({BUDGET}))*ISBLANK({SIRET}))",
        "Aucune ligne n'attend son SIRET.",
        "ligne sans SIRET",
        "lignes sans SIRET",
        "pressez Remplir.",
    ),
    Step(
        NOT_VALIDATED,
        "Aucune ligne n'attend son contrôle.",
        "ligne pas encore contrôlée",
        "lignes pas encore contrôlées",
        "pressez Contrôler.",
    ),
    Step(
        count(equal(VERDICT, Verdict.CORRECT)),
        "Aucune ligne à corriger.",
        "ligne à corriger",
        "lignes à corriger",
        "feuille Factures, filtrez Contrôle sur « À corriger », lisez Anomalies.",
    ),
    Step(
        _waiting(Verdict.CHECK),
        "Aucune ligne à vérifier.",
        "ligne à vérifier",
        "lignes à vérifier",
        "lisez Anomalies ; ces lignes partent si vous les laissez.",
    ),
    Step(
        _waiting(Verdict.READY),
        "Aucune facture prête n'attend son dépôt.",
        "facture prête",
        "factures prêtes",
        "pressez Déposer le lot.",
    ),
    Step(
        count(equal(DEPOSIT, DepositState.IN_DOUBT)),
        "Aucun envoi incertain.",
        "envoi incertain",
        "envois incertains",
        "pressez Actualiser ; ne déposez pas par une autre voie.",
        "?",
    ),
    Step(
        "+".join(count(equal(DEPOSIT, state)) for state in (DepositState.REFUSED, DepositState.FLOW_REJECTED)),
        "Aucun refus.",
        "facture refusée",
        "factures refusées",
        "lisez Motif, corrigez la ligne, pressez Contrôler.",
    ),
    Step(
        count(equal(DEPOSIT, DepositState.DEPOSITED), equal(ACTION, "?*")),
        "Aucune facture déposée de ce classeur ne demande de geste.",
        "facture déposée demande un geste",
        "factures déposées demandent un geste",
        "lisez la colonne À faire.",
    ),
    Step(
        f'COUNTIF({LATE},">0")',
        "Aucun retard de paiement.",
        "facture en retard de paiement",
        "factures en retard de paiement",
        "vérifiez votre relevé, puis relancez le comptable public.",
        sheet="Accueil",
        cell=_SCHEDULE,
    ),
    Step(
        f'COUNT({DUE_ON})-COUNTIF({LATE},">0")',
        "Aucun paiement attendu sous sept jours.",
        "paiement attendu sous sept jours",
        "paiements attendus sous sept jours",
        "rien à faire, sinon guetter votre relevé.",
        sign="…",
        sheet="Accueil",
        cell=_SCHEDULE,
    ),
)
