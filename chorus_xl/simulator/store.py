"""The state file: the only truth of the stand-in, on SQLite.

1. What an answer says has been committed before the answer leaves. Killing the process loses nothing it said.
2. Several processes may share one file; that a number is accepted once is the UNIQUE key's doing, not a lock's.
3. Attachments are remembered by size, name and digest, never by content.
4. Knows tables and transactions; knows no rule of the platform.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

_LAYOUT = 1
_BUSY_SECONDS = 20.0
_OPEN_TRIES = 200

_SCHEMA = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE switch (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE token (value TEXT PRIMARY KEY, expires_at TEXT NOT NULL);
CREATE TABLE supplier (id INTEGER PRIMARY KEY AUTOINCREMENT, siret TEXT NOT NULL UNIQUE);
CREATE TABLE attachment (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, extension TEXT NOT NULL, mime TEXT NOT NULL,
    size INTEGER NOT NULL, sha256 TEXT NOT NULL, added_at TEXT NOT NULL
);
CREATE TABLE assigned_life (number TEXT PRIMARY KEY, life TEXT NOT NULL);
CREATE TABLE invoice (
    id INTEGER PRIMARY KEY AUTOINCREMENT, supplier_id INTEGER NOT NULL, number TEXT NOT NULL,
    supplier_siret TEXT NOT NULL, buyer_id INTEGER NOT NULL, buyer_siret TEXT NOT NULL, service TEXT,
    kind TEXT NOT NULL, framework TEXT NOT NULL, mode TEXT NOT NULL,
    issued_on TEXT NOT NULL, deposited_on TEXT NOT NULL,
    without_vat REAL NOT NULL, with_vat REAL NOT NULL, due REAL NOT NULL, currency TEXT NOT NULL,
    contract TEXT, engagement TEXT, origin TEXT, content TEXT NOT NULL,
    status TEXT NOT NULL, status_at TEXT NOT NULL, status_comment TEXT, rejection_handled INTEGER NOT NULL DEFAULT 0,
    life TEXT NOT NULL, step INTEGER NOT NULL DEFAULT 0, waited INTEGER NOT NULL DEFAULT 0,
    hidden_searches INTEGER NOT NULL, visible_at TEXT NOT NULL, accepted_at TEXT NOT NULL,
    UNIQUE (supplier_id, number)
);
CREATE INDEX invoice_by_deposit ON invoice (deposited_on, id);
CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT, invoice_id INTEGER NOT NULL REFERENCES invoice (id),
    status TEXT NOT NULL, at TEXT NOT NULL, comment TEXT
);
CREATE INDEX history_by_invoice ON history (invoice_id, id);
CREATE TABLE submission (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL,
    supplier_id INTEGER, number TEXT, return_code INTEGER NOT NULL
);
INSERT INTO sqlite_sequence (name, seq)
VALUES ('supplier', 27000000), ('attachment', 7700100), ('invoice', 9100000);
"""

# Came later, and needs nothing of what was there: a state of before gains it, and stays of the same layout.
_ACTS = """
CREATE TABLE IF NOT EXISTS act (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, operation TEXT NOT NULL,
    number TEXT, occasion TEXT, return_code INTEGER NOT NULL
)
"""

_FORGOTTEN_BY_RESET = ("act", "history", "invoice", "attachment", "assigned_life", "submission", "counter", "switch")


class StateFileError(ValueError):
    """The state file is not one of ours, or is of another layout."""


class Store:
    """One connection to the state; used by one thread at a time."""

    def __init__(self, path: Path | None) -> None:
        self._where = "memory" if path is None else str(path)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        # Opened by the thread that starts the server, used by the server's thread, closed after that thread has ended.
        self.db = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        self.db.row_factory = sqlite3.Row
        try:
            self._prepare()
        except BaseException:
            self.db.close()
            raise

    def _prepare(self) -> None:
        try:
            self._use_wal()
            # NORMAL survives the death of the process, which is what a rehearsal stages; not the death of the machine.
            self.db.execute("PRAGMA synchronous = NORMAL")
            with self.writing():
                layout = self.db.execute("PRAGMA user_version").fetchone()[0]
                tables = self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
                if layout == 0 and tables == 0:
                    for statement in _SCHEMA.split(";\n"):
                        self.db.execute(statement)
                    self.db.execute(f"PRAGMA user_version = {_LAYOUT}")
                elif layout != _LAYOUT:
                    raise StateFileError(f"{self._where} is not a state of this stand-in (layout {layout}).")
                self.db.execute(_ACTS)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            raise StateFileError(f"{self._where} is not a state of this stand-in ({error}).") from error

    def _use_wal(self) -> None:
        # The change to WAL does not wait for other openers by itself: SQLite answers "locked" at once.
        for attempt in range(_OPEN_TRIES):
            try:
                self.db.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or attempt == _OPEN_TRIES - 1:
                    raise
                Event().wait(0.01)
            else:
                return

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the write lock from its first read on; committed at the end, or nothing of it."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def rows(self, sql: str, *parameters: object) -> list[sqlite3.Row]:
        """All rows of a question."""
        return self.db.execute(sql, parameters).fetchall()

    def row(self, sql: str, *parameters: object) -> sqlite3.Row | None:
        """The first row of a question, if any."""
        found: sqlite3.Row | None = self.db.execute(sql, parameters).fetchone()
        return found

    def bump(self, name: str) -> int:
        """Count one more, and say how many that makes."""
        found = self.row(
            "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
            name,
        )
        return found["value"] if found else 0

    def forget(self) -> None:
        """Empty the state; tokens and the ids of suppliers stay, and no id is ever given twice."""
        with self.writing() as db:
            for table in _FORGOTTEN_BY_RESET:
                db.execute(f"DELETE FROM {table}")  # noqa: S608  # the names stand above

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()
