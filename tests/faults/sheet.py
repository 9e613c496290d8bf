"""A workbook in memory that fulfils the port as the closed one does, and the hand that types into it.

Rule 1: rows are known by their number in Excel; a row that moved since it was read is found again by the closed
        workbook's own code (``workbook.frame``), or reported, never guessed.
Rule 2: what a hand typed into a column of the program's is marked until the program writes something else there: what
        a person claims is not what the program says.
Rule 3: a new line of the program's goes where the closed workbook would put it, by its own code; the book remembers
        which lines the program made, as long as no hand has renamed them, and any cell of the clerk's that it changed.
Rule 4: as the file does, it can be open elsewhere (readable, not writable), and be copied over another.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from chorus_xl.domain.columns import BUDGETS, INVOICES, LINES, PRESS, TableSpec, Writer
from chorus_xl.domain.sheets import Changes, NewLine, Sheets, Table, TableChange, Written
from chorus_xl.domain.statuses import DepositState
from chorus_xl.errors import WorkbookError
from chorus_xl.messages.acts import replaces
from chorus_xl.workbook.frame import Room, find_again

FIRST_ROW = 5
SPARE_ROWS = 1  # empty ones below the last line
_VERSIONS = count()
_CLAIMS = frozenset({DepositState.DEPOSITED.value, DepositState.IN_DOUBT.value})
_OURS = frozenset(column.attribute for column in INVOICES.columns if column.writer is not Writer.CLERK)


@dataclass(slots=True)
class Row:
    """One line of a table: its cells, and those of the program's columns that a hand has typed.

    ``made``: the program made it, and the rejected invoice that it takes the place of.
    """

    cells: dict[str, object]
    by_hand: set[str] = field(default_factory=set)
    made: str | None = None

    @property
    def is_blank(self) -> bool:
        return all(cell is None for cell in self.cells.values())


@dataclass
class Book:
    """A file: ``None`` is a blank line of ``tblFactures``."""

    template: Sheets
    rows: list[Row | None]
    budgets: list[Row]
    is_open_elsewhere: bool = False
    press: Table | None = None
    version: int = field(default_factory=lambda: next(_VERSIONS))
    overwritten: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.first_version = self.version

    def touch(self) -> None:
        self.version = next(_VERSIONS)

    # What the port asks for.

    def read(self) -> Sheets:
        return self._sheets(self.rows)

    def ensure_writable(self) -> None:
        if self.is_open_elsewhere:
            raise WorkbookError("CX158", file="ChorusInvoices.xlsm", lock="~$ChorusInvoices.xlsm")

    def write(self, sheets: Sheets, changes: Changes) -> Written:
        self.ensure_writable()
        moved: list[int] = []
        cells = sum(self._change(sheets, change, moved) for change in changes.cells)
        for table in changes.replacements:
            if table.table == PRESS.name:  # the program's own, that no hand types into
                columns = {name: np.array(values, dtype=object) for name, values in table.columns.items()}
                self.press = Table(PRESS.name, columns, np.arange(len(columns["item"]), dtype=np.int64))
        placed: list[int | None] = []
        if changes.lines:
            room = Room(self.read().invoices, FIRST_ROW, FIRST_ROW + len(self.rows) - 1 + SPARE_ROWS)
            for line in changes.lines:
                row, is_new = room.place(line)
                placed.append(row)
                if row is not None and is_new:
                    cells += self.prepare(row - FIRST_ROW, line)
        if cells:
            self.touch()
        return Written(cells, tuple(moved), tuple(placed))

    def is_empty(self, place: int) -> bool:
        """Whether nothing stands on that line."""
        row = self.rows[place] if place < len(self.rows) else None
        return row is None or row.is_blank

    def prepare(self, place: int, line: NewLine) -> int:
        """Put a new line of the program's there; how many cells it has."""
        self.rows += [None] * (place + 1 - len(self.rows))
        comment = str(line.cells["comment"])
        if not self.is_empty(place):
            self.overwritten.append(f"{line.cells['invoice_number']} was written over a line of the clerk's")
        replaced = [str(row.cells["invoice_number"]) for row in self.rows if row]
        made = next((number for number in replaced if replaces(number) in comment), "")
        blank = {column.attribute: None for column in INVOICES.columns}
        self.rows[place] = Row({**blank, **line.cells}, made=made)
        return sum(cell is not None for cell in line.cells.values())

    def _change(self, then: Sheets, change: TableChange, moved: list[int]) -> int:
        now = self.read()
        rows: Sequence[Row | None] = self.rows
        before, after = then.invoices, now.invoices
        if change.table != INVOICES.name:
            before, after, rows = then.budgets, now.budgets, self.budgets
        found = list(find_again(before, after, change.rows, unchanged=then.fingerprint == now.fingerprint))
        changed = 0
        for line, place in enumerate(found):
            if place is None:
                moved.append(change.rows[line])
                continue
            row = rows[int(after.rows[place]) - FIRST_ROW]
            assert row is not None
            for attribute, values in change.columns.items():
                if row.cells[attribute] != values[line]:
                    if change.table == INVOICES.name and attribute not in _OURS:
                        self.overwritten.append(f"{attribute} of {row.cells['invoice_number']} was written over")
                    row.cells[attribute] = values[line]
                    row.by_hand.discard(attribute)
                    changed += 1
        return changed

    # What tests.invariant asks for.

    def said(self) -> Sheets:
        """What the program says on it: the cells without those that a hand typed."""
        rows = [
            row and Row({name: None if name in row.by_hand else cell for name, cell in row.cells.items()})
            for row in self.rows
        ]
        return self._sheets(rows)

    def made(self) -> list[tuple[str, str]]:
        """The lines that the program made and nobody has renamed: the invoice replaced, and the new number."""
        return [(row.made, str(row.cells["invoice_number"])) for row in self.rows if row and row.made is not None]

    def claimed(self) -> frozenset[str]:
        """The numbers of which the sheet says, rightly or not, that they were sent."""
        return frozenset(
            str(row.cells["invoice_number"])
            for row in self.rows
            if row and (row.cells["chorus_reference"] or row.cells["deposit_state"] in _CLAIMS)
        )

    # What a hand does.

    def type(self, place: int, attribute: str, value: object) -> None:
        """Type into the n-th line, counted around."""
        row = self.rows[place % len(self.rows)] if self.rows else None
        if row is None:
            return
        row.cells[attribute] = value
        if attribute in ("invoice_number", "comment"):
            row.made = None
        if attribute == "invoice_number":
            row.by_hand |= _OURS  # what stands beside it was said of another number
        elif attribute in _OURS:
            row.by_hand.add(attribute)
        self.touch()

    def sort(self, attribute: str, *, descending: bool) -> None:
        """Blank lines go last, as Excel has it."""
        rows = [row for row in self.rows if row]
        rows.sort(key=lambda row: str(row.cells[attribute] or ""), reverse=descending)
        self.rows = [*rows, *[None] * (len(self.rows) - len(rows))]
        self.touch()

    def insert(self, place: int, row: Row | None) -> None:
        self.rows.insert(place % (len(self.rows) + 1), row)
        self.touch()

    def double(self, place: int) -> None:
        """Copy a line and paste it below, as a clerk makes a new invoice from an old one."""
        if self.rows:
            twin = deepcopy(self.rows[place % len(self.rows)])
            if twin is not None:
                twin.made = None
            self.rows.append(twin)
            self.touch()

    def delete(self, place: int) -> None:
        if self.rows:
            del self.rows[place % len(self.rows)]
            self.touch()

    def copy_from(self, other: "Book") -> None:
        """The other file is copied over this one."""
        self.rows, self.budgets, self.version = deepcopy(other.rows), deepcopy(other.budgets), other.version
        self.press = other.press

    def line_of(self, number: str) -> Row | None:
        """The first line under that number."""
        return next((row for row in self.rows if row and row.cells["invoice_number"] == number), None)

    def _sheets(self, rows: list[Row | None]) -> Sheets:
        return Sheets(
            invoices=_table(INVOICES, rows),
            lines=self.template.lines,
            budgets=_table(BUDGETS, self.budgets),
            parameters=self.template.parameters,
            fingerprint=str(self.version),
            press=self.press,
        )


