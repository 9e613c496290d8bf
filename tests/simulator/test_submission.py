from datetime import UTC, datetime

import pytest

from chorus_xl.simulator import SUPPLIER_SIRET
from chorus_xl.simulator.refusals import Refusal
from tests.simulator.caller import SUBMIT, Caller, Clock

VAT_20 = {"ligneTvaTauxManuel": 20, "ligneTvaMontantBaseHtParTaux": 100, "ligneTvaMontantTvaParTaux": 20}
LINE = {"lignePosteNumero": 1, "lignePosteDenomination": "Fourniture", "lignePosteTauxTvaManuel": 20}
EXTRA = {
    "pieceJointeComplementaireDesignation": "rib.pdf",
    "pieceJointeComplementaireType": "RIB",
    "pieceJointeComplementaireId": 1,
}
NOTHING_ASKED, ENGAGEMENT_ASKED, SERVICE_ASKED = "12345678200051", "12345678200036", "12345678200028"
BOTH_ASKED, STATE_BUYER, EITHER_ASKED, INACTIVE = "12345678200044", "11000201100044", "00000000000034", "00000000000026"
EAU = "20006905200096"


def to(siret: str, service: str | None = None) -> dict[str, str | None]:
    return {"codeDestinataire": siret, "codeServiceExecutant": service}


