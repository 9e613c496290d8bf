"""A new line goes to the first empty one of its table, in a closed file and in an open book alike, and only once."""

from datetime import date
from pathlib import Path

import pytest
import xlwings as xw

from chorus_xl.domain.sheets import CellValue, Changes, NewLine, Sheets, TableChange, Written
from chorus_xl.errors import WorkbookError
from chorus_xl.workbook.live import LiveWorkbook
from tests.ribbon.engine import App
from tests.ribbon.live_books import closed

FREE = (9, 10, 11)  # of a workbook with four invoices and three spare rows


def line(number: str, **cells: CellValue) -> NewLine:
    return NewLine("tblFactures", {"invoice_number": number, "budget": "Grand Belfort – Eau", **cells})


class Either:
    """A workbook as it is written: closed, or open in Excel."""

    def __init__(self, kind: str, path: Path, book: xw.Book) -> None:
        self._port = closed(path) if kind == "closed" else LiveWorkbook(book)

    def read(self) -> Sheets:
        return self._port.read()

    def add(self, *lines: NewLine, sheets: Sheets | None = None) -> Written:
        return self._port.write(sheets or self.read(), Changes(lines=lines))

    def shown(self, attribute: str) -> dict[int, object]:
        table = self.read().invoices
        return dict(zip(table.rows.tolist(), table.cells(attribute), strict=True))


@pytest.fixture(params=["closed", "open"])
def workbook(request: pytest.FixtureRequest, path: Path, book: xw.Book) -> Either:
    return Either(request.param, path, book)


def test_lines_go_to_the_first_empty_ones_in_their_order(workbook: Either) -> None:
    written = workbook.add(line("N-1", issue_date=date(2026, 11, 24), total_with_vat=120.5), line("N-2"))

    assert written.placed == FREE[:2]
    numbers = workbook.shown("invoice_number")
    assert (numbers[9], numbers[10]) == ("N-1", "N-2")
    assert workbook.shown("issue_date")[9] == date(2026, 11, 24)
    assert workbook.shown("total_with_vat")[9] == 120.5
    assert workbook.shown("pdf_file")[9] is None


def test_what_stood_there_before_is_not_touched(workbook: Either) -> None:
    before = workbook.shown("budget")

    workbook.add(line("N-1"))

    after = workbook.shown("budget")
    assert {row: after[row] for row in before} == before
    assert set(after) - set(before) == {9}


def test_a_line_whose_number_stands_already_is_not_written_again(workbook: Either) -> None:
    sheets = workbook.read()
    workbook.add(line("N-1"), sheets=sheets)

    written = workbook.add(line("N-1", comment="autre"), sheets=sheets)

    assert (written.placed, written.cells) == ((9,), 0)
    assert workbook.shown("comment")[9] is None


def test_without_an_empty_line_nothing_is_written_and_it_is_said(workbook: Either) -> None:
    written = workbook.add(*(line(f"N-{place}") for place in range(5)))

    assert written.placed == (*FREE, None, None)


def test_a_line_may_come_with_other_changes(path: Path) -> None:
    workbook = closed(path)
    sheets = workbook.read()
    change = TableChange("tblFactures", [5], {"verdict": ["Prête"]})

    written = workbook.write(sheets, Changes((change,), lines=(line("N-1"),)))

    assert (written.cells, written.placed) == (3, (9,))


def test_a_line_that_excel_refuses_half_way_is_taken_back(book: xw.Book, app: App) -> None:
    workbook = LiveWorkbook(book)
    before = workbook.read().invoices.cells("invoice_number")
    app.trouble_at_write = 2

    with pytest.raises(WorkbookError, match="CX537"):
        workbook.write(workbook.read(), Changes(lines=(line("N-1", comment="x"),)))

    assert workbook.read().invoices.cells("invoice_number") == before
