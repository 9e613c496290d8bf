"""Every status and every message, as lists on ``Aide``.

Rule 1: they come whole from ``data/statuses.toml`` and ``messages``: nothing is chosen here.
Rule 2: the list of statuses is also what ``Factures`` colours them by; it spells a status as that sheet shows it.
"""

from collections.abc import Mapping

from chorus_xl.build.page import Page
from chorus_xl.build.styles import BAD, CALM, DOUBT, GOOD, WARN, Look
from chorus_xl.data import load
from chorus_xl.domain.findings import Severity
from chorus_xl.domain.statuses import Family, meanings
from chorus_xl.messages import catalogue, fields
from chorus_xl.messages.counted import fill

STATUSES_NAME, STATUS_FAMILIES_NAME = "lstStatuts", "lstStatutsFamilles"

FAMILIES: Mapping[Family, tuple[str, Look]] = {
    Family.WAITING: ("→ Attendre", CALM),
    Family.ACT: ("! Agir", WARN),
    Family.DONE: ("✓ Terminé", GOOD),
    Family.DEAD: ("✗ Perdue", BAD),
    Family.UNKNOWN: ("? Inconnu", DOUBT),
}
"""Sign and word of each family, with its look; the unknown last, since it takes what no other one took."""

_THEMES = {
    "CX1": "Lecture de la feuille",
    "CX2": "Règles d'une facture",
    "CX3": "Réponses de Chorus Pro",
    "CX4": "Réseau et doute",
    "CX5": "Installation et réglages",
    "CX6": "Journal, preuve, second regard",
    "CX9": "Incident du programme",
}
_SEVERITIES = {Severity.ERROR: "✗ Erreur", Severity.WARNING: "! Avertissement"}


def write_statuses(page: Page) -> None:
    """All statuses of an invoice, then of a flow."""
    page.lines(
        "Un statut qui n'est pas dans cette liste est montré tel quel, avec un point d'interrogation. "
        "MANDATEE n'est pas un paiement : le suivi continue."
    )
    page.header("Code", "Famille", "Ce que montre Statut Chorus", "Ce que cela veut dire pour vous", "Le geste")
    first = page.row
    for status in meanings(load("statuses")).values():
        word, look = FAMILIES[status.family]
        shown = f"{status.label} ({status.code})"
        page.cells(status.code, word, shown, status.meaning, status.gesture or "Rien à faire.", looks={1: look})
    page.name(STATUS_FAMILIES_NAME, first, page.row - 1, 1)
    page.name(STATUSES_NAME, first, page.row - 1, 2)


def write_messages(page: Page) -> None:
    """All messages, by code."""
    page.lines(
        "Le code entre crochets à la fin d'une anomalie se retrouve ici. Les points de suspension tiennent la place "
        "des valeurs de votre ligne."
    )
    page.header("Code", "Nature", "Sujet", "Ce qui est dit", "Le geste")
    for code, message in catalogue().items():
        nature = "\n".join(_SEVERITIES[severity] for severity in message.severities) or "Information"
        look = BAD if message.severities == (Severity.ERROR,) else WARN if message.severities else CALM
        what, gesture = _blanked(f"{message.what}."), _blanked(message.gesture)
        page.cells(code, nature, _THEMES[code[:3]], what, gesture, looks={1: look})


def _blanked(template: str) -> str:
    """The sentence with … in place of each value, which also stands for a full stop after it."""
    return fill(template, dict.fromkeys(fields(template), "…")).replace("….", "…")
