"""Vérifier les budgets: compare ``tblBudgets`` with the directory of Chorus Pro.

Rule 1: a SIRET whose key is wrong is not asked for; its candidates are. Qualification invents such SIRETs: there it is
        asked for first.
Rule 2: a candidate takes the place of a printed SIRET only on the clerk's word (``accept``), only when the directory
        knows exactly one, and only by the directory of Production: the others know bodies that are invented.
Rule 3: what the directory said is dated, and names its SIRET and its environment; what could not be asked keeps its old
        date, and an answer that was about another SIRET, or of another environment, is wiped.
Rule 4: a replacement is committed to the journal before the sheet is written, and stays said on the sheet.
"""

from dataclasses import dataclass, field

from chorus_xl.domain.budgets import (
    Budget,
    candidate_sirets,
    old_answers,
    read_budgets,
    siret_problem,
    stale_answers,
)
from chorus_xl.domain.columns import BUDGETS
from chorus_xl.domain.directory import MEMORY, remembered, wiped
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.invoice import PublicBody
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.rules.recipient import BETWEEN_BODIES
from chorus_xl.domain.sheets import CellValue, Changes, TableChange
from chorus_xl.errors import ChorusXlError, PlatformError
from chorus_xl.messages import in_row
from chorus_xl.messages.directory import DIRECTORIES
from chorus_xl.steps.judge import Desk, open_desk
from chorus_xl.steps.office import Office, Report, RowReport
from chorus_xl.steps.ports import Platform

TABLE = BUDGETS.name
REPLACED = "replace"
"""The journal's event for a SIRET that took another's place; its number is the budget's label."""

_SERVICES_NAMED = 20
_SERVICES = ("service_under_contract", "service_outside_contract")


@dataclass(slots=True)
class _Answer:
    """What is to be written on one budget's line."""

    budget: Budget
    remark: object  # what stood in ``Remarque`` before
    cells: dict[str, CellValue] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    is_asked: bool = False
    is_known: bool = False

    def say(self, code: str, severity: Severity, column: str = "siret", **params: str) -> None:
        self.findings.append(Finding(code, severity, self.budget.row, column, params, TABLE))


def check_budgets(office: Office, *, accept: bool) -> Report:
    """Ask the directory about every budget of the sheet, and write what it says.

    Raises:
        WorkbookError: the workbook cannot be read or written.
        SetupError: credentials or settings.
    """
    desk = open_desk(office)
    office.workbook.ensure_writable()
    budgets, findings = read_budgets(desk.sheets.budgets, desk.around.environment)
    remarks = dict(zip(desk.sheets.budgets.rows.tolist(), desk.sheets.budgets.cells("remark"), strict=True))
    answers = [_Answer(budget, remarks.get(budget.row)) for budget in budgets.values()]
    stopped: ChorusXlError | None = None
    with desk.around.connect() as platform:
        for done, answer in enumerate(answers, start=1):
            try:
                _ask(office, desk, platform, answer, accept=accept)
            except PlatformError as error:
                stopped = error
                break
            office.progress(done, len(answers), "Interrogation du répertoire")
    for answer in answers:
        if not answer.is_asked:
            _keep(office, desk, answer)
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
        "known": sum(1 for answer in answers if answer.is_known),
        "accepted": len(replaced),
    }
    settled = {answer.budget.row for answer in replaced}
    notices = (*desk.around.warnings, *(finding for finding in findings if finding.row not in settled))
    return Report("budgets check", desk.around.environment, reports, counts, written, notices, stopped=stopped)


