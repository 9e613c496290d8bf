"""What comes out of a workbook: every cell as it stands, every row where it stands."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from chorus_xl.domain.columns import BUDGETS, INVOICES
from chorus_xl.domain.findings import Severity
from chorus_xl.domain.sheets import BadCell
from tests.workbook.sample import (
    FACTURES,
    Edit,
    Formula,
    Sample,
    edit_parts,
    invoice,
    moment,
    opened,
    swap,
)

CELLS = {
    "text": ("Bonjour", "Bonjour"),
    "digits as text": ("00012", "00012"),
    "leading spaces": ("  x ", "  x "),
    "narrow no-break space": ("1\u202f234,56", "1\u202f234,56"),
    "lines": ("a\nb", "a\nb"),
    "number": (2.13e13, 2.13e13),
    "zero": (0, 0.0),
    "day": (date(2026, 3, 1), date(2026, 3, 1)),
    "moment": (moment(2, 10), datetime(2026, 3, 2, 10)),  # noqa: DTZ001
    "true": (True, True),
    "false": (False, False),
    "blank": (None, None),
    "text without a character": ("", ""),
    "formula": (Formula("=1+1", 2), 2.0),
    "formula giving text": (Formula('="a"', "a"), "a"),
    "formula giving an error": (Formula("=NA()", "#N/A"), BadCell("#N/A")),
    "formula dividing by zero": (Formula("=1/0", "#DIV/0!"), BadCell("#DIV/0!")),
    "formula never calculated": (Formula("=1+1", ""), BadCell("")),
}


@pytest.mark.parametrize("date1904", [False, True], ids=["1900", "1904"])
@pytest.mark.parametrize(("written", "expected"), CELLS.values(), ids=CELLS)
def test_a_cell_is_read_as_it_stands(path: Path, written: object, expected: object, date1904: bool) -> None:  # noqa: FBT001
    Sample(invoices=[invoice("F1", comment=written)], date1904=date1904).save(path)

    cell = opened(path).read().invoices.frame["comment"][0]

    assert cell == expected
    assert type(cell) is type(expected)


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (b'<c r="O5" t="str"><f>A1</f><v></v></c>', ""),
        (b'<c r="O5" t="str"><f>A1</f></c>', ""),
        (b'<c r="O5"><f>A1</f></c>', BadCell("")),
        (b'<c r="O5"><f t="shared" si="0"/></c>', BadCell("")),
        (b'<c r="O5" t="e"><v>#REF!</v></c>', BadCell("#REF!")),
        (b'<c r="O5" t="inlineStr"><is><t></t></is></c>', ""),
        (b'<c r="O5" t="inlineStr"><is><t/></is></c>', ""),
        (b'<c r="O5" t="inlineStr"><is><t>a_x000A_b _x005F_x000A_</t></is></c>', "a\nb _x000A_"),
        (b'<c r="O5" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', "ab"),
        (b'<c r="O5" s="0"/>', None),
        (b"", None),
    ],
)
def test_a_cell_that_others_wrote_is_read_as_it_stands(path: Path, xml: bytes, expected: object) -> None:
    Sample(invoices=[invoice("F1", comment=1)]).save(path)
    edit_parts(path, {FACTURES: swap(b'<c r="O5"><v>1</v></c>', xml)})

    cell = opened(path).read().invoices.frame["comment"][0]

    assert cell == expected


def test_two_empty_texts_among_the_shared_ones_are_both_seen(path: Path) -> None:
    Sample(invoices=[invoice("F1", comment="", attachments="x"), invoice("F2", comment="")]).save(path)

    frame = opened(path).read().invoices.frame

    assert frame["comment"].tolist() == ["", ""]
    assert frame["attachments"].tolist() == ["x", None]


def test_columns_are_found_wherever_the_clerk_moved_them(path: Path) -> None:
    rows = [invoice("F1", comment="c", verdict="Prête")]
    Sample(invoices=rows, order=lambda names: sorted(names, reverse=True), extra={"Ma note": "à moi", "Autre": 3}).save(
        path
    )

    frame = opened(path).read().invoices.frame

    assert list(frame.columns) == [column.attribute for column in INVOICES.columns]
    assert [frame[name][0] for name in ("invoice_number", "comment", "verdict", "total_with_vat")] == [
        "F1",
        "c",
        "Prête",
        120.0,
    ]


@pytest.mark.parametrize(
    "header",
    ["montant ttc", "MONTANT TTC", " Montant  TTC ", "Montant\u00a0TTC", "Montant\nTTC"],
)
def test_a_header_typed_another_way_is_the_same_header(path: Path, header: str) -> None:
    Sample(invoices=[invoice("F1")], headers={"total_with_vat": header}).save(path)

    assert opened(path).read().invoices.frame["total_with_vat"].tolist() == [120.0]


@pytest.mark.parametrize("header", ["Facture d’origine", "FACTURE D'ORIGINE"])
def test_an_apostrophe_of_the_other_kind_is_the_same_apostrophe(path: Path, header: str) -> None:
    Sample(invoices=[invoice("F1", original_invoice_number="F0")], headers={"original_invoice_number": header}).save(
        path
    )

    assert opened(path).read().invoices.frame["original_invoice_number"].tolist() == ["F0"]


def test_a_decomposed_accent_is_the_same_accent(path: Path) -> None:
    Sample(invoices=[invoice("F1", attachments="a.pdf")], headers={"attachments": "Pie\u0300ces jointes"}).save(path)

    assert opened(path).read().invoices.frame["attachments"].tolist() == ["a.pdf"]


def test_empty_lines_are_left_out_and_the_others_keep_their_number(path: Path) -> None:
    Sample(invoices=[{}, invoice("F1"), {}, {"comment": ""}, {"verdict": "Prête"}, invoice("F2")]).save(path)

    table = opened(path).read().invoices

    assert table.rows.tolist() == [6, 9, 10]
    assert table.frame["invoice_number"].tolist() == ["F1", None, "F2"]


def test_a_workbook_without_rows_is_read(path: Path) -> None:
    sheets = opened(Sample().save(path)).read()

    assert (len(sheets.invoices.frame), sheets.findings, sheets.parameters) == (0, (), {})
    assert list(sheets.budgets.frame.columns) == [column.attribute for column in BUDGETS.columns]


def test_frames_keep_objects_so_that_none_stays_none(path: Path) -> None:
    frame = opened(Sample(invoices=[invoice("F1"), invoice("F2", total_vat=1.0)]).save(path)).read().invoices.frame

    assert {str(kind) for kind in frame.dtypes} == {"object"}
    assert frame["total_vat"].tolist() == [None, 1.0]


def test_a_row_of_totals_is_no_invoice(path: Path) -> None:
    sheets = opened(Sample(invoices=[invoice("F1")], totals=True).save(path)).read()

    assert sheets.invoices.rows.tolist() == [5]
    assert sheets.findings == ()


def test_rows_under_the_table_are_said(path: Path) -> None:
    Sample(invoices=[invoice("F1")], below=[{}, invoice("PERDUE"), {"comment": "note"}, {"verdict": "x"}]).save(path)

    findings = opened(path).read().findings

    assert [(found.code, found.row, found.severity) for found in findings] == [
        ("CX181", 7, Severity.ERROR),
        ("CX181", 8, Severity.WARNING),
    ]


def test_parameters_come_by_attribute_and_unknown_lines_are_the_clerks_own(path: Path) -> None:
    lines = [("siret du  fournisseur", 21300.0), ("Environnement", "Répétition"), ("Mode de règlement", None), ("x", 1)]
    Sample(parameters=lines).save(path)

    assert opened(path).read().parameters == {
        "supplier_siret": 21300.0,
        "environment": "Répétition",
        "payment_means": None,
    }


def test_tables_are_found_on_renamed_sheets(path: Path) -> None:
    Sample(invoices=[invoice("F1")], sheets={"Factures": "Mars 2026"}).save(path)

    assert opened(path).read().invoices.frame["invoice_number"].tolist() == ["F1"]


def test_a_workbook_open_in_excel_may_be_read(path: Path) -> None:
    Sample(invoices=[invoice("F1")]).save(path)
    path.with_name(f"~${path.name}").write_bytes(b"\x05Marie")

    assert opened(path).read().invoices.rows.tolist() == [5]


def test_the_fingerprint_tells_two_contents_apart(path: Path) -> None:
    before = opened(Sample(invoices=[invoice("F1")]).save(path)).read().fingerprint
    after = opened(Sample(invoices=[invoice("F2")]).save(path)).read().fingerprint

    assert before != after


def test_formatted_blanks_far_away_are_no_reason_to_refuse(path: Path) -> None:
    """Excel counts them in a sheet's dimension; the reader takes no memory for them."""
    Sample(invoices=[invoice("F1")]).save(path)
    far = b'<row r="60000"><c r="XFD60000" s="1"/></row></sheetData>'
    dimension = re.compile(rb'<dimension ref="[^"]*"')
    edit = lambda xml: dimension.sub(b'<dimension ref="A1:XFD60000"', xml.replace(b"</sheetData>", far))  # noqa: E731
    edit_parts(path, {FACTURES: edit})

    assert opened(path).read().invoices.rows.tolist() == [5]


