"""A sheet's XML as bytes: rows and cells found without building a tree.

Knows the shape in which Excel, LibreOffice, XlsxWriter and openpyxl write a sheet. Refuses to know tables.

Rule 1: only that plain shape is scanned: no prefix, no comment, each row and cell with its ``r`` first, in order.
Rule 2: anything else is brought into it by a tree (``in_plain_shape``), slower but right; if that fails, damaged.
Rule 3: in well-formed XML a ``<`` opens a tag and nothing else, so a search for ``<row`` finds rows.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from lxml import etree

from chorus_xl.workbook.opening import MAX_CELL, NOT_XML, parse

CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
"""One cell: its column, its row, the rest of its attributes, its content."""

DIMENSION = re.compile(rb'<dimension ref="([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?"\s*/>')
"""What a sheet says of the corners of what it holds."""

_ROW = re.compile(rb'<row r="(\d{1,7})"[^>]*?(/?)>')
_CELL_START = re.compile(rb'<c r="([A-Z]{1,3})\d{1,7}"')
_OPEN = re.compile(rb"<sheetData\s*>")
_ANY_CELL = re.compile(rb"<c[\s/>]")
_OTHER_ENCODING = re.compile(rb"<\?xml[^>]*encoding=[\"'](?!utf-8[\"'])", re.IGNORECASE)
_FORMULA = re.compile(rb"<f[\s/>]")
_VALUE = re.compile(rb"<v[^>]*>([^<]+)</v>")
_HEAD = 4096  # bytes in which the root element opens


class UnexpectedShapeError(Exception):
    """The XML is not in the plain shape; only seen inside this package."""


class Row(NamedTuple):
    """A row's number, and where its tag, its cells and its end stand."""

    number: int
    start: int
    inner: int
    close: int
    end: int


class SheetXml:
    """A sheet in the plain shape, as far as its root, its first row and its first cell show.

    Attributes:
        data: the whole part.
        start: where the rows begin.
        end: where they end.

    Raises:
        UnexpectedShapeError: the sheet is not in the plain shape.
    """

    def __init__(self, data: bytes) -> None:
        opening = _OPEN.search(data)
        if opening is None or b"<worksheet" not in data[:_HEAD] or not is_utf8(data):
            raise UnexpectedShapeError
        self.data = data
        self.start = opening.end()
        self.end = data.rfind(b"</sheetData>", self.start)
        first = next(self.rows(), None)
        cell = _ANY_CELL.search(data, self.start, self.end)
        if self.end == -1 or first is None or (cell and not _CELL_START.match(data, cell.start())):
            raise UnexpectedShapeError

    def rows(self) -> Iterator[Row]:
        """Each row, top to bottom.

        Raises:
            UnexpectedShapeError: a row has no number, or not a greater one than the row before.
        """
        data, position, previous = self.data, self.start, 0
        while (start := data.find(b"<row", position, self.end)) != -1:
            tag = _ROW.match(data, start)
            if tag is None:
                raise UnexpectedShapeError
            number, inner = int(tag[1]), tag.end()
            close = inner if tag[2] else data.find(b"</row>", inner, self.end)
            if close == -1 or number <= previous:
                raise UnexpectedShapeError
            position = inner if tag[2] else close + len(b"</row>")
            previous = number
            yield Row(number, start, inner, close, position)

    def said_corner(self) -> tuple[int, int] | None:
        """The last row and column by the sheet's own word, formatted blanks included; ``None`` where it is stale."""
        said = DIMENSION.search(self.data, 0, self.start)
        last = _ROW.match(self.data, self.data.rfind(b"<row ", self.start, self.end))
        if said is None or last is None or int(said[4] or said[2]) != int(last[1]):
            return None
        return int(last[1]), column_number(said[3] or said[1])

    def far_corner(self) -> tuple[int, int]:
        """The last row and the last column that hold a value, found by looking at each row.

        Raises:
            UnexpectedShapeError: a row or cell is not in the plain shape.
        """
        data, last_row, last_column = self.data, 0, 0
        for row in self.rows():
            end = data.rfind(b"</c>", row.inner, row.close)  # an empty cell closes itself
            if end != -1:
                cell = _CELL_START.match(data, data.rfind(b"<c ", row.inner, end))
                if cell is None:
                    raise UnexpectedShapeError
                last_row, last_column = row.number, max(last_column, column_number(cell[1]))
        return last_row, last_column

    def cells_around(self, *marks: bytes) -> Iterator["re.Match[bytes]"]:
        """Each cell in which one of the marks stands, as ``CELL`` matches it, mark by mark.

        Raises:
            UnexpectedShapeError: such a cell is not in the plain shape.
        """
        data = self.data
        for mark in marks:
            position = self.start
            # Most marks stand nowhere, and CPython sees that in half the time when it searches backwards.
            last = data.rfind(mark, position, self.end)
            while (hit := data.find(mark, position, last + len(mark))) != -1:
                cell = CELL.match(data, data.rfind(b"<c ", self.start, hit))
                if cell is None or cell.end() < hit:
                    raise UnexpectedShapeError
                yield cell
                position = cell.end()


