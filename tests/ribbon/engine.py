"""An Excel for tests: xlwings' own objects over openpyxl, with the manners of Excel that the ribbon has to live with.

What it imitates: text typed into a cell that is not in text format is parsed; error cells come as COM's numbers, all
numbers as floats, dates as datetimes; a protected sheet and an Excel that is busy raise what pywin32 raises; a filter
may make Excel pass over hidden rows. What a person would see is kept: dialogs, status bar, screen updating. There is no
way to select cells, to scroll or to filter here: who tried would fail.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import xlwings as xw
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.table import Table as OpenpyxlTable
from openpyxl.worksheet.worksheet import Worksheet

from tests.ribbon.cells import Range, refused


class Engine:
    name = "excel"
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps([App(self)])

    @staticmethod
    def prepare_xl_data_element(value: object, _options: object) -> object:
        return "" if value is None else value


class Apps:
    def __init__(self, apps: "list[App]") -> None:
        self.apps = apps

    def __iter__(self) -> "Iterator[App]":
        return iter(self.apps)

    def __len__(self) -> int:
        return len(self.apps)


@dataclass(eq=False)
class App:
    """Excel itself.

    Attributes:
        said: every dialog, as (words, title, buttons, mode).
        answers: what the clerk presses on dialogs that ask, in order; ``ok`` when they run out.
        trouble: raised at every touch of a cell while it is set.
        trouble_at_write: raised at the n-th write from now, and then no more.
    """

    engine: Engine
    pid: int = 1
    said: list[tuple[str, str | None, str, str | None]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    bar: list[str | bool] = field(default_factory=list)
    updating: list[bool] = field(default_factory=list)
    trouble: Exception | None = None
    trouble_at_write: int | None = None
    writes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.books = Books(self)

    @property
    def api(self) -> object:
        return self

    @property
    def status_bar(self) -> str | bool:
        return self.bar[-1] if self.bar else False

    @status_bar.setter
    def status_bar(self, words: str | bool) -> None:
        self.bar.append(words)

    @property
    def screen_updating(self) -> bool:
        return self.updating[-1] if self.updating else True

    @screen_updating.setter
    def screen_updating(self, on: bool) -> None:
        self.updating.append(on)

    def alert(self, prompt: str, title: str | None, buttons: str, mode: str | None, callback: object) -> str:
        self.said.append((prompt, title, buttons, mode))
        return self.answers.pop(0) if buttons != "ok" and self.answers else "ok"

    def activate(self, steal_focus: bool) -> None:  # noqa: FBT001 - as xlwings calls it
        """One Excel is always in front."""

    def touch(self) -> None:
        if self.trouble is not None:
            raise self.trouble

    def about_to_write(self, where: str) -> None:
        self.touch()
        self.writes.append(where)
        if self.trouble_at_write is not None:
            self.trouble_at_write -= 1
            if self.trouble_at_write == 0:
                self.trouble_at_write = None
                raise refused()


class Books:
    def __init__(self, app: App) -> None:
        self.app = app
        self.opened: list[Book] = []
        self.front = 0

    @property
    def active(self) -> "Book":
        return self.opened[self.front]

    def __call__(self, name: str) -> "Book":
        return next(book for book in self.opened if book.name.lower() == name.lower())

    def __iter__(self) -> "Iterator[Book]":
        return iter(self.opened)

    def __len__(self) -> int:
        return len(self.opened)


class Book:
    def __init__(self, app: App, path: Path | None, workbook: openpyxl.Workbook) -> None:
        self.app = app
        self.path = path
        self.workbook = workbook
        self.name = path.name if path else "Classeur1"
        self.fullname = str(path) if path else "Classeur1"
        self.ReadOnly = False
        self.sheets = Sheets(self)
        self.names = Names(self)
        app.books.opened.append(self)

    @property
    def api(self) -> "Book":
        return self

    def activate(self) -> None:
        self.app.books.front = self.app.books.opened.index(self)

    @cached_property
    def shown(self) -> openpyxl.Workbook:
        """The same with the values that formulas gave."""
        assert self.path is not None
        return openpyxl.load_workbook(self.path, data_only=True)


class Sheets:
    def __init__(self, book: Book) -> None:
        self.book = book

    def __iter__(self) -> "Iterator[Sheet]":
        self.book.app.touch()
        return (Sheet(self.book, sheet) for sheet in self.book.workbook.worksheets)

    def __len__(self) -> int:
        return len(self.book.workbook.worksheets)

    def __call__(self, name: str) -> "Sheet":
        return Sheet(self.book, self.book.workbook[name])


class Names:
    def __init__(self, book: Book) -> None:
        self.book = book

    def contains(self, name: str) -> bool:
        return name in self.book.workbook.defined_names

    def __call__(self, name: str) -> "Name":
        return Name(f"={self.book.workbook.defined_names[name].attr_text}")


@dataclass
class Name:
    refers_to: str


class Sheet:
    def __init__(self, book: Book, sheet: Worksheet) -> None:
        self.book = book
        self.sheet = sheet
        self.name = sheet.title

    @property
    def tables(self) -> "list[Table]":
        return [Table(self, table) for table in self.sheet.tables.values()]

    @property
    def used_range(self) -> "Range":
        return Range(self, 1, 1, self.sheet.max_row, self.sheet.max_column)

    def range(self, first: "tuple[int, ...] | Range", last: "tuple[int, int] | Range | None" = None) -> "Range":
        if isinstance(first, Range) and isinstance(last, Range):
            first, last = (first.row, first.column), (last.row, last.column)
        assert isinstance(first, tuple)
        if last is None and len(first) == 4:
            row, column, height, width = first
            last = (row + height - 1, column + width - 1)
        assert isinstance(last, tuple | None)
        (top, left), (bottom, right) = first[:2], last or first[:2]
        rows, columns = sorted((top, bottom)), sorted((left, right))  # corners in any order, as Excel takes them
        return Range(self, rows[0], columns[0], rows[1], columns[1])

    def select(self) -> None:
        self.book.workbook.active = self.sheet


class Table:
    def __init__(self, parent: Sheet, table: OpenpyxlTable) -> None:
        self.parent = parent
        self.table = table
        self.name = table.displayName

    @property
    def show_headers(self) -> bool:
        return self.table.headerRowCount != 0

    @property
    def show_totals(self) -> bool:
        return bool(self.table.totalsRowCount)

    @show_totals.setter
    def show_totals(self, shown: bool) -> None:
        assert not shown
        left, top, right, bottom = boundaries(self.table.ref)
        for column in range(left, right + 1):
            self.parent.sheet.cell(bottom, column).value = None
        self.table.totalsRowCount = 0
        self._place(Range(self.parent, top, left, bottom - 1, right))

    @property
    def range(self) -> "Range":
        left, top, right, bottom = boundaries(self.table.ref)
        return Range(self.parent, top, left, bottom, right)

    def resize(self, to: xw.Range) -> None:
        self.parent.book.app.about_to_write(f"{self.name} resized")
        self._place(to.impl)

    def _place(self, to: "Range") -> None:
        self.table.ref = to.place
        if self.table.autoFilter is not None:
            self.table.autoFilter.ref = self.table.ref


def boundaries(ref: str) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of a table's place."""
    left, top, right, bottom = (edge or 0 for edge in range_boundaries(ref))
    return left, top, right, bottom


