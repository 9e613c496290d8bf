"""A workbook that stands open in Excel: read in blocks, written a column at a time, through xlwings.

Knows the order in which an open book is read and written. Refuses to know what the rows mean, and files on disk.

Rule 1: tables are found by name on whatever sheet, columns by header; what refuses a closed workbook refuses an open
        one, with the same sentence (``structure``, ``frame``).
Rule 2: rows are found again just before they are written, by what identifies them if anything moved since.
Rule 3: selection, filters, scroll and the clerk's own columns are never touched; the screen is always given back.
Rule 4: all or nothing: when Excel refuses half-way, what was written before is put back.
"""

import contextlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

import numpy as np

from chorus_xl.domain.columns import (
    BUDGETS,
    INVOICES,
    LAYOUT_NAME,
    LINES,
    PRESS,
    SETTINGS,
    TABLES,
    TableSpec,
    Writer,
)
from chorus_xl.domain.findings import Finding
from chorus_xl.domain.sheets import CellValue, Changes, NewLine, Sheets, Table, TableChange, TableReplacement, Written
from chorus_xl.errors import WorkbookError
from chorus_xl.workbook.cells import holds
from chorus_xl.workbook.excel import Cells, Column, in_words, read_cells, read_formulas
from chorus_xl.workbook.frame import IDENTITY, Block, Room, find_again, parameters_of, rows_below, table_of
from chorus_xl.workbook.sheetxml import column_letters
from chorus_xl.workbook.structure import as_there, layout_of, match_headers, of_older_layout

if TYPE_CHECKING:
    import xlwings as xw
    from xlwings.main import Table as ListObject

_MAX_BELOW = 10_000_000  # cells under a table; a lone cell at the sheet's very end would have them all read


class _Deed(Protocol):
    """Something to be written, that can be undone."""

    def write(self) -> None: ...

    def put_back(self) -> None: ...


class LiveWorkbook:
    """Fulfils ``steps.ports.Workbook`` for a book open in Excel."""

    def __init__(self, book: "xw.Book") -> None:
        self._book = book
        self._file = book.name

    def read(self) -> Sheets:
        """All tables in one go; see ``steps.ports.Workbook``."""
        with in_words(self._file):
            seats = self._seats(TABLES)
            tables = {spec.name: seats[spec.name].table(spec) for spec in TABLES if spec.name in seats}
            below = [finding for name in IDENTITY for finding in seats[name].below()]
            return Sheets(
                invoices=tables[INVOICES.name],
                lines=tables[LINES.name],
                budgets=tables[BUDGETS.name],
                parameters=parameters_of(tables[SETTINGS.name], seats[SETTINGS.name].sheet.name),
                findings=(*of_older_layout(self._file, self._layout()), *below),
                press=tables.get(PRESS.name),
            )

    def refuse_if_read_only(self) -> None:
        """Let a book through that Excel opened for writing.

        Raises:
            WorkbookError: it is read-only.
        """
        with in_words(self._file):
            api = self._book.api  # xlwings has no name of its own for this
            if api.read_only.get() if sys.platform == "darwin" else api.ReadOnly:
                raise WorkbookError("CX532", file=self._file)

    def ensure_writable(self) -> None:
        """Write a cell of the program onto itself, which Excel refuses on a protected sheet."""
        self.refuse_if_read_only()
        with in_words(self._file), self._quiet():
            seat = self._seats([INVOICES])[INVOICES.name]
            cell = seat.column("verdict", seat.first_row, seat.first_row)
            [[value]] = read_cells(cell)
            if value is None or isinstance(value, str):
                Column(cell, [value], INVOICES.column("verdict").kind).write()

    def write(self, sheets: Sheets, changes: Changes) -> Written:
        """Write the program's cells, all or none; see ``steps.ports.Workbook``."""
        with in_words(self._file), self._quiet():
            then = {table.name: table for table in (sheets.invoices, sheets.lines, sheets.budgets)}
            named = {change.table for change in changes.cells} | {table.table for table in changes.replacements}
            named |= {line.table for line in changes.lines}
            work = _Work(self._seats([spec for spec in TABLES if spec.name in named]), then)
            for change in changes.cells:
                work.change(change)
            for replacement in changes.replacements:
                work.replace(replacement)
            for line in changes.lines:
                work.add(line)
            _do(work.deeds)
            return Written(work.count, tuple(work.moved), tuple(work.placed))

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        """No repainting while cells are written; whatever happens, and whoever turned it off, it is on afterwards."""
        app = self._book.app
        app.screen_updating = False
        try:
            yield
        finally:
            app.screen_updating = True

    def _layout(self) -> int:
        names = self._book.names
        said = names[LAYOUT_NAME].refers_to or "" if names.contains(LAYOUT_NAME) else ""
        return layout_of(self._file, [(LAYOUT_NAME, said)])

    def _seats(self, specs: Iterable[TableSpec]) -> "dict[str, _Seat]":
        """These tables as they stand now; one that the workbook is too old to have is left out."""
        sheets = list(self._book.sheets)
        layout = self._layout()
        found = {table.name.casefold(): (sheet, table) for sheet in sheets for table in sheet.tables}
        present = {sheet.name.casefold() for sheet in sheets}
        seats = {}
        for spec in specs:
            place = found.get(spec.name.casefold())
            if place is None and spec.since > layout:
                continue
            if place is None:
                code = "CX174" if spec.sheet.casefold() in present else "CX173"
                raise WorkbookError(code, file=self._file, sheet=spec.sheet, table=spec.name)
            seats[spec.name] = _seat(self._file, spec, *place, layout)
        return seats


