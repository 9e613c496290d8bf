"""The journal of one environment and one supplier, in a database.

Rule 1: a write is one short transaction: read the newest line, replay the number, decide, append what was decided.
        Where another process appended meanwhile, a unique key fails and all of it is done again: nothing is decided
        on what no longer holds.
Rule 2: the newest line is read before the number's own, so that rule 1 holds without any lock of the database.
Rule 3: an outcome belongs to the attempt that this object intended, a look-up to the newest attempt that it had seen
        when it set out: news of an attempt that another PC has overtaken must not settle the newer one.
Rule 4: whatever the database raises leaves here as ``JournalError``, and nothing is half-written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from threading import Lock
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, Select
from sqlalchemy.exc import IntegrityError

from chorus_xl.domain.acts import Act, ActEvent, ActState
from chorus_xl.domain.canonical import canonical, parse
from chorus_xl.domain.invoice import Passage
from chorus_xl.domain.lifecycle import SENDABLE, Event, IllegalEventError, State
from chorus_xl.domain.records import Entry, Record
from chorus_xl.errors import BugError, JournalError
from chorus_xl.journal import engine as database
from chorus_xl.journal import queries
from chorus_xl.journal.chain import GENESIS, ChainProblem, Line, seal, verify
from chorus_xl.journal.fold import OURS, PASSAGE, STATUS, ActAttempt, Story, unknown_passages
from chorus_xl.journal.migrations import bring_up
from chorus_xl.journal.saying import Decide, Said, may_begin, note, of_passage, shown_by

_OUTCOMES = frozenset({Event.ACCEPT, Event.REFUSE, Event.NOT_SEND, Event.LOSE})
_ACT_OUTCOMES = frozenset({ActEvent.ACCEPT, ActEvent.REFUSE, ActEvent.NOT_SEND, ActEvent.LOSE})
_TRIES = 100  # each failure means that another process appended a line, so that all of them together move on
_NUMBERS_A_QUERY = 500

_T = TypeVar("_T")


class SqlJournal:
    """Fulfils ``Journal`` (``steps.ports``); may be used from several threads at once."""

    def __init__(
        self,
        engine: Engine,
        *,
        environment: str,
        supplier_siret: str,
        now: Callable[[], datetime],
        user: str,
        machine: str,
    ) -> None:
        self._engine = engine
        self._place = database.place(engine.url)
        self._of = {"environment": environment, "supplier_siret": supplier_siret}
        self._by = {"user": user, "machine": machine}
        self._now = now
        self._writing = Lock()
        self._intended: dict[str, int] = {}  # the newest attempt of this object, by number
        self._seen: dict[str, int] = {}  # the newest attempt that this object knows of, by number
        self._acts: dict[str, ActAttempt] = {}  # the newest attempt of an act of this object, by number
        self._seen_acts: dict[str, ActAttempt] = {}  # the attempt that a look-up of this object is about, by number

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database; calling it twice does no harm."""
        self._engine.dispose()

    def records(self, numbers: Iterable[str] | None = None) -> dict[str, Record]:
        """What is known, by number; all numbers when none are named.

        Raises:
            JournalError: it cannot be read, or contradicts itself.
        """
        with database.transaction(self._engine, write=False) as connection:
            stories = self._stories(connection, numbers)
        self._seen |= {number: story.attempt for number, story in stories.items()}
        acts = {number: story.looked_up_act for number, story in stories.items()}
        self._seen_acts |= {number: ActAttempt.of(act) for number, act in acts.items() if act is not None}
        records = {}
        for number, story in stories.items():
            with self._reading(number):
                records[number] = story.record()
        return records

    def intend(self, invoice_number: str, content: Mapping[str, str]) -> bool:
        """Commit the intent to deposit, before any byte leaves.

        Returns:
            False when another press took the number first, or its state forbids a deposit: nothing was written.

        Raises:
            JournalError: it cannot be written, so nothing may be sent.
        """

        def reserve(story: Story) -> Sequence[Said]:
            return [Said(Event.INTEND, story.attempt + 1, content)] if story.state in SENDABLE else []

        story, is_ours = self._append(invoice_number, reserve)
        if is_ours:
            self._intended[invoice_number] = self._seen[invoice_number] = story.attempt
        return is_ours

    def record(
        self, invoice_number: str, event: Event, details: Mapping[str, str], evidence: Mapping[str, str] | None = None
    ) -> State:
        """Commit what happened, and with it the exchange that shows it; the state it leads to.

        Raises:
            JournalError: it cannot be written.
            BugError: it cannot happen in the number's state; nothing was written.
        """
        known = self._intended if event in _OUTCOMES else self._seen

        def happen(story: Story) -> Sequence[Said]:
            attempt = known.get(invoice_number, story.attempt)
            try:
                story.after(event, attempt)
            except IllegalEventError:
                raise BugError("CX902", number=invoice_number, state=story.state, event=event) from None
            return [Said(event, attempt, details), *shown_by(evidence, attempt)]

        story, _ = self._append(invoice_number, happen, may_repeat=event in _OUTCOMES)
        return story.state

    def note_status(self, invoice_number: str, status: str, since: datetime | None, comment: str) -> bool:
        """Commit a status of the platform when it differs from the last one; whether it did.

        Raises:
            JournalError: it cannot be written.
        """
        details = {"chorus_status": status, "status_since": since.isoformat() if since else "", "comment": comment}

        def differ(story: Story) -> Sequence[Said]:
            return [] if story.status == canonical(details) else [Said(STATUS, story.attempt, details)]

        _, differs = self._append(invoice_number, differ)
        return differs

    def note_passages(self, invoice_number: str, passages: Sequence[Passage]) -> int:
        """Commit the lines of the platform's history that are new; how many were.

        Raises:
            JournalError: it cannot be written.
        """
        told = [of_passage(passage) for passage in passages]
        count = 0

        def differ(story: Story) -> Sequence[Said]:
            nonlocal count
            new = unknown_passages(story, told)
            count = len(new)
            return [Said(PASSAGE, story.attempt, line) for line in new]

        self._append(invoice_number, differ)
        return count

    def note(self, invoice_number: str, event: str, details: Mapping[str, str]) -> None:
        """Commit something worth remembering that moves no state.

        Raises:
            JournalError: it cannot be written.
            BugError: the event is one that moves a state, or a status.
        """
        self.note_all([(invoice_number, event, details)])

    def note_all(self, notes: Sequence[tuple[str, str, Mapping[str, str]]]) -> None:
        """Commit many notes (number, event, details), all of them or none.

        Raises:
            JournalError: they cannot be written.
            BugError: an event is one that moves a state, or a status.
        """
        for number, event, _ in notes:
            if event in OURS:
                raise BugError("CX902", number=number, state="note", event=event)

        def write(connection: Connection) -> None:
            for number, event, details in notes:
                self._append_once(connection, number, partial(note, event, details))

        self._write(write)

    def begin_act(self, invoice_number: str, act: Act, occasion: str, content: Mapping[str, str]) -> bool:
        """Commit the intent to act on a deposited invoice, before any byte leaves.

        Returns:
            False when another press began it first, it is done, or another act is unsettled: nothing was written.

        Raises:
            JournalError: it cannot be written, so nothing may be sent.
        """

        def reserve(story: Story) -> Sequence[Said]:
            if not may_begin(story, act, occasion):
                return []
            attempt = ActAttempt(act, occasion, story.act.attempt + 1 if story.act else 1)
            return [Said(ActEvent.INTEND, story.attempt, {**content, **attempt.details()})]

        story, is_ours = self._append(invoice_number, reserve)
        if is_ours and story.act is not None:
            self._acts[invoice_number] = self._seen_acts[invoice_number] = ActAttempt.of(story.act)
        return is_ours

    def record_act(
        self,
        invoice_number: str,
        event: ActEvent,
        details: Mapping[str, str],
        evidence: Mapping[str, str] | None = None,
    ) -> ActState:
        """Commit what became of an act; the state it leads to.

        Raises:
            JournalError: it cannot be written.
            BugError: it cannot happen in the act's state; nothing was written.
        """
        known = self._acts if event in _ACT_OUTCOMES else self._seen_acts
        state = ActState.NONE

        def happen(story: Story) -> Sequence[Said]:
            nonlocal state
            act = story.looked_up_act
            attempt = known.get(invoice_number) or (ActAttempt.of(act) if act else None)
            try:
                if attempt is None:
                    raise IllegalEventError("no act was intended")  # noqa: TRY301 - the same end as a missing cell
                state = story.act_after(event, attempt)
            except IllegalEventError:
                before = act.state if act else ActState.NONE
                raise BugError("CX902", number=invoice_number, state=before, event=event) from None
            line = Said(event, story.attempt, {**details, **attempt.details()})
            return [line, *shown_by(evidence, story.attempt)]

        self._append(invoice_number, happen, may_repeat=event in _ACT_OUTCOMES)
        return state

    def entries(self, numbers: Iterable[str] | None = None) -> Sequence[Entry]:
        """The journal's lines, oldest first.

        Raises:
            JournalError: it cannot be read.
        """
        with database.transaction(self._engine, write=False) as connection:
            rows = sorted(self._rows(connection, queries.SHOWN, queries.SHOWN_OF, numbers), key=itemgetter(0))
        entries = []
        for sequence, at, number, event, payload, user, machine, own in rows:
            with self._reading(number):
                details = parse(payload)
                entries.append(Entry(sequence, datetime.fromisoformat(at), number, event, details, user, machine, own))
        return entries

    def head(self) -> str:
        """The hash of the newest line, ``""`` when there is none.

        Raises:
            JournalError: it cannot be read.
        """
        with database.transaction(self._engine, write=False) as connection:
            return _newest(connection)[1]

    def has_line(self, own_hash: str) -> bool:
        """Whether a line of the whole database has that hash; one look into its unique index.

        Raises:
            JournalError: it cannot be read.
        """
        with database.transaction(self._engine, write=False) as connection:
            return connection.execute(queries.HAS, {"hash": own_hash}).first() is not None

    def verify(self, known_heads: Iterable[str] = ()) -> tuple[ChainProblem, ...]:
        """Every break in the chain of the whole database, other environments and suppliers included.

        Raises:
            JournalError: it cannot be read.
        """
        return verify(self.lines(), known_heads)

    def lines(self) -> Iterator[Line]:
        """Every line of the whole database in full, oldest first, other environments and suppliers included.

        Raises:
            JournalError: it cannot be read.
        """
        with database.transaction(self._engine, write=False) as connection:
            yield from (row._asdict() for row in connection.execute(queries.WHOLE))

    def _append(self, number: str, decide: Decide, *, may_repeat: bool = False) -> tuple[Story, bool]:
        """The number's story at its end, and whether the decision added a line to it."""
        return self._write(lambda connection: self._append_once(connection, number, decide), may_repeat=may_repeat)

    def _write(self, work: Callable[[Connection], _T], *, may_repeat: bool = False) -> _T:
        """Do the work in a transaction of its own, again where another process appended meanwhile.

        Where the line to the database broke, once more if it may be said twice (``engine``, rule 6).
        """
        with self._writing:
            for _ in range(_TRIES):
                try:
                    with database.transaction(self._engine, write=True) as connection:
                        return work(connection)
                except IntegrityError:
                    continue
                except database.LostError:
                    if not may_repeat:
                        raise
                    may_repeat = False
        raise JournalError("CX514", journal=self._place)

    def _append_once(self, connection: Connection, number: str, decide: Decide) -> tuple[Story, bool]:
        sequence, previous = _newest(connection)
        story = self._stories(connection, [number]).get(number) or Story(number)
        following = decide(story)
        for place, said in enumerate(following, start=1):
            line: dict[str, str | int] = {
                "sequence": sequence + place,
                "at": self._now().astimezone(UTC).isoformat(timespec="microseconds"),
                **self._of,
                "invoice_number": number,
                "attempt": said.attempt,
                "event": str(said.event),
                "payload": canonical(said.details),
                **self._by,
                "previous_hash": previous,
            }
            previous = seal(line)
            connection.execute(queries.ADD, {**line, "hash": previous})
            story.tell(str(line["at"]), said.attempt, str(said.event), str(line["payload"]))
        return story, bool(following)

    def _stories(self, connection: Connection, numbers: Iterable[str] | None) -> dict[str, Story]:
        stories: dict[str, Story] = {}
        for number, at, attempt, event, payload in self._rows(connection, queries.TOLD, queries.TOLD_OF, numbers):
            story = stories.get(number)
            if story is None:
                story = stories[number] = Story(number)
            with self._reading(number):
                story.tell(at, attempt, event, payload)
        return stories

    @contextmanager
    def _reading(self, number: str) -> Iterator[None]:
        """What was stored is ours and can be replayed; where it cannot, say whose line it is."""
        try:
            yield
        except (IllegalEventError, ValueError):
            raise JournalError("CX518", journal=self._place, number=number) from None

    def _rows(
        self, connection: Connection, query: Select[Any], query_of: Select[Any], numbers: Iterable[str] | None
    ) -> Iterator[Sequence[Any]]:
        """The rows of one query, or of one a bundle of numbers; each number's in order."""
        if numbers is None:
            yield from connection.execute(query, self._of)
            return
        wanted = list(dict.fromkeys(numbers))
        for start in range(0, len(wanted), _NUMBERS_A_QUERY):
            bundle = wanted[start : start + _NUMBERS_A_QUERY]
            yield from connection.execute(query_of, {**self._of, "numbers": bundle})


def open_journal(
    url: str, *, environment: str, supplier_siret: str, now: Callable[[], datetime], user: str, machine: str
) -> SqlJournal:
    """Open a journal, made in an empty database and taken forward from an older version; to be closed by the caller.

    Args:
        url: an SQLAlchemy address; the folder of an SQLite file exists.
        environment: whose deposits these are: one of the platform's environments.
        supplier_siret: and for which supplier.
        now: aware.
        user: who acts, for the auditor.
        machine: and on which PC.

    Raises:
        JournalError: it cannot be opened, is no journal, or a newer program's.
    """
    engine = database.connect(url)
    try:
        bring_up(engine)
    except JournalError:
        engine.dispose()
        raise
    return SqlJournal(
        engine, environment=environment, supplier_siret=supplier_siret, now=now, user=user, machine=machine
    )


def _newest(connection: Connection) -> tuple[int, str]:
    """Sequence and hash of the newest line."""
    row = connection.execute(queries.NEWEST).first()
    return (row.sequence, row.hash) if row else (0, GENESIS)
