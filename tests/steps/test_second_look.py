"""A second pair of eyes: nobody releases what they prepared, and an edit voids what was prepared or released."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from chorus_xl.domain.canonical import content_hash
from chorus_xl.domain.supplier import Parameters
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.office import Office, Plan, Report, Surroundings
from chorus_xl.steps.second_look import read_total
from chorus_xl.steps.validate import validate
from tests.bench import Bench, make_bench, row, write_pdf

TOTAL = "240,00"  # two rows of 120


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return make_bench(tmp_path, row("F-1"), row("F-2"))


def at_the_desk_of(user: str, bench: Bench) -> Office:
    """The office as that user finds it, with the second pair of eyes asked for."""
    office = bench.office()

    def surroundings(parameters: Parameters) -> Surroundings:
        return replace(office.surroundings(parameters), user=user, second_look=True)

    return replace(office, surroundings=surroundings)


def yes(plan: Plan) -> bool:
    return True


def codes(report: Report) -> set[str]:
    return {finding.code for finding in (*report.notices, *(found for line in report.rows for found in line.findings))}


def notes(bench: Bench, event: str) -> list[tuple[str, str]]:
    with bench.open_journal() as journal:
        return [(entry.invoice_number, entry.details["by"]) for entry in journal.entries() if entry.event == event]


def test_one_prepares_another_releases(bench: Bench) -> None:
    validate(at_the_desk_of("anne", bench))

    report = deposit(at_the_desk_of("bruno", bench), yes, TOTAL)

    assert report.counts["deposited"] == 2
    assert notes(bench, "prepared") == [("F-1", "anne"), ("F-2", "anne")]
    assert notes(bench, "released") == [("F-1", "bruno"), ("F-2", "bruno")]
    bench.check_invariant()


def test_what_is_released_is_the_hash_of_the_row_and_its_files_alone(bench: Bench) -> None:
    validate(at_the_desk_of("anne", bench))
    deposit(at_the_desk_of("bruno", bench), yes, TOTAL)

    with bench.open_journal() as journal:
        record = journal.records()["F-1"]
    later = {"pdf_size", "attachments_size", "batch"}  # what older preparations did not know
    assert later <= record.content.keys()
    row_and_files = {name: text for name, text in record.content.items() if name not in later}
    assert record.notes["prepared"]["content"] == record.notes["released"]["content"] == content_hash(row_and_files)


@pytest.mark.parametrize(
    ("prepares", "releases", "typed", "code"),
    [
        ("anne", "anne", TOTAL, "CX682"),
        ("anne", "ANNE", TOTAL, "CX682"),
        ("anne", "bruno", "", "CX683"),
        ("anne", "bruno", "deux cents", "CX684"),
        ("anne", "bruno", "239,99", "CX685"),
        ("", "bruno", TOTAL, "CX680"),
    ],
    ids=str,
)
def test_nothing_leaves_without_a_true_release(
    bench: Bench, prepares: str, releases: str, typed: str, code: str
) -> None:
    if prepares:
        validate(at_the_desk_of(prepares, bench))

    report = deposit(at_the_desk_of(releases, bench), yes, typed)

    assert bench.platform.deposits_tried == 0
    assert code in codes(report)
    assert report.needs_the_clerk
    assert notes(bench, "released") == []


def test_the_expected_total_is_never_shown(bench: Bench) -> None:
    validate(at_the_desk_of("anne", bench))

    report = deposit(at_the_desk_of("bruno", bench), yes, "1")

    assert not any("240" in value for finding in report.notices for value in finding.params.values())


@pytest.mark.parametrize(
    ("attribute", "values"),
    [("engagement_number", ["BC-2", "BC-1"]), ("issue_date", None), ("comment", ["à part", None])],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_edit_voids_the_preparation(bench: Bench, attribute: str, values: list[str | None] | None) -> None:
    validate(at_the_desk_of("anne", bench))
    day = bench.column("issue_date")[0]
    bench.type_into(attribute, values or [replace_day(day), day])  # type: ignore[list-item]  # a date

    report = deposit(at_the_desk_of("bruno", bench), yes, "120")

    assert "CX681" in codes(report)
    assert [invoice.invoice_number for invoice in bench.platform.accepted] == ["F-2"]


def replace_day(day: object) -> object:
    return day.replace(day=3)  # type: ignore[attr-defined]  # a date, whatever kind the frame gives


def test_another_pdf_under_the_same_name_voids_the_preparation(bench: Bench) -> None:
    validate(at_the_desk_of("anne", bench))
    write_pdf(bench.folder / "F-1.pdf", "F-1 corrigée")

    report = deposit(at_the_desk_of("bruno", bench), yes, "120")

    assert "CX681" in codes(report)
    assert [invoice.invoice_number for invoice in bench.platform.accepted] == ["F-2"]


def test_a_batch_cut_short_goes_on_without_another_release(bench: Bench) -> None:
    validate(at_the_desk_of("anne", bench))
    bench.platform.scripted = ["not_sent", "not_sent"]
    deposit(at_the_desk_of("bruno", bench), yes, TOTAL)
    assert bench.platform.accepted == []

    report = deposit(at_the_desk_of("anne", bench), yes)  # a nightly run, say

    assert report.counts["deposited"] == 2
    bench.check_invariant()


def test_an_edit_after_the_release_voids_it(bench: Bench) -> None:
    validate(at_the_desk_of("anne", bench))
    bench.platform.scripted = ["not_sent", "not_sent"]
    deposit(at_the_desk_of("bruno", bench), yes, TOTAL)
    bench.type_into("engagement_number", ["BC-9", "BC-9"])

    report = deposit(at_the_desk_of("bruno", bench), yes, TOTAL)

    assert "CX681" in codes(report)
    assert bench.platform.accepted == []


def test_the_total_may_stand_on_the_sheet(bench: Bench) -> None:
    validate(at_the_desk_of("anne", bench))
    office = at_the_desk_of("bruno", bench)
    read = office.workbook.read

    class WithTotal:
        def __getattr__(self, name: str) -> object:
            return getattr(bench.office().workbook, name)

        def read(self) -> object:
            sheets = read()
            return replace(sheets, parameters={**sheets.parameters, "control_total": 240.0})

    report = deposit(replace(office, workbook=WithTotal()), yes)  # type: ignore[arg-type]  # answers as the port does

    assert report.counts["deposited"] == 2


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("billing_framework", "A2_FACTURE_FOURNISSEUR_DEJA_PAYEE"),
        ("payment_means", "CHEQUE"),
        ("vat_regime", "TVA_SUR_ENCAISSEMENT"),
    ],
    ids=str,
)
def test_a_setting_of_the_whole_workbook_changed_since_voids_the_preparation(
    bench: Bench, parameter: str, value: str
) -> None:
    validate(at_the_desk_of("anne", bench))
    office = at_the_desk_of("bruno", bench)
    read = office.workbook.read

    class Changed:
        def __getattr__(self, name: str) -> object:
            return getattr(bench.office().workbook, name)

        def read(self) -> object:
            sheets = read()
            return replace(sheets, parameters={**sheets.parameters, parameter: value})

    report = deposit(replace(office, workbook=Changed()), yes, TOTAL)  # type: ignore[arg-type]  # answers as the port does

    assert "CX681" in codes(report)
    assert bench.platform.accepted == []


def test_without_it_nothing_is_noted(bench: Bench) -> None:
    validate(bench.office())
    deposit(bench.office(), yes)

    assert notes(bench, "prepared") == notes(bench, "released") == []


def test_what_was_only_prepared_here_is_still_looked_up_where_the_sheet_says_deposited(bench: Bench) -> None:
    validate(at_the_desk_of("anne", bench))
    bench.type_into("deposit_state", ["Déposée", "Déposée"])

    report = deposit(bench.office(), yes)

    assert bench.platform.deposits_tried == 0
    assert "CX408" in codes(report)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1 234,50 €", Decimal("1234.50")),
        ("1234.5", Decimal("1234.5")),
        ("-12", Decimal(-12)),
        ("NaN", None),
        ("douze", None),
        ("1.234,50", None),
    ],
    ids=str,
)
def test_a_total_reads_as_people_type_it(typed: str, read: Decimal | None) -> None:
    assert read_total(typed) == read


def test_a_judgement_tells_the_head_of_the_journal_that_it_read(bench: Bench) -> None:
    report = validate(at_the_desk_of("anne", bench))

    with bench.open_journal() as journal:
        assert report.press is not None
        assert report.press.head == journal.head() != ""
