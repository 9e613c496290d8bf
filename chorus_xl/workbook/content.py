"""A workbook's content at one moment: its package, its structure, the cells of our tables.

Knows what python-calamine reads and what it does not tell apart: to it a blank cell, an error, a formula that was never
worked out and a text without a character are all ``""``. Refuses to know how anything is written.

Rule 1: the three kinds of nothing and Excel's own errors are told apart by the sheet's XML (``domain.sheets``).
Rule 2: a formula in one of the program's columns is refused, since the program could never write there.
Rule 3: a sheet is read whole, so its far corner is judged first.
"""

import gc
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from python_calamine import CalamineError, load_workbook

from chorus_xl.domain.columns import BUDGETS, DUES, INVOICES, JOURNAL, LINES, PRESS, SETTINGS, TableSpec, Writer
from chorus_xl.domain.sheets import BadCell, Sheets, Table
from chorus_xl.errors import WorkbookError
from chorus_xl.workbook.frame import IDENTITY, Block, parameters_of, rows_below, table_of
from chorus_xl.workbook.opening import Package, fingerprint_of
from chorus_xl.workbook.sheetxml import (
    SheetXml,
    UnexpectedShapeError,
    cached_value,
    column_letters,
    column_number,
    has_huge_cell,
    in_plain_shape,
    is_formula,
    is_utf8,
)
from chorus_xl.workbook.structure import Placed, of_older_layout, read_structure

MAX_AREA = 10_000_000  # cells from A1 to the far corner; the reader takes memory for each, filled or not
LAST_ROW = 1_048_576  # of a sheet

_READ = (INVOICES, JOURNAL, LINES, BUDGETS, SETTINGS, PRESS)
_GROWING = frozenset({JOURNAL.name, DUES.name})
"""Rewritten whole, to any length: no formula may stand below them."""
_EMPTY_TEXTS = (b"<t></t>", b"<t/>", b'<t xml:space="preserve"></t>', b'<t xml:space="preserve"/>')
_STRING = re.compile(rb"<si[\s/>]")
_FEW = 20  # empty texts are searched for one by one; more, as programs that share no text write them, all in one go


