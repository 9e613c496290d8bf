"""Values of formulas in a closed workbook, for readers who do not calculate: right after each write, or not there."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

import pytest

from chorus_xl.build import Content, build_workbook
from chorus_xl.domain.sheets import Changes, TableChange, TableReplacement
from tests.build.recalculated import disagreements, kept_values
from tests.build.test_followed import DUES, JOURNAL
from tests.build.test_formulas import ROWS
from tests.workbook.sample import edit_parts, opened, read_parts, swap, write_cells

HOME, INVOICES, CHART = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/charts/chart1.xml"


def month(path: Path) -> Path:
    """Twelve rows of all kinds: deposited, paid, rejected, in doubt."""
    build_workbook(path, Content(ROWS, spare_rows=10))
    return path


def put(path: Path, row: int, **cells: str | None) -> None:
    """Write some cells of one row of ``tblFactures``, counted from 0."""
    book = opened(path)
    sheets = book.read()
    rows = [int(sheets.invoices.rows[row])]
    book.write(sheets, Changes(cells=(TableChange("tblFactures", rows, {name: [to] for name, to in cells.items()}),)))


def deposit_first(path: Path) -> None:
    put(path, 0, recipient_siret="1", verdict="Prête", deposit_state="Déposée")


def reject_one(path: Path) -> None:
    put(path, 1, chorus_status="Rejetée (REJETEE)", next_action="Pressez Agir.")


def empty_a_verdict(path: Path) -> None:
    put(path, 6, verdict=None)


def type_over(path: Path) -> None:
    put(path, 4, deposit_state="Envoyée")


def follow(path: Path) -> None:
    book = opened(path)
    book.write(book.read(), Changes(replacements=(JOURNAL, DUES)))


def follow_then_forget(path: Path) -> None:
    follow(path)
    book = opened(path)
    none = TableReplacement("tblEcheances", {}), TableReplacement("tblJournal", {})
    book.write(book.read(), Changes(replacements=none))


def write_twice(path: Path) -> None:
    book = opened(path)
    sheets = book.read()
    rows = sheets.invoices.rows[:2].tolist()
    for state in ("Envoi incertain", "Refusée"):
        book.write(sheets, Changes(cells=(TableChange("tblFactures", rows, {"deposit_state": [state, state]}),)))


@pytest.mark.libreoffice
@pytest.mark.parametrize("rows", [0, 12])
def test_a_new_workbook_keeps_what_libreoffice_reckons(soffice: str, tmp_path: Path, rows: int) -> None:
    build_workbook(tmp_path / "b.xlsm", Content(ROWS[:rows], spare_rows=5))

    assert disagreements(soffice, tmp_path / "b.xlsm", tmp_path) == {}


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    "write", [deposit_first, reject_one, empty_a_verdict, type_over, follow, follow_then_forget, write_twice]
)
def test_each_write_keeps_what_libreoffice_reckons(
    soffice: str, path: Path, tmp_path: Path, write: Callable[[Path], None]
) -> None:
    write(month(path))

    assert disagreements(soffice, path, tmp_path / "out") == {}
    assert None not in {value for place, value in kept_values(path).items() if place.startswith("Accueil!C2")}


def test_a_deposit_shows_without_recalculation(path: Path) -> None:
    month(path)
    before = kept_values(path)
    deposit_first(path)
    after = kept_values(path)

    assert {place: (before[place], after[place]) for place in ("Accueil!B20", "Accueil!C20", "Accueil!C22")} == {
        "Accueil!B20": (3, 2),
        "Accueil!C20": (150, 50),
        "Accueil!C22": (400.25, 500.25),
    }


def test_a_gap_is_told_with_a_comma_as_on_a_french_pc(path: Path) -> None:
    put(month(path), 2, deposit_state="Envoyée")

    assert kept_values(path)["Accueil!A27"] == "✗ Écart : 1 ligne(s), -50,25 € dans un état inconnu."


def test_the_chart_shows_the_same_numbers_without_recalculation(path: Path) -> None:
    deposit_first(month(path))

    shown = read_parts(path)[CHART].decode().partition("Accueil!$C$20:$C$25")[2]
    assert [shown.partition(f'<c:pt idx="{place}"><c:v>')[2].partition("<")[0] for place in range(6)] == [
        *("50", "20", "500.25", "7", "700", "230")
    ]


def test_a_chart_of_cells_that_nobody_can_reckon_keeps_no_numbers(path: Path) -> None:
    month(path)
    edit_parts(path, {CHART: swap(b"Accueil!$C$20:$C$25", b"Ailleurs!$C$20:$C$25")})
    deposit_first(path)

    assert b"numCache" not in read_parts(path)[CHART]


TOTAL = b"<f>SUMPRODUCT((1-ISBLANK(tblFactures[N\xc2\xb0 facture])*ISBLANK(tblFactures[Budget])))</f>"


@pytest.mark.parametrize(
    "formula",
    [
        b"<f>TODAY()</f>",
        b'<f t="shared" si="0"/>',
        b'<f t="array" ref="B26">SUM(C20:C25)</f>',
        b"<f>COUNTBLANK(tblFactures[Budget])</f>",
        b"<f>SUM(mesTotaux[Total])</f>",
    ],
)
def test_a_formula_that_nobody_here_can_reckon_keeps_no_old_value(path: Path, formula: bytes) -> None:
    edit_parts(month(path), {HOME: swap(TOTAL + b"<v>12</v>", formula + b"<v>12</v>")})
    assert kept_values(path)["Accueil!B26"] == 12

    deposit_first(path)

    home = read_parts(path)[HOME]
    assert formula + b"</c>" in home
    assert kept_values(path)["Accueil!B26"] is None
    assert kept_values(path)["Accueil!A27"] is None  # it rests on it
    assert kept_values(path)["Accueil!C20"] == 50


def test_a_clerks_formula_elsewhere_keeps_what_excel_made_of_it(path: Path) -> None:
    month(path)
    stands = b"<f>IFERROR(IF(AND(chorus_last"
    edit_parts(path, {INVOICES: swap(stands, b"<f>1+IFERROR(IF(AND(chorus_last")})
    before = kept_values(path)["Factures!A3"]

    deposit_first(path)

    assert kept_values(path)["Factures!A3"] == before
    assert b"<f>1+IFERROR" in read_parts(path)[INVOICES]


def test_an_amount_by_a_clerks_formula_counts_as_excel_last_had_it(path: Path) -> None:
    month(path)
    edit_parts(path, {INVOICES: swap(b"<v>250.5</v>", b"<f>200+50.5</f><v>250.5</v>")})

    deposit_first(path)

    assert kept_values(path)["Accueil!C22"] == 500.25


def test_an_amount_that_was_never_worked_out_leaves_no_sum(path: Path) -> None:
    month(path)
    edit_parts(path, {INVOICES: swap(b"<v>250.5</v>", b"<f>200+50.5</f>")})

    deposit_first(path)

    assert kept_values(path)["Accueil!C22"] is None
    assert kept_values(path)["Accueil!B22"] == 4


def test_cells_that_hold_a_text_without_a_character_count_as_excel_counts_them(path: Path) -> None:
    """A number by a formula that gives nothing is no blank cell: Excel's own count takes the row in."""
    month(path)
    edit_parts(path, {INVOICES: _with_empty_numbers})

    deposit_first(path)

    assert kept_values(path)["Accueil!B26"] == 13


