"""The life of one deposit, as a table: state and event give the next state.

Rule 1: everything that moves a deposit's state is in this file; a missing cell is the error, and nothing changes.
Rule 2: a send is possible from ``SENDABLE`` states alone, and only through ``INTEND``.
Rule 3: no path leads from ``ACCEPTED`` to a send, and none from ``INTENDED`` or ``IN_DOUBT`` except through two
        fruitless look-ups a settling delay apart, or a human release after a look-up (design §4).
Rule 4: this file knows no time: who calls decides that a delay has passed and says so by the event it names.
"""

from collections.abc import Iterable
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where one (environment, supplier, number) stands."""

    NEW = "new"  # never tried
    INTENDED = "intended"  # an intent is committed, its outcome is not (or not yet) known
    ACCEPTED = "accepted"  # the platform holds it
    REFUSED = "refused"  # the platform's own word; the number stays free
    NOT_SENT = "not_sent"  # proved: no byte of the request left
    IN_DOUBT = "in_doubt"  # sent, perhaps; the answer was lost or unreadable
    MISSED = "missed"  # looked up once and not found: too early to say
    CONTRADICTED = "contradicted"  # found under this number, but it is not our invoice: a human decides
    FREE = "free"  # proved absent, or released by a human: may be sent again


class Event(StrEnum):
    """What can happen to a deposit."""

    INTEND = "intend"
    ACCEPT = "accept"
    REFUSE = "refuse"
    NOT_SEND = "not_send"
    LOSE = "lose"  # the answer was lost
    FIND = "find"  # a look-up found our invoice
    MISS = "miss"  # a look-up found nothing
    SETTLE = "settle"  # a look-up found nothing, the settling delay after an earlier miss being over
    CONTRADICT = "contradict"  # a look-up found another invoice under our number
    RELEASE = "release"  # a human, after looking at the portal, with a reason


class IllegalEventError(Exception):
    """The table has no cell for this state and event: our bug, and nothing was changed."""


_S, _E = State, Event
_LOOKED_UP = {_E.FIND: _S.ACCEPTED, _E.MISS: _S.MISSED, _E.CONTRADICT: _S.CONTRADICTED}

TRANSITIONS = MappingProxyType(
    {
        _S.NEW: {_E.INTEND: _S.INTENDED},
        _S.INTENDED: {
            _E.ACCEPT: _S.ACCEPTED,
            _E.REFUSE: _S.REFUSED,
            _E.NOT_SEND: _S.NOT_SENT,
            _E.LOSE: _S.IN_DOUBT,
            **_LOOKED_UP,
        },
        _S.IN_DOUBT: dict(_LOOKED_UP),
        _S.MISSED: {**_LOOKED_UP, _E.SETTLE: _S.FREE, _E.RELEASE: _S.FREE},
        _S.CONTRADICTED: {_E.FIND: _S.ACCEPTED, _E.CONTRADICT: _S.CONTRADICTED, _E.RELEASE: _S.FREE},
        _S.FREE: {_E.INTEND: _S.INTENDED, _E.FIND: _S.ACCEPTED},
        _S.REFUSED: {_E.INTEND: _S.INTENDED, _E.FIND: _S.ACCEPTED, _E.CONTRADICT: _S.CONTRADICTED},
        _S.NOT_SENT: {_E.INTEND: _S.INTENDED},
        _S.ACCEPTED: {_E.FIND: _S.ACCEPTED},
    }
)

SENDABLE = frozenset(state for state, row in TRANSITIONS.items() if _E.INTEND in row)
"""States from which a deposit may be tried."""

UNSETTLED = frozenset({_S.INTENDED, _S.IN_DOUBT, _S.MISSED})
"""States that only a look-up can settle."""


def advance(state: State, event: Event) -> State:
    """The state after the event.

    Raises:
        IllegalEventError: the table has no such cell.
    """
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise IllegalEventError(f"no transition from {state} on {event}") from None


def replay(events: Iterable[Event]) -> State:
    """The state that a deposit's events lead to, from ``NEW``."""
    state = State.NEW
    for event in events:
        state = advance(state, event)
    return state
