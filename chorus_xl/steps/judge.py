"""Judge every row of a workbook: the one place where sheet, files, journal and directory meet the rules.

Rule 1: Contrôler and Déposer judge by this same function; they differ in what they could ask (the directory).
Rule 2: a deposited row is judged only on what still matters: whether it was edited since.
Rule 3: judging writes nothing and sends nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from chorus_xl.data import load
from chorus_xl.domain.batch import Batch, read_batch
from chorus_xl.domain.budgets import Budget, old_answers, read_budgets
from chorus_xl.domain.files import RowFiles
from chorus_xl.domain.findings import Finding, Severity, Verdict, by_row, verdict
from chorus_xl.domain.invoice import PublicBody
from chorus_xl.domain.lifecycle import State
from chorus_xl.domain.records import Record
from chorus_xl.domain.rules import Facts, KnownDeposit, check
from chorus_xl.domain.sent import as_sent
from chorus_xl.domain.sheets import Sheets
from chorus_xl.domain.supplier import Parameters, read_parameters
from chorus_xl.domain.vat import vat_rates
from chorus_xl.errors import SetupError
from chorus_xl.steps import edited
from chorus_xl.steps.office import Office, Surroundings
from chorus_xl.steps.ports import Documents


@dataclass(frozen=True, slots=True)
class Desk:
    """A workbook as read and made sense of, before it is judged."""

    sheets: Sheets
    batch: Batch
    parameters: Parameters
    budgets: Mapping[str, Budget]
    reading: tuple[Finding, ...]  # what there is to say of this PC, then of the cells
    around: Surroundings


@dataclass(frozen=True, slots=True)
class Judgement:
    """The findings and the verdict of every row."""

    findings: Mapping[int, tuple[Finding, ...]]  # by row number
    notices: tuple[Finding, ...]  # of no row of tblFactures
    files: Mapping[int, RowFiles]

    def of(self, row: int) -> tuple[Finding, ...]:
        """The row's findings."""
        return self.findings.get(row, ())

    def verdict(self, row: int) -> Verdict:
        """The row's verdict."""
        return verdict(self.of(row))


def open_desk(office: Office) -> Desk:
    """Read the workbook once and make sense of its cells.

    Raises:
        WorkbookError: it cannot be read as it stands.
        SetupError: its parameters and the settings do not go together.
    """
    sheets = office.workbook.read()
    batch, cell_findings = read_batch(sheets)
    parameters, parameter_findings = read_parameters(sheets.parameters)
    around = office.surroundings(parameters)
    budgets, budget_findings = read_budgets(sheets.budgets, around.environment)
    reading = (*around.warnings, *sheets.findings, *cell_findings, *parameter_findings, *budget_findings)
    parameters = replace(parameters, supplier_siret=around.supplier_siret)  # a setting is stronger than the sheet
    return Desk(sheets, batch, parameters, budgets, reading, around)


_STILL_MATTERS = frozenset({"CX205", "CX206", "CX207", "CX208"})
"""What can still be wrong with a deposited row: its number stands twice, or no longer for what was sent."""


def judge(
    office: Office,
    desk: Desk,
    records: Mapping[str, Record],
    bodies: Mapping[str, PublicBody | None] | None = None,
    *,
    directory_reached: bool | None = None,
) -> Judgement:
    """Judge all rows of the desk; ``bodies`` is what the directory said, when it was asked."""
    deposited = {number for number, record in records.items() if record.state is State.ACCEPTED}
    files = _look_at_files(office, desk.batch, desk.around.documents, deposited)
    facts = facts_of(office, desk, records, files, bodies or {}, directory_reached=directory_reached)
    old = old_answers(_used(desk), facts.today) if directory_reached is None else ()  # asked, it answers of today
    found = (*desk.reading, *old, *check(desk.batch, facts))
    known = dict(zip(desk.batch.rows.tolist(), desk.batch.invoice_number.tolist(), strict=True))
    rows = {
        row: tuple(finding for finding in findings if known[row] not in deposited or finding.code in _STILL_MATTERS)
        for row, findings in by_row(found).items()
        if row in known
    }
    edits = edited.findings(desk.batch, desk.parameters, desk.around.documents, records, rows)
    rows |= {row: (*rows.get(row, ()), *said) for row, said in edits.items()}
    notices = tuple(finding for finding in found if finding.table != "tblFactures" or finding.row not in known)
    return Judgement(rows, notices, files)


def facts_of(
    office: Office,
    desk: Desk,
    records: Mapping[str, Record],
    files: Mapping[int, RowFiles],
    bodies: Mapping[str, PublicBody | None],
    *,
    directory_reached: bool | None,
) -> Facts:
    """The world that the rules judge by."""
    return Facts(
        today=office.today(),
        environment=desk.around.environment,
        parameters=desk.parameters,
        budgets=desk.budgets,
        vat_rates=vat_rates(load("vat_rates")),
        bodies=bodies,
        directory_reached=directory_reached,
        files=files,
        deposits={number: known_deposit(record) for number, record in records.items()},
    )


def _used(desk: Desk) -> Iterable[Budget]:
    """The budgets that a row names."""
    named = set(desk.batch.budget.tolist())
    return [budget for label, budget in desk.budgets.items() if label in named]


def refuse_if_unsure(findings: Iterable[Finding]) -> None:
    """Let a workbook through whose own settings can be trusted.

    Raises:
        SetupError: a parameter is wrong: no row is at fault, and none may leave.
    """
    for finding in findings:
        if finding.row is None and finding.severity is Severity.ERROR:
            raise SetupError(finding.code, **finding.params)


def known_deposit(record: Record) -> KnownDeposit:
    """What the rules need of a record: what the platform holds under its number, as far as we told it."""
    said = as_sent(record)
    return KnownDeposit(
        state=record.state,
        issue_date=said.get("issue_date", ""),
        recipient_siret=said.get("recipient_siret", ""),
        total_with_vat=said.get("total_with_vat", ""),
        pdf_sha256=said.get("pdf_sha256", ""),
    )


def _look_at_files(office: Office, batch: Batch, documents: Documents, deposited: set[str]) -> dict[int, RowFiles]:
    """Facts of the files that rows still to be deposited name."""
    waiting = [index for index in range(len(batch.rows)) if batch.invoice_number[index] not in deposited]
    looked: dict[int, RowFiles] = {}
    for done, index in enumerate(waiting, start=1):
        pdf = str(batch.pdf_file[index])
        looked[int(batch.rows[index])] = RowFiles(
            pdf=documents.look(pdf, read_text=True) if pdf else None,
            attachments=tuple(documents.look(name, read_text=False) for name in batch.attachment_names(index)),
        )
        office.progress(done, len(waiting), "Lecture des PDF")
    return looked
