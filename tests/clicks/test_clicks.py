"""Clicks in the real workbook: its VBA callbacks, a Python process, xlwings, and the cells of LibreOffice's sheets.

What this leaves out is Excel, and the line by which xlwings' own ``RunPython`` starts Python.
"""

from pathlib import Path
from zipfile import ZipFile

import pytest

from chorus_xl.build.ribbon import Button
from chorus_xl.domain.columns import BUDGETS, JOURNAL
from tests.clicks.conftest import BUTTONS, CALLBACKS, Desk
from tests.conftest import ROOT

pytestmark = pytest.mark.libreoffice


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.callback)
def test_every_button_of_the_ribbon_reaches_python_and_comes_back(desk: Desk, button: Button) -> None:
    said = desk.press(button.function)

    assert "CX543" not in said
    assert "CX901" not in said
    assert (said == "") == (button.function == "show_help")


def test_the_macros_that_are_clicked_are_those_of_the_committed_workbook(month: Path) -> None:
    with ZipFile(month) as clicked, ZipFile(ROOT / "workbooks" / "ChorusInvoices.xlsm") as committed:
        assert clicked.read("xl/vbaProject.bin") == committed.read("xl/vbaProject.bin")


def test_the_month_stands_in_the_sheet_before_any_click(desk: Desk) -> None:
    assert len(set(desk.column("N° facture"))) == 6
    assert set(desk.column("SIRET") + desk.column("Contrôle") + desk.column("Dépôt")) == {""}


def test_remplir_writes_the_siret_of_each_budget_and_a_service(desk: Desk) -> None:
    sirets = dict(zip(desk.column("Libellé", BUDGETS.name), desk.column("SIRET", BUDGETS.name), strict=True))

    said = desk.press("fill")

    assert "Remplir : 6 lignes, 6 complétées" in said
    assert desk.column("SIRET") == [sirets[budget] for budget in desk.column("Budget")]
    assert set(desk.column("Code service")) == {"FACTURES_SUR_MARCHE", "FACTURES_HORS_MARCHE"}


def test_controler_judges_each_row_and_tells_its_progress(desk: Desk) -> None:
    desk.press("fill")
    desk.do("type", "Factures", "L6", "perdu.pdf")

    said = desk.press("validate")

    assert desk.column("Contrôle") == ["Prête", "À corriger", "Prête", "Prête", "Prête", "Prête"]
    assert "perdu.pdf" in desk.column("Anomalies")[1]
    assert "perdu.pdf" in said
    assert "Chorus Pro – Lecture des PDF : 6 sur 6" in desk.bar


def test_deposer_asks_then_deposits_each_invoice_once(desk: Desk) -> None:
    desk.press("fill")

    said = desk.press("deposit")

    [(question, title)] = desk.asked
    assert "RÉPÉTITION : 6 factures" in question
    assert title == "Chorus Pro – RÉPÉTITION"
    assert "6 déposées (Répétition)" in said
    assert desk.column("Dépôt") == ["Déposée"] * 6
    references = desk.column("Référence Chorus")
    assert len(set(references) - {""}) == 6

    desk.press("deposit")

    assert desk.asked == []
    assert desk.column("Référence Chorus") == references


def test_actualiser_shows_statuses_and_rewrites_the_journal(desk: Desk) -> None:
    desk.press("fill")
    desk.press("deposit")
    before = desk.column("Statut Chorus")

    said = desk.press("refresh")

    assert "Actualiser : 6 lignes, 6 déposées" in said
    assert before == ["Déposée (DEPOSEE)"] * 6
    assert {"Rejetée (REJETEE)", "Suspendue (SUSPENDUE)"} < set(desk.column("Statut Chorus"))
    assert all(isinstance(days, float) for days in desk.column("Statut depuis le"))
    assert set(desk.column("N° facture", JOURNAL.name)) == set(desk.column("N° facture"))
    assert "Dépôt accepté" in desk.column("Événement", JOURNAL.name)


