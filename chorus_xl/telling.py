"""Reports told: as one JSON document, as an exit code, in one line; on a terminal: ``terminal``.

Rule 1: JSON goes to stdout and nothing else does; words for people go to stderr when JSON is asked.
Rule 2: attributes in JSON are those of ``domain.columns``; a date is ISO, a blank is null, an exact amount is text.
Rule 3: the exit code is derived from the report and from nothing else (design §3).
"""

import json
from datetime import date
from decimal import Decimal

from chorus_xl.domain.findings import Finding
from chorus_xl.domain.late import Due
from chorus_xl.domain.texts import euros
from chorus_xl.errors import ChorusXlError, ExitCode
from chorus_xl.messages import in_report, of_error, sentence
from chorus_xl.messages.counted import counted
from chorus_xl.messages.words import COMMANDS, COUNTS
from chorus_xl.steps.office import Report, RowReport


def exit_code(report: Report) -> ExitCode:
    """What the command ends with."""
    if report.stopped is not None:
        return report.stopped.exit_code
    if report.in_doubt or report.not_sent:
        return ExitCode.PLATFORM
    counts = report.counts
    waiting = any(counts.get(name) for name in ("refused", "to_act", "planned"))
    needs = report.needs_the_clerk or report.written.moved or waiting
    return ExitCode.ROWS_NEED_THE_CLERK if needs else ExitCode.DONE


def as_document(report: Report) -> dict[str, object]:
    """The report as one JSON-ready document."""
    return {
        "command": report.command,
        "environment": report.environment.value if report.environment else None,
        "rows": [_row_document(row) for row in report.rows],
        "late": [_due_document(due) for due in report.late],
        "journal_head": report.press.head if report.press else None,
        "summary": {
            **report.counts,
            "cells_written": report.written.cells,
            "rows_not_found_when_writing": list(report.written.moved),
            "notices": [_finding_document(finding) for finding in report.notices],
            "stopped": {"code": report.stopped.code, "message": of_error(report.stopped)} if report.stopped else None,
            "exit_code": int(exit_code(report)),
        },
    }


def late_line(due: Due) -> str:
    """One invoice that is not paid in time, or was not, as a sentence."""
    stands = due.payment
    params = {
        "number": due.invoice_number,
        "budget": due.budget,
        "days": counted(stands.days_late, "jour|jours"),
        "due": _day(stands.due_on),
        "paid": _day(stands.paid_on),
        "total": _euros(due.total_with_vat),
        "compensation": _euros(stands.compensation),
        "interest": "non calculés" if stands.interest is None else _euros(stands.interest),
    }
    return sentence("CX444", params) if stands.paid_on is None else sentence("CX445", params)


def error_document(error: ChorusXlError) -> dict[str, object]:
    """The document of a run that an error stopped before it had anything to report."""
    stopped = {"code": error.code, "message": of_error(error)}
    summary = {"stopped": stopped, "exit_code": int(error.exit_code)}
    return {"command": None, "environment": None, "rows": [], "summary": summary}


def print_json(document: object) -> None:
    """Write one document to stdout."""
    print(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))  # noqa: T201 - stdout is the interface


def summary_line(report: Report) -> str:
    """One line: the step and its counts."""
    told = ", ".join(counted(value, COUNTS[name]) for name, value in report.counts.items() if value or name == "rows")
    return f"{COMMANDS[report.command]} : {told}"


def _due_document(due: Due) -> dict[str, object]:
    stands = due.payment
    return {
        "invoice_number": due.invoice_number,
        "budget": due.budget,
        "total_with_vat": due.total_with_vat,
        "available_on": stands.available_on,
        "due_on": stands.due_on,
        "paid_on": stands.paid_on,
        "days_late": stands.days_late,
        "compensation": stands.compensation,
        "interest": stands.interest,
        "rate": stands.rate,
        "message": late_line(due),
    }


def _row_document(row: RowReport) -> dict[str, object]:
    return {
        "row": row.row,
        "invoice_number": row.invoice_number,
        **row.values,
        "found": [_finding_document(finding) for finding in row.findings],
    }


def _finding_document(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "table": finding.table,
        "row": finding.row,
        "column": finding.column,
        "message": in_report(finding),
    }


def _day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def _euros(amount: Decimal) -> str:
    return euros(int(amount.scaleb(2)))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
