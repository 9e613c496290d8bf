"""xlwings' own objects over the workbook that stands open in LibreOffice, reached through UNO.

The same part as ``tests.ribbon.engine`` plays over openpyxl; here the cells, tables, names, protection and the lock of
the screen are LibreOffice's. Dialogs and status bar are not: a LibreOffice without a screen has neither, so they are
written down in a file, and a dialog that asks is answered with ok.

Calc's manners are Calc's: text is taken as text, whatever the format of its cell.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import uno  # type: ignore[import-not-found]  # Debian's package python3-uno, lent to this environment by ``conftest``
import xlwings as xw

from tests.ribbon.cells import ERRORS, refused
from tests.ribbon.engine import App, Apps, Books, Engine

Uno: TypeAlias = Any
"""An object of LibreOffice: UNO has no types for Python."""

DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - cells know no zone
DATES = 2  # com.sun.star.sheet.CellFlags.DATETIME


class Calc(App):
    """The application, whose words go into a file."""

    def __init__(self, engine: Engine, document: Uno, words: Path) -> None:
        super().__init__(engine)
        self.document = document
        self.words = words

    def tell(self, kind: str, *words: object) -> None:
        with self.words.open("a", encoding="utf-8") as file:
            file.write(json.dumps([kind, *words]) + "\n")

    @property
    def status_bar(self) -> str | bool:
        return super().status_bar

    @status_bar.setter
    def status_bar(self, words: str | bool) -> None:
        self.tell("bar", words)

    @property
    def screen_updating(self) -> bool:
        return not self.document.hasControllersLocked()

    @screen_updating.setter
    def screen_updating(self, on: bool) -> None:
        if on != self.screen_updating:
            (self.document.unlockControllers if on else self.document.lockControllers)()

    def alert(self, prompt: str, title: str | None, buttons: str, mode: str | None, callback: object) -> str:
        self.tell("alert", prompt, title, buttons, mode)
        return "ok"


class Book:
    def __init__(self, app: App, document: Uno) -> None:
        self.app = app
        self.document = document
        self.fullname = uno.fileUrlToSystemPath(document.URL)
        self.name = Path(self.fullname).name
        self.ReadOnly = document.isReadonly()
        self.sheets = Sheets(self)
        self.names = Names(document.NamedRanges)
        app.books.opened.append(self)  # type: ignore[arg-type]  # a book of LibreOffice among those of openpyxl

    @property
    def api(self) -> "Book":
        return self

    def activate(self) -> None:
        """There is one book."""


class Sheets:
    def __init__(self, book: Book) -> None:
        self.book = book

    def __iter__(self) -> "Iterator[Sheet]":
        return (self(name) for name in self.book.document.Sheets.ElementNames)

    def __len__(self) -> int:
        return len(self.book.document.Sheets.ElementNames)

    def __call__(self, name: str) -> "Sheet":
        return Sheet(self.book, self.book.document.Sheets.getByName(name))


class Names:
    def __init__(self, ranges: Uno) -> None:
        self.ranges = ranges

    def contains(self, name: str) -> bool:
        return bool(self.ranges.hasByName(name))

    def __call__(self, name: str) -> "Name":
        return Name(self.ranges.getByName(name).Content)


class Name:
    def __init__(self, content: str) -> None:
        self.refers_to = f"={content}"


class Sheet:
    def __init__(self, book: Book, sheet: Uno) -> None:
        self.book = book
        self.sheet = sheet
        self.name = sheet.Name

    @property
    def tables(self) -> "list[Table]":
        ranges = self.book.document.DatabaseRanges
        found = [ranges.getByName(name) for name in ranges.ElementNames]
        return [Table(self, one) for one in found if one.DataArea.Sheet == self.sheet.RangeAddress.Sheet]

    @property
    def used_range(self) -> "Range":
        cursor = self.sheet.createCursor()
        cursor.gotoEndOfUsedArea(True)  # noqa: FBT003 - UNO has no names for arguments
        end = cursor.RangeAddress
        return Range(self, 1, 1, end.EndRow + 1, end.EndColumn + 1)

    def range(self, first: "tuple[int, ...] | Range", last: "tuple[int, int] | Range | None" = None) -> "Range":
        if isinstance(first, Range) and isinstance(last, Range):
            first, last = (first.row, first.column), (last.row, last.column)
        assert isinstance(first, tuple)
        assert isinstance(last, tuple | None)
        (top, left), (bottom, right) = first, last or first
        rows, columns = sorted((top, bottom)), sorted((left, right))  # corners in any order, as Excel takes them
        return Range(self, rows[0], columns[0], rows[1], columns[1])

    def select(self) -> None:
        self.book.document.CurrentController.setActiveSheet(self.sheet)


class Table:
    """A table of the file: LibreOffice makes a database range of it."""

    show_headers = True
    show_totals = False

    def __init__(self, parent: Sheet, table: Uno) -> None:
        self.parent = parent
        self.table = table
        self.name = table.Name

    @property
    def range(self) -> "Range":
        area = self.table.DataArea
        return Range(self.parent, area.StartRow + 1, area.StartColumn + 1, area.EndRow + 1, area.EndColumn + 1)

    def resize(self, to: xw.Range) -> None:
        self.table.DataArea = to.impl.cells.RangeAddress


class Range:
    def __init__(self, sheet: Sheet, top: int, left: int, bottom: int, right: int) -> None:
        self.sheet = sheet
        self.row, self.column = top, left
        self.shape = (bottom - top + 1, right - left + 1)
        self.cells = sheet.sheet.getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1)
        self.options: dict[str, object] = {}

    @property
    def api(self) -> "Range":
        return self

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int | None = None) -> "Range":
        if column is None:  # counted along rows, as Excel's Cells(n)
            row, column = divmod(row - 1, self.shape[1])
            row, column = row + 1, column + 1
        top, left = self.row + row - 1, self.column + column - 1
        return Range(self.sheet, top, left, top, left)

    def get_address(self, row_absolute: object, column_absolute: object, external: object) -> str:
        return str(self.cells.AbsoluteName.rpartition(".")[2].replace("$", ""))

    @property
    def raw_value(self) -> object:
        formulas = self.cells.getFormulaArray()
        values = [
            [as_excel_tells(value, formula) for value, formula in zip(line, typed, strict=True)]
            for line, typed in zip(self.cells.getDataArray(), formulas, strict=True)
        ]
        for area in self.cells.queryContentCells(DATES).RangeAddresses:
            for row in range(area.StartRow + 1 - self.row, area.EndRow + 2 - self.row):
                for column in range(area.StartColumn + 1 - self.column, area.EndColumn + 2 - self.column):
                    days: Any = values[row][column]
                    values[row][column] = DAY_ZERO + timedelta(milliseconds=round(days * 86_400_000))
        return values[0][0] if self.shape == (1, 1) else tuple(map(tuple, values))

    @raw_value.setter
    def raw_value(self, values: object) -> None:
        lines = values if isinstance(values, list) else [[values]]
        try:
            self.cells.setDataArray(tuple(tuple(map(as_calc_takes, line)) for line in lines))
        except Exception:  # noqa: BLE001 - UNO's exceptions have no classes before UNO is there
            raise refused() from None

    @property
    def formula(self) -> object:
        texts = self.cells.getFormulaArray()
        return texts[0][0] if self.shape == (1, 1) else texts

    @property
    def number_format(self) -> str | None:
        areas = {cells.NumberFormat for cells in self.cells.CellFormatRanges}
        formats = self.sheet.book.document.NumberFormats
        return str(formats.getByKey(areas.pop()).FormatString) if len(areas) == 1 else None

    @number_format.setter
    def number_format(self, text: str) -> None:
        formats = self.sheet.book.document.NumberFormats
        locale = uno.createUnoStruct("com.sun.star.lang.Locale")
        key = formats.queryKey(text, locale, False)  # noqa: FBT003 - UNO has no names for arguments
        try:
            self.cells.NumberFormat = formats.addNew(text, locale) if key == -1 else key
        except Exception:  # noqa: BLE001 - as above
            raise refused() from None

    @property
    def max_cells_per_read(self) -> None:
        return None

    @property
    def max_cells_per_write(self) -> None:
        return None


def as_excel_tells(value: object, formula: str) -> object:
    """LibreOffice tells an error cell as nothing, and a blank cell as a text without a letter."""
    if value is None:
        return ERRORS["#N/A"]
    return None if value == "" and formula == "" else value


def as_calc_takes(value: object) -> object:
    """Texts and numbers."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    return (value - DAY_ZERO) / timedelta(days=1) if isinstance(value, datetime) else value


def open_calc(desktop: Uno, words: Path) -> tuple[Engine, xw.Book]:
    """The document that is open in that LibreOffice, with an engine that xlwings can work with."""
    document = next(iter(desktop.Components))
    engine = Engine()
    app = Calc(engine, document, words)
    app.books = Books(app)
    engine.apps = Apps([app])
    return engine, xw.Book(impl=Book(app, document))
