"""Where invoices stand, in six groups that a person understands, as formulas over ``tblFactures``.

Rule 1: each row with an invoice is in one group and one only; the check line on ``Accueil`` shows a row that is in
        none, such as one whose word was typed over by hand.
Rule 2: what a status means comes from ``data/statuses.toml``; nothing is decided here.
Rule 3: a deposited invoice that is neither paid, nor rejected, nor waits for the supplier, waits for the buyer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chorus_xl.build.formulas import (
    ACTION,
    DEPOSIT,
    STATUS,
    count,
    count_among,
    count_in,
    equal,
    total,
    total_among,
    total_in,
)
from chorus_xl.data import load
from chorus_xl.domain.statuses import DepositState, Family, meanings


@dataclass(frozen=True, slots=True)
class Measure:
    """A way to measure rows: how many, or how much."""

    of: Callable[..., str]
    of_state: Callable[..., str]
    of_statuses: Callable[..., str]


COUNTED = Measure(count, count_in, count_among)
SUMMED = Measure(total, total_in, total_among)


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its words, its colour in the chart, and its formula for a measure and conditions."""

    label: str
    color: str
    formula: Callable[..., str]


def _statuses(*families: Family) -> tuple[str, ...]:
    """The statuses of these families, spelled as ``Statut Chorus`` shows them."""
    known = meanings(load("statuses")).values()
    return tuple(f"{status.label} ({status.code})" for status in known if status.family in families)


_DEPOSITED = equal(DEPOSIT, DepositState.DEPOSITED)
_HAS_GESTURE = equal(ACTION, "?*")


def _to_deposit(by: Measure, *conditions: str) -> str:
    return by.of_state(DepositState.TO_DEPOSIT, *conditions)


def _in_doubt(by: Measure, *conditions: str) -> str:
    return by.of_state(DepositState.IN_DOUBT, *conditions)


def _to_act(by: Measure, *conditions: str) -> str:
    over = by.of_statuses(STATUS, _statuses(Family.DONE, Family.DEAD), *conditions, _DEPOSITED, _HAS_GESTURE)
    return f"{by.of(*conditions, _DEPOSITED, _HAS_GESTURE)}-{over}"


def _paid(by: Measure, *conditions: str) -> str:
    return by.of_statuses(STATUS, _statuses(Family.DONE), *conditions, _DEPOSITED)


def _rejected(by: Measure, *conditions: str) -> str:
    refused = "+".join(by.of_state(state, *conditions) for state in (DepositState.REFUSED, DepositState.FLOW_REJECTED))
    return f"{refused}+{by.of_statuses(STATUS, _statuses(Family.DEAD), *conditions, _DEPOSITED)}"


def _waiting(by: Measure, *conditions: str) -> str:
    over = (
        _to_act(by, *conditions),
        by.of_statuses(STATUS, _statuses(Family.DONE, Family.DEAD), *conditions, _DEPOSITED),
    )
    less = "".join(f"-({formula})" for formula in over)
    return f"{by.of(*conditions, _DEPOSITED)}+{by.of_state(DepositState.FLOW_RUNNING, *conditions)}{less}"


GROUPS: Sequence[Group] = (
    Group("À déposer", "#8EA9DB", _to_deposit),
    Group("Envoi incertain", "#7030A0", _in_doubt),
    Group("En attente", "#2E75B6", _waiting),
    Group("À traiter", "#C55A11", _to_act),
    Group("Payées ou comptabilisées", "#548235", _paid),
    Group("Refusées ou rejetées", "#C00000", _rejected),
)
"""In the order of an invoice's life; ``En attente`` is deposited, with nothing for the supplier to do."""
