"""Reports told on a terminal: what a clerk sees of a step.

Rule 1: colour goes with a word, never alone.
Rule 2: this module alone imports rich for reports, so that a run that answers in JSON does not wait for it.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from chorus_xl.domain.columns import INVOICES
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.messages import in_report, of_error
from chorus_xl.messages.counted import agreeing, counted
from chorus_xl.messages.words import COMMANDS
from chorus_xl.steps.office import Report, RowReport
from chorus_xl.telling import late_line, summary_line

_TABLE_ROWS = 40  # more than that and a terminal shows nothing any more: the sheet has them all
_WIDE = 120  # characters

_COLOURS = {
    "À corriger": "bold red",
    "Refusée": "bold red",
    "À vérifier": "yellow",
    "Envoi incertain": "bold yellow",
    "Prête": "green",
    "Déposée": "green",
}


def new_console() -> Console:
    """Stdout; where nobody watches (a file, a pipe) a line is wide enough for every table."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDE
    return console


def print_report(report: Report) -> None:
    """Tell a clerk at a terminal what a step did."""
    console = new_console()
    environment = f" – {report.environment.label}" if report.environment else ""
    console.print(Text(f"{COMMANDS[report.command]}{environment}", style="bold"))
    if report.rows:
        console.print(_table(report.rows[:_TABLE_ROWS], report.command))
    if len(report.rows) > _TABLE_ROWS:
        others = counted(len(report.rows) - _TABLE_ROWS, "autre ligne|autres lignes")
        console.print(f"… et {others} : tout est dans le classeur.")
    print_findings(report.notices, console)
    print_findings((finding for row in report.rows for finding in row.findings), console)
    _print_gestures(report.rows[:_TABLE_ROWS], console)
    for due in report.late[:_TABLE_ROWS]:
        console.print(Text(f" ! {late_line(due)}", style="yellow"))
    if len(report.late) > _TABLE_ROWS:
        others = counted(len(report.late) - _TABLE_ROWS, "autre retard|autres retards")
        console.print(f"… et {others} : feuille Accueil, échéancier.")
    console.print(Text(summary_line(report), style="bold"))
    if report.press is not None and report.press.head:
        console.print(f"Tête du journal, à garder hors de ce PC : {report.press.head}")
    if report.written.moved:
        lines = ", ".join(str(row) for row in report.written.moved)
        words = agreeing("ligne {} non écrite|lignes {} non écrites", len(report.written.moved)).format(lines)
        console.print(f"Le classeur a changé entre-temps : {words}. Relancez la commande.")
    if report.stopped is not None:
        console.print(Text(of_error(report.stopped), style="bold red"))


def _print_gestures(rows: Sequence[RowReport], console: Console) -> None:
    """What the sheet's ``Motif`` and ``À faire`` say, a line each: too long for a table."""
    for row in rows:
        if row.values.get("next_action"):
            why = f"{row.values['reason']} – " if row.values.get("reason") else ""
            console.print(Text(f" → {row.invoice_number} : {why}{row.values['next_action']}", style="cyan"))


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
    "act": ("deposit_state", "chorus_reference", "chorus_status"),
    "prove": ("deposit_state", "chorus_reference", "chorus_status", "folder"),
    "budgets check": ("siret", "directory", "service_required", "engagement_required"),
}


def _table(rows: Sequence[RowReport], command: str) -> Table:
    headers = {column.attribute: column.header for column in INVOICES.columns}
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    table.add_column("Ligne", justify="right")
    table.add_column("Libellé" if command == "budgets check" else headers["invoice_number"], no_wrap=True)
    for name in _SHOWN[command]:
        table.add_column(headers.get(name) or _OTHER_HEADERS[name], overflow="fold")
    for row in rows:
        cells = [cell(row.values.get(name)) for name in _SHOWN[command]]
        table.add_row(str(row.row), row.invoice_number or "(sans numéro)", *cells)
    return table


_OTHER_HEADERS = {
    "folder": "Dans le dossier",
    "siret": "Nouveau SIRET",
    "directory": "Répertoire",
    "service_required": "Service exigé",
    "engagement_required": "Engagement exigé",
}


def cell(value: object) -> Text:
    """A value as a cell of a terminal's table; colour goes with the word."""
    text = value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value if value is not None else "")
    return Text(text, style=_COLOURS.get(text, ""))
