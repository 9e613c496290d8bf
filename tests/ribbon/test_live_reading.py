"""An open book reads as the closed file does, and is refused where the file is refused."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
import xlwings as xw
from openpyxl.worksheet.worksheet import Worksheet

from chorus_xl.build.sample import sample_month, write_sample
from chorus_xl.domain.sheets import BadCell, Changes, TableReplacement
from chorus_xl.errors import WorkbookError
from chorus_xl.workbook import excel
from chorus_xl.workbook.live import LiveWorkbook
from tests.ribbon.cells import ComError
from tests.ribbon.engine import App, Engine, load_with_macros, open_book
from tests.ribbon.live_books import (
    TODAY,
    a_column_of_the_clerks_own,
    another_sheet_name,
    assert_same,
    blank_line_in_between,
    closed,
    columns_in_another_order,
    error_in_a_cell,
    hidden_filtered_and_grouped,
    invoices_sheet,
    kinds_of_values,
    place,
    text_without_a_character,
    typed_below,
)


@pytest.mark.parametrize(
    "damage",
    [
        error_in_a_cell,
        text_without_a_character,
        kinds_of_values,
        blank_line_in_between,
        hidden_filtered_and_grouped,
        typed_below,
        columns_in_another_order,
        a_column_of_the_clerks_own,
        another_sheet_name,
    ],
    ids=lambda damage: damage.__name__,
)
def test_the_open_book_reads_as_the_closed_file(
    path: Path, engine: Engine, damage: Callable[[Worksheet], None]
) -> None:
    workbook = load_with_macros(path)
    damage(workbook["Factures"])
    workbook.save(path)

    assert_same(LiveWorkbook(open_book(engine, path)).read(), closed(path).read())


def test_a_sample_month_reads_the_same(path: Path, engine: Engine) -> None:
    write_sample(path, sample_month(60, TODAY))

    assert_same(LiveWorkbook(open_book(engine, path)).read(), closed(path).read())


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (None, None),
        ("", ""),
        (-2146826246, BadCell("#N/A")),
        (-2146826238, BadCell("#CALC!")),
        (Decimal("12.5"), 12.5),
        (3, 3.0),
        (True, True),
        (datetime(2026, 1, 2), date(2026, 1, 2)),  # noqa: DTZ001 - Excel knows no zone
        (datetime(1899, 12, 30, 8, 30), time(8, 30)),  # noqa: DTZ001
        (object, None),
    ],
    ids=repr,
)
def test_what_excel_hands_over_is_told_as_the_closed_reader_tells_it(raw: object, told: object) -> None:
    assert repr(excel._told(raw)) == repr(told)


@pytest.mark.parametrize(
    ("raw", "lines"),
    [("a", [["a"]]), (["a", "b"], [["a", "b"]]), ((("a",), ("b",)), [["a"], ["b"]])],
    ids=["one cell, bare", "one line, flat", "lines"],
)
def test_a_block_comes_in_three_shapes(raw: object, lines: object) -> None:
    assert excel._lines(raw) == lines


def test_on_a_mac_an_empty_text_is_a_blank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "_EMPTY_TEXT_IS_BLANK", True)

    assert excel._told("") is None


def no_sheet(book: xw.Book) -> None:
    del book.impl.workbook["Factures"]


def no_table(book: xw.Book) -> None:
    del invoices_sheet(book).tables["tblFactures"]


def no_column(book: xw.Book) -> None:
    sheet = invoices_sheet(book)
    sheet.cell(4, place(sheet, "Contrôle")).value = "Mon contrôle"


def two_columns(book: xw.Book) -> None:
    a_column_of_the_clerks_own(invoices_sheet(book))
    invoices_sheet(book).cell(4, 27).value = "CONTRÔLE"


def no_headers(book: xw.Book) -> None:
    invoices_sheet(book).tables["tblFactures"].headerRowCount = 0


def no_layout(book: xw.Book) -> None:
    del book.impl.workbook.defined_names["chorus_layout"]


def newer_layout(book: xw.Book) -> None:
    book.impl.workbook.defined_names["chorus_layout"].attr_text = "99"


def older_layout(book: xw.Book) -> None:
    book.impl.workbook.defined_names["chorus_layout"].attr_text = "0"


def a_formula_in_the_way(book: xw.Book) -> None:
    invoices_sheet(book)["R6"].value = '=IF(A6="","","Prête")'


def a_cell_far_below(book: xw.Book) -> None:
    invoices_sheet(book)["A1048576"].value = 1


def the_same_parameter_twice(book: xw.Book) -> None:
    sheet = book.impl.workbook["Paramètres"]
    sheet["A6"].value, sheet["B6"].value = sheet["A5"].value, "autre chose"


REFUSALS = [
    (no_sheet, "CX173"),
    (no_table, "CX174"),
    (no_column, "CX176"),
    (two_columns, "CX178"),
    (no_headers, "CX538"),
    (no_layout, "CX170"),
    (newer_layout, "CX171"),
    (older_layout, "CX172"),
    (a_formula_in_the_way, "CX179"),
    (a_cell_far_below, "CX180"),
    (the_same_parameter_twice, "CX182"),
]


@pytest.mark.parametrize(("damage", "code"), REFUSALS, ids=[damage.__name__ for damage, _ in REFUSALS])
def test_a_book_that_cannot_be_worked_on_is_refused_with_its_code(
    book: xw.Book, damage: Callable[[xw.Book], None], code: str
) -> None:
    damage(book)

    with pytest.raises(WorkbookError) as raised:
        LiveWorkbook(book).read()

    assert raised.value.code == code


class ExcelBusyError(Exception):
    """As xlwings names it."""


class CommandError(Exception):
    """As appscript names it."""


TROUBLES = [
    (ComError(-2147418111), "CX536"),
    (ComError(-2147417846), "CX536"),
    (ComError(-2147352567, -2146777998), "CX536"),
    (ExcelBusyError(), "CX536"),
    (ComError(-2147352567, -2146827284), "CX537"),
    (ComError(-2146827284), "CX537"),
    (CommandError(), "CX537"),
]


@pytest.mark.parametrize(("trouble", "code"), TROUBLES, ids=[repr(trouble) for trouble, _ in TROUBLES])
def test_what_excel_says_becomes_a_code(book: xw.Book, app: App, trouble: Exception, code: str) -> None:
    app.trouble = trouble

    with pytest.raises(WorkbookError) as raised:
        LiveWorkbook(book).read()

    assert raised.value.code == code


def test_what_excel_never_said_passes(book: xw.Book, app: App) -> None:
    app.trouble = ComError(-2147467259)  # E_FAIL

    with pytest.raises(ComError):
        LiveWorkbook(book).read()


def test_a_book_of_the_first_layout_is_read_and_written_without_what_came_later(book: xw.Book) -> None:
    workbook = book.impl.workbook
    workbook.defined_names["chorus_layout"].attr_text = "1"
    for name in ("tblPression", "tblEcheances"):
        del workbook["Accueil"].tables[name]
    for cell in (*workbook["Budgets"][4], *workbook["Journal"][10]):
        if cell.value in {"Délai de paiement (jours)", "Changement", "Statut précédent", "Montant TTC"}:
            cell.value = f"Mon {cell.value}"
    live = LiveWorkbook(book)

    sheets = live.read()
    lines = {"event": ["Statut"], "change": ["Payée"], "hash": ["0" * 64]}
    replacements = (TableReplacement("tblJournal", lines), TableReplacement("tblPression", {"item": ["Le"]}))
    live.write(sheets, Changes(replacements=replacements))

    assert [finding.code for finding in sheets.findings] == ["CX443"]
    assert set(sheets.budgets.cells("payment_days")) == {None}
    assert [workbook["Journal"][cell].value for cell in ("C11", "D11", "L11")] == [None, "Statut", "0" * 64]
