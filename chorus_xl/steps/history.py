"""The sheet ``Journal``: what the journal's lines say to a person, newest first.

Rule 1: it is a copy for reading; what proves is the chain of hashes in the database, of which each line shows its link.
Rule 2: an exchange with the platform and the mark of a history that was read are left out: they are in the exports.
Rule 3: a change that the month's totals count (deposited, paid …) is marked once, on the first line that tells it, with
        the amount on that line alone; a status and the platform's own history tell the same change twice, and what is
        booked, then paid, is settled once.
Rule 4: the sheet shows the newest lines. A change of the two months that its totals tell is among them however many
        there are; what is not shown is counted in the last line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from chorus_xl.domain.columns import CREDIT_NOTE, JOURNAL
from chorus_xl.domain.lifecycle import Event
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.records import Entry
from chorus_xl.domain.sheets import CellValue
from chorus_xl.domain.statuses import Change, Family
from chorus_xl.messages.words import ACTS, EVENTS, LEFT_OUT, told_of_left_out
from chorus_xl.steps import show
from chorus_xl.steps.office import PARIS

LINES_SHOWN = 5_000
"""Of the newest; more only where the changes of two months are more. The whole journal is in the database."""

_HIDDEN = frozenset({"exchange", "history"})
_DEPOSITED = frozenset({Event.ACCEPT.value, Event.FIND.value})
_SEEN = frozenset({"status", "passage"})
_ONCE = frozenset({Change.PAID, Change.BOOKED})

_CHANGES: Mapping[str, Change] = {
    "MISE_EN_PAIEMENT": Change.PAID,
    "COMPTABILISEE": Change.BOOKED,
    "SUSPENDUE": Change.SUSPENDED,
    "A_COMPLETER": Change.SUSPENDED,
    "A_RECYCLER": Change.TO_RECYCLE,
    "EN_ATTENTE_RECYCLAGE_FOURNISSEUR": Change.TO_RECYCLE,
}


@dataclass(slots=True)
class _Told:
    """What the lines of one number have said so far."""

    total: Decimal | None = None
    status: str = ""
    marked: set[tuple[Change, str]] = field(default_factory=set)


def journal_lines(history: Sequence[Entry], environment: Environment) -> dict[str, list[CellValue]]:
    """The lines of ``tblJournal``, newest first."""
    told: dict[str, _Told] = {}
    lines = [
        _line(entry, told.setdefault(entry.invoice_number, _Told()), environment)
        for entry in history
        if entry.event not in _HIDDEN
    ]
    shown = _shown(lines)
    if left := len(lines) - len(shown):
        shown.append({"event": LEFT_OUT, "detail": told_of_left_out(left)})
    return {column.attribute: [line.get(column.attribute) for line in shown] for column in JOURNAL.columns}


def _shown(lines: Sequence[dict[str, CellValue]]) -> list[dict[str, CellValue]]:
    """The lines for the sheet, newest first."""
    if len(lines) <= LINES_SHOWN:
        return [*reversed(lines)]
    first = _month_before(max(map(_at, lines)))
    counted = [bool(line["change"]) and _at(line) >= first for line in lines]
    room = LINES_SHOWN - sum(counted)
    shown = []
    for line, is_counted in zip(reversed(lines), reversed(counted), strict=True):
        if is_counted or room > 0:
            shown.append(line)
            room -= not is_counted
    return shown


def _at(line: Mapping[str, CellValue]) -> datetime:
    at = line["at"]
    assert isinstance(at, datetime)  # noqa: S101 - as ``_line`` makes it
    return at


def _month_before(moment: datetime) -> datetime:
    """The first day of the month before."""
    end = moment.replace(day=1, hour=0, minute=0, second=0) - timedelta(days=1)
    return end.replace(day=1)


def _line(entry: Entry, told: _Told, environment: Environment) -> dict[str, CellValue]:
    details = entry.details
    if entry.event == Event.INTEND:
        told.total = _signed_total(details)
        told.marked = {mark for mark in told.marked if mark[0] is not Change.REFUSED}
    told.total = told.total if told.total is not None else _signed_total(details)
    change = _change(entry, told)
    before, status = told.status, details.get("chorus_status", "")
    told.status = status or told.status
    return {
        "at": entry.at.astimezone(PARIS).replace(tzinfo=None, microsecond=0),
        "invoice_number": entry.invoice_number or None,
        "change": change.value if change else None,
        "event": EVENTS.get(entry.event, entry.event),
        "status_before": show.spelled(before) or None if entry.event == "status" and before != status else None,
        "chorus_status": show.spelled(status) or None,
        "total_with_vat": float(told.total) if change and told.total is not None else None,
        "detail": _detail(entry),
        "chorus_reference": details.get("chorus_invoice_id") or None,
        "environment": environment.label,
        "user": f"{entry.user} ({entry.machine})",
        "hash": entry.hash,
    }


def _change(entry: Entry, told: _Told) -> Change | None:
    """What this line is the first to tell."""
    since = ""
    if entry.event in _DEPOSITED:
        change: Change | None = Change.DEPOSITED
    elif entry.event == Event.REFUSE:
        change = Change.REFUSED
    elif entry.event in _SEEN:
        status = entry.details.get("chorus_status", "")
        dead = Change.REJECTED if show.meaning(status).family is Family.DEAD else None
        change = _CHANGES.get(status, dead)
        since = entry.details.get("status_since", "")[:16]  # to the minute: searches and history differ below
    else:
        change = None
    if change is None:
        return None
    marks = {(one, "") for one in _ONCE} if change in _ONCE else {(change, since)}
    if marks <= told.marked:
        return None
    told.marked |= marks
    return change


def _signed_total(details: Mapping[str, str]) -> Decimal | None:
    """The amount that a line's details hold; a credit note is taken off."""
    if not details.get("total_with_vat"):
        return None
    total = Decimal(details["total_with_vat"])
    return -abs(total) if details.get("invoice_type") == CREDIT_NOTE else total


def _detail(entry: Entry) -> str | None:
    """The platform's own clock and words where it is the one that speaks, else what was noted."""
    details = entry.details
    words = [
        ACTS.get(details.get("act", ""), ""),
        _moment(details.get("status_since", "")) if entry.event in _SEEN else "",
        f"par {details['by']}" if details.get("by") else "",
        details.get("label") or details.get("comment") or details.get("theirs") or details.get("reason") or "",
    ]
    return " – ".join(word for word in words if word) or None


def _moment(text: str) -> str:
    return f"depuis le {datetime.fromisoformat(text):%d/%m/%Y à %H:%M}" if text else ""
