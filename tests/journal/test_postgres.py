"""What only a server can do to a journal: be away, refuse, hang up in the middle of a commit."""

import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import IntegrityError

from chorus_xl.domain.lifecycle import Event, State
from chorus_xl.errors import ExitCode, JournalError
from chorus_xl.journal import SqlJournal
from chorus_xl.journal import engine as database
from chorus_xl.journal.saying import Said
from tests.journal.cut_line import CutLine, Moment
from tests.postgres import CLERK, Postgres, on_the_page

OpenJournal = Callable[..., SqlJournal]


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.emptied()


@pytest.fixture
def name(url: str) -> str:
    return str(make_url(url).database)


@pytest.fixture
def line(postgres: Postgres) -> Iterator[CutLine]:
    with CutLine(postgres.port) as line:
        yield line


@pytest.fixture
def over_the_line(postgres: Postgres, name: str, line: CutLine, opened: OpenJournal) -> SqlJournal:
    """The journal over a line that can be cut."""
    return opened(postgres.url(name, port=line.port))


def _failure(act: Callable[[], object]) -> JournalError:
    with pytest.raises(JournalError) as error:
        act()
    assert error.value.exit_code is ExitCode.SETUP
    return error.value


@contextmanager
def _behind_its_back(url: str) -> Iterator[Any]:
    import psycopg  # noqa: PLC0415 - only where there is a server

    with closing(psycopg.connect(url.replace("+psycopg", ""))) as connection:
        yield connection


@pytest.mark.parametrize(
    ("setting", "of_the_server", "ours"),
    [
        ("synchronous_commit", "off", "on"),
        ("transaction_isolation", "", "read committed"),
        ("default_transaction_isolation", "serializable", "serializable"),
        ("lock_timeout", "0", "15s"),
        ("statement_timeout", "0", "1min"),
        ("idle_in_transaction_session_timeout", "0", "30s"),
        ("client_encoding", "latin1", "UTF8"),
        ("application_name", "psql", "chorus-xl"),
    ],
)
def test_each_transaction_is_durable_and_none_waits_for_ever(
    postgres: Postgres, name: str, opened: OpenJournal, setting: str, of_the_server: str, ours: str
) -> None:
    if of_the_server:
        postgres.query(f"ALTER DATABASE {name} SET {setting} = '{of_the_server}'")

    with database.transaction(opened()._engine, write=True) as connection:
        assert connection.exec_driver_sql(f"SHOW {setting}").scalar() == ours


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("connect_timeout", "10"), ("keepalives_idle", "10"), ("keepalives_count", "3"), ("tcp_user_timeout", "25000")],
)
def test_a_dead_line_is_noticed(journal: SqlJournal, parameter: str, value: str) -> None:
    with database.transaction(journal._engine, write=False) as connection:
        driver: Any = connection.connection.driver_connection

        assert driver.info.get_parameters()[parameter] == value


def test_the_address_has_the_last_word(url: str, opened: OpenJournal) -> None:
    journal = opened(f"{url}?connect_timeout=3&options=-c%20lock_timeout%3D7s")

    with database.transaction(journal._engine, write=False) as connection:
        driver: Any = connection.connection.driver_connection

        assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "7s"
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
        assert driver.info.get_parameters()["connect_timeout"] == "3"


