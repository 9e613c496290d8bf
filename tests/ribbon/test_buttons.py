"""Each button from the caller to the cells: xlwings' own objects, the real steps, journal and stand-in."""

import functools
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import xlwings as xw

from chorus_xl import bootstrap, ribbon, steps
from chorus_xl.build.sample import sample_month, write_sample
from chorus_xl.domain.columns import INVOICES, JOURNAL, Writer
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.sheets import Written
from chorus_xl.errors import PlatformError
from chorus_xl.settings import load
from chorus_xl.steps.office import Plan, Report, RowReport
from chorus_xl.workbook.closed import ClosedWorkbook
from chorus_xl.workbook.live import LiveWorkbook
from tests.bench import EAU, START
from tests.ribbon.conftest import Desk
from tests.ribbon.engine import Engine, boundaries, open_book, sort_rows


def clerks_cells(desk: Desk) -> list[list[object]]:
    return [desk.column(column.attribute) for column in INVOICES.written_by(Writer.CLERK)]


def test_remplir_fills_the_columns_of_each_row(desk: Desk) -> None:
    said = desk.press(ribbon.fill)

    assert desk.column("recipient_siret") == [EAU, EAU]
    assert "Remplir : 2 lignes, 2 complétées" in said


def test_controler_judges_each_row(desk: Desk) -> None:
    desk.press(ribbon.fill)
    desk.cell("pdf_file", 1).value = "perdu.pdf"

    said = desk.press(ribbon.validate)

    assert desk.column("verdict") == ["Prête", "À corriger"]
    assert "perdu.pdf" in str(desk.column("findings")[1])
    assert "perdu.pdf" in said
    assert "« Anomalies »" in said


def test_deposer_asks_with_count_sum_and_environment_then_deposits(desk: Desk) -> None:
    desk.press(ribbon.fill)
    before = clerks_cells(desk)

    said = desk.press(ribbon.deposit)

    question, title, buttons, _ = desk.excel.said[-2]
    assert "RÉPÉTITION : 2 factures" in question
    assert "360,00 €" in question
    assert (title, buttons) == ("Chorus Pro – RÉPÉTITION", "ok_cancel")
    assert desk.column("deposit_state") == ["Déposée", "Déposée"]
    assert all(str(reference).isdecimal() for reference in desk.column("chorus_reference"))
    assert desk.column("deposited_on") == [date(2026, 11, 23)] * 2
    assert "2 déposées (Répétition)" in said
    assert clerks_cells(desk) == before


def test_a_deposit_that_is_cancelled_sends_nothing_and_says_so(desk: Desk) -> None:
    desk.press(ribbon.fill)
    desk.excel.answers = ["cancel"]

    said = desk.press(ribbon.deposit)

    assert desk.column("deposit_state") == ["À déposer", "À déposer"]
    assert "[CX535]" in said
    assert "--yes" not in said


def test_actualiser_shows_the_status_and_rewrites_the_journal_table(desk: Desk) -> None:
    desk.press(ribbon.fill)
    desk.press(ribbon.deposit)

    desk.press(ribbon.refresh)

    assert all(desk.column("chorus_status"))
    assert isinstance(desk.column("status_since")[0], datetime)
    table = desk.workbook["Journal"].tables[JOURNAL.name]
    _, top, _, last = boundaries(table.ref)
    lines = [desk.cell("event", line, JOURNAL.name).value for line in range(last - top)]
    assert "Dépôt accepté" in lines
    numbers = {desk.cell("invoice_number", line, JOURNAL.name).value for line in range(last - top)}
    assert numbers == {"F-1", "F-2"}
    assert desk.workbook["Journal"].cell(last, 1).value is not None
    assert desk.workbook["Journal"].cell(last + 1, 1).value is None


def test_verifier_les_budgets_writes_what_the_directory_says(desk: Desk) -> None:
    said = desk.press(ribbon.check_budgets)

    line = [desk.cell("label", place, "tblBudgets").value for place in range(12)].index("Grand Belfort – Eau")
    checked = desk.cell("checked_on", line, "tblBudgets").value
    assert isinstance(checked, datetime)
    assert checked.date() == date(2026, 11, 23)
    assert desk.cell("service_required", line, "tblBudgets").value in ("Oui", "Non")
    assert "Vérifier les budgets" in said


def test_diagnostic_says_what_the_program_rests_on(desk: Desk) -> None:
    assert "0.37.8" in desk.press(ribbon.diagnose)


