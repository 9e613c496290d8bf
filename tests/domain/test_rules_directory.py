"""What the directory demands, known today or remembered by ``tblBudgets``."""

from collections.abc import Sequence
from datetime import date

import pytest

from chorus_xl.domain.directory import remembered
from chorus_xl.domain.invoice import PublicBody, Service
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.rules import check
from tests.domain.month import EAU, LEAFLET, Row, facts, judged, month, said

HORS = "FACTURES_HORS_MARCHE"


def services(*, active: bool = True, engagement: bool | None = None) -> dict[str, Service]:
    return {
        HORS: Service(HORS, "Hors marché", active, engagement),
        "FACTURES_PUBLIQUES": Service("FACTURES_PUBLIQUES", "Entre organismes", is_active=True),
    }


NO_SERVICE: Row = {"service_code": None}
ENGAGED: Row = {"engagement_number": "4500012345"}

ANSWERS: list[tuple[str, PublicBody | None, Row, list[str]]] = [
    ("fine", PublicBody(EAU, service_required=True, services=services()), {}, []),
    ("unknown", None, {}, ["CX232"]),
    ("inactive", PublicBody(EAU, is_active=False), {}, ["CX233"]),
    ("service required", PublicBody(EAU, service_required=True), NO_SERVICE, ["CX227", "CX234"]),
    ("service not in the directory", PublicBody(EAU, services={}), {}, ["CX235"]),
    ("service inactive", PublicBody(EAU, services=services(active=False)), {}, ["CX236"]),
    ("services not asked", PublicBody(EAU, services=None), {}, []),
    ("engagement required", PublicBody(EAU, engagement_required=True), {}, ["CX238"]),
    ("engagement given", PublicBody(EAU, engagement_required=True), ENGAGED, []),
    ("engagement by service", PublicBody(EAU, services=services(engagement=True)), {}, ["CX239"]),
    ("engagement by service, given", PublicBody(EAU, services=services(engagement=True)), ENGAGED, []),
    ("either, by service", PublicBody(EAU, service_or_engagement=True), {}, []),
    ("either, by engagement", PublicBody(EAU, service_or_engagement=True), {**NO_SERVICE, **ENGAGED}, ["CX227"]),
    ("either, neither", PublicBody(EAU, service_or_engagement=True), NO_SERVICE, ["CX227", "CX237"]),
    # the either/or flag is tested first: both other flags are then silent
    (
        "either before both",
        PublicBody(EAU, service_required=True, engagement_required=True, service_or_engagement=True),
        {},
        [],
    ),
    (
        "either, and the service wants an engagement",
        PublicBody(EAU, service_or_engagement=True, services=services(engagement=True)),
        {},
        ["CX239"],
    ),
    ("nothing said", PublicBody(EAU), NO_SERVICE, ["CX227"]),
    (
        "between bodies",
        PublicBody(EAU, services=services()),
        {"service_code": "FACTURES_PUBLIQUES"},
        ["CX227", "CX240"],
    ),
]


@pytest.mark.parametrize(("body", "change", "codes"), [case[1:] for case in ANSWERS], ids=[case[0] for case in ANSWERS])
def test_the_directorys_answer_decides(body: PublicBody | None, change: Row, codes: list[str]) -> None:
    assert said(judged(change, bodies={EAU: body})) == codes


def test_an_unknown_service_is_told_the_ones_that_exist() -> None:
    known = {"COMPTA": Service("COMPTA", "Comptabilité", is_active=True), **services(active=False)}
    findings = judged({}, bodies={EAU: PublicBody(EAU, services=known)})

    assert [finding.params["services"] for finding in findings] == ["COMPTA"]


def remembering(body: PublicBody | None) -> Sequence[Row]:
    answer = {"checked_on": date(2026, 11, 2), **remembered(EAU, body, Environment.REHEARSAL)}
    return [{**row, **answer} if row["siret"] == EAU else row for row in LEAFLET]


DEMANDING = PublicBody(EAU, engagement_required=True, service_required=False)
MEMORIES: list[tuple[str, PublicBody | None, dict[str, object], list[str]]] = [
    ("remembered", DEMANDING, {}, ["CX238"]),
    ("remembered as unknown", None, {}, ["CX232"]),
    ("today's answer stands above", DEMANDING, {"bodies": {EAU: PublicBody(EAU)}, "directory_reached": True}, []),
    ("not reached", DEMANDING, {"directory_reached": False}, ["CX247?", "CX238"]),
]


@pytest.mark.parametrize(
    ("body", "asked", "codes"), [case[1:] for case in MEMORIES], ids=[case[0] for case in MEMORIES]
)
def test_the_sheet_remembers_what_the_directory_said(
    body: PublicBody | None, asked: dict[str, object], codes: list[str]
) -> None:
    assert said(check(month({}), facts(remembering(body), **asked))) == codes


def test_a_directory_that_did_not_answer_is_said_and_stops_nothing() -> None:
    assert said(judged({}, directory_reached=False)) == ["CX246?"]


def test_a_directory_that_nobody_asked_is_not_worth_a_word() -> None:
    assert judged({}, directory_reached=None) == ()


def test_a_budget_without_siret_sends_to_the_budgets_sheet() -> None:
    budgets: Sequence[Row] = [{"label": "Grand Belfort – Eau", "service_outside_contract": HORS}]

    assert said(check(month({"recipient_siret": None}), facts(budgets))) == ["CX224"]


def test_a_service_that_the_budget_does_not_have_is_said() -> None:
    budgets: Sequence[Row] = [{"label": "Grand Belfort – Eau", "siret": EAU}]
    (finding,) = check(month({}), facts(budgets))

    assert finding.code == "CX227"
    assert finding.params == {"value": HORS, "expected": "—"}
    assert check(month(NO_SERVICE), facts(budgets)) == ()
