"""The files that the sheet names: found, described, loaded.

Knows paths as clerks type and paste them. Refuses to judge a file: sizes, names and doubles are ``domain.rules``.

Rule 1: a relative reference never leaves the folder, not by ``..``, not by a link; a full path is the clerk's own word.
Rule 2: what only one system understands (devices, streams, drives without a root) is refused on all of them.
Rule 3: a name that differs by case or by the composition of its accents is the same name, if there is but one such.
Rule 4: looking never raises; what the clerk must hear is a ``problem``.
Rule 5: a file is read at most as far as Chorus Pro would take it: of a larger one only the size is told, and what is no
        plain file is never opened.
"""

import hashlib
import os
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path, PureWindowsPath

from chorus_xl.domain.files import LARGEST_FILE, FileFacts
from chorus_xl.domain.invoice import Document
from chorus_xl.errors import WorkbookError

_PDF = ".pdf"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # one letter is a drive
# Source: Microsoft, "Naming Files, Paths, and Namespaces", reserved names; read 2026-11.
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[1-9¹²³])\s*(?:\..*)?", re.IGNORECASE)


_MOST_SEARCHED = 20_000  # files of a folder that are looked at for one that was moved: some seconds


class _ReferenceError(Exception):
    """A reference that leads to no file; its only argument is the ``problem``."""


class FolderDocuments:
    """Fulfils ``steps.ports.Documents`` for a folder.

    Args:
        folder: where names without a path are looked for.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._listings: dict[Path, tuple[int, Mapping[str, str]]] = {}

    def look(self, reference: str, *, read_text: bool) -> FileFacts:
        """Facts of one file; see ``steps.ports.Documents``."""
        try:
            path = self._resolve(reference)
        except _ReferenceError as error:
            return FileFacts(reference, _last_part(reference), problem=str(error))
        name = unicodedata.normalize("NFC", path.name)
        if not path.is_file():  # a folder, or something whose reading might never end
            return FileFacts(reference, name, problem="not_a_file")
        try:
            size = path.stat().st_size
            content = _read(path) if 0 < size <= LARGEST_FILE else b""
        except OSError:
            return FileFacts(reference, name, problem="unreadable")
        if size > LARGEST_FILE:
            return FileFacts(reference, name, size=size)
        problem, text = "", ""
        if name.lower().endswith(_PDF) and content:
            from chorus_xl.workbook.pdf import look_inside  # noqa: PLC0415 - only for who names a PDF

            problem, text = look_inside(content, read_text=read_text)
        return FileFacts(reference, name, problem, len(content), hashlib.sha256(content).hexdigest(), text)

    def load(self, reference: str) -> Document:
        """The file's bytes, fixed from here on; see ``steps.ports.Documents``."""
        try:
            path = self._resolve(reference)
            if not path.is_file():
                raise WorkbookError("CX191", file=reference)
            content = _read(path)
        except (_ReferenceError, FileNotFoundError):
            raise WorkbookError("CX190", file=reference) from None
        except OSError:
            raise WorkbookError("CX191", file=reference) from None
        if len(content) > LARGEST_FILE:
            raise WorkbookError("CX185", file=reference)
        return Document(unicodedata.normalize("NFC", path.name), content, hashlib.sha256(content).hexdigest())

    def find(self, hashes: Collection[str]) -> dict[str, str]:
        """References of the files that have these SHA-256, by hash; see ``steps.ports.Documents``."""
        wanted, found = set(hashes), {}
        for path in islice(self._below(), _MOST_SEARCHED):
            if not wanted:
                break
            facts = self.look(str(path), read_text=False)
            if facts.sha256 in wanted:
                wanted.discard(facts.sha256)
                found[facts.sha256] = str(path)
        return found

    def _below(self) -> Iterator[Path]:
        """Every file of the folder, its own before those of the folders below it; hidden ones and links left out."""
        for place, folders, files in os.walk(self._home):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                path = Path(place, name)
                if not name.startswith((".", "~$")) and not path.is_symlink():
                    yield path

    @cached_property
    def _home(self) -> Path:
        """The folder itself, links followed."""
        return self._folder.resolve()

    def _resolve(self, reference: str) -> Path:
        text = _unquoted(reference)
        if not text:
            raise _ReferenceError("missing")
        is_network = text.replace("/", "\\").startswith("\\\\")  # a share, or a device by its full name
        if _CONTROL.search(text) or _SCHEME.match(text) or is_network:
            raise _ReferenceError("outside")
        windows = PureWindowsPath(text)
        if bool(windows.drive) != bool(windows.root) and not Path(text).is_absolute():
            # "C:file" and "\\file" start at the current folder or drive, whichever that is
            raise _ReferenceError("outside")
        parts = windows.parts[1:] if windows.anchor else windows.parts
        if any(":" in part or _DEVICE.fullmatch(part) or _is_trimmed(part) for part in parts):
            raise _ReferenceError("outside")
        try:
            if Path(text).is_absolute():
                full = Path(text)
                found = self._spelled(full.parent, (full.name,)).resolve(strict=True)
            elif windows.drive:
                raise _ReferenceError("missing")  # a full path of another system
            else:
                found = self._inside(parts)
        except (OSError, RuntimeError, UnicodeError):  # no such file, no right, a name too long, links in a circle
            raise _ReferenceError("missing") from None
        return found

    def _inside(self, parts: tuple[str, ...]) -> Path:
        home = self._home
        if not home.joinpath(*parts).resolve().is_relative_to(home):
            raise _ReferenceError("outside")
        found = self._spelled(self._folder, parts).resolve(strict=True)
        if not found.is_relative_to(home):
            raise _ReferenceError("outside")
        return found

    def _spelled(self, folder: Path, parts: tuple[str, ...]) -> Path:
        """The path with each part as the disk spells it, where the disk knows but one such name."""
        path = folder
        for part in parts:
            exact = path / part
            path = exact if part == ".." or exact.exists() else path / self._listing(path).get(_name_key(part), part)
        return path

    def _listing(self, folder: Path) -> Mapping[str, str]:
        """Names of the folder by key, those left out that share theirs; read anew when the folder changed."""
        changed = folder.stat().st_mtime_ns
        known = self._listings.get(folder)
        if known is None or known[0] != changed:
            names: dict[str, str] = {}
            shared = set()
            for entry in folder.iterdir():
                if names.setdefault(_name_key(entry.name), entry.name) != entry.name:
                    shared.add(_name_key(entry.name))
            known = changed, {key: name for key, name in names.items() if key not in shared}
            self._listings[folder] = known
        return known[1]


def _is_trimmed(part: str) -> bool:
    """Whether Windows would understand another name: it forgets dots and spaces at the end."""
    return part not in (".", "..") and part.rstrip(" .") != part


def _read(path: Path) -> bytes:
    """The file, and a byte more than may be sent of one that is too large or that grows."""
    with path.open("rb") as stream:
        return stream.read(LARGEST_FILE + 1)


def _unquoted(reference: str) -> str:
    """Without the quotes that the Explorer's "copy as path" puts around."""
    text = reference.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text


def _last_part(reference: str) -> str:
    return _CONTROL.sub("", PureWindowsPath(_unquoted(reference)).name)


def _name_key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
