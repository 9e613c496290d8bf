"""Déposer le lot: each good row to Chorus Pro, exactly once.

Rule 1: the order of effects is: look up what is uncertain, judge again, ask the clerk, upload, commit the intent,
        deposit, commit the outcome, write the sheet. No effect ever moves before the one named before it.
Rule 2: a deposit is tried once; what became of it is in the journal before anything else is done with that row.
Rule 3: a refusal is looked up, since a duplicate verdict for our own invoice is not a rejection (design §4.5).
Rule 4: when the platform is down the batch stops after a few; what is under way is finished; the rest waits.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from threading import Lock

from chorus_xl.domain.budgets import siret_problem
from chorus_xl.domain.findings import Finding, Severity, Verdict
from chorus_xl.domain.invoice import Invoice, Outcome, PublicBody, Result
from chorus_xl.domain.lifecycle import SENDABLE, Event, State
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.records import Record
from chorus_xl.domain.statuses import DepositState
from chorus_xl.errors import ChorusXlError, PlatformError, SetupError, WorkbookError
from chorus_xl.steps.judge import Desk, Judgement, content_of, identity, judge, open_desk, refuse_if_unsure
from chorus_xl.steps.office import Office, Plan, Report
from chorus_xl.steps.ports import Documents, Journal, Platform
from chorus_xl.steps.reconcile import agrees, contradiction, details_of, settle
from chorus_xl.steps.writing import deposit_report

Confirm = Callable[[Plan], bool]

_EVENTS = {
    Result.ACCEPTED: Event.ACCEPT,
    Result.REFUSED: Event.REFUSE,
    Result.NOT_SENT: Event.NOT_SEND,
    Result.IN_DOUBT: Event.LOSE,
}

_PATIENCE = 3  # deposits without an answer, one after the other, before the batch stops


def deposit(office: Office, confirm: Confirm) -> Report:
    """Deposit every row that may leave.

    Raises:
        WorkbookError: the workbook cannot be read or could not be written; nothing was sent.
        SetupError: credentials or settings; nothing was sent.
        JournalError: the journal cannot be written; whatever was sent before is in it.
        PlatformError: Chorus Pro cannot be reached at all; nothing was sent.
    """
    desk = open_desk(office)
    office.workbook.ensure_writable()
    refuse_if_unsure(desk.reading)
    if not desk.around.supplier_siret:
        raise SetupError("CX501")
    numbers = [str(number) for number in desk.batch.invoice_number if number]
    with desk.around.open_journal() as journal, desk.around.connect() as platform:
        platform.supplier_id()
        trouble = settle(office, desk.around, platform, journal, journal.records().values())
        records = journal.records(numbers)
        claimed = _look_up_claims(desk, platform, journal, records)
        records = journal.records(numbers) if claimed else records
        bodies, reached = _ask_directory(office, desk, platform, records)
        judgement = judge(office, desk, records, bodies, directory_reached=reached)
        refuse_if_unsure(judgement.notices)
        leaving = [invoice for invoice in _sendable(desk, judgement, records) if invoice.row not in claimed]
        run = _Run(platform, journal, desk.around.documents, stop=office.stop, stopped=trouble)
        total = sum((_signed_total(invoice) for invoice in leaving), Decimal(0))
        plan = Plan(desk.around.environment, len(leaving), total)
        if leaving and not confirm(plan):
            environment = plan.environment.label
            run.stopped = SetupError("CX520", environment=environment, count=str(plan.count), total=plan.total)
        else:
            _send(office, run, leaving, desk.around.concurrency)
        records = journal.records(numbers)
        return deposit_report(office, "deposit", desk, judgement, records, run.said | claimed, run.stopped)


def _signed_total(invoice: Invoice) -> Decimal:
    return -invoice.total_with_vat if invoice.is_credit_note else invoice.total_with_vat


@dataclass(slots=True)
class _Run:
    """One batch under way, shared by its workers."""

    platform: Platform
    journal: Journal
    documents: Documents
    stop: Callable[[], bool]
    stopped: ChorusXlError | None = None
    said: dict[int, tuple[Finding, ...]] = field(default_factory=dict)
    _silences: int = 0
    _lock: Lock = field(default_factory=Lock)

    @property
    def may_go_on(self) -> bool:
        """Whether another deposit may start."""
        return not self.stop() and self._silences < _PATIENCE

    def heard(self, *, answer: bool) -> None:
        """Count deposits without an answer; any answer starts the count again."""
        with self._lock:
            self._silences = 0 if answer else self._silences + 1
            if self._silences == _PATIENCE:
                self.stopped = PlatformError("CX410", count=str(_PATIENCE))


def _send(office: Office, run: _Run, leaving: Sequence[Invoice], concurrency: int) -> None:
    """Deposit in parallel; a worker's error stops the batch, and is raised when all have come to rest."""
    with ThreadPoolExecutor(concurrency, thread_name_prefix="deposit") as pool:
        futures = [pool.submit(_deposit_one, run, invoice) for invoice in leaving]
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                future.result()
                office.progress(done, len(futures), "Dépôt")
        finally:
            for future in futures:
                future.cancel()
    if run.stop() and run.stopped is None:
        run.stopped = PlatformError("CX411")


