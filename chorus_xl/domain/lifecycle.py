"""The life of one deposit, as a table: state and event give the next state.

Rule 1: everything that moves a deposit's state is in this file; a missing cell is the error, and nothing changes.
Rule 2: a send is possible from ``SENDABLE`` states alone, and only through ``INTEND``.
Rule 3: no path leads from ``ACCEPTED`` to a send, and none from ``INTENDED`` or ``IN_DOUBT`` except through the
        platform's or the socket's own word on the one call, two fruitless look-ups a settling delay apart, or a
        human release after a look-up (design §4). From ``IN_DOUBT`` that word comes too late to count.
Rule 4: the table knows no time: who calls decides that a delay has passed and says so by the event it names.
Rule 5: news has a cell wherever it can arrive, however late and from whichever PC: losing it would be worse than
        any state. ``INTEND`` and ``RELEASE`` are decisions: overtaken by news, they are errors.
"""

from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

LONGEST_START = timedelta(seconds=120)
"""From the intent on: a call that has not started by then is not made any more. Others take it for over some time later
(``settings.longest_call``) and may set the number free, whether it waited for a token, for its turn, or in a PC that
slept. Twice the longest pause that a press waits for (``chorus.pace``)."""


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

# What the platform shows or says of the number is believed wherever it arrives.
_HELD = {_E.ACCEPT: _S.ACCEPTED, _E.FIND: _S.ACCEPTED, _E.CONTRADICT: _S.CONTRADICTED}
# A call whose answer was lost after others had looked it up was still under way when they looked: the look-ups
# proved nothing, and the doubt is new.
_LOST = {_E.LOSE: _S.IN_DOUBT}
_NEWS = (_E.ACCEPT, _E.REFUSE, _E.NOT_SEND, _E.LOSE, _E.FIND, _E.MISS, _E.SETTLE, _E.CONTRADICT)

TRANSITIONS = MappingProxyType(
    {
        # Never tried from here, yet the platform may hold it: deposited by hand on the portal, or from elsewhere. A
        # sheet that says so is looked up, and not finding it once proves nothing.
        _S.NEW: {
            _E.INTEND: _S.INTENDED,
            _E.FIND: _S.ACCEPTED,
            _E.CONTRADICT: _S.CONTRADICTED,
            _E.MISS: _S.MISSED,
        },
        _S.INTENDED: {**_HELD, **_LOST, _E.REFUSE: _S.REFUSED, _E.NOT_SEND: _S.NOT_SENT, _E.MISS: _S.MISSED},
        # The doubt may be about an older attempt than the one refused or not sent now: only look-ups end it. A
        # look-up that meant to settle an earlier miss is the first one after the new doubt.
        _S.IN_DOUBT: {
            **_HELD,
            **_LOST,
            _E.REFUSE: _S.IN_DOUBT,
            _E.NOT_SEND: _S.IN_DOUBT,
            _E.MISS: _S.MISSED,
            _E.SETTLE: _S.MISSED,
        },
        # Looked up by another PC while the call was under way; whether a doubt came before is not known here, so a
        # refusal waits for the second look-up too.
        _S.MISSED: {
            **_HELD,
            **_LOST,
            _E.REFUSE: _S.MISSED,
            _E.NOT_SEND: _S.MISSED,
            _E.MISS: _S.MISSED,
            _E.SETTLE: _S.FREE,
            _E.RELEASE: _S.FREE,
        },
        # Another invoice under our number: only ours, seen, or a human ends that. A search that now shows nothing lags.
        _S.CONTRADICTED: {
            **dict.fromkeys(_NEWS, _S.CONTRADICTED),
            _E.ACCEPT: _S.ACCEPTED,
            _E.FIND: _S.ACCEPTED,
            _E.RELEASE: _S.FREE,
        },
        _S.FREE: {
            _E.INTEND: _S.INTENDED,
            **_HELD,
            **_LOST,
            _E.REFUSE: _S.REFUSED,
            _E.NOT_SEND: _S.NOT_SENT,
            _E.MISS: _S.FREE,
            _E.SETTLE: _S.FREE,
        },
        # Look-ups that began before the outcome came; an outcome told twice, its commit having been in doubt.
        _S.REFUSED: {
            _E.INTEND: _S.INTENDED,
            **_HELD,
            **_LOST,
            _E.REFUSE: _S.REFUSED,
            _E.MISS: _S.REFUSED,
            _E.SETTLE: _S.REFUSED,
        },
        _S.NOT_SENT: {
            _E.INTEND: _S.INTENDED,
            **_HELD,
            **_LOST,
            _E.NOT_SEND: _S.NOT_SENT,
            _E.MISS: _S.NOT_SENT,
            _E.SETTLE: _S.NOT_SENT,
        },
        # Nothing takes an acceptance back: a refusal is the duplicate verdict for our own invoice, a miss is a search
        # that lags, a lost answer is a later attempt's. A contradiction is told, from the journal's own line, and moves
        # nothing, since its state may be released to a send.
        _S.ACCEPTED: dict.fromkeys(_NEWS, _S.ACCEPTED),
    }
)

SENDABLE = frozenset(state for state, row in TRANSITIONS.items() if _E.INTEND in row)
"""States from which a deposit may be tried."""

UNSETTLED = frozenset({_S.INTENDED, _S.IN_DOUBT, _S.MISSED})
"""States that only a look-up can settle."""

_OF_ONE_ATTEMPT = frozenset({_E.REFUSE, _E.NOT_SEND, _E.MISS, _E.SETTLE})


def advance(state: State, event: Event, *, overtaken: bool = False) -> State:
    """The state after the event.

    ``overtaken`` says that the event belongs to an attempt after which another was intended. Such an event says
    nothing of the newer attempt: only what the platform holds, and a new doubt, still count.

    Raises:
        IllegalEventError: the table has no such cell, or a decision was overtaken.
    """
    if overtaken and event in _OF_ONE_ATTEMPT:
        return state
    if event not in TRANSITIONS[state] or (overtaken and event in (Event.INTEND, Event.RELEASE)):
        raise IllegalEventError(f"no transition from {state} on {event}{' of an overtaken attempt' * overtaken}")
    return TRANSITIONS[state][event]


def confirms(event: Event, state: State) -> bool:
    """Whether the event says again what the state already holds."""
    return TRANSITIONS[State.INTENDED].get(event) is state
