"""Junk thrown at every parser of cells: a value or a finding with its sentence, never an exception."""

import datetime as dt
import inspect
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

from chorus_xl import messages
from chorus_xl.domain import decimals, texts, values
from chorus_xl.domain.batch import read_batch
from chorus_xl.domain.budgets import read_budgets
from chorus_xl.domain.columns import BUDGETS, INVOICES, LINES
from chorus_xl.domain.parameters import PARAMETERS, Environment
from chorus_xl.domain.rules import check
from chorus_xl.domain.sheets import BadCell, Sheets
from chorus_xl.domain.supplier import read_parameters
from chorus_xl.domain.values import Cells
from tests.domain.month import LEAFLET, facts, table

JUNK: tuple[object, ...] = (
    *(None, "", " ", "\u00a0", "\u202f", "\ufeff", "\x00", "\n", "a\x07b", "💶", "é" * 300, "=1+1", "'", "#N/A"),
    *(0, 0.0, -0.0, 1.0, -1, 1e300, -1e300, 10**400, float("nan"), float("inf"), float("-inf"), 1e-320),
    *("3²", "⑱", "１２３", "٣", "2,13E+13", "1e999", "-", ",", "%", "%%", "€", "--1", "1,,2", "31/31/2026", "0/0/0000"),
    *(True, False, BadCell("#N/A"), BadCell(""), dt.date.min, dt.date.max, dt.time(1), dt.timedelta(-1)),
    *(b"x", [], {}, (), object(), 1j, np.float64(12.5), np.int64(3), np.bool_(1), np.str_("x"), Exception("x")),
)  # fmt: skip

MODULES: tuple[ModuleType, ...] = (values, decimals)
READERS = [
    function
    for module in MODULES
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if name.startswith("read_") and function.__module__ == module.__name__
]
COLUMNS = [column for spec in (INVOICES, LINES, BUDGETS) for column in spec.columns]


def test_the_walk_finds_the_readers() -> None:
    assert {reader.__name__ for reader in READERS} >= {"read_texts", "read_days", "read_amounts", "read_rates"}


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@pytest.mark.parametrize("attribute", ["invoice_number", "comment", "invoice_type"])
def test_no_reader_raises_and_every_finding_can_be_said(
    reader: Callable[[Cells], values.Reading], attribute: str
) -> None:
    for required in (True, False):
        read = reader(Cells("tblFactures", INVOICES.column(attribute), np.arange(len(JUNK)), JUNK, required))

        assert len(read.unreadable) == len(JUNK)
        for finding in read.findings:
            assert messages.in_report(finding)


@pytest.mark.parametrize("cell", JUNK, ids=lambda cell: repr(cell)[:30])
def test_anything_can_be_shown_in_one_short_line(cell: object) -> None:
    assert len(texts.shown(cell)) <= texts.SHOWN_LENGTH


@pytest.mark.parametrize("cell", JUNK, ids=lambda cell: repr(cell)[:30])
def test_a_workbook_full_of_one_junk_is_read_and_judged(cell: object) -> None:
    rows = [{column.attribute: cell for column in COLUMNS}] * 3
    book = Sheets(table(INVOICES, rows), table(LINES, rows, 50), table(BUDGETS, rows), {})

    batch, cell_findings = read_batch(book)
    _, budget_findings = read_budgets(book.budgets, Environment.REHEARSAL)
    _, parameter_findings = read_parameters({parameter.attribute: cell for parameter in PARAMETERS})

    for finding in (*cell_findings, *budget_findings, *parameter_findings, *check(batch, facts(LEAFLET))):
        assert messages.in_report(finding)
