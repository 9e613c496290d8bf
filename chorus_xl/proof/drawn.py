"""What of a proof's pages is no word: drawings of the cover, hidden rows and comments of the index.

Rule 1: only what this very program and version made can be drawn again and compared; how streams are packed is not
        looked at, since that differs from one computer to another.
Rule 2: a difference is told as something to look at and not as a defect: another version of a library draws the same
        words in another way. It is told, though: what lies over the words is what a person sees.
"""

import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zipfile import BadZipFile, ZipFile

from chorus_xl.domain.proof import Pack
from chorus_xl.proof import contents
from chorus_xl.proof.reading import Files


def redrawn(pack: Pack, files: Files) -> Iterator[str]:
    """The files that this program would have drawn otherwise; their words were compared before."""
    from chorus_xl.proof.cover import draw  # noqa: PLC0415 - only a proof with a cover pays
    from chorus_xl.proof.sheet import index_workbook  # noqa: PLC0415 - likewise

    cover, index = files.read(contents.COVER), files.read(contents.INDEX_XLSX)
    if cover is not None and _drawings(cover) != _drawings(draw(pack)):
        yield contents.COVER
    rows = list(contents.index_rows(pack.cases, pack.labels))
    if index is not None and not _same_parts(index, index_workbook(contents.index_heads(), rows, pack.made_at)):
        yield contents.INDEX_XLSX


def _drawings(content: bytes) -> Sequence[object]:
    """What each page of a PDF draws, what it draws with, and whether notes lie on it; nothing of what is no PDF."""
    from pypdf import PdfReader  # noqa: PLC0415 - only a proof with a cover pays

    try:
        return [(_stream(page), _resources(page), "/Annots" in page) for page in PdfReader(io.BytesIO(content)).pages]
    except Exception:  # noqa: BLE001 - pypdf raises what it meets
        return []


def _stream(page: Any) -> bytes:  # noqa: ANN401 - pypdf's
    drawn = page.get_contents()
    return drawn.get_data() if drawn is not None else b""


def _resources(page: Any) -> Sequence[tuple[str, Sequence[str]]]:  # noqa: ANN401 - pypdf's
    """The names of fonts, images and forms by their kind."""
    kinds = page.get("/Resources", {})
    return sorted((kind, sorted(held)) for kind in kinds if isinstance(held := kinds[kind].get_object(), Mapping))


def _same_parts(content: bytes, ours: bytes) -> bool:
    """Whether both workbooks have the same parts; nothing is unpacked that is not as long as ours."""
    try:
        with ZipFile(io.BytesIO(content)) as its, ZipFile(io.BytesIO(ours)) as right:
            sizes = [sorted((entry.filename, entry.file_size) for entry in each.infolist()) for each in (its, right)]
            return sizes[0] == sizes[1] and all(its.read(name) == right.read(name) for name in right.namelist())
    except (BadZipFile, OSError, RuntimeError, ValueError, zlib.error):
        return False
