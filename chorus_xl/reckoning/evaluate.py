"""The formulas of some sheets worked out, each once, in the order in which they rest on one another.

Rule 1: a value that cannot be known is no reason to fail: the caller is told so cell by cell (``None``).
Rule 2: a formula that is worked out never rests on an old value of another one that is worked out here.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from chorus_xl.reckoning.area import Area
from chorus_xl.reckoning.functions import Value, one
from chorus_xl.reckoning.grammar import Frame, parsed
from chorus_xl.reckoning.shape import Place
from chorus_xl.reckoning.values import Broken, ExcelError, Scalar, UnknownValueError, shown, whole

MAX_AREA = 2_000_000  # cells that one formula may ask for; beyond, its value is unknown
_DEEPEST = 20  # formulas that rest on formulas


class Source(Protocol):
    """The workbook whose formulas are worked out. Sheets are known by name; rows and columns count from 1."""

    def formulas(self, sheet: str) -> Mapping[tuple[int, int], str]:
        """By row and column, the formulas of a sheet that are worked out; elsewhere values are taken as they are."""
        ...

    def block(self, sheet: str, top: int, left: int, bottom: int, right: int) -> Sequence[Scalar]:
        """The values that these cells hold, row by row.

        Raises:
            UnknownValueError: there is no such sheet.
        """
        ...

    def column(self, table: str, header: str) -> tuple[str, int, int, int]:
        """Sheet, column, first and last row of data of a table's column.

        Raises:
            UnknownValueError: there is no such table or column.
        """
        ...

    def named(self, name: str) -> str:
        """What a defined name stands for.

        Raises:
            UnknownValueError: there is no such name.
        """
        ...


class Reckoner:
    """Values of cells, those of formulas worked out; to a formula, the workbook around it (``grammar.Book``)."""

    def __init__(self, source: Source, *, date1904: bool) -> None:
        self._source = source
        self.date1904 = date1904
        self._values: dict[tuple[str, int, int], Scalar] = {}
        self._areas: dict[tuple[str, int, int, int, int], Area] = {}
        self._columns: dict[tuple[str, str], Area] = {}
        self._names: dict[str, Value] = {}
        self._under_way: set[object] = set()

    def value(self, sheet: str, row: int, column: int) -> Scalar:
        """What a formula comes to: ``Broken`` for an error of Excel's, ``None`` where it cannot be known."""
        value = self._value(sheet, row, column)
        if isinstance(value, float):
            return shown(value)
        return None if value == Broken("") else value

    def numbers(self, sheet: str, place: Place) -> list[float | None]:
        """The numbers in a range, ``None`` for each cell that holds none.

        Raises:
            UnknownValueError: one of them cannot be known.
        """
        corners = (place.sheet or sheet, place.top, place.left, place.bottom, place.right)
        return [shown(value) if isinstance(value, float) else None for value in self.area(*corners).cells]

    def area(self, sheet: str, top: int, left: int, bottom: int, right: int) -> Area:
        """The cells of a range, formulas worked out."""
        key = (sheet, top, left, bottom, right)
        if key not in self._areas:
            width = right - left + 1
            if (bottom - top + 1) * width > MAX_AREA:
                raise UnknownValueError
            cells = list(self._source.block(*key))
            for row, column in self._source.formulas(sheet):
                if top <= row <= bottom and left <= column <= right:
                    cells[(row - top) * width + column - left] = self._value(sheet, row, column)
            self._areas[key] = Area(cells)
        return self._areas[key]

    def at(self, sheet: str, place: Place) -> Scalar | Area:
        """See ``grammar.Book``."""
        sheet = place.sheet or sheet
        if place.is_range:
            return self.area(sheet, place.top, place.left, place.bottom, place.right)
        return whole(self._value(sheet, place.top, place.left))

    def column(self, table: str, header: str) -> Area:
        """See ``grammar.Book``."""
        key = (table, header)
        if key not in self._columns:
            sheet, column, first, last = self._source.column(table, header)
            self._columns[key] = self.area(sheet, first, column, last, column)
        return self._columns[key]

    def named(self, name: str) -> Value:
        """See ``grammar.Book``."""
        if name not in self._names:
            self._names[name] = self._evaluated(name, "", self._source.named(name))
        return self._names[name]

    def _value(self, sheet: str, row: int, column: int) -> Scalar:
        key = (sheet, row, column)
        formula = self._source.formulas(sheet).get((row, column))
        if formula is None:
            return self._source.block(sheet, row, column, row, column)[0]
        if key not in self._values:
            self._values[key] = self._worked_out(key, sheet, formula)
        return self._values[key]

    def _worked_out(self, key: object, sheet: str, formula: str) -> Scalar:
        try:
            value = one(self._evaluated(key, sheet, formula))
        except ExcelError as error:
            return Broken(error.text)
        except (UnknownValueError, RecursionError, ArithmeticError):  # the last: beyond what decimals hold
            return Broken("")
        return 0.0 if value is None else value  # a formula that leads to a blank cell shows 0

    def _evaluated(self, key: object, sheet: str, formula: str) -> Value:
        if key in self._under_way or len(self._under_way) > _DEEPEST:
            raise UnknownValueError
        self._under_way.add(key)
        try:
            node, places = parsed(formula)
            return node(Frame(self, sheet, places))
        finally:
            self._under_way.discard(key)
