"""From the lines of one number to what is known of it.

Rule 1: one pass, in the order of the lines; the state moves by ``lifecycle.advance`` and by nothing else.
Rule 2: a change of state starts the details afresh, what says the same again adds to them, and what neither moves nor
        confirms the state (a duplicate verdict on an accepted invoice) stays in the lines alone.
Rule 3: JSON is read when a record is asked for, not for each line on the way; acts are few, theirs is read at once.
Rule 4: an act's line names its own attempt (``ActAttempt``), as a deposit's line has its ``attempt``; late news of an
        older act moves that one, and says nothing of the newest.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from chorus_xl.domain.acts import UNSETTLED_ACTS, Act, ActEvent, ActState, advance_act
from chorus_xl.domain.canonical import canonical, parse, text_hash
from chorus_xl.domain.invoice import Passage
from chorus_xl.domain.lifecycle import Event, State, advance, confirms
from chorus_xl.domain.records import ActRecord, Record

STATUS = "status"
"""The event of a line that holds a status of the platform."""

PASSAGE = "passage"
"""The event of a line that holds one line of the platform's own history."""

EXCHANGE = "exchange"
"""The event of a line that holds the request and the answer of the call before it; no record needs it."""

EVENTS = {event.value: event for event in Event}
"""Events that move a deposit."""

ACT_EVENTS = {event.value: event for event in ActEvent}
"""Events that move an act."""

OURS = frozenset({STATUS, PASSAGE, EXCHANGE, *EVENTS, *ACT_EVENTS})
"""What is not a note; every other event is one."""


@dataclass(frozen=True, slots=True)
class ActAttempt:
    """Which act a line is about, and the how-manieth try at acting on this invoice; kept among the line's details."""

    act: Act
    occasion: str
    number: int

    @classmethod
    def of(cls, record: ActRecord) -> Self:
        """That of the latest act."""
        return cls(record.act, record.occasion, record.attempt)

    @classmethod
    def taken_from(cls, details: dict[str, str]) -> Self:
        """Take it out of a line's details.

        Raises:
            ValueError: they hold none.
        """
        try:
            return cls(Act(details.pop("act")), details.pop("occasion"), int(details.pop("act_attempt")))
        except KeyError as error:
            raise ValueError(f"a line of an act without {error}") from None

    def details(self) -> dict[str, str]:
        """As details of a line."""
        return {"act": self.act.value, "occasion": self.occasion, "act_attempt": str(self.number)}


@dataclass(slots=True)
class Story:
    """What the lines told so far say of one number; times and payloads are text as stored."""

    number: str
    state: State = State.NEW
    attempt: int = 0
    status: str = ""
    changed_at: str = ""
    intended_at: str = ""
    acts: dict[tuple[Act, str], ActRecord] = field(default_factory=dict)  # by act and occasion, the newest last
    passages: list[str] = field(default_factory=list)
    _spoken_for: int = 0  # the attempt whose content stands
    _contents: dict[int, str] = field(default_factory=dict)
    _details: list[str] = field(default_factory=list)
    _notes: dict[str, str] = field(default_factory=dict)

    @property
    def act(self) -> ActRecord | None:
        """The latest act."""
        return next(reversed(self.acts.values()), None)

    @property
    def looked_up_act(self) -> ActRecord | None:
        """The act that a look-up is about: the oldest unsettled one, else the latest."""
        return next((act for act in self.acts.values() if act.state in UNSETTLED_ACTS), self.act)

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
        elif event in EVENTS:
            self._move(at, attempt, EVENTS[event], payload)
        elif event == PASSAGE:
            self.passages.append(payload)
        elif event in ACT_EVENTS:
            self._act(at, ACT_EVENTS[event], parse(payload))
        elif event not in OURS:
            self._notes[event] = payload

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
            passages=tuple(sorted(map(_passage, self.passages), key=_when)),
            act=self.act,
            acts=tuple(self.acts.values()),
            notes={event: parse(payload) for event, payload in self._notes.items()},
        )

    def act_after(self, event: ActEvent, attempt: ActAttempt) -> ActState:
        """The state of its act that an event of that attempt would lead to.

        Raises:
            IllegalEventError: it cannot happen now.
        """
        known = self.acts.get((attempt.act, attempt.occasion))
        if known is None:
            return advance_act(ActState.NONE, event)
        return advance_act(known.state, event, overtaken=attempt.number < known.attempt)

    def _act(self, at: str, event: ActEvent, payload: dict[str, str]) -> None:
        attempt, moment = ActAttempt.taken_from(payload), datetime.fromisoformat(at)
        key = (attempt.act, attempt.occasion)
        state, known = self.act_after(event, attempt), self.acts.get(key)
        if event is ActEvent.INTEND:
            self.acts.pop(key, None)  # the newest stands last
            self.acts[key] = ActRecord(*key, state, attempt.number, payload, {}, moment, moment)
        elif known is not None and (state is not known.state or attempt == ActAttempt.of(known)):
            self.acts[key] = replace(known, state=state, details=payload, changed_at=moment)

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
            self.changed_at = min(self.changed_at, at)  # later in the chain and earlier in time: that clock was ahead


def unknown_passages(story: Story, told: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Of the platform's history, as told in full, the lines that the story does not hold yet, in their order.

    The platform tells minutes, so two lines may say the very same: what is told more often than it is held is new.
    """
    held = Counter(story.passages)
    new = []
    for passage in told:
        payload = canonical(passage)
        if held[payload]:
            held[payload] -= 1
        else:
            new.append(passage)
    return new


def _passage(payload: str) -> Passage:
    told = parse(payload)
    since = told.get("status_since", "")
    return Passage(
        told.get("chorus_status", ""),
        datetime.fromisoformat(since) if since else None,
        told.get("comment", ""),
        told.get("by", ""),
    )


def _when(passage: Passage) -> str:
    return passage.at.isoformat() if passage.at else ""
