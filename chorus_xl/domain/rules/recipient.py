"""Where an invoice goes: the budget's SIRET and service, and what the directory demands of them.

Rule 1: the either/or flag is tested before the two others, and the chosen service may demand an engagement by itself.
Rule 2: what the directory said today stands above what ``tblBudgets`` remembers; without either, nothing is demanded.
Rule 3: each distinct destination is judged once, however many rows go there.
"""

from collections.abc import Iterator

from chorus_xl.domain.batch import Batch
from chorus_xl.domain.budgets import Budget, candidate_sirets, fill_columns, siret_problem
from chorus_xl.domain.columns import OUTSIDE_CONTRACT, UNDER_CONTRACT
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.invoice import PublicBody
from chorus_xl.domain.rules.facts import Facts, at, error, odd_ones, warning
from chorus_xl.domain.texts import day, shown

BETWEEN_BODIES = "FACTURES_PUBLIQUES"
"""The service for invoices between public bodies: a supplier's is rejected there.

Source: OCA l10n_fr_chorus_account, branch 16.0, read 2026-11-23.
"""

LONGEST_REFERENCE = 50
"""Engagement and contract numbers. Source: BR-FR-CPRO-14 and -15 (XP Z12-012, annexe A V1.3), read 2026-11-23."""

LONGEST_SERVICE_CODE = 100
"""Source: Factur-X, BT-10 with its Chorus Pro note; rule G1.73; read 2026-11-23."""

_Problem = tuple[str, str, dict[str, str]]  # code, column, params


def destination_is_that_of_the_budget(batch: Batch, facts: Facts) -> Iterator[Finding]:
    """SIRET and service are what Remplir would write today; a row not filled yet is told to press it."""
    filled = fill_columns(batch, facts.budgets)
    yield from filled.findings
    present = list(zip(batch.recipient_siret.tolist(), batch.service_code.tolist(), strict=True))
    expected = list(zip(filled.recipient_siret, filled.service_code, strict=True))
    if present == expected:
        return
    unreadable, has_scope = batch.unreadable["recipient_siret"], batch.contract_scope != ""
    pairs = zip(present, expected, strict=True)
    for index, ((siret, service), (budget_siret, budget_service)) in enumerate(pairs):
        if budget_siret is None:
            continue
        if not siret:
            if not unreadable[index]:
                yield error(batch, index, "CX225", "recipient_siret")
        elif siret != budget_siret:
            params = {"value": shown(siret), "expected": shown(budget_siret)}
            yield error(batch, index, "CX226", "recipient_siret", **params)
        if siret and has_scope[index] and service != (budget_service or ""):
            params = {"value": shown(service) or "—", "expected": shown(budget_service) or "—"}
            yield error(batch, index, "CX227", "service_code", **params)


def siret_is_sound(batch: Batch, facts: Facts) -> Iterator[Finding]:
    """A SIRET has 14 digits and its key; where a neighbour's SIREN would make it right, that is shown."""
    by_siret = {budget.siret: budget for budget in facts.budgets.values()}
    for index, siret, problem in odd_ones(batch.recipient_siret.tolist(), siret_problem):
        row, value = int(batch.rows[index]), shown(siret)
        if problem == "format":
            yield error(batch, index, "CX228", "recipient_siret", value=value)
        elif problem == "zero":
            yield error(batch, index, "CX229", "recipient_siret", value=value)
        elif problem == "key":
            budget = by_siret.get(siret)
            candidates = candidate_sirets(budget, facts.budgets.values()) if budget else ()
            if candidates:
                params = {"value": value, "candidates": ", ".join(candidates)}
                yield Finding("CX231", facts.key_severity, row, "recipient_siret", params)
            else:
                yield Finding("CX230", facts.key_severity, row, "recipient_siret", {"value": value})