def _do(deeds: Sequence[_Deed]) -> None:
    """All of them, or none."""
    done: list[_Deed] = []
    try:
        for deed in deeds:
            done.append(deed)
            deed.write()
    except Exception:
        for deed in reversed(done):
            with contextlib.suppress(Exception):  # the first refusal is the one to be told
                deed.put_back()
        raise


@dataclass(frozen=True, slots=True)
class _Seat:
    """A table of ours where it stands now, with its cells; rows and columns count from 1."""

    file: str
    spec: TableSpec
    sheet: "xw.Sheet"
    list_object: "ListObject"
    first_row: int
    end_row: int  # of the whole table, totals included
    first_column: int
    offsets: dict[str, int]
    width: int
    cells: Cells  # of its rows of data

    def column(self, attribute: str, first_row: int, last_row: int) -> "xw.Range":
        """Cells of that column."""
        column = self.first_column + self.offsets[attribute]
        return self.sheet.range((first_row, column), (last_row, column))

    def table(self, spec: TableSpec | None = None) -> Table:
        """Its columns; those of ``spec``, when it is given, blank where they are not there."""
        return table_of(spec or self.spec, self.offsets, _block(self.cells, self.width, self.first_row))

    def below(self) -> list[Finding]:
        """What stands under it in its columns."""
        used = self.sheet.used_range.last_cell
        height = used.row - self.end_row
        if height <= 0:
            return []
        if height * self.width > _MAX_BELOW:
            cell = f"{column_letters(used.column)}{used.row}"
            raise WorkbookError("CX180", file=self.file, sheet=self.sheet.name, cell=cell)
        left, top = self.first_column, self.end_row + 1
        cells = read_cells(self.sheet.range((top, left), (used.row, left + self.width - 1)))
        return rows_below(self.spec, self.sheet.name, self.offsets, _block(cells, self.width, top))


def _seat(file: str, spec: TableSpec, sheet: "xw.Sheet", table: "ListObject", layout: int) -> _Seat:
    if not table.show_headers:
        raise WorkbookError("CX538", table=spec.name, sheet=sheet.name)
    whole = table.range
    headers, *cells = read_cells(whole)
    body = cells[: len(cells) - 1] if table.show_totals else cells
    offsets = match_headers(spec, ["" if header is None else str(header) for header in headers], layout)
    seat = _Seat(
        file=file,
        spec=as_there(spec, offsets),
        sheet=sheet,
        list_object=table,
        first_row=whole.row + 1,
        end_row=whole.row + len(cells),
        first_column=whole.column,
        offsets=offsets,
        width=len(headers),
        cells=body,
    )
    _refuse_formulas(seat, read_formulas(whole)[1 : 1 + len(body)])
    return seat


def _refuse_formulas(seat: _Seat, formulas: Cells) -> None:
    """A column of the program must hold none: the program could not write there without destroying it."""
    for column in seat.spec.columns:
        if column.writer is Writer.CLERK:
            continue
        place = seat.offsets[column.attribute]
        for line, (typed, shown) in enumerate(zip(formulas, seat.cells, strict=True)):
            text = typed[place]
            if isinstance(text, str) and text.startswith("=") and text != shown[place]:  # a text may begin with =
                cell = f"{column_letters(seat.first_column + place)}{seat.first_row + line}"
                raise WorkbookError("CX179", cell=cell, sheet=seat.sheet.name, header=column.header)


