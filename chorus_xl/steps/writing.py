"""The end of Déposer and Actualiser: what the journal knows goes to the sheet and into the report.

Rule 1: cells are shown from records read back from the journal, after everything is committed there.
Rule 2: when the workbook cannot be written any more, nothing is lost: the report says so and the next press writes.
Rule 3: what the journal knows of invoices that this sheet has no row for is said where somebody has to act on it: a
        clerk begins a new workbook each month, and the last one's invoices are still under way.
Rule 4: each press leaves on ``Accueil`` who pressed what, when, and the journal's head, and tells them in its report: a
        journal that lost its last lines since no longer has that head.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from chorus_xl.domain.columns import DUES, JOURNAL, PRESS, PRESS_ITEMS
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.late import Due
from chorus_xl.domain.lifecycle import State
from chorus_xl.domain.records import Entry, Record
from chorus_xl.domain.sheets import CellValue, Changes, TableChange, TableReplacement, Written
from chorus_xl.domain.statuses import DepositState
from chorus_xl.errors import ChorusXlError, WorkbookError
from chorus_xl.messages.words import COMMANDS
from chorus_xl.steps import edited, show
from chorus_xl.steps.claims import claims, claims_of_deposit
from chorus_xl.steps.history import journal_lines
from chorus_xl.steps.judge import Desk, Judgement
from chorus_xl.steps.late import due_lines, dues
from chorus_xl.steps.office import PARIS, Office, Press, Report, RowReport
from chorus_xl.steps.overwritten import typed_over
from chorus_xl.steps.reconcile import is_unsure
from chorus_xl.steps.validate import count_verdicts, verdict_cells


def deposit_report(
    office: Office,
    command: str,
    desk: Desk,
    judgement: Judgement | None,
    records: Mapping[str, Record],
    said: Mapping[int, tuple[Finding, ...]],
    stopped: ChorusXlError | None,
    history: Sequence[Entry] | None = None,
    *,
    head: str,
    also: Changes | None = None,
) -> Report:
    """Write the deposit cells of every row, with the verdicts when rows were judged again, and report.

    ``history`` is what the sheet ``Journal`` is rewritten from, when it is; ``head`` is the journal's; ``also`` is
    what the step itself has to write, in the same go.
    """
    batch = desk.batch
    rows = batch.rows.tolist()
    numbers = batch.invoice_number.tolist()
    columns = _columns(desk, records, said)
    if judgement is not None:
        columns = {**verdict_cells(desk, judgement), **columns}
    over = typed_over(desk) if judgement is not None else {}
    edits = {} if judgement else edited.findings(batch, desk.parameters, desk.around.documents, records, {})
    late = dues(desk, records, office.today())
    around = desk.around
    press = Press(command, office.now(), around.user, around.machine, around.environment, around.supplier_siret, head)
    try:
        replacements = _replacements(office, desk, late, press, history)
        own, more = TableChange("tblFactures", rows, columns), also or Changes()
        changes = Changes((own, *more.cells), (*replacements, *more.replacements), more.lines)
        written = office.workbook.write(desk.sheets, changes)
    except WorkbookError as error:
        written, stopped = Written(0), error
    reports = tuple(
        RowReport(
            row,
            numbers[index],
            {name: values[index] for name, values in columns.items()},
            (
                *(judgement.of(row) if judgement else edits.get(row, ())),
                *over.get(row, ()),
                *(said.get(row) or _typed_over(desk, index, records)),
            ),
        )
        for index, row in enumerate(rows)
    )
    elsewhere = {number: record for number, record in records.items() if number not in set(numbers)}
    in_doubt = sorted(number for number, record in elsewhere.items() if is_unsure(record))
    verdicts = count_verdicts(rows, judgement) if judgement else {}
    unpaid = sum(1 for due in late if due.is_late and due.payment.paid_on is None)
    shown = [show.word(records[number]) if number in records else DepositState.TO_DEPOSIT for number in numbers]
    return Report(
        command,
        desk.around.environment,
        reports,
        {"rows": len(rows), **verdicts, **_count(shown), "to_act": _count_gestures(columns), "late": unpaid},
        written,
        (*_of_the_book(desk, judgement), *_say_elsewhere(in_doubt, elsewhere)),
        in_doubt=shown.count(DepositState.IN_DOUBT) + len(in_doubt),
        not_sent=sum(1 for number in numbers if number in records and records[number].state is State.NOT_SENT),
        stopped=stopped,
        late=tuple(due for due in late if due.is_late),
        press=press,
    )


def _replacements(
    office: Office, desk: Desk, late: Sequence[Due], press: Press, history: Sequence[Entry] | None
) -> tuple[TableReplacement, ...]:
    """The tables that the program rewrites whole."""
    journal = () if history is None else (journal_lines(history, desk.around.environment),)
    return (
        *(TableReplacement(JOURNAL.name, lines) for lines in journal),
        TableReplacement(PRESS.name, press_lines(press)),
        TableReplacement(DUES.name, due_lines(late, office.today())),
    )


def press_lines(press: Press) -> dict[str, list[CellValue]]:
    """The lines of ``tblPression``, always as many; ``build.banner`` reads environment and SIRET off theirs."""
    values = (
        COMMANDS[press.command],
        f"{press.at.astimezone(PARIS):%d/%m/%Y à %H:%M}",
        press.user,
        press.machine,
        f"{press.environment.label}, SIRET {press.supplier_siret}",
        press.head or "journal vide",
    )
    return {"item": list(PRESS_ITEMS), "value": list(values)}


def _columns(
    desk: Desk, records: Mapping[str, Record], said: Mapping[int, tuple[Finding, ...]]
) -> dict[str, list[CellValue]]:
    """The deposit cells of every row; a claim that no look-up has answered keeps what it says."""
    rows = desk.batch.rows.tolist()
    unanswered = {index for index, _, _ in claims(desk, records)}
    unanswered |= {index for index, _, _ in claims_of_deposit(desk, records) if rows[index] not in said}
    present = {name: desk.sheets.invoices.cells(name) for name in show.DEPOSIT_COLUMNS} if unanswered else {}
    delay = desk.around.settling_delay
    shown = [
        _as_it_stands(present, index) if index in unanswered else _shown(records, number, delay)
        for index, number in enumerate(desk.batch.invoice_number.tolist())
    ]
    return {name: [cells[name] for cells in shown] for name in show.DEPOSIT_COLUMNS}


def _shown(records: Mapping[str, Record], number: str, delay: float) -> dict[str, CellValue]:
    record = records.get(number)
    return show.cells(record, delay, is_replaced=show.is_replaced(record, records))


def _as_it_stands(present: Mapping[str, Sequence[object]], index: int) -> dict[str, CellValue]:
    cells = {name: column[index] for name, column in present.items()}
    return {name: cell if isinstance(cell, str | float | date) else None for name, cell in cells.items()}


def _typed_over(desk: Desk, index: int, records: Mapping[str, Record]) -> tuple[Finding, ...]:
    present = {name: desk.batch.texts(name)[index] for name in ("deposit_state", "chorus_reference")}
    row, number = int(desk.batch.rows[index]), desk.batch.invoice_number[index]
    return tuple(show.typed_over(row, present, records.get(number)))


def _of_the_book(desk: Desk, judgement: Judgement | None) -> tuple[Finding, ...]:
    """What there is to say of this PC, and what reading had to say; a judgement has both."""
    return judgement.notices if judgement else (*desk.around.warnings, *desk.sheets.findings)


_NAMED = 10


def _say_elsewhere(in_doubt: Sequence[str], elsewhere: Mapping[str, Record]) -> Iterator[Finding]:
    """Uncertain deposits, and invoices that wait for a gesture, of which no row of this sheet speaks."""
    if in_doubt:
        yield _naming("CX412", Severity.WARNING, in_doubt)
    waiting = sorted(number for number, record in elsewhere.items() if _waits(record))
    if waiting:
        named = [f"{number} ({show.meaning(show.status_of(elsewhere[number])).label})" for number in waiting]
        yield _naming("CX414", Severity.ERROR, named)


def _waits(record: Record) -> bool:
    """Whether the platform waits for the supplier; an acknowledged rejection may rest, whatever comes of it here."""
    status = show.status_of(record)
    is_seen = record.state is State.ACCEPTED and bool(status)
    return is_seen and bool(show.meaning(status).gesture) and not show.is_handled(record)


def _naming(code: str, severity: Severity, numbers: Sequence[str]) -> Finding:
    named = ", ".join(numbers[:_NAMED]) + (", …" if len(numbers) > _NAMED else "")
    return Finding(code, severity, params={"count": str(len(numbers)), "numbers": named})


def _count(shown: Sequence[DepositState]) -> dict[str, int]:
    return {
        "deposited": shown.count(DepositState.DEPOSITED),
        "refused": shown.count(DepositState.REFUSED),
        "in_doubt": shown.count(DepositState.IN_DOUBT),
        "to_deposit": shown.count(DepositState.TO_DEPOSIT),
    }


def _count_gestures(columns: Mapping[str, Sequence[CellValue]]) -> int:
    names = ("deposit_state", "next_action")
    pairs = zip(*(columns[name] for name in names), strict=True)
    return sum(show.demands_a_gesture(dict(zip(names, pair, strict=True))) for pair in pairs)
