"""``Journal``: what changed this month and the month before, then the journal's lines, for reading and filtering.

Rule 1: the months are those of the newest line, not of today: a sheet that is opened later tells the same.
Rule 2: a change is counted where the program marked it (``Changement``), so that none counts twice.
"""

from collections.abc import Sequence

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from chorus_xl.build.formulas import column
from chorus_xl.build.styles import CELL, COUNT_FORMAT, MONEY_OR_DASH, PROGRAM_HEADER, TOTAL, Styles
from chorus_xl.build.tables import A4, add_entry_rules, set_up_page, write_table, write_title
from chorus_xl.domain.columns import JOURNAL
from chorus_xl.domain.statuses import Change

CHANGES_ROW, JOURNAL_HEADER_ROW = 3, 9
"""Zero-based rows of the month's totals and of the table's headers."""

_AT, _CHANGE, _AMOUNT = (column(attribute, JOURNAL) for attribute in ("at", "change", "total_with_vat"))
_MONTH_FORMAT = '[$-40C]"En "mmmm yyyy'
_TOTALS: Sequence[tuple[str, Sequence[Change]]] = (
    ("Déposées", (Change.DEPOSITED,)),
    ("Payées ou comptabilisées", (Change.PAID, Change.BOOKED)),
    ("Suspendues ou à recycler", (Change.SUSPENDED, Change.TO_RECYCLE)),
    ("Rejetées ou refusées", (Change.REJECTED, Change.REFUSED)),
)


def write_journal(sheet: Worksheet, styles: Styles, spare_rows: int) -> None:
    """Write the whole sheet."""
    write_title(
        sheet,
        styles,
        "Journal",
        "Copie pour lecture de ce que le programme a noté des factures de ce classeur, récrite par Actualiser. "
        "Le vrai journal n'est pas ici. "
        "Filtrez Changement pour ne voir que l'essentiel.",
    )
    _write_changes(sheet, styles)
    write_table(sheet, styles, JOURNAL, (), spare_rows, JOURNAL_HEADER_ROW)
    add_entry_rules(sheet, JOURNAL, {}, JOURNAL_HEADER_ROW + 1)
    sheet.freeze_panes(JOURNAL_HEADER_ROW + 1, 2)
    set_up_page(sheet, paper=A4, header_row=JOURNAL_HEADER_ROW)


def _write_changes(sheet: Worksheet, styles: Styles) -> None:
    """Count and sum of each kind of change, in the month of the newest line and in the one before."""
    sheet.set_row(CHANGES_ROW, 30)
    for place, text in enumerate(("Ce qui a changé, ce classeur", *(label for label, _ in _TOTALS))):
        sheet.write_string(CHANGES_ROW, place, text, styles(PROGRAM_HEADER))
    now, before = (xl_rowcol_to_cell(CHANGES_ROW + row, 0, row_abs=True, col_abs=True) for row in (1, 3))
    newest = f"MAX({_AT})"
    months = (
        (CHANGES_ROW + 1, f"DATE(YEAR({newest}),MONTH({newest}),1)", f'{_AT},">="&{now}'),
        (CHANGES_ROW + 3, f"DATE(YEAR({newest}),MONTH({newest})-1,1)", f'{_AT},">="&{before},{_AT},"<"&{now}'),
    )
    look = {"align": "left"}
    for row, month, period in months:
        blank = f"{newest}=0"
        sheet.write_formula(row, 0, f'=IF({blank},"",{month})', styles(TOTAL, num_format=_MONTH_FORMAT, **look), "")
        sheet.write_string(row + 1, 0, "Montant TTC", styles(CELL))
        for place, (_, kinds) in enumerate(_TOTALS, start=1):
            counted = "+".join(f'COUNTIFS({_CHANGE},"{kind}",{period})' for kind in kinds)
            summed = "+".join(f'SUMIFS({_AMOUNT},{_CHANGE},"{kind}",{period})' for kind in kinds)
            for at, formula, number_format, cell in (
                (row, counted, COUNT_FORMAT, TOTAL),
                (row + 1, summed, MONEY_OR_DASH, CELL),
            ):
                shown = styles(cell, num_format=number_format, **look)
                sheet.write_formula(at, place, f'=IF({blank},"",{formula})', shown, "")
