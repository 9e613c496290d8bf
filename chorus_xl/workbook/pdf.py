"""What a PDF says of itself: encrypted, damaged, the text of its first pages.

Rule 1: doubtful is not damaged: a reader at the platform may be more forgiving than ours.
Rule 2: a PDF that opens without a password is not called encrypted, whatever it forbids its readers.
Rule 3: pypdf is asked only what a search in the bytes cannot tell, and within bounds.
"""

import logging
import warnings
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_PAGES = 10
MAX_BYTES = 20_000_000  # beyond, the text layer is not asked for
MAX_TEXT = 200_000  # characters

_HEADER = b"%PDF-"
_HEADER_WITHIN = 1024  # bytes; Acrobat's own tolerance, implementation note 13 of the PDF reference 1.7


def look_inside(path: Path, *, read_text: bool) -> tuple[str, str]:
    """A ``problem`` of ``domain.files.FileFacts`` and the text layer; ``""`` for none.

    The file is there and not empty; when it vanishes meanwhile it is ``unreadable``.
    """
    try:
        content = path.read_bytes()
    except OSError:
        return "unreadable", ""
    if _HEADER not in content[:_HEADER_WITHIN]:
        return "damaged", ""
    # a trailer is never compressed, not even as the dictionary of a stream
    has_trailer, may_be_encrypted = b"/Root" in content, b"/Encrypt" in content
    wants_text = read_text and len(content) <= MAX_BYTES
    if has_trailer and not may_be_encrypted and not wants_text:
        return "", ""
    return _ask_pypdf(content, wants_text=wants_text, has_trailer=has_trailer)


def _ask_pypdf(content: bytes, *, wants_text: bool, has_trailer: bool) -> tuple[str, str]:
    from pypdf import PdfReader  # noqa: PLC0415 - costly, and most files of most presses do without
    from pypdf.errors import DependencyError  # noqa: PLC0415

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its remarks on other people's files help no clerk
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            reader = PdfReader(BytesIO(content))
            if reader.is_encrypted and not reader.decrypt(""):
                return "encrypted", ""
            reader.root_object  # noqa: B018 - the first thing every reader asks for
        except DependencyError:  # a cipher that needs the package cryptography
            return "encrypted", ""
        except Exception:  # noqa: BLE001 - pypdf raises what it meets
            return ("" if has_trailer else "damaged"), ""
        return "", _text_of(reader) if wants_text else ""


def _text_of(reader: "PdfReader") -> str:
    texts: list[str] = []
    with suppress(Exception):  # pypdf raises what it meets; the pages before count
        for page in reader.pages[:MAX_PAGES]:
            texts.append(page.extract_text())
            if sum(map(len, texts)) > MAX_TEXT:
                break
    return "\n".join(texts)[:MAX_TEXT].strip()
