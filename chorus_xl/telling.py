"""Reports told: as a table on a terminal, as one JSON document, as an exit code.

Rule 1: JSON goes to stdout and nothing else does; words for people go to stderr when JSON is asked.
Rule 2: attributes in JSON are those of ``domain.columns``; a date is ISO, a blank is null.
Rule 3: the exit code is derived from the report and from nothing else (design §3).
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from chorus_xl.domain.columns import INVOICES
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.errors import ChorusXlError, ExitCode
from chorus_xl.messages import in_report, of_error
from chorus_xl.messages.words import COMMANDS, COUNTS
from chorus_xl.steps.office import Report, RowReport

_TABLE_ROWS = 40  # more than that and a terminal shows nothing any more: the sheet has them all

_COLOURS = {
    "À corriger": "bold red",
    "Refusée": "bold red",
    "À vérifier": "yellow",
    "Envoi incertain": "bold yellow",
    "Prête": "green",
    "Déposée": "green",
}


def exit_code(report: Report) -> ExitCode:
    """What the command ends with."""
    if report.stopped is not None:
        return report.stopped.exit_code
    if report.in_doubt:
        return ExitCode.PLATFORM
    needs = report.needs_the_clerk or report.counts.get("refused") or report.counts.get("to_act")
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


def print_report(report: Report) -> None:
    """Tell a clerk at a terminal what a step did."""
    console = Console(highlight=False)
    environment = f" – {report.environment.label}" if report.environment else ""
    console.print(Text(f"{COMMANDS[report.command]}{environment}", style="bold"))
    if report.rows:
        console.print(_table(report.rows[:_TABLE_ROWS], report.command))
    if len(report.rows) > _TABLE_ROWS:
        console.print(f"… et {len(report.rows) - _TABLE_ROWS} autres lignes : elles sont toutes dans le classeur.")
    print_findings(report.notices, console)
    print_findings((finding for row in report.rows for finding in row.findings), console)
    _print_gestures(report.rows[:_TABLE_ROWS], console)
    console.print(Text(summary_line(report), style="bold"))
    if report.written.moved:
        lines = ", ".join(str(row) for row in report.written.moved)
        console.print(f"Le classeur a changé entre-temps : lignes {lines} non écrites. Relancez la commande.")
    if report.stopped is not None:
        console.print(Text(of_error(report.stopped), style="bold red"))


def _print_gestures(rows: Sequence[RowReport], console: Console) -> None:
    """What the sheet's ``Motif`` and ``À faire`` say, a line each: too long for a table."""
    for row in rows:
        if row.values.get("next_action"):
            why = f"{row.values['reason']} – " if row.values.get("reason") else ""
            console.print(Text(f" → {row.invoice_number} : {why}{row.values['next_action']}", style="cyan"))


def summary_line(report: Report) -> str:
    """One line: the step and its counts."""
    told = ", ".join(f"{value} {COUNTS[name]}" for name, value in report.counts.items() if value or name == "rows")
    return f"{COMMANDS[report.command]} : {told}"


def print_findings(findings: Iterable[Finding], console: Console, most: int = _TABLE_ROWS) -> None:
    """List findings, one sentence a line."""
    for count, finding in enumerate(findings):
        if count == most:
            console.print("… la suite est dans le classeur, colonne « Anomalies ».")
            return
        sign, style = ("✗", "red") if finding.severity is Severity.ERROR else ("!", "yellow")
        console.print(Text(f" {sign} {in_report(finding)}", style=style))


_SHOWN = {
    "fill": ("recipient_siret", "service_code"),
    "validate": ("verdict",),
    "deposit": ("verdict", "deposit_state", "chorus_reference"),
    "refresh": ("deposit_state", "chorus_reference", "chorus_status"),
    "budgets check": ("siret", "directory", "service_required", "engagement_required"),
}


def _table(rows: Sequence[RowReport], command: str) -> Table:
    headers = {column.attribute: column.header for column in INVOICES.columns}
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    table.add_column("Ligne", justify="right")
    table.add_column("Libellé" if command == "budgets check" else headers["invoice_number"], no_wrap=True)
    for name in _SHOWN[command]:
        table.add_column(headers.get(name) or _BUDGET_HEADERS[name], overflow="fold")
    for row in rows:
        cells = [cell(row.values.get(name)) for name in _SHOWN[command]]
        table.add_row(str(row.row), row.invoice_number or "(sans numéro)", *cells)
    return table


_BUDGET_HEADERS = {
    "siret": "Nouveau SIRET",
    "directory": "Répertoire",
    "service_required": "Service exigé",
    "engagement_required": "Engagement exigé",
}


def cell(value: object) -> Text:
    """A value as a cell of a terminal's table; colour goes with the word."""
    text = value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value if value is not None else "")
    return Text(text, style=_COLOURS.get(text, ""))


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
