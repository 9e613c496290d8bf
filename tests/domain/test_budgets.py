"""Budgets: the leaflet as printed, the keys of SIRETs, the sheet's table, and what Remplir fills."""

from datetime import date

import pytest

from chorus_xl.data import load
from chorus_xl.domain.budgets import (
    Budget,
    candidate_sirets,
    fill_columns,
    read_budgets,
    seed,
    siret_problem,
)
from chorus_xl.domain.columns import BUDGETS
from chorus_xl.domain.directory import remembered
from chorus_xl.domain.invoice import PublicBody
from chorus_xl.domain.parameters import Environment
from tests.domain.month import EAU, LEAFLET, Row, facts, month, said, table

PRINTED = """
Grand Belfort – Budget principal     | 200 069 052 00013 | sound
Grand Belfort – Eau                  | 200 069 052 00096 | sound
Grand Belfort – Assainissement       | 200 069 052 00070 | sound
Grand Belfort – Déchets ménagers     | 200 069 052 00088 | sound
Belfort – Budget principal           | 219 000 106 00019 | sound
Belfort – CFA                        | 200 069 052 00175 | 219 000 106 00175
Belfort – Cuisine centrale           | 200 069 052 00720 | 219 000 106 00720
SIREN 259 000 990 – Budget principal | 259 000 990 00012 | sound
"""

ROWS = [tuple(part.strip() for part in line.split("|")) for line in PRINTED.strip().splitlines()]


def test_the_shipped_budgets_are_those_of_the_leaflet_as_printed() -> None:
    shipped = [(budget.label, budget.siret) for budget in seed(load("budgets"))]

    assert shipped == [(label, siret.replace(" ", "")) for label, siret, _ in ROWS]


@pytest.mark.parametrize(("label", "siret", "truth"), ROWS, ids=[row[0] for row in ROWS])
def test_a_misprinted_siret_gets_the_candidate_of_its_own_body(label: str, siret: str, truth: str) -> None:
    shipped = {budget.label: budget for budget in seed(load("budgets"))}

    expected = () if truth == "sound" else (truth.replace(" ", ""),)

    assert candidate_sirets(shipped[label], shipped.values()) == expected
    assert siret_problem(siret.replace(" ", "")) == (None if truth == "sound" else "key")


def test_candidates_of_the_same_body_come_first() -> None:
    # Both SIRENs make a sound number of 00175: a neighbour's is listed, but after the body's own.
    misprinted = Budget("b", "Ville", "CFA", "20006905200175", "", "")
    elsewhere = Budget("c", "Autre", "Principal", "73282933800001", "", "")
    at_home = Budget("d", "ville ", "Principal", "21900010600019", "", "")

    assert candidate_sirets(misprinted, [elsewhere, at_home]) == ("21900010600175", "73282933800175")


PROBLEMS = [
    ("", "blank"),
    ("73282932000074", None),
    ("73282932000075", "key"),
    ("35600000049837", None),  # La Poste: the sum of its digits
    ("35600000012345", "key"),
    ("35600000000048", None),  # La Poste's head office
    ("00000000000000", "zero"),  # sound for the key alone
    ("732829320", "format"),
    ("732 829 320 00074", "format"),
    ("7328293200007A", "format"),
    ("７３２８２９３２００００７４", "format"),
]


@pytest.mark.parametrize(("siret", "problem"), PROBLEMS, ids=[siret or "blank" for siret, _ in PROBLEMS])
def test_what_is_wrong_with_a_siret(siret: str, problem: str | None) -> None:
    assert siret_problem(siret) == problem


def read(*rows: Row) -> tuple[dict[str, Budget], list[str]]:
    budgets, findings = read_budgets(table(BUDGETS, rows), Environment.REHEARSAL)
    return budgets, said(findings)


