"""What stands on the sheets, as a second reader (openpyxl) and the fast one (python-calamine) see it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from python_calamine import CalamineWorkbook

from chorus_xl.build import Content, build_workbook
from chorus_xl.build.conf import CONF_SHEET
from chorus_xl.build.sheets import CODE_NAMES
from chorus_xl.domain.columns import (
    BUDGETS,
    DUES,
    INVOICES,
    LAYOUT,
    LAYOUT_NAME,
    LINES,
    PRESS,
    PRESS_ITEMS,
    TABLES,
    Column,
    Kind,
    TableSpec,
    Writer,
)
from chorus_xl.domain.parameters import PARAMETERS
from tests.build.recalculated import Opened

HEADER, FIRST, LAST = 4, 5, 50_004
ON_HOME = (PRESS, DUES)
HEADERS = {"tblJournal": "A10", "tblPression": "I19", "tblEcheances": "A57"}
"""Of the tables that do not start right under their sheet's title."""

NAMES = {
    LAYOUT_NAME,
    "lstBudgets",
    "lstTauxTVA",
    "lstStatuts",
    "lstStatutsFamilles",
    "chorus_environment",
    "chorus_last_environment",
}
COLUMNS = [(spec, number, column) for spec in TABLES for number, column in enumerate(spec.columns, start=1)]
RULED = [
    (spec, number, column)
    for spec, number, column in COLUMNS
    if column.help or column.writer is not Writer.CLERK or column.kind in (Kind.DATE, Kind.MONEY, Kind.QUANTITY)
]


def named(columns: list[tuple[TableSpec, int, Column]]) -> list[str]:
    return [f"{spec.name}-{column.attribute}" for spec, _, column in columns]


def first_cell(book: Opened, spec: TableSpec, number: int) -> Opened:
    """The cell under the header of the table's n-th column, counted from 1."""
    left, top, _, _ = (edge or 0 for edge in range_boundaries(book[spec.sheet].tables[spec.name].ref))
    return book[spec.sheet].cell(top + 1, left + number - 1)


def rule_of(book: Opened, spec: TableSpec, number: int) -> Opened:
    cell = first_cell(book, spec, number)
    found = [rule for rule in book[spec.sheet].data_validations.dataValidation if cell.coordinate in rule.sqref]
    assert len(found) == 1, cell
    if spec not in ON_HOME:  # what is typed there, or written line after line, goes far down
        assert str(found[0].sqref) == f"{cell.coordinate}:{cell.column_letter}{LAST}"
    return found[0]


def shown(book: Opened) -> list[Opened]:
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]


def test_sheets_stand_in_the_order_of_the_design(book: Opened) -> None:
    assert [sheet.title for sheet in shown(book)] == [
        *("Accueil", "Factures", "Lignes", "Budgets", "Journal", "Paramètres", "Aide")
    ]


def test_the_settings_of_the_macros_come_last_and_out_of_sight(book: Opened) -> None:
    assert book.sheetnames[-1] == CONF_SHEET
    assert book[CONF_SHEET].sheet_state == "veryHidden"


def test_code_names_are_those_of_the_macros(book: Opened) -> None:
    assert list(CODE_NAMES.values()) == [sheet.sheet_properties.codeName for sheet in book.worksheets]
    assert book.code_name == "ThisWorkbook"


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_each_table_has_its_declared_columns_under_its_title(book: Opened, spec: TableSpec) -> None:
    sheet = book[spec.sheet]
    table = sheet.tables[spec.name]

    assert [column.header for column in spec.columns] == table.column_names
    assert table.ref.startswith(HEADERS.get(spec.name, f"A{HEADER}") + ":")
    assert table.autoFilter is not None
    assert sheet["A1"].value
    assert sheet["A2"].value
    if spec not in ON_HOME:
        assert int(sheet.freeze_panes[1:]) == first_cell(book, spec, 1).row


def test_nothing_stands_below_the_table_that_grows_on_the_home_sheet(book: Opened) -> None:
    sheet = book["Accueil"]
    below = [cell for line in sheet.iter_rows(min_row=first_cell(book, DUES, 1).row) for cell in line]

    assert [cell.coordinate for cell in below if cell.value is not None] == []


def test_calamine_reads_every_table(fresh: Path) -> None:
    book: Opened = CalamineWorkbook.from_path(str(fresh), load_tables=True)

    assert {spec.name for spec in TABLES} | {"tblListes"} == set(book.table_names)
    for spec in TABLES:
        assert [column.header for column in spec.columns] == book.get_table_by_name(spec.name).columns


def test_invoices_freeze_right_of_the_number(book: Opened) -> None:
    assert book["Factures"].freeze_panes == "D5"


def test_names_are_defined(book: Opened) -> None:
    assert set(book.defined_names) >= NAMES
    assert book.defined_names[LAYOUT_NAME].attr_text == str(LAYOUT)
    assert book.defined_names["lstBudgets"].attr_text == "tblBudgets[Libellé]"


def test_no_cell_is_merged_and_no_sheet_protected(book: Opened) -> None:
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges, sheet.title
        assert not sheet.protection.sheet, sheet.title


def test_every_sheet_prints_one_page_wide_with_its_name_and_page_numbers(book: Opened) -> None:
    for sheet in shown(book):
        assert sheet.page_setup.orientation == "landscape", sheet.title
        assert sheet.page_setup.fitToWidth in (None, 1), sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        assert "&A" in sheet.oddHeader.left.text, sheet.title
        assert "&N" in sheet.oddFooter.right.text, sheet.title
    for spec in (spec for spec in TABLES if spec not in ON_HOME):
        header = first_cell(book, spec, 1).row - 1
        assert book[spec.sheet].print_title_rows == f"${header}:${header}"


