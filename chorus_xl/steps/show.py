"""What the sheet shows of a deposit: the ``Dépôt`` … ``À faire`` cells of one row, from the journal's record.

Rule 1: these cells come from the journal and from nothing else, so the sheet never says more than the journal.
Rule 2: an unknown status is shown raw, with the word unknown in ``À faire``.
Rule 3: what the clerk typed over a program cell is put back, and said when it claimed more than the journal knows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache

from chorus_xl.data import load
from chorus_xl.domain import statuses
from chorus_xl.domain.columns import INVOICES, Writer
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.lifecycle import State
from chorus_xl.domain.records import Record
from chorus_xl.domain.sheets import CellValue
from chorus_xl.domain.statuses import SHOWN_AS, DepositState, Family, StatusMeaning
from chorus_xl.messages import parts, sentence
from chorus_xl.steps.office import PARIS
from chorus_xl.steps.reconcile import is_unsure

DEPOSIT_COLUMNS = tuple(column.attribute for column in INVOICES.written_by(Writer.DEPOSIT))

_WORDS = frozenset(state.value for state in DepositState)


@cache
def _meanings() -> Mapping[str, StatusMeaning]:
    return statuses.meanings(load("statuses"))


def meaning(status: str) -> StatusMeaning:
    """What a status of the platform means, or that it is unknown."""
    return _meanings().get(status) or statuses.unknown(status)


def status_of(record: Record) -> str:
    """The last status seen, verbatim; that of the deposit itself as long as no later one was."""
    return record.chorus_status or record.details.get("chorus_status", "")


def is_final(record: Record) -> bool:
    """Whether the platform need not be asked about this deposit any more."""
    return record.state is State.ACCEPTED and meaning(status_of(record)).family in (Family.DONE, Family.DEAD)


def needs_act(record: Record) -> bool:
    """Whether the supplier has something to do about a deposited invoice."""
    return record.state is State.ACCEPTED and bool(status_of(record)) and bool(meaning(status_of(record)).gesture)


def cells(record: Record | None, settling_delay: float) -> dict[str, CellValue]:
    """The deposit cells of one row, by attribute; every one of them is named."""
    shown: dict[str, CellValue] = dict.fromkeys(DEPOSIT_COLUMNS)
    if record is None:
        shown["deposit_state"] = DepositState.TO_DEPOSIT.value
        return shown
    details = record.details
    shown["deposit_state"] = word(record).value
    shown["chorus_reference"] = details.get("chorus_invoice_id") or None
    shown["deposited_on"] = _day(details.get("deposited_on", ""))
    if record.state is State.ACCEPTED:
        shown |= _of_status(record)
    elif code := _sentence(record):
        shown["reason"], shown["next_action"] = _why(code, record, settling_delay)
    return shown


def word(record: Record) -> DepositState:
    """The word in ``Dépôt``; a refusal that may hide our own earlier deposit is not called one."""
    return DepositState.IN_DOUBT if is_unsure(record) else SHOWN_AS[record.state]


def _sentence(record: Record) -> str:
    """The code that says why it is not deposited; ``""`` where there is nothing to say."""
    if record.state is State.REFUSED and is_unsure(record):
        return "CX302"
    cause = record.details.get("cause", "")
    if record.state is State.NOT_SENT and cause == "setup":
        return "CX405"
    if record.state is State.IN_DOUBT and cause.startswith("gateway_"):
        return "CX432"
    return _SENTENCES.get(record.state, "")


_SENTENCES: Mapping[State, str] = {
    State.REFUSED: "CX301",
    State.NOT_SENT: "CX401",
    State.INTENDED: "CX402",
    State.IN_DOUBT: "CX402",
    State.MISSED: "CX403",
    State.CONTRADICTED: "CX404",
}


def _why(code: str, record: Record, settling_delay: float) -> tuple[str, str]:
    """``Motif`` and ``À faire`` of a deposit that is not accepted."""
    params = defaultdict(str, record.details)
    if record.changed_at is not None:
        earliest = record.changed_at + timedelta(seconds=settling_delay)
        params["time"] = earliest.astimezone(PARIS).strftime("%H:%M")
    return parts(code, params)


def _of_status(record: Record) -> dict[str, CellValue]:
    if not status_of(record):
        return {}
    known = meaning(status_of(record))
    is_unknown = known.family is Family.UNKNOWN
    return {
        "chorus_status": known.code if is_unknown else f"{known.label} ({known.code})",
        # Excel keeps fractions of a second that no clerk sees, and that some ways of writing to it cut off.
        "status_since": record.status_since.replace(microsecond=0) if record.status_since else None,
        "reason": record.status_comment or None,
        "next_action": sentence("CX305", {"status": known.code}) if is_unknown else known.gesture or None,
    }


def typed_over(row: int, present: Mapping[str, object], record: Record | None) -> Iterable[Finding]:
    """Say it where the sheet claims more than the journal knows; a cell that is merely behind is not worth a word."""
    if record is None:
        return  # a claim that nobody has looked up yet stays as it is
    state, reference = present.get("deposit_state"), present.get("chorus_reference")
    known_reference = record.details.get("chorus_invoice_id", "")
    is_ahead = state == DepositState.DEPOSITED.value and record.state is not State.ACCEPTED
    if state and (state not in _WORDS or is_ahead):
        yield Finding("CX130", Severity.WARNING, row, "deposit_state", {"value": str(state)})
    if reference and str(reference) != known_reference:
        yield Finding("CX130", Severity.WARNING, row, "chorus_reference", {"value": str(reference)})


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
