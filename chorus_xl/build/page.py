"""A sheet written from top to bottom: headings, sentences, lists."""

from collections.abc import Mapping, Sequence

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from chorus_xl.build.styles import CELL, HEADING, LINK, PROGRAM_HEADER, TEXT, Look, Styles
from chorus_xl.build.tables import text_height, write_value


class Page:
    """The sheet and the next free row, zero-based."""

    def __init__(self, workbook: Workbook, sheet: Worksheet, styles: Styles, row: int, widths: Sequence[int]) -> None:
        self.workbook, self.sheet, self.styles, self.row, self._widths = workbook, sheet, styles, row, widths
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)

    def heading(self, text: str) -> None:
        """A part's title, under an empty line."""
        self.row += 1
        for column in range(len(self._widths)):
            self.sheet.write_blank(self.row, column, None, self.styles(HEADING))
        self.sheet.write_string(self.row, 0, text, self.styles(HEADING))
        self.row += 1

    def lines(self, *texts: str, look: Look = TEXT) -> None:
        """Sentences, one a row, over the whole width; an address becomes a link."""
        for text in texts:
            if text.startswith("https://"):
                self.sheet.write_url(self.row, 0, text, self.styles(LINK))
            else:
                self.sheet.write_string(self.row, 0, text, self.styles(look))
            self.row += 1

    def header(self, *names: str) -> None:
        """Column names of a list."""
        for column, name in enumerate(names):
            self.sheet.write_string(self.row, column, name, self.styles(PROGRAM_HEADER))
        self.row += 1

    def cells(self, *values: object, looks: Mapping[int, Look] | None = None) -> None:
        """One line of a list; ``looks`` gives a cell more than the usual look."""
        for column, value in enumerate(values):
            look = self.styles(CELL, text_wrap=True, **(looks or {}).get(column, {}))
            write_value(self.sheet, self.row, column, value, look)
        texts = zip(values, self._widths, strict=False)
        self.sheet.set_row(self.row, text_height((text, width) for text, width in texts if isinstance(text, str)))
        self.row += 1

    def name(self, defined: str, first_row: int, last_row: int, column: int) -> None:
        """Give cells of this sheet a defined name."""
        cells = xl_range_abs(first_row, column, last_row, column)
        self.workbook.define_name(defined, f"='{self.sheet.get_name()}'!{cells}")
