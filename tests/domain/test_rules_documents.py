"""Files as they were found, and what a PDF's text says against its row."""

from dataclasses import replace

import pytest

from chorus_xl.domain.files import FileFacts, RowFiles
from chorus_xl.domain.supplier import Parameters
from tests.domain.month import SUPPLIER, Row, judged, said

PDF = FileFacts("F-1.pdf", "F-1.pdf", size=50_000, sha256="aa")
ORDER = FileFacts("bon.pdf", "bon.pdf", size=10_000, sha256="bb")
MB = 1_000_000

FOUND: list[tuple[str, RowFiles, list[str]]] = [
    ("in order", RowFiles(PDF, (ORDER,)), []),
    ("missing", RowFiles(replace(PDF, problem="missing", size=0)), ["CX281"]),
    ("outside", RowFiles(replace(PDF, problem="outside", size=0)), ["CX282"]),
    ("empty", RowFiles(replace(PDF, size=0)), ["CX284"]),
    ("10 MB", RowFiles(replace(PDF, size=10 * MB)), []),
    ("more than 10 MB", RowFiles(replace(PDF, size=10 * MB + 1)), ["CX285"]),
    ("encrypted", RowFiles(replace(PDF, problem="encrypted")), ["CX286"]),
    ("encrypted and too large", RowFiles(replace(PDF, problem="encrypted", size=11 * MB)), ["CX286", "CX285"]),
    ("damaged", RowFiles(replace(PDF, problem="damaged")), ["CX287"]),
    ("unreadable", RowFiles(replace(PDF, problem="unreadable", size=0)), ["CX298"]),
    ("a folder", RowFiles(replace(PDF, problem="not_a_file", size=0)), ["CX299"]),
    ("attachment missing", RowFiles(PDF, (replace(ORDER, problem="missing", size=0),)), ["CX281"]),
    ("120 MB", RowFiles(replace(PDF, size=10 * MB), (replace(ORDER, size=10 * MB),) * 11), []),
    ("more than 120 MB", RowFiles(replace(PDF, size=10 * MB), (replace(ORDER, size=10 * MB),) * 12), ["CX291"]),
]


@pytest.mark.parametrize(("files", "codes"), [case[1:] for case in FOUND], ids=[case[0] for case in FOUND])
def test_a_file_is_judged_as_it_was_found(files: RowFiles, codes: list[str]) -> None:
    assert said(judged({}, files={2: files})) == codes


def test_one_pdf_on_two_rows_is_doubted_on_both() -> None:
    findings = judged({}, {"invoice_number": "F-2"}, files={2: RowFiles(PDF), 3: RowFiles(PDF)})

    assert [(finding.code, finding.row, finding.params["rows"]) for finding in findings] == [
        ("CX293", 2, "3"),
        ("CX293", 3, "2"),
    ]


def test_a_row_nobody_looked_at_is_not_judged() -> None:
    assert judged({}, files={}) == ()


SHEET = """Menuiserie Martin  SIRET 732 829 320 00074  RCS Belfort
Grand Belfort - Eau   SIRET : 200 069 052 00096
IBAN FR76 3000 6000 0112 3456 7890 189   Tél. 03 84 00 00 00
FACTURE N° F-1 du 31/10/2026     N° d'engagement : 4500012345
Total HT 100,00 €   TVA 20 %  20,00 €
Total TTC : 120,00 €     Net à payer 120,00 €
"""

ENGAGED: Row = {"engagement_number": "4500012345"}
TEXTS: list[tuple[str, str, Row, list[str]]] = [
    # sampled
    ("agrees", SHEET, ENGAGED, []),
    ("no text layer", "", ENGAGED, []),
    ("no labels", "Merci de votre confiance. 14/10/2026 12,50", ENGAGED, []),
    ("another recipient", SHEET.replace("200 069 052 00096", "219 000 106 00019"), ENGAGED, ["CX294"]),
    ("a recipient whose key is wrong", SHEET.replace("200 069 052 00096", "200 069 052 00097"), ENGAGED, []),
    ("both recipients", SHEET + "\nCopie : 21900010600019", ENGAGED, []),
    ("another establishment of ours", SHEET.replace("200 069 052 00096", "732 829 320 00090"), ENGAGED, []),
    ("another number", SHEET.replace("F-1", "F-7"), ENGAGED, ["CX295"]),
    ("number labelled the other way", "N° de facture : F-7", {}, ["CX295"]),
    ("number in words", "la facture n° de commande", {}, []),
    ("our number elsewhere", "Facture n° 2026 réf. F-1", {}, []),
    ("another engagement", SHEET.replace("4500012345", "4500099999"), ENGAGED, ["CX296"]),
    ("an order number", "Bon de commande n° BC-12", {"engagement_number": "BC-12"}, []),
    ("engagement not typed", SHEET, {}, []),
    ("another total", SHEET.replace("120,00", "1 420,00"), ENGAGED, ["CX297"]),
    ("one total of two", SHEET.replace("payer 120,00", "payer 60,00"), ENGAGED, []),
    ("total of a table, under its header", "Total HT   TVA   Total TTC\n100,00  20,00  120,00", {}, []),
    (
        "origin of a credit note",
        "Avoir sur facture n° F-0",
        {"invoice_type": "Avoir", "original_invoice_number": "F-0"},
        [],
    ),
]


@pytest.mark.parametrize(("text", "change", "codes"), [case[1:] for case in TEXTS], ids=[case[0] for case in TEXTS])
def test_only_a_clear_contradiction_of_the_pdf_is_said(text: str, change: Row, codes: list[str]) -> None:
    findings = judged(change, files={2: RowFiles(replace(PDF, text=text))})

    assert said(findings) == [code + "?" for code in codes]


def test_a_contradiction_names_both_values() -> None:
    text = SHEET.replace("200 069 052 00096", "219 000 106 00019")
    (finding,) = judged(ENGAGED, files={2: RowFiles(replace(PDF, text=text))})

    assert finding.params == {"value": "20006905200096", "found": "21900010600019"}


def test_large_totals_are_compared_to_the_cent() -> None:
    change: Row = {"total_without_vat": 1028.80, "total_vat": 205.76, "total_with_vat": 1234.56}

    for amount, codes in (("1\u202f234,56", []), ("1.234,56", []), ("1234,56", []), ("1 234,55", ["CX297?"])):
        files = {2: RowFiles(replace(PDF, text=f"Total TTC {amount} EUR"))}
        assert said(judged(change, files=files)) == codes


def test_without_a_supplier_any_other_siret_counts() -> None:
    findings = judged({}, files={2: RowFiles(replace(PDF, text=f"SIRET {SUPPLIER}"))}, parameters=Parameters())

    assert said(findings) == ["CX270", "CX294?"]