@pytest.mark.parametrize(("spec", "number", "column"), RULED, ids=named(RULED))
def test_program_columns_refuse_typing_and_clerk_columns_help(
    book: Opened, spec: TableSpec, number: int, column: Column
) -> None:
    rule = rule_of(book, spec, number)
    if column.writer is not Writer.CLERK:
        assert (rule.type, rule.formula1, rule.errorStyle) == ("custom", "FALSE", None)
    assert (rule.prompt or "") == column.help


@pytest.mark.parametrize(
    ("spec", "attribute", "source"),
    [
        (INVOICES, "budget", "lstBudgets"),
        (INVOICES, "contract_scope", '"Sur marché,Hors marché"'),
        (INVOICES, "invoice_type", '"Facture,Avoir"'),
        (INVOICES, "vat_rate", "lstTauxTVA"),
        (LINES, "vat_rate", "lstTauxTVA"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_dropdowns_offer_their_list(book: Opened, spec: TableSpec, attribute: str, source: str) -> None:
    rule = rule_of(book, spec, spec.columns.index(spec.column(attribute)) + 1)

    assert (rule.type, rule.formula1) == ("list", source)


def test_parameters_with_choices_have_a_dropdown(book: Opened) -> None:
    rules = {str(rule.sqref): rule for rule in book["Paramètres"].data_validations.dataValidation}
    for row, parameter in enumerate(PARAMETERS, start=FIRST):
        assert book["Paramètres"].cell(row, 1).value == parameter.name
        if parameter.choices:
            assert rules[f"B{row}"].formula1 == f'"{",".join(parameter.choices)}"'


def test_rates_are_numbers_shown_as_percentages(book: Opened) -> None:
    cells = [book["Paramètres"].cell(row, 5) for row in range(FIRST, FIRST + 11)]

    assert [cell.value for cell in cells] == [0.2, 0.1, 0.055, 0.021, 0, 0.085, 0.0175, 0.0105, 0.13, 0.009, "Multiple"]
    assert [cell.number_format for cell in cells[:3]] == ["0\\ %", "0\\ %", "0.0##\\ %"]


@pytest.mark.parametrize(("spec", "number", "column"), COLUMNS, ids=named(COLUMNS))
def test_cells_are_formatted_by_kind(book: Opened, spec: TableSpec, number: int, column: Column) -> None:
    expected = {
        Kind.CODE: "@",
        Kind.TEXT: "@",
        Kind.DATE: "dd/mm/yyyy",
        Kind.MOMENT: "dd/mm/yyyy hh:mm",
        Kind.MONEY: "#,##0.00",
        Kind.DAYS: "0",
        Kind.QUANTITY: "#,##0.####",
        Kind.RATE: "0.0##\\ %",
        Kind.CHOICE: "General",
    }

    assert expected[column.kind] == first_cell(book, spec, number).number_format


def test_spare_rows_hold_formats_and_nothing_else(book: Opened) -> None:
    sheet = book["Factures"]

    assert sheet.tables["tblFactures"].ref == "A4:Z204"
    assert {None} == {cell.value for row in sheet["A5:Z204"] for cell in row}
    assert sheet["C204"].number_format == "@"


def test_content_is_written_by_its_own_type(tmp_path: Path) -> None:
    row = {
        "budget": "Grand Belfort – Eau",
        "invoice_number": "=1+1",
        "issue_date": date(2026, 11, 2),
        "total_with_vat": Decimal("1234.56"),
        "vat_rate": Decimal("0.055"),
        "comment": "https://example.org",
    }
    build_workbook(tmp_path / "c.xlsm", Content([row], parameters={"pdf_folder": "PDF"}, spare_rows=3))
    book: Opened = load_workbook(tmp_path / "c.xlsm")
    sheet = book["Factures"]

    assert (sheet["C5"].data_type, sheet["C5"].value, sheet["C5"].number_format) == ("s", "=1+1", "@")
    assert (date(2026, 11, 2), 1234.56, 0.055) == (sheet["D5"].value.date(), sheet["I5"].value, sheet["G5"].value)
    assert (sheet["O5"].hyperlink, sheet["O5"].value) == (None, "https://example.org")
    assert sheet.tables["tblFactures"].ref == "A4:Z8"
    assert book["Paramètres"]["B8"].value == "PDF"


def test_a_value_that_no_cell_can_hold_is_our_bug(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="list"):
        build_workbook(tmp_path / "c.xlsm", Content([{"comment": []}]))


def test_misprinted_sirets_stand_as_printed_with_their_candidate(book: Opened) -> None:
    remarks = {row[3].value: row[11].value for row in book["Budgets"]["A5:L12"]}

    assert "21900010600175" in remarks["20006905200175"]
    assert "21900010600720" in remarks["20006905200720"]
    assert [remark for siret, remark in remarks.items() if siret[:9] != "200069052" or siret[-3:] < "100"] == [None] * 6


def test_each_shipped_budget_has_the_delay_of_local_authorities(book: Opened) -> None:
    rule = rule_of(book, BUDGETS, BUDGETS.columns.index(BUDGETS.column("payment_days")) + 1)

    assert [row[0].value for row in book["Budgets"]["G5:G12"]] == [30] * 8
    assert (rule.formula1, rule.errorStyle) == ('"30,50,60"', "warning")


def test_the_last_press_has_its_lines_before_any(book: Opened) -> None:
    assert [row[0].value for row in book["Accueil"]["I20:I25"]] == list(PRESS_ITEMS)
