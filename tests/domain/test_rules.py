"""Every rule, as rows of a sheet and the codes they get; ``?`` marks a warning."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from chorus_xl.domain.batch import read_batch
from chorus_xl.domain.columns import INVOICES, LINES
from chorus_xl.domain.files import FileFacts, RowFiles
from chorus_xl.domain.lifecycle import SENDABLE, State
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.rules import RULES, KnownDeposit, check
from chorus_xl.domain.sheets import BadCell
from chorus_xl.domain.supplier import Parameters
from chorus_xl.messages import cells, rules
from tests.domain.month import GOOD, LINE, SUPPLIER, TODAY, Row, facts, judged, month, said, sheets

DAY = timedelta(days=1)
MULTIPLE: Row = {"vat_rate": "Multiple"}
REST: Row = {**LINE, "total_without_vat": 40.0, "total_vat": 8.0}
CFA: Row = {"budget": "Belfort – CFA", "recipient_siret": "20006905200175"}


def test_a_good_row_is_left_alone() -> None:
    assert judged({}) == ()


ROWS: list[tuple[Row, list[str]]] = [
    # number
    ({"invoice_number": None}, ["CX201"]),
    ({"invoice_number": "A" * 20}, []),
    ({"invoice_number": "A" * 21}, ["CX202"]),
    ({"invoice_number": "AZaz09-_/+"}, []),
    ({"invoice_number": "F 1"}, ["CX204?"]),
    ({"invoice_number": "F  1"}, ["CX203"]),
    ({"invoice_number": "Fé1"}, ["CX203"]),
    ({"invoice_number": "3²"}, ["CX203"]),
    ({"invoice_number": "１"}, ["CX203"]),
    ({"invoice_number": "F\u200b1"}, ["CX203"]),
    ({"invoice_number": "F\n1"}, ["CX203"]),
    # date
    ({"issue_date": None}, ["CX209"]),
    ({"issue_date": TODAY}, []),
    ({"issue_date": TODAY + DAY}, ["CX210"]),
    ({"issue_date": date(1999, 12, 31)}, ["CX211"]),
    ({"issue_date": date(2000, 1, 1)}, ["CX212?"]),
    ({"issue_date": date(2099, 12, 31)}, ["CX210"]),
    ({"issue_date": date(2100, 1, 1)}, ["CX211"]),
    ({"issue_date": TODAY - 366 * DAY}, []),
    ({"issue_date": TODAY - 367 * DAY}, ["CX212?"]),
    # type and origin
    ({"invoice_type": None}, ["CX213"]),
    ({"invoice_type": "Avoir"}, ["CX214?"]),
    ({"invoice_type": "Avoir", "original_invoice_number": "F-0"}, []),
    ({"invoice_type": "Avoir", "original_invoice_number": "F-1"}, ["CX216"]),
    ({"invoice_type": "Avoir", "original_invoice_number": "A" * 20}, []),
    ({"invoice_type": "Avoir", "original_invoice_number": "A" * 21}, ["CX217"]),
    ({"original_invoice_number": "F-0"}, ["CX215?"]),
    # free texts
    ({"comment": "a" * 200}, []),
    ({"comment": "a" * 201}, ["CX218"]),
    ({"comment": "deux\nlignes"}, []),
    ({"comment": "a\x07"}, ["CX219"]),
    ({"engagement_number": "45\u200b00"}, ["CX219"]),
    # budget and scope
    ({"budget": None}, ["CX220"]),
    ({"budget": "Grand Belfort – Eaux"}, ["CX221"]),
    ({"budget": "Paris – Voirie"}, ["CX222"]),
    ({"contract_scope": None}, ["CX223"]),
    ({"recipient_siret": None, "service_code": None}, ["CX225"]),
    ({"recipient_siret": "20006905200013"}, ["CX226"]),
    ({"service_code": "FACTURES_SUR_MARCHE"}, ["CX227"]),
    ({"service_code": None}, ["CX227"]),
    # SIRET
    ({"recipient_siret": "2000690520009"}, ["CX226", "CX228"]),
    ({"recipient_siret": "00000000000000"}, ["CX226", "CX229"]),
    ({"recipient_siret": "20006905200097"}, ["CX226", "CX230"]),
    (CFA, ["CX231"]),
    # references
    ({"engagement_number": "E" * 50, "contract_number": ""}, []),
    ({"engagement_number": "E" * 51}, ["CX241"]),
    ({"contract_scope": "Sur marché", "service_code": "FACTURES_SUR_MARCHE", "contract_number": "M" * 51}, ["CX242"]),
    ({"service_code": "S" * 101}, ["CX227", "CX243"]),
    ({"contract_scope": "Sur marché", "service_code": "FACTURES_SUR_MARCHE"}, ["CX244?"]),
    ({"contract_number": "M-1"}, ["CX245?"]),
    # amounts
    ({"total_without_vat": None}, ["CX250"]),
    ({"total_vat": None, "total_with_vat": None}, ["CX250", "CX250"]),
    ({"total_without_vat": -100.0, "total_vat": -20.0, "total_with_vat": -120.0}, ["CX251", "CX251", "CX251"]),
    ({"invoice_type": "Avoir", "original_invoice_number": "F-0", "total_with_vat": -120.0}, ["CX251", "CX253"]),
    ({"total_without_vat": 0.0, "total_vat": 0.0, "total_with_vat": 0.0}, ["CX252?"]),
    ({"total_with_vat": 120.01}, ["CX253"]),
    # VAT against its rate: a cent is rounding, less than a euro a doubt, a euro an error
    ({"total_vat": 20.01, "total_with_vat": 120.01}, []),
    ({"total_vat": 20.02, "total_with_vat": 120.02}, ["CX254?"]),
    ({"total_vat": 19.01, "total_with_vat": 119.01}, ["CX254?"]),
    ({"total_vat": 19.0, "total_with_vat": 119.0}, ["CX254"]),
    ({"total_without_vat": 0.25, "total_vat": 0.05, "total_with_vat": 0.3}, []),
    ({"vat_rate": 0.19}, ["CX255"]),
    ({"vat_rate": 0.196, "total_vat": 19.6, "total_with_vat": 119.6}, ["CX256?"]),
    ({"vat_rate": 0.0}, ["CX257"]),
    ({"vat_rate": 0.0, "total_vat": 0.0, "total_with_vat": 100.0}, []),
    ({"vat_rate": None}, ["CX258"]),
    ({"vat_rate": None, "total_vat": 0.0, "total_with_vat": 100.0}, ["CX259?"]),
    (MULTIPLE, ["CX260"]),
    # names of files
    ({"pdf_file": None}, ["CX280"]),
    ({"pdf_file": "F-1.PDF"}, []),
    ({"pdf_file": "F-1.docx"}, ["CX283"]),
    ({"pdf_file": "a" * 46 + ".pdf"}, []),
    ({"pdf_file": "a" * 47 + ".pdf"}, ["CX288"]),
    ({"pdf_file": "C:\\Factures\\" + "x" * 40 + "\\F-1.pdf"}, []),
    ({"pdf_file": "F&1.pdf"}, ["CX289?"]),
    ({"attachments": "bon.pdf; photo.JPG ;"}, []),
    ({"attachments": "bon"}, ["CX290"]),
    ({"attachments": "macro.exe"}, ["CX290"]),
    ({"attachments": "a" * 47 + ".pdf"}, ["CX288"]),
    ({"attachments": "bon#1.pdf"}, ["CX289?"]),
    ({"attachments": "bon.pdf;BON.pdf"}, ["CX292?", "CX292?"]),
    ({"attachments": "F-1.pdf"}, ["CX292?"]),
]


@pytest.mark.parametrize(("change", "codes"), ROWS, ids=[f"{change}"[:60] for change, _ in ROWS])
def test_a_row_gets_what_it_deserves_and_nothing_more(change: Row, codes: list[str]) -> None:
    assert said(judged(change)) == codes


def test_all_findings_of_a_row_come_at_once() -> None:
    findings = judged({"invoice_number": "é" * 21, "issue_date": TODAY + DAY, "total_with_vat": 1.0, "pdf_file": None})

    assert said(findings) == ["CX202", "CX203", "CX210", "CX253", "CX280"]


def test_a_cell_that_reading_refused_is_not_called_blank_on_top() -> None:
    broken = {column.attribute: BadCell("#N/A") for column in INVOICES.columns if column.attribute in GOOD}
    batch, findings = read_batch(sheets(broken))

    assert said(findings) == ["CX101"] * len(GOOD)
    assert check(batch, facts()) == ()


def test_twins_are_named_to_each_other() -> None:
    findings = judged({}, {"invoice_number": "F-2"}, {}, {"invoice_number": "f-1"})

    assert [(finding.code, finding.row, finding.params["rows"]) for finding in findings] == [
        ("CX205", 2, "4"),
        ("CX205", 4, "2"),
        ("CX206", 2, "5"),
        ("CX206", 4, "5"),
        ("CX206", 5, "2"),
    ]


def test_a_whole_month_of_one_number_is_said_without_naming_every_row() -> None:
    findings = judged(*[{}] * 40)

    assert len(findings) == 40
    assert findings[0].params["rows"] == "3, 4, 5, 6, 7, 8, 9, 10, 11, 12, …"
    assert judged(*[{}] * 11)[0].params["rows"] == "3, 4, 5, 6, 7, 8, 9, 10, 11, 12"


KNOWN = KnownDeposit(State.ACCEPTED, "2026-10-31", "20006905200096", "120.00")
CORRECTABLE = SENDABLE | {State.CONTRADICTED}  # there the row may be the one that is wrong
DEPOSITS: list[tuple[KnownDeposit, list[str]]] = [
    (KNOWN, []),
    (replace(KNOWN, issue_date="2026-10-30"), ["CX207"]),
    (replace(KNOWN, recipient_siret="20006905200013", total_with_vat="12.00"), ["CX207", "CX207"]),
    (replace(KNOWN, issue_date="2025-10-31"), ["CX208"]),
    (KnownDeposit(State.IN_DOUBT), []),
    *[(KnownDeposit(state, "2025-01-01", total_with_vat="1.00"), ["CX208"]) for state in set(State) - CORRECTABLE],
    *[(KnownDeposit(state, "2025-01-01", total_with_vat="1.00"), []) for state in CORRECTABLE],
]


@pytest.mark.parametrize(("known", "codes"), DEPOSITS, ids=[str(known)[13:90] for known, _ in DEPOSITS])
def test_a_number_stays_with_the_invoice_it_was_sent_for(known: KnownDeposit, codes: list[str]) -> None:
    assert said(judged({}, deposits={"F-1": known})) == codes


PDF = RowFiles(FileFacts("F-1.pdf", "F-1.pdf", size=50_000, sha256="aa"))
ELSEWHERE: list[tuple[str, str, KnownDeposit, list[str]]] = [
    ("the same invoice under another number", "X-9", replace(KNOWN, pdf_sha256="aa"), ["CX278"]),
    ("its PDF for another amount", "X-9", replace(KNOWN, pdf_sha256="aa", total_with_vat="1.00"), ["CX279?"]),
    ("another PDF", "X-9", replace(KNOWN, pdf_sha256="bb"), []),
    ("a PDF that the journal did not keep", "X-9", KNOWN, []),
    ("a number that differs by case", "f-1", replace(KNOWN, pdf_sha256="bb"), ["CX269?"]),
    ("both", "f-1", replace(KNOWN, pdf_sha256="aa"), ["CX269?", "CX278"]),
    ("refused, so free to leave", "X-9", replace(KNOWN, state=State.REFUSED, pdf_sha256="aa"), []),
    ("in doubt, so perhaps gone", "X-9", replace(KNOWN, state=State.IN_DOUBT, pdf_sha256="aa"), ["CX278"]),
]


@pytest.mark.parametrize(("number", "known", "codes"), [case[1:] for case in ELSEWHERE], ids=[c[0] for c in ELSEWHERE])
def test_an_invoice_does_not_leave_under_two_numbers(number: str, known: KnownDeposit, codes: list[str]) -> None:
    assert said(judged({"invoice_number": "F-1"}, deposits={number: known}, files={2: PDF})) == codes


def test_a_wrong_key_is_only_doubted_where_the_platform_invents_them() -> None:
    assert said(judged(CFA, environment=Environment.QUALIFICATION)) == ["CX231?"]
    assert said(judged(CFA, environment=Environment.PRODUCTION)) == ["CX231"]


def test_a_wrong_key_shows_the_candidate() -> None:
    (finding,) = judged(CFA)

    assert finding.params == {"value": "20006905200175", "candidates": "21900010600175"}


MONTHS: list[tuple[str, Row, Sequence[Row], list[str]]] = [
    ("complete", MULTIPLE, [LINE, REST], []),
    ("base differs", MULTIPLE, [LINE, {**REST, "total_without_vat": 41.0, "total_vat": 8.0}], ["CX261", "CX263?"]),
    ("vat differs", MULTIPLE, [LINE, {**REST, "total_vat": 8.02}], ["CX262"]),
    ("vat off its rate", MULTIPLE, [LINE, {**REST, "total_vat": 6.0}], ["CX262", "CX263"]),
    ("rate off the list", MULTIPLE, [LINE, {**REST, "vat_rate": 0.19}], ["CX255"]),
    ("rate obsolete", MULTIPLE, [LINE, {**REST, "vat_rate": 0.196, "total_vat": 7.84}], ["CX262", "CX256?"]),
    ("line without vat", MULTIPLE, [LINE, {**REST, "total_vat": None}], ["CX267"]),
    ("line without rate", MULTIPLE, [LINE, {**REST, "vat_rate": None}], ["CX267"]),
    ("line that says Multiple", MULTIPLE, [LINE, {**REST, "vat_rate": "Multiple"}], ["CX267"]),
    ("lines for one rate", {}, [LINE, REST], ["CX264?"]),
    ("orphan", {}, [{**LINE, "invoice_number": "F-9"}], ["CX266?"]),
    ("line without number", {}, [{**LINE, "invoice_number": None}], ["CX268?"]),
    ("quantity", MULTIPLE, [{**LINE, "quantity": 3.0, "unit_price": 20.0}, REST], []),
    ("quantity, rounded", MULTIPLE, [{**LINE, "quantity": 3.0, "unit_price": 20.0016}, REST], []),
    ("quantity, half a cent", MULTIPLE, [{**LINE, "quantity": 1.0, "unit_price": 60.005}, REST], []),
    ("quantity, a cent off", MULTIPLE, [{**LINE, "quantity": 3.0, "unit_price": 20.004}, REST], ["CX265?"]),
]


@pytest.mark.parametrize(("change", "lines", "codes"), [case[1:] for case in MONTHS], ids=[case[0] for case in MONTHS])
def test_detail_lines_bear_several_rates(change: Row, lines: Sequence[Row], codes: list[str]) -> None:
    assert said(judged(change, lines=lines)) == codes


def test_a_line_is_judged_on_its_own_sheet() -> None:
    (finding,) = judged({}, lines=[{**LINE, "invoice_number": "F-9"}])

    assert (finding.table, finding.row, finding.column) == (LINES.name, 50, "invoice_number")


A9 = "A9_FACTURE_SOUSTRAITANT"
SUPPLIERS: list[tuple[Parameters, list[str]]] = [
    (Parameters(), ["CX270"]),
    (Parameters(supplier_siret="7328293200007"), ["CX271"]),
    (Parameters(supplier_siret="00000000000000"), ["CX271"]),
    (Parameters(supplier_siret="73282932000075"), ["CX272"]),
    (Parameters(supplier_siret=SUPPLIER, billing_framework=A9), ["CX273"]),
    (Parameters(supplier_siret=SUPPLIER, billing_framework=A9, validator_siret="1"), ["CX271"]),
    (Parameters(supplier_siret=SUPPLIER, billing_framework=A9, validator_siret=SUPPLIER), []),
    (Parameters(supplier_siret=SUPPLIER, validator_siret="1"), []),  # not used outside A9 and A12
    (Parameters(supplier_siret=SUPPLIER, company_category="ETI"), ["CX275?"]),
    (Parameters(supplier_siret=SUPPLIER, company_category="PME"), []),
]


@pytest.mark.parametrize(
    ("parameters", "codes"), SUPPLIERS, ids=[f"{codes}-{n}" for n, (_, codes) in enumerate(SUPPLIERS)]
)
def test_the_supplier_is_judged_once_for_the_workbook(parameters: Parameters, codes: list[str]) -> None:
    findings = judged({}, {"invoice_number": "F-2"}, parameters=parameters)

    assert said(findings) == codes
    assert all(finding.row is None for finding in findings)


def test_supplier_keys_are_doubted_in_qualification() -> None:
    wrong = Parameters(supplier_siret="73282932000075")

    assert said(judged({}, parameters=wrong, environment=Environment.QUALIFICATION)) == ["CX272?"]


def test_the_list_of_rules_cannot_grow_at_run_time() -> None:
    assert isinstance(RULES, tuple)
    assert len({rule.__name__ for rule in RULES}) == len(RULES)


def test_an_empty_month_is_judged() -> None:
    assert check(month(), facts()) == ()


def test_every_sentence_on_cells_and_rules_has_a_case_in_these_tables() -> None:
    cases = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    listed = (message.code for message in (*cells.MESSAGES, *rules.MESSAGES))

    by_steps = {"CX130", "CX139"}
    silent = {code for code in listed if code not in by_steps and f'"{code}' not in cases}

    assert silent == set()
