"""The bytes that left, kept by their hash: what a proof shows in ten years, wherever the clerk's PDFs are by then.

Rule 1: a file is named by the SHA-256 of its bytes: whoever knows the hash finds it, and sees whether it is whole.
Rule 2: a file appears whole or not at all: it is written beside, brought to the disk, then named.
Rule 3: nothing is ever changed or removed: a file that was damaged stays as it is, and a sound one is put beside it.
Rule 4: what cannot be kept is told before it leaves, so that nothing leaves that is not kept.
"""

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePath

from chorus_xl.domain.invoice import Document
from chorus_xl.errors import JournalError
from chorus_xl.messages.system import in_french

_HASH = re.compile(r"[0-9a-f]{64}")
_EXTENSION = re.compile(r"\.[a-z0-9]{1,8}")


class FolderArchive:
    """Fulfils ``Archive`` (``steps.ports``) in a folder, which several PCs may share.

    Args:
        folder: made when the first file is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, document: Document) -> None:
        """Keep a file before it leaves; keeping it twice does no harm.

        Raises:
            JournalError: it cannot be kept, so nothing may be sent.
        """
        try:
            taken = list(self._named(document.sha256))
            if any(path.read_bytes() == document.content for path in taken):
                return
            self._write(document, len(taken))
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise JournalError("CX651", folder=str(self._folder)) from None
            detail = in_french(error)
            raise JournalError("CX650", folder=str(self._folder), file=document.name, detail=detail) from None

    def fetch(self, sha256: str) -> bytes | None:
        """The bytes of that hash; ``None`` when they are not there, or no longer what they were."""
        with suppress(OSError):
            for path in self._named(sha256):
                content = path.read_bytes()
                if hashlib.sha256(content).hexdigest() == sha256:
                    return content
        return None

    def _named(self, sha256: str) -> Iterator[Path]:
        """The files that bear that hash in their names, sound or not."""
        if not _HASH.fullmatch(sha256):
            return
        with suppress(FileNotFoundError):
            for path in sorted((self._folder / sha256[:2]).iterdir()):
                if path.name.startswith(sha256):
                    yield path

    def _write(self, document: Document, taken: int) -> None:
        place = self._folder / document.sha256[:2]
        place.mkdir(parents=True, exist_ok=True)
        extension = PurePath(document.name).suffix.lower()
        aside = f"-{taken + 1}" if taken else ""
        final = place / f"{document.sha256}{aside}{extension if _EXTENSION.fullmatch(extension) else ''}"
        descriptor, name = tempfile.mkstemp(dir=place, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(document.content)
                stream.flush()
                os.fsync(stream.fileno())
            _name(Path(name), final, document.content)
        finally:
            Path(name).unlink(missing_ok=True)
        _bring_to_disk(place)


def _name(new: Path, final: Path, content: bytes) -> None:
    """Give the file its name; another PC that was faster has kept the same bytes."""
    try:
        new.replace(final)
    except PermissionError:  # Windows, while another program has that file open
        if not final.is_file() or final.read_bytes() != content:
            raise


def _bring_to_disk(folder: Path) -> None:
    """A new name is on the disk too, where a system lets a program ask for that."""
    if hasattr(os, "O_DIRECTORY"):
        with suppress(OSError):  # some network file systems do not
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
