"""A journal that cannot be used says so by a code, and nothing is half-written."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from chorus_xl.domain.lifecycle import Event, State
from chorus_xl.errors import ExitCode, JournalError
from chorus_xl.journal import SqlJournal
from chorus_xl.journal import engine as database

OpenJournal = Callable[..., SqlJournal]


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


def _tamper(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def _fill(journal: SqlJournal, count: int = 3) -> None:
    for index in range(count):
        journal.intend(f"F{index}", {"comment": "x" * 500})
    journal.close()


def _code(act: Callable[[], object]) -> str:
    with pytest.raises(JournalError) as error:
        act()
    assert error.value.exit_code is ExitCode.SETUP
    return error.value.code


def test_a_newer_schema_is_refused(journal: SqlJournal, path: Path, opened: OpenJournal) -> None:
    _fill(journal)
    _tamper(path, "UPDATE meta SET value = '3' WHERE name = 'schema_version'")

    with pytest.raises(JournalError) as error:
        opened()

    assert error.value.code == "CX511"
    assert error.value.params == {"journal": str(path), "version": "3", "known": "2"}


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE accounts (name TEXT)",
        "CREATE TABLE meta (name TEXT, value TEXT)",
    ],
)
def test_another_program_s_database_is_refused_and_left_alone(path: Path, opened: OpenJournal, statement: str) -> None:
    _tamper(path, statement)

    assert _code(opened) == "CX512"
    with closing(sqlite3.connect(path)) as connection:
        assert [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master")] == [statement]


@pytest.mark.parametrize(
    "statement", ["DELETE FROM meta", "UPDATE meta SET value = 'two'", "UPDATE meta SET value = '0'"]
)
def test_a_journal_without_its_version_is_refused(
    journal: SqlJournal, path: Path, opened: OpenJournal, statement: str
) -> None:
    _fill(journal)
    _tamper(path, "DROP TRIGGER meta_no_delete", "DROP TRIGGER meta_only_up", statement)

    assert _code(opened) == "CX512"


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path, opened: OpenJournal) -> None:
    path.write_bytes(b"%PDF-1.7 " * 1000)

    assert _code(opened) == "CX512"
    assert path.read_bytes() == b"%PDF-1.7 " * 1000


def test_a_damaged_file_is_said_to_be_damaged(journal: SqlJournal, path: Path, opened: OpenJournal) -> None:
    _fill(journal, 100)
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xa5" * (len(content) - 8192))

    assert _code(lambda: opened().records()) == "CX513"
    assert _code(lambda: opened().intend("F1000", {})) == "CX513"


def test_a_truncated_file_is_said_to_be_damaged(journal: SqlJournal, path: Path, opened: OpenJournal) -> None:
    _fill(journal, 100)
    path.write_bytes(path.read_bytes()[:-20_000])

    assert _code(lambda: opened().records()) == "CX513"


def test_a_journal_that_somebody_holds_is_waited_for_and_then_given_up(
    journal: SqlJournal, path: Path, opened: OpenJournal
) -> None:
    _fill(journal)
    hurried = opened(f"sqlite:///{path}?timeout=0.01")
    with closing(sqlite3.connect(path)) as holder:
        holder.execute("BEGIN IMMEDIATE")

        assert _code(lambda: hurried.intend("F9", {})) == "CX514"
        assert "F9" not in hurried.records()

    assert hurried.intend("F9", {})


def test_a_read_only_journal_can_be_read_and_stops_a_deposit(
    journal: SqlJournal, path: Path, opened: OpenJournal
) -> None:
    _fill(journal)
    frozen = opened(f"sqlite:///file:{path}?mode=ro&uri=true")

    assert frozen.records()["F0"].state is State.INTENDED
    assert frozen.verify() == ()
    assert _code(lambda: frozen.intend("F9", {})) == "CX515"
    assert _code(lambda: frozen.record("F0", Event.ACCEPT, {})) == "CX515"


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path, opened: OpenJournal) -> None:
    assert _code(lambda: opened(f"sqlite:///{tmp_path}/gone/journal.db")) == "CX516"
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_stops_the_deposit_and_loses_nothing(journal: SqlJournal, opened: OpenJournal) -> None:
    journal.intend("F1", {})
    with database.transaction(journal._engine, write=False) as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))

    assert _code(lambda: journal.intend("F2", {"comment": "x" * 100_000})) == "CX517"

    assert list(journal.records()) == ["F1"]
    assert journal.verify() == ()
    assert opened().intend("F2", {})


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM entries WHERE event = 'intend'",
        "UPDATE entries SET event = 'release'",
        "UPDATE entries SET payload = 'no JSON'",
        "UPDATE entries SET payload = '[]'",
        "UPDATE entries SET at = 'yesterday'",
    ],
)
def test_lines_that_make_no_sense_are_told_by_their_number(path: Path, opened: OpenJournal, statement: str) -> None:
    journal = opened()
    journal.intend("F1", {})
    journal.record("F1", Event.ACCEPT, {})
    journal.close()
    _tamper(path, "DROP TRIGGER entries_no_update", "DROP TRIGGER entries_no_delete", statement)

    with pytest.raises(JournalError) as error:
        opened().records()

    assert (error.value.code, error.value.params["number"]) == ("CX518", "F1")


def test_an_unreadable_line_stops_the_list_of_lines(journal: SqlJournal, path: Path, opened: OpenJournal) -> None:
    _fill(journal)
    _tamper(path, "DROP TRIGGER entries_no_update", "UPDATE entries SET payload = '' WHERE sequence = 2")

    assert _code(lambda: opened().entries()) == "CX518"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "journal.db",
        "mysql://agnes:hush-hush@host/journal",
        "nonsense://agnes:hush-hush@host/journal",
        "postgresql+nonsense://agnes:hush-hush@host/journal",
        "postgresql+psycopg://agnes:hush-hush@host:port/journal",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(opened: OpenJournal, url: str) -> None:
    with pytest.raises(JournalError) as error:
        opened(url)

    assert error.value.code == "CX519"
    assert "hush" not in str(error.value)


def test_a_server_is_named_without_its_password() -> None:
    url = make_url("postgresql+psycopg://agnes:hush-hush@host:5432/journal?password=hush-hush")

    assert database.place(url) == "host/journal"