def _ask(office: Office, desk: Desk, platform: Platform, answer: _Answer, *, accept: bool) -> None:
    budget = answer.budget
    codes = [code for code in (budget.service_under_contract, budget.service_outside_contract) if code]
    siret, problem = budget.siret, siret_problem(budget.siret)
    body: PublicBody | None = None
    if problem is None or (problem == "key" and desk.around.environment is Environment.QUALIFICATION):
        body = platform.public_body(siret, codes)
    if problem is not None and body is None:
        siret = _ask_candidates(desk, platform, answer, accept=accept) if siret else ""
        body = platform.public_body(siret, codes) if siret else None
    answer.is_asked, answer.is_known = True, body is not None
    if not siret:  # nothing was asked: what the directory once said of another SIRET is not kept
        answer.cells |= dict.fromkeys(MEMORY) | {"remark": _remark(answer)}
        return
    if body is None:
        answer.say("CX350", Severity.ERROR, siret=siret)
    else:
        _judge(answer, body)
    said = remembered(siret, body, desk.around.environment)
    answer.cells |= {**said, "checked_on": office.today(), "remark": _remark(answer)}


def _keep(office: Office, desk: Desk, answer: _Answer) -> None:
    """What was remembered before stands where the directory could not be asked, unless it was no fact here."""
    budget = answer.budget
    answer.findings = [*stale_answers([budget], desk.around.environment), *old_answers([budget], office.today())]
    answer.cells = {**wiped(answer.remark, is_foreign=budget.is_foreign)} if budget.stale else {}


def _ask_candidates(desk: Desk, platform: Platform, answer: _Answer, *, accept: bool) -> str:
    """The candidate that may be taken, written in place of the printed SIRET; ``""`` when none may."""
    budget = answer.budget
    candidates = candidate_sirets(budget, desk.budgets.values())
    known = [body for siret in candidates if (body := platform.public_body(siret)) is not None and body.is_active]
    if len(known) != 1:
        answer.say("CX353", Severity.ERROR, siret=budget.siret, candidates=", ".join(candidates) or "aucun")
        return ""
    body = known[0]
    params = {"siret": budget.siret, "candidate": body.siret, "name": body.name}
    if desk.around.environment is not Environment.PRODUCTION:
        answer.say("CX349", Severity.ERROR, directory=DIRECTORIES[desk.around.environment], **params)
        return ""
    if not accept:
        answer.say("CX351", Severity.ERROR, **params)
        return ""
    answer.cells["siret"] = body.siret
    answer.say("CX352", Severity.WARNING, **params)
    return body.siret


def _judge(answer: _Answer, body: PublicBody) -> None:
    if not body.is_active:
        answer.say("CX355", Severity.ERROR, siret=body.siret, name=body.name)
    if body.service_required and not body.service_or_engagement:
        for column in (name for name in _SERVICES if not getattr(answer.budget, name)):
            answer.say("CX359", Severity.WARNING, column, siret=body.siret)
    services = body.services or {}
    for column in _SERVICES:
        code = getattr(answer.budget, column)
        service = services.get(code)
        if not code:
            continue
        if code == BETWEEN_BODIES:
            answer.say("CX240", Severity.ERROR, column, value=code)
        elif service is None or not service.is_active:
            answer.say("CX354", Severity.WARNING, column, service=code, siret=body.siret, known=_known(body))
        elif service.engagement_required and not body.engagement_required:
            answer.say("CX357", Severity.WARNING, column, service=code)


def _known(body: PublicBody) -> str:
    """The services that a supplier may address there, the first of them where there are many."""
    services = (body.services or {}).values()
    codes = sorted(service.code for service in services if service.is_active and service.code != BETWEEN_BODIES)
    more = f" et {len(codes) - _SERVICES_NAMED} autres" if len(codes) > _SERVICES_NAMED else ""
    return ", ".join(codes[:_SERVICES_NAMED]) + more if codes else "aucun"


def _remark(answer: _Answer) -> str | None:
    """What was found; that a SIRET was replaced stays said for as long as nothing else is."""
    said = "\n".join(in_row(finding) for finding in answer.findings)
    if not said and isinstance(answer.remark, str) and "[CX352]" in answer.remark:
        return answer.remark
    return said or None
