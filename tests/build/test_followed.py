"""What the program's own lines come to on ``Accueil`` and ``Journal``, as LibreOffice calculates it."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from chorus_xl.build import Content, build_workbook
from chorus_xl.domain.columns import PRESS_ITEMS
from chorus_xl.domain.sheets import CellValue, Changes, TableReplacement
from tests.build.recalculated import Opened, recalculated
from tests.workbook.sample import opened

DUES = TableReplacement(
    "tblEcheances",
    {
        "invoice_number": ["F-1", "F-2", "F-3", "F-4"],
        "due_on": [date(2026, 11, 1), date(2026, 11, 20), date(2026, 11, 25), None],
        "days_late": [22, 3, None, None],
        "total_with_vat": [100.0, 250.5, 999.0, 999.0],
        "compensation": [40.0, 40.0, None, None],
        "interest": [1.25, None, None, None],
    },
)
JOURNAL = TableReplacement(
    "tblJournal",
    {
        "at": [
            datetime(2027, 1, 4, 9, 0),  # noqa: DTZ001 - Excel knows no zone
            datetime(2027, 1, 2, 9, 0),  # noqa: DTZ001
            datetime(2026, 12, 31, 23, 59),  # noqa: DTZ001
            datetime(2026, 12, 1, 0, 0),  # noqa: DTZ001
            datetime(2026, 11, 30, 23, 59),  # noqa: DTZ001
        ],
        "change": ["Rejetée", "Payée", "Comptabilisée", "Déposée", "Déposée"],
        "total_with_vat": [10.0, 20.0, 30.0, -40.5, 50.0],
    },
)


@pytest.fixture(scope="module")
def month(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    folder = tmp_path_factory.mktemp("followed")
    build_workbook(folder / "month.xlsm", Content(spare_rows=3))
    book = opened(folder / "month.xlsm")
    book.write(book.read(), Changes(replacements=(JOURNAL, DUES)))
    return recalculated(soffice, folder / "month.xlsm", folder / "out")


@pytest.mark.libreoffice
def test_the_late_ones_are_counted_and_summed(month: Opened) -> None:
    assert [cell.value for cell in month["Accueil"]["A56:H56"][0]] == [
        *("Total des retards", 2, None, None, None, 350.5, 80, 1.25)
    ]


@pytest.mark.libreoffice
def test_the_sum_of_interest_says_how_many_are_not_in_it(month: Opened) -> None:
    assert month["Accueil"]["I56"].value == "hors 1 à calculer"


@pytest.mark.libreoffice
@pytest.mark.parametrize("interest", [[1.25, 0.0, None, None], [None, None, 3.0, None]], ids=["known", "unknown"])
def test_interest_that_is_known_or_not_owed_is_not_called_missing(
    soffice: str, tmp_path: Path, interest: list[CellValue]
) -> None:
    build_workbook(tmp_path / "month.xlsm", Content(spare_rows=3))
    book = opened(tmp_path / "month.xlsm")
    book.write(book.read(), Changes(replacements=(replace(DUES, columns={**DUES.columns, "interest": interest}),)))
    sheet = recalculated(soffice, tmp_path / "month.xlsm", tmp_path / "out")["Accueil"]

    missing = interest[:2].count(None)
    assert (sheet["I56"].value or "") == (f"hors {missing} à calculer" if missing else "")


@pytest.mark.libreoffice
def test_next_steps_name_the_late_and_the_soon_due(month: Opened) -> None:
    said = [str(row[0].value).split(" →")[0] for row in month["Accueil"]["A15:A16"]]

    assert said == ["! 2 factures en retard de paiement", "… 1 paiement attendu sous sept jours"]


SUPPLIER, OTHER = "73282932000074", "20006905200096"
TOLD: list[tuple[str, str, str, str, str]] = [
    ("Répétition", SUPPLIER, "", "RÉPÉTITION – rien ne part vers l'État", "✓ Votre SIRET est renseigné."),
    ("Production", SUPPLIER, f"Production, SIRET {SUPPLIER}", "PRODUCTION – dépôts réels", "✓ Votre SIRET"),
    ("Production", SUPPLIER, "Production", "PRODUCTION – dépôts réels", "✓ Votre SIRET"),
    (
        *("Répétition", SUPPLIER, f"Production, SIRET {SUPPLIER}"),
        "ATTENTION – Paramètres dit RÉPÉTITION, mais la dernière commande a travaillé en PRODUCTION",
        "✓ Votre SIRET est renseigné.",
    ),
    (
        *("Production", "", f"Répétition, SIRET {OTHER}"),
        "ATTENTION – Paramètres dit PRODUCTION, mais la dernière commande a travaillé en RÉPÉTITION",
        "✓ Votre SIRET est renseigné.",
    ),
    ("Répétition", "", "", "RÉPÉTITION – rien", "! 1 réglage manque, votre SIRET"),
    (
        *("Répétition", "732 829 320 00074", f"Répétition, SIRET {OTHER}", "RÉPÉTITION – rien"),
        f"! La dernière commande a travaillé sous le SIRET {OTHER}",
    ),
    ("Répétition", "732 829 320\xa000074", f"Répétition, SIRET {SUPPLIER}", "RÉPÉTITION – rien", "✓ Votre SIRET"),
    ("Demain", SUPPLIER, f"Production, SIRET {SUPPLIER}", "ATTENTION – Paramètres dit DEMAIN", "✓ Votre SIRET"),
    ("Demain", SUPPLIER, "", "ENVIRONNEMENT INCONNU", "✓ Votre SIRET"),
]


@pytest.mark.libreoffice
def test_the_banner_and_the_first_step_believe_the_last_press_above_the_sheet(soffice: str, tmp_path: Path) -> None:
    """What a setting of this PC decides stands on no sheet: the last press is where it shows."""
    for place, (environment, siret, pressed, banner, step) in enumerate(TOLD):
        file = tmp_path / f"{place}.xlsm"
        build_workbook(file, Content(parameters={"environment": environment, "supplier_siret": siret}, spare_rows=1))
        values: list[CellValue] = [*[None] * PRESS_ITEMS.index("Environnement"), pressed or None, None]
        lines: dict[str, list[CellValue]] = {"item": list(PRESS_ITEMS), "value": values}
        opened(file).write(opened(file).read(), Changes(replacements=(TableReplacement("tblPression", lines),)))

        book = recalculated(soffice, file, tmp_path / str(place))

        for sheet in ("Accueil", "Factures"):
            assert str(book[sheet]["A3"].value).startswith(banner), TOLD[place]
        assert str(book["Accueil"]["A6"].value).startswith(step), TOLD[place]


@pytest.mark.libreoffice
def test_the_journal_tells_its_newest_month_and_the_one_before(month: Opened) -> None:
    sheet = month["Journal"]
    told = [[cell.value for cell in line] for line in sheet["A4:E8"]]

    assert [told[1][0].date(), told[3][0].date()] == [date(2027, 1, 1), date(2026, 12, 1)]
    assert told[0][1:] == ["Déposées", "Payées ou comptabilisées", "Suspendues ou à recycler", "Rejetées ou refusées"]
    assert [line[1:] for line in told[1:]] == [[0, 1, 0, 1], [0, 20, 0, 10], [1, 1, 0, 0], [-40.5, 30, 0, 0]]


@pytest.mark.libreoffice
def test_a_journal_without_a_line_tells_nothing(soffice: str, tmp_path: Path) -> None:
    build_workbook(tmp_path / "b.xlsm", Content(spare_rows=1))
    sheet = recalculated(soffice, tmp_path / "b.xlsm", tmp_path)["Journal"]

    assert {cell.value for line in sheet["B5:E8"] for cell in line} <= {None, ""}
