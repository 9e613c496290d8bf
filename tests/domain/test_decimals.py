"""Amounts and rates: exact, or an error that proposes."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus_xl.domain.columns import INVOICES, Column
from chorus_xl.domain.decimals import NO_RATE, SEVERAL, parse_amount, read_amounts, read_rates
from chorus_xl.domain.sheets import BadCell
from chorus_xl.domain.values import Cells, Odd
from tests.domain.month import said

MONEY, RATE = INVOICES.column("total_without_vat"), INVOICES.column("vat_rate")


def cells(column: Column, *raw: object, required: bool = True) -> Cells:
    return Cells("tblFactures", column, np.arange(2, 2 + len(raw)), raw, required)


AMOUNTS: list[tuple[object, int | None, str, str]] = [
    # sampled
    (1234.56, 123456, "", ""),
    (1234, 123400, "", ""),
    (0.0, 0, "", ""),
    (-0.0, 0, "", ""),
    (-12.3, -1230, "", ""),
    (0.1 + 0.2, 30, "", ""),  # a formula's binary noise
    (1.1 * 3, 330, "", ""),
    (9999999999999.99, 999999999999999, "", ""),
    # bugs seen in workbooks
    (12.345, None, "CX133", ""),
    (0.001, None, "CX133", ""),
    ("1\u202f234,56", None, "CX131", "1234,56"),
    ("1\u00a0234,56", None, "CX131", "1234,56"),
    ("1 234,56 €", None, "CX131", "1234,56"),
    ("1.234,56", None, "CX131", "1234,56"),
    ("1,234.56", None, "CX131", "1234,56"),
    ("1.234.567,80", None, "CX131", "1234567,80"),
    ("1234.56", None, "CX131", "1234,56"),
    ("−12,00", None, "CX131", "-12,00"),
    ("1.234", None, "CX132", ""),  # 1,234 or 1234: two readings
    ("12,345", None, "CX132", ""),
    ("1E+3", None, "CX132", ""),
    ("3²", None, "CX132", ""),
    ("⑱", None, "CX132", ""),
    ("１２", None, "CX132", ""),
    ("douze", None, "CX132", ""),
    ("", None, "CX102", ""),
    (" ", None, "CX105", ""),
    (True, None, "CX104", ""),
    (BadCell("#DIV/0!"), None, "CX101", ""),
    (BadCell(""), None, "CX103", ""),
    (float("nan"), None, "CX135", ""),
    (float("inf"), None, "CX134", ""),
    (1e13, None, "CX134", ""),
    (10**400, None, "CX134", ""),
    (dt.date(2026, 10, 31), None, "CX135", ""),
    (dt.timedelta(hours=30), None, "CX135", ""),
]


@pytest.mark.parametrize(("cell", "cents", "code", "proposal"), AMOUNTS, ids=[repr(case[0])[:30] for case in AMOUNTS])
def test_an_amount_is_exact_or_an_error(cell: object, cents: int | None, code: str, proposal: str) -> None:
    amounts = read_amounts(cells(MONEY, cell))

    assert amounts.present.tolist() == [cents is not None]
    assert amounts.units.tolist() == [cents or 0]
    assert said(amounts.findings) == ([code] if code else [])
    assert [finding.params.get("proposal", "") for finding in amounts.findings] == ([proposal] if code else [])


def test_blank_zero_and_empty_text_are_three_things() -> None:
    amounts = read_amounts(cells(MONEY, None, 0.0, ""))

    assert amounts.present.tolist() == [False, True, False]
    assert amounts.unreadable.tolist() == [False, False, True]


def test_an_optional_empty_text_is_a_blank() -> None:
    amounts = read_amounts(cells(MONEY, "", 2.0, required=False))

    assert amounts.present.tolist() == [False, True]
    assert amounts.findings == ()


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_every_amount_that_excel_can_hold_is_read_to_the_cent(cents: int) -> None:
    number = float(Decimal(cents).scaleb(-2))

    assert parse_amount(number) == cents
    assert read_amounts(cells(MONEY, number)).units.tolist() == [cents]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_columns_and_single_cells_agree_with_the_reference(number: float) -> None:
    reference = Decimal(format(number, ".15g"))
    exact = (
        abs(reference) < 10**13 and reference == reference.quantize(Decimal("0.01")) if abs(number) < 1e20 else False
    )

    amounts = read_amounts(cells(MONEY, number))

    assert amounts.present.tolist() == [exact]
    assert isinstance(parse_amount(number), Odd) is not exact
    if exact:
        assert amounts.euros(0) == reference


@given(st.lists(st.one_of(st.none(), st.floats(), st.integers(), st.text(), st.booleans()), max_size=8))
def test_a_column_is_read_as_its_cells_are_singly(raw: list[object]) -> None:
    together = read_amounts(cells(MONEY, *raw))
    singly = [read_amounts(cells(MONEY, cell)) for cell in raw]

    assert together.units.tolist() == [one.units[0] for one in singly]
    assert together.present.tolist() == [one.present[0] for one in singly]
    assert [finding.code for finding in together.findings] == [
        finding.code for one in singly for finding in one.findings
    ]


RATES: list[tuple[object, int, str, str]] = [
    (0.2, 2000, "", ""),
    (0.055, 550, "", ""),
    (0.0105, 105, "", ""),
    (0.0, 0, "", ""),
    (0, 0, "", ""),
    (None, NO_RATE, "", ""),
    ("Multiple", SEVERAL, "", ""),
    ("multiple", SEVERAL, "CX141?", ""),
    (20.0, NO_RATE, "CX136", "20 %"),
    (5.5, NO_RATE, "CX136", "5,5 %"),
    (20, NO_RATE, "CX136", "20 %"),
    ("20 %", NO_RATE, "CX137", "20 %"),
    ("20%", NO_RATE, "CX137", "20 %"),
    ("5,5\u00a0%", NO_RATE, "CX137", "5,5 %"),
    ("20", NO_RATE, "CX137", "20 %"),
    ("0,2", NO_RATE, "CX137", "20 %"),
    ("0.055", NO_RATE, "CX137", "5,5 %"),
    ("vingt", NO_RATE, "CX138", ""),
    (-0.2, NO_RATE, "CX138", ""),
    (0.20123, NO_RATE, "CX138", ""),
    (99.0, NO_RATE, "CX136", "99 %"),
    (100.0, NO_RATE, "CX138", ""),
    (2000.0, NO_RATE, "CX138", ""),
    (float("nan"), NO_RATE, "CX138", ""),
    ("", NO_RATE, "CX102", ""),
    (True, NO_RATE, "CX104", ""),
]


@pytest.mark.parametrize(("cell", "points", "code", "proposal"), RATES, ids=[repr(case[0]) for case in RATES])
def test_a_rate_is_a_real_percentage_or_the_word(cell: object, points: int, code: str, proposal: str) -> None:
    rates = read_rates(cells(RATE, cell))

    assert rates.basis_points.tolist() == [points]
    assert said(rates.findings) == ([code] if code else [])
    assert [finding.params.get("proposal", "") for finding in rates.findings] == ([proposal] if code else [])


def test_several_and_plain_rates_share_a_column() -> None:
    assert read_rates(cells(RATE, 0.2, "Multiple", None)).basis_points.tolist() == [2000, SEVERAL, NO_RATE]
