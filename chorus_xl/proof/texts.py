"""Texts and tables as files that any program reads, and that no program runs.

Rule 1: a cell that a spreadsheet would take for a formula is shown as text: an apostrophe stands before it, and
        ``read_csv`` takes it away again.
Rule 2: what UTF-8 cannot hold (half a character) is written as its escape; nothing is dropped.
Rule 3: separators, quotes and ends of lines are what a French Excel expects.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

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


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
