"""``index.xlsx``: the index for Excel, LibreOffice and whoever filters.

Rule 1: a text is a text, whatever it begins with; what is too long for a cell is cut, and says so.
Rule 2: no clock: the workbook says that it was made when the proof was.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from chorus_xl.proof.texts import Cell, plain

LONGEST = 32_767
"""UTF-16 units that a cell holds. Source: Microsoft, "Excel specifications and limits", read 2026-11."""

_CUT = " … (coupé)"
_WIDEST = 60  # characters of a column


def index_workbook(headers: Mapping[str, str], rows: Sequence[Mapping[str, Cell]], made_at: datetime) -> bytes:
    """The index as a workbook of one sheet, its rows under the headers."""
    stream = io.BytesIO()
    workbook = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"created": made_at.replace(tzinfo=None, microsecond=0)})
    head = workbook.add_format({"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "text_wrap": True})
    formats = {
        datetime: workbook.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top"}),
        date: workbook.add_format({"num_format": "dd/mm/yyyy", "valign": "top"}),
        Decimal: workbook.add_format({"num_format": "#,##0.00", "valign": "top"}),
        str: workbook.add_format({"num_format": "@", "valign": "top"}),
        int: workbook.add_format({"valign": "top"}),
    }
    sheet: Worksheet = workbook.add_worksheet("Index")
    for column, (name, words) in enumerate(headers.items()):
        sheet.write_string(0, column, words, head)
        longest = max((len(plain(row[name])) for row in rows), default=0)
        sheet.set_column(column, column, min(max(longest, len(words)) + 2, _WIDEST))
        for line, row in enumerate(rows, start=1):
            value = row[name]
            if isinstance(value, str):
                sheet.write_string(line, column, held(value), formats[str])
            elif value is not None:
                _write(sheet, line, column, value, formats)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(headers) - 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    workbook.close()
    return stream.getvalue()


def _write(
    sheet: Worksheet, line: int, column: int, value: int | date | Decimal, formats: Mapping[type, object]
) -> None:
    if isinstance(value, date):
        sheet.write_datetime(line, column, value, formats[type(value)])
    else:
        sheet.write_number(line, column, value, formats[type(value)])


def held(text: str) -> str:
    """As much of a text as a cell holds, in what its file can hold."""
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return text
    return units[: 2 * (LONGEST - len(_CUT))].decode("utf-16-le", "ignore") + _CUT
