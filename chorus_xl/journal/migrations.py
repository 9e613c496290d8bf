"""How a database becomes a journal, and an older journal the present one.

Rule 1: ``_STEPS[n]`` takes version n to n + 1; version 0 is an empty database. A new journal goes through the same
        steps as an old one, so that there is one kind of journal.
Rule 2: the steps that are missing and the version they lead to are one transaction, behind a lock that one process at
        a time gets; who waited for it looks again. A program that is killed in the middle changes nothing.
Rule 3: a step never touches a line: what the chain vouches for stays as it is.
Rule 4: an unknown newer version is refused: it may mean what this program cannot know.

Version 2 holds kinds of lines that a program of version 1 would misread: acts on a deposited invoice, evidence of an
exchange, passages of the platform's history, releases by a second person. Raising the number keeps it out, and guards
the number itself. A press of version 1 that is under way meanwhile ends as it began: its lines are good lines.
"""

from sqlalchemy import Connection, Engine, inspect, select, update

from chorus_xl.errors import JournalError
from chorus_xl.journal import engine as database
from chorus_xl.journal.schema import entries, meta

_VERSION = "schema_version"

_TABLES = (
    "CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
    "INSERT INTO meta (name, value) VALUES ('schema_version', '0')",
    """
    CREATE TABLE entries (
        sequence INTEGER NOT NULL PRIMARY KEY,
        at TEXT NOT NULL,
        environment TEXT NOT NULL,
        supplier_siret TEXT NOT NULL,
        invoice_number TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        event TEXT NOT NULL,
        payload TEXT NOT NULL,
        "user" TEXT NOT NULL,
        machine TEXT NOT NULL,
        previous_hash TEXT NOT NULL UNIQUE,
        hash TEXT NOT NULL UNIQUE
    )
    """,
    "CREATE INDEX entries_by_number ON entries (environment, supplier_siret, invoice_number, sequence)",
    """
    CREATE UNIQUE INDEX entries_reservation
    ON entries (environment, supplier_siret, invoice_number, attempt) WHERE event = 'intend'
    """,
)

_APPEND_ONLY = {
    "sqlite": (
        """
        CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
        """,
        """
        CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
        """,
        # INSERT OR REPLACE deletes without firing the trigger above.
        """
        CREATE TRIGGER entries_no_replace BEFORE INSERT ON entries
        WHEN EXISTS (
            SELECT 1 FROM entries
            WHERE sequence = NEW.sequence OR previous_hash = NEW.previous_hash OR hash = NEW.hash
        ) OR NEW.event = 'intend' AND EXISTS (
            SELECT 1 FROM entries
            WHERE event = 'intend' AND environment = NEW.environment AND supplier_siret = NEW.supplier_siret
            AND invoice_number = NEW.invoice_number AND attempt = NEW.attempt
        )
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION entries_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'restrict_violation'; END $$
        """,
        """
        CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
        FOR EACH STATEMENT EXECUTE FUNCTION entries_append_only()
        """,
    ),
}

_ONLY_UP = {
    "sqlite": (
        """
        CREATE TRIGGER meta_only_up BEFORE UPDATE ON meta
        WHEN NEW.name <> OLD.name OR NEW.value GLOB '*[^0-9]*'
            OR CAST(NEW.value AS INTEGER) <= CAST(OLD.value AS INTEGER)
        BEGIN SELECT RAISE(ABORT, 'the version of the journal only goes up'); END
        """,
        """
        CREATE TRIGGER meta_no_delete BEFORE DELETE ON meta
        BEGIN SELECT RAISE(ABORT, 'the version of the journal only goes up'); END
        """,
        """
        CREATE TRIGGER meta_no_replace BEFORE INSERT ON meta
        WHEN EXISTS (SELECT 1 FROM meta WHERE name = NEW.name)
        BEGIN SELECT RAISE(ABORT, 'the version of the journal only goes up'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION meta_only_up() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF NEW.name = OLD.name AND NEW.value ~ '^[0-9]{1,9}$' THEN
                    IF NEW.value::integer > OLD.value::integer THEN RETURN NEW; END IF;
                END IF;
            END IF;
            RAISE EXCEPTION 'the version of the journal only goes up' USING ERRCODE = 'restrict_violation';
        END $$
        """,
        """
        CREATE TRIGGER meta_only_up BEFORE UPDATE OR DELETE ON meta
        FOR EACH ROW EXECUTE FUNCTION meta_only_up()
        """,
        """
        CREATE TRIGGER meta_no_truncate BEFORE TRUNCATE ON meta
        FOR EACH STATEMENT EXECUTE FUNCTION meta_only_up()
        """,
    ),
}

_STEPS = (
    {dialect: (*_TABLES, *triggers) for dialect, triggers in _APPEND_ONLY.items()},
    _ONLY_UP,
)

SCHEMA_VERSION = len(_STEPS)
"""The version that this program writes."""


def bring_up(engine: Engine) -> None:
    """Make an empty database a journal, and an older journal the present one; where it is, nothing is done.

    Raises:
        JournalError: it cannot be opened, is another database, or a newer program's.
    """
    place = database.place(engine.url)
    with database.transaction(engine, write=False) as connection:
        if version_of(connection, place) == SCHEMA_VERSION:
            return
    with database.transaction(engine, write=True) as connection:
        _lock(connection)
        version = version_of(connection, place)  # another process may have been first
        if version == 0:
            _refuse_other_encodings(connection, place)
        for number, step in enumerate(_STEPS[version:], start=version + 1):
            for statement in step[connection.dialect.name]:
                connection.exec_driver_sql(statement)
            connection.execute(update(meta).where(meta.c.name == _VERSION).values(value=str(number)))


def version_of(connection: Connection, place: str) -> int:
    """The version of the journal; 0 when the database holds no table at all.

    Raises:
        JournalError: it is another database, or a newer program's.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return 0
    if not tables >= {meta.name, entries.name}:
        raise JournalError("CX512", journal=place)
    version = connection.scalar(select(meta.c.value).where(meta.c.name == _VERSION)) or ""
    if not version.isdecimal() or int(version) == 0:
        raise JournalError("CX512", journal=place)
    if int(version) > SCHEMA_VERSION:
        raise JournalError("CX511", journal=place, version=version, known=str(SCHEMA_VERSION))
    return int(version)


def statements_of(version: int, dialect: str) -> list[str]:
    """What a journal of that version was made with."""
    return [statement for step in _STEPS[:version] for statement in step[dialect]]


def _lock(connection: Connection) -> None:
    """Let one process at a time go on, until its transaction ends; SQLite's own began with such a lock."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(x'63686f727573'::bigint)")  # "chorus", in ASCII


def _refuse_other_encodings(connection: Connection, place: str) -> None:
    if connection.dialect.name == "postgresql":
        encoding = str(connection.exec_driver_sql("SHOW server_encoding").scalar())
        if encoding != "UTF8":
            raise JournalError("CX624", journal=place, encoding=encoding)
