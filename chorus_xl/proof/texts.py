"""Texts and tables as files that any program reads, and that no program runs.

Rule 1: a cell that a spreadsheet would take for a formula is shown as text: an apostrophe stands before it, and
        ``read_csv`` takes it away again.
Rule 2: what UTF-8 cannot hold (half a character) is written as its escape; nothing is dropped.
Rule 3: JSON that says something twice is none: two readers would read two things.
Rule 4: separators, quotes and ends of lines are what a French Excel expects.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Cell = str | int | date | datetime | Decimal | None
"""A value of a table; moments are naive, Paris."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_BOM = "\ufeff"


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV: semicolons, a byte order mark, CRLF."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_guarded(cell) if isinstance(cell, str) else plain(cell) for cell in row])
    return encoded(_BOM + stream.getvalue())


def read_csv(content: bytes) -> list[list[str]]:
    """The lines of such a table, its header first.

    Raises:
        ValueError: it is none.
    """
    text = content.decode("utf-8-sig")
    csv.field_size_limit(max(len(text), csv.field_size_limit()))
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    except csv.Error as error:
        raise ValueError(str(error)) from None
    return [list(map(_unguarded, row)) for row in lines]


def read_json(content: bytes) -> Any:  # noqa: ANN401 - whatever it says
    """What a JSON text stands for.

    Raises:
        ValueError: it is none, is nested without an end, or names a member twice.
    """
    try:
        return json.loads(content, object_pairs_hook=_once)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def plain(cell: Cell) -> str:
    """A value as a French reader expects it.

    >>> plain(Decimal("-1234.50")), plain(date(2026, 11, 23)), plain(datetime(2026, 11, 23, 9, 5)), plain(None)
    ('-1234,50', '23/11/2026', '23/11/2026 09:05:00', '')
    """
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell:%d/%m/%Y %H:%M:%S}"
        case date():
            return f"{cell:%d/%m/%Y}"
        case Decimal():
            return format(cell, "f").replace(".", ",")
        case _:
            return str(cell)


def encoded(text: str) -> bytes:
    """UTF-8."""
    return text.encode("utf-8", "backslashreplace")


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(members)
    if len(named) != len(members):
        raise ValueError("a member stands twice")
    return named


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
