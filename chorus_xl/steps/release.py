"""Libérer un numéro: a person who looked at the portal sets a number free that look-ups could not.

Rule 1: only a number in doubt that was looked up is released (``domain.lifecycle``); nothing is sent, nobody is asked.
Rule 2: the person is shown what the journal knows first; what changed meanwhile is shown again, not released.
Rule 3: the reason is kept with the line, as user and machine are with every line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chorus_xl.domain.lifecycle import TRANSITIONS, Event
from chorus_xl.domain.records import Entry, Record
from chorus_xl.errors import UsageError
from chorus_xl.steps.ports import Journal
from chorus_xl.steps.reconcile import is_unsure
from chorus_xl.steps.show import word

SHORTEST_REASON = 10
"""Characters: « vu » is no reason."""

REASON = "reason"
"""Detail of the line: why a person released the number."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the journal knows of a number, for the person who decides."""

    record: Record
    entries: tuple[Entry, ...]


def release(journal: Journal, number: str, because: str, confirm: Callable[[Known], bool]) -> None:
    """Set a number free, on a person's word.

    Raises:
        UsageError: it may not be released, the reason says nothing, or the person did not agree; nothing was written.
        JournalError: the journal cannot be read or written.
    """
    reason = " ".join(because.split())
    if len(reason) < SHORTEST_REASON:
        raise UsageError("CX605", length=str(SHORTEST_REASON))
    shown = _known(journal, number)
    if not confirm(shown):
        raise UsageError("CX606", what=f"La libération du numéro « {number} »")
    if _known(journal, number).record != shown.record:
        raise UsageError("CX607", number=number)
    journal.record(number, Event.RELEASE, {REASON: reason})


def may_be_released(record: Record) -> bool:
    """Whether the number is in doubt and was looked up."""
    return Event.RELEASE in TRANSITIONS[record.state]


def _known(journal: Journal, number: str) -> Known:
    """What is known of a number that may be released.

    Raises:
        UsageError: it may not.
    """
    record = journal.records([number]).get(number)
    if record is None:
        raise UsageError("CX601", number=number)
    if not may_be_released(record):
        if is_unsure(record):
            raise UsageError("CX603", number=number)
        raise UsageError("CX602", number=number, state=word(record).value)
    entries: Sequence[Entry] = journal.entries([number])
    return Known(record, tuple(entries))
