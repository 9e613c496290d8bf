"""Cells of the Excel for tests (``engine``), and what Excel raises when it refuses."""

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from tests.ribbon.engine import Sheet

REFUSED = -2146827284  # 0x800A03EC
ERRORS = {"#N/A": -2146826246, "#DIV/0!": -2146826281, "#REF!": -2146826265}
OTHER_ERROR = -2146826288 + 43  # #GETTING_DATA: an error that xlwings' own table does not have


class ComError(Exception):
    """Looks like ``pywintypes.com_error``."""

    def __init__(self, hresult: int, scode: int | None = None) -> None:
        super().__init__(hresult, "Exception", scode)
        self.hresult = hresult
        self.excepinfo = None if scode is None else (0, "Microsoft Excel", "", "", 0, scode)


def refused() -> ComError:
    return ComError(-2147352567, REFUSED)  # DISP_E_EXCEPTION, with Excel's own number inside


class Range:
    def __init__(self, sheet: "Sheet", top: int, left: int, bottom: int, right: int) -> None:
        self.sheet = sheet
        self.row, self.column = top, left
        self.shape = (bottom - top + 1, right - left + 1)
        self.options: dict[str, object] = {}

    @property
    def api(self) -> "Range":
        return self

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int | None = None) -> "Range":
        if column is None:  # counted along rows, as Excel's Cells(n)
            row, column = divmod(row - 1, self.shape[1])
            row, column = row + 1, column + 1
        top, left = self.row + row - 1, self.column + column - 1
        return Range(self.sheet, top, left, top, left)

    def get_address(self, row_absolute: object, column_absolute: object, external: object) -> str:
        assert not any((row_absolute, column_absolute, external))
        return self.place

    @property
    def place(self) -> str:
        first = f"{get_column_letter(self.column)}{self.row}"
        last = f"{get_column_letter(self.column + self.shape[1] - 1)}{self.row + self.shape[0] - 1}"
        return first if first == last else f"{first}:{last}"

    def _cells(self) -> list[list[Cell]]:
        self.sheet.book.app.touch()
        sheet = self.sheet.sheet
        rows, columns = self.shape
        return [
            [sheet.cell(self.row + row, self.column + column) for column in range(columns)]  # type: ignore[misc]
            for row in range(rows)
        ]

    @property
    def raw_value(self) -> object:
        values = tuple(tuple(self._value(cell) for cell in line) for line in self._cells())
        return values[0][0] if self.shape == (1, 1) else values

    @raw_value.setter
    def raw_value(self, values: object) -> None:
        self.sheet.book.app.about_to_write(self.place)
        if self.sheet.sheet.protection.sheet:
            raise refused()
        lines = values if isinstance(values, list) else [[values]]
        hidden = self.sheet.sheet.row_dimensions
        for line, cells in zip(lines, self._cells(), strict=True):
            for value, cell in zip(line, cells, strict=True):
                if self.shape[0] > 1 and hidden[cell.row].hidden:
                    continue  # the worst that a filter could do
                take(cell, value)

    def _value(self, cell: Cell) -> object:
        value: Any = cell.value
        if cell.data_type == "f":
            value = self.sheet.book.shown[self.sheet.sheet.title][cell.coordinate].value
        if isinstance(value, str) and (cell.data_type == "e" or (cell.data_type == "f" and value in ERRORS)):
            return ERRORS.get(value, OTHER_ERROR)
        if isinstance(value, time):
            return datetime.combine(date(1899, 12, 30), value)
        if isinstance(value, date) and not isinstance(value, datetime):
            return datetime.combine(value, time.min)
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @property
    def formula(self) -> object:
        texts = tuple(
            tuple(cell.value if isinstance(cell.value, str) else str(cell.value or "") for cell in line)
            for line in self._cells()
        )
        return texts[0][0] if self.shape == (1, 1) else texts

    @property
    def number_format(self) -> str | None:
        formats = {cell.number_format for line in self._cells() for cell in line}
        return formats.pop() if len(formats) == 1 else None

    @number_format.setter
    def number_format(self, text: str) -> None:
        if self.sheet.sheet.protection.sheet:
            raise refused()
        for line in self._cells():
            for cell in line:
                cell.number_format = text

    @property
    def max_cells_per_read(self) -> None:
        return None

    @property
    def max_cells_per_write(self) -> None:
        return None


def take(cell: Cell, value: object) -> None:
    """Put a value into a cell as Excel does: what is typed into a cell that is no text cell is parsed."""
    if isinstance(value, str) and cell.number_format == "@":
        cell.value = value or None
        if value:
            cell.data_type = "s"
    elif isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        cell.value = float(value)
    elif isinstance(value, str):
        cell.value = value.removeprefix("'") or None
    else:
        cell.value = value  # type: ignore[assignment]  # openpyxl takes what Excel takes
