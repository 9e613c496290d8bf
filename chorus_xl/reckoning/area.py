"""A block of cells, and which of them meet a criterion of ``COUNTIFS``.

Rule 1: each criterion is judged once for each distinct value, however many rows and formulas ask.
Rule 2: a criterion that Excel would read by the PC's language, or that our sheets never use, makes the value unknown.
"""

import math
import re
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from chorus_xl.reckoning.values import Broken, ExcelError, Scalar, UnknownValueError, text

Mask = NDArray[np.bool_]

_CRITERION = re.compile(r"(<>|>=|<=|=|>|<)?(.*)", re.DOTALL)
_WHOLE = re.compile(r"-?\d{1,15}")
_DOUBTFUL = re.compile(r"[0-9\s.,:/%€$+()eE-]*[0-9][0-9\s.,:/%€$+()eE-]*|#.*", re.DOTALL)
_LOGICAL = frozenset({"vrai", "faux", "true", "false"})
_WILD = re.compile(r"[*?~]")
_LONGEST = 255  # characters of a criterion; beyond, Excel gives an error
_ORDERS: dict[str, Callable[[float, float], bool]] = {
    ">": lambda held, wanted: held > wanted,
    "<": lambda held, wanted: held < wanted,
    ">=": lambda held, wanted: held >= wanted,
    "<=": lambda held, wanted: held <= wanted,
}


class Area:
    """Cells row by row, none of which was left unreckoned.

    Raises:
        UnknownValueError: one of them was.
    """

    def __init__(self, cells: Sequence[Scalar]) -> None:
        self.cells = cells
        self._masks: dict[Scalar, Mask] = {}
        index: dict[tuple[type, Scalar], int] = {}
        places = [index.setdefault((value.__class__, value), len(index)) for value in cells]
        self._distinct = [value for _, value in index]
        self._places = np.array(places, dtype=np.intp)
        self._has_broken = any(isinstance(value, Broken) for value in self._distinct)
        if self._has_broken and Broken("") in self._distinct:
            raise UnknownValueError

    @cached_property
    def blanks(self) -> NDArray[np.float64]:
        """1 for each cell that holds nothing at all."""
        return self._where(lambda value: value is None).astype(np.float64)

    @cached_property
    def _numbers(self) -> NDArray[np.float64]:
        return np.array([value if isinstance(value, float) else 0.0 for value in self.cells], dtype=np.float64)

    @cached_property
    def is_number(self) -> Mask:
        """Which cells hold a number."""
        return self._where(lambda value: isinstance(value, float))

    def total(self, mask: Mask | None = None) -> float:
        """What the numbers come to, of all cells or of some.

        Raises:
            ExcelError: one of these cells holds one.
        """
        self._refuse_broken(mask)
        numbers = self._numbers if mask is None else self._numbers[mask]
        return math.fsum(numbers.tolist())

    def greatest(self) -> float:
        """The greatest number, 0 where there is none."""
        self._refuse_broken(None)
        numbers = self._numbers[self.is_number]
        return float(numbers.max()) if len(numbers) else 0.0

    def first(self, wanted: Scalar) -> int:
        """The place of a text, counted from 1.

        Raises:
            ExcelError: it is not there.
        """
        if not isinstance(wanted, str) or _WILD.search(wanted):
            raise UnknownValueError
        low = wanted.lower()
        found = np.flatnonzero(self._where(lambda value: isinstance(value, str) and value.lower() == low))
        if not len(found):
            raise ExcelError("#N/A")
        return int(found[0]) + 1

    def meeting(self, criterion: Scalar) -> Mask:
        """Which cells meet it."""
        if criterion not in self._masks:
            self._masks[criterion] = self._where(_judge(criterion))
        return self._masks[criterion]

    def _where(self, judge: Callable[[Scalar], bool]) -> Mask:
        judged = np.array([judge(value) for value in self._distinct], dtype=np.bool_)
        return judged[self._places] if len(judged) else np.zeros(0, dtype=np.bool_)

    def _refuse_broken(self, mask: Mask | None) -> None:
        if self._has_broken:
            places = range(len(self.cells)) if mask is None else np.flatnonzero(mask).tolist()
            for place in places:
                if isinstance(value := self.cells[place], Broken):
                    raise ExcelError(value.text)


def _judge(criterion: Scalar) -> Callable[[Scalar], bool]:
    found = _CRITERION.fullmatch(text(criterion))
    if found is None or criterion is None or len(found[2]) > _LONGEST:
        raise UnknownValueError
    sign, operand = found[1] or "", found[2]
    if _WHOLE.fullmatch(operand):
        return _judge_number(sign, float(operand))
    low = operand.lower()
    if low in _LOGICAL or _DOUBTFUL.fullmatch(operand) or sign in _ORDERS or (sign and not operand):
        raise UnknownValueError
    if not operand:
        return lambda value: value is None or value == ""
    # most criteria are plain words, and a pattern takes longer to make than all its rows to compare
    alike = re.compile(_pattern(low), re.DOTALL).fullmatch if _WILD.search(low) else low.__eq__

    def is_alike(value: Scalar) -> bool:
        return isinstance(value, str) and bool(alike(value.lower()))

    if sign == "<>":
        return lambda value: not is_alike(_sound(value))
    return is_alike


def _judge_number(sign: str, wanted: float) -> Callable[[Scalar], bool]:
    if sign in _ORDERS:
        order = _ORDERS[sign]
        return lambda value: isinstance(value, float) and order(value, wanted)

    def equals(value: Scalar) -> bool:
        if isinstance(value, str):
            return _WHOLE.fullmatch(value) is not None and float(value) == wanted
        return isinstance(value, float) and value == wanted

    if sign == "<>":
        return lambda value: not equals(_sound(value))
    return equals


def _sound(value: Scalar) -> Scalar:
    if isinstance(value, Broken):  # whether an error is unlike a word is not for us to say
        raise UnknownValueError
    return value


def _pattern(operand: str) -> str:
    """``?`` is one character, ``*`` any, ``~`` takes their sense away."""
    pieces, characters = [], iter(operand)
    for character in characters:
        if character == "~":
            pieces.append(re.escape(next(characters, "~")))
        else:
            pieces.append({"?": ".", "*": ".*"}.get(character, re.escape(character)))
    return "".join(pieces)
