"""The sample month: deterministic, its story planted, its papers readable."""

import re
from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from chorus_xl.build.paper import draw
from chorus_xl.build.sample import SUPPLIER_SIRET, Flaw, Sample, SampleRow, sample_month, write_sample
from chorus_xl.domain.columns import INVOICES, Writer
from chorus_xl.domain.findings import Verdict

TODAY = date(2026, 11, 23)
CLERK = {column.attribute for column in INVOICES.written_by(Writer.CLERK)}


@pytest.fixture(scope="module")
def sample() -> Sample:
    return sample_month(20, TODAY)


def text_of(row: SampleRow) -> str:
    assert row.paper is not None
    return PdfReader(BytesIO(draw(row.paper))).pages[0].extract_text()


def with_flaw(sample: Sample, flaw: Flaw) -> SampleRow:
    (found,) = [row for row in sample.rows if row.flaw is flaw]
    return found


def test_the_same_day_gives_the_same_month(sample: Sample) -> None:
    again = sample_month(20, TODAY)

    assert sample == again
    assert list(sample.files()) == list(again.files())


def test_the_story_has_each_planted_flaw_once(sample: Sample) -> None:
    flaws = Counter(row.flaw for row in sample.rows)
    flaws.pop(Flaw.NONE)

    assert dict.fromkeys(set(Flaw) - {Flaw.NONE}, 1) == flaws


def test_what_the_story_expects(sample: Sample) -> None:
    endings = Counter(row.ending for row in sample.rows)

    assert endings == {"Prête, Déposée": 9, "À vérifier, Déposée": 2, "À corriger, À déposer": 9}
    assert Counter({"Prête": 10, "À vérifier": 2, "À corriger": 8}) == Counter(r.expected_verdict for r in sample.rows)


def test_one_row_is_refused_only_by_the_directory(sample: Sample) -> None:
    row = with_flaw(sample, Flaw.NO_ENGAGEMENT)

    assert (row.expected_verdict, row.expected_at_deposit) == (Verdict.READY, Verdict.CORRECT)
    assert (
        row.values["budget"],
        row.values["contract_scope"],
        row.values["engagement_number"],
    ) == ("Grand Belfort – Eau", "Sur marché", None)


def test_two_rows_share_a_number_and_both_are_wrong(sample: Sample) -> None:
    number = with_flaw(sample, Flaw.NUMBER_OF_ANOTHER).values["invoice_number"]
    twins = [row for row in sample.rows if row.values["invoice_number"] == number]

    assert [row.expected_verdict for row in twins] == [Verdict.CORRECT] * 2


def test_the_story_shows_every_kind_of_row(sample: Sample) -> None:
    values = [row.values for row in sample.rows]

    assert {"Facture", "Avoir"} == {value["invoice_type"] for value in values}
    assert {"Sur marché", "Hors marché"} == {value["contract_scope"] for value in values}
    assert "Multiple" in {value["vat_rate"] for value in values}
    assert len({value["budget"] for value in values}) == 8
    assert [len(row.lines) for row in sample.rows if row.lines] == [2]
    assert any(row.attachments for row in sample.rows)
    assert set().union(*values) <= CLERK


def test_only_the_future_row_is_dated_after_today(sample: Sample) -> None:
    days = [(row.values["issue_date"], row.flaw) for row in sample.rows]
    late = [flaw for day, flaw in days if isinstance(day, date) and day > TODAY]

    assert late == [Flaw.FUTURE]
    assert days[0] == (date(2026, 10, 28), Flaw.NONE)


@pytest.mark.parametrize("count", [1, 5, 19, 20, 64])
def test_a_month_of_any_length(count: int) -> None:
    made = sample_month(count, TODAY)

    assert count == len(made.rows)
    assert all(row.expected_verdict is Verdict.READY for row in made.rows[20:])
    numbers = [row.values["invoice_number"] for row in made.rows[20:]]
    assert len(numbers) == len(set(numbers))


def test_only_the_planted_number_is_too_long() -> None:
    made = sample_month(40, TODAY, series="R261123155801")
    long = [row for row in made.rows if len(str(row.values["invoice_number"])) > 20]

    assert [row.flaw for row in long] == [Flaw.NUMBER_TOO_LONG]


def test_papers_say_what_their_rows_say(sample: Sample) -> None:
    for row in sample.rows:
        if row.flaw in (Flaw.NO_PDF, Flaw.OTHER_SIRET_ON_PAPER, Flaw.NUMBER_OF_ANOTHER, Flaw.TOTAL_IS_OFF):
            continue
        text, values = text_of(row), row.values
        total = f"{values['total_with_vat']:,.2f}".replace(",", " ").replace(".", ",")

        assert f"{values['invoice_type']} n° {values['invoice_number']}" in text
        assert f"Total TTC : {total} €" in text
        assert f"{values['issue_date']:%d/%m/%Y}" in text
        assert str(values["engagement_number"] or "") in text
        assert SUPPLIER_SIRET in re.sub(r"\s", "", text)
        assert str(values["original_invoice_number"] or "") in text


def test_papers_contradict_their_rows_where_the_story_says_so(sample: Sample) -> None:
    assert "200 069 052 00013" in text_of(with_flaw(sample, Flaw.OTHER_SIRET_ON_PAPER))
    assert "n° F2026-0020" in text_of(with_flaw(sample, Flaw.NUMBER_OF_ANOTHER))
    assert "Total TTC : 2 250,00 €" in text_of(with_flaw(sample, Flaw.TOTAL_IS_OFF))


def test_files_stand_beside_the_workbook(sample: Sample, tmp_path: Path) -> None:
    write_sample(tmp_path / "mois.xlsm", sample)
    folder = tmp_path / "mois-pdf"
    book = load_workbook(tmp_path / "mois.xlsm")
    named = {str(row.values["pdf_file"]) for row in sample.rows}
    missing = str(with_flaw(sample, Flaw.NO_PDF).values["pdf_file"])

    assert (book["Paramètres"]["B5"].value, book["Paramètres"]["B8"].value) == ("00000000000018", "mois-pdf")
    assert book["Factures"].tables["tblFactures"].ref == "A4:Z224"
    assert book["Lignes"]["B5"].value == "Livres"
    assert {path.name for path in folder.iterdir()} == (named - {missing}) | {"bon-livraison-0007.txt"}
