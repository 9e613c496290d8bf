"""What the journal tells of a number, and of its own lines.

Rule 1: a record is folded from lines and never stored; the lines are the truth.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chorus_xl.domain.acts import UNSETTLED_ACTS, Act, ActState
from chorus_xl.domain.invoice import Passage
from chorus_xl.domain.lifecycle import State


@dataclass(frozen=True, slots=True)
class ActRecord:
    """What the journal knows of the latest act on a deposited invoice.

    Attributes:
        occasion: the status, and its moment, that it answers (``SUSPENDUE 2026-11-05T09:14:00``).
        content: what was intended: attributes and their text.
        details: what led to the state, same shape as ``Outcome``.
        attempt: how often an act on this invoice was intended.
    """

    act: Act
    occasion: str
    state: ActState
    attempt: int
    content: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    intended_at: datetime | None = None  # UTC
    changed_at: datetime | None = None  # UTC


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
        passages: the platform's own history, as far as it was read, oldest first.
        act: the latest act on it.
        acts: the act of each occasion as it stands, by when it was last intended; ``act`` is the last one.
        notes: the latest details of each kind of note, by event.
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
    passages: tuple[Passage, ...] = ()
    act: ActRecord | None = None
    acts: tuple[ActRecord, ...] = ()
    notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def unsettled_act(self) -> ActRecord | None:
        """The act that a look-up has to settle before another may begin; the oldest, should there be two."""
        return next((act for act in self.acts if act.state in UNSETTLED_ACTS), None)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal, for people."""

    sequence: int
    at: datetime  # UTC
    invoice_number: str
    event: str  # of ``lifecycle``, of ``acts``, ``status``, ``passage``, ``exchange``, or a note's
    details: Mapping[str, str]
    user: str
    machine: str
    hash: str