def _with_empty_numbers(sheet: bytes) -> bytes:
    end = sheet.index(b"/>", sheet.index(b'<c r="C17"'))  # below the last invoice
    return sheet[:end] + b' t="str"><f>""</f><v></v></c>' + sheet[end + 2 :]


def test_what_stands_in_dates_from_1904_is_reckoned_in_them(path: Path) -> None:
    month(path)
    edit_parts(path, {"xl/workbook.xml": swap(b"<workbookPr", b'<workbookPr date1904="1"')})

    follow(path)

    assert kept_values(path)["Journal!A5"] in (datetime(2027, 1, 1), date(2027, 1, 1))  # noqa: DTZ001


def test_with_nothing_to_change_not_even_a_value_is_touched(path: Path) -> None:
    edit_parts(month(path), {HOME: swap(TOTAL + b"<v>12</v>", TOTAL + b"<v>0</v>")})
    before = path.read_bytes()

    write_cells(path, {"verdict": [ROWS[0].get("verdict")]})  # type: ignore[list-item]  # a text or nothing

    assert path.read_bytes() == before


def test_a_home_sheet_by_another_name_is_renewed_too(path: Path) -> None:
    month(path)
    edit_parts(path, {"xl/workbook.xml": swap(b'name="Accueil"', b'name="Mon mois"')})

    deposit_first(path)

    assert kept_values(path)["Mon mois!C20"] == 50


def test_a_value_with_signs_of_xml_is_written_as_it_is(path: Path) -> None:
    rows: list[Mapping[str, object]] = [{"invoice_number": "1", "budget": "x", "total_with_vat": 1}]
    build_workbook(path, Content(rows, spare_rows=1))
    write_cells(path, {"label": ['A<b>&"c" ']}, "tblBudgets")

    assert kept_values(path)["Accueil!A35"] == 'A<b>&"c" '
