"""Raw cells of a table as columns by attribute, and rows found again by what identifies them.

Knows our declared tables. Refuses to know where cells come from: a closed file, or a book open in Excel.

Rule 1: columns hold objects, so that ``None`` stays ``None`` and digits stay text, in a pandas frame of them too.
Rule 2: a line without any value, the clerk's and the program's, is no line; a broken cell is a value.
Rule 3: a row that cannot be found again for certain is reported, never guessed.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chorus_xl.domain.columns import BUDGETS, INVOICES, LINES, TableSpec, Writer
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.parameters import PARAMETERS
from chorus_xl.domain.sheets import NewLine, Table
from chorus_xl.errors import WorkbookError
from chorus_xl.workbook.structure import header_key

IDENTITY: Mapping[str, str] = {
    INVOICES.name: "invoice_number",
    LINES.name: "invoice_number",
    BUDGETS.name: "label",
}
"""By table, the attribute without which a line means nothing."""

_KNOWN_AGAIN_BY = {INVOICES.name: "invoice_number", BUDGETS.name: "label"}


@dataclass(frozen=True, slots=True)
class Block:
    """Raw cells, ``None`` where blank, and which of them say nothing (blank, or a text without a character)."""

    cells: NDArray[np.object_]
    silent: NDArray[np.bool_]
    first_row: int  # Excel's number of the first line


def table_of(spec: TableSpec, offsets: Mapping[str, int], block: Block) -> Table:
    """The table's columns; ``offsets`` tells each attribute's column in the block; one that is not there is blank."""
    order = {column.attribute: offsets[column.attribute] for column in spec.columns if column.attribute in offsets}
    lines = np.flatnonzero(~block.silent[:, list(order.values())].all(axis=1))
    cells = block.cells if len(lines) == len(block.cells) else block.cells[lines]
    blank = np.full(len(cells), None, dtype=object)
    columns = {
        column.attribute: cells[:, order[column.attribute]] if column.attribute in order else blank
        for column in spec.columns
    }
    return Table(spec.name, columns, lines.astype(np.int64) + block.first_row)


def rows_below(spec: TableSpec, sheet: str, offsets: Mapping[str, int], block: Block) -> list[Finding]:
    """What stands under a table in its columns: an invoice typed there would be lost.

    A line with its number is one for certain; anything else (a total typed by hand …) is only doubtful.
    """
    identity = IDENTITY[spec.name]
    typed = ~block.silent[:, [offsets[column.attribute] for column in spec.written_by(Writer.CLERK)]].all(axis=1)
    return [
        Finding(
            "CX181",
            Severity.WARNING if block.silent[line, offsets[identity]] else Severity.ERROR,
            row=int(line) + block.first_row,
            params={"sheet": sheet, "table": spec.name},
            table=spec.name,
        )
        for line in np.flatnonzero(typed)
    ]


def parameters_of(table: Table, sheet: str) -> dict[str, object]:
    """The raw values by attribute of ``domain.parameters``; lines that we do not know are the clerk's own.

    Raises:
        WorkbookError: one parameter stands there twice, with two values.
    """
    known = {header_key(parameter.name): parameter for parameter in PARAMETERS}
    values: dict[str, object] = {}
    for name, value in zip(table.cells("name"), table.cells("value"), strict=True):
        parameter = known.get(header_key(name)) if isinstance(name, str) else None
        if parameter is None:
            continue
        if values.setdefault(parameter.attribute, value) != value:
            raise WorkbookError("CX182", name=parameter.name, sheet=sheet)
    return values


def find_again(then: Table, now: Table, rows: Iterable[int], *, unchanged: bool) -> Iterator[int | None]:
    """For each row number of ``then``, its position in ``now``'s frame; ``None`` when nobody can say.

    Args:
        then: the table from which the row numbers come.
        now: the table as it stands.
        rows: Excel's row numbers, then.
        unchanged: whether both were read off the same content.
    """
    if unchanged:
        position = {int(row): line for line, row in enumerate(now.rows)}
        yield from (position.get(row) for row in rows)
        return
    key = _KNOWN_AGAIN_BY.get(then.name)
    if key is None:
        yield from (None for _ in rows)
        return
    before = dict(zip(then.rows.tolist(), map(_identity, then.cells(key)), strict=True))
    after = [_identity(value) for value in now.cells(key)]
    unique = {text for text, count in Counter(before.values()).items() if count == 1 and text}
    unique &= {text for text, count in Counter(after).items() if count == 1}
    place = {text: line for line, text in enumerate(after)}
    for row in rows:
        text = before.get(row, "")
        yield place[text] if text in unique else None


class Room:
    """The empty lines of a table, handed out from the top."""

    def __init__(self, now: Table, first_row: int, last_row: int) -> None:
        taken = set(now.rows.tolist())
        self._key = IDENTITY[now.name]
        self._free = (row for row in range(first_row, last_row + 1) if row not in taken)
        self._rows = dict(zip(map(_identity, now.cells(self._key)), now.rows.tolist(), strict=True))

    def place(self, line: NewLine) -> tuple[int | None, bool]:
        """The row for a new line, and whether it is still to be written there; ``None`` when no line is empty."""
        identity = _identity(line.cells[self._key])
        if identity in self._rows:
            return self._rows[identity], False
        row = next(self._free, None)
        if row is not None:
            self._rows[identity] = row
        return row, row is not None


def _identity(value: object) -> str:
    """What of a number or a label counts when it is looked for; ``""`` for what identifies nothing."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a number typed without an apostrophe
    return unicodedata.normalize("NFC", str(value)).strip() if isinstance(value, str | int) else ""
