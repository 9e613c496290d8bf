"""The supplier's own settings, read off ``tblParametres``.

Rule 1: a blank takes the parameter's default; an odd cell takes it too, and is said.
Rule 2: whether a SIRET's key is right depends on the environment, hence ``domain.rules``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.parameters import PARAMETERS, Environment, Parameter
from chorus_xl.domain.texts import shown
from chorus_xl.domain.values import Odd, parse_choice, parse_siret, parse_text


@dataclass(frozen=True, slots=True)
class Parameters:
    """The values of ``domain.parameters.PARAMETERS``, attribute by attribute; ``""`` where there is none."""

    supplier_siret: str = ""
    environment: Environment = Environment.REHEARSAL
    technical_login: str = ""
    pdf_folder: str = ""
    billing_framework: str = "A1_FACTURE_FOURNISSEUR"
    validator_siret: str = ""
    vat_regime: str = "TVA_SUR_DEBIT"
    exemption_reason: str = ""
    payment_means: str = "VIREMENT"
    attachment_type: str = ""
    company_category: str = ""
    second_look: str = "Non"
    control_total: str = ""
    hotline: str = ""
    hotline_hours: str = ""


def read_parameters(raw: Mapping[str, object]) -> tuple[Parameters, tuple[Finding, ...]]:
    """The parameters, from raw cells by attribute; a missing one is blank."""
    values: dict[str, str] = {}
    findings: list[Finding] = []
    for parameter in PARAMETERS:
        cell = raw.get(parameter.attribute)
        read = parameter.default if _is_blank(cell) else _read(parameter, cell)
        if isinstance(read, Odd):
            severity = Severity.ERROR if read.value is None else Severity.WARNING
            params = {"name": parameter.name, **read.params}
            findings.append(Finding(read.code, severity, None, "value", params, "tblParametres"))
            read = parameter.default if read.value is None else read.value
        values[parameter.attribute] = read
    label = values.pop("environment")
    environment = next(each for each in Environment if each.label == label)
    return Parameters(environment=environment, **values), tuple(findings)


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _read(parameter: Parameter, cell: object) -> str | Odd[str]:
    if parameter.choices:
        read = parse_choice(cell, parameter.choices)
    else:
        read = parse_siret(cell) if parameter.attribute.endswith("_siret") else parse_text(cell)
    if isinstance(read, str):
        return read
    if read.value is not None:
        return Odd("CX277", {"value": shown(cell), "read": read.value}, read.value)
    if parameter.choices:
        return Odd("CX274", {"value": shown(cell), "choices": " ; ".join(parameter.choices)})
    return Odd("CX276", {"value": shown(cell)})
