"""The whole journal of a database, whatever environments and suppliers it holds: read, checked, never written.

Rule 1: what stands there may have been bent by any hand: it is read as it stands, and nothing in it is believed before
        it is checked.
Rule 2: a journal that is not there is said, not made; an older one is read as it is.
Rule 3: lines are handed out one by one: a journal of ten years need not fit into memory.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Select

from chorus_xl.domain.canonical import parse
from chorus_xl.domain.heads import HEAD_UNKNOWN
from chorus_xl.domain.lifecycle import IllegalEventError
from chorus_xl.domain.records import Record
from chorus_xl.errors import JournalError
from chorus_xl.journal import chain, queries
from chorus_xl.journal import engine as database
from chorus_xl.journal.chain import GENESIS, Line
from chorus_xl.journal.fold import Story
from chorus_xl.journal.guards import missing_guards
from chorus_xl.journal.migrations import version_of

IMPOSSIBLE = "impossible"
"""A fault beside those of the chain: the line cannot follow what the lines before it say of its number."""

_PLACES_A_QUERY = 500


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """Whose deposits a line is about."""

    environment: str
    supplier_siret: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the journal, and where.

    Attributes:
        kind: a value of ``chain.Break``, or ``IMPOSSIBLE``.
        hash: of the line, or the head that is missed.
        at: ISO, UTC, as the line says; ``""`` where there is no line.
    """

    sequence: int
    kind: str
    hash: str
    at: str = ""
    invoice_number: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """A line that says that a workbook showed a head which the journal did not hold.

    Attributes:
        at: when that was noted, ISO, UTC.
        by: who pressed then.
        details: what the line holds; see ``domain.heads``.
    """

    sequence: int
    at: str
    by: str
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verification:
    """What a reading of the whole journal found.

    Attributes:
        head: hash of the newest line, ``""`` when there is none.
        first: when the first line was written, ISO, UTC; ``""`` when there is none; ``last`` likewise.
        scopes: how many lines each has.
        faults: in the order of their lines; none when the journal holds.
        unguarded: names of the triggers that are not there any more, or not as they were made.
        missed: heads that a press found on a workbook and not in the journal, in the order in which they were noted.
    """

    lines: int
    head: str
    first: str
    last: str
    scopes: Mapping[Scope, int]
    faults: tuple[Fault, ...]
    unguarded: tuple[str, ...] = ()
    missed: tuple[Missed, ...] = ()


