"""Small workbooks in the shape of ours, made from the declared columns by XlsxWriter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from chorus_xl.domain.columns import (
    BUDGETS,
    DUES,
    INVOICES,
    JOURNAL,
    LAYOUT,
    LAYOUT_NAME,
    LINES,
    PRESS,
    PRESS_ITEMS,
    SETTINGS,
    TableSpec,
)
from chorus_xl.domain.sheets import CellValue, Changes, TableChange, Written
from chorus_xl.workbook.closed import ClosedWorkbook

Row = Mapping[str, object]
Edit = Callable[[bytes], bytes]

TODAY = date(2026, 11, 23)
FACTURES = "xl/worksheets/sheet2.xml"  # Accueil stands before it
HEADER_ROW = 4  # of the invoices, in Excel's count


@dataclass(frozen=True)
class Formula:
    """A formula and what Excel had worked out; ``""`` for one that was never calculated."""

    text: str
    value: object = 0


@dataclass
class Sample:
    """What stands in the workbook.

    Attributes:
        below: rows typed under ``tblFactures``.
        layout: what ``chorus_layout`` says; ``None`` leaves the name out.
        order: the order of the columns of ``tblFactures``.
        headers: other headers by attribute.
        without: attributes left out.
        extra: the clerk's own columns of ``tblFactures`` and the value in each row.
        sheets: other names of sheets, ``None`` leaves the sheet out.
        tables: other names of tables.
        totals: whether ``tblFactures`` has a row of totals.
        followed: whether it has the tables of layout 2, which ``Accueil`` holds in ours.
        decorate: adds to the sheet of ``tblFactures`` what a clerk might.
    """

    invoices: Sequence[Row] = ()
    lines: Sequence[Row] = ()
    budgets: Sequence[Row] = ()
    parameters: Sequence[tuple[object, object]] = ()
    journal: Sequence[Row] = ()
    below: Sequence[Row] = ()
    date1904: bool = False
    layout: str | None = str(LAYOUT)
    order: Callable[[list[str]], list[str]] = list
    headers: Mapping[str, str] = field(default_factory=dict)
    without: Sequence[str] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    sheets: Mapping[str, str | None] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    totals: bool = False
    followed: bool = True
    decorate: Callable[[Workbook, Worksheet], None] | None = None

    def save(self, path: Path) -> Path:
        options = {"date_1904": self.date1904, "default_date_format": "dd/mm/yyyy"}
        book = xlsxwriter.Workbook(str(path), options)
        book.add_worksheet("Accueil").write("A1", "Bonjour")
        settings = [{"name": name, "value": value} for name, value in self.parameters]
        for spec, rows in (
            (INVOICES, self.invoices),
            (LINES, self.lines),
            (BUDGETS, self.budgets),
            (JOURNAL, self.journal),
            (SETTINGS, settings),
        ):
            name = self.sheets.get(spec.sheet, spec.sheet)
            if name is not None:
                self._table(book, book.add_worksheet(name), spec, rows)
        if self.followed:
            sheet = book.add_worksheet("Suivi")  # a table is known by its name, wherever it stands
            for spec, row, column, height in ((PRESS, 2, 8, len(PRESS_ITEMS)), (DUES, 20, 0, 1)):
                headers = [{"header": each.header} for each in spec.columns]
                place = (row, column, row + height, column + len(headers) - 1)
                sheet.add_table(*place, {"name": spec.name, "columns": headers})
        if self.layout is not None:
            book.define_name(LAYOUT_NAME, f"={self.layout}")
        book.close()
        edit_parts(path, {"[Content_Types].xml": macro_enabled})
        return path

    def _table(self, book: Workbook, sheet: Worksheet, spec: TableSpec, rows: Sequence[Row]) -> None:
        is_ours = spec is INVOICES
        attributes = [column.attribute for column in spec.columns if column.attribute not in self.without]
        headers = {name: self.headers.get(name, spec.column(name).header) for name in attributes}
        if is_ours:
            headers |= {name: name for name in self.extra}
            headers = {name: headers[name] for name in self.order([*headers])}
        top = HEADER_ROW - 1 if is_ours else 0
        totals = self.totals and is_ours
        height = max(len(rows), 1) + (1 if totals else 0)
        columns = [{"header": header} for header in headers.values()]
        if totals:
            columns[-1]["total_string"] = "Total"
        table = {"name": self.tables.get(spec.name, spec.name), "columns": columns, "total_row": totals}
        sheet.add_table(top, 0, top + height, len(headers) - 1, table)
        _fill(book, sheet, top + 1, list(headers), [{**(self.extra if is_ours else {}), **row} for row in rows])
        if is_ours:
            _fill(book, sheet, top + height + 1, list(headers), self.below)
            if self.decorate:
                self.decorate(book, sheet)


def _fill(book: Workbook, sheet: Worksheet, top: int, attributes: Sequence[str], rows: Sequence[Row]) -> None:
    grey = book.add_format({"bg_color": "#EEEEEE"})
    dates = {
        "deposited_on": book.add_format({"num_format": "dd/mm/yyyy", "bg_color": "#EEEEEE"}),
        "status_since": book.add_format({"num_format": "dd/mm/yyyy hh:mm", "bg_color": "#EEEEEE"}),
        "at": book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
    }
    for number, row in enumerate(rows, top):
        for place, attribute in enumerate(attributes):
            value, style = row.get(attribute), dates.get(attribute)
            match value:
                case None if style is None and attribute != "verdict":
                    pass
                case None:
                    sheet.write_blank(number, place, None, style or grey)
                case Formula():
                    sheet.write_formula(number, place, value.text, style, value.value)
                case str():
                    sheet.write_string(number, place, value, style)
                case date():
                    sheet.write_datetime(number, place, value, style)
                case _:
                    sheet.write(number, place, value, style)


def invoice(number: object, **others: object) -> dict[str, object]:
    return {
        "budget": "Grand Belfort – Eau",
        "invoice_number": number,
        "issue_date": date(2026, 3, 1),
        "total_with_vat": 120.0,
        **others,
    }


def opened(path: Path, backups: Path | None = None) -> ClosedWorkbook:
    return ClosedWorkbook(path, backups=backups, today=lambda: TODAY)


def write_cells(path: Path, columns: Mapping[str, Sequence[CellValue]], table: str = "tblFactures") -> Written:
    """Read, then write these columns to the first rows of the table."""
    book = opened(path)
    sheets = book.read()
    read = {table.name: table for table in (sheets.invoices, sheets.lines, sheets.budgets)}[table]
    height = len(next(iter(columns.values())))
    return book.write(sheets, Changes(cells=(TableChange(table, read.rows[:height].tolist(), columns),)))


def edit_parts(path: Path, edits: Mapping[str, Edit], add: Mapping[str, bytes] | None = None) -> Path:
    """Rewrite a package with some parts changed and some added."""
    with ZipFile(path) as archive:
        parts = [(entry, archive.read(entry)) for entry in archive.infolist()]
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for entry, content in parts:
            archive.writestr(entry, edits.get(entry.filename, bytes)(content))
        for name, content in (add or {}).items():
            archive.writestr(ZipInfo(name, (2026, 1, 2, 3, 4, 6)), content)
    return path


def read_parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def swap(old: bytes, new: bytes) -> Edit:
    """An edit that must find what it replaces."""

    def edit(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new)

    return edit


def macro_enabled(types: bytes) -> bytes:
    return types.replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )


def moment(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 3, day, hour)  # noqa: DTZ001 - Excel knows no zone
