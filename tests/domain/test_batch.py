"""From rows to typed columns, and from a row to the invoice that leaves."""

from datetime import date
from decimal import Decimal

import pytest

from chorus_xl.domain.batch import read_batch
from chorus_xl.domain.columns import INVOICES, Writer
from chorus_xl.domain.invoice import VatShare
from chorus_xl.domain.sheets import BadCell
from chorus_xl.domain.supplier import Parameters, read_parameters
from tests.domain.month import EAU, GOOD, LINE, SUPPLIER, Row, month, said, sheets

PARAMETERS = Parameters(supplier_siret=SUPPLIER)


def test_a_row_becomes_its_invoice() -> None:
    invoice = month({"attachments": "a.pdf; b.png ;", "comment": "Merci"}).invoice(0, PARAMETERS)

    assert invoice.row == 2
    assert invoice.supplier_siret == SUPPLIER
    assert invoice.recipient_siret == EAU
    assert invoice.issue_date == date(2026, 10, 31)
    assert invoice.attachments == ("a.pdf", "b.png")
    assert (str(invoice.total_without_vat), str(invoice.total_vat), str(invoice.total_with_vat)) == (
        *("100.00", "20.00"),
        "120.00",
    )
    assert invoice.vat_shares == (VatShare(Decimal(20), Decimal("100.00"), Decimal("20.00")),)
    assert not invoice.is_credit_note


def test_a_credit_note_leaves_with_positive_amounts() -> None:
    invoice = month({"invoice_type": "Avoir", "original_invoice_number": "F-0"}).invoice(0, PARAMETERS)

    assert invoice.is_credit_note
    assert invoice.total_with_vat == Decimal("120.00")


NO_VAT: Row = {"vat_rate": 0.0, "total_vat": 0.0, "total_with_vat": 100.0}
ZERO = VatShare(Decimal(0), Decimal("100.00"), Decimal("0.00"))
EXEMPTIONS = [("", (), ""), ("VATEX-FR-FRANCHISE", (ZERO,), "VATEX-FR-FRANCHISE")]


@pytest.mark.parametrize(("reason", "shares", "sent"), EXEMPTIONS, ids=["without VAT", "exempt"])
def test_a_rate_of_zero_is_exempt_only_with_a_reason(reason: str, shares: tuple[VatShare, ...], sent: str) -> None:
    invoice = month(NO_VAT).invoice(0, Parameters(exemption_reason=reason))

    assert invoice.vat_shares == shares
    assert invoice.exemption_reason == sent


def test_an_invoice_with_vat_bears_no_reason_of_exemption() -> None:
    assert month({}).invoice(0, Parameters(exemption_reason="VATEX-FR-FRANCHISE")).exemption_reason == ""


def test_several_rates_are_summed_by_rate() -> None:
    low = {**LINE, "vat_rate": 0.055, "total_without_vat": 20.0, "total_vat": 1.1}
    batch = month(
        {"vat_rate": "Multiple"},
        {"invoice_number": "F-2", "vat_rate": "Multiple"},
        lines=[LINE, low, {**LINE, "invoice_number": "F-2"}, {**LINE, "total_without_vat": 40.0, "total_vat": 8.0}],
    )

    assert batch.invoice(0, PARAMETERS).vat_shares == (
        VatShare(Decimal("5.5"), Decimal("20.00"), Decimal("1.10")),
        VatShare(Decimal(20), Decimal("100.00"), Decimal("20.00")),
    )
    assert batch.invoice(1, PARAMETERS).vat_shares == (VatShare(Decimal(20), Decimal("60.00"), Decimal("12.00")),)


def test_a_number_typed_as_a_number_finds_its_lines_typed_as_text() -> None:
    batch, findings = read_batch(sheets({**GOOD, "invoice_number": 2026.0}, lines=[{**LINE, "invoice_number": "2026"}]))

    assert batch.lines.positions.tolist() == [0]
    assert said(findings) == ["CX112?"]


def test_unit_prices_may_be_finer_than_a_cent() -> None:
    _, findings = read_batch(sheets(GOOD, lines=[{**LINE, "quantity": 1000.5, "unit_price": 0.059970}]))

    assert findings == ()


def test_an_empty_month_is_a_batch() -> None:
    batch, findings = read_batch(sheets())

    assert len(batch) == 0
    assert findings == ()


def test_an_empty_text_is_said_only_where_a_value_is_required() -> None:
    typed_in = [column.attribute for column in INVOICES.written_by(Writer.CLERK)]

    _, findings = read_batch(sheets(dict.fromkeys(typed_in, "")))

    assert {finding.column for finding in findings} == GOOD.keys() - {"recipient_siret", "service_code"}
    assert set(said(findings)) == {"CX102"}


def test_a_finding_stands_at_its_row_column_and_table() -> None:
    _, findings = read_batch(sheets(GOOD, {**GOOD, "total_vat": BadCell("#N/A")}, lines=[{**LINE, "quantity": "x"}]))

    assert [(finding.table, finding.row, finding.column) for finding in findings] == [
        ("tblFactures", 3, "total_vat"),
        ("tblLignes", 50, "quantity"),
    ]


PARAMETER_CELLS: list[tuple[str, object, str, list[str]]] = [
    ("supplier_siret", "73282932000074", "73282932000074", []),
    ("supplier_siret", 73282932000074.0, "73282932000074", ["CX277?"]),
    ("supplier_siret", "732 829 320 00074", "73282932000074", ["CX277?"]),
    ("supplier_siret", "7,33E+13", "", ["CX276"]),
    ("supplier_siret", None, "", []),
    ("environment", "Production", "production", []),
    ("environment", "PRODUCTION", "production", ["CX277?"]),
    ("environment", "Prod", "repetition", ["CX274"]),
    ("payment_means", "CHEQUE", "CHEQUE", []),
    ("payment_means", 3.0, "VIREMENT", ["CX274"]),
    ("billing_framework", "  ", "A1_FACTURE_FOURNISSEUR", []),
    ("technical_login", BadCell("#NOM?"), "", ["CX276"]),
    ("hotline", 477783957.0, "477783957", ["CX277?"]),
]


@pytest.mark.parametrize(
    ("attribute", "cell", "value", "codes"), PARAMETER_CELLS, ids=[f"{case[0]}={case[1]!r}" for case in PARAMETER_CELLS]
)
def test_a_parameter_is_read_or_its_default_is_said(attribute: str, cell: object, value: str, codes: list[str]) -> None:
    parameters, findings = read_parameters({attribute: cell})

    assert getattr(parameters, attribute) == value
    assert said(findings) == codes
