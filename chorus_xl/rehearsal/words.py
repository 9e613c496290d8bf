"""The story told: to a person at a terminal, or as one document."""

from dataclasses import replace

from rich import box
from rich.table import Table
from rich.text import Text

from chorus_xl import telling
from chorus_xl.domain.columns import INVOICES
from chorus_xl.domain.parameters import Environment
from chorus_xl.messages import in_row
from chorus_xl.rehearsal.story import Story
from chorus_xl.steps.office import RowReport
from chorus_xl.terminal import cell, new_console


def tell(story: Story, *, as_json: bool) -> None:
    """Tell the story to a person, or as one document."""
    if as_json:
        telling.print_json(_document(story))
        return
    console = new_console()
    console.print(
        Text("Répétition d'un mois, du dépôt au paiement, sur la plateforme d'exercice de ce PC", style="bold")
    )
    for report in story.reports:
        console.print(f"  {telling.summary_line(report)}", markup=False)
    console.print(_table(story))
    console.print(Text("Ce qu'il resterait à faire", style="bold"))
    left = _left_to_do(story)
    if not left:
        console.print("  rien")
    for row, words in left:
        console.print(Text(f"  {row.invoice_number or f'ligne {row.row}'} : {words}"))
    for number, expected, seen in story.strayed:
        console.print(Text(f"Ligne {number} : attendu « {expected} », obtenu « {seen} »", style="bold red"))
    console.print(f"Classeur : {story.file.resolve()}", markup=False, soft_wrap=True)
    console.print(f"Dossier de preuve : {story.proof.resolve()}", markup=False, soft_wrap=True)


_MOST_TOLD = 40
_AFTER_THE_VERDICT = frozenset({"refresh", "act"})
"""Steps whose findings are no judgement of the row: what a deposit said of it stays the last word on it."""


def _final_rows(story: Story) -> list[RowReport]:
    """Each row with all that the steps wrote on it, and what the last judgement found."""
    merged: dict[int, RowReport] = {}
    for report in story.reports:
        if report.command == "prove":  # it writes nothing on the sheet
            continue
        for row in report.rows:
            known = merged.get(row.row, row)
            judged = known if report.command in _AFTER_THE_VERDICT else row
            merged[row.row] = replace(judged, values={**known.values, **row.values})
    return [merged[number] for number in sorted(merged)]


def _table(story: Story) -> Table:
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    table.add_column("Ligne", justify="right")
    table.add_column(INVOICES.column("invoice_number").header, min_width=20, max_width=20, overflow="fold")
    for name in _SHOWN:
        table.add_column(INVOICES.column(name).header, no_wrap=name in _NARROW)
    for row in _final_rows(story)[:_MOST_TOLD]:
        shown = {**row.values, "chorus_status": str(row.values.get("chorus_status") or "").partition(" (")[0]}
        table.add_row(str(row.row), row.invoice_number, *(cell(shown.get(name)) for name in _SHOWN))
    return table


_NARROW = ("recipient_siret", "verdict", "deposit_state")
_SHOWN = (*_NARROW, "chorus_status")


def _left_to_do(story: Story) -> list[tuple[RowReport, str]]:
    left = []
    for row in _final_rows(story)[:_MOST_TOLD]:
        left += [(row, in_row(finding)) for finding in row.findings]
        if row.values.get("next_action"):
            left.append((row, str(row.values["next_action"])))
    return left


def _document(story: Story) -> dict[str, object]:
    return {
        "command": "rehearse",
        "environment": Environment.REHEARSAL.value,
        "rows": [{"row": row.row, "invoice_number": row.invoice_number, **row.values} for row in _final_rows(story)],
        "summary": {
            "file": str(story.file),
            "steps": {report.command: dict(report.counts) for report in story.reports},
            "proof": str(story.proof),
            "seal": story.seal,
            "strayed": [{"row": row, "expected": expected, "seen": seen} for row, expected, seen in story.strayed],
            "exit_code": int(story.exit_code),
        },
    }
