"""What a cell can hold, as formulas see it.

Rule 1: a number is a ``float``, a date its serial number; ``None`` is a blank cell, which a text without a character is
        not.
Rule 2: where Excel would ask the PC's language (a text taken for a number or a date), the value is unknown.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

_EXACT = 1e15  # beyond, Excel writes a whole number with an exponent
_NOTHING = 2.0**-48  # relative; what is left of a difference below it is but the binary numbers' own error
_DAY_ZERO = date(1899, 12, 30)  # true from 01/03/1900 on
_DAY_ZERO_1904 = date(1904, 1, 1)
_TRUE_FROM = 61  # 01/03/1900


class UnknownValueError(Exception):
    """A formula is outside the set, or rests on a value that nobody knows."""


class ExcelError(Exception):
    """A formula comes to an error of Excel's, such as ``#N/A``."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that holds an error of Excel's; without a text, a formula that was never worked out."""

    text: str


Whole = str | float | bool | None
Scalar = Whole | Broken


def whole(value: Scalar) -> Whole:
    """A cell's value when it is asked for by itself.

    Raises:
        ExcelError: the cell holds one.
        UnknownValueError: the cell was never worked out.
    """
    if isinstance(value, Broken):
        if value.text:
            raise ExcelError(value.text)
        raise UnknownValueError
    return value


def number(value: Scalar) -> float:
    """The value within a sum or a difference."""
    known = whole(value)
    if isinstance(known, str):
        raise UnknownValueError
    return 0.0 if known is None else float(known)


def text(value: Scalar) -> str:
    """The value as ``&`` joins it, on a PC that speaks French."""
    known = whole(value)
    if known is None or isinstance(known, str):
        return known or ""
    if isinstance(known, bool) or abs(known) >= _EXACT:
        raise UnknownValueError
    if known.is_integer():
        return str(int(known))
    digits = f"{known:.15g}"
    if "e" in digits:
        raise UnknownValueError
    return digits.replace(".", ",")


def added(left: float, right: float) -> float:
    """A sum or a difference; nothing where only an error of binary numbers is left, as Excel has it."""
    result = left + right
    return 0.0 if abs(result) < _NOTHING * max(abs(left), abs(right)) else result


def shown(value: float) -> float:
    """The number to the fifteen digits that Excel shows, without the binary numbers' own error behind them."""
    return float(f"{value:.15g}")


def rounded(value: float, digits: int) -> float:
    """Halves away from zero, by the digits that are seen."""
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def compared(left: Scalar, right: Scalar) -> int:
    """Below, equal or above: -1, 0, 1.

    Numbers come before texts, texts before logical values; a blank is the zero of its neighbour's kind.
    """
    left, right = whole(left), whole(right)
    if left is None and right is None:
        return 0
    if left is None:
        left = _zero_of(right)
    if right is None:
        right = _zero_of(left)
    ranks = _rank(left), _rank(right)
    if ranks[0] != ranks[1]:
        return -1 if ranks[0] < ranks[1] else 1
    if isinstance(left, str) and isinstance(right, str):
        if left.lower() == right.lower():
            return 0
        return 1 if left.lower() > right.lower() else -1
    difference = added(number(left), -number(right))
    return (difference > 0) - (difference < 0)


def _rank(value: Scalar) -> int:
    return 2 if isinstance(value, bool) else int(isinstance(value, str))


def _zero_of(value: Scalar) -> Scalar:
    return "" if isinstance(value, str) else False if isinstance(value, bool) else 0.0


def serial_of(day: date, *, date1904: bool) -> float:
    """The number of a day."""
    return float((day - (_DAY_ZERO_1904 if date1904 else _DAY_ZERO)).days)


def day_of(serial: float, *, date1904: bool) -> date:
    """The day of a number."""
    if not date1904 and serial < _TRUE_FROM:
        raise UnknownValueError
    try:
        return (_DAY_ZERO_1904 if date1904 else _DAY_ZERO) + timedelta(days=int(serial))
    except OverflowError:
        raise UnknownValueError from None