def test_the_password_may_stand_in_the_password_file_of_postgresql(
    postgres: Postgres, url: str, opened: OpenJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords = tmp_path / "pgpass.conf"
    passwords.write_text(f"127.0.0.1:{postgres.port}:journal:chorus_owner:{postgres.password}\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passwords))

    assert opened(url.replace(f":{postgres.password}@", "@")).intend("F1", {})


def test_an_address_without_a_driver_is_good_enough(url: str, opened: OpenJournal) -> None:
    assert opened(url.replace("+psycopg", "")).intend("F1", {})


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE entries",
        "TRUNCATE entries, meta",
        "UPDATE entries SET attempt = attempt",
        "INSERT INTO entries SELECT * FROM entries ON CONFLICT (sequence) DO UPDATE SET payload = '{}'",
        "TRUNCATE meta",
        "DELETE FROM meta",
        "UPDATE meta SET value = '1'",
        "UPDATE meta SET value = '2'",
        "UPDATE meta SET value = 'x'",
        "UPDATE meta SET name = 'x', value = '3'",
        "INSERT INTO meta SELECT * FROM meta ON CONFLICT (name) DO UPDATE SET value = '1'",
    ],
)
def test_the_server_refuses_to_change_what_was_written_even_to_its_owner(journal: SqlJournal, statement: str) -> None:
    journal.intend("F1", {})

    with (
        pytest.raises(IntegrityError, match=r"append-only|only goes up"),
        database.transaction(journal._engine, write=True) as connection,
    ):
        connection.exec_driver_sql(statement)

    assert list(journal.records()) == ["F1"]


def test_a_server_that_is_away_stops_the_deposit_until_it_is_back(journal: SqlJournal, postgres: Postgres) -> None:
    journal.intend("F1", {})
    postgres.stop()
    try:
        failures = [_failure(lambda: journal.intend("F2", {})), _failure(journal.records)]
    finally:
        postgres.start()

    assert [failure.code for failure in failures] == ["CX621", "CX621"]
    assert journal.intend("F2", {})


def test_a_server_that_never_answers_is_given_up(opened: OpenJournal) -> None:
    import socket  # noqa: PLC0415 - here alone

    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]

        assert _failure(lambda: opened(f"postgresql://agnes:hush@127.0.0.1:{port}/j?connect_timeout=2")).code == "CX621"


@pytest.mark.parametrize(
    ("user", "password", "database_name", "words"),
    [
        ("chorus_owner", "hush-wrong", "", 'password authentication failed for user "chorus_owner"'),
        ("nobody", "hush-wrong", "", 'password authentication failed for user "nobody"'),
        ("chorus_owner", "", "gone", 'database "gone" does not exist'),
    ],
    ids=["password", "user", "database"],
)
def test_a_refused_connection_is_told_in_the_server_s_words_and_without_the_password(
    postgres: Postgres, name: str, opened: OpenJournal, user: str, password: str, database_name: str, words: str
) -> None:
    error = _failure(lambda: opened(postgres.url(database_name or name, user=user, password=password)))

    assert (error.code, error.params["detail"]) == ("CX622", words)
    assert error.params["journal"] == f"127.0.0.1/{database_name or name}"
    assert "hush" not in "".join(traceback.format_exception(error))


def test_a_server_that_is_starting_up_says_so(postgres: Postgres, name: str, opened: OpenJournal) -> None:
    postgres.query(f"ALTER DATABASE {name} CONNECTION LIMIT 0")
    postgres.query(f"GRANT ALL ON DATABASE {name} TO {CLERK}")

    error = _failure(lambda: opened(postgres.url(name, user=CLERK)))

    assert (error.code, error.params["detail"]) == ("CX622", f'too many connections for database "{name}"')


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://agnes:hush@hush@host/journal",
        "postgresql://agnes:hush@hush/hush@host/journal",
        "postgresql://agnes:x@hush?hush@host/journal",
    ],
)
def test_a_password_with_an_at_sign_must_be_written_encoded(opened: OpenJournal, address: str) -> None:
    error = _failure(lambda: opened(address))

    assert error.code == "CX620"
    assert "hush" not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://agnes:hu%40sh@srv:5433/journal?password=hush", "srv/journal"),
        ("postgresql://agnes@/journal?host=/var/run/postgresql", "/var/run/postgresql/journal"),
        ("postgresql://agnes@/journal?host=one&host=two", "one/journal"),
        ("postgresql:///journal", "localhost/journal"),
        ("postgresql://srv", "srv/"),
    ],
)
def test_a_server_s_journal_is_named_by_host_and_database(address: str, shown: str) -> None:
    assert database.place(make_url(address)) == shown