def test_dossier_de_preuve_makes_a_dated_folder_beside_the_workbook_and_says_where(desk: Desk) -> None:
    desk.press(ribbon.fill)
    desk.press(ribbon.deposit)
    before = desk.everything()

    said = desk.press(ribbon.prove)

    place = desk.bench.folder / "Preuve-2026-11-23"
    assert f"Dossier de preuve : {place}" in said
    assert "2 factures prouvées, 2 acceptées, 2 fichiers joints" in said
    assert (place / "00-Couverture.pdf").is_file()
    assert desk.everything() == before

    assert str(place) + "-2" in desk.press(ribbon.prove)


def test_dossier_de_preuve_with_nothing_deposited_says_so_and_leaves_nothing(desk: Desk) -> None:
    desk.press(ribbon.fill)

    said = desk.press(ribbon.prove)

    assert "[CX653]" in said
    assert list(desk.bench.folder.glob("Preuve*")) == []


def test_aide_turns_to_its_sheet_without_a_word(desk: Desk) -> None:
    assert desk.press(ribbon.show_help) == ""
    assert desk.workbook.active is desk.workbook["Aide"]


def test_rows_may_be_sorted_between_two_presses(desk: Desk) -> None:
    desk.press(ribbon.fill)
    desk.press(ribbon.deposit)
    first = dict(zip(desk.column("invoice_number"), desk.column("chorus_reference"), strict=True))
    sort_rows(desk.workbook["Factures"], 5, [1, 0])
    for line in range(2):
        desk.cell("chorus_reference", line).value = None

    desk.press(ribbon.refresh)

    assert desk.column("invoice_number") == ["F-2", "F-1"]
    assert dict(zip(desk.column("invoice_number"), desk.column("chorus_reference"), strict=True)) == first


def test_a_second_press_deposits_nothing_again(desk: Desk) -> None:
    desk.press(ribbon.fill)
    desk.press(ribbon.deposit)
    references = desk.column("chorus_reference")
    asked = len(desk.excel.said)

    desk.press(ribbon.deposit)

    assert len(desk.excel.said) == asked + 1  # no question, one report
    assert desk.column("chorus_reference") == references


def test_a_copy_of_the_workbook_deposits_nothing_again(desk: Desk) -> None:
    copy = desk.open_copy()
    desk.turn_to(desk.book)
    desk.excel.books.front = 0
    desk.press(ribbon.fill)
    desk.press(ribbon.deposit)
    references = desk.column("chorus_reference")
    desk.turn_to(copy)
    desk.excel.books.front = 1
    asked = len(desk.excel.said)
    desk.book = copy

    desk.press(ribbon.deposit)

    assert len(desk.excel.said) == asked + 1
    assert desk.column("chorus_reference") == references


def test_two_workbooks_open_and_only_the_one_in_front_is_written(desk: Desk) -> None:
    before = desk.everything()
    other = desk.open_copy()
    desk.press(ribbon.fill)

    assert desk.everything() == before
    desk.book = other
    assert desk.column("recipient_siret") == [EAU, EAU]


def test_the_status_bar_tells_the_progress(desk: Desk) -> None:
    desk.press(ribbon.validate)

    assert "Chorus Pro – Lecture des PDF : 2 sur 2" in desk.excel.bar


def test_the_status_bar_tells_the_time_that_is_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    start = bootstrap.now()
    press = ribbon._Press(desk.book)
    for done in (1, 2, 3):
        monkeypatch.setattr(bootstrap, "now", lambda: start + timedelta(seconds=30 * done))  # noqa: B023 - called at once
        press.progress(done, 5, "Dépôt")

    assert desk.excel.bar == [
        "Chorus Pro – Dépôt : 1 sur 5",
        "Chorus Pro – Dépôt : 2 sur 5 – encore environ 90 s",
        "Chorus Pro – Dépôt : 3 sur 5 – encore environ 60 s",
    ]


@pytest.mark.parametrize("button", [ribbon.fill, ribbon.validate, ribbon.refresh], ids=lambda button: button.__name__)
def test_the_screen_stands_still_while_cells_are_written(desk: Desk, button: Callable[[], None]) -> None:
    desk.press(button)

    assert desk.excel.updating[0] is False
    assert desk.excel.updating[-1] is True


