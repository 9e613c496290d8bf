"""``Factures`` and ``Lignes``: where the clerk types and the program answers.

Rule 1: a word of the program has its colour and, by number format alone, its sign: the cell holds the bare word.
Rule 2: a warning lets the clerk go on; typing is stopped only where the value could not be used at all.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from chorus_xl.build.banner import write_banner
from chorus_xl.build.budgets import LABELS_NAME
from chorus_xl.build.catalogues import FAMILIES, STATUS_FAMILIES_NAME, STATUSES_NAME
from chorus_xl.build.parametres import RATES_NAME
from chorus_xl.build.styles import BAD, CALM, DOUBT, GOOD, WARN, WHOLE_RATE_FORMAT, Look, Styles, signed
from chorus_xl.build.tables import (
    A3,
    A4,
    FIRST_ROW,
    LAST_ROW,
    add_entry_rules,
    choice_error,
    column_of,
    set_up_page,
    warning,
    write_table,
    write_title,
)
from chorus_xl.domain.columns import INVOICES, LINES, TableSpec
from chorus_xl.domain.findings import Verdict
from chorus_xl.domain.statuses import DepositState, Family

Rows = Sequence[Mapping[str, object]]

_LONGEST_NUMBER = 20
_WORDS: Mapping[str, Mapping[str, Look]] = {
    "verdict": {
        Verdict.READY: signed("✓", GOOD),
        Verdict.CHECK: signed("!", WARN),
        Verdict.CORRECT: signed("✗", BAD),
    },
    "deposit_state": {
        DepositState.TO_DEPOSIT: signed("→", CALM),
        DepositState.DEPOSITED: signed("✓", GOOD),
        DepositState.REFUSED: signed("✗", BAD),
        DepositState.IN_DOUBT: signed("?", DOUBT),
        DepositState.FLOW_RUNNING: signed("…", CALM),
        DepositState.FLOW_REJECTED: signed("✗", BAD),
    },
}


def write_invoices(sheet: Worksheet, styles: Styles, rows: Rows, spare_rows: int) -> None:
    """Write the whole sheet."""
    write_title(
        sheet,
        styles,
        "Factures du mois",
        "Une ligne par facture. En-têtes bleus : vous remplissez. En-têtes gris : les boutons remplissent. "
        "Ordre des boutons : Remplir, Contrôler, Déposer le lot, Actualiser.",
    )
    write_banner(sheet, styles, len(INVOICES.columns))
    write_table(sheet, styles, INVOICES, rows, spare_rows)
    number = column_of(INVOICES, "invoice_number")
    doubt = warning("Numéro trop long", "Chorus Pro n'accepte que 20 caractères. Gardez-vous ce numéro ?")
    fits = f"=LEN({xl_rowcol_to_cell(FIRST_ROW, number)})<={_LONGEST_NUMBER}"
    add_entry_rules(
        sheet,
        INVOICES,
        {
            "budget": {"validate": "list", "source": f"={LABELS_NAME}", **choice_error("Budget")},
            "vat_rate": _rate_rule(),
            "invoice_number": {"validate": "custom", "value": fits, **doubt},
        },
    )
    for attribute, looks in _WORDS.items():
        column = column_of(INVOICES, attribute)
        for word, look in looks.items():
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": styles.rule(look)}
            sheet.conditional_format(FIRST_ROW, column, LAST_ROW, column, rule)
    _color_statuses(sheet, styles)
    _show_whole_rates(sheet, styles, INVOICES)
    sheet.freeze_panes(FIRST_ROW, number + 1)
    set_up_page(sheet, paper=A3)


def write_lines(sheet: Worksheet, styles: Styles, rows: Rows, spare_rows: int) -> None:
    """Write the whole sheet."""
    write_title(
        sheet,
        styles,
        "Lignes de détail",
        "Seulement pour les factures dont le taux de TVA est « Multiple » : une ligne par taux, ou par article.",
    )
    write_table(sheet, styles, LINES, rows, spare_rows)
    add_entry_rules(sheet, LINES, {"vat_rate": _rate_rule()})
    _show_whole_rates(sheet, styles, LINES)
    sheet.freeze_panes(FIRST_ROW, 1)
    set_up_page(sheet, paper=A4)


def _rate_rule() -> dict[str, Any]:
    doubt = warning("Taux hors de la liste", "Ce taux n'est pas dans la liste (feuille Paramètres). Le gardez-vous ?")
    return {"validate": "list", "source": f"={RATES_NAME}", **doubt}


def _color_statuses(sheet: Worksheet, styles: Styles) -> None:
    """Platform statuses by family, as ``Aide`` lists them; one that is not in the list gets a question mark."""
    column = column_of(INVOICES, "chorus_status")
    cell = xl_rowcol_to_cell(FIRST_ROW, column, col_abs=True)
    for family, (word, look) in FAMILIES.items():
        listed = f'=COUNTIFS({STATUSES_NAME},{cell},{STATUS_FAMILIES_NAME},"{word}")>0'
        rule = {
            "type": "formula",
            "criteria": f"=LEN({cell})>0" if family is Family.UNKNOWN else listed,
            "format": styles.rule(signed(word[0], look)),
            "stop_if_true": True,
        }
        sheet.conditional_format(FIRST_ROW, column, LAST_ROW, column, rule)


def _show_whole_rates(sheet: Worksheet, styles: Styles, spec: TableSpec) -> None:
    """A whole rate is shown without decimals: 20 %, beside 5,5 %."""
    column = column_of(spec, "vat_rate")
    cell = xl_rowcol_to_cell(FIRST_ROW, column, col_abs=True)
    rule = {
        "type": "formula",
        "criteria": f"=IF(ISNUMBER({cell}),ROUND({cell}*100,4)=ROUND({cell}*100,0),FALSE)",
        "format": styles.rule({"num_format": WHOLE_RATE_FORMAT}),
    }
    sheet.conditional_format(FIRST_ROW, column, LAST_ROW, column, rule)