def _deposit_one(run: _Run, invoice: Invoice) -> None:
    if not run.may_go_on:
        return
    number = invoice.invoice_number
    try:
        pdf = run.documents.load(invoice.pdf_file)
        uploaded = run.platform.upload(pdf)
        attachments = [run.platform.upload(run.documents.load(name)) for name in invoice.attachments]
    except (PlatformError, WorkbookError) as error:
        # Nothing of the deposit itself has left: the row stays as it was, and says why.
        run.said[invoice.row] = (Finding(error.code, Severity.ERROR, invoice.row, "pdf_file", error.params),)
        run.heard(answer=not isinstance(error, PlatformError))
        return
    content = content_of(invoice, pdf.sha256)
    if not run.journal.intend(number, content):
        run.said[invoice.row] = (Finding("CX406", Severity.WARNING, invoice.row, "invoice_number", {"number": number}),)
        return
    outcome = run.platform.deposit(invoice, uploaded, attachments)
    run.journal.record(number, _EVENTS[outcome.result], outcome_details(outcome))
    if outcome.result is Result.REFUSED:
        _look_behind_refusal(run, number, content)
    run.heard(answer=outcome.result in (Result.ACCEPTED, Result.REFUSED))


def _look_behind_refusal(run: _Run, number: str, content: Mapping[str, str]) -> None:
    """A number that the platform already holds is refused too: see whether it holds ours."""
    try:
        found = run.platform.find(number)
    except PlatformError:
        return  # the refusal stands as it was told; the next press looks again
    ours = next((candidate for candidate in found if agrees(candidate, content)), None)
    if ours is not None:
        run.journal.record(number, Event.FIND, details_of(ours))
        run.journal.note_status(number, ours.chorus_status, ours.status_since, ours.status_comment)
    elif found:
        run.journal.record(number, Event.CONTRADICT, contradiction(found[0], content))


def outcome_details(outcome: Outcome) -> dict[str, str]:
    """What the journal keeps of an outcome: its members as text, empty ones left out."""
    return {name: str(value) for name, value in asdict(outcome).items() if value not in (None, "")}


def _sendable(desk: Desk, judgement: Judgement, records: Mapping[str, Record]) -> list[Invoice]:
    invoices = []
    for index, row in enumerate(desk.batch.rows):
        record = records.get(str(desk.batch.invoice_number[index]))
        if (record is None or record.state in SENDABLE) and judgement.verdict(int(row)) is not Verdict.CORRECT:
            invoices.append(desk.batch.invoice(index, desk.parameters))
    return invoices


def _ask_directory(
    office: Office, desk: Desk, platform: Platform, records: Mapping[str, Record]
) -> tuple[dict[str, PublicBody | None], bool]:
    """What the directory says of every body that waits for an invoice; whether it could be reached."""
    wanted: dict[str, set[str]] = {}
    for index, number in enumerate(desk.batch.invoice_number):
        record = records.get(str(number))
        siret = str(desk.batch.recipient_siret[index])
        is_misprint = siret_problem(siret) is not None and desk.around.environment is not Environment.QUALIFICATION
        if siret and not is_misprint and (record is None or record.state is not State.ACCEPTED):
            wanted.setdefault(siret, set()).add(str(desk.batch.service_code[index]))
    bodies: dict[str, PublicBody | None] = {}
    for done, (siret, codes) in enumerate(wanted.items(), start=1):
        try:
            bodies[siret] = platform.public_body(siret, sorted(codes - {""}))
        except PlatformError:
            return bodies, False
        office.progress(done, len(wanted), "Interrogation du répertoire")
    return bodies, True


def _look_up_claims(
    desk: Desk, platform: Platform, journal: Journal, records: Mapping[str, Record]
) -> dict[int, tuple[Finding, ...]]:
    """Rows that say they were deposited, of which this journal knows nothing: a copy from another PC, or typed over.

    They are looked up and stay at home for this press; only a row put back to « À déposer » may leave at the next.
    """
    claims: dict[int, tuple[Finding, ...]] = {}
    batch = desk.batch
    for index, row in enumerate(int(row) for row in batch.rows):
        number = str(batch.invoice_number[index])
        claim = str(batch.chorus_reference[index] or batch.deposit_state[index])
        if not number or number in records or not claim or claim in _HARMLESS:
            continue
        found = platform.find(number)  # without an answer the whole press ends here, and the claim stays on the sheet
        content = identity(desk, index)
        ours = next((candidate for candidate in found if agrees(candidate, content)), None)
        if ours is not None:
            journal.record(number, Event.FIND, details_of(ours))
            journal.note_status(number, ours.chorus_status, ours.status_since, ours.status_comment)
        elif found:
            journal.record(number, Event.CONTRADICT, contradiction(found[0], content))
        code = "CX407" if found else "CX408"
        claims[row] = (Finding(code, Severity.WARNING, row, "deposit_state", {"number": number, "value": claim}),)
    return claims


_HARMLESS = frozenset(state.value for state in (DepositState.TO_DEPOSIT, DepositState.REFUSED))
