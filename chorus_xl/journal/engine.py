"""How SQLite and PostgreSQL are opened and spoken to, and what their failures mean for a clerk.

Rule 1: everything that differs between the two databases stands here or beside the statements in ``migrations``.
Rule 2: what a database raises becomes a ``JournalError`` here; a password in its address is never shown.
Rule 3: a writing SQLite transaction takes its lock at its beginning, so that what it read still holds when it writes.
        PostgreSQL needs no lock for that: in READ COMMITTED each statement sees all that is committed, so a decision
        read after the newest line N has seen every line up to N; and if it has seen, or missed, a later one, line N + 1
        is taken and its unique key fails. The level is set here, whatever the server's own is.
Rule 4: a commit has reached the disk before anything is sent on the strength of it, whatever the server is set to.
Rule 5: nobody waits for ever: for a server that is away, for a lock, or for a line that went dead in the middle; and a
        line that went dead cannot keep the others waiting, since the server ends its idle transaction.
Rule 6: when the line breaks during a commit, nobody knows whether it happened (``LostError``). Nothing here repeats it.
        An intent must not be repeated: the press that lost it sends nothing, and the next one finds it, and looks it
        up, or finds the number free. An outcome may be, once: said again by the same attempt it leads to the same state
        (``lifecycle``), and a first commit that is still under way holds the unique key on which the second waits.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)

from chorus_xl.errors import JournalError

_SQLITE, _POSTGRESQL = "sqlite", "postgresql"
_BUSY_SECONDS = "15"  # another PC's transaction lasts milliseconds; longer means that somebody holds the file
_WRITES = "chorus_xl_writes"

_PRAGMAS = (
    "PRAGMA synchronous = FULL",  # rule 4
    "PRAGMA foreign_keys = ON",
)

_SQLITE_CODES = {
    sqlite3.SQLITE_NOTADB: "CX512",
    sqlite3.SQLITE_CORRUPT: "CX513",
    sqlite3.SQLITE_BUSY: "CX514",
    sqlite3.SQLITE_LOCKED: "CX514",
    sqlite3.SQLITE_READONLY: "CX515",
    sqlite3.SQLITE_PERM: "CX515",
    sqlite3.SQLITE_CANTOPEN: "CX516",
    sqlite3.SQLITE_FULL: "CX517",
}

# What the address may set otherwise. Keep-alives find a dead line while an answer is awaited, the last one while what
# was written is not acknowledged (where the system has it).
_POSTGRESQL_PARAMETERS = {
    "application_name": "chorus-xl",
    "client_encoding": "utf8",
    "connect_timeout": "10",  # seconds
    "keepalives_idle": "10",  # seconds
    "keepalives_interval": "5",  # seconds
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",  # milliseconds
}
_POSTGRESQL_OPTIONS = (
    "-c synchronous_commit=on"  # rule 4
    " -c lock_timeout=15000"  # milliseconds, here and below; the same patience as for SQLite
    " -c statement_timeout=60000"
    " -c idle_in_transaction_session_timeout=30000"
)

_POSTGRESQL_CODES = {
    "25006": "CX623",  # read_only_sql_transaction: a standby, or a role that may only read
    "40001": "CX514",  # serialization_failure
    "40P01": "CX514",  # deadlock_detected
    "42501": "CX623",  # insufficient_privilege
    "42P01": "CX512",  # undefined_table
    "53100": "CX517",  # disk_full
    "55P03": "CX514",  # lock_not_available
    "57014": "CX514",  # query_canceled: it took longer than its time-out
    "XX001": "CX513",  # data_corrupted
    "XX002": "CX513",  # index_corrupted
}


class LostError(JournalError):
    """The line broke: what the transaction wrote is in the journal as a whole or not at all, and nobody knows which."""


def connect(address: str, *, reading: bool = False) -> Engine:
    """An engine for the address; nothing is opened yet. One that is ``reading`` cannot write.

    Raises:
        JournalError: the address is not one, or its driver is not installed.
    """
    try:
        url = make_url(address)
        if url.get_backend_name() == _POSTGRESQL and address.count("@") > 1:
            raise JournalError("CX620")  # ``make_url`` ends the password at the first, and the rest would be shown
        return _OPENERS[url.drivername](url, reading=reading)
    except (ArgumentError, NoSuchModuleError, ImportError, KeyError, ValueError) as error:
        raise JournalError("CX519", detail=type(error).__name__) from None  # the address may hold a password


def place(url: URL) -> str:
    """The journal's place as a clerk may read it: a file, or a server and its database."""
    if url.get_backend_name() == _SQLITE:
        return url.database or ""
    host = url.host or url.query.get("host") or "localhost"
    return f"{host if isinstance(host, str) else host[0]}/{url.database or ''}"


