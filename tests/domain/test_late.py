"""Late payment: due dates, days, forty euros and interest, and what is left blank."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from chorus_xl.data import load
from chorus_xl.domain.invoice import Passage
from chorus_xl.domain.late import Payment, Unknown, payment, terms

LAW = terms(load("late_payment"))
MAD, PAID, SUSPENDED, COMPLETED = "MISE_A_DISPOSITION", "MISE_EN_PAIEMENT", "SUSPENDUE", "COMPLETEE"


def passages(*told: tuple[str, str]) -> list[Passage]:
    """Status and day; a day ``?`` is not known."""
    return [Passage(status, None if day == "?" else datetime.fromisoformat(f"{day}T09:14:00")) for status, day in told]


def stands(today: str, *told: tuple[str, str], days: int | None = 30, total: str = "1000.00") -> Payment | None:
    return payment(passages(*told), days, Decimal(total), date.fromisoformat(today), LAW)


def test_an_invoice_that_the_buyer_does_not_hold_yet_has_no_due_date() -> None:
    assert stands("2026-06-01", ("DEPOSEE", "2026-01-02"), ("EN_COURS_ACHEMINEMENT", "2026-01-02")) is None


@pytest.mark.parametrize(("days", "due"), [(30, "2026-02-01"), (50, "2026-02-21"), (60, "2026-03-03")])
def test_the_delay_runs_from_the_day_the_buyer_has_it(days: int, due: str) -> None:
    found = stands("2026-01-10", ("DEPOSEE", "2026-01-01"), (MAD, "2026-01-02"), days=days)

    assert found == Payment(date(2026, 1, 2), date.fromisoformat(due))


@pytest.mark.parametrize(
    ("today", "late", "interest"),
    [("2026-02-01", 0, None), ("2026-02-02", 1, "0.28"), ("2026-02-11", 10, "2.78"), ("2027-02-01", 365, "101.50")],
)
def test_a_day_past_the_due_date_costs_forty_euros_and_interest(today: str, late: int, interest: str | None) -> None:
    found = stands(today, (MAD, "2026-01-02"))

    assert found is not None
    assert (found.days_late, found.compensation) == (late, Decimal("40.00") if late else Decimal(0))
    assert found.interest == (Decimal(interest) if interest else None)
    assert found.rate == (Decimal("10.15") if late else None)


@pytest.mark.parametrize(
    ("due", "rate"),
    [
        ("2024-12-30", "12.25"),
        ("2024-12-31", "11.15"),  # interest starts on the first of January
        ("2025-06-29", "11.15"),
        ("2025-06-30", "10.15"),
        ("2026-06-29", "10.15"),
        ("2026-06-30", None),
        ("2022-12-30", None),
    ],
)
def test_the_rate_is_that_of_the_half_year_in_which_interest_starts(due: str, rate: str | None) -> None:
    available = date.fromisoformat(due) - timedelta(days=30)

    found = stands("2027-01-01", (MAD, available.isoformat()))

    assert found is not None
    assert found.rate == (Decimal(rate) if rate else None)


def test_a_half_year_that_no_table_knows_leaves_interest_blank_and_says_so() -> None:
    found = stands("2026-11-23", (MAD, "2026-09-01"))

    assert found is not None
    assert (found.days_late, found.compensation) == (53, Decimal("40.00"))
    assert (found.interest, found.rate, found.unknown) == (None, None, Unknown.RATE)


@pytest.mark.parametrize(("paid", "late"), [("2026-01-20", 0), ("2026-02-01", 0), ("2026-02-11", 10)])
def test_what_was_paid_is_late_by_its_own_day(paid: str, late: int) -> None:
    found = stands("2026-11-23", (MAD, "2026-01-02"), (PAID, paid))

    assert found is not None
    assert (found.paid_on, found.days_late) == (date.fromisoformat(paid), late)


@pytest.mark.parametrize(
    ("suspended", "completed", "days", "due"),
    [
        ("2026-01-12", "2026-02-10", 30, "2026-03-12"),  # 20 days were left: thirty open
        ("2026-01-12", "2026-02-10", 60, "2026-04-01"),  # 50 were left: fifty open
        ("2026-02-01", "2026-02-10", 30, "2026-03-12"),  # on the due date itself
        ("2026-02-02", "2026-02-10", 30, "2026-02-01"),  # too late to interrupt anything
    ],
)
def test_a_suspension_interrupts_the_delay(suspended: str, completed: str, days: int, due: str) -> None:
    told = ((MAD, "2026-01-02"), (SUSPENDED, suspended), (COMPLETED, completed), (MAD, completed))

    found = stands("2026-02-11", *told, days=days)

    assert found is not None
    assert found.due_on == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("told", "unknown"),
    [
        ([("MANDATEE", "2026-01-20")], Unknown.AVAILABLE_ON),
        ([(MAD, "?"), ("MANDATEE", "2026-01-20")], Unknown.AVAILABLE_ON),
        ([(MAD, "2026-01-02"), (SUSPENDED, "?"), ("MANDATEE", "2026-01-20")], Unknown.AVAILABLE_ON),
        ([(MAD, "2026-01-02"), (SUSPENDED, "2026-01-12")], Unknown.SUSPENDED),
        (
            [
                (MAD, "2026-01-02"),
                *[(status, f"2026-01-{day}") for day in (12, 14) for status in (SUSPENDED, COMPLETED)],
            ],
            Unknown.SUSPENDED_TWICE,
        ),
    ],
    ids=lambda value: value if isinstance(value, Unknown) else "",
)
def test_what_is_not_known_is_not_guessed(told: list[tuple[str, str]], unknown: Unknown) -> None:
    found = stands("2026-11-23", *told)

    assert found is not None
    assert (found.due_on, found.days_late, found.compensation, found.interest) == (None, 0, Decimal(0), None)
    assert found.unknown is unknown


def test_a_buyer_whose_delay_is_not_known_is_not_late() -> None:
    found = stands("2026-11-23", (MAD, "2026-01-02"), days=None)

    assert found == Payment(date(2026, 1, 2), unknown=Unknown.DELAY)


def test_a_booked_invoice_whose_payment_was_not_seen_is_not_called_late() -> None:
    found = stands("2026-11-23", (MAD, "2026-01-02"), ("COMPTABILISEE", "2026-01-30"))

    assert found == Payment(date(2026, 1, 2), date(2026, 2, 1), unknown=Unknown.PAID_ON)


def test_a_recycled_invoice_starts_again_at_its_new_recipient() -> None:
    sent = (MAD, "2026-01-02"), ("A_RECYCLER", "2026-01-05"), ("DEPOSEE", "2026-02-01")

    assert stands("2026-02-01", *sent) is None
    assert stands("2026-02-03", *sent, (MAD, "2026-02-02")) == Payment(date(2026, 2, 2), date(2026, 3, 4))
    assert stands("2026-02-01", *sent[:2]) is None


def test_a_shuffled_history_says_the_same() -> None:
    told = [(MAD, "2026-01-02"), (SUSPENDED, "2026-01-12"), (COMPLETED, "2026-02-10"), (PAID, "2026-05-01")]

    assert stands("2026-11-23", *told) == stands("2026-11-23", *reversed(told))


def test_each_rate_says_where_it_is_from_and_starts_a_half_year() -> None:
    lines = load("late_payment")["half_year"]

    assert [line["begins"] for line in lines] == sorted({line["begins"] for line in lines})
    assert {(line["begins"].month, line["begins"].day) for line in lines} <= {(1, 1), (7, 1)}
    assert all(line["source"] for line in lines)
