"""Two at once: threads, objects and real processes want the same number."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from chorus_xl.domain.lifecycle import Event, State
from chorus_xl.errors import JournalError
from chorus_xl.journal import SqlJournal, queries, store
from chorus_xl.journal import engine as database
from chorus_xl.journal.chain import GENESIS
from chorus_xl.journal.fold import Story
from tests.postgres import Postgres

OpenJournal = Callable[..., SqlJournal]

ROOT = Path(__file__).resolve().parents[2]

# Told an address and a number on each line, opens the journal there and tries to take the number.
RIVAL = """
import sys
from datetime import UTC, datetime
from chorus_xl.journal import open_journal

print("ready", flush=True)
for line in sys.stdin:
    url, number = line.split("\\t")
    with open_journal(url, environment="repetition", supplier_siret="11111111111111",
                      now=lambda: datetime.now(UTC), user="agnes", machine="PC") as journal:
        print(journal.intend(number.strip(), {"total_with_vat": "120.00"}), flush=True)
"""

# Deposits without end, saying each number once its intent is committed.
HASTY = """
import sys
from datetime import UTC, datetime
from itertools import count
from chorus_xl.domain.lifecycle import Event
from chorus_xl.journal import open_journal

journal = open_journal(sys.argv[1], environment="repetition", supplier_siret="11111111111111",
                       now=lambda: datetime.now(UTC), user="agnes", machine="PC")
for number in count():
    journal.intend(f"F{number}", {"total_with_vat": "120.00"})
    print(f"F{number}", flush=True)
    journal.record(f"F{number}", Event.ACCEPT, {"chorus_invoice_id": "77"})
"""


@contextmanager
def _child(script: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _say(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def _hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.fixture
def new_url(url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], str]:
    """The address of another empty database of the same kind."""
    if url.startswith("sqlite"):
        numbers = count()
        return lambda: f"sqlite:///{tmp_path / f'journal{next(numbers)}.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return lambda: server.emptied("another")


@pytest.mark.parametrize("shares_it", [True, False], ids=["one_journal", "a_new_journal_each_time"])
def test_of_two_processes_started_together_exactly_one_takes_the_number(
    url: str,
    new_url: Callable[[], str],
    shares_it: bool,  # noqa: FBT001 - a parameter
) -> None:
    with _child(RIVAL) as one, _child(RIVAL) as other:
        assert _hear(one) == _hear(other) == "ready"
        for attempt in range(60 if shares_it else 30):
            where = url if shares_it else new_url()
            for rival in (one, other):
                _say(rival, f"{where}\tF{attempt}")

            assert sorted((_hear(one), _hear(other))) == ["False", "True"]


def test_a_killed_process_leaves_a_whole_journal(opened: OpenJournal, url: str) -> None:
    opened().close()
    for kills in range(1, 4):
        with _child(HASTY, url) as process:
            said = [_hear(process) for _ in range(5 * kills)]
            process.kill()

        journal = opened()
        assert journal.verify() == ()
        assert {journal.records()[number].state for number in said} <= {State.INTENDED, State.ACCEPTED}


def test_of_many_threads_exactly_one_takes_each_number(opened: OpenJournal) -> None:
    journals = [opened(), opened()]
    numbers = [f"F{index}" for index in range(25)]
    start = Barrier(8)

    def press(journal: SqlJournal) -> list[bool]:
        start.wait(10)
        return [journal.intend(number, {}) for number in numbers]

    with ThreadPoolExecutor(8) as pool:
        presses = list(pool.map(press, journals * 4))

    assert [sum(taken) for taken in zip(*presses, strict=True)] == [1] * len(numbers)
    assert [entry.sequence for entry in journals[0].entries()] == list(range(1, len(numbers) + 1))
    assert journals[0].verify() == ()


def test_outcomes_of_many_threads_are_all_kept(journal: SqlJournal) -> None:
    def press(number: str) -> None:
        journal.intend(number, {})
        journal.record(number, Event.ACCEPT, {"chorus_invoice_id": number})

    numbers = [f"F{index}" for index in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, numbers))

    records = journal.records(numbers)
    assert {number: record.details["chorus_invoice_id"] for number, record in records.items()} == dict(
        zip(numbers, numbers, strict=True)
    )
    assert journal.verify() == ()


def _reads_before_the_last_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the next write read an empty journal, as a transaction without SQLite's early lock may."""
    newest, stories = store._newest, SqlJournal._stories
    stale = {"newest", "stories"}

    def read_newest(connection: Connection) -> tuple[int, str]:
        if "newest" in stale:
            stale.discard("newest")
            return 0, GENESIS
        return newest(connection)

    def read_stories(self: SqlJournal, connection: Connection, numbers: Iterable[str] | None) -> dict[str, Story]:
        if "stories" in stale:
            stale.discard("stories")
            return {}
        return stories(self, connection, numbers)

    monkeypatch.setattr(store, "_newest", read_newest)
    monkeypatch.setattr(SqlJournal, "_stories", read_stories)


def test_an_intent_that_another_pc_overtook_is_not_ours(opened: OpenJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = opened(), opened(machine="PC-2")
    theirs.intend("F1", {})
    _reads_before_the_last_commit(monkeypatch)

    assert not ours.intend("F1", {})
    assert [entry.machine for entry in ours.entries()] == ["PC-2"]


def test_an_unrelated_line_written_meanwhile_costs_another_try(
    opened: OpenJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = opened(), opened(machine="PC-2")
    theirs.intend("F2", {})
    _reads_before_the_last_commit(monkeypatch)

    assert ours.intend("F1", {})
    assert [(entry.sequence, entry.machine) for entry in ours.entries()] == [(1, "PC-2"), (2, "PC-1")]
    assert ours.verify() == ()


def test_tries_end(journal: SqlJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.intend("F1", {})
    monkeypatch.setattr(store, "_newest", lambda _: (0, GENESIS))

    with pytest.raises(JournalError) as error:
        journal.intend("F2", {})

    assert error.value.code == "CX514"


def test_the_reservation_is_a_key_of_the_database(journal: SqlJournal) -> None:
    journal.intend("F1", {})
    with database.transaction(journal._engine, write=False) as connection:
        line = connection.execute(queries.WHOLE).one()._asdict()
    again = {**line, "sequence": 2, "previous_hash": line["hash"], "hash": "another"}

    if journal._engine.dialect.name == "sqlite":
        with database.transaction(journal._engine, write=True) as connection:
            connection.exec_driver_sql("DROP TRIGGER entries_no_replace")

    with (
        pytest.raises(IntegrityError, match=r"UNIQUE.*entries\.attempt|entries_reservation"),
        database.transaction(journal._engine, write=True) as connection,
    ):
        connection.execute(queries.ADD, again)
