"""The checks of ``soumettre``: what an invoice must be before the platform takes it.

1. Each check is a function from (state, body) that raises at the first fault; ``CHECKS`` gives their order.
2. None of them writes. That a number is new is not checked here: only the UNIQUE key can know.
3. Sums must be exact: the tolerance of the real platform is not known (ASSUMPTION: none).
4. Not checked, because nothing is known: the sign of a credit note, VAT = base x rate, the length of ``commentaire``.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from chorus_xl.simulator import dates, recipients
from chorus_xl.simulator.refusals import BrokenError, MalformedError, Refusal, RefusedError
from chorus_xl.simulator.state import State

TYPED_IN = "SAISIE_API"
MODES = (TYPED_IN, "DEPOT_PDF_API", "DEPOT_PDF_SIGNE_API")
ALREADY_PAID = "A2_FACTURE_FOURNISSEUR_DEJA_PAYEE"
VALIDATED_FRAMEWORKS = ("A9_FACTURE_SOUSTRAITANT", "A12_FACTURE_COTRAITANT")
FRAMEWORKS = ("A1_FACTURE_FOURNISSEUR", ALREADY_PAID, *VALIDATED_FRAMEWORKS)

# Rule G1.05 of the external specifications. A single inner space is allowed by some readings of it; so here.
_NUMBER = re.compile(r"(?=.{1,20}$)[A-Za-z0-9_/+-]+(?: [A-Za-z0-9_/+-]+)*", re.ASCII)

_LISTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "deviseFacture": ("EUR",),
        "typeFacture": ("FACTURE", "AVOIR"),
        "typeTva": ("TVA_SUR_DEBIT", "TVA_SUR_ENCAISSEMENT", "EXONERATION", "SANS_TVA"),
        "modePaiement": ("CHEQUE", "PRELEVEMENT", "VIREMENT", "ESPECE", "AUTRE", "REPORT"),
    },
)
_LONGEST: Mapping[str, int] = MappingProxyType(
    {"numeroMarche": 50, "numeroBonCommande": 50, "numeroFactureOrigine": 20},
)
_LONGEST_DESIGNATION = 100

Body = dict[str, Any]
Check = Callable[[State, Body], None]


def values_are_listed(_state: State, body: Body) -> None:
    """Mode, framework and references hold values of their lists."""
    references = body["references"]
    given = {
        "modeDepot": (body["modeDepot"], MODES),
        "codeCadreFacturation": (body["cadreDeFacturation"]["codeCadreFacturation"], FRAMEWORKS),
        **{key: (references[key], listed) for key, listed in _LISTED.items() if key in references},
    }
    for key, (value, listed) in given.items():
        if value not in listed:
            raise RefusedError(Refusal.VALUE_NOT_LISTED, f"{key} = {value}")
    if references["typeFacture"] == "FACTURE" and "modePaiement" not in references:
        raise MalformedError("modePaiement is required for an invoice")


def number_and_date_are_sound(state: State, body: Body) -> None:
    """A deposited PDF brings its number and its date; a typed-in invoice gets its number, and breaks on a date."""
    if body["modeDepot"] == TYPED_IN:
        if "dateFacture" in body:
            raise BrokenError("dateFacture in a SAISIE_API body is seen to be answered with HTTP 500")
        return
    for key in ("numeroFactureSaisi", "dateFacture", "pieceJointePrincipale"):
        if key not in body:
            raise MalformedError(f"{key} is required for {body['modeDepot']}")
    if not _NUMBER.fullmatch(body["numeroFactureSaisi"]):
        raise RefusedError(Refusal.NUMBER_MALFORMED, body["numeroFactureSaisi"])
    try:
        issued_on = dates.read_day(body["dateFacture"])
    except ValueError as error:
        raise MalformedError(f"dateFacture: {error}") from error
    if issued_on > state.today():
        raise RefusedError(Refusal.DATE_IN_FUTURE, body["dateFacture"])


def texts_fit(_state: State, body: Body) -> None:
    """References and designations are within their lengths."""
    for key, longest in _LONGEST.items():
        if len(body["references"].get(key, "")) > longest:
            raise RefusedError(Refusal.TOO_LONG, f"{key}, {longest}")


def supplier_is_ours(state: State, body: Body) -> None:
    """The supplier is among the account's structures, and so are its service and bank account."""
    given = body["fournisseur"]
    supplier = state.supplier(given["idFournisseur"])
    if supplier is None:
        raise RefusedError(Refusal.SUPPLIER_NOT_OURS, str(given["idFournisseur"]))
    if given.get("idServiceFournisseur", 0) not in (0, *(service.id for service in supplier.services)):
        raise RefusedError(Refusal.SUPPLIER_SERVICE_UNKNOWN)
    if given.get("codeCoordonneesBancairesFournisseur", 0) not in (0, supplier.bank_account_id):
        raise RefusedError(Refusal.BANK_ACCOUNT_UNKNOWN)


def framework_has_its_validator(_state: State, body: Body) -> None:
    """Subcontractors and co-contractors name who validates."""
    framework = body["cadreDeFacturation"]
    if framework["codeCadreFacturation"] in VALIDATED_FRAMEWORKS and not framework.get("codeStructureValideur"):
        raise RefusedError(Refusal.VALIDATOR_MISSING)


