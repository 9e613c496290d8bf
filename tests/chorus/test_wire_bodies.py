"""The objects of the wire: requests letter by letter and against the official swagger, answers however they come."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from chorus_xl.chorus import wire
from chorus_xl.domain.invoice import PlatformInvoice, Service, Uploaded, VatShare
from tests.chorus.app import PDF, SUPPLIER, SUPPLIER_ID, make_invoice

SHARES = (
    VatShare(Decimal("5.50"), Decimal("1000000.10"), Decimal("55000.01")),
    VatShare(Decimal(20), Decimal("234567.00"), Decimal("46913.40")),
)
EXEMPT = (VatShare(Decimal(0), Decimal("100.00"), Decimal("0.00")),)
NO_VAT: dict[str, Any] = {"total_vat": Decimal("0.00"), "total_with_vat": Decimal("100.00")}
ATTACHMENT = Uploaded("bon.pdf", 7700102)

INVOICES: dict[str, dict[str, Any]] = {
    "plain": {},
    "without service and engagement": {"service_code": "", "engagement_number": ""},
    "everything": {
        "contract_number": "M2025-17",
        "comment": "Octobre « 2025 »",
        "billing_framework": "A9_FACTURE_SOUSTRAITANT",
        "validator_siret": "12345678200051",
        "payment_means": "CHEQUE",
    },
    "already paid": {"billing_framework": "A2_FACTURE_FOURNISSEUR_DEJA_PAYEE"},
    "credit note": {"is_credit_note": True, "original_invoice_number": "FA-2025-0001"},
    "invoice that names an original": {"original_invoice_number": "FA-2025-0001"},
    "two rates": {
        "total_without_vat": Decimal("1234567.10"),
        "total_vat": Decimal("101913.41"),
        "total_with_vat": Decimal("1336480.51"),
        "vat_shares": SHARES,
        "vat_regime": "TVA_SUR_ENCAISSEMENT",
        "exemption_reason": "MOTIF1",
    },
    "no VAT line": {"vat_shares": (), **NO_VAT},
    "zero rate without a reason": {"vat_shares": EXEMPT, **NO_VAT},
    "zero rate with a reason": {"vat_shares": EXEMPT, "exemption_reason": "MOTIF1", **NO_VAT},
}


def body_of(name: str, *attachments: Uploaded) -> dict[str, Any]:
    request = wire.submission(make_invoice(**INVOICES[name]), SUPPLIER_ID, PDF, attachments)
    read: dict[str, Any] = json.loads(wire.encode(request), parse_float=Decimal)
    return read


def test_a_deposit_is_spelled_so() -> None:
    request = wire.submission(make_invoice(), SUPPLIER_ID, PDF, [])

    assert wire.encode(request) == (
        '{"modeDepot":"DEPOT_PDF_API","numeroFactureSaisi":"FA-2025-0042","dateFacture":"2025-10-31",'
        '"destinataire":{"codeDestinataire":"12345678200028","codeServiceExecutant":"SERVICE_DEST_SERV_OBL"},'
        '"fournisseur":{"idFournisseur":26000001},'
        '"cadreDeFacturation":{"codeCadreFacturation":"A1_FACTURE_FOURNISSEUR"},'
        '"references":{"deviseFacture":"EUR","typeFacture":"FACTURE","typeTva":"TVA_SUR_DEBIT",'
        '"numeroBonCommande":"BC-8891","modePaiement":"VIREMENT"},'
        '"montantTotal":{"montantHtTotal":100.00,"montantTVA":20.00,"montantTtcTotal":120.00,'
        '"montantRemiseGlobaleTTC":0.00,"montantAPayer":120.00},'
        '"pieceJointePrincipale":[{"pieceJointePrincipaleDesignation":"FA-2025-0042.pdf",'
        '"pieceJointePrincipaleId":7700101}],'
        '"ligneTva":[{"ligneTvaTauxManuel":20,"ligneTvaMontantBaseHtParTaux":100.00,'
        '"ligneTvaMontantTvaParTaux":20.00}]}'
    )


VAT_TYPES = {
    "plain": ("TVA_SUR_DEBIT", None, 1),
    "two rates": ("TVA_SUR_ENCAISSEMENT", None, 2),
    "no VAT line": ("SANS_TVA", None, 0),
    "zero rate without a reason": ("SANS_TVA", None, 0),
    "zero rate with a reason": ("EXONERATION", "MOTIF1", 1),
}


@pytest.mark.parametrize("name", VAT_TYPES)
def test_the_type_of_vat_follows_from_what_is_charged(name: str) -> None:
    body = body_of(name)

    references = body["references"]
    assert VAT_TYPES[name] == (
        references["typeTva"],
        references.get("motifExonerationTva"),
        len(body.get("ligneTva", [])),
    )


def test_rates_go_by_hand_and_never_as_codes() -> None:
    assert [sorted(line) for line in body_of("two rates")["ligneTva"]] == [
        ["ligneTvaMontantBaseHtParTaux", "ligneTvaMontantTvaParTaux", "ligneTvaTauxManuel"]
    ] * 2


def test_amounts_leave_with_their_two_decimals() -> None:
    text = wire.encode(wire.submission(make_invoice(**INVOICES["two rates"]), SUPPLIER_ID, PDF, []))

    assert '"montantHtTotal":1234567.10,' in text
    assert '"ligneTvaTauxManuel":5.5,"ligneTvaMontantBaseHtParTaux":1000000.10,' in text


def test_an_invoice_already_paid_leaves_nothing_to_pay() -> None:
    assert body_of("already paid")["montantTotal"]["montantAPayer"] == Decimal("0.00")


@pytest.mark.parametrize(
    ("name", "original"), [("credit note", "FA-2025-0001"), ("invoice that names an original", None)]
)
def test_only_a_credit_note_names_its_original(name: str, original: str | None) -> None:
    assert body_of(name)["references"].get("numeroFactureOrigine") == original


def test_a_credit_note_names_no_means_of_payment() -> None:
    assert "modePaiement" not in body_of("credit note")["references"]


@pytest.mark.parametrize("attachment_type", ["", "RIB"])
def test_an_attachment_has_the_type_of_the_parameter_even_when_empty(attachment_type: str) -> None:
    invoice = make_invoice(attachment_type=attachment_type)

    assert wire.submission(invoice, SUPPLIER_ID, PDF, [ATTACHMENT])["pieceJointeComplementaire"] == [
        {
            "pieceJointeComplementaireDesignation": "bon.pdf",
            "pieceJointeComplementaireType": attachment_type,
            "pieceJointeComplementaireId": 7700102,
            "pieceJointeComplementaireNumeroLigneFacture": 0,
        }
    ]


def nothing_idle(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(nothing_idle(member) for member in value.values())
    if isinstance(value, list):
        return all(nothing_idle(item) for item in value)
    return value not in (None, "")


@pytest.mark.parametrize("name", INVOICES)
def test_no_empty_text_and_no_null_is_sent(name: str) -> None:
    assert nothing_idle(body_of(name))


SEARCHES = {
    "by number": wire.invoices(SUPPLIER_ID, number="FA-2025-0042"),
    "by period": wire.invoices(SUPPLIER_ID, deposited=(date(2025, 10, 1), date(2025, 10, 31))),
}


def test_a_search_asks_for_a_page_of_a_hundred_among_all() -> None:
    assert SEARCHES["by period"].request(3) == {
        "idFournisseur": SUPPLIER_ID,
        "periodeDateDepotDu": "2025-10-01",
        "periodeDateDepotAu": "2025-10-31",
        "rechercheFactureParFournisseur": {
            "nbResultatsMaximum": 999_999,
            "pageResultatDemandee": 3,
            "nbResultatsParPage": 100,
            "triColonne": "NumeroFacture",
            "triSens": "Ascendant",
        },
    }


# --- against the official swagger -----------------------------------------------------------------------------------

DEVIATIONS = {
    ("SoumettreFactureParam", "pieceJointePrincipale"): "declared a single object; every client at work sends an array",
}
# Plain days where the swagger says date-time: real answers and requests of clients at work have plain days.
# jsonschema checks no formats unless told to, so this deviation needs no entry, only this note.


def definitions_of(path: Path) -> dict[str, Any]:
    """The definitions, strict: no member that the swagger does not know."""
    definitions: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["definitions"]
    for definition in definitions.values():
        definition.setdefault("additionalProperties", False)
    for name, member in DEVIATIONS:
        single = definitions[name]["properties"][member]
        definitions[name]["properties"][member] = {"type": "array", "items": single, "minItems": 1, "maxItems": 1}
    return definitions


def check(body: object, definition: str, path: Path) -> None:
    schema = {"$ref": f"#/definitions/{definition}", "definitions": definitions_of(path)}
    jsonschema.Draft4Validator(schema).validate(body)


@pytest.mark.swagger
@pytest.mark.parametrize("name", INVOICES)
def test_a_deposit_is_what_the_swagger_declares(name: str, swagger: Path) -> None:
    check(json.loads(json.dumps(body_of(name, ATTACHMENT), default=float)), "SoumettreFactureParam", swagger)


@pytest.mark.swagger
@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_is_what_the_swagger_declares(name: str, swagger: Path) -> None:
    check(SEARCHES[name].request(1), "RechercherFactureParFournisseurParam", swagger)


@pytest.mark.swagger
def test_a_history_is_asked_for_as_the_swagger_declares(swagger: Path) -> None:
    check(wire.passages(9100001).request(2), "ConsulterHistoriqueFactureParam", swagger)


@pytest.mark.swagger
def test_the_swagger_check_bites(swagger: Path) -> None:
    body = body_of("plain") | {"numeroFacture": "a key of another operation"}

    with pytest.raises(jsonschema.ValidationError):
        check(json.loads(json.dumps(body, default=float)), "SoumettreFactureParam", swagger)


@pytest.mark.swagger
def test_every_deviation_from_the_swagger_is_still_one(swagger: Path) -> None:
    definitions = json.loads(swagger.read_text(encoding="utf-8"))["definitions"]

    assert all("$ref" in definitions[name]["properties"][member] for name, member in DEVIATIONS)


# --- answers --------------------------------------------------------------------------------------------------------

ROW: dict[str, Any] = {
    "identifiantFactureCPP": 9100001,
    "numeroFacture": "FA-2025-0042",
    "codeFournisseur": SUPPLIER,
    "codeDestinataire": "12345678200028",
    "codeServiceExecutant": "SERVICE_DEST_SERV_OBL",
    "dateFacture": "2025-10-31",
    "dateDepot": "2025-11-03",
    "montantTTC": Decimal("120.0"),
    "statut": "SUSPENDUE",
    "dateHeureEtatCourant": "2025-11-05T09:14:02.000+01:00",
    "commentaireEtatCourant": "Bon de livraison manquant",
}
SEEN = PlatformInvoice(
    9100001,
    "FA-2025-0042",
    SUPPLIER,
    "12345678200028",
    "SERVICE_DEST_SERV_OBL",
    date(2025, 10, 31),
    date(2025, 11, 3),
    Decimal("120.00"),
    "SUSPENDUE",
    datetime.fromisoformat("2025-11-05T09:14:02"),
    "Bon de livraison manquant",
)
ROWS: dict[str, tuple[dict[str, Any], PlatformInvoice | None]] = {
    "as documented": (ROW, SEEN),
    "identifier as text": (ROW | {"identifiantFactureCPP": "9100001"}, SEEN),
    "SIRET as numbers": (ROW | {"codeFournisseur": 18, "codeDestinataire": 12345678200028}, SEEN),
    "dates with their time": (
        ROW | {"dateFacture": "2025-10-31T00:00:00.000+01:00", "dateDepot": "2025-11-03 17:55"},
        SEEN,
    ),
    "a status and a member nobody knows": (
        ROW | {"statut": "INVENTEE_HIER", "nouveau": {}},
        replace(SEEN, chorus_status="INVENTEE_HIER"),
    ),
    "only an identifier": (
        {"identifiantFactureCPP": 9100001},
        PlatformInvoice(9100001, "", "", "", "", None, None, None, "", None, ""),
    ),
    "null members": (
        dict.fromkeys(ROW) | {"identifiantFactureCPP": 9100001},
        PlatformInvoice(9100001, "", "", "", "", None, None, None, "", None, ""),
    ),
    "no identifier": ({key: value for key, value in ROW.items() if key != "identifiantFactureCPP"}, None),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_listed_invoice_is_read(name: str) -> None:
    row, seen = ROWS[name]

    assert SEARCHES["by number"].read(row) == seen


@pytest.mark.parametrize(
    ("status", "is_active"), [("ACTIVE", True), ("ACTIF", True), (None, True), ("INACTIVE", False), ("FERMEE", False)]
)
def test_a_structure_is_active_by_the_start_of_its_status(status: str | None, *, is_active: bool) -> None:
    row = {"idStructureCPP": "7", "identifiantStructure": 18, "designationStructure": "VILLE", "statut": status}

    assert wire.structures(SUPPLIER).read(row) == wire.FoundStructure(7, SUPPLIER, "VILLE", is_active)


@pytest.mark.parametrize(("said", "is_active"), [(True, True), (None, True), (False, False)])
def test_a_service_is_active_unless_it_says_otherwise(*, said: bool | None, is_active: bool) -> None:
    row = {"idService": 3, "codeService": "EAU", "libelleService": "Eau", "estActif": said}

    assert wire.services(7).read(row) == wire.FoundService(3, Service("EAU", "Eau", is_active))


@pytest.mark.parametrize(
    ("answer", "rows"),
    [
        ({}, []),
        ({"listeFactures": None}, []),
        ({"listeFactures": []}, []),
        ({"listeFactures": [{}]}, [{}]),
        ({"listeFactures": {}}, None),
        ({"listeFactures": [1]}, None),
    ],
    ids=str,
)
def test_an_empty_list_comes_three_ways(answer: dict[str, Any], rows: list[Any] | None) -> None:
    assert wire.rows(answer, "listeFactures") == rows


@pytest.mark.parametrize(
    ("answer", "nothing"),
    [
        ({"codeRetour": 20000, "libelle": "TRA_MSG_00.015"}, True),
        ({"codeRetour": "20000", "libelle": "TRA_MSG_00.015 - La recherche n'a retourné aucun résultat"}, True),
        ({"codeRetour": 20000, "libelle": "GDP_MSG_11.008"}, False),
        ({"codeRetour": 20000}, False),
        ({"codeRetour": 0, "libelle": "TRA_MSG_00.015"}, False),
    ],
    ids=str,
)
def test_no_result_is_told_by_code_and_label_together(answer: dict[str, Any], *, nothing: bool) -> None:
    assert wire.found_nothing(answer) is nothing


@pytest.mark.parametrize(
    ("answer", "envelope"),
    [
        ({"codeRetour": 0, "libelle": "TRA_MSG_00.000"}, wire.Envelope(0, "TRA_MSG_00.000")),
        ({"codeRetour": "20003"}, wire.Envelope(20003, "codeRetour 20003")),
        ({"codeRetour": None, "libelle": None}, wire.Envelope(None, "")),
        ({"codeRetour": False}, wire.Envelope(None, "")),
        ({}, wire.Envelope(None, "")),
    ],
    ids=str,
)
def test_an_envelope_is_read_however_it_comes(answer: dict[str, Any], envelope: wire.Envelope) -> None:
    assert wire.envelope(answer) == envelope
