"""The environment, in words and colour, on a line that stays in sight.

Rule 1: it is a formula over ``tblParametres``: changing the parameter changes the banner at once.
Rule 2: an environment that cannot be read is said, never taken for the harmless one.
Rule 3: what a setting of the PC decides stands on no sheet; where the last press worked in another environment than
        ``tblParametres`` names, the banner says so, and promises nothing.
"""

from collections.abc import Mapping

from xlsxwriter.worksheet import Worksheet

from chorus_xl.build.styles import BANNER, PRODUCTION, QUALIFICATION, REHEARSAL, Look, Styles
from chorus_xl.build.tables import BANNER_ROW
from chorus_xl.domain.parameters import Environment

ENVIRONMENT_NAME = "chorus_environment"
"""Defined name of the environment's word."""

LAST_ENVIRONMENT_NAME = "chorus_last_environment"
"""Defined name of the environment that the last press worked in; ``""`` before the first."""

_LAST = 'INDEX(tblPression[Valeur],MATCH("Environnement",tblPression[Élément],0))&""'  # "Production, SIRET 732…"
LAST_ENVIRONMENT = f'=IFERROR(LEFT({_LAST},FIND(",",{_LAST}&",")-1),"")'
LAST_SIRET = f'IFERROR(MID({_LAST},FIND("SIRET ",{_LAST})+6,14),"")'

BANNERS: Mapping[Environment, tuple[str, Look]] = {
    Environment.REHEARSAL: ("RÉPÉTITION – rien ne part vers l'État", REHEARSAL),
    Environment.QUALIFICATION: ("QUALIFICATION – plateforme d'essai de l'État", QUALIFICATION),
    Environment.PRODUCTION: ("PRODUCTION – dépôts réels", PRODUCTION),
}
_UNKNOWN = "ENVIRONNEMENT INCONNU – voyez la feuille Paramètres"
_DIFFERS = f'AND({LAST_ENVIRONMENT_NAME}<>"",{LAST_ENVIRONMENT_NAME}<>{ENVIRONMENT_NAME})'
_DIFFERENCE = (
    f'"ATTENTION – Paramètres dit "&UPPER({ENVIRONMENT_NAME})'
    f'&", mais la dernière commande a travaillé en "&UPPER({LAST_ENVIRONMENT_NAME})'
)


def write_banner(sheet: Worksheet, styles: Styles, width: int) -> None:
    """Write the banner over so many columns."""
    choices = "".join(f'IF({ENVIRONMENT_NAME}="{one.label}","{words}",' for one, (words, _) in BANNERS.items())
    words = f'{choices}"{_UNKNOWN}"{")" * len(BANNERS)}'
    formula = f'=IFERROR(IF({_DIFFERS},{_DIFFERENCE},{words}),"{_UNKNOWN}")'
    sheet.set_row(BANNER_ROW, 24)
    sheet.write_formula(BANNER_ROW, 0, formula, styles(BANNER), BANNERS[Environment.REHEARSAL][0])
    for column in range(1, width):
        sheet.write_blank(BANNER_ROW, column, None, styles(BANNER))
    looks = {f'={ENVIRONMENT_NAME}="{environment.label}"': look for environment, (_, look) in BANNERS.items()}
    for criteria, look in {f"={_DIFFERS}": PRODUCTION, **looks}.items():  # the first that holds is drawn
        rule = {"type": "formula", "criteria": criteria, "format": styles.rule(look)}
        sheet.conditional_format(BANNER_ROW, 0, BANNER_ROW, width - 1, rule)