def test_the_leaflets_table_is_read_with_its_two_doubts() -> None:
    budgets, codes = read(*LEAFLET)

    assert list(budgets) == [label for label, _, _ in ROWS]
    assert codes == ["CX231?", "CX231?"]


def test_a_siret_typed_as_a_number_is_read_and_said() -> None:
    budgets, codes = read({"label": "Eau", "siret": 20006905200096.0})

    assert budgets["Eau"].siret == EAU
    assert codes == ["CX117?"]


def test_a_line_without_a_label_is_no_budget() -> None:
    assert read({"siret": EAU}, {"label": "", "siret": EAU}) == ({}, ["CX102", "CX249"])


def test_twins_that_disagree_leave_no_siret_to_choose() -> None:
    budgets, codes = read({"label": "Eau", "siret": EAU}, {"label": "EAU ", "siret": "20006905200013"})

    assert {label: budget.siret for label, budget in budgets.items()} == {"Eau": ""}
    assert codes == ["CX248"]


def test_twins_that_agree_are_said_and_harmless() -> None:
    budgets, codes = read({"label": "Eau", "siret": EAU}, {"label": "Eau", "siret": EAU})

    assert budgets["Eau"].siret == EAU
    assert codes == ["CX248"]


BODIES = [
    PublicBody(EAU, service_required=True, engagement_required=False, service_or_engagement=False),
    PublicBody(EAU, is_active=False, service_required=None, engagement_required=None, service_or_engagement=False),
    PublicBody(EAU, service_or_engagement=True),
    None,
]


@pytest.mark.parametrize("body", BODIES, ids=["required", "inactive", "either", "unknown"])
def test_what_the_sheet_remembers_of_the_directory_is_what_it_was_told(body: PublicBody | None) -> None:
    answer = remembered(EAU, body, Environment.REHEARSAL)
    budgets, codes = read({"label": "Eau", "siret": EAU, "checked_on": date(2026, 11, 2), **answer})

    assert budgets["Eau"].checked_on == date(2026, 11, 2)
    assert budgets["Eau"].directory == body
    assert codes == []


@pytest.mark.parametrize("remark", ["peut-être", None, 3.0, "connu"])
def test_a_remark_that_is_not_the_programs_is_no_fact(remark: object) -> None:
    budgets, _ = read({"label": "Eau", "siret": EAU, "checked_on": date(2026, 11, 2), "directory": remark})

    assert budgets["Eau"].checked_on is None


FILLS: list[tuple[Row, tuple[str | None, str | None], list[str]]] = [
    ({}, (EAU, "FACTURES_HORS_MARCHE"), []),
    ({"contract_scope": "Sur marché"}, (EAU, "FACTURES_SUR_MARCHE"), []),
    ({"contract_scope": None}, (EAU, None), ["CX223"]),
    ({"budget": None}, (None, None), ["CX220"]),
    ({"budget": "grand belfort - EAU"}, (EAU, "FACTURES_HORS_MARCHE"), ["CX141?"]),
    ({"budget": "Grand Belfort – Eaux"}, (None, None), ["CX221"]),
    ({"budget": "Paris – Voirie"}, (None, None), ["CX222"]),
    ({"budget": "Belfort – CFA"}, ("20006905200175", "FACTURES_HORS_MARCHE"), []),  # as printed; the rules refuse it
]


@pytest.mark.parametrize(("change", "cells", "codes"), FILLS, ids=[str(change) for change, _, _ in FILLS])
def test_a_budget_and_a_scope_give_siret_and_service(
    change: Row, cells: tuple[str | None, str | None], codes: list[str]
) -> None:
    filled = fill_columns(month(change), facts().budgets)

    assert (filled.recipient_siret[0], filled.service_code[0]) == cells
    assert said(filled.findings) == codes


def test_the_nearest_label_is_proposed() -> None:
    (finding,) = fill_columns(month({"budget": "Grand Belfort – Eaux"}), facts().budgets).findings

    assert finding.params["proposal"] == "Grand Belfort – Eau"
