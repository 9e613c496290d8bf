"""The category calculator on ``Aide``: three cells to fill, formulas over a table of limits.

Rule 1: limits and dates are cells filled from ``data/obligations.toml``; the formula reads the cells.
Rule 2: ``domain.obligations`` does the same in Python, and a test holds both to one table.
"""

from collections.abc import Sequence

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from chorus_xl.build.page import Page
from chorus_xl.build.styles import BOLD, CELL, DATE_FORMAT, INPUT, NOTE, TOTAL, Look
from chorus_xl.data import load
from chorus_xl.domain.obligations import Category, Obligation, obligations

INPUTS: Sequence[tuple[str, str]] = (
    ("aide_effectif", "Effectif, en unités de travail annuel"),
    ("aide_chiffre_affaires", "Chiffre d'affaires hors taxes, en millions d'euros"),
    ("aide_bilan", "Total du bilan, en millions d'euros"),
)
RESULTS: Sequence[tuple[str, str]] = (
    ("aide_categorie", "Votre catégorie"),
    ("aide_obligation", "Factures électroniques au secteur public depuis"),
    ("aide_plateforme", "Plateforme agréée obligatoire depuis"),
)
"""Defined names and labels of the cells."""

_BEFORE_LIMITS = len(RESULTS) + 3  # results, the circuit's sentence, a note, the header
_BEYOND = "au-delà"
_CENTERED: Look = {"align": "center"}
_DATE: Look = {"align": "center", "num_format": DATE_FORMAT}


def write_calculator(page: Page) -> None:
    """Write inputs, results, and the limits that the results are reckoned from."""
    facts = load("obligations")
    known = obligations(facts)
    page.lines("Calculez votre catégorie : remplissez les trois cases jaunes.", look=BOLD)
    inputs = [_write_input(page, name, label) for name, label in INPUTS]
    limits = page.row + _BEFORE_LIMITS
    _write_results(page, inputs, limits, known)
    page.lines(
        "Une ligne convient si l'effectif est sous sa limite, et si le chiffre d'affaires OU le bilan ne dépasse pas "
        f"la sienne ; la première qui convient l'emporte. {facts['source']}, lu le {facts['read_on']:%d/%m/%Y}.",
        look=NOTE,
    )
    page.header(
        "Catégorie",
        "Effectif, moins de",
        "Chiffre d'affaires, M€ au plus",
        "Bilan, M€ au plus",
        "Obligation depuis",
        "Plateforme agréée depuis",
    )
    for one in known:
        page.cells(
            one.category.value,
            *(_BEYOND if limit is None else limit for limit in one.limits),
            one.obliged_since,
            one.approved_platform_since,
            looks={1: _CENTERED, 2: _CENTERED, 3: _CENTERED, 4: _DATE, 5: _DATE},
        )


def _write_input(page: Page, name: str, label: str) -> str:
    """One cell to fill; its address."""
    page.sheet.write_string(page.row, 0, label, page.styles(CELL))
    page.sheet.write_blank(page.row, 1, None, page.styles(INPUT, num_format="#,##0.##"))
    rule = {
        "validate": "decimal",
        "criteria": ">=",
        "value": 0,
        "error_title": "Un nombre, zéro ou plus",
        "error_message": "Saisissez un nombre positif, en chiffres.",
    }
    page.sheet.data_validation(page.row, 1, page.row, 1, rule)
    page.name(name, page.row, page.row, 1)
    page.row += 1
    return _at(page.row - 1, 1)


def _write_results(page: Page, inputs: Sequence[str], limits: int, known: Sequence[Obligation]) -> None:
    found = _at(page.row, 1)
    codes, since, platform = (xl_range_abs(limits, column, limits + len(known) - 1, column) for column in (0, 4, 5))
    place = f"MATCH({found},{codes},0)"
    formulas = (
        f'=IF(COUNT({",".join(inputs)})<{len(inputs)},"à calculer",{_category(inputs, limits, known)})',
        f'=IFERROR(INDEX({since},{place}),"")',
        f'=IFERROR(INDEX({platform},{place}),"")',
    )
    look = page.styles(TOTAL, num_format=DATE_FORMAT, align="center")
    for (name, label), formula, shown in zip(RESULTS, formulas, ("à calculer", "", ""), strict=True):
        page.sheet.write_string(page.row, 0, label, page.styles(CELL))
        page.sheet.write_formula(page.row, 1, formula, look, shown)
        page.name(name, page.row, page.row, 1)
        page.row += 1
    circuit = (
        f'=IF(OR({found}="{Category.MID_CAP}",{found}="{Category.LARGE}"),'
        '"! ETI et GE : depuis le 1er septembre 2026, vos factures au secteur public passent par une plateforme '
        'agréée. Voyez avec votre éditeur avant de déposer par ce classeur.",'
        f'IF(ISNUMBER({place}),"✓ Le dépôt sur Chorus Pro par ce classeur vous reste ouvert, '
        'jusqu\'à votre passage à une plateforme agréée.",""))'
    )
    page.sheet.write_formula(page.row, 0, circuit, page.styles(BOLD), "")
    page.row += 1


def _category(inputs: Sequence[str], limits: int, known: Sequence[Obligation]) -> str:
    """Nested from the smallest category to the one that takes the rest."""
    headcount, turnover, balance = inputs
    formula = _at(limits + len(known) - 1, 0)
    for row in reversed(range(limits, limits + len(known) - 1)):
        code, below, turnover_limit, balance_limit = (_at(row, column) for column in range(4))
        fits = f"AND({headcount}<{below},OR({turnover}<={turnover_limit},{balance}<={balance_limit}))"
        formula = f"IF({fits},{code},{formula})"
    return formula


def _at(row: int, column: int) -> str:
    return str(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))