def directory_accepts_the_destination(batch: Batch, facts: Facts) -> Iterator[Finding]:
    """The body is known and active, and gets the service and the engagement that it demands."""
    remembered = {budget.siret: budget for budget in facts.budgets.values() if budget.checked_on is not None}

    def judge(destination: tuple[str, str, bool]) -> list[_Problem]:
        siret, service, has_engagement = destination
        if not siret or siret_problem(siret) == "format":
            return []
        problems: list[_Problem] = []
        if siret in facts.bodies:
            body = facts.bodies[siret]
        else:
            budget = remembered.get(siret)
            problems += _unasked(siret, budget, facts)
            if budget is None:
                return problems
            body = budget.directory
        return problems + _judge(body, siret, service, has_engagement=has_engagement)

    engaged = ((batch.engagement_number != "") | batch.unreadable["engagement_number"]).tolist()
    keys = zip(batch.recipient_siret.tolist(), batch.service_code.tolist(), engaged, strict=True)
    for index, _, problems in odd_ones(keys, judge):
        for code, column, params in problems:
            severity = Severity.WARNING if code in ("CX246", "CX247") else Severity.ERROR
            yield Finding(code, severity, int(batch.rows[index]), column, params)


def references_fit(batch: Batch, _: Facts) -> Iterator[Finding]:
    """Engagement, contract and service fit where the platform keeps them."""
    for attribute, code, longest in (
        ("engagement_number", "CX241", LONGEST_REFERENCE),
        ("contract_number", "CX242", LONGEST_REFERENCE),
        ("service_code", "CX243", LONGEST_SERVICE_CODE),
    ):
        for index, length in enumerate(map(len, batch.texts(attribute).tolist())):
            if length > longest:
                value = shown(batch.texts(attribute)[index])
                yield error(batch, index, code, attribute, value=value, length=str(length))


def contract_number_goes_with_the_contract(batch: Batch, _: Facts) -> Iterator[Finding]:
    """A purchase under contract names it, another one does not."""
    # ASSUMPTION: FACTURES_SUR_MARCHE means that a contract number is expected, FACTURES_HORS_MARCHE that none is: the
    # leaflet alone names the two codes and says no more, so both are doubts.
    for index in at((batch.contract_scope == UNDER_CONTRACT) & batch.blank("contract_number")):
        yield warning(batch, index, "CX244", "contract_number")
    for index in at((batch.contract_scope == OUTSIDE_CONTRACT) & (batch.contract_number != "")):
        yield warning(batch, index, "CX245", "contract_number", value=shown(batch.contract_number[index]))


RULES = (
    destination_is_that_of_the_budget,
    siret_is_sound,
    directory_accepts_the_destination,
    references_fit,
    contract_number_goes_with_the_contract,
)


def _unasked(siret: str, budget: Budget | None, facts: Facts) -> list[_Problem]:
    """What to say when the directory was wanted and did not answer."""
    if facts.directory_reached is not False:
        return []
    if budget is None or budget.checked_on is None:
        return [("CX246", "recipient_siret", {"value": siret})]
    return [("CX247", "recipient_siret", {"value": siret, "date": day(budget.checked_on)})]


def _judge(body: PublicBody | None, siret: str, service: str, *, has_engagement: bool) -> list[_Problem]:
    if body is None:
        return [("CX232", "recipient_siret", {"value": siret})]
    problems: list[_Problem] = []
    if not body.is_active:
        problems.append(("CX233", "recipient_siret", {"value": siret, "name": body.name or siret}))
    if body.service_or_engagement:
        if not service and not has_engagement:
            problems.append(("CX237", "engagement_number", {"value": siret}))
    else:
        if body.service_required and not service:
            problems.append(("CX234", "service_code", {"value": siret}))
        if body.engagement_required and not has_engagement:
            problems.append(("CX238", "engagement_number", {"value": siret}))
    return problems + (_judge_service(body, siret, service, has_engagement=has_engagement) if service else [])


def _judge_service(body: PublicBody, siret: str, code: str, *, has_engagement: bool) -> list[_Problem]:
    if code == BETWEEN_BODIES:
        return [("CX240", "service_code", {"value": code})]
    if body.services is None:
        return []
    service = body.services.get(code)
    active = sorted(known.code for known in body.services.values() if known.is_active and known.code != BETWEEN_BODIES)
    params = {"value": shown(code), "siret": siret, "services": ", ".join(active) or "—"}
    if service is None:
        return [("CX235", "service_code", params)]
    problems: list[_Problem] = [] if service.is_active else [("CX236", "service_code", params)]
    if service.engagement_required and not body.engagement_required and not has_engagement:
        problems.append(("CX239", "engagement_number", {"value": shown(code)}))
    return problems
