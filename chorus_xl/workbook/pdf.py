"""What a PDF says of itself: encrypted, damaged, the text of its first pages.

Rule 1: doubtful is not damaged: a reader at the platform may be more forgiving than ours.
Rule 2: a PDF that opens without a password is not called encrypted, whatever it forbids its readers.
Rule 3: pypdf is asked only what a search in the bytes cannot tell, and within bounds: so much of a file, so many nodes
        of its tree, so much of a page, so many operators. What goes beyond says nothing; nobody waits for it.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_PAGES = 10
MAX_TEXT = 200_000  # characters
MAX_CONTENT = 2_000_000  # bytes of what paints one page, inflated
MAX_OPERATORS = 100_000  # of all pages
MAX_NODES = 200  # of the tree of pages

_HEADER = b"%PDF-"
_HEADER_WITHIN = 1024  # bytes; Acrobat's own tolerance, implementation note 13 of the PDF reference 1.7


def look_inside(content: bytes, *, read_text: bool) -> tuple[str, str]:
    """A ``problem`` of ``domain.files.FileFacts`` and the text layer; ``""`` for none.

    Args:
        content: of a file that is not too large to be sent.
        read_text: whether anybody asks for the text layer.
    """
    if _HEADER not in content[:_HEADER_WITHIN]:
        return "damaged", ""
    # a trailer is never compressed, not even as the dictionary of a stream
    has_trailer, may_be_encrypted = b"/Root" in content, b"/Encrypt" in content
    if has_trailer and not may_be_encrypted and not read_text:
        return "", ""
    return _ask_pypdf(content, wants_text=read_text, has_trailer=has_trailer)


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


class _EnoughError(Exception):
    """The bounds are reached; what was read before counts."""


def _text_of(reader: "PdfReader") -> str:
    texts: list[str] = []
    operators = 0

    def count(*_: object) -> None:
        nonlocal operators
        operators += 1
        if operators > MAX_OPERATORS:
            raise _EnoughError

    with suppress(Exception):  # pypdf raises what it meets; the pages before count
        for page in _first_pages(reader):
            painted = page.get_contents()
            if painted is not None and len(painted.get_data()) <= MAX_CONTENT:
                texts.append(page.extract_text(visitor_operand_before=count))
            if sum(map(len, texts)) > MAX_TEXT:
                break
    return "\n".join(texts)[:MAX_TEXT].strip()


def _first_pages(reader: "PdfReader") -> "Iterator[PageObject]":
    """The first pages in their order, without the rest of the tree: ``reader.pages`` builds all of it first."""
    from pypdf import PageObject  # noqa: PLC0415 - costly, see above
    from pypdf.generic import DictionaryObject, NameObject  # noqa: PLC0415

    resources = NameObject("/Resources")
    waiting = [(reader.root_object.raw_get("/Pages"), DictionaryObject())]
    found = 0
    for _ in range(MAX_NODES):
        if not waiting or found == MAX_PAGES:
            return
        reference, inherited = waiting.pop()
        node = reference.get_object()
        own = node.get(resources, inherited)
        if "/Kids" in node:
            waiting += [(kid, own) for kid in reversed(node["/Kids"][:MAX_NODES])]
            continue
        found += 1
        page = PageObject(reader, reference)
        page.update(node)
        page[resources] = own
        yield page