def prefixed(xml: bytes) -> bytes:
    """The same sheet as a writer that prefixes everything would have it."""
    for old, new in (
        (b"</", b"</x:"),
        (b"<", b"<x:"),
        (b"<x:/x:", b"</x:"),
        (b"<x:?", b"<?"),
        (b"xmlns=", b"xmlns:x="),
    ):
        xml = xml.replace(old, new)
    return xml


SHAPES: dict[str, Edit] = {
    "prefix": prefixed,
    "single quotes": lambda xml: xml.replace(b'"', b"'"),
    "comment": swap(b"<sheetData>", b'<sheetData><!-- <row r="9"> -->'),
    "no dimension": lambda xml: re.sub(rb"<dimension[^>]*>", b"", xml),
    "a dimension that lies": lambda xml: re.sub(rb"<dimension[^>]*>", b'<dimension ref="A1"/>', xml),
}


@pytest.mark.parametrize("edit", SHAPES.values(), ids=SHAPES)
def test_a_sheet_of_an_unusual_shape_reads_the_same(path: Path, edit: Edit) -> None:
    Sample(invoices=[invoice("F1", comment=Formula("=NA()", "#N/A")), invoice("F2", comment="")]).save(path)
    edit_parts(path, {FACTURES: edit})

    assert opened(path).read().invoices.frame["comment"].tolist() == [BadCell("#N/A"), ""]
