"""The functions on texts that our sheets use.

Rule 1: Excel counts in units of UTF-16, we in characters: a text in which they differ makes the value unknown.
Rule 2: places count from 1, as in Excel.
"""

from chorus_xl.reckoning.values import ExcelError, Scalar, UnknownValueError, number, text

_LAST_OF_ONE_UNIT = "\uffff"


def left(value: Scalar, count: Scalar) -> str:
    """The first so many characters."""
    return _counted(value)[: _whole(count, least=0)]


def middle(value: Scalar, first: Scalar, count: Scalar) -> str:
    """So many characters from a place on."""
    start = _whole(first, least=1) - 1
    return _counted(value)[start : start + _whole(count, least=0)]


def find(wanted: Scalar, value: Scalar) -> float:
    """The place of a text in another, by case; an error where it is not."""
    place = _counted(value).find(_counted(wanted))
    if place < 0:
        raise ExcelError("#VALUE!")
    return float(place + 1)


def substitute(value: Scalar, old: Scalar, new: Scalar) -> str:
    """The text with each of the old ones replaced; case counts, and of nothing nothing is replaced."""
    wanted = text(old)
    return text(value).replace(wanted, text(new)) if wanted else text(value)


def upper(value: Scalar) -> str:
    """The text in capitals."""
    known = _counted(value)
    capitals = known.upper()
    if len(capitals) != len(known):  # « ß »: Excel leaves it
        raise UnknownValueError
    return capitals


def _counted(value: Scalar) -> str:
    known = text(value)
    if any(character > _LAST_OF_ONE_UNIT for character in known):
        raise UnknownValueError
    return known


def _whole(value: Scalar, *, least: int) -> int:
    known = int(number(value))
    if known < least:
        raise ExcelError("#VALUE!")
    return known
