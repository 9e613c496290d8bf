"""The files that the sheet names: found, described, loaded.

Knows paths as clerks type and paste them. Refuses to judge a file: sizes, names and doubles are ``domain.rules``.

Rule 1: a relative reference never leaves the folder, not by ``..``, not by a link; a full path is the clerk's own word.
Rule 2: what only one system understands (devices, streams, drives without a root) is refused on all of them.
Rule 3: a name that differs by case or by the composition of its accents is the same name, if there is but one such.
Rule 4: looking never raises; what the clerk must hear is a ``problem``.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path, PureWindowsPath

from chorus_xl.domain.files import FileFacts
from chorus_xl.domain.invoice import Document
from chorus_xl.errors import WorkbookError

_PDF = ".pdf"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # one letter is a drive
# Source: Microsoft, "Naming Files, Paths, and Namespaces", reserved names; read 2026-11.
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[1-9¹²³])(?:\..*)?\s*", re.IGNORECASE)


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
            with path.open("rb") as stream:
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
                size = stream.tell()
        except OSError:
            return FileFacts(reference, name, problem="unreadable")
        problem, text = "", ""
        if name.lower().endswith(_PDF) and size:
            from chorus_xl.workbook.pdf import look_inside  # noqa: PLC0415 - only for who names a PDF

            problem, text = look_inside(path, read_text=read_text)
        return FileFacts(reference, name, problem, size, sha256, text)

    def load(self, reference: str) -> Document:
        """The file's bytes, fixed from here on; see ``steps.ports.Documents``."""
        try:
            path = self._resolve(reference)
            content = path.read_bytes()
        except (_ReferenceError, FileNotFoundError):
            raise WorkbookError("CX190", file=reference) from None
        except OSError:
            raise WorkbookError("CX191", file=reference) from None
        return Document(unicodedata.normalize("NFC", path.name), content, hashlib.sha256(content).hexdigest())

    @cached_property
    def _home(self) -> Path:
        """The folder itself, links followed."""
        return self._folder.resolve()

    def _resolve(self, reference: str) -> Path:
        text = _unquoted(reference)
        if not text:
            raise _ReferenceError("missing")
        if _CONTROL.search(text) or _SCHEME.match(text) or text.startswith(("\\\\", "//")):
            raise _ReferenceError("outside")
        windows = PureWindowsPath(text)
        if bool(windows.drive) != bool(windows.root) and not Path(text).is_absolute():
            # "C:file" and "\\file" start at the current folder or drive, whichever that is
            raise _ReferenceError("outside")
        parts = windows.parts[1:] if windows.anchor else windows.parts
        if any(":" in part or _DEVICE.fullmatch(part) for part in parts):
            raise _ReferenceError("outside")
        try:
            if Path(text).is_absolute():
                full = Path(text)
                found = self._spelled(full.parent, (full.name,)).resolve(strict=True)
            elif windows.drive:
                raise _ReferenceError("missing")  # a full path of another system
            else:
                found = self._inside(parts)
        except (OSError, RuntimeError):  # no such file, no right to look, a name too long, links in a circle
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


def _unquoted(reference: str) -> str:
    """Without the quotes that the Explorer's "copy as path" puts around."""
    text = reference.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text


def _last_part(reference: str) -> str:
    return _CONTROL.sub("", PureWindowsPath(_unquoted(reference)).name)


def _name_key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
