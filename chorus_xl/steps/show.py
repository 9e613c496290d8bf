"""What the sheet shows of a deposit: the ``Dépôt`` … ``À faire`` cells of one row, from the journal's record.

Rule 1: these cells come from the journal and from nothing else, so the sheet never says more than the journal.
Rule 2: an unknown status is shown raw, with the word unknown in ``À faire``.
Rule 3: the platform's and the buyer's words stand in ``Motif`` as they came; where the dictionary knows them, what they
        mean stands before them, and the gesture and whom to ask in ``À faire``.
Rule 4: what the clerk typed over a program cell is put back, and said when it claimed more than the journal knows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache

from chorus_xl.data import load
from chorus_xl.domain import platform_words, statuses
from chorus_xl.domain.acts import REPLACEMENT, Act, ActState, occasion_of
from chorus_xl.domain.columns import INVOICES, Writer
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.lifecycle import State
from chorus_xl.domain.platform_words import Dictionary, Explanation, Where
from chorus_xl.domain.records import Record
from chorus_xl.domain.sheets import CellValue
from chorus_xl.domain.statuses import SHOWN_AS, DepositState, Family, StatusMeaning
from chorus_xl.messages import parts, sentence
from chorus_xl.messages.words import WHOM
from chorus_xl.steps.office import PARIS
from chorus_xl.steps.reconcile import is_unsure

DEPOSIT_COLUMNS = tuple(column.attribute for column in INVOICES.written_by(Writer.DEPOSIT))

HANDLED = "handled"
"""The journal's event for a rejection that the platform says was acknowledged; its details name the occasion."""

_WORDS = frozenset(state.value for state in DepositState)


@cache
def _meanings() -> Mapping[str, StatusMeaning]:
    return statuses.meanings(load("statuses"))


@cache
def dictionary() -> Dictionary:
    """The platform's words and what they mean."""
    return platform_words.read(load("platform_messages"))


def meaning(status: str) -> StatusMeaning:
    """What a status of the platform means, or that it is unknown."""
    return _meanings().get(status) or statuses.unknown(status)


def status_of(record: Record) -> str:
    """The last status seen, verbatim; that of the deposit itself as long as no later one was."""
    return record.chorus_status or record.details.get("chorus_status", "")


def spelled(status: str) -> str:
    """A status as the sheet shows it: its French label and its code; one that no table knows is shown raw."""
    known = _meanings().get(status)
    return f"{known.label} ({known.code})" if known else status


def occasion(record: Record) -> str:
    """What an act answers: the present status, and the moment it began by the platform's clock."""
    return occasion_of(status_of(record), record.status_since)


def is_handled(record: Record) -> bool:
    """Whether the rejection that stands now was acknowledged: the platform says so, or our own act did it."""
    if record.notes.get(HANDLED, {}).get("occasion") == occasion(record):
        return True
    ours = (act for act in record.acts if act.act is Act.ACKNOWLEDGE and act.state is ActState.DONE)
    return any(act.occasion == occasion(record) for act in ours)


def is_final(record: Record, today: date) -> bool:
    """Whether the platform need not be asked about this deposit any more."""
    if record.state is not State.ACCEPTED:
        return False
    known = meaning(status_of(record))
    is_open = known.act is Act.ACKNOWLEDGE and not is_handled(record)
    return known.family in (Family.DONE, Family.DEAD) and not is_open and not _awaits_payment(record, today)


def _awaits_payment(record: Record, today: date) -> bool:
    """Booked, and lately enough that the payment may still be shown."""
    # ASSUMPTION: when a booked invoice is not shown as paid within 60 days, its recipient does not report payments
    # (``statutMiseEnPaiementNestPasRemonte``), and asking on would never end.
    since = record.status_since
    return status_of(record) == "COMPTABILISEE" and since is not None and today - since.date() <= timedelta(days=60)


def demands_a_gesture(shown: Mapping[str, CellValue]) -> bool:
    """Whether the supplier has something to do about a deposited invoice: whether ``À faire`` says something.

    This is what ``Accueil`` counts by formula (``build/next_steps.py``), so that no report says otherwise.
    """
    return shown["deposit_state"] == DepositState.DEPOSITED.value and bool(shown["next_action"])


def is_replaced(record: Record | None, records: Mapping[str, Record]) -> bool:
    """Whether the invoice that was prepared in place of a rejected one was deposited."""
    if record is None or not is_handled(record):
        return False
    successor = records.get(record.notes.get(REPLACEMENT, {}).get("label", ""))
    return successor is not None and successor.state is State.ACCEPTED


def cells(record: Record | None, settling_delay: float, *, is_replaced: bool = False) -> dict[str, CellValue]:
    """The deposit cells of one row, by attribute; every one of them is named. A replaced rejection asks for nothing."""
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
        if is_replaced:
            shown["next_action"] = None
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
    if code == "CX301":
        return _why_refused(params)
    return parts(code, params)


def _why_refused(params: defaultdict[str, str]) -> tuple[str, str]:
    """The platform's refusal of a deposit, with what it means where that is known."""
    return_code = int(params["return_code"]) if params["return_code"] else None
    found = dictionary().explain(params["label"], Where.DEPOSIT, return_code)
    if found is None:
        return parts("CX301", params)
    return parts("CX306" if found.redeposit else "CX308", params | _said(found))


def _said(found: Explanation, *more: str) -> dict[str, str]:
    """The values of a sentence that explains: what it is about with its column, the gestures, whom to ask."""
    where = f" (« {INVOICES.column(found.column).header} »)" if found.column else ""
    gestures = " ".join(part for part in (found.gesture, *more, WHOM.get(found.whom, "")) if part)
    return {"words": f"{found.words}{where}", "gesture": gestures.removesuffix(".")}


def _of_status(record: Record) -> dict[str, CellValue]:
    if not status_of(record):
        return {}
    reason, next_action = _what_next(record, meaning(status_of(record)))
    return {
        "chorus_status": spelled(status_of(record)),
        # Excel keeps fractions of a second that no clerk sees, and that some ways of writing to it cut off.
        "status_since": record.status_since.replace(microsecond=0) if record.status_since else None,
        "reason": reason or None,
        "next_action": next_action or None,
    }


def _what_next(record: Record, known: StatusMeaning) -> tuple[str, str]:
    """``Motif`` and ``À faire`` of a deposited invoice."""
    comment = record.status_comment
    if known.family is Family.UNKNOWN:
        return comment, known.gesture or sentence("CX305", {"status": known.code})
    if record.unsettled_act is not None:
        return comment, sentence("CX383", {})
    if known.act is Act.ACKNOWLEDGE and is_handled(record):
        prepared = record.notes.get(REPLACEMENT)
        known_by = {"new_number": prepared["label"]} if prepared else {}
        return comment, sentence("CX382" if prepared else "CX309", known_by)
    found = dictionary().explain(comment, Where.BUYER) if comment and known.gesture else None
    if found is None:
        return comment, known.gesture
    return parts("CX307", {"comment": comment} | _said(found, known.gesture))


def typed_over(row: int, present: Mapping[str, object], record: Record | None) -> Iterable[Finding]:
    """Say it where the sheet claims more than the journal knows; a cell that is merely behind is not worth a word."""
    if record is None or record.state is State.NEW:
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
