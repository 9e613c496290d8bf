"""Déposer le lot: each good row to Chorus Pro, exactly once.

Rule 1: the order of effects is: look up what is uncertain, judge again, ask the clerk, upload, commit the intent,
        deposit, commit the outcome, write the sheet. No effect ever moves before the one named before it.
Rule 2: a deposit is tried once, soon after its intent or never; what became of it is in the journal before anything
        else is done with that row.
Rule 3: a refusal is looked up, since a duplicate verdict for our own invoice is not a rejection (design §4.5). One that
        may be such a verdict is a doubt until the search, which may lag, has had its time.
Rule 4: when the platform is down the batch stops after a few; what is under way is finished; the rest waits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from http import HTTPStatus

from chorus_xl.domain.budgets import siret_problem
from chorus_xl.domain.canonical import content_hash
from chorus_xl.domain.findings import Finding, Severity, Verdict
from chorus_xl.domain.invoice import Invoice, Outcome, PublicBody, Result
from chorus_xl.domain.lifecycle import SENDABLE, Event, State
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.platform_words import Where
from chorus_xl.domain.proof import BATCH
from chorus_xl.domain.records import Record
from chorus_xl.domain.sent import as_sent
from chorus_xl.errors import PlatformError, RefusedError, SetupError, WorkbookError
from chorus_xl.steps.act_settle import settle_acts
from chorus_xl.steps.batch_run import Run, run_all
from chorus_xl.steps.claims import identities, look_up_claims
from chorus_xl.steps.content import content_of, differences, outcome_details, sizes_of
from chorus_xl.steps.heads import note_unknown_head
from chorus_xl.steps.judge import Desk, Judgement, judge, open_desk, refuse_if_unsure
from chorus_xl.steps.office import Office, Plan, Report
from chorus_xl.steps.ports import Platform
from chorus_xl.steps.reconcile import LOOK_AGAIN, contradiction, is_unsure, note_found, recognise, settle
from chorus_xl.steps.second_look import Release, release
from chorus_xl.steps.show import dictionary
from chorus_xl.steps.writing import deposit_report

Confirm = Callable[[Plan], bool]

_EVENTS = {
    Result.ACCEPTED: Event.ACCEPT,
    Result.REFUSED: Event.REFUSE,
    Result.NOT_SENT: Event.NOT_SEND,
    Result.IN_DOUBT: Event.LOSE,
}

_NO_RIGHTS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


def deposit(office: Office, confirm: Confirm, control_total: str = "") -> Report:
    """Deposit every row that may leave.

    ``control_total`` is what a second pair of eyes typed, where one is asked for; else the sheet says it.

    Whatever stops the batch once something may have left is told in the report, with the sheet written.

    Raises:
        WorkbookError: the workbook cannot be read or could not be written; nothing was sent.
        SetupError: credentials or settings; nothing was sent.
        JournalError: the journal cannot be read or written; whatever was sent before is in it.
        PlatformError: Chorus Pro cannot be reached at all, or answers no look-up; nothing was sent.
    """
    desk = open_desk(office)
    office.workbook.ensure_writable()
    refuse_if_unsure(desk.reading)
    if not desk.around.supplier_siret:
        raise SetupError("CX501")
    with desk.around.open_journal() as journal, desk.around.connect() as platform:
        platform.supplier_id()
        missed = note_unknown_head(desk, journal)
        before = journal.records()
        trouble = settle(office, desk.around, platform, journal, before.values(), identities(desk))
        trouble = settle_acts(office, desk.around, platform, journal, before.values()) or trouble
        claimed = look_up_claims(desk, platform, journal, before)
        records = journal.records()
        bodies, reached = _ask_directory(office, desk, platform, records)
        judgement = judge(office, desk, records, bodies, directory_reached=reached)
        refuse_if_unsure(judgement.notices)
        leaving = [invoice for invoice in _sendable(desk, judgement, records) if invoice.row not in claimed]
        around = desk.around
        run = _Run(around, platform, journal, office.now, office.stop, "CX410", "CX411", trouble)
        run.records, run.batch = records, f"{office.now().isoformat()} {around.machine}"
        if around.second_look:
            typed = control_total or desk.parameters.control_total
            run.release = release(leaving, judgement.files, records, around.user, typed)
            run.said |= run.release.held
            leaving = [invoice for invoice in leaving if invoice.row not in run.release.held]
        total = sum((invoice.signed_total for invoice in leaving), Decimal(0))
        plan = Plan(desk.around.environment, len(leaving), total, directory_reached=reached)
        if leaving and office.stop():
            run.halt(PlatformError("CX411"))
        elif leaving and not confirm(plan):
            environment = plan.environment.label
            run.stopped = SetupError("CX520", environment=environment, count=str(plan.count), total=plan.total)
        else:
            if run.release is not None:
                journal.note_all(run.release.notes)
            run_all(office, run, partial(_deposit_one, run), leaving, "Dépôt")
        if run.release is not None:
            judgement = replace(judgement, notices=(*judgement.notices, *run.release.notices))
        said, head = run.said | claimed, journal.head()
        report = deposit_report(office, "deposit", desk, judgement, journal.records(), said, run.stopped, head=head)
        return replace(report, notices=(*report.notices, *missed))


@dataclass(slots=True)
class _Run(Run):
    """One batch under way, and what was known before it."""

    records: Mapping[str, Record] = field(default_factory=dict)
    batch: str = ""  # names this press in each of its intents
    release: Release | None = None  # where a second pair of eyes is asked for


def _deposit_one(run: _Run, invoice: Invoice) -> None:
    number = invoice.invoice_number
    try:
        pdf, *others = run.load([invoice.pdf_file, *invoice.attachments])
        uploaded, *attachments = [run.platform.upload(document) for document in (pdf, *others)]
    except (PlatformError, WorkbookError) as error:
        # Nothing of the deposit itself has left: the row stays as it was, and says why.
        run.said[invoice.row] = (Finding(error.code, Severity.ERROR, invoice.row, "pdf_file", error.params),)
        run.heard(answer=isinstance(error, WorkbookError | RefusedError))
        return
    content = content_of(invoice, pdf.sha256, [document.sha256 for document in others])
    if run.release is not None and run.release.hashes[number] != content_hash(content):
        run.said[invoice.row] = (Finding("CX686", Severity.ERROR, invoice.row, "pdf_file", {"number": number}),)
        return
    not_after = run.not_after()
    if not run.journal.intend(number, {**content, **sizes_of(others, pdf), BATCH: run.batch}):
        run.said[invoice.row] = (Finding("CX406", Severity.WARNING, invoice.row, "invoice_number", {"number": number}),)
        return
    outcome = run.platform.deposit(invoice, uploaded, attachments, not_after=not_after)
    details = outcome_details(outcome)
    if outcome.result is Result.REFUSED:
        details[LOOK_AGAIN] = "yes"  # as long as nobody has looked behind it, even if we die here
    run.journal.record(number, _EVENTS[outcome.result], details, outcome.evidence)
    if outcome.result is Result.REFUSED:
        _look_behind_refusal(run, number, content, outcome)
    if outcome.result is Result.IN_DOUBT and outcome.http_status in _NO_RIGHTS:  # the next one would fare no better
        run.halt(PlatformError("CX433", number=number, status=str(outcome.http_status)))
    run.heard(answer=outcome.result in (Result.ACCEPTED, Result.REFUSED))


def _was_in_doubt(record: Record | None) -> bool:
    """Whether an earlier attempt ended in doubt: freed by look-ups, which a search that lags may have misled."""
    return record is not None and (record.state is State.FREE or bool(record.details.get(LOOK_AGAIN)))


def _may_be_a_duplicate(refusal: Outcome) -> bool:
    """Whether the platform may have refused a number because it holds it.

    How it words that is not documented, so it is what is known to mean something else that is not.
    """
    known = dictionary().explain(refusal.label, Where.DEPOSIT, refusal.return_code)
    return known is None or not known.redeposit


def _look_behind_refusal(run: _Run, number: str, content: Mapping[str, str], refusal: Outcome) -> None:
    """A number that the platform already holds is refused too: see whether it holds ours."""
    try:
        found = run.platform.find(number)
    except (PlatformError, SetupError):
        return
    ours = recognise(found, content)
    if ours is not None:
        note_found(run.journal, ours, content)
    elif found:
        run.journal.record(number, Event.CONTRADICT, contradiction(found[0], content))
    elif not (_was_in_doubt(run.records.get(number)) or _may_be_a_duplicate(refusal)):
        run.journal.record(number, Event.REFUSE, {LOOK_AGAIN: ""})


def _sendable(desk: Desk, judgement: Judgement, records: Mapping[str, Record]) -> list[Invoice]:
    invoices = []
    for index, row in enumerate(desk.batch.rows.tolist()):
        if judgement.verdict(row) is not Verdict.CORRECT:
            record = records.get(desk.batch.invoice_number[index])
            invoice = desk.batch.invoice(index, desk.parameters)
            if record is None or _may_leave(record, invoice):
                invoices.append(invoice)
    return invoices


def _may_leave(record: Record, invoice: Invoice) -> bool:
    """Whether the number is free; after a refusal that may be a verdict on our own, only for a row that was changed."""
    if record.state not in SENDABLE:
        return False
    return not (is_unsure(record) and not differences(as_sent(record), invoice))


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
        if office.stop():
            return bodies, False
        try:
            bodies[siret] = platform.public_body(siret, sorted(codes - {""}))
        except PlatformError:
            return bodies, False
        office.progress(done, len(wanted), "Interrogation du répertoire")
    return bodies, True
