"""Late payment by a public buyer: the legal due date, the days past it, what the law then owes the supplier.

Knows the delays and sums of the Code de la commande publique (CCP), read on 23/11/2026 as ``data/late_payment.toml``
tells. Refuses to know the sheet and the journal: it is given the platform's history, a delay and a day.

Rule 1: nothing is guessed: where a day, a delay or a rate is not known, the result is blank and says why.
Rule 2: the delay runs from the day the buyer was given the invoice (R2192-12: reception of the payment request; for
        electronic invoices R2192-15: the notice that it is available on the platform).
Rule 3: a suspension interrupts the delay; once everything has been given, a new one opens, of thirty days or of what
        was left when that is more (R2192-27, R2192-29). The law allows one; after a second one a person decides.
Rule 4: interest runs from the day after the due date (L2192-13) at the rate of the half-year in which it starts, with
        points added (R2192-31); forty euros are owed besides (D2192-35).
Rule 5: amounts are ``Decimal`` euros; interest is rounded to the cent, half up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from chorus_xl.domain.invoice import Passage

AVAILABLE, SUSPENDED, COMPLETED, BOOKED, PAID = (
    "MISE_A_DISPOSITION",
    "SUSPENDUE",
    "COMPLETEE",
    "COMPTABILISEE",
    "MISE_EN_PAIEMENT",
)
_RECYCLED = frozenset({"A_RECYCLER", "EN_ATTENTE_RECYCLAGE_FOURNISSEUR"})
_BEFORE = frozenset({"", "DEPOSEE", "EN_COURS_ACHEMINEMENT", "BROUILLON", "INTERPRETEE_OCR"}) | _RECYCLED
"""Statuses in which no buyer holds the invoice yet."""

_YEAR = 365  # days
_CENT = Decimal("0.01")

# ASSUMPTION: the notice that an invoice is available reaches the buyer on the day of MISE_A_DISPOSITION, and what it
# bills was delivered before it (R2192-13 starts the delay at the delivery when that comes later).
# ASSUMPTION: SUSPENDUE is the interruption of R2192-27, and on the day of COMPLETEE the buyer holds what it asked for.
# ASSUMPTION: R2192-15 dates the reception as its twin for defence contracts does (R2392-12-1, read at
# marche-public.info on 23/11/2026): by the message that tells the buyer that the invoice is on the portal.
# ASSUMPTION: interest is owed on the whole amount with VAT, nothing being held back as a guarantee, by 365ths of a year
# and until the day of MISE_EN_PAIEMENT, that one included. R2192-32 was not found; of an older decree, 2002-232, Le
# Moniteur says so (article 92619, read on 23/11/2026).


class Unknown(StrEnum):
    """Why something about a payment cannot be told."""

    DELAY = "delay"  # the budget's legal delay is not known
    AVAILABLE_ON = "available_on"  # the buyer holds the invoice, and since when is not known
    SUSPENDED = "suspended"  # interrupted, until the invoice is completed
    SUSPENDED_TWICE = "suspended_twice"
    PAID_ON = "paid_on"  # booked by the accountant; the day of payment was not seen
    RATE = "rate"  # the half-year's rate is in no table


@dataclass(frozen=True, slots=True)
class Terms:
    """What the law says, as ``data/late_payment.toml`` keeps it.

    Attributes:
        compensation: euros for each late invoice.
        points: percentage points on top of the central bank's rate.
        interruption: least days of the delay that opens after an interruption.
        rates: percent, by the first day of each half-year that is known.
    """

    compensation: Decimal
    points: Decimal
    interruption: int
    rates: Mapping[date, Decimal]

    def rate(self, starts: date) -> Decimal | None:
        """The yearly rate of interest that starts on that day, in percent; ``None`` when it is not known."""
        basis = self.rates.get(date(starts.year, 1 if starts.month <= 6 else 7, 1))  # noqa: PLR2004 - June
        return None if basis is None else basis + self.points


def terms(data: Mapping[str, Any]) -> Terms:
    """The terms of ``data/late_payment.toml``."""
    return Terms(
        Decimal(data["compensation"]),
        Decimal(data["points"]),
        data["interruption"],
        {line["begins"]: Decimal(line["rate"]) for line in data["half_year"]},
    )


@dataclass(frozen=True, slots=True)
class Payment:
    """Where the payment of one invoice stands.

    Attributes:
        available_on: the day from which the delay runs.
        due_on: the last day on which a payment is in time.
        paid_on: ``None`` as long as no payment was seen.
        days_late: 0 when it is in time, or when nobody can say.
        compensation: euros; 0 when it is in time.
        interest: euros until the day of payment or today; ``None`` when it is in time or cannot be told.
        rate: of that interest, in percent.
        unknown: what stands in the way of knowing more.
    """

    available_on: date | None
    due_on: date | None = None
    paid_on: date | None = None
    days_late: int = 0
    compensation: Decimal = Decimal(0)
    interest: Decimal | None = None
    rate: Decimal | None = None
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One invoice whose payment is worth a line.

    Attributes:
        budget: its label on ``tblBudgets``, else its SIRET.
        total_with_vat: euros.
        status: the platform's, verbatim.
    """

    invoice_number: str
    budget: str
    total_with_vat: Decimal
    status: str
    payment: Payment

    @property
    def is_late(self) -> bool:
        """Whether the due date has gone by without a payment, or before it."""
        return self.payment.days_late > 0


