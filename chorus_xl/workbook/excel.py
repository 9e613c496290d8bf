"""What an open Excel says of its cells, what it takes, and its refusals as sentences.

Knows how values come through xlwings from COM (Windows) and Apple events (Mac). Refuses to know our tables.

Rule 1: a block is read raw in one call, and each value is told as the closed reader tells it (``domain.sheets``).
Rule 2: text goes into cells of the text format, where Excel keeps it letter by letter: ``=1`` stays a text, ``0012``
        keeps its zeros. No apostrophe is put before it.
Rule 3: what was written is read back; a cell that Excel passed over is written by itself, or the whole write fails.
Rule 4: Excel's errors are told apart by their numbers, since its own libraries exist on its own systems only.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from chorus_xl.domain.columns import Kind
from chorus_xl.domain.sheets import BadCell, CellValue
from chorus_xl.errors import WorkbookError
from chorus_xl.workbook.cells import clean_text, holds

if TYPE_CHECKING:
    from xlwings import Range

Cells = list[list[object]]

_BASE = -2146828288  # 0x800A0000: COM delivers an error cell as this plus its xlErr number
_ERRORS = {
    _BASE + 2000: "#NULL!",
    _BASE + 2007: "#DIV/0!",
    _BASE + 2015: "#VALUE!",
    _BASE + 2023: "#REF!",
    _BASE + 2029: "#NAME?",
    _BASE + 2036: "#NUM!",
    _BASE + 2042: "#N/A",
    _BASE + 2043: "#GETTING_DATA",
    _BASE + 2045: "#SPILL!",
    _BASE + 2046: "#CONNECT!",
    _BASE + 2047: "#BLOCKED!",
    _BASE + 2048: "#UNKNOWN!",
    _BASE + 2049: "#FIELD!",
    _BASE + 2050: "#CALC!",
}
"""Source: Microsoft, "XlCVError enumeration (Excel)"; the six above ``#GETTING_DATA`` also stand in xlwings."""

_BUSY = (
    -2147418111,  # 0x80010001 RPC_E_CALL_REJECTED: a cell is being edited, a dialog is open
    -2147417846,  # 0x8001010A RPC_E_SERVERCALL_RETRYLATER
    -2146777998,  # 0x800AC472 VBA_E_IGNORE: the object model is suspended
)
_REFUSED = (-2146827284,)  # 0x800A03EC: Excel's "1004", for a protected sheet and for much else

# ASSUMPTION: on a Mac a blank cell comes through Apple events as a text without a character and an error cell as a
# missing value, so neither can be told from a blank there; xlwings 0.37.8 has an option that would tell errors, but it
# fails on blocks of several rows and columns.
_EMPTY_TEXT_IS_BLANK = sys.platform == "darwin"

_DAY_ZERO = date(1899, 12, 30)
_TEXT = "@"
_FORMATS = {
    Kind.DATE: "dd/mm/yyyy",
    Kind.MOMENT: "dd/mm/yyyy hh:mm",
    Kind.DAYS: "0",
    Kind.MONEY: "#,##0.00",
    Kind.RATE: "0.0##\\ %",
}
"""Of what is no text; another format of the clerk's stays."""

_NO_FORMATS = (_TEXT, "General", None)  # ``None`` where the cells differ


@contextmanager
def in_words(file: str) -> Iterator[None]:
    """Turn what Excel itself refuses into our exceptions; others pass.

    Raises:
        WorkbookError: Excel is busy, or refused.
    """
    try:
        yield
    except Exception as error:
        code = _code_of(error)
        if code is None:
            raise
        raise WorkbookError(code, file=file) from None


def _code_of(error: Exception) -> str | None:
    """``CX536`` when Excel cannot listen now, ``CX537`` when it said no; ``None`` for what is not Excel's."""
    details = getattr(error, "excepinfo", None)
    scode = details[5] if isinstance(details, tuple) and len(details) > 5 else None  # noqa: PLR2004 - its place in COM
    numbers = {getattr(error, "hresult", None), scode}
    if numbers & set(_BUSY) or type(error).__name__ == "ExcelBusyError":
        return "CX536"
    if numbers & set(_REFUSED) or type(error).__name__ == "CommandError":  # the latter is appscript's, on a Mac
        return "CX537"
    return None


def read_cells(block: "Range") -> Cells:
    """The block's values, line by line; hidden lines and columns are read as well."""
    return [list(map(_told, line)) for line in _lines(block.raw_value)]


def read_formulas(block: "Range") -> Cells:
    """The block's formulas as text, line by line; where there is none, what was typed."""
    return _lines(block.formula)


def _lines(values: object) -> Cells:
    """Excel gives one cell bare, and on a Mac a single line flat."""
    if not isinstance(values, list | tuple):
        return [[values]]
    if not isinstance(values[0], list | tuple):
        return [list(values)]
    return [list(line) for line in values]


def _told(value: object) -> object:  # noqa: PLR0911 - one way out a kind of value
    match value:
        case None | bool() | float():
            return value
        case str():
            return None if _EMPTY_TEXT_IS_BLANK and not value else value
        case datetime():
            moment = datetime(*value.timetuple()[:6], value.microsecond)  # noqa: DTZ001 - Excel knows no zone
            if moment.date() == _DAY_ZERO:
                return moment.time()
            return moment if moment.time() != datetime.min.time() else moment.date()
        case int():
            return BadCell(_ERRORS[value]) if value in _ERRORS else float(value)
        case Decimal():  # a cell in a currency format
            return float(value)
        case _:  # appscript's "missing value"
            return None


@dataclass(slots=True)
class Column:
    """Some neighbouring cells of one column, to be written in one go."""

    cells: "Range"
    values: Sequence[CellValue]
    kind: Kind
    _before: Cells = field(default_factory=list)

    def write(self) -> None:
        """Write them all, then see that each holds its value.

        Raises:
            WorkbookError: Excel took a value and kept another.
        """
        self._before = read_cells(self.cells)
        _put(self.cells, self.values, self.kind)
        # ASSUMPTION: Excel may pass over lines that a filter hides when it takes a whole column, but never over a cell
        # that it is given by itself.
        missed = self._missed()
        for place in missed:
            _put(self.cells[place], [self.values[place]], self.kind)
        if missed and (missed := self._missed()):
            cell = self.cells[missed[0]].get_address(row_absolute=False, column_absolute=False)
            raise WorkbookError("CX539", cell=cell)

    def put_back(self) -> None:
        """Undo the write."""
        if self._before:
            before = [cell.text if isinstance(cell, BadCell) else cell for [cell] in self._before]
            _put(self.cells, before, self.kind)  # type: ignore[arg-type]  # cells held nothing but cell values

    def _missed(self) -> list[int]:
        now = read_cells(self.cells)
        return [
            place
            for place, ([cell], value) in enumerate(zip(now, self.values, strict=True))
            if not holds(cell, value, date1904=False)
        ]


def _put(cells: "Range", values: Sequence[CellValue], kind: Kind) -> None:
    present = cells.number_format
    if kind in _FORMATS:
        if present in _NO_FORMATS:
            cells.number_format = _FORMATS[kind]
    elif present != _TEXT:
        cells.number_format = _TEXT
    cells.value = [[_ready(value)] for value in values]


def _ready(value: CellValue) -> CellValue:
    if isinstance(value, str):
        return clean_text(value) or None
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - Excel knows no zone
    return value
