"""The sheet ``xlwings.conf``: what the macros must find in the workbook itself, on any machine.

Rule 1: nothing bound to a machine or a person stands here: the interpreter is named in the user's own ``xlwings.conf``,
        which this sheet would overrule.
Rule 2: the sheet is hidden from Excel's list of hidden sheets too; a clerk has nothing to do here.
Rule 3: values are texts: a true ``FALSE`` would reach Python as « Faux » from a French Excel.
"""

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

CONF_SHEET = "xlwings.conf"
"""The name under which xlwings looks for settings."""

NO_PYTHON_NAME = "chorus_no_python"
"""The defined name of the sentence that the macros show when Python could not do its part."""

_NO_PYTHON = (
    "Excel n'a pas pu faire travailler Python pour ce bouton.\n\n"
    "Enregistrez et fermez le classeur, ouvrez une invite de commandes et lancez « chorus-xl doctor » : "
    "la réponse dit ce qui manque et quoi faire. « chorus-xl install » remet le réglage en place.\n\n"
    "Si votre poste interdit à Excel de lancer un programme, les mêmes gestes existent en ligne de commande, "
    "classeur fermé : chorus-xl fill, validate, deposit, refresh.\n\n"
    "Une facture déjà déposée ne le sera pas une seconde fois : appuyez de nouveau sans crainte."
)

_SETTINGS = (
    # else xlwings looks for the workbook's folder on disk, and fails for a SharePoint or OneDrive address
    ("ADD_WORKBOOK_TO_PYTHONPATH", "false"),
    # a server of the user's other workbooks would keep old code, and make Excel complain during a long deposit
    ("USE UDF SERVER", "0"),
    ("CHORUS_NO_PYTHON", _NO_PYTHON),
)


def write_conf(workbook: Workbook, sheet: Worksheet) -> None:
    """Write the settings from A1 down without a gap, as xlwings reads them."""
    for row, (key, value) in enumerate(_SETTINGS):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
    workbook.define_name(NO_PYTHON_NAME, f"='{CONF_SHEET}'!$B${len(_SETTINGS)}")
    sheet.very_hidden()
