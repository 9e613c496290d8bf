"""Making sense of raw cells, a column at a time: texts, identifiers, choices, dates.

Rule 1: a clean column is recognised by the set of its cells' types and converted whole; odd cells are looked at singly.
Rule 2: nothing raises: every odd cell yields a finding that shows it and, where one reading is plausible, proposes it.
Rule 3: what is read otherwise than typed is said: a stripped space, a number in a text column. Nothing is mended in
        silence, and a cell that cannot be read exactly is an error, never a guess.
Rule 4: ``unreadable`` marks cells that had their say here, so that no rule complains of a blank on top.
Rule 5: what a good value is, is not known here: see ``domain.rules``. Amounts and rates: ``domain.decimals``.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import NoneType
from typing import Any, Generic, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from chorus_xl.domain.columns import Column, Kind
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.sheets import BadCell, Table
from chorus_xl.domain.texts import day, fold, shown

Texts = NDArray[np.object_]
Days = NDArray[np.datetime64]
Mask = NDArray[np.bool_]

EXACT_DIGITS = 15
"""Excel keeps 15 significant digits. Source: Microsoft, "Excel specifications and limits", number precision."""

_EPOCH = date(1970, 1, 1).toordinal()
_NO_DAY = np.iinfo(np.int64).min  # what numpy calls NaT
_EXCEL_DAYS = range(36526, 73051)  # 01/01/2000 to 31/12/2099 counted from 1900
_EXCEL_DAY_ZERO = date(1899, 12, 30).toordinal()
_SIRET = re.compile(r"\d{14}", re.ASCII)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+\d\d+", re.ASCII | re.IGNORECASE)
_DATE_TEXTS = (
    re.compile(r"(?P<d>\d{1,2})[/. -](?P<m>\d{1,2})[/. -](?P<y>\d{4})(?: \d\d:\d\d(?::\d\d)?)?", re.ASCII),
    re.compile(r"(?P<y>\d{4})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})(?:[T ]\d\d:\d\d(?::\d\d)?)?", re.ASCII),
)


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Odd(Generic[T]):
    """A cell that needs a word: read otherwise than typed (a warning) or, without a ``value``, not read (an error)."""

    code: str
    params: dict[str, str]
    value: T | None = None


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """What looking at each cell gave."""

    values: list[T]
    blank: Mask
    unreadable: Mask
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class Cells:
    """One column's raw cells, and where they stand.

    Attributes:
        raw: as read: ``str``, ``float``, ``int``, ``bool``, dates, times, ``None`` or ``BadCell``; anything is taken.
        rows: row numbers in Excel, as many.
        required: whether a text without a character must be told apart from a blank.
    """

    table: str
    column: Column
    rows: NDArray[np.int64]
    raw: Sequence[object]
    required: bool = False

    @classmethod
    def of(cls, table: Table, column: Column, *, required: bool = False) -> "Cells":
        """The cells of a table's column."""
        return cls(table.name, column, table.rows, table.cells(column.attribute), required)

    def has_only(self, *types: type) -> bool:
        """Whether all cells are of exactly these types."""
        return set(map(type, self.raw)) <= set(types)

    def one_by_one(self, parse: Callable[[object], T | Odd[T]], nothing: T) -> "Parsed[T]":
        """Parse each cell that is not blank; ``nothing`` stands for the blank and the unreadable."""
        size = len(self.raw)
        parsed = Parsed([nothing] * size, np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_), [])
        for index, cell in enumerate(self.raw):
            if cell is None or (not self.required and isinstance(cell, str) and not cell.strip()):
                parsed.blank[index] = True
                continue
            result = self._broken(cell) or parse(cell)
            if not isinstance(result, Odd):
                parsed.values[index] = result
                continue
            severity = Severity.ERROR if result.value is None else Severity.WARNING
            row, attribute = int(self.rows[index]), self.column.attribute
            parsed.findings.append(Finding(result.code, severity, row, attribute, result.params, self.table))
            if result.value is None:
                parsed.unreadable[index] = True
            else:
                parsed.values[index] = result.value
        return parsed

    def _broken(self, cell: object) -> Odd[T] | None:
        """What no column can use."""
        if isinstance(cell, BadCell):
            return Odd("CX101", {"value": shown(cell)}) if cell.text else Odd("CX103", {})
        if isinstance(cell, bool | np.bool_):
            return Odd("CX104", {"value": shown(bool(cell))})
        if self.required and isinstance(cell, str) and not cell.strip():
            return Odd("CX105", {"count": str(len(cell))}) if cell else Odd("CX102", {})
        return None


