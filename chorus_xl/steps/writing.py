"""The end of Déposer and Actualiser: what the journal knows goes to the sheet and into the report.

Rule 1: cells are shown from records read back from the journal, after everything is committed there.
Rule 2: when the workbook cannot be written any more, nothing is lost: the report says so and the next press writes.
"""

from collections.abc import Mapping, Sequence

from chorus_xl.domain.columns import JOURNAL
from chorus_xl.domain.findings import Finding
from chorus_xl.domain.lifecycle import State
from chorus_xl.domain.records import Entry, Record
from chorus_xl.domain.sheets import CellValue, Changes, TableChange, TableReplacement, Written
from chorus_xl.domain.statuses import SHOWN_AS, DepositState
from chorus_xl.errors import ChorusXlError, WorkbookError
from chorus_xl.messages.words import EVENTS
from chorus_xl.steps import show
from chorus_xl.steps.judge import Desk, Judgement
from chorus_xl.steps.office import PARIS, Office, Report, RowReport
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
    rows = [int(row) for row in batch.rows]
    numbers = [str(number) for number in batch.invoice_number]
    shown = [show.cells(records.get(number), desk.around.settling_delay) for number in numbers]
    columns: dict[str, list[CellValue]] = {name: [cells[name] for cells in shown] for name in show.DEPOSIT_COLUMNS}
    typed = [
        tuple(
            show.typed_over(
                row,
                {name: batch.texts(name)[index] for name in ("deposit_state", "chorus_reference")},
                records.get(number),
            )
        )
        for index, (row, number) in enumerate(zip(rows, numbers, strict=True))
    ]
    if judgement is not None:
        columns = {**verdict_cells(desk, judgement), **columns}
    replacements = () if history is None else (TableReplacement(JOURNAL.name, journal_lines(desk, history)),)
    try:
        written = office.workbook.write(
            desk.sheets, Changes((TableChange("tblFactures", rows, columns),), replacements)
        )
    except WorkbookError as error:
        written, stopped = Written(0), error
    reports = tuple(
        RowReport(
            row,
            numbers[index],
            {name: values[index] for name, values in columns.items()},
            (*(judgement.of(row) if judgement else ()), *said.get(row, ()), *typed[index]),
        )
        for index, row in enumerate(rows)
    )
    verdicts = count_verdicts(rows, judgement) if judgement else {}
    states = [records[number].state if number in records else State.NEW for number in numbers]
    return Report(
        command,
        desk.around.environment,
        reports,
        {"rows": len(rows), **verdicts, **_count(states), **_count_acts(numbers, records)},
        written,
        judgement.notices if judgement else desk.sheets.findings,
        sum(1 for state in states if SHOWN_AS[state] is DepositState.IN_DOUBT),
        stopped,
    )


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


def _count(states: Sequence[State]) -> dict[str, int]:
    shown = [SHOWN_AS[state] for state in states]
    return {
        "deposited": shown.count(DepositState.DEPOSITED),
        "refused": shown.count(DepositState.REFUSED),
        "in_doubt": shown.count(DepositState.IN_DOUBT),
        "to_deposit": shown.count(DepositState.TO_DEPOSIT),
    }


def _count_acts(numbers: Sequence[str], records: Mapping[str, Record]) -> dict[str, int]:
    return {"to_act": sum(1 for number in numbers if number in records and show.needs_act(records[number]))}
