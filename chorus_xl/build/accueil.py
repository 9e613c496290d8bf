"""``Accueil``: the month at a glance, what to do next, and proof that the totals add up.

Rule 1: everything is a live formula over the tables; nothing is counted in Python.
Rule 2: a block of totals ends with a check line, so that a word typed over by hand shows.
"""

from collections.abc import Callable, Sequence
from functools import partial

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from chorus_xl.build.banner import write_banner
from chorus_xl.build.formulas import (
    ALL_ROWS,
    BUDGET,
    NOT_VALIDATED,
    VERDICT,
    count,
    count_in,
    equal,
    parameter,
    total,
    total_in,
)
from chorus_xl.build.next_steps import STEPS
from chorus_xl.build.styles import (
    AMBER,
    BOLD,
    CELL,
    COUNT_FORMAT,
    DATE_FORMAT,
    GREEN,
    HEADING,
    LINE,
    LINK,
    MONEY_OR_DASH,
    PROGRAM_CELL,
    PROGRAM_HEADER,
    RED,
    TEXT,
    TOTAL,
    VIOLET,
    Look,
    Styles,
)
from chorus_xl.build.tables import A4, HEADER_ROW, set_up_page, write_title
from chorus_xl.domain.columns import JOURNAL
from chorus_xl.domain.findings import Verdict
from chorus_xl.domain.statuses import DepositState

BUDGET_LINES = 30
"""Budgets shown one by one; what is beyond goes into one more line, so that nothing is lost."""

LAST_LINE: Sequence[tuple[str, str, str]] = (
    ("Événement", "event", "@"),
    ("N° facture", "invoice_number", "@"),
    ("Le", "at", DATE_FORMAT),
    ("Par", "user", "@"),
    ("Environnement", "environment", "@"),
)
"""Label, column of ``tblJournal`` and number format of the journal's newest line, which stands first there."""

_STATES: Sequence[tuple[DepositState, str, str]] = (
    (DepositState.TO_DEPOSIT, "À déposer", "#8EA9DB"),
    (DepositState.DEPOSITED, "Déposées", "#70AD47"),
    (DepositState.REFUSED, "Refusées", "#C00000"),
    (DepositState.IN_DOUBT, "Envoi incertain", "#7030A0"),
    (DepositState.FLOW_RUNNING, "Flux en cours", "#2E75B6"),
    (DepositState.FLOW_REJECTED, "Rejetées au flux", "#A5484F"),
)
_LINKS: Sequence[tuple[str, str]] = (
    ("https://chorus-pro.gouv.fr", "Portail Chorus Pro"),
    ("https://communaute.chorus-pro.gouv.fr", "Communauté et documentation de Chorus Pro"),
    ("internal:'Factures'!A5", "Feuille Factures : la saisie"),
    ("internal:'Budgets'!A5", "Feuille Budgets : les destinataires"),
    ("internal:'Journal'!A5", "Feuille Journal : ce qui a été fait"),
    ("internal:'Paramètres'!A5", "Feuille Paramètres : vos réglages"),
    ("internal:'Aide'!A1", "Feuille Aide : statuts, messages, obligations"),
)
_Counted = tuple[str, Callable[[str], str]]
"""A formula over all rows, and the one for a condition on the budget."""

_WIDTHS = (34, *(12,) * 3, 17, *(12,) * 3, *(13,) * 7)
_NEXT, _TOTALS, _BUDGETS = 4, 15, 28  # first row of each block, zero-based
_STATES_AT, _CHART_AT, _LINKS_AT = 4, 8, 11  # columns


def write_home(workbook: Workbook, sheet: Worksheet, styles: Styles) -> None:
    """Write the whole sheet."""
    write_title(
        sheet,
        styles,
        "Factures Chorus Pro – le mois d'un coup d'œil",
        "Tout est calculé d'après la feuille Factures : rien à saisir ici. Les avoirs sont déduits des montants.",
    )
    write_banner(sheet, styles, len(_WIDTHS))
    sheet.hide_gridlines(2)
    sheet.set_zoom(90)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    _write_steps(sheet, styles)
    _write_totals(sheet, styles)
    _write_chart(workbook, sheet)
    _write_last_line(sheet, styles)
    _write_links(sheet, styles)
    _write_budgets(sheet, styles)
    sheet.freeze_panes(HEADER_ROW, 0)
    sheet.print_area(0, 0, _BUDGETS + BUDGET_LINES + 4, len(_WIDTHS) - 1)
    set_up_page(sheet, paper=A4, repeat_header=False)
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
    _heading(sheet, styles, _NEXT, 0, "Que faire maintenant", 7)
    for row, step in enumerate(STEPS, start=_NEXT + 1):
        sheet.write_formula(row, 0, step.formula(), styles(TEXT), "")
        looks: dict[str, Look] = {"!": {"bold": True, "font_color": AMBER}, "?": {"bold": True, "font_color": VIOLET}}
        _color_by_sign(sheet, styles, row, 0, looks)