@dataclass(frozen=True, slots=True)
class Reading:
    """A column made sense of.

    Attributes:
        values: one a cell: ``""`` or ``NaT`` where there is none.
        unreadable: cells that had their say here, so that no rule complains of a blank on top.
    """

    values: NDArray[Any]
    unreadable: Mask
    findings: tuple[Finding, ...] = ()


def read_texts(cells: Cells) -> Reading:
    """A column of free texts (``Kind.TEXT``) or identifiers (``Kind.CODE``): values are stripped ``str``."""
    if cells.has_only(NoneType):
        return _clean([""] * len(cells.raw))
    if cells.has_only(str, NoneType):
        values = _without_none(cells.raw)
        clean = values == list(map(str.strip, values)) and not (cells.required and "" in cells.raw)
        if clean and not (cells.column.kind is Kind.CODE and "E+" in "\n".join(values)):
            return _clean(values)
    return _texts(cells.one_by_one(parse_code if cells.column.kind is Kind.CODE else parse_text, ""))


def read_sirets(cells: Cells) -> Reading:
    """A column of SIRETs: spaces between digits do not count, and a number gets its leading zeros back; both said."""
    if cells.has_only(str, NoneType) and all(cell is None or _SIRET.fullmatch(cell) for cell in set(cells.raw)):  # type: ignore[call-overload]
        return _clean(_without_none(cells.raw))
    return _texts(cells.one_by_one(parse_siret, ""))


def read_choices(cells: Cells) -> Reading:
    """A column of a declared list: each value is one of ``column.choices``, or ``""``."""
    choices = cells.column.choices
    if cells.has_only(str, NoneType) and set(cells.raw) <= {None, *choices}:
        return _clean(_without_none(cells.raw))
    return _texts(cells.one_by_one(lambda cell: parse_choice(cell, choices), ""))


def read_days(cells: Cells) -> Reading:
    """A column of dates, as ``datetime64[D]``; of a date with a time, the day counts."""
    if cells.has_only(date, datetime, NoneType):
        days = cast("Sequence[date | None]", cells.raw)
        ordinals = [_NO_DAY if cell is None else cell.toordinal() - _EPOCH for cell in days]
        return Reading(_days(ordinals), np.zeros(len(ordinals), dtype=np.bool_))
    parsed = cells.one_by_one(_parse_ordinal, _NO_DAY)
    return Reading(_days(parsed.values), parsed.unreadable, tuple(parsed.findings))


def parse_text(cell: object) -> str | Odd[str]:
    """A free text; numbers and dates are taken as shown, and said.

    >>> parse_text(12.0)
    Odd(code='CX106', params={'value': '12'}, value='12')
    """
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, int | float | date | time | timedelta):
        return Odd("CX106", {"value": shown(cell)}, shown(cell))
    return Odd("CX110", {"value": shown(cell)})


def parse_code(cell: object) -> str | Odd[str]:
    """An identifier, which should have been typed as text.

    >>> parse_code(" F-1"), parse_code(20261001.0)  # doctest: +NORMALIZE_WHITESPACE
    (Odd(code='CX111', params={'value': 'F-1'}, value='F-1'),
     Odd(code='CX112', params={'value': '20261001'}, value='20261001'))
    >>> parse_code("2,13E+13").code
    'CX114'
    """
    if isinstance(cell, str):
        stripped = cell.strip()
        if _SCIENTIFIC.fullmatch(stripped):
            return Odd("CX114", {"value": shown(stripped)})
        return stripped if stripped == cell or not stripped else Odd("CX111", {"value": shown(stripped)}, stripped)
    if isinstance(cell, int | float):
        digits = _whole_digits(cell)
        return Odd("CX112", {"value": digits}, digits) if digits else Odd("CX113", {"value": shown(cell)})
    if isinstance(cell, date | time | timedelta):
        return Odd("CX115", {"value": shown(cell)})
    return Odd("CX110", {"value": shown(cell)})