@dataclass(slots=True)
class _Walk:
    """One pass over all lines: what is counted, and each number's story told again."""

    lines: int = 0
    head: str = GENESIS
    first: str = ""
    last: str = ""
    scopes: Counter[Scope] = field(default_factory=Counter)
    impossible: list[Fault] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    _stories: dict[tuple[Scope, str], Story] = field(default_factory=dict)
    _lost: set[tuple[Scope, str]] = field(default_factory=set)

    def over(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The same lines, each looked at on its way."""
        for line in lines:
            scope = Scope(str(line["environment"]), str(line["supplier_siret"]))
            self.lines += 1
            self.head, self.last = str(line["hash"]), str(line["at"])
            self.first = self.first or self.last
            self.scopes[scope] += 1
            self._tell(scope, line)
            if line["event"] == HEAD_UNKNOWN:
                self._miss(line)
            yield line

    def _miss(self, line: Line) -> None:
        with suppress(ValueError):  # bent: the chain says so
            details = parse(str(line["payload"]))
            self.missed.append(Missed(int(line["sequence"]), str(line["at"]), str(line["user"]), details))

    def _tell(self, scope: Scope, line: Line) -> None:
        key = scope, str(line["invoice_number"])
        if key in self._lost:
            return  # what follows an impossible line says nothing more
        story = self._stories.get(key)
        if story is None:
            story = self._stories[key] = Story(key[1])
        try:
            story.tell(str(line["at"]), int(line["attempt"]), str(line["event"]), str(line["payload"]))
        except (IllegalEventError, ValueError):
            self._lost.add(key)
            self.impossible.append(Fault(int(line["sequence"]), IMPOSSIBLE, self.head, self.last, key[1]))


class Ledger:
    """One database's journal, to be read as a whole; closed by leaving its ``with``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.place = database.place(engine.url)

    def head(self) -> str:
        """The hash of the newest line, ``""`` when there is none.

        Raises:
            JournalError: it cannot be read.
        """
        with database.transaction(self._engine, write=False) as connection:
            row = connection.execute(queries.NEWEST).first()
        return str(row.hash) if row else GENESIS

    def count(self) -> int:
        """How many lines there are.

        Raises:
            JournalError: it cannot be read.
        """
        with database.transaction(self._engine, write=False) as connection:
            return connection.scalar(queries.COUNT) or 0

    def lines(self, *, environment: str = "", number: str = "", since: str = "", until: str = "9999") -> Iterator[Line]:
        """The lines, oldest first; of one environment, of one number, and written in [since, until) where named.

        Args:
            environment: one of the platform's environments.
            number: of an invoice, whoever's it is.
            since: a moment as lines have it: ISO, UTC.
            until: likewise.

        Raises:
            JournalError: it cannot be read.
        """
        asked = {"environment": environment, "number": number, "since": since, "until": until}
        yield from self._rows(queries.ANY, asked)

    def records(self, number: str) -> dict[Scope, Record]:
        """What is known of a number, wherever it is known.

        Raises:
            JournalError: it cannot be read, or contradicts itself.
        """
        stories: dict[Scope, Story] = {}
        try:
            for line in self.lines(number=number):
                scope = Scope(str(line["environment"]), str(line["supplier_siret"]))
                story = stories.setdefault(scope, Story(number))
                story.tell(str(line["at"]), int(line["attempt"]), str(line["event"]), str(line["payload"]))
            return {scope: story.record() for scope, story in stories.items()}
        except (IllegalEventError, ValueError):
            raise JournalError("CX518", journal=self.place, number=number) from None

    def verify(self, known_heads: Iterable[str] = ()) -> Verification:
        """Read all lines: every break of the chain, every story that cannot be, every head printed earlier and gone.

        Raises:
            JournalError: it cannot be read.
        """
        walk = _Walk()
        breaks = chain.verify(walk.over(self._rows(queries.WHOLE, {})), known_heads)
        places = self._places(each.sequence for each in breaks)
        of_chain = (
            Fault(each.sequence, each.kind.value, each.hash, *places.get(each.sequence, ("", ""))) for each in breaks
        )
        faults = sorted((*of_chain, *walk.impossible), key=lambda fault: fault.sequence)
        with database.transaction(self._engine, write=False) as connection:
            unguarded = missing_guards(connection, version_of(connection, self.place))
        return Verification(
            walk.lines,
            walk.head,
            walk.first,
            walk.last,
            dict(walk.scopes),
            tuple(faults),
            unguarded,
            tuple(walk.missed),
        )

    def _places(self, sequences: Iterable[int]) -> dict[int, tuple[str, str]]:
        """When, and for which number, those lines were written."""
        wanted = sorted(set(sequences))
        places: dict[int, tuple[str, str]] = {}
        for start in range(0, len(wanted), _PLACES_A_QUERY):
            asked = {"sequences": wanted[start : start + _PLACES_A_QUERY]}
            for line in self._rows(queries.PLACES, asked):
                places[int(line["sequence"])] = (str(line["at"]), str(line["invoice_number"]))
        return places

    def _rows(self, query: Select[Any], asked: Mapping[str, object]) -> Iterator[Line]:
        with database.transaction(self._engine, write=False) as connection:
            for row in connection.execute(query, asked):
                yield {name: _plain(value) for name, value in row._mapping.items()}  # noqa: SLF001 - SQLAlchemy's public name


def _plain(value: object) -> str | int:
    """A value as lines have it; what no line of ours ever held is shown for what it is (rule 1)."""
    return value if isinstance(value, str | int) else repr(value)


@contextmanager
def open_ledger(url: str) -> Iterator[Ledger]:
    """Open the whole journal of a database for reading.

    Args:
        url: an SQLAlchemy address.

    Raises:
        JournalError: it cannot be opened, is not there, is no journal, or a newer program's.
    """
    engine = database.connect(url, reading=True)
    place = database.place(engine.url)
    if engine.dialect.name == "sqlite" and not Path(place.removeprefix("file:")).is_file():
        raise JournalError("CX600", journal=place)
    try:
        with database.transaction(engine, write=False) as connection:
            if version_of(connection, place) == 0:
                raise JournalError("CX600", journal=place)
        yield Ledger(engine)
    finally:
        engine.dispose()


def address_of(file: Path) -> str:
    """The address of a journal in a file."""
    return f"sqlite:///{file.absolute().as_posix()}"
