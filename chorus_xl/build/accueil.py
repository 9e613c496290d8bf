"""``Accueil``: the month at a glance, what to do next, who pays late, and proof that the totals add up.

Rule 1: what is counted is a live formula over the tables; the program itself writes but the two tables of ``followed``.
Rule 2: a block of totals ends with a check line, so that a word typed over by hand shows.
Rule 3: the table that grows stands last: nothing is below it.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from chorus_xl.build.banner import write_banner
from chorus_xl.build.followed import write_dues, write_press
from chorus_xl.build.formulas import ALL_ROWS, BUDGET, NOT_VALIDATED, VERDICT, count, equal, parameter, total
from chorus_xl.build.next_steps import STEPS
from chorus_xl.build.progress import COUNTED, GROUPS, SUMMED, Measure
from chorus_xl.build.styles import (
    AMBER,
    BOLD,
    CELL,
    COUNT_FORMAT,
    GREEN,
    HEADING,
    LINE,
    LINK,
    MONEY_OR_DASH,
    PROGRAM_HEADER,
    RED,
    TEXT,
    TOTAL,
    VIOLET,
    Look,
    Styles,
)
from chorus_xl.build.tables import A4, HEADER_ROW, set_up_page, write_title
from chorus_xl.domain.findings import Verdict

BUDGET_LINES = 16
"""Budgets shown one by one; what is beyond goes into one more line, so that nothing is lost."""

_LINKS: Sequence[tuple[str, str]] = (
    ("https://chorus-pro.gouv.fr", "Portail Chorus Pro"),
    ("https://communaute.chorus-pro.gouv.fr", "Communauté Chorus Pro"),
    ("internal:'Aide'!A1", "Feuille Aide"),
)
_WIDTHS = (34, *(14,) * 7, 18, *(14,) * 6)
_STEPS_AT, _TOTALS, _BUDGETS, _DUES = 4, 17, 29, 51  # first row of each block, zero-based
_HELP_AT = 26
_VERDICTS_AT, _LINK_AT, _RIGHT = 4, 6, 8  # columns
_RIGHT_WIDTH = len(_WIDTHS) - _RIGHT
_GROUPS_FIRST = _TOTALS + 2

PRESS_AT, DUES_AT = (_TOTALS + 1, _RIGHT), (_DUES + 5, 0)
"""Row and column of the headers of ``tblPression`` and ``tblEcheances``, zero-based."""


def write_home(workbook: Workbook, sheet: Worksheet, styles: Styles) -> None:
    """Write the whole sheet."""
    write_title(
        sheet,
        styles,
        "Factures Chorus Pro – le mois d'un coup d'œil",
        "Rien à saisir ici : les totaux se calculent d'après la feuille Factures, les avoirs déduits.",
    )
    write_banner(sheet, styles, len(_WIDTHS))
    sheet.hide_gridlines(2)
    sheet.set_zoom(90)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    _write_steps(sheet, styles)
    _write_chart(workbook, sheet)
    _heading(sheet, styles, _TOTALS, 0, "Où en sont les factures", 7)
    _write_groups(sheet, styles)
    _write_verdicts(sheet, styles)
    _heading(sheet, styles, _TOTALS, _RIGHT, "Dernière commande", _RIGHT_WIDTH)
    write_press(sheet, styles, *PRESS_AT, _RIGHT_WIDTH)
    _write_help(sheet, styles)
    _write_budgets(sheet, styles)
    _heading(sheet, styles, _DUES, 0, "Échéancier : en retard, ou dû sous sept jours", len(_WIDTHS))
    write_dues(sheet, styles, _DUES + 1, len(_WIDTHS))
    sheet.freeze_panes(HEADER_ROW, 0)
    set_up_page(sheet, paper=A4, header_row=None)
    sheet.fit_to_pages(1, 1)
    sheet.set_first_sheet()
    sheet.activate()


def _heading(sheet: Worksheet, styles: Styles, row: int, column: int, text: str, width: int) -> None:
    for more in range(width):
        sheet.write_blank(row, column + more, None, styles(HEADING))
    sheet.write_string(row, column, text, styles(HEADING))


def _color_by_sign(sheet: Worksheet, styles: Styles, row: int, column: int, signs: dict[str, Look]) -> None:
    for sign, look in signs.items():
        rule = {"type": "text", "criteria": "begins with", "value": sign, "format": styles.rule(look)}
        sheet.conditional_format(row, column, row, column, rule)


def _write_steps(sheet: Worksheet, styles: Styles) -> None:
    _heading(sheet, styles, _STEPS_AT, 0, "À faire maintenant", 7)
    for row, step in enumerate(STEPS, start=_STEPS_AT + 1):
        sheet.write_formula(row, 0, step.formula(), styles(TEXT), "")
        looks: dict[str, Look] = {"!": {"bold": True, "font_color": AMBER}, "?": {"bold": True, "font_color": VIOLET}}
        _color_by_sign(sheet, styles, row, 0, looks)
        sheet.write_url(row, _LINK_AT, f"internal:'{step.sheet}'!{step.cell}", styles(LINK), step.link)


def _write_groups(sheet: Worksheet, styles: Styles) -> None:
    lines = [(group.label, group.formula(COUNTED), group.formula(SUMMED)) for group in GROUPS]
    _write_block(sheet, styles, 0, "État", lines)


def _write_verdicts(sheet: Worksheet, styles: Styles) -> None:
    words = ((Verdict.READY, "Prêtes"), (Verdict.CHECK, "À vérifier"), (Verdict.CORRECT, "À corriger"))
    verdicts = [(label, count(equal(VERDICT, word)), total(equal(VERDICT, word))) for word, label in words]
    verdicts.append(("À contrôler", NOT_VALIDATED, total(equal(VERDICT, ""))))
    _write_block(sheet, styles, _VERDICTS_AT, "Contrôle", verdicts)


def _write_block(
    sheet: Worksheet, styles: Styles, column: int, title: str, lines: Sequence[tuple[str, str, str]]
) -> None:
    """Counts and sums, their total counted on its own, and whether it is the sum of the lines."""
    for at, text in enumerate((title, "Nombre", "Montant TTC"), start=column):
        sheet.write_string(_TOTALS + 1, at, text, styles(PROGRAM_HEADER))
    first = _TOTALS + 2
    last = first + len(lines)
    for row, (label, counted, summed) in enumerate((*lines, ("Total", ALL_ROWS, total())), start=first):
        look = TOTAL if row == last else CELL
        sheet.write_string(row, column, label, styles(look))
        sheet.write_formula(row, column + 1, f"={counted}", styles(look, num_format=COUNT_FORMAT))
        sheet.write_formula(row, column + 2, f"={summed}", styles(look, num_format=MONEY_OR_DASH))
    rows, amount = (
        f"{xl_rowcol_to_cell(last, at)}-SUM({xl_range(first, at, last - 1, at)})" for at in (column + 1, column + 2)
    )
    good = "✓ Le total est la somme des états."
    bad = f'"✗ Écart : "&({rows})&" ligne(s), "&ROUND({amount},2)&" € dans un état inconnu."'
    formula = f'=IF(AND({rows}=0,ROUND({amount},2)=0),"{good}",{bad})'
    sheet.write_formula(last + 1, column, formula, styles(BOLD), good)
    _color_by_sign(sheet, styles, last + 1, column, {"✓": {"font_color": GREEN}, "✗": {"font_color": RED}})


def _write_chart(workbook: Workbook, sheet: Worksheet) -> None:
    chart = workbook.add_chart({"type": "bar"})
    name, last = sheet.get_name(), _GROUPS_FIRST + len(GROUPS) - 1
    font = {"name": "Arial", "size": 9}
    chart.add_series(
        {
            "name": "Montant TTC",
            "categories": [name, _GROUPS_FIRST, 0, last, 0],
            "values": [name, _GROUPS_FIRST, 2, last, 2],
            "points": [{"fill": {"color": group.color}} for group in GROUPS],
            "data_labels": {"value": True, "num_format": '#,##0\\ "€";;', "font": font},
            "gap": 45,
        }
    )
    chart.set_title({"name": "Où en est l'argent, en euros TTC", "name_font": {"name": "Arial", "size": 11}})
    chart.set_y_axis({"reverse": True, "num_font": font, "major_tick_mark": "none"})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "num_format": "0"})
    chart.set_legend({"none": True})
    chart.set_size({"width": 749, "height": 216})
    spoken = "Montant TTC des factures par état, de À déposer à Refusées ou rejetées"
    sheet.insert_chart(_STEPS_AT, _RIGHT, chart, {"object_position": 2, "description": spoken})


def _write_help(sheet: Worksheet, styles: Styles) -> None:
    words = f'"Assistance (d\'après la notice) : "&{parameter("hotline")}&", "&{parameter("hotline_hours")}'
    sheet.write_formula(_HELP_AT, _RIGHT, f'=IFERROR({words},"voyez la feuille Paramètres")', styles(TEXT), "")
    for place, (address, text) in enumerate(_LINKS):
        column = _RIGHT + (0, 2, 5)[place]
        sheet.write_url(_HELP_AT + 1, column, address, styles(LINK), text)


def _write_budgets(sheet: Worksheet, styles: Styles) -> None:
    _heading(sheet, styles, _BUDGETS, 0, "Par budget et par état", len(_WIDTHS))
    head, whole, other, first = range(_BUDGETS + 2, _BUDGETS + 6)
    last = first + BUDGET_LINES - 1
    sheet.write_string(head, 0, "Budget", styles(PROGRAM_HEADER))
    sheet.write_string(whole, 0, "Tous les budgets", styles(TOTAL))
    sheet.write_string(other, 0, "Autres budgets, ou budget absent", styles(CELL))
    sheet.set_row(head, 32)
    for row in range(first, last + 1):
        label = f'=IFERROR(INDEX(tblBudgets[Libellé],{row - first + 1})&"","")'
        sheet.write_formula(row, 0, label, styles(TEXT), "")
    column = 0
    for title, measure, everything, number_format in (
        ("Montant TTC, en euros", SUMMED, total(), MONEY_OR_DASH),
        ("Nombre de factures", COUNTED, ALL_ROWS, COUNT_FORMAT),
    ):
        sheet.write_string(_BUDGETS + 1, column + 1, title, styles(BOLD))
        for name, whole_formula, of_budget in _columns(measure, everything):
            column += 1
            sheet.write_string(head, column, name, styles(PROGRAM_HEADER))
            sheet.write_formula(whole, column, f"={whole_formula}", styles(TOTAL, num_format=number_format))
            for row in range(first, last + 1):
                label = xl_rowcol_to_cell(row, 0, col_abs=True)
                shown = styles(TEXT, num_format=number_format)
                value = of_budget(f"{BUDGET},{label}")
                sheet.write_formula(row, column, f'=IF({label}="","",{value})', shown, "")
            known = xl_range(first, column, last, column)
            rest = f"=ROUND({xl_rowcol_to_cell(whole, column)}-SUM({known}),2)"
            sheet.write_formula(other, column, rest, styles(CELL, num_format=number_format))
    frame = {
        "type": "formula",
        "criteria": f'={xl_rowcol_to_cell(first, 0, col_abs=True)}<>""',
        "format": styles.rule({"border": 1, "border_color": LINE}),
    }
    sheet.conditional_format(first, 0, last, column, frame)


def _columns(measure: Measure, everything: str) -> Iterator[tuple[str, str, Callable[[str], str]]]:
    """Header, formula over all rows, and the formula of one budget, for the total and for each group."""
    yield "Total", everything, measure.of
    for group in GROUPS:
        yield group.label, group.formula(measure), partial(group.formula, measure)