def test_a_good_invoice_is_deposited(caller: Caller) -> None:
    answer = caller.submit()

    assert {key: value for key, value in answer.items() if key != "empreinteCertificatDepot"} == {
        "codeRetour": 0,
        "libelle": "GCU_MSG_01_000",
        "identifiantFactureCPP": 9100001,
        "numeroFacture": "FA-2025-0042",
        "statutFacture": "DEPOSEE",
        "dateDepot": "2025-11-03",
        "identifiantStructure": SUPPLIER_SIRET,
    }


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"destinataire": to(NOTHING_ASKED)}, id="a buyer that asks for nothing"),
        pytest.param({"destinataire__codeDestinataire": 20006905200013}, id="a SIRET as a number"),
        pytest.param({"destinataire": to(EITHER_ASKED, "SERVICE_AU_CHOIX")}, id="service or engagement: service"),
        pytest.param(
            {"destinataire": to(EITHER_ASKED), "references__numeroBonCommande": "EJ1"},
            id="service or engagement: engagement",
        ),
        pytest.param(
            {"destinataire": to(ENGAGEMENT_ASKED), "references__numeroBonCommande": "BC-8891"},
            id="any engagement will do for a local body",
        ),
        pytest.param(
            {"destinataire": to(STATE_BUYER, "SFACETAT"), "references__numeroBonCommande": "1500000001"},
            id="an engagement that the State knows",
        ),
        pytest.param({"destinataire": to(STATE_BUYER, "SFACETAT")}, id="the State without an engagement"),
        pytest.param({"dateFacture": "2025-11-03"}, id="dated today"),
        pytest.param({"commentaire": "x" * 2001}, id="the length of a comment is not known"),
        pytest.param({"references__typeFacture": "AVOIR", "references__modePaiement": None}, id="a credit note"),
        pytest.param({"modeDepot": "DEPOT_PDF_SIGNE_API"}, id="a signed PDF"),
        pytest.param(
            {
                "cadreDeFacturation__codeCadreFacturation": "A2_FACTURE_FOURNISSEUR_DEJA_PAYEE",
                "montantTotal__montantAPayer": 0,
            },
            id="already paid, nothing due",
        ),
        pytest.param(
            {"cadreDeFacturation": {"codeCadreFacturation": "A9_FACTURE_SOUSTRAITANT", "codeStructureValideur": EAU}},
            id="a subcontractor with a validator",
        ),
        pytest.param(
            {"montantTotal__montantRemiseGlobaleTTC": 20, "montantTotal__montantAPayer": 100},
            id="a discount on the total",
        ),
        pytest.param(
            {
                "references__typeTva": "SANS_TVA",
                "ligneTva": None,
                "montantTotal": {"montantHtTotal": 100, "montantTVA": 0, "montantTtcTotal": 100, "montantAPayer": 100},
            },
            id="without VAT there is no recap",
        ),
        pytest.param({"fournisseur__codeCoordonneesBancairesFournisseur": 410001}, id="a bank account of ours"),
    ],
)
def test_what_the_platform_takes(caller: Caller, changes: dict[str, object]) -> None:
    assert caller.submit(**changes)["codeRetour"] == 0


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        (Refusal.VALUE_NOT_LISTED, {"modeDepot": "SAISIE_WEB"}),
        (Refusal.VALUE_NOT_LISTED, {"cadreDeFacturation__codeCadreFacturation": "A3_MEMOIRE_JUSTICE"}),
        (Refusal.VALUE_NOT_LISTED, {"references__typeFacture": "ACOMPTE"}),
        (Refusal.VALUE_NOT_LISTED, {"references__typeTva": "TVA"}),
        (Refusal.VALUE_NOT_LISTED, {"references__modePaiement": "CARTE"}),
        (Refusal.VALUE_NOT_LISTED, {"references__deviseFacture": "USD"}),
        (Refusal.NUMBER_MALFORMED, {"numeroFactureSaisi": ""}),
        (Refusal.NUMBER_MALFORMED, {"numeroFactureSaisi": "F" * 21}),
        (Refusal.NUMBER_MALFORMED, {"numeroFactureSaisi": "FA#1"}),
        (Refusal.NUMBER_MALFORMED, {"numeroFactureSaisi": "FACTURÉ"}),
        (Refusal.NUMBER_MALFORMED, {"numeroFactureSaisi": "FA  1"}),
        (Refusal.NUMBER_MALFORMED, {"numeroFactureSaisi": " FA1"}),
        (Refusal.NUMBER_MALFORMED, {"numeroFactureSaisi": "FA1\n"}),
        (Refusal.NUMBER_MALFORMED, {"numeroFactureSaisi": "3²"}),
        (Refusal.DATE_IN_FUTURE, {"dateFacture": "2025-11-04"}),
        (Refusal.TOO_LONG, {"references__numeroMarche": "M" * 51}),
        (Refusal.TOO_LONG, {"references__numeroBonCommande": "B" * 51}),
        (Refusal.TOO_LONG, {"references__numeroFactureOrigine": "F" * 21}),
        (Refusal.SUPPLIER_NOT_OURS, {"fournisseur__idFournisseur": 26000101}),
        (Refusal.SUPPLIER_SERVICE_UNKNOWN, {"fournisseur__idServiceFournisseur": 7}),
        (Refusal.BANK_ACCOUNT_UNKNOWN, {"fournisseur__codeCoordonneesBancairesFournisseur": 7}),
        (Refusal.VALIDATOR_MISSING, {"cadreDeFacturation__codeCadreFacturation": "A9_FACTURE_SOUSTRAITANT"}),
        (Refusal.VALIDATOR_MISSING, {"cadreDeFacturation__codeCadreFacturation": "A12_FACTURE_COTRAITANT"}),
        (Refusal.BUYER_UNKNOWN, {"destinataire": to("20006905200175")}),
        (Refusal.BUYER_UNKNOWN, {"destinataire": to(SUPPLIER_SIRET)}),
        (Refusal.BUYER_INACTIVE, {"destinataire": to(INACTIVE)}),
        (Refusal.SERVICE_RESERVED, {"destinataire__codeServiceExecutant": "FACTURES_PUBLIQUES"}),
        (Refusal.SERVICE_UNKNOWN, {"destinataire__codeServiceExecutant": "factures_sur_marche"}),
        (Refusal.SERVICE_INACTIVE, {"destinataire__codeServiceExecutant": "ANCIEN_SERVICE"}),
        (Refusal.SERVICE_REQUIRED, {"destinataire": to(SERVICE_ASKED)}),
        (Refusal.SERVICE_REQUIRED, {"destinataire": to(BOTH_ASKED), "references__numeroBonCommande": "EJ1"}),
        (Refusal.ENGAGEMENT_REQUIRED, {"destinataire": to(ENGAGEMENT_ASKED)}),
        (Refusal.ENGAGEMENT_REQUIRED, {"destinataire": to(BOTH_ASKED, "SERVICE_DEST_SERV_EJ_OBL")}),
        (Refusal.ENGAGEMENT_REQUIRED, {"destinataire": to(EAU, "FACTURES_SUR_MARCHE")}),
        (Refusal.SERVICE_OR_ENGAGEMENT_REQUIRED, {"destinataire": to(EITHER_ASKED)}),
        (
            Refusal.ENGAGEMENT_UNKNOWN,
            {"destinataire": to(STATE_BUYER, "SFACETAT"), "references__numeroBonCommande": "1500000009"},
        ),
        (Refusal.RATE_AMBIGUOUS, {"ligneTva": [{**VAT_20, "ligneTvaTaux": "TVA5"}]}),
        (Refusal.RATE_AMBIGUOUS, {"ligneTva": [{**VAT_20, "ligneTvaTauxManuel": None}]}),
        (Refusal.RATE_AMBIGUOUS, {"lignePoste": [{**LINE, "lignePosteTauxTva": "TVA5"}]}),
        (Refusal.RATE_UNKNOWN, {"lignePoste": [{"lignePosteTauxTva": "TVA99"}]}),
        (Refusal.EXEMPTION_REASON_MISSING, {"references__typeTva": "EXONERATION"}),
        (Refusal.VAT_RECAP_MISSING, {"ligneTva": []}),
        (Refusal.TOTAL_WITH_VAT_WRONG, {"montantTotal__montantTtcTotal": 120.01}),
        (Refusal.BASES_WRONG, {"ligneTva": [{**VAT_20, "ligneTvaMontantBaseHtParTaux": 99.99}]}),
        (Refusal.VAT_SUM_WRONG, {"ligneTva": [{**VAT_20, "ligneTvaMontantTvaParTaux": 19.99}]}),
        (Refusal.VAT_SUM_WRONG, {"references__typeTva": "SANS_TVA", "ligneTva": None}),
        (Refusal.AMOUNT_DUE_WRONG, {"montantTotal__montantAPayer": 0}),
        (Refusal.MAIN_ATTACHMENT_COUNT, {"pieceJointePrincipale": []}),
        (
            Refusal.ATTACHMENT_UNKNOWN,
            {"pieceJointePrincipale": [{"pieceJointePrincipaleDesignation": "a", "pieceJointePrincipaleId": 1}]},
        ),
        (
            Refusal.TOO_LONG,
            {"pieceJointePrincipale": [{"pieceJointePrincipaleDesignation": "a" * 101, "pieceJointePrincipaleId": 1}]},
        ),
        (Refusal.ATTACHMENT_UNKNOWN, {"pieceJointeComplementaire": [EXTRA]}),
        (
            Refusal.ATTACHMENT_TYPE_UNKNOWN,
            {"pieceJointeComplementaire": [{**EXTRA, "pieceJointeComplementaireType": "BON_DE_COMMANDE"}]},
        ),
        (
            Refusal.TOO_LONG,
            {"pieceJointeComplementaire": [{**EXTRA, "pieceJointeComplementaireDesignation": "a" * 101}]},
        ),
        (Refusal.LINES_MISSING, {"modeDepot": "SAISIE_API", "numeroFactureSaisi": None, "dateFacture": None}),
    ],
    ids=lambda value: value.name if isinstance(value, Refusal) else str(value)[:70],
)
def test_what_the_platform_refuses(caller: Caller, refusal: Refusal, changes: dict[str, object]) -> None:
    answer = caller.post(SUBMIT, caller.invoice(**changes))

    assert (answer.status_code, answer.json()["codeRetour"]) == (200, refusal.code)
    assert answer.json()["libelle"].startswith("SIM_")
    assert caller.found() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"modeDepot": None},
        {"numeroFactureSaisi": None},
        {"dateFacture": None},
        {"dateFacture": "31/10/2025"},
        {"dateFacture": "2025-02-30"},
        {"dateFacture": "2025-10-31T00:00:00"},
        {"pieceJointePrincipale": None},
        {"pieceJointePrincipale": {"pieceJointePrincipaleDesignation": "a", "pieceJointePrincipaleId": 1}},
        {"destinataire": None},
        {"destinataire__codeDestinataire": None},
        {"fournisseur__idFournisseur": "26000001"},
        {"references__modePaiement": None},
        {"references__modeReglement": "VIREMENT"},
        {"montantTotal": None},
        {"montantTotal__montantTVA": None},
        {"montantTotal__montantTVA": "20"},
        {"montantTotal__montantTVA": 20.0000001},
        {"montantTotal__montantTVA": 1e13},
        {"numeroFacture": "FA-1"},
    ],
    ids=str,
)
def test_a_body_without_the_shape_is_400(caller: Caller, changes: dict[str, object]) -> None:
    answer = caller.post(SUBMIT, caller.invoice(**changes))

    assert (answer.status_code, answer.content) == (400, b"")


