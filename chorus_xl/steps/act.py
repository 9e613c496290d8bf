"""Agir: complete what is suspended, acknowledge what is rejected, recycle what went astray; each once.

Rule 1: the order of effects is that of a deposit: look up what is uncertain, ask for the present status, ask the
        clerk, upload, commit the intent, act, commit the outcome, write the sheet.
Rule 2: an act is tried once an occasion; what is in doubt is looked up at once and at each press, never done again
        blindly (``domain.acts``).
Rule 3: after a rejection was acknowledged, a row for the new invoice is prepared, once (``replacement``). This is one
        of the two places where the program writes the clerk's own columns, and only on a line that was empty.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from chorus_xl.domain.acts import Act, ActEvent
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.invoice import Outcome, Result, Uploaded
from chorus_xl.errors import PlatformError, RefusedError, SetupError, WorkbookError
from chorus_xl.steps.act_plan import ActPlan, PlannedAct, Planner
from chorus_xl.steps.act_report import ActRun, tell
from chorus_xl.steps.act_settle import look_up_act, see, settle_acts
from chorus_xl.steps.batch_run import run_all
from chorus_xl.steps.content import outcome_details, sizes_of
from chorus_xl.steps.heads import note_unknown_head
from chorus_xl.steps.judge import open_desk, refuse_if_unsure
from chorus_xl.steps.office import Office, Report
from chorus_xl.steps.ports import Journal, Platform
from chorus_xl.steps.refresh import follow
from chorus_xl.steps.replacement import Replacement, to_prepare

Confirm = Callable[[ActPlan], bool]

_EVENTS = {
    Result.ACCEPTED: ActEvent.ACCEPT,
    Result.REFUSED: ActEvent.REFUSE,
    Result.NOT_SENT: ActEvent.NOT_SEND,
    Result.IN_DOUBT: ActEvent.LOSE,
}


def act(office: Office, confirm: Confirm, numbers: Sequence[str] | None = None, *, preview: bool = False) -> Report:
    """Do what each row asks for, after the clerk's consent; with ``preview``, tell it and do nothing.

    Whatever stops it once something may have left is told in the report, with the sheet written.

    Raises:
        WorkbookError: the workbook cannot be read or could not be written; nothing was sent.
        SetupError: credentials or settings; nothing was sent.
        JournalError: the journal cannot be read or written; whatever was sent before is in it.
        PlatformError: Chorus Pro cannot be reached at all; nothing was sent.
    """
    desk = open_desk(office)
    office.workbook.ensure_writable()
    refuse_if_unsure(desk.reading)
    if not desk.around.supplier_siret:
        raise SetupError("CX501")
    with desk.around.open_journal() as journal, desk.around.connect() as platform:
        platform.supplier_id()
        missed = note_unknown_head(desk, journal)
        trouble = settle_acts(office, desk.around, platform, journal, journal.records().values())
        before = journal.records()
        try:
            follow(office, platform, journal, before, desk.around.settling_delay)
        except PlatformError as error:  # each row that is known to wait is still asked for on its own
            trouble = error
        plan = Planner(office, desk, platform, journal, journal.records(), before, numbers).plan()
        run = ActRun(desk.around, platform, journal, office.now, office.stop, "CX386", "CX387")
        run.stopped = plan.stopped or trouble
        run.attachment_type = desk.parameters.attachment_type
        run.said |= plan.said
        rows: list[Replacement] = []
        if plan.lines and preview:
            run.said |= {line.row: (line.told,) for line in plan.lines}
        elif plan.lines and office.stop():
            run.halt(PlatformError("CX387"))
        elif plan.lines and not confirm(plan):
            run.stopped = SetupError("CX385")
        else:
            acts = [line for line in plan.lines if line.act is not None]
            run_all(office, run, partial(_act_one, run), acts, "Gestes")
            _look_again(office, run, platform, journal)
            agreed = {line.number for line in plan.lines}
            rows = [item for item in to_prepare(desk, journal.records()) if item.number in agreed or item.standing]
        report = tell(office, desk, journal, run, plan, rows)
        return replace(report, notices=(*report.notices, *missed))


def _act_one(run: ActRun, line: PlannedAct) -> None:
    number = line.number
    try:
        documents = run.load(line.files)
        uploaded = [run.platform.upload(document) for document in documents]
    except (PlatformError, WorkbookError) as error:
        run.said[line.row] = (Finding(error.code, Severity.ERROR, line.row, "attachments", error.params),)
        run.heard(answer=isinstance(error, WorkbookError | RefusedError))
        return
    content = dict(line.content)
    if documents:
        content["attachments_sha256"] = ";".join(document.sha256 for document in documents)
        content |= sizes_of(documents)
    assert line.act is not None  # noqa: S101 - lines without an act are not run
    not_after = run.not_after()
    if not run.journal.begin_act(number, line.act, line.occasion, content):
        run.said[line.row] = (Finding("CX373", Severity.WARNING, line.row, None, {"number": number}),)
        return
    run.tried.add(number)
    outcome = _call(run, line, uploaded, not_after)
    run.journal.record_act(number, _EVENTS[outcome.result], outcome_details(outcome), outcome.evidence)
    run.heard(answer=outcome.result in (Result.ACCEPTED, Result.REFUSED))


def _call(run: ActRun, line: PlannedAct, uploaded: Sequence[Uploaded], not_after: datetime) -> Outcome:
    """The one call."""
    platform, content, invoice_id = run.platform, line.content, line.chorus_invoice_id
    if line.act is Act.COMPLETE:
        return platform.complete(invoice_id, uploaded, run.attachment_type, content["comment"], not_after=not_after)
    if line.act is Act.ACKNOWLEDGE:
        return platform.acknowledge_rejection(invoice_id, not_after=not_after)
    siret, service, engagement = (content[name] for name in ("recipient_siret", "service_code", "engagement_number"))
    return platform.recycle(invoice_id, siret, service, engagement, content["comment"], not_after=not_after)


def _look_again(office: Office, run: ActRun, platform: Platform, journal: Journal) -> None:
    """Where each invoice stands now; what could not be asked is asked at the next press."""
    for record in journal.records(run.tried).values() if run.tried else ():
        try:
            if record.unsettled_act is not None:
                look_up_act(platform, journal, record, office.now(), run.around)
            else:
                see(platform, journal, record)
        except (PlatformError, SetupError):
            return