@pytest.mark.parametrize(
    ("sqlstate", "code"),
    [
        ("25006", "CX623"),
        ("40001", "CX514"),
        ("40P01", "CX514"),
        ("42501", "CX623"),
        ("53100", "CX517"),
        ("57014", "CX514"),
        ("XX001", "CX513"),
        ("P0001", "CX510"),
    ],
)
def test_what_the_server_fails_with_is_told_by_its_code(
    journal: SqlJournal, postgres: Postgres, name: str, sqlstate: str, code: str
) -> None:
    postgres.query(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{sqlstate}'; END $$;"
        "CREATE TRIGGER fail BEFORE INSERT ON entries EXECUTE FUNCTION fail()",
        name,
    )

    assert _failure(lambda: journal.intend("F1", {})).code == code
    assert journal.records() == {}


def test_a_journal_whose_tables_were_dropped_is_no_journal(journal: SqlJournal, postgres: Postgres, name: str) -> None:
    postgres.query("DROP TABLE entries", name)

    assert _failure(journal.records).code == "CX512"


def test_another_program_s_database_is_refused_and_left_alone(
    postgres: Postgres, name: str, opened: OpenJournal
) -> None:
    postgres.query("CREATE TABLE accounts (name TEXT)", name)

    assert _failure(opened).code == "CX512"
    assert postgres.query(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace", name
    ) == [("accounts",)]


def test_a_database_that_cannot_hold_every_word_is_refused_and_left_alone(
    postgres: Postgres, opened: OpenJournal
) -> None:
    latin = postgres.new_database("LATIN1")

    error = _failure(lambda: opened(latin))

    assert (error.code, error.params["encoding"]) == ("CX624", "LATIN1")
    assert postgres.query("SELECT 1 FROM pg_class WHERE relname = 'meta'", str(make_url(latin).database)) == []


def _grant_as_the_page_for_teams_says(postgres: Postgres, name: str) -> None:
    postgres.query("\n".join(on_the_page("sql rights")), name)


def test_the_rights_of_the_page_for_teams_are_enough_and_no_more(
    journal: SqlJournal, postgres: Postgres, name: str, opened: OpenJournal
) -> None:
    journal.intend("F1", {})
    _grant_as_the_page_for_teams_says(postgres, name)

    clerk = opened(postgres.url(name, user=CLERK))
    assert clerk.intend("F2", {})
    assert clerk.record("F1", Event.LOSE, {}) is State.IN_DOUBT
    assert clerk.verify() == ()
    for statement in (
        "UPDATE entries SET payload = ''",
        "DELETE FROM entries",
        "TRUNCATE entries",
        "UPDATE meta SET value = '3'",
        "ALTER TABLE entries DISABLE TRIGGER entries_append_only",
        "DROP TABLE entries",
        "CREATE TABLE other (name TEXT)",
    ):
        with (
            pytest.raises(JournalError, match="CX623"),
            database.transaction(clerk._engine, write=True) as connection,
        ):
            connection.exec_driver_sql(statement)


def test_a_role_that_may_only_read_reads_and_stops_a_deposit(
    journal: SqlJournal, postgres: Postgres, name: str, opened: OpenJournal
) -> None:
    journal.intend("F1", {})
    postgres.query(f"GRANT SELECT ON entries, meta TO {CLERK}", name)

    reader = opened(postgres.url(name, user=CLERK))

    assert list(reader.records()) == ["F1"]
    assert _failure(lambda: reader.intend("F2", {})).code == "CX623"


def test_an_empty_database_is_made_a_journal_by_its_owner_alone(
    postgres: Postgres, name: str, opened: OpenJournal
) -> None:
    assert _failure(lambda: opened(postgres.url(name, user=CLERK))).code == "CX623"
    assert opened().intend("F1", {})


def test_a_journal_that_somebody_holds_is_waited_for_and_then_given_up(
    journal: SqlJournal, url: str, opened: OpenJournal
) -> None:
    journal.intend("F1", {})
    hurried = opened(f"{url}?options=-c%20lock_timeout%3D20ms")
    with _behind_its_back(url) as holder:
        holder.execute("LOCK TABLE entries IN EXCLUSIVE MODE")

        assert _failure(lambda: hurried.intend("F2", {})).code == "CX514"
        assert list(hurried.records()) == ["F1"]

    assert hurried.intend("F2", {})


