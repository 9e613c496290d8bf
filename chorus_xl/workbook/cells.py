"""One value as a cell of XML, and whether a cell already holds it.

Knows SpreadsheetML's cell types and its two date systems. Refuses to know rows and styles.

Rule 1: text is an inline string, so that nothing a status says can ever become a formula, a number or a date.
Rule 2: an empty text leaves an empty cell, so that the sheet's own counts of blanks stay true.
Rule 3: what a reader gets back is ``clean_text`` of what was given; comparisons are made on that.
"""

import re
from datetime import date, datetime, timedelta
from math import isclose

from chorus_xl.domain.sheets import CellValue

MAX_TEXT = 32_767
"""UTF-16 units a cell can hold. Source: Microsoft, "Excel specifications and limits", total number of characters."""

_EMPTY = b"/>"
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # ECMA-376 part 1, 22.9.2.19 (ST_Xstring)
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no zone; true from 01/03/1900 on
_DAY_ZERO_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_MILLISECOND = 1 / 86_400_000  # days; calamine and Excel round a moment to it


def ending(value: CellValue, *, date1904: bool) -> bytes:
    """What follows a cell's reference and style: its type, if any, and its content.

    >>> ending("a<b", date1904=False)
    b' t="inlineStr"><is><t xml:space="preserve">a&lt;b</t></is></c>'
    >>> ending(12.5, date1904=False)
    b'><v>12.5</v></c>'
    """
    if value is None or value == "":
        return _EMPTY
    if isinstance(value, str):
        text = clean_text(value)
        return b' t="inlineStr"><is><t xml:space="preserve">%b</t></is></c>' % in_xml(text) if text else _EMPTY
    if isinstance(value, date):  # a datetime is one
        return b"><v>%b</v></c>" % repr(serial(value, date1904=date1904)).encode()
    return b"><v>%b</v></c>" % _number(value)


def clean_text(text: str) -> str:
    """The text as a cell can hold it: no control characters, one kind of newline, cut where Excel cuts."""
    text = _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) * 2 > MAX_TEXT and len(text.encode("utf-16-le")) > MAX_TEXT * 2:
        cut = text.encode("utf-16-le")[: (MAX_TEXT - 1) * 2]
        text = cut.decode("utf-16-le", "ignore") + "…"
    return text


def serial(day: date, *, date1904: bool) -> int | float:
    """The number by which Excel holds a date or a naive moment."""
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)  # noqa: DTZ001
    days = (moment - (_DAY_ZERO_1904 if date1904 else _DAY_ZERO)) / timedelta(days=1)
    return int(days) if days.is_integer() else days


def holds(current: object, value: CellValue, *, date1904: bool) -> bool:
    """Whether a cell that was read as ``current`` holds ``value`` already."""
    if isinstance(value, str):
        value = clean_text(value)
    if value is None or value == "":
        return current is None or current == ""
    if isinstance(value, str):
        return isinstance(current, str) and current == value
    if isinstance(current, date):
        current = serial(current, date1904=date1904)
    if isinstance(current, bool) or not isinstance(current, int | float):
        return False
    if isinstance(value, date):
        return isclose(current, serial(value, date1904=date1904), rel_tol=0, abs_tol=_MILLISECOND)
    return float(current) == float(value)


def in_xml(text: str) -> bytes:
    """A text as XML holds it."""
    escaped = _LOOKS_ESCAPED.sub("_x005F_", text)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()


def _number(value: float) -> bytes:
    if isinstance(value, int):
        return b"%d" % value
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - only NaN differs from itself
        raise ValueError(f"a cell cannot hold {value}")
    return float.__repr__(value).encode()
