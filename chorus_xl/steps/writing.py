"""The end of Déposer and Actualiser: what the journal knows goes to the sheet and into the report.

Rule 1: cells are shown from records read back from the journal, after everything is committed there.
Rule 2: when the workbook cannot be written any more, nothing is lost: the report says so and the next press writes.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from chorus_xl.domain.columns import JOURNAL
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.lifecycle import State
from chorus_xl.domain.records import Entry, Record
from chorus_xl.domain.sheets import CellValue, Changes, TableChange, TableReplacement, Written
from chorus_xl.domain.statuses import DepositState
from chorus_xl.errors import ChorusXlError, WorkbookError
from chorus_xl.messages.words import EVENTS
from chorus_xl.steps import show
from chorus_xl.steps.claims import claims
from chorus_xl.steps.judge import Desk, Judgement
from chorus_xl.steps.office import PARIS, Office, Report, RowReport
from chorus_xl.steps.reconcile import is_unsure
from chorus_xl.steps.validate import count_verdicts, verdict_cells

_LINES_SHOWN = 5_000  # of tblJournal: the newest; the whole journal is in the database


def deposit_report(
    office: Office,
    command: str,
    desk: Desk,
    judgement: Judgement | None,
    records: Mapping[str, Record],
    said: Mapping[int, tuple[Finding, ...]],
    stopped: ChorusXlError | None,
    history: Sequence[Entry] | None = None,
) -> Report:
    """Write the deposit cells of every row, with the verdicts when rows were judged again, and report."""
    batch = desk.batch
    rows = batch.rows.tolist()
    numbers = batch.invoice_number.tolist()
    columns = _columns(desk, records)
    if judgement is not None:
        columns = {**verdict_cells(desk, judgement), **columns}
    replacements = () if history is None else (TableReplacement(JOURNAL.name, journal_lines(desk, history)),)
    try:
        changes = Changes((TableChange("tblFactures", rows, columns),), replacements)
        written = office.workbook.write(desk.sheets, changes)
    except WorkbookError as error:
        written, stopped = Written(0), error
    reports = tuple(
        RowReport(
            row,
            numbers[index],
            {name: values[index] for name, values in columns.items()},
            (*(judgement.of(row) if judgement else ()), *(said.get(row) or _typed_over(desk, index, records))),
        )
        for index, row in enumerate(rows)
    )
    elsewhere = sorted(number for number, record in records.items() if is_unsure(record) and number not in set(numbers))
    verdicts = count_verdicts(rows, judgement) if judgement else {}
    shown = [show.word(records[number]) if number in records else DepositState.TO_DEPOSIT for number in numbers]
    return Report(
        command,
        desk.around.environment,
        reports,
        {"rows": len(rows), **verdicts, **_count(shown), **_count_acts(numbers, records)},
        written,
        (*(judgement.notices if judgement else desk.sheets.findings), *_say_elsewhere(elsewhere)),
        in_doubt=shown.count(DepositState.IN_DOUBT) + len(elsewhere),
        not_sent=sum(1 for number in numbers if number in records and records[number].state is State.NOT_SENT),
        stopped=stopped,
    )


def _columns(desk: Desk, records: Mapping[str, Record]) -> dict[str, list[CellValue]]:
    """The deposit cells of every row; a claim that no look-up has answered keeps what it says."""
    unanswered = {index for index, _, _ in claims(desk, records)}
    present = {name: desk.sheets.invoices.cells(name) for name in show.DEPOSIT_COLUMNS} if unanswered else {}
    delay = desk.around.settling_delay
    shown = [
        _as_it_stands(present, index) if index in unanswered else show.cells(records.get(number), delay)
        for index, number in enumerate(desk.batch.invoice_number.tolist())
    ]
    return {name: [cells[name] for cells in shown] for name in show.DEPOSIT_COLUMNS}


def _as_it_stands(present: Mapping[str, Sequence[object]], index: int) -> dict[str, CellValue]:
    cells = {name: column[index] for name, column in present.items()}
    return {name: cell if isinstance(cell, str | float | date) else None for name, cell in cells.items()}


def _typed_over(desk: Desk, index: int, records: Mapping[str, Record]) -> tuple[Finding, ...]:
    present = {name: desk.batch.texts(name)[index] for name in ("deposit_state", "chorus_reference")}
    row, number = int(desk.batch.rows[index]), desk.batch.invoice_number[index]
    return tuple(show.typed_over(row, present, records.get(number)))


_NAMED = 10


def _say_elsewhere(numbers: Sequence[str]) -> tuple[Finding, ...]:
    """Uncertain deposits of which no row of this sheet speaks any more."""
    if not numbers:
        return ()
    named = ", ".join(numbers[:_NAMED]) + (", …" if len(numbers) > _NAMED else "")
    return (Finding("CX412", Severity.WARNING, params={"count": str(len(numbers)), "numbers": named}),)


def journal_lines(desk: Desk, history: Sequence[Entry]) -> dict[str, list[CellValue]]:
    """The lines of ``tblJournal``, newest first."""
    environment = desk.around.environment.label
    lines = [_line(entry, environment) for entry in reversed(history[-_LINES_SHOWN:])]
    return {column.attribute: [line[column.attribute] for line in lines] for column in JOURNAL.columns}


def _line(entry: Entry, environment: str) -> dict[str, CellValue]:
    details = entry.details
    return {
        "at": entry.at.astimezone(PARIS).replace(tzinfo=None, microsecond=0),
        "invoice_number": entry.invoice_number,
        "event": EVENTS.get(entry.event, entry.event),
        "chorus_status": details.get("chorus_status") or None,
        "detail": details.get("label") or details.get("comment") or details.get("theirs") or None,
        "chorus_reference": details.get("chorus_invoice_id") or None,
        "environment": environment,
        "user": f"{entry.user} ({entry.machine})",
        "hash": entry.hash,
    }


def _count(shown: Sequence[DepositState]) -> dict[str, int]:
    return {
        "deposited": shown.count(DepositState.DEPOSITED),
        "refused": shown.count(DepositState.REFUSED),
        "in_doubt": shown.count(DepositState.IN_DOUBT),
        "to_deposit": shown.count(DepositState.TO_DEPOSIT),
    }


def _count_acts(numbers: Sequence[str], records: Mapping[str, Record]) -> dict[str, int]:
    return {"to_act": sum(1 for number in numbers if number in records and show.needs_act(records[number]))}