def payment(
    passages: Iterable[Passage], payment_days: int | None, total_with_vat: Decimal, today: date, law: Terms
) -> Payment | None:
    """Where the payment stands today; ``None`` before the buyer holds the invoice.

    Args:
        passages: the platform's history and its present status, in any order.
        payment_days: the buyer's legal delay; ``None`` when it is not known.
        total_with_vat: euros, as invoiced.
        today: the day in Paris.
        law: delays, sums and rates.
    """
    history = list(passages)
    if all(passage.status in _BEFORE for passage in history):
        return None
    steps = _since_last_sent(history)
    available_on, paid_on = (next((day for status, day in steps if status == one), None) for one in (AVAILABLE, PAID))
    if available_on is None and steps and all(status in _BEFORE for status, _ in steps):
        return None
    due_on = _due_on(steps, available_on, payment_days, law.interruption)
    if isinstance(due_on, Unknown):
        return Payment(available_on, None, paid_on, unknown=due_on)
    if paid_on is None and any(status == BOOKED for status, _ in steps):
        return Payment(available_on, due_on, unknown=Unknown.PAID_ON)
    days_late = max(((paid_on or today) - due_on).days, 0)
    if not days_late:
        return Payment(available_on, due_on, paid_on)
    rate = law.rate(due_on + timedelta(days=1))
    interest = None if rate is None else _interest(total_with_vat, rate, days_late)
    unknown = Unknown.RATE if rate is None else None
    return Payment(available_on, due_on, paid_on, days_late, law.compensation, interest, rate, unknown)


def _since_last_sent(history: list[Passage]) -> list[tuple[str, date]]:
    """Status and day, oldest first, from the last time on that the invoice was sent to a recipient.

    None at all when a line has no moment: where it belongs is not known.
    """
    dated = [(passage.at, place, passage.status) for place, passage in enumerate(history) if passage.at is not None]
    if len(dated) < len(history):
        return []
    steps = [(status, at.date()) for at, _, status in sorted(dated)]
    again = max((place for place, (status, _) in enumerate(steps) if status in _RECYCLED), default=-1)
    return steps[again + 1 :] or steps[-1:]


def _due_on(
    steps: list[tuple[str, date]], available_on: date | None, payment_days: int | None, interruption: int
) -> date | Unknown:
    """The due date once interruptions are counted; one that comes after it has no effect any more."""
    if available_on is None:
        return Unknown.AVAILABLE_ON
    if payment_days is None:
        return Unknown.DELAY
    due_on = available_on + timedelta(days=payment_days)
    suspended_on: date | None = None
    interruptions = 0
    for status, day in steps:
        if status == SUSPENDED and suspended_on is None and day <= due_on:
            suspended_on, interruptions = day, interruptions + 1
        elif status == COMPLETED and suspended_on is not None:
            due_on = day + timedelta(days=max((due_on - suspended_on).days, interruption))
            suspended_on = None
    if interruptions > 1:
        return Unknown.SUSPENDED_TWICE
    is_paid = any(status == PAID for status, _ in steps)
    return Unknown.SUSPENDED if suspended_on is not None and not is_paid else due_on


def _interest(total_with_vat: Decimal, rate: Decimal, days: int) -> Decimal:
    return (total_with_vat * rate * days / (100 * _YEAR)).quantize(_CENT, ROUND_HALF_UP)
