"""The head of a journal as ``Accueil`` shows it, and what the journal remembers of one that it does not hold.

Rule 1: a cell is a head only when it is a hash; what else stands there (``journal vide``, a word typed over) says
        nothing.
Rule 2: lines of ``tblPression`` are known by their words, wherever they stand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chorus_xl.domain.columns import PRESS_ITEMS
from chorus_xl.domain.sheets import Table

HEAD_UNKNOWN = "head_unknown"
"""The journal's event for a head that ``Accueil`` showed and no line has; of no invoice, so its number is ``""``."""

_, _AT, _USER, _MACHINE, _, _HEAD = PRESS_ITEMS
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Printed:
    """A head, and what stands beside it: text as the sheet has it, ``""`` where it says nothing."""

    head: str
    at: str = ""
    user: str = ""
    machine: str = ""

    def details(self) -> dict[str, str]:
        """As details of a line of the journal; ``label`` is what the sheet ``Journal`` shows of it."""
        return {
            "head": self.head,
            "label": self.head,
            "printed_at": self.at,
            "printed_by": self.user,
            "printed_on": self.machine,
        }


def printed_head(press: Table | None) -> Printed | None:
    """The head in ``tblPression``; ``None`` where there is none, or no such table."""
    if press is None:
        return None
    values = dict(zip(map(_text, press.cells("item")), map(_text, press.cells("value")), strict=True))
    head = values.get(_HEAD, "").lower()
    if not _HASH.fullmatch(head):
        return None
    return Printed(head, values.get(_AT, ""), values.get(_USER, ""), values.get(_MACHINE, ""))


def head_params(printed: Mapping[str, str], newest: str) -> dict[str, str]:
    """The values of the sentence on a head that is missed, from the details of its line, beside the newest one."""
    return {
        "printed": printed.get("head", ""),
        "at": printed.get("printed_at", "") or "?",
        "user": printed.get("printed_by", "") or "?",
        "head": newest or "journal vide",
    }


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()
