"""The formulas of a sheet's XML, and the values kept beside them for readers who do not calculate.

Knows the plain shape of ``sheetxml``. Refuses to know what a formula comes to.

Rule 1: a formula is never changed, whatever stands beside it.
Rule 2: one that shares its text with another, or fills several cells, has no text of its own here: ``""``.
"""

import re
from collections.abc import Mapping
from html import unescape

from chorus_xl.reckoning.values import Broken, Scalar
from chorus_xl.workbook.cells import in_xml
from chorus_xl.workbook.sheetxml import SheetXml, UnexpectedShapeError, column_number, in_plain_shape

_FORMULA = re.compile(rb"<f((?:\s[^>]*?)?)(?:/>|>([^<]*)</f>)")
_TYPE = re.compile(rb'\s+t="[^"]*"')
_OTHER_KIND = re.compile(rb'\st="(?!normal")')


def sheet_of(data: bytes) -> SheetXml:
    """The sheet, brought into the plain shape where it is not.

    Raises:
        UnexpectedShapeError: even a tree could not make sense of it.
    """
    if b"<!" not in data:
        try:
            return SheetXml(data)
        except UnexpectedShapeError:
            pass
    return SheetXml(in_plain_shape(data))


def formulas_of(sheet: SheetXml) -> dict[tuple[int, int], str]:
    """By row and column, the text of each formula."""
    found = {}
    for cell in sheet.cells_around(b"<f"):
        formula = _FORMULA.search(cell[4] or b"")
        if formula is not None:
            own = b"" if _OTHER_KIND.search(formula[1]) else formula[2] or b""
            found[int(cell[2]), column_number(cell[1])] = unescape(own.decode())
    return found


def with_values(sheet: SheetXml, values: Mapping[tuple[int, int], Scalar]) -> bytes:
    """The sheet with these values beside its formulas; ``None`` leaves a formula without any."""
    data, pieces, copied = sheet.data, [], 0
    for cell in sheet.cells_around(b"<f"):
        place, formula = (int(cell[2]), column_number(cell[1])), _FORMULA.search(cell[4] or b"")
        if formula is None or place not in values:
            continue
        kind, value = _kept(values[place])
        head = b'<c r="%b%b"%b%b>' % (cell[1], cell[2], _TYPE.sub(b"", cell[3]), kind)
        pieces += [data[copied : cell.start()], head, formula[0], value, b"</c>"]
        copied = cell.end()
    return b"".join((*pieces, data[copied:]))


def _kept(value: Scalar) -> tuple[bytes, bytes]:
    """A cell's type, and its value in XML."""
    match value:
        case None:
            return b"", b""
        case Broken():
            return b' t="e"', b"<v>%b</v>" % in_xml(value.text)
        case bool():
            return b' t="b"', b"<v>%d</v>" % value
        case str():
            return b' t="str"', b"<v>%b</v>" % in_xml(value)
        case float():
            return b"", b"<v>%b</v>" % in_digits(value).encode()


def in_digits(value: float) -> str:
    """A number as XML holds it."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004 - repr's own
