"""The values that the formulas of a new workbook come to, for readers who do not calculate.

Knows how XlsxWriter holds cells until it packs them; its version is pinned. Refuses to know what a formula means.

Rule 1: every formula of ours can be reckoned: one that cannot is a mistake of the build, found at once.
Rule 2: the chart's numbers follow, since XlsxWriter takes them from these cells when it packs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from chorus_xl.reckoning.evaluate import Reckoner
from chorus_xl.reckoning.values import Broken, Scalar, UnknownValueError


def put_values(workbook: Workbook) -> None:
    """Give each formula its value."""
    source = _Made(workbook)
    reckoner = Reckoner(source, date1904=False)
    for sheet in workbook.worksheets():
        for row, column in source.formulas(sheet.name):
            value = reckoner.value(sheet.name, row, column)
            if value is None:
                raise ValueError(f"nobody can reckon row {row}, column {column} of {sheet.name}")
            held = sheet.table[row - 1][column - 1]
            shown = value.text if isinstance(value, Broken) else value
            sheet.table[row - 1][column - 1] = held._replace(value=_short(shown))


def _short(value: str | float | bool) -> str | float | bool:  # noqa: FBT001 - a cell's value
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Made:
    """The workbook not yet packed: ``reckoning.evaluate.Source``."""

    def __init__(self, workbook: Workbook) -> None:
        self._sheets: dict[str, Worksheet] = {sheet.name: sheet for sheet in workbook.worksheets()}
        self._names = {name: formula for name, _, formula, _ in workbook.defined_names}
        self._texts = {index: text for text, index in workbook.str_table.string_table.items()}
        self._formulas = {
            name: {
                (row + 1, column + 1): cell.formula
                for row, cells in sheet.table.items()
                for column, cell in cells.items()
                if type(cell).__name__ == "Formula"
            }
            for name, sheet in self._sheets.items()
        }

    def formulas(self, sheet: str) -> Mapping[tuple[int, int], str]:
        """See ``reckoning.evaluate.Source``."""
        return self._formulas.get(sheet, {})

    def column(self, table: str, header: str) -> tuple[str, int, int, int]:
        """See ``reckoning.evaluate.Source``."""
        for name, sheet in self._sheets.items():
            for made in sheet.tables:
                headers = [each["name"] for each in made["columns"]]
                if made["name"] == table and header in headers:
                    (top, left), (bottom, _) = map(xl_cell_to_rowcol, made["range"].split(":"))
                    return name, left + headers.index(header) + 1, top + 2, bottom + 1
        raise UnknownValueError

    def block(self, sheet: str, top: int, left: int, bottom: int, right: int) -> Sequence[Scalar]:
        """See ``reckoning.evaluate.Source``."""
        rows = self._sheets[sheet].table
        return [
            self._scalar(rows[row - 1].get(column - 1) if row - 1 in rows else None)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]

    def named(self, name: str) -> str:
        """See ``reckoning.evaluate.Source``."""
        return str(self._names[name])

    def _scalar(self, cell: Any) -> Scalar:  # noqa: ANN401 - a named tuple of XlsxWriter's own
        kind = type(cell).__name__
        if kind == "String":
            return str(self._texts[cell.string])
        if kind in ("Number", "Datetime"):
            return float(cell.number)
        if kind in ("NoneType", "Blank", "Formula"):
            return None
        raise UnknownValueError
