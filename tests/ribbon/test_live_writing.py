"""An open book is written as the closed file is: a column in one go, all or nothing."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

from chorus_xl.domain.columns import PRESS_ITEMS
from chorus_xl.domain.sheets import Changes, TableChange, TableReplacement
from chorus_xl.errors import WorkbookError
from chorus_xl.workbook.live import LiveWorkbook
from tests.ribbon.engine import App, sort_rows
from tests.ribbon.live_books import (
    TODAY,
    assert_same,
    blank_line_in_between,
    change,
    closed,
    hidden_filtered_and_grouped,
    invoices_sheet,
    place,
    shown,
)

CHANGES = Changes(
    (
        TableChange(
            "tblFactures",
            (5, 6, 7, 8),
            {
                "verdict": ["Prête", "À corriger", None, "Prête"],
                "findings": ["une\nphrase", None, "=1+1", "@ici"],
                "deposited_on": [TODAY, None, date(2026, 2, 28), None],
                "chorus_reference": ["0012", "12", "-3", "+4"],
                "status_since": [None, datetime(2026, 11, 23, 8, 30, 15), None, None],  # noqa: DTZ001
                "reason": ["2/3", "VRAI", "1E5", "mai 2026"],
            },
        ),
        TableChange("tblBudgets", (5,), {"remark": ["x" * 300], "checked_on": [TODAY]}),
    ),
    (
        TableReplacement(
            "tblJournal",
            {"at": [datetime(2026, 11, 23, 9, 0)] * 12, "event": ["Intention"] * 12, "hash": ["0" * 64] * 12},  # noqa: DTZ001
        ),
        TableReplacement(
            "tblPression", {"item": list(PRESS_ITEMS), "value": ["Actualiser", "=1", "0012", None, "1/2", "f" * 64]}
        ),
        TableReplacement(
            "tblEcheances",
            {
                "budget": ["Eau"] * 70,
                "invoice_number": ["0012"] * 70,
                "due_on": [TODAY] * 70,
                "days_late": [7, None] * 35,
                "interest": [12.34, None] * 35,
                "rate": [0.1015, None] * 35,
                "remark": [None, "due dans 2 jours"] * 35,
            },
        ),
    ),
)


def as_read(cell: openpyxl.cell.cell.Cell) -> tuple[object, str | None]:
    """A cell's value, and how it is shown when there is one."""
    return cell.value, cell.number_format if cell.value is not None else None


def test_the_same_changes_give_the_same_cells(path: Path, book: xw.Book) -> None:
    live, file = LiveWorkbook(book), closed(path)
    mine = live.write(live.read(), CHANGES)
    its = file.write(file.read(), CHANGES)

    assert mine.moved == its.moved == ()
    assert mine.cells > 0
    assert_same(live.read(), file.read())
    written = openpyxl.load_workbook(path)["Journal"]
    journal = book.impl.workbook["Journal"]
    assert journal.tables["tblJournal"].ref == written.tables["tblJournal"].ref == "A10:L22"
    assert [[cell.value for cell in line] for line in journal["A11:L22"]] == [
        [cell.value for cell in line] for line in written["A11:L22"]
    ]
    home, its_home = book.impl.workbook["Accueil"], openpyxl.load_workbook(path)["Accueil"]
    ends = {"tblPression": "I19:J25", "tblEcheances": "A57:J127"}
    for sheet in (home, its_home):
        assert {name: sheet.tables[name].ref for name in ends} == ends
    for cells in ("I20:J25", "A58:J127"):
        told, expected = ([[as_read(cell) for cell in line] for line in sheet[cells]] for sheet in (home, its_home))
        assert told == expected


def test_what_holds_its_value_already_is_not_written_again(book: xw.Book, app: App) -> None:
    live = LiveWorkbook(book)
    live.write(live.read(), CHANGES)
    app.writes.clear()

    assert live.write(live.read(), CHANGES).cells == 0
    assert app.writes == []


def test_a_column_is_written_in_one_go(book: xw.Book, app: App) -> None:
    live = LiveWorkbook(book)

    live.write(live.read(), change("verdict", *["Prête"] * 4))

    assert app.writes == ["R5:R8"]


def test_the_clerks_blank_line_in_between_stays_untouched(book: xw.Book, app: App) -> None:
    blank_line_in_between(invoices_sheet(book))
    live = LiveWorkbook(book)

    live.write(live.read(), change("verdict", "a", "b", "c", rows=(5, 7, 8)))

    assert app.writes == ["R5", "R7:R8"]


def test_text_stays_text_even_where_the_clerk_changed_the_format(book: xw.Book) -> None:
    sheet = invoices_sheet(book)
    for line in range(5, 9):
        sheet.cell(line, place(sheet, "Référence Chorus")).number_format = "General"
    live = LiveWorkbook(book)

    live.write(live.read(), change("chorus_reference", "0012", "=1", "-3", "@x"))

    assert shown(book, "chorus_reference") == ["0012", "=1", "-3", "@x"]


