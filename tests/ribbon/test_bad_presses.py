"""What a clerk can meet at a press: each case has a sentence, leaves the sheet as it was, and sends nothing."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwings as xw

from chorus_xl import bootstrap, ribbon
from chorus_xl.steps import fill, validate
from tests.ribbon.cells import ComError, refused
from tests.ribbon.conftest import Desk
from tests.ribbon.engine import new_book

Button = Callable[[], None]
WORKING = (ribbon.fill, ribbon.validate, ribbon.deposit, ribbon.refresh, ribbon.check_budgets)


def another_workbook_in_front(desk: Desk) -> None:
    new_book(desk.engine)


def never_saved(desk: Desk) -> None:
    desk.book.impl.name = desk.book.impl.fullname = "ChorusInvoices1"


def read_only(desk: Desk) -> None:
    desk.book.impl.ReadOnly = True


def sheet_deleted(desk: Desk) -> None:
    del desk.workbook["Factures"]


def table_converted_to_a_range(desk: Desk) -> None:
    del desk.workbook["Factures"].tables["tblFactures"]


def column_renamed(desk: Desk) -> None:
    desk.workbook["Factures"]["C4"].value = "Numéro de facture"


def not_our_workbook(desk: Desk) -> None:
    del desk.workbook.defined_names["chorus_layout"]


def older_layout(desk: Desk) -> None:
    desk.workbook.defined_names["chorus_layout"].attr_text = "0"


def newer_layout(desk: Desk) -> None:
    desk.workbook.defined_names["chorus_layout"].attr_text = "7"


def cell_in_edit_mode(desk: Desk) -> None:
    desk.excel.trouble = ComError(-2147418111)


def formula_in_a_column_of_the_program(desk: Desk) -> None:
    desk.workbook["Factures"]["R5"].value = "=1+1"


def headers_hidden(desk: Desk) -> None:
    desk.workbook["Factures"].tables["tblFactures"].headerRowCount = 0


CASES: list[tuple[Callable[[Desk], None], str]] = [
    (another_workbook_in_front, "CX530"),
    (never_saved, "CX531"),
    (read_only, "CX532"),
    (sheet_deleted, "CX173"),
    (table_converted_to_a_range, "CX174"),
    (column_renamed, "CX176"),
    (not_our_workbook, "CX170"),
    (older_layout, "CX172"),
    (newer_layout, "CX171"),
    (cell_in_edit_mode, "CX536"),
    (formula_in_a_column_of_the_program, "CX179"),
    (headers_hidden, "CX538"),
]


@pytest.mark.parametrize(("damage", "code"), CASES, ids=[damage.__name__ for damage, _ in CASES])
def test_every_button_says_what_is_wrong_and_touches_nothing(
    desk: Desk, damage: Callable[[Desk], None], code: str
) -> None:
    damage(desk)
    before = desk.everything()

    for button in WORKING:
        assert f"[{code}]" in desk.press(button)

    assert desk.everything() == before
    assert all(buttons == "ok" for _, _, buttons, _ in desk.excel.said), "nothing is asked that cannot be done"
    assert {mode for *_, mode in desk.excel.said} == {"critical"}
    assert not (desk.bench.folder / "home" / "repetition" / "platform.sqlite").exists()


def test_a_protected_sheet_is_told_before_anything_is_asked(desk: Desk) -> None:
    desk.press(ribbon.fill)
    desk.workbook["Factures"].protection.sheet = True
    before = desk.everything()

    assert "[CX537]" in desk.press(ribbon.deposit)

    assert desk.everything() == before
    assert all(buttons == "ok" for _, _, buttons, _ in desk.excel.said)


def test_excel_that_refuses_after_a_deposit_loses_nothing(desk: Desk) -> None:
    desk.press(ribbon.fill)
    before = desk.everything()
    writes_of_the_trial = 1
    desk.excel.trouble_at_write = writes_of_the_trial + 2

    said = desk.press(ribbon.deposit)

    assert "[CX537]" in said
    assert desk.everything() == before
    desk.press(ribbon.refresh)
    assert desk.column("deposit_state") == ["Déposée", "Déposée"]


def sheet_renamed(desk: Desk) -> None:
    desk.workbook["Factures"].title = "Novembre 2026"


def lines_hidden_by_a_filter(desk: Desk) -> None:
    desk.workbook["Factures"].row_dimensions[6].hidden = True


def lines_grouped(desk: Desk) -> None:
    desk.workbook["Factures"].row_dimensions.group(5, 6, hidden=True)


def columns_hidden(desk: Desk) -> None:
    for letter in ("C", "P", "Q"):
        desk.workbook["Factures"].column_dimensions[letter].hidden = True


@pytest.mark.parametrize(
    "manner",
    [sheet_renamed, lines_hidden_by_a_filter, lines_grouped, columns_hidden],
    ids=lambda manner: manner.__name__,
)
def test_what_a_clerk_may_do_to_the_sheet_changes_nothing(desk: Desk, manner: Callable[[Desk], None]) -> None:
    manner(desk)

    for button in (ribbon.fill, ribbon.validate, ribbon.deposit):
        desk.press(button)

    assert desk.column("verdict") == ["Prête", "Prête"]
    assert desk.column("deposit_state") == ["Déposée", "Déposée"]


def test_on_onedrive_without_a_folder_of_pdfs_the_clerk_is_asked_for_one(desk: Desk) -> None:
    desk.book.impl.fullname = "https://contoso.sharepoint.com/sites/compta/ChorusInvoices.xlsm"

    assert "[CX533]" in desk.press(ribbon.validate)


def test_on_onedrive_a_full_path_to_the_pdfs_is_enough(desk: Desk) -> None:
    desk.book.impl.fullname = "https://contoso.sharepoint.com/sites/compta/ChorusInvoices.xlsm"
    sheet = desk.workbook["Paramètres"]
    [line] = [cell.row for cell in sheet["A"] if cell.value == "Dossier des PDF"]
    sheet.cell(line, 2).value = str(desk.bench.folder)

    desk.press(ribbon.fill)
    desk.press(ribbon.validate)

    assert desk.column("verdict") == ["Prête", "Prête"]


def test_where_xlwings_finds_no_local_folder_the_book_is_on_the_web(desk: Desk) -> None:
    class Lost(type(desk.book.impl)):  # type: ignore[misc]  # the engine's own book
        @property
        def fullname(self) -> str:
            raise xw.XlwingsError("Couldn't find the local OneDrive folder.")

    del desk.book.impl.__dict__["fullname"]
    desk.book.impl.__class__ = Lost

    assert "[CX533]" in desk.press(ribbon.validate)


def test_a_broken_environment_names_what_is_missing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "chorus_xl.steps.fill")
    monkeypatch.setitem(sys.modules, "chorus_xl.steps.fill", None)  # how Python marks what cannot be imported
    before = desk.everything()

    said = desk.press(ribbon.fill)

    assert "« chorus_xl.steps.fill »" in said
    assert "[CX543]" in said
    assert desk.everything() == before


def test_a_wrong_setting_is_told_as_on_the_command_line(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHORUS_XL_ENVIRONMENT", "lune")

    assert "[CX503]" in desk.press(ribbon.validate)


def crash(*_: object, **__: object) -> None:
    raise ZeroDivisionError("a bug")


@pytest.mark.parametrize(
    ("button", "module", "name"),
    [
        (ribbon.fill, fill, "fill"),
        (ribbon.validate, validate, "judge"),
        (ribbon.refresh, bootstrap, "live_office"),
    ],
    ids=["in a step", "inside a step", "while furnishing"],
)
def test_a_bug_becomes_a_sentence_and_a_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, button: Button, module: object, name: str, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(module, name, crash)
    before = desk.everything()

    said = desk.press(button)

    assert "[CX901]" in said
    assert "ZeroDivisionError" in said
    assert "Traceback" not in said
    [file] = tmp_path.glob("chorus-xl-*.txt")
    assert str(file) in said
    assert desk.everything() == before


def test_a_sheet_of_help_that_is_gone_is_told(desk: Desk) -> None:
    del desk.workbook["Aide"]

    assert "[CX540]" in desk.press(ribbon.show_help)


def test_the_diagnosis_of_a_broken_workbook_says_what_is_broken(desk: Desk) -> None:
    column_renamed(desk)

    assert "[CX176]" in desk.press(ribbon.diagnose)


def test_excel_that_refuses_its_own_status_bar_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[object] = []

    def refuse(_app: object, words: object) -> None:
        said.append(words)
        raise refused()

    monkeypatch.setattr(type(desk.excel), "status_bar", property(lambda _: False, refuse))

    assert "[CX537]" in desk.press(ribbon.validate)
    assert said[-1] is False
