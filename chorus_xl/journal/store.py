"""The journal of one environment and one supplier, in a database.

Rule 1: a write is one short transaction: read the newest line, replay the number, decide, append one line. Where
        another process appended meanwhile, a unique key fails and all of it is done again: nothing is decided on what
        no longer holds.
Rule 2: the newest line is read before the number's own, so that rule 1 holds without any lock of the database.
Rule 3: an outcome belongs to the attempt that this object intended, a look-up to the newest attempt that it had seen
        when it set out: news of an attempt that another PC has overtaken must not settle the newer one.
Rule 4: whatever the database raises leaves here as ``JournalError``, and nothing is half-written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from operator import itemgetter
from threading import Lock
from types import TracebackType
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, Engine, Select
from sqlalchemy.exc import IntegrityError

from chorus_xl.domain.canonical import canonical, parse
from chorus_xl.domain.lifecycle import SENDABLE, Event, IllegalEventError, State
from chorus_xl.domain.records import Entry, Record
from chorus_xl.errors import BugError, JournalError
from chorus_xl.journal import engine as database
from chorus_xl.journal import queries, schema
from chorus_xl.journal.chain import GENESIS, ChainProblem, seal, verify
from chorus_xl.journal.fold import EVENTS, STATUS, Story

_OUTCOMES = frozenset({Event.ACCEPT, Event.REFUSE, Event.NOT_SEND, Event.LOSE})
_TRIES = 100  # each failure means that another process appended a line, so that all of them together move on
_NUMBERS_A_QUERY = 500


class _Next(NamedTuple):
    """The line that a decision asks for."""

    event: str
    attempt: int
    details: Mapping[str, str]


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

        def reserve(story: Story) -> _Next | None:
            return _Next(Event.INTEND, story.attempt + 1, content) if story.state in SENDABLE else None

        story, is_ours = self._append(invoice_number, reserve)
        if is_ours:
            self._intended[invoice_number] = self._seen[invoice_number] = story.attempt
        return is_ours

    def record(self, invoice_number: str, event: Event, details: Mapping[str, str]) -> State:
        """Commit what happened; the state it leads to.

        Raises:
            JournalError: it cannot be written.
            BugError: it cannot happen in the number's state; nothing was written.
        """
        known = self._intended if event in _OUTCOMES else self._seen

        def happen(story: Story) -> _Next:
            attempt = known.get(invoice_number, story.attempt)
            try:
                story.after(event, attempt)
            except IllegalEventError:
                raise BugError("CX902", number=invoice_number, state=story.state, event=event) from None
            return _Next(event, attempt, details)

        story, _ = self._append(invoice_number, happen)
        return story.state

    def note_status(self, invoice_number: str, status: str, since: datetime | None, comment: str) -> bool:
        """Commit a status of the platform when it differs from the last one; whether it did.

        Raises:
            JournalError: it cannot be written.
        """
        details = {"chorus_status": status, "status_since": since.isoformat() if since else "", "comment": comment}

        def differ(story: Story) -> _Next | None:
            return None if story.status == canonical(details) else _Next(STATUS, story.attempt, details)

        _, differs = self._append(invoice_number, differ)
        return differs

    def note(self, invoice_number: str, event: str, details: Mapping[str, str]) -> None:
        """Commit something worth remembering that moves no state.

        Raises:
            JournalError: it cannot be written.
            BugError: the event is one that moves a state, or a status.
        """
        if event in EVENTS or event == STATUS:
            raise BugError("CX902", number=invoice_number, state="note", event=event)
        self._append(invoice_number, lambda story: _Next(event, story.attempt, details))

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

    def verify(self, known_heads: Iterable[str] = ()) -> tuple[ChainProblem, ...]:
        """Every break in the chain of the whole database, other environments and suppliers included.

        Raises:
            JournalError: it cannot be read.
        """
        with database.transaction(self._engine, write=False) as connection:
            return verify((row._asdict() for row in connection.execute(queries.WHOLE)), known_heads)

    def _append(self, number: str, decide: Callable[[Story], _Next | None]) -> tuple[Story, bool]:
        """The number's story at its end, and whether the decision added a line to it."""
        with self._writing:
            for _ in range(_TRIES):
                try:
                    with database.transaction(self._engine, write=True) as connection:
                        return self._append_once(connection, number, decide)
                except IntegrityError:
                    continue
        raise JournalError("CX514", journal=self._place)

    def _append_once(
        self, connection: Connection, number: str, decide: Callable[[Story], _Next | None]
    ) -> tuple[Story, bool]:
        sequence, previous = _newest(connection)
        story = self._stories(connection, [number]).get(number) or Story(number)
        following = decide(story)
        if following is None:
            return story, False
        line: dict[str, str | int] = {
            "sequence": sequence + 1,
            "at": self._now().astimezone(UTC).isoformat(timespec="microseconds"),
            **self._of,
            "invoice_number": number,
            "attempt": following.attempt,
            "event": str(following.event),
            "payload": canonical(following.details),
            **self._by,
            "previous_hash": previous,
        }
        connection.execute(queries.ADD, {**line, "hash": seal(line)})
        story.tell(str(line["at"]), following.attempt, str(following.event), str(line["payload"]))
        return story, True

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
    """Open a journal, and create its tables in an empty database; to be closed by the caller.

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
        with database.transaction(engine, write=False) as connection:
            is_empty = schema.is_empty(connection)
        with database.transaction(engine, write=is_empty) as connection:
            if is_empty and schema.is_empty(connection):  # another process may have been first
                schema.create(connection)
            schema.check(connection, database.place(engine.url))
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