def test_a_date_goes_into_a_text_cell_as_a_date(book: xw.Book) -> None:
    sheet = invoices_sheet(book)
    cell = sheet.cell(5, place(sheet, "Déposée le"))
    cell.number_format = "@"
    live = LiveWorkbook(book)

    live.write(live.read(), change("deposited_on", TODAY, rows=(5,)))

    assert cell.number_format == "dd/mm/yyyy"
    assert shown(book, "deposited_on")[0] == TODAY


def test_lines_that_a_filter_hides_are_written_too(book: xw.Book) -> None:
    hidden_filtered_and_grouped(invoices_sheet(book))
    live = LiveWorkbook(book)

    live.write(live.read(), change("verdict", "a", "b", "c", "d"))

    assert shown(book, "verdict") == ["a", "b", "c", "d"]
    assert invoices_sheet(book).row_dimensions[6].hidden


def test_rows_that_moved_since_reading_are_found_again(book: xw.Book) -> None:
    live = LiveWorkbook(book)
    sheets = live.read()
    sort_rows(invoices_sheet(book), 5, [3, 2, 1, 0])

    written = live.write(sheets, change("verdict", "1", "2", "3", "4"))

    assert written.moved == ()
    assert dict(zip(shown(book, "invoice_number"), shown(book, "verdict"), strict=True)) == {
        "F-1": "1",
        "F-2": "2",
        "F-3": "3",
        "F-4": "4",
    }


def test_a_row_that_is_gone_is_told_and_not_guessed(book: xw.Book) -> None:
    live = LiveWorkbook(book)
    sheets = live.read()
    sheet = invoices_sheet(book)
    sheet.cell(6, place(sheet, "N° facture")).value = "AUTRE"

    written = live.write(sheets, change("verdict", "1", "2", "3", "4"))

    assert written.moved == (6,)
    assert shown(book, "verdict") == ["1", None, "3", "4"]


@pytest.mark.parametrize("at", range(1, 12))
def test_a_refusal_half_way_leaves_the_sheet_as_it_was(book: xw.Book, app: App, at: int) -> None:
    live = LiveWorkbook(book)
    sheets = live.read()
    before = sheets.invoices.frame.map(repr)
    app.trouble_at_write = at

    with pytest.raises(WorkbookError) as raised:
        live.write(sheets, CHANGES)

    assert raised.value.code == "CX537"
    after = live.read()
    assert after.invoices.frame.map(repr).equals(before)
    assert after.budgets.frame.map(repr).equals(sheets.budgets.frame.map(repr))
    assert book.impl.workbook["Journal"].tables["tblJournal"].ref == "A10:L13"
    assert app.screen_updating is True


def test_the_journal_shrinks_with_its_rows_and_loses_a_line_of_totals(book: xw.Book) -> None:
    live = LiveWorkbook(book)
    live.write(live.read(), CHANGES)
    sheet = book.impl.workbook["Journal"]
    table = sheet.tables["tblJournal"]
    table.ref, table.totalsRowCount = "A10:L23", 1
    sheet["A23"].value = "Total"
    one = TableReplacement("tblJournal", {"event": ["Statut"]})

    live.write(live.read(), Changes(replacements=(one,)))

    assert table.ref == "A10:L11"
    assert [cell.value for cell in sheet["D"][10:23]] == ["Statut", *[None] * 12]
    assert [cell.value for cell in sheet["A"][10:23]] == [None] * 13


def test_an_empty_journal_keeps_one_blank_row(book: xw.Book) -> None:
    live = LiveWorkbook(book)
    live.write(live.read(), CHANGES)

    live.write(live.read(), Changes(replacements=(TableReplacement("tblJournal", {"event": []}),)))

    assert book.impl.workbook["Journal"].tables["tblJournal"].ref == "A10:L11"


def test_a_value_that_excel_does_not_keep_is_an_error(book: xw.Book, monkeypatch: pytest.MonkeyPatch) -> None:
    live = LiveWorkbook(book)
    sheets = live.read()
    monkeypatch.setattr("tests.ribbon.cells.take", lambda *_: None)

    with pytest.raises(WorkbookError) as raised:
        live.write(sheets, change("verdict", "a", "b", "c", "d"))

    assert (raised.value.code, raised.value.params) == ("CX539", {"cell": "R5"})


def test_writability_is_tried_on_a_cell_and_leaves_it_as_it_was(book: xw.Book, app: App) -> None:
    live = LiveWorkbook(book)
    before = shown(book, "verdict")

    live.ensure_writable()

    assert app.writes == ["R5"]
    assert shown(book, "verdict") == before


def test_a_protected_sheet_is_found_out_before_anything_leaves(book: xw.Book) -> None:
    invoices_sheet(book).protection.sheet = True

    with pytest.raises(WorkbookError) as raised:
        LiveWorkbook(book).ensure_writable()

    assert raised.value.code == "CX537"


def test_a_read_only_book_is_no_place_to_write(book: xw.Book) -> None:
    book.impl.ReadOnly = True

    with pytest.raises(WorkbookError) as raised:
        LiveWorkbook(book).ensure_writable()

    assert raised.value.code == "CX532"