def parse_siret(cell: object) -> str | Odd[str]:
    """A SIRET; whether its key is right is for ``domain.budgets``.

    >>> parse_siret("200 069 052 00013").value
    '20006905200013'
    >>> parse_siret(5520135900012.0).value  # the leading zero that Excel dropped
    '05520135900012'
    """
    if isinstance(cell, str):
        joined = "".join(cell.split())
        if _SCIENTIFIC.fullmatch(joined) or joined == cell:
            return parse_code(joined)
        return Odd("CX116", {"value": shown(cell), "read": shown(joined)}, joined)
    code = parse_code(cell)
    if isinstance(code, Odd) and code.code == "CX112" and code.value is not None:
        padded = code.value.zfill(14) if len(code.value) >= _SHORTEST_SIRET else code.value
        return Odd("CX117", {"value": code.value, "read": padded}, padded)
    return code


def parse_choice(cell: object, choices: Sequence[str]) -> str | Odd[str]:
    """One of the choices; case, accents and spacing do not count, and are said.

    >>> parse_choice("avoir ", ("Facture", "Avoir")).value
    'Avoir'
    """
    if isinstance(cell, str):
        if cell in choices or not cell.strip():
            return cell.strip()
        for choice in choices:
            if fold(choice) == fold(cell):
                return Odd("CX141", {"value": shown(cell), "read": choice}, choice)
    return Odd("CX142", {"value": shown(cell), "choices": " ; ".join(choices)})


def parse_day(cell: object) -> date | Odd[date]:
    """The day of a real Excel date; anything else that looks like one is proposed, not taken.

    >>> parse_day("31/10/2026"), parse_day(46326.0)  # doctest: +NORMALIZE_WHITESPACE
    (Odd(code='CX121', params={'value': '31/10/2026', 'proposal': '31/10/2026'}, value=None),
     Odd(code='CX122', params={'value': '46326', 'proposal': '31/10/2026'}, value=None))
    """
    match cell:
        case date():
            return date(cell.year, cell.month, cell.day)
        case str():
            meant = _date_in(cell.strip())
            if meant is not None:
                return Odd("CX121", {"value": shown(cell), "proposal": day(meant)})
        case int() | float() if _EXCEL_DAYS.start <= cell < _EXCEL_DAYS.stop:
            # ASSUMPTION: a bare number in a date column counts its days from 1900, as Excel does unless told otherwise.
            meant = date.fromordinal(_EXCEL_DAY_ZERO + int(cell))
            return Odd("CX122", {"value": shown(cell), "proposal": day(meant)})
    return Odd("CX123", {"value": shown(cell)})


_SHORTEST_SIRET = 11
# ASSUMPTION: no SIREN begins with more than three zeros, so fewer digits than this are not a SIRET without its zeros.


def _parse_ordinal(cell: object) -> int | Odd[int]:
    read = parse_day(cell)
    return Odd(read.code, read.params) if isinstance(read, Odd) else read.toordinal() - _EPOCH


def _date_in(text: str) -> date | None:
    for pattern in _DATE_TEXTS:
        found = pattern.fullmatch(text)
        if found:
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None


def _whole_digits(number: float) -> str:
    """The digits of a whole number that Excel still holds exactly, else ``""``."""
    return str(int(number)) if 0 <= number < 10**EXACT_DIGITS and number == int(number) else ""


def _without_none(raw: Sequence[object]) -> list[str]:
    return [text or "" for text in cast("Sequence[str | None]", raw)]


def _clean(values: Sequence[str]) -> Reading:
    return Reading(_objects(values), np.zeros(len(values), dtype=np.bool_))


def _texts(parsed: Parsed[str]) -> Reading:
    return Reading(_objects(parsed.values), parsed.unreadable, tuple(parsed.findings))


def _objects(values: Sequence[str]) -> Texts:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _days(ordinals: list[int]) -> Days:
    return np.array(ordinals, dtype=np.int64).astype("datetime64[D]")
