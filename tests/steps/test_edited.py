"""A row, or its file, that was edited after it left is shown with what was sent; once, in the sheet's words."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from chorus_xl.domain.findings import Finding
from chorus_xl.domain.sheets import CellValue
from chorus_xl.messages import in_report
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.office import Office, Report
from chorus_xl.steps.refresh import refresh
from chorus_xl.steps.validate import validate
from tests.bench import Bench, make_bench, row, write_pdf


def press(office: Office) -> Report:
    return deposit(office, lambda _: True)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A sheet whose only invoice was deposited, with an attachment."""
    write_pdf(tmp_path / "annexe.pdf", "annexe")
    bench = make_bench(tmp_path, row("F-1", attachments="annexe.pdf", comment="Lot 1"))
    press(bench.office())
    assert bench.column("deposit_state") == ["Déposée"]
    return bench


def edits(report: Report) -> list[Finding]:
    return [finding for row in report.rows for finding in row.findings if finding.code == "CX609"]


@pytest.mark.parametrize("step", [validate, press, refresh])
def test_an_untouched_row_is_not_said_to_be_edited(bench: Bench, step: Callable[[Office], Report]) -> None:
    assert edits(step(bench.office())) == []


@pytest.mark.parametrize("step", [validate, press, refresh])
def test_each_button_says_it(bench: Bench, step: Callable[[Office], Report]) -> None:
    bench.type_into("comment", ["Lot 2"])

    assert len(edits(step(bench.office()))) == 1
    assert bench.platform.deposits_tried == 1


@pytest.mark.parametrize(
    ("attribute", "value", "said"),
    [
        ("comment", "Lot 2", "« Commentaire » était « Lot 1 », la ligne dit « Lot 2 »"),
        ("comment", None, "« Commentaire » était « Lot 1 », la ligne dit « (vide) »"),
        ("engagement_number", "BC-2", "« N° engagement » était « BC-1 », la ligne dit « BC-2 »"),
        ("service_code", "AUTRE", "« Code service » était"),
        ("total_vat", 19.99, "« Montant TVA » était « 20,00 € », la ligne dit « 19,99 € »"),
        ("total_without_vat", None, "« Montant HT » était « 100,00 € », la ligne dit « (vide) »"),
        ("vat_rate", 0.1, "« Taux TVA » était « 20 % sur 100,00 € », la ligne dit « 10 % sur 100,00 € »"),
        ("attachments", None, "« Pièces jointes » était « annexe.pdf », la ligne dit « (vide) »"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str | float | None) else None,
)
def test_a_cell_edited_since_is_said_with_both_values(
    bench: Bench, attribute: str, value: CellValue, said: str
) -> None:
    bench.type_into(attribute, [value])

    (finding,) = edits(refresh(bench.office()))

    sentence = in_report(finding)
    assert said in sentence
    assert sentence.startswith("La facture « F-1 » a été modifiée depuis son envoi")


@pytest.mark.parametrize(
    ("attribute", "value", "code"),
    [
        ("issue_date", date(2026, 11, 3), "CX207"),
        ("issue_date", date(2025, 11, 2), "CX208"),
        ("total_with_vat", 121.0, "CX207"),
        ("recipient_siret", "20006905200013", "CX207"),
    ],
    ids=str,
)
def test_what_a_rule_says_already_is_not_said_twice(bench: Bench, attribute: str, value: CellValue, code: str) -> None:
    bench.type_into(attribute, [value])

    judged, followed = validate(bench.office()), refresh(bench.office())

    assert [finding.code for finding in judged.rows[0].findings] == [code]
    assert [finding.code for finding in followed.rows[0].findings] == ["CX609"], "Actualiser judges no row"


def test_several_edits_of_a_row_are_one_sentence(bench: Bench) -> None:
    bench.type_into("comment", ["Lot 2"])
    bench.type_into("engagement_number", ["BC-2"])

    (finding,) = edits(validate(bench.office()))

    assert finding.params["changes"].count("la ligne dit") == 2


def test_a_pdf_whose_bytes_changed_is_said(bench: Bench) -> None:
    write_pdf(bench.folder / "F-1.pdf", "F-1 corrigée")

    (finding,) = edits(refresh(bench.office()))

    then, now = "F-1.pdf, tel qu'envoyé", "un fichier du même nom, mais d'un autre contenu"
    assert finding.params["changes"] == f"« Fichier PDF » était « {then} », la ligne dit « {now} »"


def test_an_attachment_whose_bytes_changed_is_said(bench: Bench) -> None:
    write_pdf(bench.folder / "annexe.pdf", "autre annexe")

    (finding,) = edits(validate(bench.office()))

    assert "annexe.pdf, tel qu'envoyé" in finding.params["changes"]


@pytest.mark.parametrize("step", [validate, refresh])
def test_a_file_that_was_moved_or_is_gone_is_no_edit(bench: Bench, step: Callable[[Office], Report]) -> None:
    (bench.folder / "archives").mkdir()
    (bench.folder / "F-1.pdf").rename(bench.folder / "archives" / "F-1.pdf")
    (bench.folder / "annexe.pdf").unlink()
    bench.type_into("pdf_file", ["archives/F-1.pdf"])

    assert edits(step(bench.office())) == []


def test_another_file_under_another_name_is_said(bench: Bench) -> None:
    write_pdf(bench.folder / "F-1bis.pdf", "F-1 bis")
    bench.type_into("pdf_file", ["F-1bis.pdf"])

    (finding,) = edits(refresh(bench.office()))

    assert finding.params["changes"] == "« Fichier PDF » était « F-1.pdf », la ligne dit « F-1bis.pdf »"


def test_a_number_that_may_leave_again_may_be_edited_freely(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = ["refuse"]
    press(bench.office())
    bench.type_into("comment", ["corrigée"])

    assert edits(validate(bench.office())) == []


def test_a_doubtful_row_edited_meanwhile_is_said_too(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = ["lose_before"]
    press(bench.office())
    bench.type_into("comment", ["corrigée"])

    assert len(edits(validate(bench.office()))) == 1
