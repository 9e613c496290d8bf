"""What the journal tells of a number, and of its own lines.

Rule 1: a record is folded from lines and never stored; the lines are the truth.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chorus_xl.domain.lifecycle import State


@dataclass(frozen=True, slots=True)
class Record:
    """What the journal knows of one number.

    Attributes:
        state: the deposit's state, replayed from its events.
        content: what the accepted intent, else the last one, said of the invoice: attributes of ``domain.columns``
            and their text; empty when it was found on the platform without ever being intended here.
        details: what led to the state and confirmed it since, same shape as ``Outcome`` (``chorus_invoice_id`` …);
            a change of state starts them afresh.
        chorus_status: last status seen, verbatim; ``""`` when none.
        status_since: the platform's own clock for it, naive Paris time.
        status_comment: the buyer's words.
        changed_at: when the state last changed, UTC.
        intended_at: when the last intent was committed, UTC.
        content_hash: hash of ``content``, so that a row edited since is seen.
    """

    invoice_number: str
    state: State
    content: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    chorus_status: str = ""
    status_since: datetime | None = None
    status_comment: str = ""
    changed_at: datetime | None = None
    intended_at: datetime | None = None
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal, for people."""

    sequence: int
    at: datetime  # UTC
    invoice_number: str
    event: str  # a lifecycle event, or ``status`` / ``note``
    details: Mapping[str, str]
    user: str
    machine: str
    hash: str
