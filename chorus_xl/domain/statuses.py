"""What the sheet says of a deposit and of the platform's statuses.

Rule 1: an unknown status is shown raw and called unknown, never "pending".
Rule 2: the platform's 56 values and their meaning are facts, read from ``data/statuses.toml`` by who needs them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chorus_xl.domain.acts import Act
from chorus_xl.domain.lifecycle import State


class DepositState(StrEnum):
    """The word in ``Dépôt``."""

    TO_DEPOSIT = "À déposer"
    DEPOSITED = "Déposée"
    REFUSED = "Refusée"
    IN_DOUBT = "Envoi incertain"
    FLOW_RUNNING = "Flux en cours"
    FLOW_REJECTED = "Rejetée au flux"


SHOWN_AS: dict[State, DepositState] = {
    State.NEW: DepositState.TO_DEPOSIT,
    State.NOT_SENT: DepositState.TO_DEPOSIT,
    State.FREE: DepositState.TO_DEPOSIT,
    State.INTENDED: DepositState.IN_DOUBT,
    State.IN_DOUBT: DepositState.IN_DOUBT,
    State.MISSED: DepositState.IN_DOUBT,
    State.CONTRADICTED: DepositState.IN_DOUBT,
    State.REFUSED: DepositState.REFUSED,
    State.ACCEPTED: DepositState.DEPOSITED,
}


class Change(StrEnum):
    """The word in ``Changement`` of the sheet ``Journal``: what a month's totals count."""

    DEPOSITED = "Déposée"
    PAID = "Payée"
    BOOKED = "Comptabilisée"
    SUSPENDED = "Suspendue"
    TO_RECYCLE = "À recycler"
    REJECTED = "Rejetée"
    REFUSED = "Refusée"


class Family(StrEnum):
    """What a status asks of the supplier."""

    WAITING = "waiting"  # nothing to do
    ACT = "act"  # the supplier must do something
    DONE = "done"  # paid, or booked: asked no more
    DEAD = "dead"  # will never be paid as it is
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StatusMeaning:
    """One status of the platform, in the clerk's words."""

    code: str
    family: Family
    label: str  # French
    meaning: str  # French
    gesture: str  # French; "" when there is nothing to do
    act: Act | None = None  # what the button Agir does about it


def unknown(code: str) -> StatusMeaning:
    """A status that no table knows."""
    return StatusMeaning(code, Family.UNKNOWN, code, "", "")


def meanings(data: Mapping[str, Any]) -> dict[str, StatusMeaning]:
    """The statuses of ``data/statuses.toml`` by code: of an invoice, then of a flow, in the file's order."""
    return {
        line["code"]: StatusMeaning(
            line["code"],
            Family(line["family"]),
            line["label"],
            line["meaning"],
            line.get("gesture", ""),
            Act(line["act"]) if "act" in line else None,
        )
        for line in (*data["invoice"], *data["flow"])
    }
