"""A proof read back: its files by name, whether it is a folder or a zip.

Rule 1: nothing is unpacked: a name in a zip is a name, wherever it would lead.
Rule 2: a zip of the folder itself, and the folder that a zip was unpacked into, are the same proof.
Rule 3: what Windows and macOS leave in every folder that they show is not of the proof, and is told all the same.
Rule 4: a file that leads elsewhere, has no end, or is no file, is one that cannot be read.
"""

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path
from typing import BinaryIO, Protocol, cast
from zipfile import BadZipFile, ZipFile, is_zipfile

from chorus_xl.errors import UsageError
from chorus_xl.proof.contents import SUMS

_OF_THE_SYSTEM = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_OF_MACOS = "__MACOSX/"

_LONGEST = 1_000_000_000  # bytes of one file; a whole journal of ten years is shorter

FAILURES = (OSError, BadZipFile, zlib.error, LZMAError, EOFError, NotImplementedError, RuntimeError)
"""What reading a damaged file, or a zip of another kind, may raise."""


class Shelf(Protocol):
    """The files of a proof."""

    def names(self) -> tuple[str, ...]:
        """All of them, slashes between; a name that stands twice in a zip is there twice."""

    def open(self, name: str) -> BinaryIO:
        """One of them; raises one of ``FAILURES``."""


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> tuple[str, ...]:
        files = (path for path in self._path.rglob("*") if path.is_symlink() or not path.is_dir())
        return tuple(sorted(path.relative_to(self._path).as_posix() for path in files))

    def open(self, name: str) -> BinaryIO:
        path = self._path / name
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LONGEST:
            raise OSError
        return path.open("rb")


class _Zip:
    def __init__(self, file: ZipFile) -> None:
        self._file = file

    def names(self) -> tuple[str, ...]:
        members = self._file.infolist()
        return tuple(sorted(each.filename for each in members if each.file_size or not each.is_dir()))

    def open(self, name: str) -> BinaryIO:
        if self._file.getinfo(name).file_size > _LONGEST:
            raise OSError
        return cast("BinaryIO", self._file.open(name))


class Files:
    """The files of a proof by their names in it.

    Attributes:
        hashes: the SHA-256 of each that can be read; ``""`` of one that cannot.
        doubled: names that stand twice.
        of_the_system: what is there and is none of them, by its full name.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        names = [name for name in shelf.names() if not _is_of_the_system(name)]
        self.of_the_system = tuple(sorted(set(shelf.names()) - set(names)))
        self._prefix = _prefix(names)
        inside = [name.removeprefix(self._prefix) for name in names]
        self.hashes: Mapping[str, str] = {name: self._hash(name) for name in dict.fromkeys(inside)}
        self.doubled = tuple(sorted(name for name, count in Counter(inside).items() if count > 1))

    def read(self, name: str) -> bytes | None:
        """The bytes of one; ``None`` when it is not there or cannot be read."""
        if not self.hashes.get(name):
            return None
        with self._shelf.open(self._prefix + name) as stream:
            return stream.read()

    def _hash(self, name: str) -> str:
        try:
            with self._shelf.open(self._prefix + name) as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]  # any binary stream
        except FAILURES:
            return ""


@contextmanager
def open_files(path: Path) -> Iterator[Files]:
    """The files of the proof at that path.

    Raises:
        UsageError: it is neither a folder nor a zip.
    """
    if path.is_dir():
        yield Files(_Folder(path))
        return
    try:
        is_zip = path.is_file() and is_zipfile(path)
        file = ZipFile(path) if is_zip else None
    except FAILURES:
        file = None
    if file is None:
        raise UsageError("CX661", path=str(path))
    with file:
        yield Files(_Zip(file))


def _is_of_the_system(name: str) -> bool:
    return name.rpartition("/")[2].lower() in _OF_THE_SYSTEM or name.startswith(_OF_MACOS)


def _prefix(names: list[str]) -> str:
    """The one folder that all of it stands in, where there is one."""
    tops = {name.partition("/")[0] for name in names}
    [top, *others] = tops or {""}
    return f"{top}/" if not others and f"{top}/{SUMS}" in names else ""
