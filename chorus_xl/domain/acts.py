"""The life of one act on a deposited invoice, as a table: completing, acknowledging, recycling.

Rule 1: an act answers one occasion: the status, and the moment it began, that asks for it. Another occasion is another
        act; the same occasion is acted on once.
Rule 2: as for a deposit, the intent is committed first, one call is made, its outcome is committed; what is in doubt is
        looked up and never done again blindly (``domain.lifecycle`` is the model).
Rule 3: a missing cell is an error. Late news of an attempt that another has overtaken counts only when it says that the
        platform did it.
"""

from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from chorus_xl.domain.lifecycle import IllegalEventError


class Act(StrEnum):
    """What the supplier may do about a deposited invoice."""

    COMPLETE = "complete"  # SUSPENDUE: what was missing is attached or said
    ACKNOWLEDGE = "acknowledge"  # REJETEE: seen, so that the platform asks no more
    RECYCLE = "recycle"  # A_RECYCLER: another recipient, service or engagement, the number kept


READ_OFF = MappingProxyType(
    {
        Act.COMPLETE: frozenset({"attachments", "comment"}),
        Act.ACKNOWLEDGE: frozenset[str](),
        Act.RECYCLE: frozenset(
            {"budget", "contract_scope", "recipient_siret", "service_code", "engagement_number"}
            | {"contract_number", "comment"}
        ),
    }
)
"""The columns of its row that an act is read off: while it waits, the clerk changes them for it."""

REPLACEMENT = "replacement"
"""Of an acknowledgement's content: the number proposed for the new invoice. The same name is the journal's note that a
row for it was prepared."""


def occasion_of(status: str, since: datetime | None) -> str:
    """What an act answers, as one text; ``since`` is the platform's own clock.

    >>> occasion_of("SUSPENDUE", datetime(2026, 11, 5, 9, 14))
    'SUSPENDUE 2026-11-05T09:14:00.000'
    """
    return f"{status} {since.isoformat(timespec='milliseconds') if since else ''}".strip()


def read_occasion(occasion: str) -> tuple[str, datetime | None]:
    """The status, and the moment when the platform gave one."""
    status, _, since = occasion.partition(" ")
    return status, datetime.fromisoformat(since) if since else None


class ActState(StrEnum):
    """Where one act stands."""

    NONE = "none"
    INTENDED = "intended"  # an intent is committed, its outcome is not (or not yet) known
    DONE = "done"
    REFUSED = "refused"  # the platform's own word
    NOT_SENT = "not_sent"  # proved: no byte of the request left
    IN_DOUBT = "in_doubt"  # the answer was lost
    FREE = "free"  # looked up: the platform has not done it


class ActEvent(StrEnum):
    """What can happen to an act; the values are those of the journal's lines."""

    INTEND = "act_intend"
    ACCEPT = "act_accept"
    REFUSE = "act_refuse"
    NOT_SEND = "act_not_send"
    LOSE = "act_lose"
    FIND = "act_find"  # a look-up shows that the platform did it
    SETTLE = "act_settle"  # a look-up shows that the platform did not, the call being surely over


_S, _E = ActState, ActEvent

_DID = {_E.ACCEPT: _S.DONE, _E.FIND: _S.DONE}
_AFTER = (_E.REFUSE, _E.NOT_SEND, _E.LOSE, _E.SETTLE)

TRANSITIONS = MappingProxyType(
    {
        _S.NONE: {_E.INTEND: _S.INTENDED},
        _S.INTENDED: {
            **_DID,
            _E.REFUSE: _S.REFUSED,
            _E.NOT_SEND: _S.NOT_SENT,
            _E.LOSE: _S.IN_DOUBT,
            _E.SETTLE: _S.FREE,
        },
        # A refusal after a doubt may be the platform's verdict on what it had done already: only a look-up ends it.
        _S.IN_DOUBT: {**dict.fromkeys(_AFTER, _S.IN_DOUBT), **_DID, _E.SETTLE: _S.FREE},
        _S.REFUSED: {**dict.fromkeys(_AFTER, _S.REFUSED), **_DID, _E.INTEND: _S.INTENDED, _E.LOSE: _S.IN_DOUBT},
        _S.NOT_SENT: {**dict.fromkeys(_AFTER, _S.NOT_SENT), **_DID, _E.INTEND: _S.INTENDED, _E.LOSE: _S.IN_DOUBT},
        _S.FREE: {**dict.fromkeys(_AFTER, _S.FREE), **_DID, _E.INTEND: _S.INTENDED, _E.LOSE: _S.IN_DOUBT},
        _S.DONE: dict.fromkeys((*_DID, *_AFTER), _S.DONE),
    }
)

ACTABLE = frozenset(state for state, row in TRANSITIONS.items() if _E.INTEND in row)
"""States from which the act may be tried (again)."""

UNSETTLED_ACTS = frozenset({_S.INTENDED, _S.IN_DOUBT})
"""States that only a look-up can settle; as long as one is open, no other act on the invoice begins."""


def advance_act(state: ActState, event: ActEvent, *, overtaken: bool = False) -> ActState:
    """The state after the event.

    Raises:
        IllegalEventError: the table has no such cell.
    """
    if overtaken and event not in _DID:
        return state
    if event not in TRANSITIONS[state]:
        raise IllegalEventError(f"no transition of an act from {state} on {event}")
    return TRANSITIONS[state][event]
