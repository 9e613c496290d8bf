"""The journal's tables, and what keeps them append-only.

Rule 1: one chain of entries a database, whatever environments and suppliers it holds.
Rule 2: the reservation of a deposit is a unique key in the database, never a lock held over a call (design §4.5).
Rule 3: a line is never changed or deleted, and triggers say so to whoever tries; who drops the triggers is found by
        the chain (``chain``).
Rule 4: an older schema is taken forward, an unknown newer one is refused: it may mean what this program cannot know.
"""

from sqlalchemy import DDL, Column, Connection, Index, Integer, MetaData, Table, Text, event, insert, inspect, select

from chorus_xl.errors import JournalError

SCHEMA_VERSION = 1

_metadata = MetaData()

meta = Table("meta", _metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

entries = Table(
    "entries",
    _metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 … without a gap
    Column("at", Text, nullable=False),  # ISO, UTC, microseconds
    Column("environment", Text, nullable=False),
    Column("supplier_siret", Text, nullable=False),
    Column("invoice_number", Text, nullable=False),
    Column("attempt", Integer, nullable=False),  # 0 before the first intent
    Column("event", Text, nullable=False),
    Column("payload", Text, nullable=False),  # canonical JSON
    Column("user", Text, nullable=False),
    Column("machine", Text, nullable=False),
    Column("previous_hash", Text, nullable=False, unique=True),  # unique: the chain cannot fork
    Column("hash", Text, nullable=False, unique=True),
)

Index(
    "entries_by_number", entries.c.environment, entries.c.supplier_siret, entries.c.invoice_number, entries.c.sequence
)

# In the words that both databases share: an ``Index`` would import the dialect of the one that is not used, each time.
_RESERVATION = DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy leaves its initialiser untyped
    "CREATE UNIQUE INDEX entries_reservation ON entries "
    "(environment, supplier_siret, invoice_number, attempt) WHERE event = 'intend'"
)
event.listen(entries, "after_create", _RESERVATION)

_TRIGGERS = {
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


def is_empty(connection: Connection) -> bool:
    """Whether the database holds no table at all."""
    return not inspect(connection).get_table_names()


def create(connection: Connection) -> None:
    """Create the schema in an empty database, within the caller's transaction."""
    _metadata.create_all(connection)
    for statement in _TRIGGERS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
    connection.execute(insert(meta).values(name="schema_version", value=str(SCHEMA_VERSION)))


def check(connection: Connection, journal: str) -> None:
    """See that the database is a journal which this program understands.

    Raises:
        JournalError: it is another database, or a newer program's.
    """
    if not set(inspect(connection).get_table_names()) >= {meta.name, entries.name}:
        raise JournalError("CX512", journal=journal)
    version = connection.scalar(select(meta.c.value).where(meta.c.name == "schema_version")) or ""
    if not version.isdecimal():
        raise JournalError("CX512", journal=journal)
    if int(version) > SCHEMA_VERSION:
        raise JournalError("CX511", journal=journal, version=version, known=str(SCHEMA_VERSION))
