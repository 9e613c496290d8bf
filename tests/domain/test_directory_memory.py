"""What a line of ``tblBudgets`` remembers of the directory: whose answer it is, and how old."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from chorus_xl.domain.budgets import Budget, old_answers, read_budgets, stale_answers
from chorus_xl.domain.columns import BUDGETS
from chorus_xl.domain.directory import OLD_AFTER, remembered
from chorus_xl.domain.invoice import PublicBody
from chorus_xl.domain.parameters import Environment
from tests.domain.month import EAU, Row, said, table

PRINCIPAL = "20006905200013"
DAY = date(2026, 11, 2)
PLAYED, TRIED, REAL = Environment.REHEARSAL, Environment.QUALIFICATION, Environment.PRODUCTION


def budget(cells: Mapping[str, object], siret: str = EAU, environment: Environment = REAL) -> Budget:
    line: Row = {"label": "Eau", "siret": siret, "checked_on": DAY, **cells}
    return read_budgets(table(BUDGETS, [line]), environment)[0]["Eau"]


@pytest.mark.parametrize(
    "name",
    ["", "GRAND BELFORT - EAU", "COMMUNE (ANCIENNE)", "Régie, eau (SIRET 20006905200013)", "deux\nlignes", "=A1 😀"],
)
def test_the_name_goes_with_the_answer_and_changes_nothing_of_it(name: str) -> None:
    body = PublicBody(EAU, name, service_required=True, engagement_required=False, service_or_engagement=False)

    known = budget(remembered(EAU, body, REAL)).directory

    assert known is not None
    assert (known.siret, known.is_active, known.service_required) == (EAU, True, True)
    assert known.name == " ".join(name.split())


@pytest.mark.parametrize("body", [PublicBody(EAU, "EAU", service_required=True), None], ids=["known", "unknown"])
def test_an_answer_about_another_siret_is_no_fact_and_is_said(body: PublicBody | None) -> None:
    changed = budget(remembered(EAU, body, REAL), PRINCIPAL)

    assert (changed.checked_on, changed.directory) == (None, None)
    (finding,) = stale_answers([changed], REAL)
    assert (finding.code, finding.params["siret"], finding.row) == ("CX356", PRINCIPAL, changed.row)


@pytest.mark.parametrize("environment", Environment)
def test_an_answer_holds_in_its_own_environment(environment: Environment) -> None:
    said = PublicBody(EAU, "EAU", service_or_engagement=False)

    known = budget(remembered(EAU, said, environment), environment=environment)

    assert (known.checked_on, known.directory, known.stale) == (DAY, said, "")


@pytest.mark.parametrize(("asked", "now"), [(PLAYED, REAL), (TRIED, REAL), (PLAYED, TRIED), (REAL, PLAYED)])
@pytest.mark.parametrize("body", [PublicBody(EAU, "EAU", service_required=True), None], ids=["known", "unknown"])
def test_an_answer_of_another_environment_is_no_fact_and_is_said(
    body: PublicBody | None, asked: Environment, now: Environment
) -> None:
    taken_along = budget(remembered(EAU, body, asked), environment=now)

    assert (taken_along.checked_on, taken_along.directory) == (None, None)
    (finding,) = stale_answers([taken_along], now)
    assert (finding.code, finding.params["environment"], finding.row) == ("CX348", now.label, taken_along.row)


@pytest.mark.parametrize("environment", Environment)
def test_an_answer_that_names_no_environment_is_of_none(environment: Environment) -> None:
    """What the program wrote before answers named theirs."""
    earlier = budget({"directory": f"Connu, actif (SIRET {EAU}, RÉGIE)"}, environment=environment)

    assert earlier.directory is None
    assert said(stale_answers([earlier], environment)) == ["CX348?"]


@pytest.mark.parametrize(
    "cell",
    [
        *("Connu, actif", "oui", 3.0, f"Connu (SIRET {EAU})"),
        *(f"Connu, actif (SIRET {EAU}", f"Connu, actif (Ailleurs, SIRET {EAU})"),
    ],
)
def test_what_names_no_siret_is_no_fact(cell: object) -> None:
    assert said(stale_answers([budget({"directory": cell})], REAL)) == ["CX356?"]


def test_a_line_that_was_never_checked_has_nothing_to_wipe() -> None:
    assert stale_answers([budget({"checked_on": None})], REAL) == ()


@pytest.mark.parametrize(("age", "codes"), [(OLD_AFTER, []), (OLD_AFTER + timedelta(days=1), ["CX358?"])])
def test_an_answer_is_old_after_ninety_days(age: timedelta, codes: list[str]) -> None:
    asked = budget(remembered(EAU, PublicBody(EAU), REAL))

    assert said(old_answers([asked], DAY + age)) == codes
