"""From a path to a package that may be read: what is not an honest ``.xlsm`` is refused here, with its code.

Knows file signatures and the ZIP container. Refuses to know what a workbook holds (``structure``).

Rule 1: the file is read once, whole, if it is a plain file and not absurdly large; everything later works on those
        bytes, so that no save can come in between.
Rule 2: sizes are judged by the directory of the archive before a byte is inflated, and an entry is never inflated
        beyond the size it declares.
Rule 3: XML is parsed without entities, without network, and with the parser's own limits on.
"""

import hashlib
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from lxml import etree

from chorus_xl.errors import WorkbookError

SUFFIX = ".xlsm"

MAX_FILE = 200_000_000  # bytes; 50,000 rows make a file of about 6 MB
MAX_ENTRIES = 5_000
MAX_PART = 300_000_000  # bytes; 50,000 rows make a sheet of about 70 MB
MAX_TOTAL = 600_000_000
MAX_RATIO = 300  # sheets are known to shrink to a hundredth
RATIO_MATTERS_FROM = 20_000_000  # bytes: below, a high ratio harms nobody

MAX_CELL = 4_000_000
"""Bytes of XML without a new cell. A cell holds 32,767 characters at most: even each in a style of its own is less."""

NOT_XML = (etree.XMLSyntaxError, ValueError)
"""What ``parse`` raises."""

_DIGEST = "sha256"
_ZIP = b"PK\x03\x04"
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_TYPES = "[Content_Types].xml"
_WITHOUT_MACROS = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_UNREADABLE_ENTRY = (
    BadZipFile,
    EOFError,
    NotImplementedError,  # a compression that zipfile does not know
    OSError,
    RuntimeError,  # an encrypted entry
    ValueError,
    lzma.LZMAError,
    zlib.error,
)


class Package:
    """The parts of one workbook file, by name.

    Attributes:
        file: the file's name, for sentences.
        archive: open on the bytes read; for who copies its entries.
    """

    def __init__(self, content: bytes, file: str) -> None:
        self.file = file
        try:
            self.archive = ZipFile(BytesIO(content))
        except _UNREADABLE_ENTRY:
            raise WorkbookError("CX155", file=file, part="archive") from None
        self._entries = _by_lower_name(self.archive.infolist(), file)
        _refuse_absurd_sizes(self.archive.infolist(), file)
        if _WITHOUT_MACROS in self.read(_TYPES):  # Excel will not open it under this suffix
            raise WorkbookError("CX168", file=file)

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._entries

    def read(self, part: str) -> bytes:
        """The bytes of a part.

        Raises:
            WorkbookError: it is missing or damaged.
        """
        entry = self._entries.get(part.lower())
        if entry is None:
            raise self.damaged(part)
        try:
            return self.archive.read(entry)
        except _UNREADABLE_ENTRY:
            raise self.damaged(part) from None

    def entry_name(self, part: str) -> str:
        """The part's name as the archive spells it."""
        return self._entries[part.lower()].filename

    def tree(self, part: str) -> "etree._Element":
        """The root of a small XML part.

        Raises:
            WorkbookError: it is missing or damaged.
        """
        try:
            return parse(self.read(part))
        except NOT_XML:
            raise self.damaged(part) from None

    def damaged(self, part: str) -> WorkbookError:
        """The error that names a part which cannot be read."""
        return WorkbookError("CX155", file=self.file, part=part)


def read_file(path: Path) -> bytes:
    """The bytes of the workbook.

    Raises:
        WorkbookError: there is no such file, it cannot be read, or it is no ``.xlsm``.
    """
    if path.is_dir():
        raise WorkbookError("CX151", file=path.name)
    with _told(path):
        if path.exists() and not path.is_file():  # a pipe, a device: reading it might never end
            raise WorkbookError("CX183", file=path.name)
        if path.stat().st_size > MAX_FILE:
            raise WorkbookError("CX156", file=path.name, part="archive")
        content = path.read_bytes()
    _refuse_other_kinds(content, path)
    return content


def fingerprint(path: Path) -> str:
    """What tells the file's content from any other; the file is not held whole.

    Raises:
        WorkbookError: there is no such file any more, or it cannot be read.
    """
    with _told(path), path.open("rb") as stream:
        return hashlib.file_digest(stream, _DIGEST).hexdigest()


def fingerprint_of(content: bytes) -> str:
    """The same of a content that was read."""
    return hashlib.new(_DIGEST, content).hexdigest()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the system says of a file, as an error of ours."""
    try:
        yield
    except FileNotFoundError:
        raise WorkbookError("CX150", file=path.name, folder=str(path.parent)) from None
    except OSError as error:
        raise WorkbookError("CX166", file=path.name, number=str(error.errno)) from None


def parse(xml: bytes) -> "etree._Element":
    """The root of an XML text that nobody vouches for.

    Raises:
        NOT_XML: it is not well formed, or carries a document type, which no workbook does.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(xml, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("a workbook has no document type")
    return root


def _refuse_other_kinds(content: bytes, path: Path) -> None:
    suffix = path.suffix.lower()
    if content.startswith(_CFB):  # the old binary container: an .xls, or the wrapping of an encrypted file
        if _ENCRYPTED_PACKAGE in content:
            raise WorkbookError("CX154", file=path.name)
        raise WorkbookError("CX167", file=path.name)
    if suffix == ".xlsx":
        raise WorkbookError("CX152", file=path.name)
    if suffix != SUFFIX:
        raise WorkbookError("CX153", file=path.name)
    if not content.startswith(_ZIP):
        raise WorkbookError("CX155", file=path.name, part="archive")


def _by_lower_name(entries: list[ZipInfo], file: str) -> dict[str, ZipInfo]:
    named = {entry.filename.lower(): entry for entry in entries}
    if len(named) != len(entries):  # two readers could each take another one
        raise WorkbookError("CX155", file=file, part="archive")
    return named


def _refuse_absurd_sizes(entries: list[ZipInfo], file: str) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise WorkbookError("CX156", file=file, part="archive")
    for entry in entries:
        ratio = entry.file_size / max(entry.compress_size, 1)
        if entry.file_size > MAX_PART or (entry.file_size > RATIO_MATTERS_FROM and ratio > MAX_RATIO):
            raise WorkbookError("CX156", file=file, part=entry.filename)