def buyer_takes_it(state: State, body: Body) -> None:
    """The buyer exists, is active, and has what it demands."""
    buyer = body["destinataire"]
    recipients.judge(
        state,
        buyer["codeDestinataire"],
        buyer.get("codeServiceExecutant"),
        body["references"].get("numeroBonCommande"),
    )


def lines_are_sound(state: State, body: Body) -> None:
    """A typed-in invoice has lines; every rate is given once, by a known code or by hand."""
    if body["modeDepot"] == TYPED_IN and not body.get("lignePoste"):
        raise RefusedError(Refusal.LINES_MISSING)
    codes = {rate["code"] for rate in state.directory.vat_rates}
    rated = [
        *((line.get("lignePosteTauxTva"), line.get("lignePosteTauxTvaManuel")) for line in body.get("lignePoste", [])),
        *((line.get("ligneTvaTaux"), line.get("ligneTvaTauxManuel")) for line in body.get("ligneTva", [])),
    ]
    for code, by_hand in rated:
        if (code is None) is (by_hand is None):
            raise RefusedError(Refusal.RATE_AMBIGUOUS)
        if code is not None and code not in codes:
            raise RefusedError(Refusal.RATE_UNKNOWN, code)


def vat_type_has_its_proof(_state: State, body: Body) -> None:
    """An exemption has its reason, and an invoice with VAT its recap."""
    references = body["references"]
    if references["typeTva"] == "EXONERATION" and not references.get("motifExonerationTva"):
        raise RefusedError(Refusal.EXEMPTION_REASON_MISSING)
    if references["typeTva"] != "SANS_TVA" and not body.get("ligneTva"):
        raise RefusedError(Refusal.VAT_RECAP_MISSING, references["typeTva"])


def totals_agree(_state: State, body: Body) -> None:
    """Totals, the recap per rate and the amount due tell one story."""
    totals, recap = body["montantTotal"], body.get("ligneTva", [])
    if totals["montantTtcTotal"] != totals["montantHtTotal"] + totals["montantTVA"]:
        raise RefusedError(Refusal.TOTAL_WITH_VAT_WRONG)
    bases = sum((line["ligneTvaMontantBaseHtParTaux"] for line in recap), Decimal(0))
    if recap and bases != totals["montantHtTotal"]:
        raise RefusedError(Refusal.BASES_WRONG)
    if sum((line["ligneTvaMontantTvaParTaux"] for line in recap), Decimal(0)) != totals["montantTVA"]:
        raise RefusedError(Refusal.VAT_SUM_WRONG)
    expected = {totals["montantTtcTotal"] - totals.get("montantRemiseGlobaleTTC", Decimal(0))}
    if body["cadreDeFacturation"]["codeCadreFacturation"] == ALREADY_PAID:
        expected.add(Decimal(0))
    if totals["montantAPayer"] not in expected:
        raise RefusedError(Refusal.AMOUNT_DUE_WRONG)


def attachments_exist(state: State, body: Body) -> None:
    """One main attachment for a deposited PDF; every attachment was uploaded before, and is called something short."""
    main = body.get("pieceJointePrincipale", [])
    if body["modeDepot"] != TYPED_IN and len(main) != 1:
        raise RefusedError(Refusal.MAIN_ATTACHMENT_COUNT)
    for item in main:
        if len(item["pieceJointePrincipaleDesignation"]) > _LONGEST_DESIGNATION:
            raise RefusedError(Refusal.TOO_LONG, f"pieceJointePrincipaleDesignation, {_LONGEST_DESIGNATION}")
        if state.attachment(item["pieceJointePrincipaleId"]) is None:
            raise RefusedError(Refusal.ATTACHMENT_UNKNOWN, str(item["pieceJointePrincipaleId"]))
    extra_attachments_exist(state, body)


def extra_attachments_exist(state: State, body: Body) -> None:
    """Extra attachments were uploaded before, are called something short, and have a type of the list (or none)."""
    types = {"", *(kind["code"] for kind in state.directory.attachment_types)}
    for item in body.get("pieceJointeComplementaire", []):
        if len(item["pieceJointeComplementaireDesignation"]) > _LONGEST_DESIGNATION:
            raise RefusedError(Refusal.TOO_LONG, f"pieceJointeComplementaireDesignation, {_LONGEST_DESIGNATION}")
        if item["pieceJointeComplementaireType"] not in types:
            raise RefusedError(Refusal.ATTACHMENT_TYPE_UNKNOWN, item["pieceJointeComplementaireType"])
        if state.attachment(item["pieceJointeComplementaireId"]) is None:
            raise RefusedError(Refusal.ATTACHMENT_UNKNOWN, str(item["pieceJointeComplementaireId"]))


CHECKS: tuple[Check, ...] = (
    values_are_listed,
    number_and_date_are_sound,
    texts_fit,
    supplier_is_ours,
    framework_has_its_validator,
    buyer_takes_it,
    lines_are_sound,
    vat_type_has_its_proof,
    totals_agree,
    attachments_exist,
)


def judge(state: State, body: Body) -> None:
    """Run every check in order; the first fault is the answer."""
    for check in CHECKS:
        check(state, body)