def sheets_of(
    invoices: Iterable[Mapping[str, object]], budgets: Iterable[Mapping[str, object]], parameters: Mapping[str, object]
) -> Sheets:
    """A workbook of these lines, a cell that is not named being blank."""
    lines, others = (
        [Row({column.attribute: given.get(column.attribute) for column in spec.columns}) for given in rows]
        for spec, rows in ((INVOICES, invoices), (BUDGETS, budgets))
    )
    return Sheets(_table(INVOICES, lines), _table(LINES, []), _table(BUDGETS, others), parameters)


def rows_of(table: Table) -> list[Row]:
    """The lines of a table, each apart from it."""
    names = [str(name) for name in table.columns]
    lines = zip(*(table.cells(name) for name in names), strict=True)
    return [Row(dict(zip(names, line, strict=True))) for line in lines]


def _table(spec: TableSpec, rows: Sequence[Row | None]) -> Table:
    places = [place for place, row in enumerate(rows) if row and any(cell is not None for cell in row.cells.values())]
    columns = {}
    for column in spec.columns:
        cells = np.empty(len(places), dtype=object)
        cells[:] = [rows[place].cells[column.attribute] for place in places]  # type: ignore[union-attr]  # chosen above
        columns[column.attribute] = cells
    return Table(spec.name, columns, np.array(places, dtype=np.int64) + FIRST_ROW)