def test_production_is_named_in_capitals(desk: Desk) -> None:
    desk.excel.answers = ["cancel"]
    press = ribbon._Press(desk.book)

    assert not press.may_deposit(Plan(Environment.PRODUCTION, 12, Decimal("1234567.8")))
    [(question, title, _, _)] = desk.excel.said
    assert "PRODUCTION : 12 factures" in question
    assert "1 234 567,80 €" in question
    assert title == "Chorus Pro – PRODUCTION"


def test_a_directory_that_did_not_answer_is_named_before_the_question(desk: Desk) -> None:
    desk.excel.answers = ["cancel"]

    ribbon._Press(desk.book).may_deposit(Plan(Environment.REHEARSAL, 1, Decimal(1), directory_reached=False))

    assert "[CX413]" in desk.excel.said[0][0]


def test_a_dialog_names_a_few_and_counts_the_rest(desk: Desk) -> None:
    for line in range(2):
        for attribute in ("invoice_number", "issue_date", "total_with_vat", "pdf_file"):
            desk.cell(attribute, line).value = None

    said = desk.press(ribbon.validate)

    assert said.count("\n\n– ") == 4
    assert " autres." in said
    assert "Voir la colonne « Anomalies »" in said


def test_a_month_ends_as_it_does_on_the_command_line(desk: Desk, tmp_path: Path) -> None:
    sample = sample_month(20, START.date())
    doors = {}
    for name in ("ribbon", "cli"):
        folder = tmp_path / name
        folder.mkdir()
        doors[name] = folder / "ChorusInvoices.xlsm"
        write_sample(doors[name], sample)
    settings = load({"CHORUS_XL_HOME": str(tmp_path / "other home")})
    settings.home.mkdir()
    office = functools.partial(bootstrap.office, doors["cli"], settings, clock=desk.bench.clock)
    desk.book = open_book(desk.engine, doors["ribbon"])
    desk.turn_to(desk.book)

    for button in (ribbon.fill, ribbon.validate, ribbon.deposit, ribbon.refresh):
        desk.press(button)
    steps.fill.fill(office())
    steps.validate.validate(office())
    steps.deposit.deposit(office(), lambda _: True)
    steps.refresh.refresh(office(time_passes=True))

    seen = ClosedWorkbook(doors["cli"], backups=None, today=START.date).read().invoices
    shown = LiveWorkbook(desk.book).read().invoices
    given_by_the_platform = {"chorus_reference", "status_since"}
    for column in INVOICES.columns:
        if column.attribute not in given_by_the_platform:
            assert shown.cells(column.attribute) == seen.cells(column.attribute), column.attribute


def test_rows_that_could_not_be_found_again_are_told(desk: Desk) -> None:
    report = Report("validate", Environment.REHEARSAL, (), {"rows": 2}, Written(1, (7, 9)))

    told = ribbon._Press(desk.book).told(report)

    assert "lignes 7, 9" in told
    assert "[CX542]" in told


def test_a_dialog_tells_errors_before_doubts(desk: Desk) -> None:
    doubts = tuple(Finding("CX130", Severity.WARNING, line, "deposit_state", {"value": "Faite"}) for line in range(5))
    error = Finding("CX102", Severity.ERROR, 9, "invoice_number")
    report = Report("validate", None, (RowReport(9, "F-9", {}, (*doubts, error)),), {"rows": 1})

    assert "[CX102]" in ribbon._Press(desk.book).told(report).split("\n\n")[1]


def test_what_cut_a_step_short_is_told_first(desk: Desk) -> None:
    report = Report("deposit", Environment.PRODUCTION, (), {"rows": 2}, stopped=PlatformError("CX410", count="3"))

    first, second = ribbon._Press(desk.book).told(report).split("\n\n")[:2]

    assert first == "Déposer : 2 lignes (Production)"
    assert "[CX410]" in second


def test_a_workbook_name_with_an_equals_sign_is_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.book.impl.name = "A=B & été.xlsm"
    monkeypatch.delattr(xw.Book, "_mock_caller")
    monkeypatch.setattr(sys, "argv", ["-c", "--wb=A=B & été.xlsm", "--from_xl=1"])

    assert "Remplir" in desk.press(ribbon.fill)


def test_without_a_caller_the_process_fails_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(xw.Book, "_mock_caller", raising=False)
    monkeypatch.setattr(sys, "argv", ["-c", "--wb=Gone=x.xlsm"])
    monkeypatch.setattr(xw.engines, "active", xw.main.Engine(impl=Engine()))

    with pytest.raises(SystemExit, match="CX541"):
        ribbon.fill()
