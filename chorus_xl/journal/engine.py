"""How SQLite and PostgreSQL are opened and spoken to, and what their failures mean for a clerk.

Rule 1: everything that differs between the two databases stands here or beside the tables in ``schema``.
Rule 2: what a database raises becomes a ``JournalError`` here; a password in its address is never shown.
Rule 3: a writing SQLite transaction takes its lock at its beginning, so that what it read still holds when it writes.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from chorus_xl.errors import JournalError

_SQLITE = "sqlite"
_BUSY_SECONDS = "15"  # another PC's transaction lasts milliseconds; longer means that somebody holds the file
_WRITES = "chorus_xl_writes"

_PRAGMAS = (
    "PRAGMA synchronous = FULL",  # a commit has reached the disk before anything is sent on the strength of it
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


def connect(address: str) -> Engine:
    """An engine for the address; nothing is opened yet.

    Raises:
        JournalError: the address is not one, or its driver is not installed.
    """
    try:
        url = make_url(address)
        return _OPENERS[url.get_backend_name()](url)
    except (ArgumentError, NoSuchModuleError, ImportError, KeyError, ValueError) as error:
        raise JournalError("CX519", detail=type(error).__name__) from None  # the address may hold a password


def place(url: URL) -> str:
    """The journal's place as a clerk may read it: a file, or a server and its database."""
    if url.get_backend_name() == _SQLITE:
        return url.database or ""
    return f"{url.host}/{url.database}"


@contextmanager
def transaction(engine: Engine, *, write: bool) -> Iterator[Connection]:
    """One short transaction: committed at the end of the block, undone when it raises.

    Raises:
        JournalError: the database failed.
        IntegrityError: a unique key was taken meanwhile.
    """
    try:
        with engine.connect().execution_options(**{_WRITES: write}) as connection, connection.begin():
            yield connection
    except IntegrityError:
        raise
    except SQLAlchemyError as error:
        raise _failure(error, place(engine.url)) from error


def _failure(error: SQLAlchemyError, journal: str) -> JournalError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    primary = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the rest of the bits only refine it
    if primary in _SQLITE_CODES:
        return JournalError(_SQLITE_CODES[primary], journal=journal)
    return JournalError("CX510", journal=journal, detail=str(cause).partition("\n")[0])


def _open_sqlite(url: URL) -> Engine:
    engine = create_engine(url if "timeout" in url.query else url.update_query_dict({"timeout": _BUSY_SECONDS}))
    event.listen(engine, "connect", _prepare_sqlite)
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


_OPENERS: Mapping[str, Callable[[URL], Engine]] = {_SQLITE: _open_sqlite, "postgresql": create_engine}