class Content:
    """The workbook as one sequence of bytes, and what stands in it."""

    def __init__(self, raw: bytes, file: str) -> None:
        self.raw = raw
        self.fingerprint = fingerprint_of(raw)
        self.package = Package(raw, file)
        self.structure = read_structure(self.package)
        self._grids: dict[str, Grid] = {}

    @cached_property
    def sheets(self) -> Sheets:
        """All our tables, the parameters, and what reading had to say."""
        with _no_collection():
            return self._read()

    def _read(self) -> Sheets:
        read = (*_READ, DUES)  # the last for the formulas beside it, should a write follow
        grids = self.grids(
            self.structure.tables[spec.name].sheet_part for spec in read if spec.name in self.structure.tables
        )
        findings = [*of_older_layout(self.package.file, self.structure.layout)]
        tables: dict[str, Table] = {}
        for spec in self._there:
            placed = self.structure.tables[spec.name]
            grid = grids[placed.sheet_part]
            block = grid.block(placed, placed.first_row, placed.last_row)
            tables[spec.name] = table_of(spec, placed.offsets, block)
            if spec.name in IDENTITY:
                below = grid.block(placed, placed.end_row + 1, len(grid.values))
                findings += rows_below(placed.spec, placed.sheet, placed.offsets, below)
        return Sheets(
            invoices=tables[INVOICES.name],
            lines=tables[LINES.name],
            budgets=tables[BUDGETS.name],
            parameters=parameters_of(tables[SETTINGS.name], self.structure.tables[SETTINGS.name].sheet),
            findings=tuple(findings),
            fingerprint=self.fingerprint,
            press=tables.get(PRESS.name),
        )

    @property
    def _there(self) -> Sequence[TableSpec]:
        """The tables to be read; a workbook of an earlier layout lacks some, where ``structure`` let it through."""
        return [spec for spec in _READ if spec.name in self.structure.tables]

    def grids(self, parts: Iterable[str]) -> "dict[str, Grid]":
        """By part, the values of sheets that hold tables of ours; of other sheets none."""
        odd = self._odd
        wanted = {placed.sheet_part: placed.sheet for placed in self.structure.tables.values()}
        missing = [part for part in dict.fromkeys(parts) if part in wanted and part not in self._grids]
        if missing:
            try:
                with _no_collection(), load_workbook(BytesIO(self.raw)) as workbook:
                    for part in missing:
                        lines = workbook.get_sheet_by_name(wanted[part]).to_python(skip_empty_area=False)
                        values = np.array(lines, dtype=object) if lines else np.empty((0, 0), dtype=object)
                        self._grids[part] = Grid(values, odd[part])
            except CalamineError:
                raise self.package.damaged(self.structure.part) from None
        return self._grids

    @cached_property
    def _odd(self) -> "dict[str, dict[tuple[int, int], object]]":
        return self._odd_cells()

    def _odd_cells(self) -> "dict[str, dict[tuple[int, int], object]]":
        """By sheet part, what the reader would show as blank and is not.

        All that the reader will inflate is inflated here first, where a size that lies is found out.
        """
        strings = self._companion("sharedStrings")
        if has_huge_cell(strings, b"</si>", b"<si/>"):
            raise WorkbookError("CX184", file=self.package.file, part=self.structure.parts["sharedStrings"])
        empty_strings = _empty_strings(strings)
        self._companion("styles")
        found = {}
        for part in dict.fromkeys(placed.sheet_part for placed in self.structure.tables.values()):
            data = self._readable(part)
            if has_huge_cell(data, b"<c ", b"<row"):
                raise WorkbookError("CX184", file=self.package.file, part=part)
            try:
                try:
                    odd = self._look_over(SheetXml(data), part, empty_strings)
                except UnexpectedShapeError:
                    odd = self._look_over(SheetXml(in_plain_shape(data)), part, empty_strings)
            except UnexpectedShapeError:
                raise self.package.damaged(part) from None
            found[part] = odd
        return found

    def _companion(self, kind: str) -> bytes:
        part = self.structure.parts.get(kind)
        return b"" if part is None else self._readable(part)

    def _readable(self, part: str) -> bytes:
        """A part that the reader reads; of another encoding than UTF-8 it would silently make nothing."""
        data = self.package.read(part)
        if not is_utf8(data):
            raise self.package.damaged(part)
        return data

    def _look_over(self, sheet: SheetXml, part: str, empty_strings: frozenset[int]) -> dict[tuple[int, int], object]:
        tables = [placed for placed in self.structure.tables.values() if placed.sheet_part == part]
        row, column = sheet.said_corner() or sheet.far_corner()
        if row * column > MAX_AREA:
            row, column = sheet.far_corner()
        if row * column > MAX_AREA:
            raise self._too_far(tables[0].sheet, row, column)
        for placed in tables:
            if (placed.end_row - placed.first_row + 1) * placed.width > MAX_AREA:
                raise self._too_far(placed.sheet, placed.end_row, placed.first_column + placed.width - 1)
        odd, formulas = _odd_cells(sheet, empty_strings)
        for placed in tables:
            ours = {placed.column(column.attribute) for column in placed.spec.columns if column.writer != Writer.CLERK}
            reach = LAST_ROW if placed.spec.name in _GROWING else placed.last_row
            in_ours = [cell for cell in formulas if cell[1] in ours and placed.first_row <= cell[0] <= reach]
            if in_ours:
                raise formula_in_the_way(placed, *min(in_ours))
        return odd

    def _too_far(self, sheet: str, row: int, column: int) -> WorkbookError:
        cell = f"{column_letters(column)}{row}"
        return WorkbookError("CX180", file=self.package.file, sheet=sheet, cell=cell)