def test_a_pc_that_went_dead_in_the_middle_keeps_the_others_waiting_for_a_while_only(
    journal: SqlJournal, url: str, opened: OpenJournal
) -> None:
    dead = opened(f"{url}?options=-c%20idle_in_transaction_session_timeout%3D200ms")
    transaction = database.transaction(dead._engine, write=True)
    dead._append_once(transaction.__enter__(), "F1", lambda _: [Said(Event.INTEND, 1, {})])

    assert journal.intend("F1", {})

    with pytest.raises(database.LostError):
        transaction.__exit__(None, None, None)
    assert [entry.sequence for entry in journal.entries()] == [1]
    assert not dead.intend("F1", {})


def test_a_connection_that_died_between_two_lines_is_replaced(
    journal: SqlJournal, postgres: Postgres, name: str
) -> None:
    journal.intend("F1", {})
    assert postgres.break_connections(name)
    assert journal.record("F1", Event.ACCEPT, {}) is State.ACCEPTED

    postgres.restart()
    assert journal.intend("F2", {})
    assert journal.verify() == ()


@pytest.mark.parametrize(("moment", "state"), [("before", None), ("after", State.INTENDED)])
def test_an_intent_whose_commit_is_lost_sends_nothing_and_the_next_press_sees_what_became_of_it(
    over_the_line: SqlJournal, line: CutLine, opened: OpenJournal, moment: Moment, state: State | None
) -> None:
    line.cut(moment)

    error = _failure(lambda: over_the_line.intend("F1", {}))

    assert error.code == "CX625"
    next_press = opened()
    record = next_press.records().get("F1")
    assert (record.state if record else None) is state
    assert next_press.intend("F1", {}) is (state is None)


def test_an_intent_whose_commit_is_still_under_way_is_waited_for(
    over_the_line: SqlJournal, line: CutLine, opened: OpenJournal
) -> None:
    line.cut("during")

    assert _failure(lambda: over_the_line.intend("F1", {})).code == "CX625"
    taken = opened(machine="PC-2").intend("F1", {})

    assert [entry.machine for entry in opened().entries()] == ["PC-2" if taken else "PC-1"]


OUTCOMES = [
    (Event.ACCEPT, State.ACCEPTED),
    (Event.REFUSE, State.REFUSED),
    (Event.NOT_SEND, State.NOT_SENT),
    (Event.LOSE, State.IN_DOUBT),
]


@pytest.mark.parametrize("moment", ["before", "during", "after"])
@pytest.mark.parametrize(("event", "state"), OUTCOMES, ids=str)
def test_an_outcome_whose_commit_is_lost_is_said_again(
    over_the_line: SqlJournal, line: CutLine, opened: OpenJournal, event: Event, state: State, moment: Moment
) -> None:
    over_the_line.intend("F1", {})
    line.cut(moment)

    assert over_the_line.record("F1", event, {}) is state

    later = opened()
    assert later.records()["F1"].state is state
    assert {entry.event for entry in later.entries()} == {"intend", event}
    assert later.verify() == ()


def test_an_outcome_is_said_again_once(over_the_line: SqlJournal, line: CutLine, opened: OpenJournal) -> None:
    over_the_line.intend("F1", {})
    line.cut("before", "before")

    assert _failure(lambda: over_the_line.record("F1", Event.ACCEPT, {})).code == "CX625"
    assert opened().records()["F1"].state is State.INTENDED


@pytest.mark.parametrize("event", [Event.FIND, Event.MISS, Event.CONTRADICT])
def test_a_look_up_whose_commit_is_lost_is_left_to_the_next_press(
    over_the_line: SqlJournal, line: CutLine, opened: OpenJournal, event: Event
) -> None:
    over_the_line.intend("F1", {})
    line.cut("before")

    assert _failure(lambda: over_the_line.record("F1", event, {})).code == "CX625"
    assert opened().records()["F1"].state is State.INTENDED
