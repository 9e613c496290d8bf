"""The platform's own history of an invoice: ``consulter/historique``.

Rule 1: who moved an invoice is kept as first name and name, which an auditor asks for; their e-mail address and
        telephone number, which the platform gives too, are never read.
Rule 2: asked for oldest first, so that a line that joins while pages are walked comes last and hides none; given oldest
        first whatever the platform did with that wish.
Rule 3: what people merely looked at or downloaded (``historiquesDesActionsUtilisateurs``) is left aside.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chorus_xl.chorus.wire.envelope import Position
from chorus_xl.chorus.wire.listings import MOST_RESULTS, ROWS_PER_PAGE, Listing
from chorus_xl.chorus.wire.values import Members, identifier, integer, moment, text
from chorus_xl.domain.invoice import Passage

HISTORY = "factures/v1/consulter/historique"


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A line of the history, with the number that the platform gives it, where it gives one."""

    passage_id: int | None
    passage: Passage


def passages(chorus_invoice_id: int) -> Listing[FoundPassage]:
    """All statuses that an invoice went through."""
    return Listing(
        HISTORY,
        lambda page: {
            "idFacture": chorus_invoice_id,
            "nbResultatsMaximum": MOST_RESULTS,
            "paramRechercheHistoStatuts": {
                "pageResultatDemandeeListeHistoStatut": page,
                "nbResultatsParPageListeHistoStatut": ROWS_PER_PAGE,
                "triSensListeHistoStatut": "Ascendant",
                "triColonneListeHistoStatut": "HistoStatutDatePassage",
            },
        },
        "histoStatut",
        _passage,
        lambda found: found.passage if found.passage_id is None else found.passage_id,
        part="historiquesDesStatuts",
        position=lambda part: Position(integer(part.get("pagesHistoStatut")), integer(part.get("totalHistoStatut"))),
    )


def oldest_first(found: Iterable[FoundPassage]) -> tuple[Passage, ...]:
    """The lines in the order in which they happened."""
    # ASSUMPTION: of two lines within one minute the one with the smaller ``histoStatutId`` came first.
    ordered = sorted(found, key=lambda line: (line.passage.at or datetime.min, line.passage_id or 0))  # noqa: DTZ901 - naive, as the platform's moments are
    return tuple(line.passage for line in ordered)


def _passage(row: Members) -> FoundPassage | None:
    status = text(row.get("histoStatutCode"))  # ``statut`` in a search, ``statutFacture`` in the answer to a deposit
    if not status:
        return None
    names = (text(row.get("histoStatutUtilisateurPrenom")), text(row.get("histoStatutUtilisateurNom")))
    return FoundPassage(
        identifier(row.get("histoStatutId")),
        Passage(
            status,
            moment(row.get("histoStatutDatePassage")),
            text(row.get("histoStatutCommentaire")),
            " ".join(name for name in names if name),
        ),
    )
