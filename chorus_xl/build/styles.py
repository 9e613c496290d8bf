"""How the workbook looks: colours and cell formats, by what they mean.

Rule 1: colour is never alone: a word, and a sign put before it by the number format, say the same.
Rule 2: text and background of every format contrast at least 4.5:1 (WCAG 2.1, 1.4.3); a test measures the built file.
Rule 3: a format says all it needs; nothing is left to an Excel table style, which LibreOffice does not draw.
Rule 4: the font is Arial 10, whose widths every office suite has, so that columns fit everywhere alike.
"""

from collections.abc import Mapping
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from chorus_xl.domain.columns import Column, Kind, Writer

Look = Mapping[str, Any]
"""Properties of an XlsxWriter format."""

WHITE, INK, MUTED, LINE = "#FFFFFF", "#1F2A44", "#595959", "#BFC7D5"
NAVY, BLUE, GREY, PALE = "#1F3864", "#1F4E79", "#595959", "#F2F2F2"
GREEN, AMBER, RED, VIOLET = "#1E5631", "#7A4B00", "#9C0006", "#5B2C83"

TITLE: Look = {"bold": True, "font_size": 16, "font_color": NAVY}
NOTE: Look = {"italic": True, "font_color": MUTED}
HEADING: Look = {"bold": True, "font_size": 12, "font_color": NAVY, "bottom": 2, "bottom_color": BLUE}
TEXT: Look = {"font_color": INK, "valign": "top"}
WRAPPED: Look = {**TEXT, "text_wrap": True}
BOLD: Look = {**TEXT, "bold": True}
LINK: Look = {"font_color": "#0B4F9E", "underline": 1, "valign": "top"}
CELL: Look = {"font_color": INK, "valign": "top", "border": 1, "border_color": LINE}
TOTAL: Look = {**CELL, "bold": True, "bg_color": "#DDE6F2"}
BANNER: Look = {"bold": True, "font_size": 12, "valign": "vcenter", "font_color": WHITE, "bg_color": GREY}

_HEADER: Look = {
    "bold": True,
    "font_color": WHITE,
    "text_wrap": True,
    "valign": "vcenter",
    "border": 1,
    "border_color": WHITE,
}
CLERK_HEADER: Look = {**_HEADER, "bg_color": BLUE}
PROGRAM_HEADER: Look = {**_HEADER, "bg_color": GREY}

CLERK_CELL: Look = {**CELL, "font_color": NAVY, "bg_color": WHITE}
PROGRAM_CELL: Look = {**CELL, "font_color": "#404040", "bg_color": PALE}
INPUT: Look = {**CLERK_CELL, "bg_color": "#FFF9E5", "bold": True, "align": "center"}

GOOD: Look = {"font_color": GREEN, "bg_color": "#E2F0D9"}
WARN: Look = {"font_color": AMBER, "bg_color": "#FFF2CC"}
BAD: Look = {"font_color": RED, "bg_color": "#FFDCE0"}
DOUBT: Look = {"font_color": VIOLET, "bg_color": "#EADFF3"}
CALM: Look = {"font_color": BLUE, "bg_color": "#DDEBF7"}

REHEARSAL: Look = {"font_color": WHITE, "bg_color": "#0B5D57"}
QUALIFICATION: Look = {"font_color": "#3D2B00", "bg_color": "#FFD966"}
PRODUCTION: Look = {"font_color": WHITE, "bg_color": "#B00020"}

COUNT_FORMAT = '#,##0;-#,##0;"–"'
MONEY_FORMAT = "#,##0.00"
MONEY_OR_DASH = '#,##0.00;-#,##0.00;"–"'
DATE_FORMAT = "dd/mm/yyyy"
RATE_FORMAT = "0.0##\\ %"
WHOLE_RATE_FORMAT = "0\\ %"

_NUMBERS: Mapping[Kind, Look] = {
    Kind.CODE: {"num_format": "@", "shrink": True},  # an identifier cut short would be another one
    Kind.TEXT: {"num_format": "@"},
    Kind.CHOICE: {"shrink": True},
    Kind.DATE: {"num_format": DATE_FORMAT, "align": "center"},
    Kind.MOMENT: {"num_format": "dd/mm/yyyy hh:mm", "align": "center"},
    Kind.DAYS: {"num_format": "0", "align": "center"},
    Kind.MONEY: {"num_format": MONEY_FORMAT},
    Kind.QUANTITY: {"num_format": "#,##0.####"},
    Kind.RATE: {"num_format": RATE_FORMAT, "align": "right"},
}
_WRAPS_FROM = 24
"""A text column this wide, in characters, holds sentences."""


def signed(sign: str, look: Look) -> Look:
    """A conditional look that also puts a sign before the cell's word, without touching the word."""
    return {**look, "num_format": f'"{sign} "@'}


def number_look(column: Column) -> Look:
    """How the column's values are written, without colours: also what cells below the table take."""
    return _NUMBERS[column.kind]


def cell_look(column: Column) -> Look:
    """How a cell of the column looks: white for the clerk, grey for the program."""
    frame = CLERK_CELL if column.writer is Writer.CLERK else PROGRAM_CELL
    wrap = {"text_wrap": True} if column.kind is Kind.TEXT and column.width >= _WRAPS_FROM else {}
    return {**frame, **_NUMBERS[column.kind], **wrap}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[str, Format] = {}

    def __call__(self, look: Look, **more: object) -> Format:
        """The format of that look, with more properties on top."""
        properties = {"font_name": "Arial", "font_size": 10, **look, **more}
        key = repr(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def rule(self, look: Look) -> Format:
        """The format of a conditional rule, which may change colour and number format but no font."""
        key = f"rule {sorted(look.items())!r}"
        if key not in self._made:
            self._made[key] = self._workbook.add_format(dict(look))
        return self._made[key]
