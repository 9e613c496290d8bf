r"""Which xlwings a workbook's macros are of; the package must be the same one, or buttons fail without a word.

Rule 1: modules are found by how their compressed source begins (``Attribute``, as each does); the compound file around
        them is not read.
Rule 2: what cannot be read gives no version; this is no judge of a project's health.

Format: [MS-OVBA] 2.4.1, read 2026-11.
"""

import re
from pathlib import Path
from zipfile import BadZipFile, ZipFile

_PART = "xl/vbaProject.bin"
# ASSUMPTION: Excel saves the first pages of a module in one piece, so that its source can be read without following the
# sectors of the compound file; seen in files of Aspose and of our own, not in one that Excel saved.
_MODULE = re.compile(rb"\x01..\x00Attribut", re.DOTALL)
_VERSION = re.compile(rb'XLWINGS_VERSION As String = "([^"\r\n]{1,30})"')
_FAR_ENOUGH = 3 * 4096  # bytes of source; the version stands in the first page
_RAW_CHUNK = 4096


def xlwings_in(file: Path) -> str | None:
    """The version in a workbook's macros, ``""`` when it has no macros of xlwings, ``None`` when it cannot be read."""
    try:
        with ZipFile(file) as archive:
            project = archive.read(_PART) if _PART in archive.namelist() else b""
    except (OSError, BadZipFile):
        return None
    for module in _MODULE.finditer(project):
        found = _VERSION.search(_source(project, module.start() + 1))
        if found:
            return found[1].decode("ascii", "replace")
    return ""


def _source(project: bytes, at: int) -> bytes:
    """The first pages of the module whose chunks start there, as far as they can be read."""
    source = bytearray()
    try:
        while len(source) < _FAR_ENOUGH:
            header = int.from_bytes(project[at : at + 2], "little")
            if header >> 12 & 0b111 != 0b011:  # noqa: PLR2004 - the signature of a chunk
                break
            end = at + (header & 0x0FFF) + 3
            if header & 0x8000:
                _inflate(project[at + 2 : end], source)
            else:
                source += project[at + 2 : at + 2 + _RAW_CHUNK]
            at = end
    except IndexError:  # a token that points before its chunk: not a module after all
        pass
    return bytes(source)


def _inflate(tokens: bytes, source: bytearray) -> None:
    """Add one compressed chunk to the source (2.4.1.3.2 to 2.4.1.3.4, 2.4.1.3.19)."""
    start, at = len(source), 0
    while at < len(tokens):
        flags, at = tokens[at], at + 1
        for bit in range(8):
            if at >= len(tokens):
                return
            if not flags >> bit & 1:
                source.append(tokens[at])
                at += 1
                continue
            offset_bits = max(4, (len(source) - start - 1).bit_length())
            token = tokens[at] | tokens[at + 1] << 8
            at += 2
            offset = (token >> 16 - offset_bits) + 1
            for _ in range((token & 0xFFFF >> offset_bits) + 3):
                source.append(source[-offset])
