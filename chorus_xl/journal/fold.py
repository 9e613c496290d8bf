"""From the lines of one number to what is known of it.

Rule 1: one pass, in the order of the lines; the state moves by ``lifecycle.advance`` and by nothing else.
Rule 2: a change of state starts the details afresh, what says the same again adds to them, and what neither moves nor
        confirms the state (a duplicate verdict on an accepted invoice) stays in the lines alone.
Rule 3: JSON is read when a record is asked for, not for each line on the way.
"""

from dataclasses import dataclass, field
from datetime import datetime

from chorus_xl.domain.canonical import parse, text_hash
from chorus_xl.domain.lifecycle import Event, State, advance, confirms
from chorus_xl.domain.records import Record

STATUS = "status"
"""The event of a line that holds a status of the platform."""

EVENTS = {event.value: event for event in Event}
"""Events that move a deposit; every other event is a note."""


@dataclass(slots=True)
class Story:
    """What the lines told so far say of one number; times and payloads are text as stored."""

    number: str
    state: State = State.NEW
    attempt: int = 0
    status: str = ""
    changed_at: str = ""
    intended_at: str = ""
    _spoken_for: int = 0  # the attempt whose content stands
    _contents: dict[int, str] = field(default_factory=dict)
    _details: list[str] = field(default_factory=list)

    def after(self, event: Event, attempt: int) -> State:
        """The state that an event would lead to.

        Raises:
            IllegalEventError: it cannot happen now.
        """
        return advance(self.state, event, overtaken=attempt < self.attempt)

    def tell(self, at: str, attempt: int, event: str, payload: str) -> None:
        """Take in the next line.

        Raises:
            IllegalEventError: it cannot follow the lines before it.
        """
        if event == STATUS:
            self.status = payload
        if event in EVENTS:
            self._move(at, attempt, EVENTS[event], payload)

    def record(self) -> Record:
        """What is known now.

        Raises:
            ValueError: a line does not hold what the journal writes.
        """
        content = self._contents.get(self._spoken_for, "{}")
        details: dict[str, str] = {}
        for payload in self._details:
            details |= parse(payload)
        status = parse(self.status or "{}")
        since = status.get("status_since", "")
        return Record(
            invoice_number=self.number,
            state=self.state,
            content=parse(content),
            details=details,
            chorus_status=status.get("chorus_status", ""),
            status_since=datetime.fromisoformat(since) if since else None,
            status_comment=status.get("comment", ""),
            changed_at=datetime.fromisoformat(self.changed_at) if self.changed_at else None,
            intended_at=datetime.fromisoformat(self.intended_at) if self.intended_at else None,
            content_hash=text_hash(content),  # a payload is canonical as it stands
        )

    def _move(self, at: str, attempt: int, event: Event, payload: str) -> None:
        before, self.state = self.state, self.after(event, attempt)
        if event is Event.INTEND:
            self.attempt = self._spoken_for = attempt
            self._contents[attempt] = payload
            self.intended_at = at
        elif event is Event.ACCEPT and before is not State.ACCEPTED:
            self._spoken_for = attempt  # an overtaken attempt may be the one that the platform took
        if self.state is not before:
            self.changed_at = at
            self._details = [] if event is Event.INTEND else [payload]
        elif attempt >= self.attempt and confirms(event, self.state):
            self._details.append(payload)
