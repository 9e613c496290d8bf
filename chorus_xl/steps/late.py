"""Who pays late: the due date of each deposited invoice, from the journal's history and the budgets' legal delays.

Rule 1: what is reckoned is ``domain.late``; here invoices are chosen, and their buyer's delay is found.
Rule 2: an open invoice counts wherever it was typed, since a late one is seldom on this month's sheet; one that was
        paid late is told on its own sheet alone.
Rule 3: an invoice is owed by whom it was sent to last, recycling included, within that budget's delay.
Rule 4: an invoice of which too little is known to tell is listed with the reason, never left out in silence.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from chorus_xl.data import load
from chorus_xl.domain.budgets import Budget
from chorus_xl.domain.columns import CREDIT_NOTE, DUES
from chorus_xl.domain.invoice import Passage
from chorus_xl.domain.late import Due, Payment, Unknown, payment, terms
from chorus_xl.domain.lifecycle import State
from chorus_xl.domain.records import Record
from chorus_xl.domain.sent import as_sent
from chorus_xl.domain.sheets import CellValue
from chorus_xl.domain.statuses import Family
from chorus_xl.domain.texts import day
from chorus_xl.messages.counted import counted
from chorus_xl.messages.words import REMARKS
from chorus_xl.steps import show
from chorus_xl.steps.judge import Desk

_SOON = 7  # days before its due date from which an invoice is listed
_TOLD = frozenset({Unknown.DELAY, Unknown.AVAILABLE_ON, Unknown.SUSPENDED_TWICE})
"""What a person can look into; a suspension is told by its status."""


def dues(desk: Desk, records: Mapping[str, Record], today: date) -> tuple[Due, ...]:
    """The invoices that are paid late, will be due within the week, or cannot be told; the latest first."""
    if desk.parameters.billing_framework.startswith("A2_"):
        return ()  # paid before they were deposited
    on_sheet = {number: place for place, number in enumerate(desk.batch.invoice_number.tolist()) if number}
    law = terms(load("late_payment"))
    found = []
    for number, record in records.items():
        owed = _owed(desk, record, on_sheet.get(number))
        if owed is None:
            continue
        budget, label, total = owed
        status = show.status_of(record)
        stands = payment(_history(record), budget.payment_days if budget else None, total, today, law)
        if stands is not None and _is_told(stands, today, on_sheet=number in on_sheet):
            found.append(Due(number, label, total, status, stands))
    return tuple(sorted(found, key=_urgency))


def due_lines(listed: Iterable[Due], today: date) -> dict[str, list[CellValue]]:
    """The lines of ``tblEcheances``."""
    lines = [_line(due, today) for due in listed]
    return {column.attribute: [line[column.attribute] for line in lines] for column in DUES.columns}


def _line(due: Due, today: date) -> dict[str, CellValue]:
    stands = due.payment
    return {
        "budget": due.budget,
        "invoice_number": due.invoice_number,
        "available_on": stands.available_on,
        "due_on": stands.due_on,
        "days_late": stands.days_late or None,
        "total_with_vat": float(due.total_with_vat),
        "compensation": float(stands.compensation) if due.is_late else None,
        "interest": None if stands.interest is None else float(stands.interest),
        "rate": None if stands.rate is None else float(stands.rate / 100),
        "remark": " ; ".join(_remarks(due, today)) or None,
    }


def _remarks(due: Due, today: date) -> Iterator[str]:
    stands = due.payment
    if stands.unknown is not None:
        yield REMARKS[stands.unknown]
    if stands.paid_on is not None:
        yield f"payée le {day(stands.paid_on)}"
    elif due.is_late and due.status in _ORDERED:
        yield REMARKS["ordered"]
    elif stands.due_on is not None and not due.is_late:
        left = (stands.due_on - today).days
        yield f"due dans {counted(left, 'jour|jours')}" if left else "due aujourd'hui"


_ORDERED = frozenset({"MANDATEE", "MISE_A_DISPOSITION_COMPTABLE"})
"""The buyer has asked its accountant to pay: perhaps it is paid, and nobody says so."""


def _owed(desk: Desk, record: Record, place: int | None) -> tuple[Budget | None, str, Decimal] | None:
    """The budget, its label and the amount of a deposited invoice that is to be paid; ``None`` for any other."""
    if record.state is not State.ACCEPTED or show.meaning(show.status_of(record)).family is Family.DEAD:
        return None
    known = as_sent(record)
    typed = "" if place is None else str(desk.batch.budget[place])
    kind = known.get("invoice_type") or ("" if place is None else str(desk.batch.invoice_type[place]))
    if known.get("total_with_vat"):
        total = Decimal(known["total_with_vat"])
    elif place is not None and desk.batch.total_with_vat.present[place]:
        total = desk.batch.total_with_vat.euros(place)
    else:
        return None
    if kind == CREDIT_NOTE or total <= 0:
        return None
    budget = _budget(desk.budgets, known.get("recipient_siret", ""), typed)
    siret = known.get("recipient_siret", "")
    return budget, budget.label if budget else typed or f"SIRET {siret}", total


def _budget(budgets: Mapping[str, Budget], siret: str, typed: str) -> Budget | None:
    """Who was sent the invoice: of several budgets with its SIRET the one that the row names, else the first."""
    if not siret:
        return budgets.get(typed)
    same = [budget for budget in budgets.values() if budget.siret == siret]
    return next((budget for budget in same if budget.label == typed), same[0] if same else None)


def _history(record: Record) -> list[Passage]:
    """The platform's history with the present status, which may be newer; the minute tells two lines apart."""
    since = record.status_since.replace(second=0, microsecond=0) if record.status_since else None
    status = show.status_of(record)
    known = {(passage.status, passage.at) for passage in record.passages}
    if not status or (status, since) in known or (since is None and any(status == one for one, _ in known)):
        return list(record.passages)
    return [*record.passages, Passage(status, since)]


def _is_told(stands: Payment, today: date, *, on_sheet: bool) -> bool:
    if stands.paid_on is not None:
        return on_sheet and stands.days_late > 0
    if stands.due_on is None:
        return stands.unknown in _TOLD
    return stands.unknown is not Unknown.PAID_ON and (stands.due_on - today).days <= _SOON


def _urgency(due: Due) -> tuple[int, date, str]:
    return -due.payment.days_late, due.payment.due_on or date.max, due.invoice_number