def test_a_number_is_taken_once_for_ever(caller: Caller) -> None:
    caller.submit("FA-1")
    caller.pull("status", number="FA-1", status="REJETEE", comment="Montant différent")

    again = caller.submit("FA-1", dateFacture="2024-10-31")

    assert again["codeRetour"] == Refusal.DUPLICATE_NUMBER.code
    assert len(caller.record()["acceptances"]) == 1


def test_numbers_differ_by_case(caller: Caller) -> None:
    assert [caller.submit(number)["codeRetour"] for number in ("fa-1", "FA-1")] == [0, 0]


def test_refusals_come_as_400_by_switch(caller: Caller) -> None:
    caller.pull("switches", refusals_as_400=True)

    answer = caller.post(SUBMIT, caller.invoice(modeDepot="SAISIE_WEB"))

    assert (answer.status_code, answer.json()["codeRetour"]) == (400, Refusal.VALUE_NOT_LISTED.code)


def test_a_lone_main_attachment_is_taken_by_switch(caller: Caller) -> None:
    lone = {"pieceJointePrincipaleDesignation": "a", "pieceJointePrincipaleId": caller.file()}
    caller.pull("switches", accept_object_attachment=True)

    assert caller.submit(pieceJointePrincipale=lone)["codeRetour"] == 0