def _block(cells: Cells, width: int, first_row: int) -> Block:
    values = np.empty((len(cells), width), dtype=object)
    for line, row in enumerate(cells):
        values[line] = row
    silent = np.array([[value is None or value == "" for value in row] for row in cells], dtype=np.bool_)
    return Block(values, silent.reshape(values.shape), first_row)


class _Work:
    """What one write comes to, before a cell is touched."""

    def __init__(self, seats: "dict[str, _Seat]", then: dict[str, Table]) -> None:
        self._seats = seats
        self._then = then
        self.deeds: list[_Deed] = []
        self._room: dict[str, Room] = {}
        self.moved: list[int] = []
        self.placed: list[int | None] = []
        self.count = 0

    def change(self, change: TableChange) -> None:
        """Take in the columns in which a cell does not hold its value yet."""
        seat, then = self._seats[change.table], self._then[change.table]
        now = seat.table()
        unchanged = np.array_equal(then.rows, now.rows) and all(
            then.cells(column.attribute) == now.cells(column.attribute) for column in seat.spec.columns
        )
        found = list(find_again(then, now, change.rows, unchanged=unchanged))
        self.moved += [row for row, line in zip(change.rows, found, strict=True) if line is None]
        for attribute, values in change.columns.items():
            if attribute not in seat.offsets:
                continue  # the workbook is older than this column
            current = now.cells(attribute)
            wanted = {line: value for line, value in zip(found, values, strict=True) if line is not None}
            differing = sum(not holds(current[line], value, date1904=False) for line, value in wanted.items())
            if differing:
                self._put(seat, attribute, {int(now.rows[line]): value for line, value in wanted.items()})
                self.count += differing

    def add(self, line: NewLine) -> None:
        """Take in a new line, where the table has an empty one as it stands now."""
        seat = self._seats[line.table]
        last_row = seat.first_row + len(seat.cells) - 1
        room = self._room.setdefault(line.table, Room(seat.table(), seat.first_row, last_row))
        row, is_new = room.place(line)
        self.placed.append(row)
        if row is not None and is_new:
            for attribute, value in line.cells.items():
                if value is not None:
                    self._put(seat, attribute, {row: value})
                    self.count += 1

    def replace(self, replacement: TableReplacement) -> None:
        """Take in a table's rows whole; one blank row remains where there is none, since Excel wants one.

        A workbook that is older than the table goes without.
        """
        seat = self._seats.get(replacement.table)
        if seat is None:
            return
        height = max(map(len, replacement.columns.values()), default=0)
        rows = max(height, 1)
        columns = {name: [*replacement.columns.get(name, ()), *[None] * (rows - height)] for name in seat.offsets}
        if rows == seat.end_row - seat.first_row + 1 == len(seat.cells) and all(
            holds(seat.cells[line][seat.offsets[name]], value, date1904=False)
            for name, values in columns.items()
            for line, value in enumerate(values)
        ):
            return
        self.deeds.append(_Resizing(seat, seat.first_row + rows - 1))
        for name, values in columns.items():
            cleared = [None] * max(seat.end_row - seat.first_row + 1 - rows, 0)
            self._put(seat, name, dict(enumerate([*values, *cleared], seat.first_row)))
            self.count += height

    def _put(self, seat: _Seat, attribute: str, by_row: dict[int, CellValue]) -> None:
        """One deed for each stretch of neighbouring rows: the clerk's own lines in between are passed over."""
        kind = seat.spec.column(attribute).kind
        for _, stretch in groupby(enumerate(sorted(by_row)), lambda place: place[1] - place[0]):
            rows = [row for _, row in stretch]
            cells = seat.column(attribute, rows[0], rows[-1])
            self.deeds.append(Column(cells, [by_row[row] for row in rows], kind))


@dataclass(frozen=True, slots=True)
class _Resizing:
    """A table made as high as its new rows, without a line of totals."""

    seat: _Seat
    last_row: int

    def write(self) -> None:
        if self.seat.list_object.show_totals:
            self.seat.list_object.show_totals = False
        self._resize(self.last_row)

    def put_back(self) -> None:
        self._resize(self.seat.end_row)

    def _resize(self, last_row: int) -> None:
        seat = self.seat
        right = seat.first_column + seat.width - 1
        seat.list_object.resize(seat.sheet.range((seat.first_row - 1, seat.first_column), (last_row, right)))
