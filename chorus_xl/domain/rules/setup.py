"""What concerns the supplier rather than a row: who sends, in which framework, by which circuit."""

from collections.abc import Iterator

from chorus_xl.domain.batch import Batch
from chorus_xl.domain.budgets import siret_problem
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.parameters import PARAMETERS
from chorus_xl.domain.rules.facts import Facts
from chorus_xl.domain.texts import shown

VALIDATED_FRAMEWORKS = ("A9_FACTURE_SOUSTRAITANT", "A12_FACTURE_COTRAITANT")
"""The contract holder validates these first. Source: AIFE EDI annex as in gobl, read 2026-11-23."""

APPROVED_PLATFORM_CATEGORIES = ("ETI", "GE")
"""Held to an approved platform since 01/09/2026. Source: AIFE, document Chorus Pro v1.1, §2.2.3.1, read 2026-11-23."""

_NAMES = {parameter.attribute: parameter.name for parameter in PARAMETERS}


def supplier_siret_is_sound(_: Batch, facts: Facts) -> Iterator[Finding]:
    """The supplier is known by a sound SIRET."""
    siret = facts.parameters.supplier_siret
    if not siret:
        yield _finding("CX270", Severity.ERROR, name=_NAMES["supplier_siret"])
    else:
        yield from _judge_siret("supplier_siret", siret, facts)


def validator_is_named(_: Batch, facts: Facts) -> Iterator[Finding]:
    """A subcontractor's or co-contractor's invoice says who validates it."""
    framework, validator = facts.parameters.billing_framework, facts.parameters.validator_siret
    if framework not in VALIDATED_FRAMEWORKS:
        return
    if not validator:
        yield _finding("CX273", Severity.ERROR, framework=framework, name=_NAMES["validator_siret"])
    else:
        yield from _judge_siret("validator_siret", validator, facts)


def circuit_is_the_suppliers(_: Batch, facts: Facts) -> Iterator[Finding]:
    """Large companies are due on the approved platforms' circuit, which this program does not use."""
    if facts.parameters.company_category in APPROVED_PLATFORM_CATEGORIES:
        yield _finding("CX275", Severity.WARNING, value=facts.parameters.company_category)


RULES = (supplier_siret_is_sound, validator_is_named, circuit_is_the_suppliers)


def _judge_siret(attribute: str, siret: str, facts: Facts) -> Iterator[Finding]:
    problem = siret_problem(siret)
    if problem == "key":
        yield _finding("CX272", facts.key_severity, name=_NAMES[attribute], value=shown(siret))
    elif problem is not None:
        yield _finding("CX271", Severity.ERROR, name=_NAMES[attribute], value=shown(siret))


def _finding(code: str, severity: Severity, **params: str) -> Finding:
    return Finding(code, severity, None, "value", params, "tblParametres")
