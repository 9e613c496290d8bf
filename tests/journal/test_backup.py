"""A backup is whole or is not there; it takes the journal's place only where nothing is forgotten unsaid."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chorus_xl.domain.lifecycle import Event, State
from chorus_xl.errors import ChorusXlError
from chorus_xl.journal import SqlJournal
from chorus_xl.journal import backup as keeping
from chorus_xl.journal.ledger import Verification, address_of, open_ledger

OpenJournal = Callable[..., SqlJournal]

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def url(path: Path) -> str:
    """Files only: a server's journal is kept by the server's own tools."""
    return f"sqlite:///{path}"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copies" / "journal-backup.sqlite"


def deposit(opened: OpenJournal, *numbers: str) -> None:
    journal = opened()
    for number in numbers:
        journal.intend(number, {})
        journal.record(number, Event.ACCEPT, {})
    journal.close()


def read(file: Path) -> Verification:
    with open_ledger(address_of(file)) as ledger:
        return ledger.verify()


def code(act: Callable[[], object]) -> str:
    with pytest.raises(ChorusXlError) as error:
        act()
    return error.value.code


def spoil(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for name in ("update", "delete", "replace"):
            connection.execute(f"DROP TRIGGER IF EXISTS entries_no_{name}")
        connection.execute(statement)


def nothing(_: Path, __: Path) -> None:
    pass


def write_there(copy: Path, _: Path) -> None:
    copy.parent.mkdir()
    copy.write_text("mine")


def spoil_the_journal(copy: Path, journal: Path) -> None:
    copy.parent.mkdir()
    spoil(journal, "DELETE FROM entries WHERE sequence = 1")


def remove_the_journal(_: Path, journal: Path) -> None:
    journal.unlink()


def test_a_backup_of_a_journal_in_use_is_whole_and_one_file(url: str, copy: Path, opened: OpenJournal) -> None:
    copy.parent.mkdir()
    deposit(opened, "F1")
    in_use = opened()
    in_use.intend("F2", {})

    found = keeping.back_up(url, copy)

    assert (found.lines, found.faults, found.head) == (3, (), in_use.head())
    assert [each.name for each in copy.parent.iterdir()] == [copy.name]
    assert read(copy) == found
    assert [each.name for each in copy.parent.iterdir()] == [copy.name], "reading a backup leaves nothing beside it"


def test_a_backup_is_still_append_only(url: str, copy: Path, opened: OpenJournal) -> None:
    copy.parent.mkdir()
    deposit(opened, "F1")
    keeping.back_up(url, copy)

    with closing(sqlite3.connect(copy)) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute("DELETE FROM entries")


@pytest.mark.parametrize(
    ("prepare", "expected"),
    [
        (write_there, "CX611"),
        (nothing, "CX615"),
        (spoil_the_journal, "CX617"),
        (remove_the_journal, "CX600"),
    ],
    ids=["the file exists", "no such folder", "a broken journal", "no journal"],
)
def test_a_backup_that_cannot_be_made_leaves_nothing(
    url: str, path: Path, copy: Path, opened: OpenJournal, prepare: Callable[[Path, Path], object], expected: str
) -> None:
    deposit(opened, "F1")
    prepare(copy, path)
    before = copy.read_bytes() if copy.exists() else None

    assert code(lambda: keeping.back_up(url, copy)) == expected
    assert (copy.read_bytes() if copy.exists() else None) == before
    assert not copy.parent.exists() or [each.name for each in copy.parent.iterdir()] == [copy.name] * (
        before is not None
    )


def test_an_older_backup_put_back_keeps_the_newer_journal_aside_and_says_what_is_missing(
    url: str, path: Path, copy: Path, opened: OpenJournal
) -> None:
    copy.parent.mkdir()
    deposit(opened, "F1")
    keeping.back_up(url, copy)
    deposit(opened, "F3", "F2")

    said = keeping.compare(url, copy)
    aside = keeping.restore(url, copy, NOON)

    assert (said.missing, said.numbers) == (4, ("F2", "F3"))
    assert aside == path.with_name("journal-20261123T120000.db")
    assert (read(path).lines, read(aside).lines) == (2, 6)
    assert sorted(each.name for each in path.parent.iterdir()) == ["copies", aside.name, path.name]
    assert opened().records()["F1"].state is State.ACCEPTED
    assert opened().intend("F4", {})
    assert read(path).faults == ()


def test_a_backup_that_goes_on_from_the_journal_in_place_loses_nothing(
    url: str, path: Path, copy: Path, opened: OpenJournal
) -> None:
    copy.parent.mkdir()
    deposit(opened, "F1")
    older = copy.with_name("older.sqlite")
    keeping.back_up(url, older)
    deposit(opened, "F2")
    keeping.back_up(url, copy)
    keeping.restore(url, older, NOON)

    assert keeping.compare(url, copy).missing == 0
    keeping.restore(url, copy, NOON.replace(hour=13))

    assert (read(path).lines, read(path).faults) == (4, ())


def test_a_backup_is_put_where_there_is_no_journal_any_more(
    url: str, path: Path, copy: Path, opened: OpenJournal
) -> None:
    copy.parent.mkdir()
    deposit(opened, "F1")
    keeping.back_up(url, copy)
    path.unlink()

    assert keeping.restore(url, copy, NOON) is None
    assert read(path).lines == 2


@pytest.mark.parametrize("damage", ["no database at all", "pages"])
def test_a_backup_replaces_a_damaged_journal_which_is_kept_as_it_is(
    url: str, path: Path, copy: Path, opened: OpenJournal, damage: str
) -> None:
    copy.parent.mkdir()
    deposit(opened, *(f"F{number}" for number in range(40)))
    keeping.back_up(url, copy)
    content = path.read_bytes()
    damaged = b"%PDF-1.7" * 999 if damage != "pages" else content[:8192] + b"\xa5" * (len(content) - 8192)
    path.write_bytes(damaged)

    assert keeping.compare(url, copy).present is None
    aside = keeping.restore(url, copy, NOON)

    assert aside is not None
    assert aside.read_bytes()[8192:] == damaged[8192:]
    assert (read(path).lines, read(path).faults) == (80, ())


def test_a_journal_bent_by_hand_is_replaced_by_its_own_backup(
    url: str, path: Path, copy: Path, opened: OpenJournal
) -> None:
    copy.parent.mkdir()
    deposit(opened, "F1", "F2")
    keeping.back_up(url, copy)
    spoil(path, "DELETE FROM entries WHERE sequence > 3")
    spoil(path, "UPDATE entries SET payload = '{}', hash = 'forged' WHERE sequence = 3")

    keeping.restore(url, copy, NOON)

    assert (read(path).lines, read(path).faults) == (4, ())


def test_a_backup_made_before_the_first_deposit_is_of_any_journal(url: str, copy: Path, opened: OpenJournal) -> None:
    opened().close()
    copy.parent.mkdir()
    keeping.back_up(url, copy)
    deposit(opened, "F-1")

    assert keeping.compare(url, copy).missing == 2


def test_another_journal_s_backup_is_refused(url: str, path: Path, copy: Path, opened: OpenJournal) -> None:
    copy.parent.mkdir()
    deposit(opened, "F1")
    keeping.back_up(url, copy)
    path.unlink()
    deposit(opened, "F2")
    before = read(path)

    assert code(lambda: keeping.restore(url, copy, NOON)) == "CX618"
    assert read(path) == before


def test_a_backup_that_does_not_hold_is_refused(url: str, path: Path, copy: Path, opened: OpenJournal) -> None:
    copy.parent.mkdir()
    deposit(opened, "F1", "F2")
    keeping.back_up(url, copy)
    spoil(copy, "DELETE FROM entries WHERE sequence = 2")

    assert code(lambda: keeping.restore(url, copy, NOON)) == "CX617"
    assert read(path).lines == 4


def test_a_journal_that_another_program_has_open_is_not_replaced(
    url: str, path: Path, copy: Path, opened: OpenJournal
) -> None:
    copy.parent.mkdir()
    deposit(opened, "F1")
    keeping.back_up(url, copy)
    elsewhere = opened()
    elsewhere.intend("F2", {})

    assert code(lambda: keeping.restore(url, copy, NOON)) == "CX514"
    assert elsewhere.intend("F3", {})
    assert read(path).lines == 4
    assert sorted(each.name for each in path.parent.iterdir() if "-2026" in each.name) == []


def test_a_server_s_journal_is_left_to_the_server_s_tools(copy: Path) -> None:
    server = "postgresql+psycopg://agnes:hush@host/journal"

    assert code(lambda: keeping.back_up(server, copy)) == "CX619"
    assert code(lambda: keeping.compare(server, copy)) == "CX619"
