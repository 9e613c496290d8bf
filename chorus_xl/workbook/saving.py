"""A workbook rewritten beside itself and put in its place in one step, with a copy kept first.

Knows ZIP entries, temporary files and what operating systems say when they refuse. Refuses to know what changed.

Rule 1: the file is replaced whole or not touched; whatever happens, no temporary file is left by a process that lives.
Rule 2: entries keep their order, name, date, compression and attributes; those not replaced keep their bytes.
Rule 3: what was written is read again and must be sound before it takes the old file's place.
Rule 4: the first copy of a day is never overwritten: it is the last state that the program had no hand in.
"""

import errno
import glob
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from chorus_xl.errors import WorkbookError

COPIES_KEPT = 31
"""Days of which a copy of the workbook stays."""

_CHUNK = 1 << 20  # bytes


def keep_copy(content: bytes, path: Path, folder: Path, today: date) -> None:
    """Put the workbook's content aside as ``<stem>-<day><suffix>``, unless that day has its copy.

    Only the newest ``COPIES_KEPT`` days stay: copies help after a mistake; what was deposited is in the journal.

    Raises:
        WorkbookError: it could not be kept.
    """
    copy = folder / f"{path.stem}-{today.isoformat()}{path.suffix}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not copy.exists():
            with _written_beside(copy) as stream:
                stream.write(content)
            for old in sorted(folder.glob(f"{glob.escape(path.stem)}-????-??-??{path.suffix}"))[:-COPIES_KEPT]:
                old.unlink()
    except OSError as error:
        raise WorkbookError("CX165", file=path.name, folder=str(folder), number=str(error.errno)) from None


def refuse_if_read_only(path: Path) -> None:
    """Let a file through that its owner left writable; a replacement would walk over the mark.

    Raises:
        WorkbookError: it is marked read-only, or it is not there.
    """
    try:
        mode = path.stat().st_mode
    except OSError:
        raise WorkbookError("CX150", file=path.name, folder=str(path.parent)) from None
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise WorkbookError("CX160", file=path.name)


def refuse_if_folder_is_closed(path: Path) -> None:
    """Let a file through beside which another one of its size can be written, as replacing it takes.

    Raises:
        WorkbookError: the folder is read-only, or its disk is full.
    """
    try:
        with tempfile.TemporaryFile(prefix=f".{path.stem}-", suffix=".tmp", dir=path.parent) as stream:
            for _ in range(0, path.stat().st_size, _CHUNK):
                stream.write(bytes(_CHUNK))
            stream.flush()
    except OSError as error:
        raise _refusal(error, path) from None


def replace_parts(path: Path, archive: ZipFile, parts: Mapping[str, bytes], may_replace: Callable[[], None]) -> None:
    """Put a workbook with these parts in the place of the file.

    Args:
        path: the workbook.
        archive: its content as read.
        parts: new bytes by entry name.
        may_replace: called last of all; raises if the file must stay as it is.

    Raises:
        WorkbookError: nothing was written.
    """
    try:
        with _written_beside(path, may_replace) as stream:
            _write(archive, parts, stream)
            _refuse_unsound(stream, parts)
    except OSError as error:
        raise _refusal(error, path) from None


def _refusal(error: OSError, path: Path) -> WorkbookError:
    if isinstance(error, PermissionError) and error.filename2 is not None:  # replacing: a sharing violation on Windows
        return WorkbookError("CX159", file=path.name)
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return WorkbookError("CX161", folder=str(path.parent))
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return WorkbookError("CX162", folder=str(path.parent))
    return WorkbookError("CX163", file=path.name, number=str(error.errno))


@contextmanager
def _written_beside(path: Path, may_replace: Callable[[], None] = lambda: None) -> Iterator[BinaryIO]:
    """A file in the same folder, which takes the path's place at the end of the block."""
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        may_replace()
        os.replace(temporary, path)  # noqa: PTH105 - its error names both files, which tells who refused
    finally:
        temporary.unlink(missing_ok=True)


def _write(archive: ZipFile, parts: Mapping[str, bytes], stream: BinaryIO) -> None:
    with ZipFile(stream, "w") as target:
        target.comment = archive.comment
        for entry in archive.infolist():
            same = ZipInfo(entry.filename, entry.date_time)
            same.compress_type = entry.compress_type
            same.external_attr = entry.external_attr
            same.internal_attr = entry.internal_attr
            same.create_system = entry.create_system
            same.comment = entry.comment
            content = parts.get(entry.filename)
            target.writestr(same, archive.read(entry) if content is None else content)


def _refuse_unsound(stream: BinaryIO, names: Iterable[str]) -> None:
    """Read the new parts back, checksums included, and see that they are well-formed."""
    with ZipFile(stream) as written:
        for name in names:
            parser = expat.ParserCreate()
            with written.open(name) as part:
                while chunk := part.read(_CHUNK):
                    parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by position
            parser.Parse(b"", True)  # noqa: FBT003
