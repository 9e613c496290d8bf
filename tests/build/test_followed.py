"""What the program's own lines come to on ``Accueil`` and ``Journal``, as LibreOffice calculates it."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from chorus_xl.build import Content, build_workbook
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