def load_with_macros(path: Path) -> openpyxl.Workbook:
    """The workbook with what openpyxl does not understand of it.

    openpyxl keeps that in an archive that it never closes; whichever of archive and bytes the collector ends first, the
    archive wants to write its end. One that is only read has nothing to write.
    """
    workbook = openpyxl.load_workbook(path, keep_vba=True)
    kept = workbook.vba_archive
    assert kept is not None
    content = kept.fp
    assert isinstance(content, BytesIO)
    kept.close()
    workbook.vba_archive = ZipFile(BytesIO(content.getvalue()))
    return workbook


def open_book(engine: Engine, path: Path) -> xw.Book:
    """The workbook, open in this Excel and in front."""
    [app] = engine.apps
    book = Book(app, path, load_with_macros(path))
    app.books.front = len(app.books.opened) - 1
    return xw.Book(impl=book)


def new_book(engine: Engine) -> xw.Book:
    """A blank book that was never saved, in front."""
    [app] = engine.apps
    book = Book(app, None, openpyxl.Workbook())
    app.books.front = len(app.books.opened) - 1
    return xw.Book(impl=book)


def sort_rows(sheet: Worksheet, first_row: int, order: Sequence[int]) -> None:
    """What sorting the table does: whole lines change places, cells and formats."""
    lines = [[(cell.value, cell.number_format) for cell in sheet[first_row + place]] for place in order]
    for row, line in enumerate(lines, first_row):
        for cell, (value, number_format) in zip(sheet[row], line, strict=True):
            cell.value = value
            cell.number_format = number_format
