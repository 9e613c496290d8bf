"""An open book beside its closed file, and what a clerk may have done to its sheet."""

from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import xlwings as xw
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from chorus_xl.domain.sheets import CellValue, Changes, Sheets, TableChange
from chorus_xl.workbook.closed import ClosedWorkbook
from chorus_xl.workbook.live import LiveWorkbook

TODAY = date(2026, 11, 23)


def closed(path: Path) -> ClosedWorkbook:
    return ClosedWorkbook(path, backups=None, today=lambda: TODAY)


def assert_same(live: Sheets, file: Sheets) -> None:
    for name in ("invoices", "lines", "budgets"):
        mine, its = getattr(live, name), getattr(file, name)
        assert np.array_equal(mine.rows, its.rows)
        assert mine.frame.map(repr).equals(its.frame.map(repr)), name
    assert live.parameters == file.parameters
    assert live.findings == file.findings


def invoices_sheet(book: xw.Book) -> Worksheet:
    sheet = book.impl.workbook["Factures"]
    assert isinstance(sheet, Worksheet)
    return sheet


def place(sheet: Worksheet, header: str) -> int:
    return [cell.value for cell in sheet[4]].index(header) + 1


def change(column: str, *values: CellValue, rows: tuple[int, ...] = (5, 6, 7, 8)) -> Changes:
    return Changes((TableChange("tblFactures", rows, {column: list(values)}),))


def shown(book: xw.Book, column: str) -> list[object]:
    return list(LiveWorkbook(book).read().invoices.frame[column])


def error_in_a_cell(sheet: Worksheet) -> None:
    sheet["F5"].value = "#N/A"
    sheet["F5"].data_type = "e"


def text_without_a_character(sheet: Worksheet) -> None:
    sheet["A6"].value = ""
    sheet["A6"].data_type = "inlineStr"


def kinds_of_values(sheet: Worksheet) -> None:
    formats = {date: "dd/mm/yyyy", time: "hh:mm"}
    values: tuple[CellValue | time, ...] = (0, True, 1.5, 12345678901234, date(2026, 1, 2), "0012", time(8, 30))
    for cell, value in zip(sheet[7][8:], values, strict=False):
        cell.value = value
        cell.number_format = formats.get(type(value), "General")
    sheet["D8"].value = datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - Excel knows no zone


def blank_line_in_between(sheet: Worksheet) -> None:
    for cell in sheet[6]:
        cell.value = None


def hidden_filtered_and_grouped(sheet: Worksheet) -> None:
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions.group(7, 8, hidden=True)


def typed_below(sheet: Worksheet) -> None:
    sheet["C14"].value = "F-99"
    sheet["H16"].value = 12.5


def columns_in_another_order(sheet: Worksheet) -> None:
    table = sheet.tables["tblFactures"]
    for line in sheet.iter_rows(min_row=4, max_row=8):
        line[0].value, line[2].value = line[2].value, line[0].value
    table.tableColumns[0].name, table.tableColumns[2].name = table.tableColumns[2].name, table.tableColumns[0].name


def a_column_of_the_clerks_own(sheet: Worksheet) -> None:
    table = sheet.tables["tblFactures"]
    last = len(table.tableColumns)
    table.tableColumns.append(TableColumn(id=last + 1, name="Ma note"))
    sheet.cell(4, last + 1).value = "Ma note"
    sheet.cell(5, last + 1).value = "à voir"
    table.ref = f"A4:{get_column_letter(last + 1)}11"
    table.autoFilter.ref = table.ref


def another_sheet_name(sheet: Worksheet) -> None:
    sheet.title = "Novembre"
