"""Making sense of raw cells, a column at a time: amounts, quantities, rates. Exact, or an error.

Rule 1: a number of the sheet counts as what Excel shows of it at 15 significant digits: the binary noise of a formula
        (0.1 + 0.2) is no finding, a third decimal is.
Rule 2: values are whole numbers of a declared unit (cents; basis points for rates): nothing is rounded, ever.
Rule 3: an amount typed as text is never taken; where one reading is plausible it is proposed.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from types import NoneType

import numpy as np
from numpy.typing import NDArray

from chorus_xl.domain.columns import SEVERAL_RATES
from chorus_xl.domain.findings import Finding
from chorus_xl.domain.texts import decimal_comma, fold, percent, shown
from chorus_xl.domain.values import EXACT_DIGITS, Cells, Mask, Odd

NO_RATE, SEVERAL = -1, -2
"""Basis points of a blank rate cell and of ``Multiple``."""

CENTS = 2
"""Decimals of an amount in euros."""

_RATE_DECIMALS = 4
_WHOLE = 10**_RATE_DECIMALS  # 100 %
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]")
_CURRENCY = re.compile(r"(?:€|EUR|euros?)$", re.IGNORECASE)
_PLAIN = re.compile(r"-?\d+(?:[.,]\d{1,2})?", re.ASCII)
_GROUPED = re.compile(r"-?\d{1,3}(?:(?:\.\d{3})+,\d{1,2}|(?:,\d{3})+\.\d{1,2})", re.ASCII)
_RATE_TEXT = re.compile(r"(\d{1,2}(?:[.,]\d{1,4})?)(%?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Amounts:
    """A column of exact numbers.

    Attributes:
        units: whole numbers of the unit (cents where ``decimals`` is 2); 0 where there is none.
        present: cells that hold a readable number: a blank and a zero are told apart here.
        unreadable: cells that had their say in ``findings``.
    """

    units: NDArray[np.int64]
    present: Mask
    unreadable: Mask
    decimals: int = CENTS
    findings: tuple[Finding, ...] = ()

    def euros(self, index: int) -> Decimal:
        """The amount of one row."""
        return Decimal(int(self.units[index])).scaleb(-self.decimals)


@dataclass(frozen=True, slots=True)
class Rates:
    """A column of VAT rates in basis points (2000 is 20 %), or ``NO_RATE``, or ``SEVERAL``."""

    basis_points: NDArray[np.int64]
    unreadable: Mask
    findings: tuple[Finding, ...] = ()


def read_amounts(cells: Cells, decimals: int = CENTS) -> Amounts:
    """A column of numbers with at most so many decimals."""
    limit = 10.0 ** (EXACT_DIGITS - decimals)
    return _read(cells, decimals, lambda cell: parse_amount(cell, decimals), lambda numbers: np.abs(numbers) < limit)


def read_rates(cells: Cells) -> Rates:
    """A column of rates: a real percentage (0.2 is 20 %), or ``Multiple``."""
    several = np.array([isinstance(cell, str) and cell == SEVERAL_RATES for cell in cells.raw], dtype=np.bool_)
    if several.any():
        raw = [None if is_several else cell for cell, is_several in zip(cells.raw, several.tolist(), strict=True)]
        cells = replace(cells, raw=raw)
    read = _read(cells, _RATE_DECIMALS, parse_rate, lambda numbers: (numbers >= 0) & (numbers < 1))
    points = np.where(read.present, read.units, NO_RATE)
    points[several] = SEVERAL
    return Rates(points, read.unreadable, read.findings)


def parse_amount(cell: object, decimals: int = CENTS) -> int | Odd[int]:
    """The number in units of its last decimal.

    >>> parse_amount(12.3), parse_amount(0.1 + 0.2), parse_amount(12.345).code
    (1230, 30, 'CX133')
    >>> parse_amount("1\u202f234,56").params["proposal"], parse_amount("1.234,56").params["proposal"]
    ('1234,56', '1234,56')
    """
    if isinstance(cell, str):
        meant = _amount_in(cell)
        shown_cell = {"value": shown(cell)}
        return Odd("CX131", shown_cell | {"proposal": meant}) if meant else Odd("CX132", shown_cell)
    if not isinstance(cell, int | float) or (isinstance(cell, float) and math.isnan(cell)):
        return Odd("CX135", {"value": shown(cell)})
    if abs(cell) >= 10 ** (EXACT_DIGITS - decimals):
        return Odd("CX134", {"value": shown(cell)})
    units = Decimal(format(cell, f".{EXACT_DIGITS}g")).scaleb(decimals)
    if units != units.to_integral_value():
        return Odd("CX133", {"value": shown(cell), "decimals": str(decimals)})
    return int(units)


def parse_rate(cell: object) -> int | Odd[int]:
    """The rate in basis points.

    >>> parse_rate(0.055), parse_rate(20.0).params["proposal"], parse_rate("5,5 %").params["proposal"]
    (550, '20 %', '5,5 %')
    """
    if isinstance(cell, str):
        if fold(cell) == fold(SEVERAL_RATES):
            return Odd("CX141", {"value": shown(cell), "read": SEVERAL_RATES}, SEVERAL)
        meant = _rate_in(cell)
        return (
            Odd("CX137", {"value": shown(cell), "proposal": meant}) if meant else Odd("CX138", {"value": shown(cell)})
        )
    units = parse_amount(cell, _RATE_DECIMALS)
    if isinstance(units, Odd) or units < 0 or units >= 100 * _WHOLE:
        return Odd("CX138", {"value": shown(cell)})
    if units >= _WHOLE and units % 100 == 0:
        return Odd("CX136", {"value": shown(cell), "proposal": percent(units // 100)})
    return units if units < _WHOLE else Odd("CX138", {"value": shown(cell)})


def _read(
    cells: Cells,
    decimals: int,
    parse: Callable[[object], int | Odd[int]],
    is_usual: Callable[[NDArray[np.float64]], Mask],
) -> Amounts:
    """Take at once the numbers that are usual and exact as they stand, and look at the others singly."""
    if not cells.has_only(float, NoneType):
        parsed = cells.one_by_one(parse, 0)
        units, present = np.array(parsed.values, dtype=np.int64), ~parsed.blank & ~parsed.unreadable
        return Amounts(units, present, parsed.unreadable, decimals, tuple(parsed.findings))
    present = np.array([cell is not None for cell in cells.raw], dtype=np.bool_)
    numbers = np.array([0.0 if cell is None else cell for cell in cells.raw], dtype=np.float64)
    scale = 10**decimals
    usual = is_usual(numbers)
    whole = np.rint(np.where(usual, numbers, 0.0) * scale)
    # A decimal of at most 15 digits and its nearest float stand for each other, so this equality is exactness.
    odd = np.flatnonzero(~usual | (whole / scale != numbers))
    units, unreadable = whole.astype(np.int64), np.zeros(len(numbers), dtype=np.bool_)
    parsed = replace(cells, raw=[cells.raw[index] for index in odd.tolist()], rows=cells.rows[odd]).one_by_one(parse, 0)
    units[odd], unreadable[odd] = parsed.values, parsed.unreadable
    return Amounts(units, present & ~unreadable, unreadable, decimals, tuple(parsed.findings))


def _rate_in(text: str) -> str:
    """The rate that a text means; without its sign, a number up to 0,25 is taken for a fraction."""
    found = _RATE_TEXT.fullmatch(_SPACES.sub("", text))
    if not found:
        return ""
    number = Decimal(found[1].replace(",", "."))
    is_fraction = not found[2] and 0 < number <= Decimal("0.25")
    points = number.scaleb(4 if is_fraction else 2)
    return percent(int(points)) if points == points.to_integral_value() else ""


def _amount_in(text: str) -> str:
    """The amount that a text most plausibly means, as it should be typed; ``""`` when several readings are."""
    bare = _CURRENCY.sub("", _SPACES.sub("", text.replace("−", "-")))
    if _GROUPED.fullmatch(bare):
        decimal = bare[max(bare.rfind(","), bare.rfind("."))]
        bare = bare.replace("," if decimal == "." else ".", "")
    elif not _PLAIN.fullmatch(bare):
        return ""
    return decimal_comma(Decimal(bare.replace(",", ".")))