@contextmanager
def _no_collection() -> Iterator[None]:
    """No search for cycles meanwhile: a list a row sets off one after another, and cells make no cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def formula_in_the_way(placed: Placed, row: int, column: int) -> WorkbookError:
    """The error that names a cell of the program in which a formula stands."""
    header = next(
        (own.header for own in placed.spec.columns if placed.column(own.attribute) == column), column_letters(column)
    )
    return WorkbookError("CX179", cell=f"{column_letters(column)}{row}", sheet=placed.sheet, header=header)


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet's values from A1 on, with what the reader does not tell apart."""

    values: NDArray[np.object_]
    odd: Mapping[tuple[int, int], object]

    def cell(self, row: int, column: int) -> object:
        """One cell; ``None`` where it is blank."""
        if (row, column) in self.odd:
            return self.odd[row, column]
        height, width = self.values.shape
        value = self.values[row - 1, column - 1] if row <= height and column <= width else None
        return None if value == "" else value

    def block(self, placed: Placed, first_row: int, last_row: int) -> Block:
        """The table's columns in these rows: the same memory, so that a block is asked for once."""
        height, left, width = max(last_row - first_row + 1, 0), placed.first_column - 1, placed.width
        cells = self.values[first_row - 1 : max(last_row, first_row - 1), left : left + width]
        if cells.shape != (height, width):  # the reader stops where nothing more stands
            whole = np.full((height, width), "", dtype=object)
            whole[: cells.shape[0], : cells.shape[1]] = cells
            cells = whole
        silent: NDArray[np.bool_] = cells == ""
        cells[silent] = None
        for (row, column), value in self.odd.items():
            line, place = row - first_row, column - 1 - left
            if 0 <= line < height and 0 <= place < width:
                cells[line, place], silent[line, place] = value, value == ""
        return Block(cells, silent, first_row)


def _odd_cells(
    sheet: SheetXml, empty_strings: frozenset[int]
) -> tuple[dict[tuple[int, int], object], set[tuple[int, int]]]:
    """What the reader shows as blank and is not, and where formulas stand."""
    odd: dict[tuple[int, int], object] = {}
    formulas = set()
    for cell in sheet.cells_around(b"<f", b't="e"'):
        place, value = (int(cell[2]), column_number(cell[1])), cached_value(cell[4])
        if is_formula(cell[4]):
            formulas.add(place)
        if b't="e"' in cell[3]:
            odd[place] = BadCell(value.decode())
        elif not value:
            # Excel marks the empty text that a formula gave; without the mark it was never worked out
            odd[place] = "" if b't="str"' in cell[3] else BadCell("")
    wanted = {b"%d" % index for index in empty_strings}
    marks = [b"<v>%b</v>" % index for index in wanted] if len(wanted) <= _FEW else [b't="s"']
    for cell in sheet.cells_around(*marks):
        if b't="s"' in cell[3] and cached_value(cell[4]) in wanted:
            odd[int(cell[2]), column_number(cell[1])] = ""
    if sheet.data.rfind(b't="inlineStr"') != -1:
        for cell in sheet.cells_around(*(b"<is>%b</is>" % empty for empty in _EMPTY_TEXTS)):
            odd[int(cell[2]), column_number(cell[1])] = ""
    return odd, formulas


def _empty_strings(strings: bytes) -> frozenset[int]:
    """Indexes of the shared strings without a character."""
    found, index, counted = set(), -1, 0
    for at in sorted(_places(strings, _EMPTY_TEXTS)):
        index += len(_STRING.findall(strings, counted, at))
        counted = at
        if strings.rfind(b"<r>", strings.rfind(b"<si", 0, at), at) == -1:  # else a run without a character among others
            found.add(index)
    return frozenset(found)


def _places(data: bytes, marks: Iterable[bytes]) -> Iterator[int]:
    for mark in marks:
        at = data.find(mark)
        while at != -1:
            yield at
            at = data.find(mark, at + 1)
