"""What the program itself writes on ``Accueil``: the last press, and the payments that are late or soon due.

Rule 1: the two tables are rewritten whole at each press. ``tblPression`` always has the same lines; ``tblEcheances``
        has as many as there are, so nothing may stand below it.
Rule 2: a sum says how many amounts are not in it: interest that nobody can work out yet is no zero.
Rule 3: the law's conditions are said where the amounts stand: a status that is missing does not prove that nobody paid.
"""

from collections.abc import Iterable

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from chorus_xl.build.formulas import column
from chorus_xl.build.styles import (
    BOLD,
    COUNT_FORMAT,
    LINE,
    MONEY_OR_DASH,
    NOTE,
    PROGRAM_CELL,
    PROGRAM_HEADER,
    TOTAL,
    WARN,
    Styles,
)
from chorus_xl.build.styles import number_look as look_of
from chorus_xl.build.tables import add_table, refuse_typing
from chorus_xl.domain.columns import DUES, PRESS, PRESS_ITEMS

LATE, DUE_ON, INTEREST = (column(each, DUES) for each in ("days_late", "due_on", "interest"))

_READY_ROWS = 60  # below the table's first row: the number formats that Excel does not bring along
_NOTES = (
    "Le délai légal court du jour où le destinataire dispose de la facture ; une suspension l'interrompt.",
    "Indemnité de 40 € et intérêts (BCE + 8 points) : Code de la commande publique.",
    "Certains destinataires ne font pas remonter la mise en paiement : voyez d'abord votre relevé bancaire.",
)


def write_press(sheet: Worksheet, styles: Styles, row: int, column_: int, width: int) -> None:
    """The last press, its value free to run over the cells on its right."""
    add_table(sheet, styles, PRESS, (row, column_), len(PRESS_ITEMS))
    sheet.set_row(row, None)
    _fill_header(sheet, styles, row, range(column_ + 2, column_ + width))
    line = {"bottom": 1, "bottom_color": LINE}
    for at, item in enumerate(PRESS_ITEMS, start=row + 1):
        sheet.write_string(at, column_, item, styles(PROGRAM_CELL, bold=True, num_format="@"))
        size = {"font_size": 9} if item == PRESS_ITEMS[-1] else {}
        sheet.write_blank(
            at, column_ + 1, None, styles({"font_color": "#404040", "num_format": "@", "valign": "top", **line, **size})
        )
        for more in range(column_ + 2, column_ + width):
            sheet.write_blank(at, more, None, styles(line))
    refuse_typing(sheet, row + 1, column_, row + len(PRESS_ITEMS), column_ + 1)


def _fill_header(sheet: Worksheet, styles: Styles, row: int, columns: Iterable[int]) -> None:
    """The colour of a table's header over what its last column may run across."""
    for column_ in columns:
        sheet.write_blank(row, column_, None, styles(PROGRAM_HEADER, border=0))


def write_dues(sheet: Worksheet, styles: Styles, row: int, width: int) -> None:
    """Notes, what the late ones come to, and their table, from that row on."""
    for at, note in enumerate(_NOTES, start=row):
        sheet.write_string(at, 0, note, styles(NOTE))
    sums, header = row + len(_NOTES), row + len(_NOTES) + 1
    places = [each.attribute for each in DUES.columns]
    for place in range(places.index("rate")):
        sheet.write_blank(sums, place, None, styles(TOTAL))
    sheet.write_string(sums, 0, "Total des retards", styles(TOTAL))
    counted = styles(TOTAL, num_format=COUNT_FORMAT, align="center")
    late = f'COUNTIF({LATE},">0")'
    sheet.write_formula(sums, places.index("invoice_number"), f"={late}", counted, 0)
    for attribute in ("total_with_vat", "compensation", "interest"):
        formula = f'=SUMIFS({column(attribute, DUES)},{LATE},">0")'
        sheet.write_formula(sums, places.index(attribute), formula, styles(TOTAL, num_format=MONEY_OR_DASH), 0)
    unknown = f'{late}-COUNTIFS({LATE},">0",{INTEREST},">=0")'
    left_out = f'=IF({unknown}=0,"","hors "&({unknown})&" à calculer")'
    sheet.write_formula(sums, places.index("interest") + 1, left_out, styles(BOLD), "")
    add_table(sheet, styles, DUES, (header, 0), 1)
    _fill_header(sheet, styles, header, range(len(places), width))
    last = header + _READY_ROWS
    for place, each in enumerate(DUES.columns):
        cell = styles({"font_color": "#404040", "valign": "top", **look_of(each)})
        for at in range(header + 1, last + 1):
            sheet.write_blank(at, place, None, cell)
    refuse_typing(sheet, header + 1, 0, last, len(places) - 1)
    _frame_lines(sheet, styles, header + 1, last)


def _frame_lines(sheet: Worksheet, styles: Styles, first: int, last: int) -> None:
    """Lines that hold something get a frame, and their days past the due date a colour, however many there are."""
    places = [each.attribute for each in DUES.columns]
    number, days, right = (places.index(each) for each in ("invoice_number", "days_late", "rate"))
    held, late = (xl_rowcol_to_cell(first, place, col_abs=True) for place in (number, days))
    frame = {"border": 1, "border_color": LINE}
    for left, until, criteria, look in (
        (days, days, f"=N({late})>0", {**WARN, **frame}),  # first: LibreOffice draws no more than one
        (0, right, f'={held}<>""', frame),
    ):
        rule = {"type": "formula", "criteria": criteria, "format": styles.rule(look)}
        sheet.conditional_format(first, left, last, until, rule)