def test_a_typed_in_invoice_gets_its_number(caller: Caller) -> None:
    changes = {"modeDepot": "SAISIE_API", "dateFacture": None, "pieceJointePrincipale": None, "lignePoste": [LINE]}

    numbers = [caller.submit("IGNORED", **changes)["numeroFacture"] for _ in range(2)]

    assert numbers == ["20250000000000000001", "20250000000000000002"]


def test_a_typed_in_invoice_with_a_date_breaks_the_platform(caller: Caller) -> None:
    answer = caller.post(SUBMIT, caller.invoice(modeDepot="SAISIE_API", lignePoste=[LINE]))

    assert answer.status_code == 500


def test_today_is_the_day_in_paris(caller: Caller, clock: Clock) -> None:
    caller.file()
    clock.moment = datetime(2025, 11, 3, 22, 59, tzinfo=UTC)
    caller._token = None
    assert caller.submit(dateFacture="2025-11-04")["codeRetour"] == Refusal.DATE_IN_FUTURE.code

    clock.moment = datetime(2025, 11, 3, 23, 1, tzinfo=UTC)

    answer = caller.submit(dateFacture="2025-11-04")
    assert (answer["codeRetour"], answer["dateDepot"]) == (0, "2025-11-04")


def test_every_invented_refusal_says_so_and_no_code_is_used_twice_among_them() -> None:
    invented = [refusal for refusal in Refusal if refusal.invented]

    assert all(refusal.code >= 90000 for refusal in invented)
    assert all(refusal.code < 90000 for refusal in Refusal if not refusal.invented)
    assert len({refusal.code for refusal in invented}) == len(invented)
