"""Cells as clerks leave them: what is read, and what is said."""

import datetime as dt
from collections.abc import Callable

import numpy as np
import pytest

from chorus_xl.domain.columns import INVOICES, Column
from chorus_xl.domain.sheets import BadCell
from chorus_xl.domain.values import Cells, Reading, read_choices, read_days, read_sirets, read_texts
from tests.domain.month import said

CODE, TEXT = INVOICES.column("invoice_number"), INVOICES.column("comment")
DAY, TYPE, SIRET = INVOICES.column("issue_date"), INVOICES.column("invoice_type"), INVOICES.column("recipient_siret")


def read(
    reader: Callable[[Cells], Reading], column: Column, *raw: object, required: bool = False
) -> tuple[list[object], list[str]]:
    """The values, and the codes found: an error's bare, a warning's with a question mark."""
    reading = reader(Cells("tblFactures", column, np.arange(2, 2 + len(raw)), raw, required))
    return reading.values.tolist(), said(reading.findings)


CODES: list[tuple[object, str, str]] = [
    # sampled
    ("F-2026/001", "F-2026/001", ""),
    (None, "", ""),
    ("", "", ""),
    (20261001.0, "20261001", "CX112?"),
    (20261001, "20261001", "CX112?"),
    (" F-1 ", "F-1", "CX111?"),
    ("\u00a0F-1", "F-1", "CX111?"),
    # bugs seen in workbooks
    ("2,13E+13", "", "CX114"),
    ("2.13E+13", "", "CX114"),
    (2.13e15, "", "CX113"),
    (12.5, "", "CX113"),
    (-3.0, "", "CX113"),
    (float("nan"), "", "CX113"),
    (float("inf"), "", "CX113"),
    (dt.date(2026, 10, 1), "", "CX115"),
    (dt.datetime(2026, 10, 1, 8, 30), "", "CX115"),  # noqa: DTZ001 - Excel's dates are naive
    (True, "", "CX104"),
    (BadCell("#N/A"), "", "CX101"),
    (BadCell(""), "", "CX103"),
    (b"F-1", "", "CX110"),
    # digits that are none for the platform stay what they are, for the rules to refuse
    ("3²", "3²", ""),
    ("⑱", "⑱", ""),
    ("１２３", "１２３", ""),
]


@pytest.mark.parametrize(("cell", "value", "code"), CODES, ids=[repr(cell) for cell, _, _ in CODES])
def test_an_identifier_is_read_exactly_or_said(cell: object, value: str, code: str) -> None:
    assert read(read_texts, CODE, cell) == ([value], [code] if code else [])


def test_three_kinds_of_nothing_give_three_answers_where_a_value_is_required() -> None:
    assert read(read_texts, CODE, None, "", "  ", required=True) == (["", "", ""], ["CX102", "CX105"])
    assert read(read_texts, CODE, 0.0, required=True) == (["0"], ["CX112?"])


def test_a_scientific_text_is_found_in_an_otherwise_clean_column() -> None:
    assert read(read_texts, CODE, "F-1", "1E+12", None) == (["F-1", "", ""], ["CX114"])


def test_an_unreadable_cell_is_marked_so_that_no_rule_calls_it_blank() -> None:
    reading = read_texts(Cells("tblFactures", CODE, np.arange(2, 5), ["F-1", BadCell("#REF!"), None]))

    assert reading.unreadable.tolist() == [False, True, False]


TEXTS: list[tuple[object, str, str]] = [
    ("Prestation d'octobre", "Prestation d'octobre", ""),
    (" Prestation ", "Prestation", ""),
    (2026.0, "2026", "CX106?"),
    (dt.date(2026, 10, 31), "31/10/2026", "CX106?"),
    (dt.time(8, 30), "08:30:00", "CX106?"),
    (False, "", "CX104"),
]


@pytest.mark.parametrize(("cell", "value", "code"), TEXTS, ids=[repr(cell) for cell, _, _ in TEXTS])
def test_a_free_text_takes_what_excel_shows(cell: object, value: str, code: str) -> None:
    assert read(read_texts, TEXT, cell) == ([value], [code] if code else [])


