"""Remplir: the SIRET and the service code of each row, from the budget and ``Sur marché`` / ``Hors marché``.

Rule 1: what is filled is what ``tblBudgets`` says today; no directory, no journal, no network.
Rule 2: a printed SIRET that fails its key is filled as printed; Contrôler says why it will not leave.
Rule 3: an answer of the directory that was about another SIRET than the budget's own, or was given in another
        environment, is wiped (``domain.directory``); where the sheet leaves the environment unknown, none is.
Rule 4: a row that is already deposited keeps what it was deposited with.
"""

from chorus_xl.domain.batch import Batch, read_batch
from chorus_xl.domain.budgets import fill_columns, read_budgets, stale_answers
from chorus_xl.domain.columns import BUDGETS
from chorus_xl.domain.directory import wiped
from chorus_xl.domain.findings import Severity, by_row
from chorus_xl.domain.sheets import CellValue, Changes, TableChange
from chorus_xl.domain.statuses import DepositState
from chorus_xl.domain.supplier import read_parameters
from chorus_xl.steps.office import Office, Report, RowReport

FILLED = ("recipient_siret", "service_code")


def fill(office: Office) -> Report:
    """Fill both columns of every row.

    Raises:
        WorkbookError: the workbook cannot be read or written; nothing was changed.
        SetupError: settings and parameters do not go together.
    """
    sheets = office.workbook.read()
    batch, _ = read_batch(sheets)
    parameters, parameter_findings = read_parameters(sheets.parameters)
    around = office.surroundings(parameters)
    budgets, budget_findings = read_budgets(sheets.budgets, around.environment)
    filled = fill_columns(batch, budgets)
    columns: dict[str, list[CellValue]] = {
        "recipient_siret": list(filled.recipient_siret),
        "service_code": list(filled.service_code),
    }
    for index in _deposited(batch):
        columns["recipient_siret"][index] = batch.recipient_siret[index] or None
        columns["service_code"][index] = batch.service_code[index] or None
    rows = [int(row) for row in batch.rows]
    is_sure = all(finding.severity is not Severity.ERROR for finding in parameter_findings)
    stale = [budget for budget in budgets.values() if budget.stale and (is_sure or not budget.is_foreign)]
    remarks = dict(zip(sheets.budgets.rows.tolist(), sheets.budgets.cells("remark"), strict=True))
    changes = [TableChange("tblFactures", rows, columns)]
    for budget in stale:
        cells = wiped(remarks.get(budget.row), is_foreign=budget.is_foreign)
        changes.append(TableChange(BUDGETS.name, [budget.row], {name: [cell] for name, cell in cells.items()}))
    written = office.workbook.write(sheets, Changes(tuple(changes)))
    found = by_row(filled.findings)
    reports = tuple(
        RowReport(
            row,
            str(batch.invoice_number[index]),
            {"budget": str(batch.budget[index]), **{name: columns[name][index] for name in FILLED}},
            tuple(found.get(row, ())),
        )
        for index, row in enumerate(rows)
    )
    complete = sum(1 for siret, code in zip(*columns.values(), strict=True) if siret and code)
    return Report(
        "fill",
        None,
        reports,
        {"rows": len(rows), "filled": complete, "to_complete": len(rows) - complete},
        written,
        (*around.warnings, *sheets.findings, *budget_findings, *stale_answers(stale, around.environment)),
    )


def _deposited(batch: Batch) -> list[int]:
    return [index for index, word in enumerate(batch.deposit_state) if word == DepositState.DEPOSITED.value]
