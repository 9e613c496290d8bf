"""The end of Agir: what became of each act goes to the sheet, with the rows for new invoices, and into the report.

Rule 1: what is told and written is read back from the journal, after everything is committed there.
Rule 2: a recycled row shows where its invoice went, whoever recycled it and however the press ended.
Rule 3: a row for a new invoice counts as prepared, in the journal, once it stands on the sheet.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chorus_xl.domain.acts import REPLACEMENT, Act, ActState
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.records import Record
from chorus_xl.domain.sent import as_sent
from chorus_xl.domain.sheets import Changes, TableChange
from chorus_xl.errors import WorkbookError
from chorus_xl.messages.acts import replaces
from chorus_xl.steps.act_plan import ActPlan
from chorus_xl.steps.act_settle import when_known
from chorus_xl.steps.batch_run import Run
from chorus_xl.steps.judge import Desk
from chorus_xl.steps.office import Office, Report
from chorus_xl.steps.ports import Journal
from chorus_xl.steps.replacement import Replacement
from chorus_xl.steps.writing import deposit_report

_COUNTED = {Act.COMPLETE: "completed", Act.ACKNOWLEDGE: "acknowledged", Act.RECYCLE: "recycled"}
_SHOWN = ("recipient_siret", "service_code")


@dataclass(slots=True)
class ActRun(Run):
    """One press under way.

    Attributes:
        tried: numbers whose intent was committed by this press.
    """

    attachment_type: str = ""
    tried: set[str] = field(default_factory=set)


def tell(
    office: Office, desk: Desk, journal: Journal, run: ActRun, plan: ActPlan, rows: Sequence[Replacement]
) -> Report:
    """Write the sheet, with the rows to prepare, and report.

    Raises:
        JournalError: the journal cannot be read or written.
    """
    records = journal.records()
    new = [item for item in rows if item.standing is None]
    said = run.said | dict(_ends(desk, run, plan, records))
    head, cells = journal.head(), _recycled(desk, records)
    desk = _as_written(desk, cells)
    also = Changes(cells, lines=tuple(item.line for item in new))
    report = deposit_report(
        office, "act", desk, None, _with_rows(records, rows), said, run.stopped, head=head, also=also
    )
    placed = dict(zip((item.number for item in new), report.written.placed, strict=False))
    if None in placed.values():  # then those rows do not say that a line was prepared
        there = [item for item in rows if placed.get(item.number, item.standing) is not None]
        shown = _with_rows(records, there)
        desk = _read_again(office, desk)
        again = deposit_report(office, "act", desk, None, shown, said, report.stopped, head=head)
        report = replace(again, written=replace(again.written, cells=again.written.cells + report.written.cells))
    for item in rows:
        if item.standing is not None or placed.get(item.number) is not None:
            journal.note(item.number, REPLACEMENT, {"label": item.new_number})
    prepared = {item.number: _prepared(item, placed[item.number]) for item in new if item.number in placed}
    told = tuple(replace(row, findings=(*row.findings, *prepared.get(row.invoice_number, ()))) for row in report.rows)
    unsettled = sum(record.unsettled_act is not None for record in records.values())
    return replace(
        report,
        rows=told,
        counts={
            "rows": len(desk.batch),
            **_done(run, plan, records),
            "prepared": sum(row is not None for row in placed.values()),
            "unsettled": unsettled,
            "left": sum(_is_left(row.findings) for row in told),
            "planned": sum(line.act is not None and line.number not in run.tried for line in plan.lines),
        },
        notices=(*report.notices, *plan.notices),
        in_doubt=report.in_doubt + unsettled,
    )


def _read_again(office: Office, desk: Desk) -> Desk:
    """The desk with the sheet as it was just written, by which its rows are found; as before if it cannot be read."""
    try:
        return replace(desk, sheets=office.workbook.read())
    except WorkbookError:
        return desk


def _with_rows(records: Mapping[str, Record], rows: Sequence[Replacement]) -> dict[str, Record]:
    """The records as they are once these rows stand on the sheet: both are written in one go."""
    notes = {item.number: {REPLACEMENT: {"label": item.new_number}} for item in rows}
    return {
        number: replace(record, notes={**record.notes, **notes[number]}) if number in notes else record
        for number, record in records.items()
    }


def _ends(
    desk: Desk, run: ActRun, plan: ActPlan, records: Mapping[str, Record]
) -> Iterator[tuple[int, tuple[Finding, ...]]]:
    """What there is to say of each act of this press that was not done."""
    for line in plan.lines:
        act = records[line.number].act
        if line.number not in run.tried or act is None or act.state is ActState.DONE:
            continue
        params = {"number": line.number}
        if act.state is ActState.REFUSED:
            code, label = "CX370", act.details.get("label", "")
            params |= {"label": label, "return_code": act.details.get("return_code", "")}
        elif act.state is ActState.NOT_SENT:
            code = "CX371"
        else:
            code = "CX372"
            params["time"] = when_known(act, desk.around)
        yield line.row, (Finding(code, Severity.ERROR, line.row, None, params),)


def _recycled(desk: Desk, records: Mapping[str, Record]) -> tuple[TableChange, ...]:
    """The destination of every recycled row, as it is now."""
    changes = []
    for row, number in zip(desk.batch.rows.tolist(), desk.batch.invoice_number.tolist(), strict=True):
        record = records.get(number)
        if record and any(act.act is Act.RECYCLE and act.state is ActState.DONE for act in record.acts):
            sent = as_sent(record)
            changes.append(TableChange("tblFactures", [row], {name: [sent.get(name) or None] for name in _SHOWN}))
    return tuple(changes)


def _as_written(desk: Desk, changes: Sequence[TableChange]) -> Desk:
    """The desk with those rows as they are about to be, so that nothing takes them for edited."""
    batch = desk.batch
    columns = {name: batch.texts(name).copy() for name in _SHOWN}
    index = {row: place for place, row in enumerate(batch.rows.tolist())}
    for change in changes:
        for name, [value] in change.columns.items():
            columns[name][index[change.rows[0]]] = value or ""
    return replace(
        desk, batch=replace(batch, recipient_siret=columns["recipient_siret"], service_code=columns["service_code"])
    )


def _prepared(item: Replacement, new_row: int | None) -> tuple[Finding, ...]:
    params = {"number": item.number, "new_number": item.new_number}
    if new_row is None:
        params["mention"] = replaces(item.number)
        return (Finding("CX380", Severity.ERROR, item.row, None, params),)
    return (Finding("CX381", Severity.WARNING, item.row, None, {**params, "new_row": str(new_row)}),)


def _done(run: ActRun, plan: ActPlan, records: Mapping[str, Record]) -> dict[str, int]:
    """How many acts of each kind this press did."""
    done = dict.fromkeys(_COUNTED.values(), 0)
    for line in plan.lines:
        act = records[line.number].act
        if line.number in run.tried and act is not None and act.state is ActState.DONE:
            done[_COUNTED[act.act]] += 1
    return done


def _is_left(findings: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)