def test_agir_asks_and_prepares_a_row_for_each_rejection(desk: Desk) -> None:
    for button in ("fill", "deposit", "refresh"):
        desk.press(button)
    rejected = [
        number
        for number, status in zip(desk.column("N° facture"), desk.column("Statut Chorus"), strict=True)
        if status == "Rejetée (REJETEE)"
    ]

    said = desk.press("act")

    [(question, title)] = desk.asked
    assert title == "Chorus Pro – RÉPÉTITION"
    assert all(f"Prendre acte du rejet de la facture {number}" in question for number in rejected)
    assert f"{len(rejected)} lignes préparées" in said
    assert desk.column("N° facture")[6:] == [f"{number}-R1" for number in rejected]


def test_dossier_de_preuve_stands_beside_the_workbook_and_the_dialog_says_where(desk: Desk, tmp_path: Path) -> None:
    desk.press("fill")
    desk.press("deposit")
    before = desk.do("everything")

    said = desk.press("prove")

    [place] = (tmp_path / "month").glob("Preuve-*")
    assert f"Dossier de preuve : {place} ; son empreinte est " in said
    assert "6 factures prouvées, 6 acceptées" in said
    assert (place / "00-Couverture.pdf").read_bytes().startswith(b"%PDF")
    assert desk.asked == []
    assert desk.do("everything") == before


def test_verifier_les_budgets_writes_what_the_directory_says(desk: Desk) -> None:
    sirets = desk.column("SIRET", BUDGETS.name)
    assert set(desk.column("Répertoire", BUDGETS.name)) == {""}

    said = desk.press("check_budgets")

    assert "Vérifier les budgets : 8 budgets, 6 connus du répertoire" in said
    answers = [str(cell) for cell in desk.column("Répertoire", BUDGETS.name)]
    assert sum(cell.startswith("Connu, actif (Répétition, SIRET ") for cell in answers) == 6
    assert desk.column("Service exigé", BUDGETS.name)[0] == "Oui"
    assert desk.column("SIRET", BUDGETS.name) == sirets


def test_diagnostic_says_what_it_found_and_touches_no_cell(desk: Desk) -> None:
    before = desk.do("everything")

    said = desk.press("diagnose")

    assert "6 factures. [CX589]" in said
    assert "[CX599]" in said
    assert desk.do("everything") == before


def test_aide_turns_to_its_sheet(desk: Desk) -> None:
    assert desk.do("state")["front"] == "Accueil"

    desk.press("show_help")

    assert desk.do("state")["front"] == "Aide"


@pytest.mark.parametrize(
    ("function", "sheet", "cell"),
    [("fill", "Factures", "P4"), ("deposit", "Factures", "P4"), ("check_budgets", "Budgets", "D4")],
)
def test_a_renamed_column_is_told_and_no_cell_changes(desk: Desk, function: str, sheet: str, cell: str) -> None:
    desk.do("type", sheet, cell, "Numéro")
    before = desk.do("everything")

    said = desk.press(function)

    assert "« SIRET »" in said
    assert desk.asked == []
    assert desk.do("everything") == before


def test_a_protected_sheet_is_told_and_no_cell_changes(desk: Desk) -> None:
    desk.do("protect", "Factures")
    before = desk.do("everything")

    said = desk.press("fill")

    assert "[CX537]" in said
    assert desk.do("everything") == before


def test_a_journal_that_cannot_be_opened_is_told_and_nothing_is_deposited(desk: Desk) -> None:
    desk.press("fill")
    (desk.folder / "home" / "journal.sqlite").mkdir()
    before = desk.do("everything")

    said = desk.press("deposit")

    assert "journal.sqlite" in said
    assert desk.asked == []
    assert desk.do("everything") == before


def test_a_python_that_fails_is_told_by_the_macro_itself(desk: Desk) -> None:
    assert desk.do("hear_boxes") == 1
    desk.interpreter.unlink()
    before = desk.do("everything")

    told = desk.do("press", CALLBACKS["fill"])

    assert told["canary"] == "canary"
    assert told["done"] == "127"
    assert "chorus-xl doctor" in told["box"]
    assert desk.do("everything") == before
