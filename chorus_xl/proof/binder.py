"""A proof put together, as a folder or as a zip; fulfils ``Binder`` (``steps.ports``).

Rule 1: it takes its name when it is whole: what an interrupted run leaves is never mistaken for a proof.
Rule 2: no proof replaces another, nor anything else.
Rule 3: files go out one by one, so that a thousand invoices need the memory of one.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from chorus_xl.domain.proof import Pack
from chorus_xl.errors import UsageError, WorkbookError
from chorus_xl.messages.system import in_french
from chorus_xl.proof.contents import SUMS
from chorus_xl.proof.files import files_of, sums_of

_ZIP = ".zip"
_UNFINISHED = ".en-cours"


class ProofBinder:
    """Puts a proof together at a path that nothing stands at; to be used in a ``with``.

    Args:
        path: of the folder to be; of a zip when it ends in ``.zip``.

    Attributes:
        seal: the hash of ``SHA256SUMS``, once bound; it stands for the whole proof.

    Raises:
        UsageError: something stands there already.
        WorkbookError: the place cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seal = ""
        self._hashes: dict[str, str] = {}
        if path.exists() and (path.suffix.lower() == _ZIP or not path.is_dir() or any(path.iterdir())):
            raise UsageError("CX654", path=str(path))
        with self._in_words():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._folder = self._new_folder()
            self._zip = ZipFile(self._folder / path.name, "x", ZIP_DEFLATED) if path.suffix.lower() == _ZIP else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take away what was not finished."""
        if self._zip is not None:
            self._zip.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, path: str, content: bytes) -> None:
        """Add a file; see ``steps.ports.Binder``."""
        self._hashes[path] = hashlib.sha256(content).hexdigest()
        with self._in_words():
            if self._zip is not None:
                member = ZipInfo(path)  # no clock: every file is of 1980
                member.external_attr = 0o644 << 16
                self._zip.writestr(member, content, ZIP_DEFLATED)
                return
            place = self._folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)

    def bind(self, pack: Pack) -> None:
        """Add all that is said of the files, and finish; see ``steps.ports.Binder``."""
        for path, content in files_of(pack, len(self._hashes)):
            self.add(path, content)
        sums = sums_of(self._hashes)
        self.add(SUMS, sums)
        with self._in_words():
            if self._zip is not None:
                self._zip.close()
                (self._folder / self.path.name).rename(self.path)
            else:
                if self.path.exists():
                    self.path.rmdir()
                self._folder.rename(self.path)
        self.seal = hashlib.sha256(sums).hexdigest()

    def _new_folder(self) -> Path:
        """A folder of our own beside; one that another run left behind is left alone."""
        for number in count(1):
            folder = self.path.with_name(f"{self.path.name}{_UNFINISHED}{number}")
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return folder
        raise AssertionError  # unreachable: count() has no end

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            detail = in_french(error)
            raise WorkbookError("CX655", path=str(self.path), detail=detail) from None
