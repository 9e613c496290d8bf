"""What a line of ``tblBudgets`` remembers of the directory: whose answer it is, and how old."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from chorus_xl.domain.budgets import Budget, old_answers, read_budgets, stale_answers
from chorus_xl.domain.columns import BUDGETS
from chorus_xl.domain.directory import OLD_AFTER, remembered
from chorus_xl.domain.invoice import PublicBody
from tests.domain.month import EAU, Row, said, table

PRINCIPAL = "20006905200013"
DAY = date(2026, 11, 2)


def budget(cells: Mapping[str, object], siret: str = EAU) -> Budget:
    line: Row = {"label": "Eau", "siret": siret, "checked_on": DAY, **cells}
    return read_budgets(table(BUDGETS, [line]))[0]["Eau"]


@pytest.mark.parametrize(
    "name",
    ["", "GRAND BELFORT - EAU", "COMMUNE (ANCIENNE)", "Régie, eau (SIRET 20006905200013)", "deux\nlignes", "=A1 😀"],
)
def test_the_name_goes_with_the_answer_and_changes_nothing_of_it(name: str) -> None:
    body = PublicBody(EAU, name, service_required=True, engagement_required=False, service_or_engagement=False)

    known = budget(remembered(EAU, body)).directory

    assert known is not None
    assert (known.siret, known.is_active, known.service_required) == (EAU, True, True)
    assert known.name == " ".join(name.split())


@pytest.mark.parametrize("body", [PublicBody(EAU, "EAU", service_required=True), None], ids=["known", "unknown"])
def test_an_answer_about_another_siret_is_no_fact_and_is_said(body: PublicBody | None) -> None:
    changed = budget(remembered(EAU, body), PRINCIPAL)

    assert (changed.checked_on, changed.directory) == (None, None)
    (finding,) = stale_answers([changed])
    assert (finding.code, finding.params["siret"], finding.row) == ("CX356", PRINCIPAL, changed.row)


@pytest.mark.parametrize("cell", ["Connu, actif", "oui", 3.0, f"Connu (SIRET {EAU})", f"Connu, actif (SIRET {EAU}"])
def test_what_names_no_siret_is_no_fact(cell: object) -> None:
    assert said(stale_answers([budget({"directory": cell})])) == ["CX356?"]


def test_a_line_that_was_never_checked_has_nothing_to_wipe() -> None:
    assert stale_answers([budget({"checked_on": None})]) == ()


@pytest.mark.parametrize(("age", "codes"), [(OLD_AFTER, []), (OLD_AFTER + timedelta(days=1), ["CX358?"])])
def test_an_answer_is_old_after_ninety_days(age: timedelta, codes: list[str]) -> None:
    asked = budget(remembered(EAU, PublicBody(EAU)))

    assert said(old_answers([asked], DAY + age)) == codes
