"""Small months, written as a clerk would: rows of a table, blanks left out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from chorus_xl import messages
from chorus_xl.data import load
from chorus_xl.domain.batch import Batch, read_batch
from chorus_xl.domain.budgets import read_budgets, seed
from chorus_xl.domain.columns import BUDGETS, INVOICES, LINES, TableSpec
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.rules import Facts, check
from chorus_xl.domain.sheets import Sheets, Table
from chorus_xl.domain.supplier import Parameters
from chorus_xl.domain.vat import vat_rates

Row = Mapping[str, object]

TODAY = date(2026, 11, 23)
SUPPLIER = "73282932000074"
EAU = "20006905200096"

GOOD: Row = {
    "budget": "Grand Belfort – Eau",
    "contract_scope": "Hors marché",
    "invoice_number": "F-1",
    "issue_date": date(2026, 10, 31),
    "invoice_type": "Facture",
    "total_without_vat": 100.0,
    "vat_rate": 0.2,
    "total_vat": 20.0,
    "total_with_vat": 120.0,
    "pdf_file": "F-1.pdf",
    "recipient_siret": EAU,
    "service_code": "FACTURES_HORS_MARCHE",
}

LINE: Row = {"invoice_number": "F-1", "total_without_vat": 60.0, "vat_rate": 0.2, "total_vat": 12.0}

_SEEDED = ("label", "body", "budget", "siret", "service_under_contract", "service_outside_contract")
LEAFLET: tuple[Row, ...] = tuple({name: getattr(each, name) for name in _SEEDED} for each in seed(load("budgets")))


def table(spec: TableSpec, rows: Sequence[Row], first_row: int = 2) -> Table:
    columns = {
        column.attribute: pd.Series([row.get(column.attribute) for row in rows], dtype=object)
        for column in spec.columns
    }
    return Table(spec.name, pd.DataFrame(columns), np.arange(first_row, first_row + len(rows)))


def sheets(*rows: Row, lines: Sequence[Row] = (), budgets: Sequence[Row] = LEAFLET) -> Sheets:
    return Sheets(table(INVOICES, rows), table(LINES, lines, first_row=50), table(BUDGETS, budgets), {})


def month(*changes: Row, lines: Sequence[Row] = ()) -> Batch:
    """Good rows, each with its changes; cells must be readable."""
    batch, findings = read_batch(sheets(*({**GOOD, **change} for change in changes), lines=lines))
    assert findings == ()
    return batch


def facts(budgets: Sequence[Row] = LEAFLET, **changes: object) -> Facts:
    known, _ = read_budgets(table(BUDGETS, budgets), Environment.REHEARSAL)
    standing: dict[str, Any] = {
        "today": TODAY,
        "environment": Environment.REHEARSAL,
        "parameters": Parameters(supplier_siret=SUPPLIER),
        "budgets": known,
        "vat_rates": vat_rates(load("vat_rates")),
    }
    return Facts(**standing | changes)


def judged(*changes: Row, lines: Sequence[Row] = (), **facts_changes: object) -> tuple[Finding, ...]:
    """All that the rules say of good rows with these changes."""
    return check(month(*changes, lines=lines), facts(LEAFLET, **facts_changes))


def said(findings: Sequence[Finding]) -> list[str]:
    """Codes, an error's bare and a warning's with a question mark, in the order found; each must be sayable."""
    for finding in findings:
        message = messages.catalogue()[finding.code]
        assert finding.severity in message.severities
        assert set(finding.params) == messages.fields(message.what) | messages.fields(message.gesture)
        assert all(type(value) is str for value in finding.params.values())
    return [finding.code + ("?" if finding.severity is Severity.WARNING else "") for finding in findings]
