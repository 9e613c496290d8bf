"""What one write comes to, table by table, before any file is touched.

Knows rows, columns and the cells they lead to. Refuses to know the disk.

Rule 1: a cell that holds its value already is left out.
Rule 2: a row that moved since it was read is found again, or named in ``moved``; nothing is written on a guess.
Rule 3: what changes a cell renews the values of the sheets' own formulas (``reckoned``).
"""

from chorus_xl.domain.sheets import NewLine, Sheets, Table, TableChange, TableReplacement
from chorus_xl.workbook.cells import holds
from chorus_xl.workbook.content import Content, formula_in_the_way
from chorus_xl.workbook.frame import Room, find_again
from chorus_xl.workbook.patch import FormulaInTheWayError, Gone, SheetEdits, patched, with_full_calculation
from chorus_xl.workbook.reckoned import reckoned
from chorus_xl.workbook.sheetxml import UnexpectedShapeError, in_plain_shape
from chorus_xl.workbook.structure import Placed
from chorus_xl.workbook.tablexml import is_provisional, resized


class Pending:
    """What one write comes to, table by table, before any file is touched."""

    def __init__(self, content: Content, then: Sheets) -> None:
        self._content = content
        self._unchanged = then.fingerprint == content.fingerprint
        self._then = _by_name(then)
        self._now = self._then if self._unchanged else _by_name(content.sheets)
        self._date1904 = content.structure.date1904
        self._edits: dict[str, SheetEdits] = {}
        self._tables: dict[str, bytes] = {}
        self._room: dict[str, Room] = {}
        self.moved: list[int] = []
        self.placed: list[int | None] = []
        self._counts: dict[str, int] = {}
        self._ends: dict[str, int] = {}

    def change(self, change: TableChange) -> None:
        """Take in the cells that do not hold their value yet."""
        placed, now = self._content.structure.tables[change.table], self._now[change.table]
        found = list(find_again(self._then[change.table], now, change.rows, unchanged=self._unchanged))
        self.moved += [row for row, line in zip(change.rows, found, strict=True) if line is None]
        edits = self._edits_of(placed)
        for attribute, values in change.columns.items():
            if attribute not in placed.offsets:
                continue  # the workbook is older than this column
            current = now.cells(attribute)
            column = placed.column(attribute)
            edits.style_from[column] = placed.first_row
            for line, value in zip(found, values, strict=True):
                if line is not None and not holds(current[line], value, date1904=self._date1904):
                    edits.put(int(now.rows[line]), column, value)
                    self._count(placed, 1)

    def add(self, line: NewLine) -> None:
        """Take in a new line, where the table has an empty one as it stands now."""
        placed = self._content.structure.tables[line.table]
        room = self._room.setdefault(line.table, Room(self._now[line.table], placed.first_row, placed.last_row))
        row, is_new = room.place(line)
        self.placed.append(row)
        if row is None or not is_new:
            return
        edits = self._edits_of(placed)
        for attribute, value in line.cells.items():
            edits.style_from[placed.column(attribute)] = placed.first_row
            if value is not None:
                edits.put(row, placed.column(attribute), value)
                self._count(placed, 1)

    def replace(self, replacement: TableReplacement) -> None:
        """Take in a table's rows whole; one blank row remains where there is none, since Excel wants one.

        A workbook that is older than the table goes without.
        """
        placed = self._content.structure.tables.get(replacement.table)
        if placed is None:
            return
        height = max(map(len, replacement.columns.values()), default=0)
        last_row = placed.first_row + max(height, 1) - 1
        self._ends[replacement.table] = last_row
        edits = self._edits_of(placed)
        for attribute in placed.offsets:
            column, values = placed.column(attribute), replacement.columns.get(attribute, [None] * height)
            edits.style_from[column] = placed.first_row
            for row, value in enumerate(values, placed.first_row):
                edits.put(row, column, value)
            for row in range(placed.first_row + height, placed.end_row + 1):
                edits.put(row, column, None if row <= last_row else Gone.GONE)
            self._count(placed, len(values))
        table = self._content.package.tree(placed.part)
        if last_row != placed.end_row or is_provisional(table):
            self._tables[placed.part] = resized(table, last_row)

    def parts(self) -> tuple[dict[str, bytes], int]:
        """New bytes by entry name, none when nothing changes, and how many cells change.

        Raises:
            WorkbookError: a cell to be written holds a formula, or the sheet is damaged.
        """
        package, structure, count = self._content.package, self._content.structure, 0
        parts = dict(self._tables)
        for part, edits in self._edits.items():
            if edits.cells:
                before = package.read(part)
                after = self._patched(part, before, edits)
                if after != before:
                    parts[part] = after
                    count += self._counts[part]
        if parts:
            parts.update(reckoned(self._content, parts, self._edits, self._ends))
            workbook = package.read(structure.part)
            calculated = self._calculated(workbook)
            if calculated != workbook:
                parts[structure.part] = calculated
        return {package.entry_name(part): content for part, content in parts.items()}, count

    def _patched(self, part: str, before: bytes, edits: SheetEdits) -> bytes:
        package, tables = self._content.package, self._content.structure.tables.values()
        try:
            return patched(before, edits)
        except UnexpectedShapeError:
            raise package.damaged(part) from None
        except FormulaInTheWayError as found:
            placed = next(placed for placed in tables if placed.sheet_part == part and placed.spans(found.column))
            raise formula_in_the_way(placed, found.row, found.column) from None

    def _calculated(self, workbook: bytes) -> bytes:
        try:
            try:
                return with_full_calculation(workbook)
            except UnexpectedShapeError:
                return with_full_calculation(in_plain_shape(workbook))
        except UnexpectedShapeError:
            raise self._content.package.damaged(self._content.structure.part) from None

    def _count(self, placed: Placed, cells: int) -> None:
        self._counts[placed.sheet_part] = self._counts.get(placed.sheet_part, 0) + cells

    def _edits_of(self, placed: Placed) -> SheetEdits:
        return self._edits.setdefault(placed.sheet_part, SheetEdits(self._content.structure.date1904))


def _by_name(sheets: Sheets) -> dict[str, Table]:
    return {table.name: table for table in (sheets.invoices, sheets.lines, sheets.budgets)}
