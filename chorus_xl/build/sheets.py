"""The workbook's sheets, in the order of the tabs, with the names that formulas and macros rely on.

Rule 1: code names (``shFactures`` …) and defined names (``chorus_layout``, ``lst…``) are a contract with the macros.
Rule 2: each sheet that is typed into or read line by line has one table under its title; a list that a dropdown reads
        stands beside the parameters, and what the program follows stands on ``Accueil``.
Rule 3: formulas get their values once all cells are there (``reckoned``); the one given with a formula is but a place.
Rule 4: the last sheet, which nobody sees, holds settings for the macros.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from chorus_xl.build.accueil import write_home
from chorus_xl.build.aide import write_help
from chorus_xl.build.banner import ENVIRONMENT_NAME, LAST_ENVIRONMENT, LAST_ENVIRONMENT_NAME
from chorus_xl.build.budgets import write_budgets
from chorus_xl.build.conf import CONF_SHEET, write_conf
from chorus_xl.build.factures import write_invoices, write_lines
from chorus_xl.build.journal import write_journal
from chorus_xl.build.parametres import write_parameters
from chorus_xl.build.reckoned import put_values
from chorus_xl.build.styles import Styles
from chorus_xl.build.vba import WORKBOOK_CODE_NAME
from chorus_xl.domain.columns import LAYOUT, LAYOUT_NAME

if TYPE_CHECKING:
    from chorus_xl.build import Content

CREATED = datetime(2026, 11, 23, tzinfo=UTC)
"""Said to be the time of creation, so that a build does not depend on the day."""

CODE_NAMES: Mapping[str, str] = {
    "Accueil": "shAccueil",
    "Factures": "shFactures",
    "Lignes": "shLignes",
    "Budgets": "shBudgets",
    "Journal": "shJournal",
    "Paramètres": "shParametres",
    "Aide": "shAide",
    CONF_SHEET: "shConf",
}
"""Sheet by sheet, in the order of the tabs, the name that macros know it by."""


def make(content: "Content") -> bytes:
    """The workbook as XlsxWriter packs it."""
    packed = BytesIO()
    font = {"font_name": "Arial", "font_size": 10}
    workbook = Workbook(packed, {"in_memory": True, "default_format_properties": font})
    workbook.set_properties({"title": "Factures Chorus Pro", "author": "chorus-xl", "created": CREATED})
    workbook.set_vba_name(WORKBOOK_CODE_NAME)
    workbook.set_size(1920, 1040)
    styles = Styles(workbook)
    sheets: dict[str, Worksheet] = {}
    for name, code_name in CODE_NAMES.items():
        sheets[name] = workbook.add_worksheet(name)
        sheets[name].set_vba_name(code_name)
    workbook.define_name(LAYOUT_NAME, f"={LAYOUT}")
    workbook.define_name(
        ENVIRONMENT_NAME, '=INDEX(tblParametres[Valeur],MATCH("Environnement",tblParametres[Paramètre],0))'
    )
    workbook.define_name(LAST_ENVIRONMENT_NAME, LAST_ENVIRONMENT)
    write_home(workbook, sheets["Accueil"], styles)
    write_invoices(sheets["Factures"], styles, content.invoices, content.spare_rows)
    write_lines(sheets["Lignes"], styles, content.lines, content.spare_rows)
    write_budgets(workbook, sheets["Budgets"], styles)
    write_journal(sheets["Journal"], styles, content.spare_rows)
    write_parameters(workbook, sheets["Paramètres"], styles, content.parameters)
    write_help(workbook, sheets["Aide"], styles)
    write_conf(workbook, sheets[CONF_SHEET])
    put_values(workbook)
    workbook.close()
    return packed.getvalue()
