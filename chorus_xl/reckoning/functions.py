"""The functions that our sheets use, each as Excel has it for the arguments that they are given there.

Rule 1: an argument of another kind than our formulas give makes the value unknown.
Rule 2: ``IF``, ``IFERROR`` and ``ISNUMBER`` decide themselves which arguments are worked out.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from chorus_xl.reckoning import words
from chorus_xl.reckoning.area import Area, Mask
from chorus_xl.reckoning.values import (
    ExcelError,
    Scalar,
    UnknownValueError,
    day_of,
    number,
    rounded,
    serial_of,
    whole,
)

Numbers = NDArray[np.float64]
Value = Scalar | Area | Numbers | tuple[Scalar, ...]
"""One value, a block of cells, a number for each of them, or a list of constants."""

Later = Callable[[], Value]
"""An argument that is not worked out yet."""

_MANY = (Area, np.ndarray, tuple)
_FIRST_YEAR, _LAST_YEAR, _MONTHS = 1901, 9999, 12


def one(value: Value) -> Scalar:
    """The value, where only a single one makes sense."""
    if isinstance(value, _MANY):
        raise UnknownValueError
    return whole(value)


def _area(value: Value) -> Area:
    if not isinstance(value, Area):
        raise UnknownValueError
    return value


def _truth(value: Value) -> bool:
    single = one(value)
    if isinstance(single, str):
        raise UnknownValueError
    return bool(single)


def _if(condition: Later, then: Later, otherwise: Later) -> Value:
    return then() if _truth(condition()) else otherwise()


def _iferror(value: Later, otherwise: Later) -> Value:
    try:
        return one(value())
    except ExcelError:
        return otherwise()


def _isnumber(value: Later) -> Value:
    try:
        single = one(value())
    except ExcelError:
        return False
    return isinstance(single, float)


def _isblank(value: Value) -> Value:
    return value.blanks if isinstance(value, Area) else one(value) is None


def _meeting(conditions: Sequence[Value]) -> list[Mask]:
    """The rows that meet all conditions; one answer for each constant of a list."""
    if not conditions or len(conditions) % 2:
        raise UnknownValueError
    fixed: Mask | None = None
    listed: list[Mask] = []
    height = -1
    for cells, criteria in zip(conditions[::2], conditions[1::2], strict=True):
        area = _area(cells)
        if height not in (-1, len(area.cells)):
            raise ExcelError("#VALUE!")
        height = len(area.cells)
        if isinstance(criteria, tuple):
            if listed:  # two lists would be paired, or crossed; ours have one
                raise UnknownValueError
            listed = [area.meeting(criterion) for criterion in criteria]
        else:
            mask = area.meeting(one(criteria))
            fixed = mask if fixed is None else fixed & mask
    if fixed is None:
        return listed
    return [fixed & mask for mask in listed] if listed else [fixed]


def _answers(found: Sequence[float], conditions: Sequence[Value]) -> Value:
    is_list = any(isinstance(criteria, tuple) for criteria in conditions[1::2])
    return np.array(found, dtype=np.float64) if is_list else found[0]


def _countifs(*conditions: Value) -> Value:
    return _answers([float(np.count_nonzero(mask)) for mask in _meeting(conditions)], conditions)


def _sumifs(cells: Value, *conditions: Value) -> Value:
    summed, masks = _area(cells), _meeting(conditions)
    if len(summed.cells) != len(masks[0]):
        raise ExcelError("#VALUE!")
    return _answers([summed.total(mask) for mask in masks], conditions)


def _sumproduct(value: Value) -> Value:
    if isinstance(value, np.ndarray):
        return math.fsum(value.tolist())
    single = one(value)
    if not isinstance(single, float):
        raise UnknownValueError
    return single


def _sum(*values: Value) -> Value:
    return math.fsum(_area(value).total() for value in values)


def _count(*values: Value) -> Value:
    return float(sum(int(v.is_number.sum()) if isinstance(v, Area) else isinstance(one(v), float) for v in values))


def _max(value: Value) -> Value:
    return _area(value).greatest()


def _index(cells: Value, place: Value) -> Value:
    held, at = _area(cells).cells, int(number(one(place)))
    if at < 1:
        raise UnknownValueError
    if at > len(held):
        raise ExcelError("#REF!")
    return whole(held[at - 1])


def _match(wanted: Value, cells: Value, kind: Value) -> Value:
    if one(kind) != 0:
        raise UnknownValueError
    return float(_area(cells).first(one(wanted)))


def _round(value: Value, digits: Value) -> Value:
    return rounded(number(one(value)), int(number(one(digits))))


def _date(year: Value, month: Value, day: Value, *, date1904: bool) -> Value:
    months = int(number(one(month))) - 1
    years = int(number(one(year))) + months // _MONTHS
    if not _FIRST_YEAR <= years <= _LAST_YEAR:
        raise UnknownValueError
    first = serial_of(date(years, months % _MONTHS + 1, 1), date1904=date1904)
    return first + int(number(one(day))) - 1


LAZY: Mapping[str, Callable[..., Value]] = {"IF": _if, "IFERROR": _iferror, "ISNUMBER": _isnumber}
EAGER: Mapping[str, Callable[..., Value]] = {
    "ABS": lambda value: abs(number(one(value))),
    "AND": lambda *values: all(map(_truth, values)),
    "COUNT": _count,
    "COUNTIF": _countifs,
    "COUNTIFS": _countifs,
    "FIND": lambda wanted, value: words.find(one(wanted), one(value)),
    "INDEX": _index,
    "ISBLANK": _isblank,
    "LEFT": lambda value, count: words.left(one(value), one(count)),
    "MATCH": _match,
    "MAX": _max,
    "MID": lambda value, first, count: words.middle(one(value), one(first), one(count)),
    "OR": lambda *values: any(map(_truth, values)),
    "ROUND": _round,
    "SUBSTITUTE": lambda value, old, new: words.substitute(one(value), one(old), one(new)),
    "SUM": _sum,
    "SUMIFS": _sumifs,
    "SUMPRODUCT": _sumproduct,
    "UPPER": lambda value: words.upper(one(value)),
}
DATED: Mapping[str, Callable[..., Value]] = {
    "DATE": _date,
    "MONTH": lambda value, *, date1904: float(day_of(number(one(value)), date1904=date1904).month),
    "YEAR": lambda value, *, date1904: float(day_of(number(one(value)), date1904=date1904).year),
}
KNOWN = frozenset({*LAZY, *EAGER, *DATED})
"""All of them; ``LAZY`` take arguments not yet worked out, ``DATED`` the workbook's date system."""