def has_huge_cell(data: bytes, *marks: bytes) -> bool:
    """Whether more than ``MAX_CELL`` bytes stand without one of the marks that begin or end a cell or shared string."""
    position = 0
    while position + MAX_CELL < len(data):
        position = max(data.rfind(mark, position + 1, position + MAX_CELL) for mark in marks)
        if position == -1:
            return True
    return False


def cells_of(content: bytes) -> list["re.Match[bytes]"]:
    """The cells of one row, left to right.

    Raises:
        UnexpectedShapeError: one of them is not in the plain shape.
    """
    cells = list(CELL.finditer(content))
    if len(cells) != len(_ANY_CELL.findall(content)):
        raise UnexpectedShapeError
    return cells


def is_formula(content: bytes | None) -> bool:
    """Whether a cell's content holds a formula."""
    return content is not None and _FORMULA.search(content) is not None


def cached_value(content: bytes | None) -> bytes:
    """What the cell's ``v`` holds, still in XML; ``b""`` when it holds nothing."""
    found = _VALUE.search(content or b"")
    return found[1] if found else b""


def is_utf8(data: bytes) -> bool:
    """Whether an XML part says that it is in UTF-8, by a word or by silence."""
    head = data[:_HEAD]
    return not head.startswith((BOM_UTF16_BE, BOM_UTF16_LE)) and not _OTHER_ENCODING.search(head)


def in_plain_shape(data: bytes) -> bytes:
    """The same part without prefix, comment and single quotes; rows and cells numbered, ``r`` first.

    Raises:
        UnexpectedShapeError: it is no XML, or its main namespace cannot do without a prefix.
    """
    try:
        root = parse(data)
        etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
        _number_rows(root)
    except NOT_XML:
        raise UnexpectedShapeError from None
    for rows in root.iterfind("{*}sheetData"):
        rows.text = rows.text or ""  # an open and a closing tag, even around nothing
    text = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    if not root.prefix:
        return text
    if None in root.nsmap:
        raise UnexpectedShapeError
    prefix = root.prefix.encode()
    return (
        text.replace(b"</" + prefix + b":", b"</")
        .replace(b"<" + prefix + b":", b"<")
        .replace(b"xmlns:" + prefix + b"=", b"xmlns=", 1)
    )


@cache
def column_number(letters: bytes) -> int:
    """``b"A"`` is 1, ``b"AA"`` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


@cache
def column_letters(number: int) -> str:
    """1 is ``"A"``, 27 is ``"AA"``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _number_rows(root: "etree._Element") -> None:
    number = 0
    for row in root.iterfind("{*}sheetData/{*}row"):
        number = int(row.get("r", number + 1))
        _put_first(row, str(number))
        column = 0
        for cell in row.iterfind("{*}c"):
            letters = (cell.get("r") or column_letters(column + 1)).rstrip("0123456789")
            column = column_number(letters.encode())
            _put_first(cell, f"{letters}{number}")


def _put_first(element: "etree._Element", reference: str) -> None:
    others = [(name, value) for name, value in element.attrib.items() if name != "r"]
    element.attrib.clear()
    element.set("r", reference)
    for name, value in others:
        element.set(name, value)
