"""The public bodies' budgets: from a label and ``Sur marché`` / ``Hors marché`` to a SIRET and a service code.

Rule 1: the sheet's ``tblBudgets`` is the truth; the shipped list only seeds it.
Rule 2: a SIRET is used as it stands there. One that fails its key gets candidates, which are shown and never taken.
Rule 3: what the directory said is remembered on the sheet, with its day, its environment and its SIRET
        (``domain.directory``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

import numpy as np
from stdnum.fr import siret as stdnum_siret

from chorus_xl.domain.batch import Batch
from chorus_xl.domain.columns import BUDGETS, OUTSIDE_CONTRACT, UNDER_CONTRACT
from chorus_xl.domain.directory import MEMORY, is_old, recall
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.invoice import PublicBody
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.sheets import Table
from chorus_xl.domain.texts import day, fold, shown
from chorus_xl.domain.values import Cells, read_days, read_sirets, read_texts

SIRET_LENGTH = 14
SIREN_LENGTH = 9

_LONGEST_DELAY = max(map(int, BUDGETS.column("payment_days").choices))


@dataclass(frozen=True, slots=True)
class Budget:
    """One line of ``tblBudgets``.

    Attributes:
        row: its row in Excel; 0 for a seed, which stands on no sheet yet.
        payment_days: the delay in which the body has to pay by law; ``None``: not known.
        checked_on: the day the directory was asked; ``None``: never, or its answer cannot be read any more.
        directory: what it said; ``None`` with a ``checked_on``: it does not know the SIRET.
        stale: an answer that stands on the line without being one about its SIRET; ``""`` when none does.
        is_foreign: whether that is the answer of another environment's directory.
    """

    label: str
    body: str
    budget: str
    siret: str
    service_under_contract: str
    service_outside_contract: str
    row: int = 0
    payment_days: int | None = None
    checked_on: date | None = None
    directory: PublicBody | None = None
    stale: str = ""
    is_foreign: bool = False

    def service(self, contract_scope: str) -> str:
        """The service code for ``Sur marché`` or ``Hors marché``; ``""`` for anything else."""
        codes = {UNDER_CONTRACT: self.service_under_contract, OUTSIDE_CONTRACT: self.service_outside_contract}
        return codes.get(contract_scope, "")


@dataclass(frozen=True, slots=True)
class Filled:
    """What Remplir writes, row by row; ``None`` empties the cell."""

    recipient_siret: list[str | None]
    service_code: list[str | None]
    findings: tuple[Finding, ...]


def seed(data: Mapping[str, Any]) -> tuple[Budget, ...]:
    """The budgets of ``data/budgets.toml``."""
    return tuple(Budget(**entry) for entry in data["budget"])


def siret_problem(siret: str) -> str | None:
    """What is wrong with a SIRET: ``blank``, ``format``, ``zero`` or ``key``; ``None`` when it is sound.

    La Poste's establishments follow a rule of their own (the sum of digits is a multiple of 5).
    Source: INSEE's rule as python-stdnum 2.2 applies it (``stdnum.fr.siret``), read 2026-11-23.

    >>> siret_problem("20006905200013"), siret_problem("35600000049837"), siret_problem("20006905200175")
    (None, None, 'key')
    """
    if not siret:
        return "blank"
    if len(siret) != SIRET_LENGTH or not (siret.isascii() and siret.isdigit()):
        return "format"
    if not siret.strip("0"):
        return "zero"
    return None if stdnum_siret.is_valid(siret) else "key"


def candidate_sirets(budget: Budget, others: Iterable[Budget]) -> tuple[str, ...]:
    """The sound SIRETs made of another SIREN of the table and this budget's own last five digits.

    A body's numbers may have been printed under its neighbour's SIREN. Those of the same ``Collectivité`` come first.
    """
    if siret_problem(budget.siret) != "key":
        return ()
    sound = [other for other in others if siret_problem(other.siret) is None]
    nearest_first = sorted(sound, key=lambda other: fold(other.body) != fold(budget.body))
    made = dict.fromkeys(other.siret[:SIREN_LENGTH] + budget.siret[SIREN_LENGTH:] for other in nearest_first)
    return tuple(siret for siret in made if siret_problem(siret) is None)


def read_budgets(table: Table, environment: Environment) -> tuple[dict[str, Budget], tuple[Finding, ...]]:
    """The budgets by label, and what there is to say of ``tblBudgets``; answers count that the environment gave.

    Of two lines with one label the first stands, without its SIRET unless both agree: it is not for us to choose.
    """
    findings: list[Finding] = []
    columns: dict[str, list[str]] = {}
    for name in ("label", "body", "budget", "siret", "service_under_contract", "service_outside_contract"):
        cells = Cells.of(table, BUDGETS.column(name), required=name == "label")
        reading = read_sirets(cells) if name == "siret" else read_texts(cells)
        columns[name] = reading.values.tolist()
        findings += reading.findings
    memory = {name: table.cells(name) for name in MEMORY}
    days = read_days(Cells.of(table, BUDGETS.column("checked_on"))).values.tolist()
    labels, delays = table.cells("label"), table.cells("payment_days")
    budgets: dict[str, Budget] = {}
    by_fold: dict[str, str] = {}
    for index, row in enumerate(table.rows.tolist()):
        fields = {name: values[index] for name, values in columns.items()}
        answer = {name: cells[index] for name, cells in memory.items()}
        recalled = recall(fields["siret"], environment, days[index], answer)
        payment_days = _payment_days(delays[index])
        budget = Budget(
            **fields,
            row=row,
            payment_days=payment_days,
            checked_on=recalled.checked_on,
            directory=recalled.body,
            stale=recalled.stale,
            is_foreign=recalled.is_foreign,
        )
        if delays[index] is not None and payment_days is None:
            value = {"value": shown(delays[index])}
            findings.append(_on_sheet("CX446", budget, "payment_days", Severity.WARNING, **value))
        if not budget.label:
            if labels[index] is None:
                findings.append(_on_sheet("CX249", budget, "label"))
            continue
        twin = budgets.get(by_fold.setdefault(fold(budget.label), budget.label))
        if twin is not None:
            findings.append(_on_sheet("CX248", budget, "label", value=shown(budget.label), other=str(twin.row)))
            if _target(twin) != _target(budget):
                budgets[twin.label] = Budget(twin.label, twin.body, twin.budget, "", "", "", twin.row)
            continue
        budgets[budget.label] = budget
    findings += [finding for budget in budgets.values() for finding in _siret_findings(budget, budgets.values())]
    return budgets, tuple(findings)


def stale_answers(budgets: Iterable[Budget], environment: Environment) -> tuple[Finding, ...]:
    """What stands on a line as an answer of the directory, and is none about its SIRET there: to be wiped."""
    found = []
    for budget in (budget for budget in budgets if budget.stale):
        why = {"environment": environment.label} if budget.is_foreign else {"siret": budget.siret or "—"}
        code = "CX348" if budget.is_foreign else "CX356"
        found.append(_on_sheet(code, budget, "directory", Severity.WARNING, value=shown(budget.stale), **why))
    return tuple(found)


def old_answers(budgets: Iterable[Budget], today: date) -> tuple[Finding, ...]:
    """What the directory said long ago."""
    return tuple(
        _on_sheet("CX358", budget, "checked_on", Severity.WARNING, label=budget.label, date=day(budget.checked_on))
        for budget in budgets
        if budget.checked_on is not None and is_old(budget.checked_on, today)
    )


def fill_columns(batch: Batch, budgets: Mapping[str, Budget]) -> Filled:
    """The SIRET and the service code of each row; a row whose budget is not found gets blanks and a finding."""
    by_fold = {fold(label): budget for label, budget in budgets.items()}
    labels, scopes = batch.budget.tolist(), batch.contract_scope.tolist()
    found = {label: budgets.get(label) or by_fold.get(fold(label)) for label in dict.fromkeys(labels)}
    targets = {
        (label, scope): (budget.siret or None, budget.service(scope) or None)
        for label, scope in dict.fromkeys(zip(labels, scopes, strict=True))
        if (budget := found[label]) is not None
    }
    cells = [targets.get(key, (None, None)) for key in zip(labels, scopes, strict=True)]
    findings: list[Finding] = []
    judged = {label: _judge_label(label, budget, budgets) for label, budget in found.items() if label}
    if any(judged.values()):
        for row, label in zip(batch.rows.tolist(), labels, strict=True):
            if label and (problem := judged[label]):
                code, severity, params = problem
                findings.append(Finding(code, severity, row, "budget", params))
    for code, attribute in (("CX220", "budget"), ("CX223", "contract_scope")):
        rows = batch.rows[np.flatnonzero(batch.blank(attribute))].tolist()
        findings += [Finding(code, Severity.ERROR, row, attribute) for row in rows]
    return Filled([siret for siret, _ in cells], [service for _, service in cells], tuple(findings))


def _judge_label(
    label: str, budget: Budget | None, budgets: Mapping[str, Budget]
) -> tuple[str, Severity, dict[str, str]] | None:
    if budget is None:
        by_fold = {fold(known): known for known in budgets}
        nearest = get_close_matches(fold(label), by_fold, n=1)
        if not nearest:
            return "CX222", Severity.ERROR, {"value": shown(label)}
        return "CX221", Severity.ERROR, {"value": shown(label), "proposal": by_fold[nearest[0]]}
    if not budget.siret:
        return "CX224", Severity.ERROR, {"value": shown(label)}
    return None if budget.label == label else ("CX141", Severity.WARNING, {"value": shown(label), "read": budget.label})


def _payment_days(cell: object) -> int | None:
    """A whole number of days, no more than the longest delay that the law knows; a contract may set a shorter one."""
    text = cell.strip() if isinstance(cell, str) else shown(cell)
    days = int(text) if text.isascii() and text.isdigit() else 0
    return days if 0 < days <= _LONGEST_DELAY else None


def _target(budget: Budget) -> tuple[str, str, str]:
    return budget.siret, budget.service_under_contract, budget.service_outside_contract


def _siret_findings(budget: Budget, others: Iterable[Budget]) -> Iterable[Finding]:
    """Doubts only: it is the row that uses the budget that is refused."""
    problem = siret_problem(budget.siret)
    value = shown(budget.siret)
    candidates = candidate_sirets(budget, others)
    if problem == "key" and candidates:
        yield _on_sheet("CX231", budget, "siret", Severity.WARNING, value=value, candidates=", ".join(candidates))
    elif problem not in (None, "blank"):
        code = {"format": "CX228", "zero": "CX229", "key": "CX230"}[str(problem)]
        yield _on_sheet(code, budget, "siret", Severity.WARNING, value=value)


def _on_sheet(code: str, budget: Budget, column: str, severity: Severity = Severity.ERROR, **params: str) -> Finding:
    return Finding(code, severity, budget.row, column, params, BUDGETS.name)
