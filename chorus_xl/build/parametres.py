"""``Paramètres``: what a supplier sets once, and beside it the list that the dropdown of VAT rates reads."""

from collections.abc import Mapping

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from chorus_xl.build.styles import PROGRAM_CELL, PROGRAM_HEADER, RATE_FORMAT, WHOLE_RATE_FORMAT, Styles
from chorus_xl.build.tables import (
    A4,
    FIRST_ROW,
    HEADER_ROW,
    choice_error,
    column_of,
    set_up_page,
    siret_rule,
    text_height,
    write_table,
    write_title,
    write_value,
)
from chorus_xl.data import load
from chorus_xl.domain.columns import SETTINGS, SEVERAL_RATES
from chorus_xl.domain.parameters import PARAMETERS

RATES_NAME = "lstTauxTVA"
_RATES_COLUMN = len(SETTINGS.columns) + 1
_TERRITORIES = {
    "mainland": "Métropole",
    "overseas": "Guadeloupe, Martinique, La Réunion",
    "corsica": "Corse",
}


def write_parameters(workbook: Workbook, sheet: Worksheet, styles: Styles, values: Mapping[str, str]) -> None:
    """Write the whole sheet; ``values`` stand in place of defaults, by attribute."""
    write_title(
        sheet,
        styles,
        "Paramètres",
        "À remplir une fois, dans la colonne Valeur. Aucun mot de passe ici : ils vont dans le coffre du système.",
    )
    rows = [
        {"name": one.name, "value": values.get(one.attribute, one.default) or None, "help": one.help}
        for one in PARAMETERS
    ]
    write_table(sheet, styles, SETTINGS, rows)
    value, help_ = column_of(SETTINGS, "value"), column_of(SETTINGS, "help")
    for row, parameter in enumerate(PARAMETERS, start=FIRST_ROW):
        for column, text in ((column_of(SETTINGS, "name"), parameter.name), (help_, parameter.help)):
            sheet.write_string(row, column, text, styles(PROGRAM_CELL, num_format="@", text_wrap=True))
        sheet.set_row(row, text_height([(parameter.help, SETTINGS.columns[help_].width)]))
        if parameter.choices:
            rule = {"validate": "list", "source": list(parameter.choices), **choice_error(parameter.name)}
            sheet.data_validation(row, value, row, value, rule)
        elif parameter.attribute.endswith("_siret"):
            sheet.data_validation(row, value, row, value, siret_rule(xl_rowcol_to_cell(row, value)))
    _write_rates(workbook, sheet, styles)
    sheet.freeze_panes(FIRST_ROW, 0)
    set_up_page(sheet, paper=A4)


def _write_rates(workbook: Workbook, sheet: Worksheet, styles: Styles) -> None:
    rates = _rates()
    last_row = FIRST_ROW + len(rates) - 1
    headers = [{"header": name, "header_format": styles(PROGRAM_HEADER)} for name in ("Taux TVA", "Où")]
    options = {"name": "tblListes", "columns": headers, "style": None, "autofilter": False}
    sheet.add_table(HEADER_ROW, _RATES_COLUMN, last_row, _RATES_COLUMN + 1, options)
    for column, width in ((_RATES_COLUMN - 1, 3), (_RATES_COLUMN, 12), (_RATES_COLUMN + 1, 50)):
        sheet.set_column(column, column, width)
    for row, (rate, place) in enumerate(rates, start=FIRST_ROW):
        whole = isinstance(rate, str) or round(rate * 100, 6).is_integer()
        look = styles(PROGRAM_CELL, num_format=WHOLE_RATE_FORMAT if whole else RATE_FORMAT, align="right")
        write_value(sheet, row, _RATES_COLUMN, rate, look)
        sheet.write_string(row, _RATES_COLUMN + 1, place, styles(PROGRAM_CELL))
    cells = xl_range_abs(FIRST_ROW, _RATES_COLUMN, last_row, _RATES_COLUMN)
    workbook.define_name(RATES_NAME, f"='{sheet.get_name()}'!{cells}")


def _rates() -> list[tuple[float | str, str]]:
    """What the dropdown offers: real percentages with where they are used, then ``Multiple``."""
    used: dict[int, list[str]] = {}
    for territory, rates in load("vat_rates")["current"].items():
        for rate in sorted(rates, reverse=True):
            used.setdefault(rate, []).append(_TERRITORIES[territory])
    lines: list[tuple[float | str, str]] = [(rate / 10_000, " ; ".join(places)) for rate, places in used.items()]
    return [*lines, (SEVERAL_RATES, "Détail par taux dans la feuille Lignes")]
