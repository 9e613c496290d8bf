"""Reports told: as one JSON document, as an exit code, in one line; on a terminal: ``terminal``.

Rule 1: JSON goes to stdout and nothing else does; words for people go to stderr when JSON is asked.
Rule 2: attributes in JSON are those of ``domain.columns``; a date is ISO, a blank is null.
Rule 3: the exit code is derived from the report and from nothing else (design §3).
"""

import json
from datetime import date

from chorus_xl.domain.findings import Finding
from chorus_xl.errors import ChorusXlError, ExitCode
from chorus_xl.messages import in_report, of_error
from chorus_xl.messages.words import COMMANDS, COUNTS
from chorus_xl.steps.office import Report, RowReport


def exit_code(report: Report) -> ExitCode:
    """What the command ends with."""
    if report.stopped is not None:
        return report.stopped.exit_code
    if report.in_doubt or report.not_sent:
        return ExitCode.PLATFORM
    counts = report.counts
    needs = report.needs_the_clerk or report.written.moved or counts.get("refused") or counts.get("to_act")
    return ExitCode.ROWS_NEED_THE_CLERK if needs else ExitCode.DONE


def as_document(report: Report) -> dict[str, object]:
    """The report as one JSON-ready document."""
    return {
        "command": report.command,
        "environment": report.environment.value if report.environment else None,
        "rows": [_row_document(row) for row in report.rows],
        "summary": {
            **report.counts,
            "cells_written": report.written.cells,
            "rows_not_found_when_writing": list(report.written.moved),
            "notices": [_finding_document(finding) for finding in report.notices],
            "stopped": {"code": report.stopped.code, "message": of_error(report.stopped)} if report.stopped else None,
            "exit_code": int(exit_code(report)),
        },
    }


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
    told = ", ".join(f"{value} {COUNTS[name]}" for name, value in report.counts.items() if value or name == "rows")
    return f"{COMMANDS[report.command]} : {told}"


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


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
