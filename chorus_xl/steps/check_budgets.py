"""Vérifier les budgets: compare ``tblBudgets`` with the directory of Chorus Pro.

Rule 1: a SIRET whose key is wrong is never asked for; its candidates are.
Rule 2: a candidate takes the place of a printed SIRET only on the clerk's word (``accept``), and only when the
        directory knows exactly one.
Rule 3: what the directory said is dated; what could not be asked keeps its old date.
Rule 4: a replacement is committed to the journal before the sheet is written, and stays said on the sheet.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chorus_xl.domain.budgets import Budget, Remembered, candidate_sirets, read_budgets, remembered, siret_problem
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.invoice import PublicBody
from chorus_xl.domain.sheets import CellValue, Changes, TableChange
from chorus_xl.errors import ChorusXlError, PlatformError
from chorus_xl.messages import in_row
from chorus_xl.steps.judge import open_desk
from chorus_xl.steps.office import Office, Report, RowReport
from chorus_xl.steps.ports import Platform

TABLE = "tblBudgets"
REPLACED = "replace"
"""The journal's event for a SIRET that took another's place; its number is the budget's label."""

_KNOWN = frozenset({Remembered.ACTIVE.value, Remembered.INACTIVE.value})


@dataclass(slots=True)
class _Answer:
    """What is to be written on one budget's line."""

    budget: Budget
    remark: object  # what stood in ``Remarque`` before
    cells: dict[str, CellValue] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def say(self, code: str, severity: Severity, **params: str) -> None:
        self.findings.append(Finding(code, severity, self.budget.row, "siret", params, TABLE))


def check_budgets(office: Office, *, accept: bool) -> Report:
    """Ask the directory about every budget of the sheet, and write what it says.

    Raises:
        WorkbookError: the workbook cannot be read or written.
        SetupError: credentials or settings.
    """
    desk = open_desk(office)
    office.workbook.ensure_writable()
    budgets, findings = read_budgets(desk.sheets.budgets)
    remarks = dict(zip(desk.sheets.budgets.rows.tolist(), desk.sheets.budgets.cells("remark"), strict=True))
    answers = [_Answer(budget, remarks.get(budget.row)) for budget in budgets.values()]
    stopped: ChorusXlError | None = None
    with desk.around.connect() as platform:
        for done, answer in enumerate(answers, start=1):
            try:
                _ask(office, platform, answer, list(budgets.values()), accept=accept)
            except PlatformError as error:
                stopped = error
                break
            office.progress(done, len(answers), "Interrogation du répertoire")
    changes = [
        TableChange(TABLE, [answer.budget.row], {name: [value] for name, value in answer.cells.items()})
        for answer in answers
        if answer.cells
    ]
    replaced = [answer for answer in answers if "siret" in answer.cells]
    with desk.around.open_journal() as journal:
        for answer in replaced:
            change = f"{answer.budget.siret} → {answer.cells['siret']}"
            journal.note(answer.budget.label, REPLACED, {"label": change})
    written = office.workbook.write(desk.sheets, Changes(tuple(changes)))
    reports = tuple(
        RowReport(answer.budget.row, answer.budget.label, answer.cells, tuple(answer.findings)) for answer in answers
    )
    counts = {
        "bodies": len(answers),
        "known": sum(1 for answer in answers if answer.cells.get("directory") in _KNOWN),
        "accepted": len(replaced),
    }
    settled = {answer.budget.row for answer in replaced}
    notices = tuple(finding for finding in findings if finding.row not in settled)
    return Report("budgets check", desk.around.environment, reports, counts, written, notices, stopped=stopped)


def _ask(office: Office, platform: Platform, answer: _Answer, others: Sequence[Budget], *, accept: bool) -> None:
    budget = answer.budget
    siret = budget.siret
    if siret and siret_problem(siret):
        siret = _ask_candidates(platform, answer, others, accept=accept)
    if not siret:  # nothing was asked: what the directory once said of another SIRET is not kept
        answer.cells |= dict.fromkeys(("directory", "service_required", "engagement_required", "checked_on"))
        answer.cells["remark"] = _remark(answer)
        return
    codes = [code for code in (budget.service_under_contract, budget.service_outside_contract) if code]
    body = platform.public_body(siret, codes)
    if body is None:
        answer.say("CX350", Severity.ERROR, siret=siret)
    else:
        _judge(answer, body, codes)
    answer.cells |= {**remembered(body), "checked_on": office.today(), "remark": _remark(answer)}


def _ask_candidates(platform: Platform, answer: _Answer, others: Sequence[Budget], *, accept: bool) -> str:
    """The candidate that may be taken, written in place of the printed SIRET; ``""`` when none may."""
    budget = answer.budget
    candidates = candidate_sirets(budget, others)
    known = [body for siret in candidates if (body := platform.public_body(siret)) is not None and body.is_active]
    if len(known) != 1:
        answer.say("CX353", Severity.ERROR, siret=budget.siret, candidates=", ".join(candidates) or "aucun")
        return ""
    body = known[0]
    if not accept:
        answer.say("CX351", Severity.ERROR, siret=budget.siret, candidate=body.siret, name=body.name)
        return ""
    answer.cells["siret"] = body.siret
    answer.say("CX352", Severity.WARNING, siret=budget.siret, candidate=body.siret, name=body.name)
    return body.siret


def _judge(answer: _Answer, body: PublicBody, codes: Sequence[str]) -> None:
    if not body.is_active:
        answer.say("CX355", Severity.ERROR, siret=body.siret, name=body.name)
    services = body.services or {}
    known = ", ".join(sorted(code for code, service in services.items() if service.is_active)) or "aucun"
    for code in codes:
        if code not in services or not services[code].is_active:
            answer.say("CX354", Severity.WARNING, service=code, siret=body.siret, known=known)


def _remark(answer: _Answer) -> str | None:
    """What was found; that a SIRET was replaced stays said for as long as nothing else is."""
    said = "\n".join(in_row(finding) for finding in answer.findings)
    if not said and isinstance(answer.remark, str) and "[CX352]" in answer.remark:
        return answer.remark
    return said or None
