"""A journal's file copied while it is in use, and put back without losing a line.

Knows SQLite's files; a server's journal is copied by the server's own tools (``pg_dump``).

Rule 1: a copy is finished, and read again as a whole, before it bears its name; no file is ever overwritten.
Rule 2: a backup is put back only where it holds, and is a piece of the same journal: the one in place goes on from it,
        or it goes on from the one in place. A journal in place that no longer holds needs only the same first line.
Rule 3: the journal in place is kept beside, under a dated name, before it is replaced; nobody may have it open then.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from chorus_xl.errors import JournalError, UsageError
from chorus_xl.journal.ledger import Verification, address_of, open_ledger
from chorus_xl.messages.system import in_french

_WAITING = 5.0  # seconds for another program's transaction

_NO_JOURNAL = frozenset({"CX512", "CX513", "CX600"})
"""What is said of a file of which nothing can be read any more."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A backup beside the journal in place.

    Attributes:
        backup: what its reading found; it holds.
        present: likewise of the one in place; ``None`` when there is none, or it cannot be read.
        missing: how many lines the one in place has that the backup has not.
        numbers: of which invoices those lines speak, sorted.
    """

    backup: Verification
    present: Verification | None
    missing: int = 0
    numbers: tuple[str, ...] = ()


def file_of(url: str) -> Path:
    """The file of a journal.

    Raises:
        UsageError: it is on a server.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise UsageError("CX619", database=parsed.database or "")
    return Path(parsed.database)


def back_up(url: str, out: Path) -> Verification:
    """Copy a journal in use to a file of its own, and read the copy as a whole.

    Raises:
        UsageError: the journal is on a server, or ``out`` exists.
        JournalError: the journal cannot be read or does not hold, or the file cannot be written.
    """
    source = file_of(url)
    if out.exists():
        raise UsageError("CX611", path=str(out))
    _verified(source)  # what is broken is kept as it is, not copied as if it were sound
    with _finished(source, out) as copy:
        found = _verified(copy)
        copy.replace(out)
    return found


def compare(url: str, backup: Path) -> Comparison:
    """See whether a backup may take the place of the journal.

    Raises:
        UsageError: the journal is on a server.
        JournalError: the backup is not there or does not hold, or is of another journal.
    """
    file_of(url)
    held = _verified(backup)
    try:
        with open_ledger(url) as ledger:
            present = ledger.verify()
    except JournalError as error:
        if error.code not in _NO_JOURNAL:
            raise
        return Comparison(held, None)
    ours = _hashes(address_of(backup))
    theirs = _hashes(url)
    is_ancestor, goes_on = not held.lines or held.head in theirs, present.head in ours
    is_same = next(iter(ours), "") == next(iter(theirs), "")
    if present.lines and not (is_ancestor or goes_on or (present.faults and is_same)):
        raise JournalError("CX618", path=str(backup))
    newer = [number for own, number in theirs.items() if own not in ours]
    return Comparison(held, present, len(newer), tuple(sorted({*newer} - {""})))


def restore(url: str, backup: Path, now: datetime) -> Path | None:
    """Put a backup in the place of the journal; where the one that was there is kept, if there was one.

    Raises:
        UsageError: the journal is on a server.
        JournalError: ``compare`` says no, somebody has the journal open, or a file cannot be written.
    """
    target = file_of(url)
    compare(url, backup)
    with _finished(backup, target) as copy:
        _verified(copy)
        aside = _set_aside(target, now) if target.exists() else None
        copy.replace(target)
    return aside


def _hashes(url: str) -> dict[str, str]:
    """The number of each line by the line's hash, in order."""
    with open_ledger(url) as ledger:
        return {str(line["hash"]): str(line["invoice_number"]) for line in ledger.lines()}


def _verified(file: Path) -> Verification:
    with open_ledger(address_of(file)) as ledger:
        found = ledger.verify()
    if found.faults:
        raise JournalError("CX617", path=str(file), count=str(len(found.faults)), first=str(found.faults[0].sequence))
    return found


@contextmanager
def _finished(source: Path, beside: Path) -> Iterator[Path]:
    """A copy of a journal in one file, in the folder of ``beside``; gone at the end where nobody took it."""
    copy = beside.with_name(f".{beside.name}.partial")
    try:
        copy.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(source, timeout=_WAITING)) as journal,
            closing(sqlite3.connect(copy)) as written,
        ):
            journal.backup(written)
            written.execute("PRAGMA journal_mode = DELETE")  # one file, that can be read from where nothing is written
        with copy.open("rb+") as stream:
            os.fsync(stream.fileno())
        yield copy
    except OSError as error:
        raise JournalError("CX615", path=str(beside), detail=in_french(error)) from error
    except sqlite3.Error as error:
        raise JournalError("CX615", path=str(beside), detail=str(error)) from error
    finally:
        copy.unlink(missing_ok=True)


def _set_aside(target: Path, now: datetime) -> Path:
    """Keep the journal in place under a dated name; its write-ahead log is in it, or beside it where it is broken."""
    _refuse_if_open(target)
    aside = target.with_name(f"{target.stem}-{now:%Y%m%dT%H%M%S}{target.suffix}")
    for ending in ("", "-wal", "-shm"):
        part = target.with_name(target.name + ending)
        if part.exists():
            shutil.copy2(part, aside.with_name(aside.name + ending))
            if ending:
                part.unlink()  # of the file that goes: the new one must not be read through it
    return aside


def _refuse_if_open(target: Path) -> None:
    """See that no other program has the journal open: leaving the write-ahead log asks for that."""
    with closing(sqlite3.connect(target, timeout=_WAITING)) as journal:
        try:
            journal.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise JournalError("CX514", journal=str(target)) from None
            # It is broken: that is why it is replaced.
