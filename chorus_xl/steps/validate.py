"""Contrôler: every row judged, in plain French, before anything leaves.

Rule 1: nothing is sent and nobody is asked: the sheet, the files it names and the journal are enough.
Rule 2: both columns are written for every row, so that a mended row loses its old sentences, and one that was typed
        over its own.
Rule 3: where a second pair of eyes is asked for, who presses is who prepared, and the journal says so.
"""

from collections.abc import Iterator, Mapping

from chorus_xl.domain.findings import Verdict
from chorus_xl.domain.invoice import Invoice
from chorus_xl.domain.lifecycle import SENDABLE
from chorus_xl.domain.records import Record
from chorus_xl.domain.sheets import CellValue, Changes, TableChange
from chorus_xl.messages import of_row
from chorus_xl.steps.heads import unknown_head
from chorus_xl.steps.judge import Desk, Judgement, judge, open_desk
from chorus_xl.steps.office import Office, Press, Report, RowReport
from chorus_xl.steps.overwritten import typed_over
from chorus_xl.steps.second_look import note_prepared


def validate(office: Office) -> Report:
    """Judge all rows and write ``Contrôle`` and ``Anomalies``.

    Raises:
        WorkbookError: the workbook cannot be read or written; nothing was changed.
        SetupError: settings and parameters do not go together.
        JournalError: the journal cannot be read, so duplicates cannot be told.
    """
    desk = open_desk(office)
    around = desk.around
    with around.open_journal() as journal:
        missed = unknown_head(desk, journal)
        records = journal.records()  # all: what left under another number is looked for too
        judgement = judge(office, desk, records)
        if around.second_look:
            note_prepared(journal, list(_fit(desk, judgement, records)), judgement.files, records, around.user)
        head = journal.head()
    columns, over = verdict_cells(desk, judgement), typed_over(desk)
    rows = [int(row) for row in desk.batch.rows]
    written = office.workbook.write(desk.sheets, Changes((TableChange("tblFactures", rows, columns),)))
    reports = tuple(
        RowReport(
            row,
            str(desk.batch.invoice_number[index]),
            {name: values[index] for name, values in columns.items()},
            (*judgement.of(row), *over.get(row, ())),
        )
        for index, row in enumerate(rows)
    )
    return Report(
        "validate",
        around.environment,
        reports,
        {"rows": len(rows), **count_verdicts(rows, judgement)},
        written,
        (*judgement.notices, *missed),
        press=Press(
            "validate", office.now(), around.user, around.machine, around.environment, around.supplier_siret, head
        ),
    )


def _fit(desk: Desk, judgement: Judgement, records: Mapping[str, Record]) -> Iterator[Invoice]:
    """Rows that Déposer would take, as the journal stands."""
    for index, row in enumerate(desk.batch.rows.tolist()):
        record = records.get(desk.batch.invoice_number[index])
        if judgement.verdict(row) is not Verdict.CORRECT and (record is None or record.state in SENDABLE):
            yield desk.batch.invoice(index, desk.parameters)


def verdict_cells(desk: Desk, judgement: Judgement) -> dict[str, list[CellValue]]:
    """The cells of ``Contrôle`` and ``Anomalies``, in the order of the desk's rows."""
    rows = [int(row) for row in desk.batch.rows]
    return {
        "verdict": [judgement.verdict(row).value for row in rows],
        "findings": [of_row(judgement.of(row)) or None for row in rows],
    }


def count_verdicts(rows: list[int], judgement: Judgement) -> dict[str, int]:
    """How many rows are ready, to be checked, to be corrected."""
    verdicts = [judgement.verdict(row) for row in rows]
    return {
        "ready": verdicts.count(Verdict.READY),
        "to_check": verdicts.count(Verdict.CHECK),
        "to_correct": verdicts.count(Verdict.CORRECT),
    }
