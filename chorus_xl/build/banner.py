"""The environment, in words and colour, on a line that stays in sight.

Rule 1: it is a formula over ``tblParametres``: changing the parameter changes the banner at once.
Rule 2: an environment that cannot be read is said, never taken for the harmless one.
"""

from collections.abc import Mapping

from xlsxwriter.worksheet import Worksheet

from chorus_xl.build.styles import BANNER, PRODUCTION, QUALIFICATION, REHEARSAL, Look, Styles
from chorus_xl.build.tables import BANNER_ROW
from chorus_xl.domain.parameters import Environment

ENVIRONMENT_NAME = "chorus_environment"
"""Defined name of the environment's word."""

BANNERS: Mapping[Environment, tuple[str, Look]] = {
    Environment.REHEARSAL: ("RÉPÉTITION – rien ne part vers l'État", REHEARSAL),
    Environment.QUALIFICATION: ("QUALIFICATION – plateforme d'essai de l'État", QUALIFICATION),
    Environment.PRODUCTION: ("PRODUCTION – dépôts réels", PRODUCTION),
}
_UNKNOWN = "ENVIRONNEMENT INCONNU – voyez la feuille Paramètres"


def write_banner(sheet: Worksheet, styles: Styles, width: int) -> None:
    """Write the banner over so many columns."""
    choices = "".join(f'IF({ENVIRONMENT_NAME}="{one.label}","{words}",' for one, (words, _) in BANNERS.items())
    formula = f'=IFERROR({choices}"{_UNKNOWN}"{")" * len(BANNERS)},"{_UNKNOWN}")'
    sheet.set_row(BANNER_ROW, 24)
    sheet.write_formula(BANNER_ROW, 0, formula, styles(BANNER), BANNERS[Environment.REHEARSAL][0])
    for column in range(1, width):
        sheet.write_blank(BANNER_ROW, column, None, styles(BANNER))
    for environment, (_, look) in BANNERS.items():
        criteria = f'={ENVIRONMENT_NAME}="{environment.label}"'
        rule = {"type": "formula", "criteria": criteria, "format": styles.rule(look)}
        sheet.conditional_format(BANNER_ROW, 0, BANNER_ROW, width - 1, rule)
