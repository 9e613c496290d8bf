"""The live formulas: what they may use, and what they come to in LibreOffice."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from chorus_xl.build import Content, Row, build_workbook
from chorus_xl.build.accueil import BUDGET_LINES
from chorus_xl.domain.columns import TABLES
from tests.build.boundaries import BOUNDARIES, LARGE, MID_CAP
from tests.build.recalculated import Opened, recalculated

KNOWN_TO_EXCEL_2016 = {
    "ABS", "AND", "COUNT", "COUNTIF", "COUNTIFS", "DATE", "FIND", "IF", "IFERROR", "INDEX", "ISBLANK", "ISNUMBER",
    "LEFT", "LEN", "MATCH", "MAX", "MID", "MONTH", "N", "OR", "ROUND", "SUBSTITUTE", "SUM", "SUMIFS", "SUMPRODUCT",
    "UPPER", "YEAR",
}  # fmt: skip


def deposited(status: str, action: str | None = None) -> Row:
    return {
        "recipient_siret": "1",
        "verdict": "Prête",
        "deposit_state": "Déposée",
        "chorus_status": status,
        "next_action": action,
    }


WATER, TOWN, OTHER = "Grand Belfort – Eau", "Belfort – Budget principal", "Mon syndicat"
ROWS: list[Row] = [
    {"budget": budget, "invoice_number": f"N{number}", "invoice_type": kind, "total_with_vat": total, **words}
    for number, (budget, kind, total, words) in enumerate(
        [
            (WATER, "Facture", 100, {}),
            (WATER, "Facture", 250.5, {"recipient_siret": "1", "verdict": "Prête", "deposit_state": "Déposée"}),
            (WATER, "Avoir", 50.25, {"recipient_siret": "1", "verdict": "Prête", "deposit_state": "Déposée"}),
            (TOWN, "Facture", 10, {"recipient_siret": "1", "verdict": "À corriger", "deposit_state": "À déposer"}),
            (
                TOWN,
                "Facture",
                20,
                {"recipient_siret": "1", "verdict": "À vérifier", "deposit_state": "Envoi incertain"},
            ),
            (TOWN, "Facture", 30, {"recipient_siret": "1", "verdict": "Prête", "deposit_state": "Refusée"}),
            (TOWN, "Facture", 40, {"recipient_siret": "1", "verdict": "Prête"}),
            (OTHER, "Facture", 7, {"verdict": "Prête", "deposit_state": "Déposée", "next_action": "Complétez."}),
            (WATER, "Facture", 200, deposited("Mandatée (MANDATEE)")),
            (TOWN, "Facture", 300, deposited("Comptabilisée (COMPTABILISEE)")),
            (TOWN, "Facture", 400, deposited("Mise en paiement (MISE_EN_PAIEMENT)")),
            (TOWN, "Facture", 200, deposited("Rejetée (REJETEE)", "Pressez Agir.")),
        ]
    )
]


def formulas(book: Opened) -> Iterator[str]:
    for sheet in book.worksheets:
        yield from (str(c.value) for row in sheet.iter_rows() for c in row if c.data_type == "f")
        yield from (f for fmt in sheet.conditional_formatting for rule in fmt.rules for f in rule.formula)
        yield from (rule.formula1 or "" for rule in sheet.data_validations.dataValidation)
    yield from (name.attr_text for name in book.defined_names.values())


@pytest.fixture(scope="module")
def month(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    folder = tmp_path_factory.mktemp("month")
    build_workbook(folder / "month.xlsm", Content(ROWS, spare_rows=10))
    return recalculated(soffice, folder / "month.xlsm", folder)


def test_only_functions_of_excel_2016_are_used(book: Opened) -> None:
    unquoted = [re.sub(r'"[^"]*"', "", formula) for formula in formulas(book)]
    used = {name for formula in unquoted for name in re.findall(r"\b([A-Z][A-Z0-9.]*)\(", formula)}

    assert used <= KNOWN_TO_EXCEL_2016
    assert len(used) > 15


def test_formulas_name_columns_that_exist(book: Opened) -> None:
    named = {pair for formula in formulas(book) for pair in re.findall(r"(tbl\w+)\[([^\]]+)\]", formula)}
    declared = {(spec.name, column.header) for spec in TABLES for column in spec.columns}

    assert named <= declared
    assert len(named) > 8


def test_a_text_of_a_formula_is_short_enough_for_excel(book: Opened) -> None:
    assert max(len(text) for formula in formulas(book) for text in re.findall(r'"([^"]*)"', formula)) <= 255
    assert max(map(len, formulas(book))) <= 8192


def block(book: Opened, cells: str) -> dict[str, tuple[object, object]]:
    return {label.value: (count.value, total.value) for label, count, total in book["Accueil"][cells]}


@pytest.mark.libreoffice
def test_control_totals_count_every_row_once(month: Opened) -> None:
    assert block(month, "E20:G24") == {
        "Prêtes": (9, 1377.25),
        "À vérifier": (1, 20),
        "À corriger": (1, 10),
        "À contrôler": (1, 100),
        "Total": (12, 1507.25),
    }
    assert block(month, "A20:C26") == {
        "À déposer": (3, 150),
        "Envoi incertain": (1, 20),
        "En attente": (3, 400.25),
        "À traiter": (1, 7),
        "Payées ou comptabilisées": (2, 700),
        "Refusées ou rejetées": (2, 230),
        "Total": (12, 1507.25),
    }
    assert month["Accueil"]["A27"].value == month["Accueil"]["E25"].value == "✓ Le total est la somme des états."


@pytest.mark.libreoffice
def test_budgets_add_up_with_those_that_no_list_knows(month: Opened) -> None:
    sheet = month["Accueil"]
    lines = {row[0].value: [cell.value for cell in row[1:]] for row in sheet[f"A33:O{34 + BUDGET_LINES}"]}

    assert lines["Tous les budgets"] == [1507.25, 150, 20, 400.25, 7, 700, 230, 12, 3, 1, 3, 1, 2, 2]
    assert lines[WATER] == [500.25, 100, 0, 400.25, 0, 0, 0, 4, 1, 0, 3, 0, 0, 0]
    assert lines[TOWN] == [1000, 50, 20, 0, 0, 700, 230, 7, 2, 1, 0, 0, 2, 2]
    assert lines["Autres budgets, ou budget absent"] == [7, 0, 0, 0, 7, 0, 0, 1, 0, 0, 0, 1, 0, 0]


@pytest.mark.libreoffice
def test_next_steps_name_what_is_left(month: Opened) -> None:
    said = [str(row[0].value) for row in month["Accueil"]["A6:A16"]]

    assert [line.split(" →")[0] for line in said] == [
        "! 1 réglage manque, votre SIRET",
        "! 2 lignes sans SIRET",
        "! 1 ligne pas encore contrôlée",
        "! 1 ligne à corriger",
        "✓ Aucune ligne à vérifier.",
        "! 1 facture prête",
        "? 1 envoi incertain",
        "! 1 facture refusée",
        "! 2 factures déposées demandent un geste",
        "✓ Aucun retard de paiement.",
        "✓ Aucun paiement attendu sous sept jours.",
    ]


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    ("environment", "banner"),
    [
        ("Répétition", "RÉPÉTITION – rien ne part vers l'État"),
        ("Production", "PRODUCTION – dépôts réels"),
        ("prod", "ENVIRONNEMENT INCONNU – voyez la feuille Paramètres"),
    ],
)
def test_the_banner_follows_the_parameter(soffice: str, tmp_path: Path, environment: str, banner: str) -> None:
    build_workbook(tmp_path / "b.xlsm", Content(parameters={"environment": environment}, spare_rows=1))
    book = recalculated(soffice, tmp_path / "b.xlsm", tmp_path)

    assert [banner, banner] == [book[sheet]["A3"].value for sheet in ("Accueil", "Factures")]


@pytest.mark.libreoffice
def test_a_word_typed_over_breaks_the_check_line(soffice: str, tmp_path: Path) -> None:
    row = {"invoice_number": "N1", "total_with_vat": 12, "verdict": "Bonne", "deposit_state": "Envoyée"}
    build_workbook(tmp_path / "b.xlsm", Content([row], spare_rows=1))
    sheet = recalculated(soffice, tmp_path / "b.xlsm", tmp_path)["Accueil"]

    assert sheet["A27"].value.startswith("✗ Écart : 1 ligne(s), 12 €")
    assert sheet["E25"].value.startswith("✗ Écart : 1 ligne(s), 12 €")


@pytest.mark.libreoffice
def test_the_calculator_agrees_with_python(soffice: str, tmp_path: Path, fresh: Path) -> None:
    """One copy of the calculator's sheet for each line of the table, all calculated in one go."""
    book: Opened = load_workbook(fresh)
    cells = {
        name: book.defined_names[name].attr_text.rpartition("$")[2] for name in ("aide_effectif", "aide_categorie")
    }
    first, result = (int(row) for row in cells.values())
    titles = []
    for number, (*inputs, _) in enumerate(BOUNDARIES):
        sheet = book.copy_worksheet(book["Aide"])
        sheet.title = f"Aide{number}"
        titles.append(sheet.title)
        for row, value in enumerate(inputs, start=first):
            sheet.cell(row, 2).value = value
    book.save(tmp_path / "calculator.xlsx")
    done = recalculated(soffice, tmp_path / "calculator.xlsx", tmp_path / "out")

    for title, (*_, expected) in zip(titles, BOUNDARIES, strict=True):
        sheet = done[title]
        assert sheet.cell(result, 2).value == expected.value
        assert isinstance(sheet.cell(result + 1, 2).value, datetime | date)
        sentence = str(sheet.cell(result + 3, 1).value)
        assert sentence.startswith("!" if expected in (MID_CAP, LARGE) else "✓")
