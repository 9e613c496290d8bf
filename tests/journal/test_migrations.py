"""An older journal becomes the present one, with every line as it was; a newer one is left alone."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, make_url
from sqlalchemy.exc import IntegrityError

from chorus_xl.domain.lifecycle import Event, State
from chorus_xl.errors import JournalError
from chorus_xl.journal import SqlJournal, migrations
from chorus_xl.journal import engine as database
from tests.postgres import Postgres

OpenJournal = Callable[..., SqlJournal]

ROOT = Path(__file__).resolve().parents[2]
VERSION_1 = Path(__file__).parent / "version_1"

# Waits for a line, then opens the journal and says how many numbers it knows.
OPENER = """
import sys
from datetime import UTC, datetime
from chorus_xl.journal import open_journal

print("ready", flush=True)
sys.stdin.readline()
with open_journal(sys.argv[1], environment="repetition", supplier_siret="11111111111111",
                  now=lambda: datetime.now(UTC), user="agnes", machine="PC") as journal:
    print(len(journal.records()), flush=True)
"""


@pytest.fixture
def old(url: str, path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a journal of version 1."""
    tables = (VERSION_1 / "tables.sql").read_text(encoding="utf-8")
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(tables + (VERSION_1 / "sqlite.sql").read_text(encoding="utf-8"))
    else:
        server: Postgres = request.getfixturevalue("postgres")
        script = tables + (VERSION_1 / "postgresql.sql").read_text(encoding="utf-8")
        server.query(script, str(make_url(url).database))
    return url


def _ask(url: str, question: str) -> list[tuple[Any, ...]]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            found = connection.exec_driver_sql(question)
            return [tuple(row) for row in found] if found.returns_rows else []
    finally:
        engine.dispose()


def _version(url: str) -> str:
    ((version,),) = _ask(url, "SELECT value FROM meta WHERE name = 'schema_version'")
    return str(version)


def test_an_older_journal_is_taken_forward_with_every_line_as_it_was(old: str, opened: OpenJournal) -> None:
    before = _ask(old, "SELECT * FROM entries ORDER BY sequence")

    journal = opened()

    assert _version(old) == str(migrations.SCHEMA_VERSION)
    assert _ask(old, "SELECT * FROM entries ORDER BY sequence") == before
    assert journal.verify([str(row[-1]) for row in before]) == ()
    assert {number: record.state for number, record in journal.records().items()} == {
        "F1": State.ACCEPTED,
        "F2": State.MISSED,
        "F3": State.REFUSED,
    }
    assert journal.records()["F1"].status_comment == "reçue"


def test_a_journal_that_was_taken_forward_goes_on(old: str, opened: OpenJournal) -> None:
    journal = opened()

    assert not journal.intend("F1", {})
    assert journal.intend("F3", {})
    assert journal.record("F2", Event.FIND, {}) is State.ACCEPTED
    assert journal.verify() == ()
    assert opened(environment="production").records()["F1"].state is State.INTENDED


def _shape(url: str) -> dict[str, Any]:
    """Everything but the lines: columns, keys, indexes, triggers and what they do."""
    engine = create_engine(url)
    try:
        seen = inspect(engine)
        shape: dict[str, Any] = {
            table: (
                [(column["name"], str(column["type"]), column["nullable"]) for column in seen.get_columns(table)],
                seen.get_pk_constraint(table)["constrained_columns"],
                sorted(unique["column_names"] for unique in seen.get_unique_constraints(table)),
                sorted(
                    (index["name"], index["column_names"], bool(index["unique"])) for index in seen.get_indexes(table)
                ),
            )
            for table in ("entries", "meta")
        }
        question = (
            "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
            if engine.dialect.name == "sqlite"
            else "SELECT pg_get_triggerdef(t.oid) || p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        )
    finally:
        engine.dispose()
    return {**shape, "triggers": sorted(re.sub(r"\s+", " ", text).strip() for (text,) in _ask(url, question))}


def test_an_older_journal_becomes_what_a_new_one_is(
    old: str, opened: OpenJournal, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if old.startswith("sqlite"):
        new = f"sqlite:///{tmp_path / 'new.db'}"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        new = server.new_database()
    opened().close()
    opened(new).close()

    assert _shape(old) == _shape(new)
    assert len(_shape(old)["triggers"]) == (6 if old.startswith("sqlite") else 3)


@pytest.mark.parametrize("is_new", [True, False], ids=["an_empty_database", "an_older_journal"])
def test_processes_that_open_it_together_take_it_forward_once(
    url: str,
    is_new: bool,  # noqa: FBT001 - a parameter
    request: pytest.FixtureRequest,
    opened: OpenJournal,
) -> None:
    numbers = 0 if is_new else 3
    if not is_new:
        request.getfixturevalue("old")
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(  # noqa: S603 - our own script
                    [sys.executable, "-c", OPENER, url],
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(3)
        ]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        said = [process.communicate("go\n", timeout=60) for process in processes]

    assert said == [(f"{numbers}\n", "")] * 3
    assert _version(url) == str(migrations.SCHEMA_VERSION)
    assert opened().verify() == ()


def test_a_step_that_fails_leaves_the_version_there_was(
    old: str, opened: OpenJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _shape(old)
    guard = dict(migrations._STEPS[1])
    broken = {dialect: (*statements, "SELECT nothing FROM nowhere") for dialect, statements in guard.items()}
    monkeypatch.setattr(migrations, "_STEPS", (migrations._STEPS[0], broken))

    with pytest.raises(JournalError):
        opened()

    assert _version(old) == "1"
    assert _shape(old) == before


def test_a_newer_journal_is_refused_and_left_alone(url: str, opened: OpenJournal) -> None:
    opened().close()
    newer = str(migrations.SCHEMA_VERSION + 1)
    _ask(url, f"UPDATE meta SET value = '{newer}'")  # noqa: S608 - no outsider's text

    with pytest.raises(JournalError) as error:
        opened()

    assert error.value.code == "CX511"
    assert (error.value.params["version"], error.value.params["known"]) == (newer, str(migrations.SCHEMA_VERSION))
    assert _version(url) == newer


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meta SET value = '1'",
        "UPDATE meta SET value = '2'",
        "UPDATE meta SET value = ''",
        "UPDATE meta SET value = 'x'",
        "UPDATE meta SET value = '3x'",
        "UPDATE meta SET value = '-3'",
        "UPDATE meta SET name = 'x', value = '3'",
        "DELETE FROM meta",
    ],
)
def test_the_version_only_goes_up(url: str, opened: OpenJournal, statement: str) -> None:
    opened().close()

    with pytest.raises(IntegrityError, match="only goes up"):
        _ask(url, statement)

    assert _version(url) == str(migrations.SCHEMA_VERSION)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_sqlite_refuses_to_replace_the_version(url: str, opened: OpenJournal) -> None:
    opened().close()

    with pytest.raises(IntegrityError, match="only goes up"):
        _ask(url, "REPLACE INTO meta VALUES ('schema_version', '1')")


def test_nothing_is_written_where_nothing_is_to_be_taken_forward(
    url: str, opened: OpenJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    writes = []
    really = database.transaction

    def transaction(engine: Any, *, write: bool) -> Any:  # noqa: ANN401 - what the real one takes and gives
        writes.append(write)
        return really(engine, write=write)

    monkeypatch.setattr(database, "transaction", transaction)
    opened()

    assert writes == [False]
