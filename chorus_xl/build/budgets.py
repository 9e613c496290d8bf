"""``Budgets``: the shipped list as a start, for the clerk to complete; a printed SIRET stays as printed."""

from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from chorus_xl.build.styles import Styles
from chorus_xl.build.tables import (
    A3,
    FIRST_ROW,
    LAST_ROW,
    add_entry_rules,
    column_of,
    set_up_page,
    siret_rule,
    text_height,
    warning,
    write_table,
    write_title,
)
from chorus_xl.data import load
from chorus_xl.domain.budgets import Budget, candidate_sirets, seed, siret_problem
from chorus_xl.domain.columns import BUDGETS

LABELS_NAME = "lstBudgets"


def write_budgets(workbook: Workbook, sheet: Worksheet, styles: Styles) -> None:
    """Write the whole sheet and name its labels for the dropdown."""
    write_title(
        sheet,
        styles,
        "Budgets destinataires",
        "Ajoutez vos propres budgets sous la dernière ligne : le tableau s'agrandit. "
        "Le bouton Vérifier les budgets remplit les colonnes grises d'après le répertoire de Chorus Pro.",
    )
    budgets = seed(load("budgets"))
    rows = [
        {
            "label": budget.label,
            "body": budget.body,
            "budget": budget.budget,
            "siret": budget.siret,
            "service_under_contract": budget.service_under_contract,
            "service_outside_contract": budget.service_outside_contract,
            "payment_days": budget.payment_days,
            "remark": _remark(budget, budgets) or None,
        }
        for budget in budgets
    ]
    write_table(sheet, styles, BUDGETS, rows)
    for row, budget in enumerate(budgets, start=FIRST_ROW):
        if remark := _remark(budget, budgets):
            sheet.set_row(row, text_height([(remark, BUDGETS.column("remark").width)]))
    label, siret = column_of(BUDGETS, "label"), column_of(BUDGETS, "siret")
    labels = xl_range_abs(FIRST_ROW, label, LAST_ROW, label)
    alone = f"=COUNTIF({labels},{xl_rowcol_to_cell(FIRST_ROW, label)})=1"
    doubt = warning("Libellé déjà pris", "Deux budgets ne peuvent pas porter le même libellé. Le gardez-vous ?")
    days = BUDGETS.column("payment_days")
    shorter = warning("Délai hors de la liste", "Un marché peut prévoir un délai plus court. Gardez-vous celui-ci ?")
    add_entry_rules(
        sheet,
        BUDGETS,
        {
            "label": {"validate": "custom", "value": alone, **doubt},
            "siret": siret_rule(xl_rowcol_to_cell(FIRST_ROW, siret)),
            "payment_days": {"validate": "list", "source": list(days.choices), **shorter},
        },
    )
    workbook.define_name(LABELS_NAME, f"={BUDGETS.name}[{BUDGETS.column('label').header}]")
    sheet.freeze_panes(FIRST_ROW, 1)
    set_up_page(sheet, paper=A3)


def _remark(budget: Budget, budgets: Sequence[Budget]) -> str:
    """Why a SIRET cannot be used as printed, and which number would pass: a reading, never a replacement."""
    if siret_problem(budget.siret) is None:
        return ""
    candidates = " ou ".join(candidate_sirets(budget, budgets))
    return (
        "SIRET repris tel quel de la notice : sa clé est fausse, rien ne peut partir vers lui. "
        f"Candidat dont la clé est juste : {candidates}. À confirmer par le bouton Vérifier les budgets "
        "en Production, ou par la collectivité."
    )