SIRETS: list[tuple[object, str, str]] = [
    ("20006905200013", "20006905200013", ""),
    ("200 069 052 00013", "20006905200013", "CX116?"),
    ("200\u202f069\u00a0052 00013", "20006905200013", "CX116?"),
    (20006905200013.0, "20006905200013", "CX117?"),
    (5520135900012.0, "05520135900012", "CX117?"),  # Excel dropped the zero
    (123.0, "123", "CX117?"),  # too short to be a SIRET without its zeros: the rules refuse it
    ("2,13E+13", "", "CX114"),
    ("2,0006905 E+13", "", "CX114"),
    (2.0006905200013e16, "", "CX113"),
    ("2130 00 A", "213000A", "CX116?"),
]


@pytest.mark.parametrize(("cell", "value", "code"), SIRETS, ids=[repr(cell) for cell, _, _ in SIRETS])
def test_a_siret_is_read_as_its_digits(cell: object, value: str, code: str) -> None:
    assert read(read_sirets, SIRET, cell) == ([value], [code] if code else [])


CHOICES: list[tuple[object, str, str]] = [
    ("Avoir", "Avoir", ""),
    (None, "", ""),
    ("avoir", "Avoir", "CX141?"),
    (" FACTURE ", "Facture", "CX141?"),
    ("Devis", "", "CX142"),
    (1.0, "", "CX142"),
    (dt.date(2026, 1, 1), "", "CX142"),
    (True, "", "CX104"),
]


@pytest.mark.parametrize(("cell", "value", "code"), CHOICES, ids=[repr(cell) for cell, _, _ in CHOICES])
def test_a_choice_is_one_of_the_list(cell: object, value: str, code: str) -> None:
    assert read(read_choices, TYPE, cell) == ([value], [code] if code else [])


OCTOBER = dt.date(2026, 10, 31)
DAYS: list[tuple[object, dt.date | None, str]] = [
    (OCTOBER, OCTOBER, ""),
    (dt.datetime(2026, 10, 31, 17, 5), OCTOBER, ""),  # noqa: DTZ001 - Excel's dates are naive
    (None, None, ""),
    ("31/10/2026", None, "CX121"),
    ("2026-10-31", None, "CX121"),
    ("31.10.2026", None, "CX121"),
    ("2026-10-31T08:00:00", None, "CX121"),
    ("31/02/2026", None, "CX123"),
    ("３１/10/2026", None, "CX123"),
    ("fin octobre", None, "CX123"),
    (46326.0, None, "CX122"),
    (46326, None, "CX122"),
    (31102026.0, None, "CX123"),
    (0.0, None, "CX123"),
    (float("nan"), None, "CX123"),
    (float("inf"), None, "CX123"),
    (dt.time(8), None, "CX123"),
    (dt.timedelta(1), None, "CX123"),
    (True, None, "CX104"),
    (BadCell("#VALEUR!"), None, "CX101"),
]


@pytest.mark.parametrize(("cell", "value", "code"), DAYS, ids=[repr(cell) for cell, _, _ in DAYS])
def test_a_date_is_a_real_one_or_an_error(cell: object, value: dt.date | None, code: str) -> None:
    assert read(read_days, DAY, cell) == ([value], [code] if code else [])


@pytest.mark.parametrize("cell", ["31/10/2026", "2026-10-31", 46326.0])
def test_a_date_that_can_be_guessed_is_proposed(cell: object) -> None:
    reading = read_days(Cells("tblFactures", DAY, np.arange(2, 3), [cell]))

    assert reading.findings[0].params["proposal"] == "31/10/2026"


def test_the_first_of_march_of_1900_and_the_last_day_of_excel_are_days() -> None:
    first, last = dt.date(1900, 3, 1), dt.date(9999, 12, 31)

    assert read(read_days, DAY, first, last) == ([first, last], [])
