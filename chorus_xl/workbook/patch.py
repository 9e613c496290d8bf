"""Cells changed in a sheet's XML, everything else left as its bytes are.

Knows the plain shape of ``sheetxml``. Refuses to know why a cell changes, and what stands in it before: only a formula
stops it.

Rule 1: rows without a change are copied, not read; a changed cell keeps its style and nothing else.
Rule 2: a cell that is not there yet takes the style of the nearest cell below the table's header in its column.
Rule 3: a cell with a formula is never overwritten.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from io import BytesIO

from chorus_xl.domain.sheets import CellValue
from chorus_xl.workbook.cells import ending
from chorus_xl.workbook.sheetxml import (
    DIMENSION,
    Row,
    SheetXml,
    UnexpectedShapeError,
    cells_of,
    column_letters,
    column_number,
    in_plain_shape,
    is_formula,
)

_STYLE = re.compile(rb' s="(\d+)"')
_SPANS = re.compile(rb' spans="[^"]*"')
_CALCULATION = re.compile(rb"<calcPr\b[^>]*>")
_FULL = re.compile(rb"fullCalcOnLoad\s*=\s*[\"']([^\"']*)[\"']")
_NAMES_END = b"</definedNames>"


class FormulaInTheWayError(Exception):
    """A cell to be written holds a formula; only seen inside this package."""

    def __init__(self, row: int, column: int) -> None:
        super().__init__(f"{column_letters(column)}{row}")
        self.row = row
        self.column = column


class Gone(Enum):
    """In place of a value: the cell is taken away, style and all."""

    GONE = "gone"


@dataclass(slots=True)
class SheetEdits:
    """What changes in one sheet.

    Attributes:
        date1904: the workbook's date system.
        cells: by row and column, the new value.
        style_from: by column, the row from which a new cell's style is looked for.
    """

    date1904: bool
    cells: dict[int, dict[int, CellValue | Gone]] = field(default_factory=dict)
    style_from: dict[int, int] = field(default_factory=dict)

    def put(self, row: int, column: int, value: CellValue | Gone) -> None:
        """Note one cell."""
        self.cells.setdefault(row, {})[column] = value


def patched(data: bytes, edits: SheetEdits) -> bytes:
    """The sheet with the cells changed.

    Raises:
        FormulaInTheWayError: one of them holds a formula.
        UnexpectedShapeError: even a tree could not make sense of the sheet.
    """
    if b"<!" not in data:
        with suppress(UnexpectedShapeError):
            return _Patcher(SheetXml(data), edits).run()
    return _Patcher(SheetXml(in_plain_shape(data)), edits).run()


class _Patcher:
    def __init__(self, sheet: SheetXml, edits: SheetEdits) -> None:
        self.sheet = sheet
        self.edits = edits
        self.styles: dict[int, bytes] = {}

    def run(self) -> bytes:
        data = memoryview(self.sheet.data)
        waiting = sorted(self.edits.cells, reverse=True)
        patched = BytesIO()  # grows where it stands: pieces in a list, then joined, would be the sheet twice over
        patched.write(self._head())
        copied = self.sheet.start
        for row in self.sheet.rows():
            if not waiting:
                break
            if waiting[-1] > row.number:
                continue
            patched.write(data[copied : row.start])
            while waiting and waiting[-1] < row.number:
                patched.write(self._new_row(waiting.pop()))
            copied = row.start
            if waiting and waiting[-1] == row.number:
                patched.write(self._changed_row(row, self.edits.cells[waiting.pop()]))
                copied = row.end
        patched.write(data[copied : self.sheet.end])
        patched.writelines(self._new_row(number) for number in reversed(waiting))
        patched.write(data[self.sheet.end :])
        return patched.getvalue()

    def _head(self) -> bytes:
        """What stands before the rows, its ``dimension`` grown to hold what is written."""
        head = self.sheet.data[: self.sheet.start]
        found = DIMENSION.search(head)
        written = [
            (row, column)
            for row, cells in self.edits.cells.items()
            for column, value in cells.items()
            if value is not Gone.GONE
        ]
        if found is None or not written:
            return head
        last_row = max(int(found[4] or found[2]), *(row for row, _ in written))
        last_column = max(column_number(found[3] or found[1]), *(column for _, column in written))
        corner = f"{column_letters(last_column)}{last_row}".encode()
        grown = b'<dimension ref="%b%b:%b"/>' % (found[1], found[2], corner)
        return head[: found.start()] + grown + head[found.end() :]

    def _changed_row(self, row: Row, cells: Mapping[int, CellValue | Gone]) -> bytes:
        data = self.sheet.data
        tag, inner = data[row.start : row.inner], data[row.inner : row.close]
        todo = sorted(cells.items(), reverse=True)
        pieces, at, has_grown = [], 0, False
        for cell in cells_of(inner):
            column = column_number(cell[1])
            while todo and todo[-1][0] < column:
                new = self._new_cell(row.number, *todo.pop())
                pieces += [inner[at : cell.start()], new]
                at, has_grown = cell.start(), has_grown or bool(new)
            if todo and todo[-1][0] == column:
                if is_formula(cell[4]):
                    raise FormulaInTheWayError(row.number, column)
                style = _STYLE.search(cell[3])
                changed = self._cell(row.number, column, style[1] if style else b"", todo.pop()[1])
                pieces += [inner[at : cell.start()], changed]
                at = cell.end()
        new = b"".join(self._new_cell(row.number, *item) for item in reversed(todo))
        if tag.endswith(b"/>"):
            if not new:
                return tag
            tag = tag[:-2] + b">"
        if has_grown or new:
            tag = _SPANS.sub(b"", tag)  # only a hint, and by now a wrong one
        return b"".join((tag, *pieces, inner[at:], new, b"</row>"))

    def _new_row(self, number: int) -> bytes:
        cells = b"".join(self._new_cell(number, *item) for item in sorted(self.edits.cells[number].items()))
        return b'<row r="%d">%b</row>' % (number, cells) if cells else b""

    def _new_cell(self, row: int, column: int, value: CellValue | Gone) -> bytes:
        if value is Gone.GONE or value is None or value == "":
            return b""
        if column not in self.styles:
            self.styles[column] = self._style_of(column)
        return self._cell(row, column, self.styles[column], value)

    def _cell(self, row: int, column: int, style: bytes, value: CellValue | Gone) -> bytes:
        if value is Gone.GONE:
            return b""
        styled = b' s="%b"' % style if style else b""
        content = ending(value, date1904=self.edits.date1904)
        return b'<c r="%b%d"%b%b' % (column_letters(column).encode(), row, styled, content)

    def _style_of(self, column: int) -> bytes:
        first = self.edits.style_from[column]
        letters = re.escape(column_letters(column).encode())
        for cell in re.finditer(rb'<c r="' + letters + rb'(\d{1,7})"([^>]*)>', self.sheet.data):
            style = _STYLE.search(cell[2])
            if int(cell[1]) >= first and style:
                return style[1]
        return b""


def with_full_calculation(workbook: bytes) -> bytes:
    """The workbook's own part, told to work out every formula at its next opening; the same when it is already.

    Raises:
        UnexpectedShapeError: there is no place for it.
    """
    found = _CALCULATION.search(workbook)
    if found is None:
        at = workbook.find(_NAMES_END) + len(_NAMES_END)  # the schema's next place; our layout's name stands before it
        if at < len(_NAMES_END):
            raise UnexpectedShapeError
        return workbook[:at] + b'<calcPr fullCalcOnLoad="1"/>' + workbook[at:]
    tag = found[0]
    full = _FULL.search(tag)
    if full is not None and full[1] in (b"1", b"true"):
        return workbook
    if full is not None:
        tag = tag.replace(full[0], b'fullCalcOnLoad="1"')
    else:
        tag = tag.replace(b"<calcPr", b'<calcPr fullCalcOnLoad="1"', 1)
    return workbook[: found.start()] + tag + workbook[found.end() :]