@contextmanager
def transaction(engine: Engine, *, write: bool) -> Iterator[Connection]:
    """One short transaction: committed at the end of the block, undone when it raises.

    Raises:
        LostError: the line broke, perhaps while it was committed.
        JournalError: the database failed; nothing was written.
        IntegrityError: a unique key was taken meanwhile; nothing was written.
    """
    try:
        connection = engine.connect().execution_options(**{_WRITES: write})
    except SQLAlchemyError as error:
        raise _failure(error, engine.url, has_begun=False) from error
    try:
        with connection, connection.begin():
            yield connection
    except IntegrityError:
        raise
    except SQLAlchemyError as error:
        raise _failure(error, engine.url, has_begun=True) from error


def _failure(error: SQLAlchemyError, url: URL, *, has_begun: bool) -> JournalError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    journal, detail = place(url), str(cause).partition("\n")[0]
    primary = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the rest of the bits only refine it
    if primary in _SQLITE_CODES:
        return JournalError(_SQLITE_CODES[primary], journal=journal)
    state = getattr(cause, "sqlstate", None)
    if state in _POSTGRESQL_CODES:
        return JournalError(_POSTGRESQL_CODES[state], journal=journal, detail=detail)
    is_broken = isinstance(error, DBAPIError) and error.connection_invalidated
    if url.get_backend_name() != _POSTGRESQL or not (is_broken or isinstance(error, OperationalError)):
        return JournalError("CX510", journal=journal, detail=detail)
    if has_begun:  # what else is operational breaks the line: an administrator, a crash, a time-out, the network
        return LostError("CX625", journal=journal, detail=detail)
    # Before there is a connection the driver has words only; those of a server that answered come after FATAL.
    _, answered, words = str(cause).rpartition("FATAL:")
    if answered:
        return JournalError("CX622", journal=journal, detail=words.strip().partition("\n")[0])
    return JournalError("CX621", journal=journal, detail=detail)


def _open_sqlite(url: URL, *, reading: bool) -> Engine:
    engine = create_engine(url if "timeout" in url.query else url.update_query_dict({"timeout": _BUSY_SECONDS}))
    event.listen(engine, "connect", _prepare_sqlite_reader if reading else _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions begin where ``_begin_sqlite`` says, not where sqlite3 guesses
    try:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        _write_ahead(connection)
    except sqlite3.Error:
        connection.close()  # the pool does not know of it yet
        raise


def _prepare_sqlite_reader(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only = ON")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Write-ahead logging: readers and a writer do not wait for each other. It is a property of the file."""
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        # SQLite never waits to change this, busy timeout or not. Whoever is in the way is changing it for us, and
        # nothing but speed depends on it.
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _open_postgresql(url: URL, *, reading: bool) -> Engine:
    """A server's journal; a connection that died since it was last used is replaced before it is used again."""
    options = f"{url.query.get('options', '')}{' -c default_transaction_read_only=on' * reading}"
    url = url.set(drivername="postgresql+psycopg", query={**_POSTGRESQL_PARAMETERS, **url.query})
    url = url.update_query_dict({"options": f"{_POSTGRESQL_OPTIONS} {options}"})
    return create_engine(url, isolation_level="READ COMMITTED", pool_pre_ping=True)


_OPENERS: Mapping[str, Callable[..., Engine]] = {
    "sqlite": _open_sqlite,
    "sqlite+pysqlite": _open_sqlite,
    "postgresql": _open_postgresql,
    "postgresql+psycopg": _open_postgresql,
}