def _write_totals(sheet: Worksheet, styles: Styles) -> None:
    _heading(sheet, styles, _TOTALS, 0, "Totaux de contrôle", 7)
    words = ((Verdict.READY, "Prêtes"), (Verdict.CHECK, "À vérifier"), (Verdict.CORRECT, "À corriger"))
    verdicts = [(label, count(equal(VERDICT, word)), total(equal(VERDICT, word))) for word, label in words]
    verdicts.append(("Pas encore contrôlées", NOT_VALIDATED, total(equal(VERDICT, ""))))
    states = [(label, count_in(state), total_in(state)) for state, label, _ in _STATES]
    _write_block(sheet, styles, 0, "Contrôle", verdicts)
    _write_block(sheet, styles, _STATES_AT, "Dépôt", states)


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
    chart = workbook.add_chart({"type": "column"})
    name, first = sheet.get_name(), _TOTALS + 2
    last = first + len(_STATES) - 1
    chart.add_series(
        {
            "name": "Nombre de factures",
            "categories": [name, first, _STATES_AT, last, _STATES_AT],
            "values": [name, first, _STATES_AT + 1, last, _STATES_AT + 1],
            "points": [{"fill": {"color": color}} for _, _, color in _STATES],
            "data_labels": {"value": True},
            "gap": 60,
        }
    )
    font = {"name": "Arial", "size": 9}
    chart.set_title({"name": "Factures par état de dépôt", "name_font": {"name": "Arial", "size": 12}})
    chart.set_x_axis({"name": "État de dépôt", "name_font": font, "num_font": font})
    chart.set_y_axis({"name": "Nombre de factures", "name_font": font, "num_font": font, "num_format": "0", "min": 0})
    chart.set_legend({"none": True})
    chart.set_size({"width": 672, "height": 215})
    spoken = "Nombre de factures par état de dépôt, de À déposer à Rejetées au flux"
    sheet.insert_chart(_NEXT, _CHART_AT, chart, {"object_position": 2, "description": spoken})


def _write_last_line(sheet: Worksheet, styles: Styles) -> None:
    _heading(sheet, styles, _TOTALS, _CHART_AT, "Dernière ligne du journal", 2)
    for row, (label, attribute, number_format) in enumerate(LAST_LINE, start=_TOTALS + 1):
        sheet.write_string(row, _CHART_AT, label, styles(PROGRAM_CELL, bold=True))
        cell = f"INDEX({JOURNAL.name}[{JOURNAL.column(attribute).header}],1)"
        look = styles(PROGRAM_CELL, num_format=number_format, align="left")
        sheet.write_formula(row, _CHART_AT + 1, f'=IF({cell}="","",{cell})', look, "")


def _write_links(sheet: Worksheet, styles: Styles) -> None:
    _heading(sheet, styles, _TOTALS, _LINKS_AT, "Assistance et liens", 4)
    lines = (f'"Assistance (d\'après la notice) : "&{parameter("hotline")}', f'{parameter("hotline_hours")}&""')
    for row, line in enumerate(lines, start=_TOTALS + 1):
        sheet.write_formula(row, _LINKS_AT, f'=IFERROR({line},"voyez la feuille Paramètres")', styles(TEXT), "")
    for row, (address, text) in enumerate(_LINKS, start=_TOTALS + 1 + len(lines)):
        sheet.write_url(row, _LINKS_AT, address, styles(LINK), text)


def _write_budgets(sheet: Worksheet, styles: Styles) -> None:
    _heading(sheet, styles, _BUDGETS, 0, "Par budget et par état de dépôt", len(_WIDTHS))
    head, whole, other, first = range(_BUDGETS + 2, _BUDGETS + 6)
    last = first + BUDGET_LINES - 1
    sheet.write_string(head, 0, "Budget", styles(PROGRAM_HEADER))
    sheet.write_string(whole, 0, "Tous les budgets", styles(TOTAL))
    sheet.write_string(other, 0, "Autres budgets, ou budget absent", styles(CELL))
    sheet.set_row(head, 30)
    for row in range(first, last + 1):
        label = f'=IFERROR(INDEX(tblBudgets[Libellé],{row - first + 1})&"","")'
        sheet.write_formula(row, 0, label, styles(TEXT), "")
    names = ("Total", *(label for _, label, _ in _STATES))
    counts: list[_Counted] = [
        (ALL_ROWS, count),
        *((count_in(state), partial(count_in, state)) for state, _, _ in _STATES),
    ]
    totals: list[_Counted] = [
        (total(), total),
        *((total_in(state), partial(total_in, state)) for state, _, _ in _STATES),
    ]
    groups: Sequence[tuple[str, list[_Counted], str]] = (
        ("Nombre de factures", counts, COUNT_FORMAT),
        ("Montant TTC, en euros", totals, MONEY_OR_DASH),
    )
    column = 0
    for title, formulas, number_format in groups:
        sheet.write_string(_BUDGETS + 1, column + 1, title, styles(BOLD))
        for name, (everything, of_budget) in zip(names, formulas, strict=True):
            column += 1
            sheet.write_string(head, column, name, styles(PROGRAM_HEADER))
            sheet.write_formula(whole, column, f"={everything}", styles(TOTAL, num_format=number_format))
            for row in range(first, last + 1):
                label = xl_rowcol_to_cell(row, 0, col_abs=True)
                value = of_budget(f"{BUDGET},{label}")
                shown = styles(TEXT, num_format=number_format)
                sheet.write_formula(row, column, f'=IF({label}="","",{value})', shown, "")
            rest = f"={xl_rowcol_to_cell(whole, column)}-SUM({xl_range(first, column, last, column)})"
            sheet.write_formula(other, column, rest, styles(CELL, num_format=number_format))
    frame = {
        "type": "formula",
        "criteria": f'={xl_rowcol_to_cell(first, 0, col_abs=True)}<>""',
        "format": styles.rule({"border": 1, "border_color": LINE}),
    }
    sheet.conditional_format(first, 0, last, column, frame)
