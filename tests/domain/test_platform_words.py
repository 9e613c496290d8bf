"""The platform's words in the clerk's words, on texts as clients and buyers met them."""

import pytest

from chorus_xl.data import load
from chorus_xl.domain import platform_words
from chorus_xl.domain.columns import INVOICES
from chorus_xl.domain.platform_words import Explanation, Kind, Where
from chorus_xl.messages.words import WHOM
from chorus_xl.simulator.lives import LIVES
from chorus_xl.simulator.refusals import Refusal

WORDS = platform_words.read(load("platform_messages"))
LINES = load("platform_messages")

MET: list[tuple[str, Where, str]] = [
    # the platform's codes
    ("GDP_MSG_11.008", Where.COMPLETE, "chorus_reference"),
    ("GDP_MSG_11.033 - La facture n'est pas suspendue", Where.COMPLETE, "chorus_status"),
    ("GDP_MSG_11.022", Where.UPLOAD, "pdf_file"),
    # flow reports, which name XML paths
    ("L'élément CrossIndustryInvoice.BuyerReference.value est obligatoire", Where.FLOW, "service_code"),
    ("…BuyerOrderReferencedDocument.IssuerAssignedID.value est obligatoire", Where.FLOW, "engagement_number"),
    ("ApplicableHeaderTradeAgreement/BuyerOrderReferencedDocument/IssuerAssignedID", Where.FLOW, "engagement_number"),
    ("AttachmentBinaryObject est obligatoire", Where.FLOW, "pdf_file"),
    ("Le numéro de la facture ne doit pas dépasser 20 caractères", Where.FLOW, "invoice_number"),
    ("ERR_XSD_001 : flux irrecevable", Where.FLOW, "pdf_file"),
    # refusals of a deposit
    ("Le code service est obligatoire pour cette structure", Where.DEPOSIT, "service_code"),
    ("GDP_MSG_99.999 - Le numéro d’engagement est obligatoire", Where.DEPOSIT, "engagement_number"),
    ("Le destinataire est introuvable : destinataire inconnu", Where.DEPOSIT, "recipient_siret"),
    ("Type de pièce jointe inconnu", Where.DEPOSIT, "attachments"),
    ("Incohérence dans la synthèse de la TVA", Where.DEPOSIT, "total_vat"),
    ("Un numéro de facture existe déjà", Where.DEPOSIT, "invoice_number"),
    # reasons by code
    ("DEST_ERR", Where.BUYER, "budget"),
    ("CMD_ERR - bon 4500", Where.BUYER, "engagement_number"),
    ("EJ_ERR", Where.BUYER, "engagement_number"),
    ("SE_ERR", Where.BUYER, "service_code"),
    ("MONTANT_ERR", Where.BUYER, "total_with_vat"),
    ("TX_TVA_ERR", Where.BUYER, "vat_rate"),
    ("DOUBLE_FACT", Where.BUYER, "invoice_number"),
    ("COORD_BANC_ERR", Where.BUYER, "attachments"),
    ("MARCHE_TERM", Where.BUYER, "contract_number"),
    ("JUSTIF_ABS", Where.BUYER, "attachments"),
    # buyers, in their own words
    ("Bon de livraison manquant", Where.BUYER, "attachments"),
    ("MERCI DE JOINDRE LE BON DE LIVRAISON SIGNÉ", Where.BUYER, "attachments"),
    ("Montant différent du bon de commande", Where.BUYER, "total_with_vat"),
    ("Service destinataire erroné", Where.BUYER, "service_code"),
    ("Facture en doublon", Where.BUYER, "invoice_number"),
    ("Absence de numéro d'engagement", Where.BUYER, "engagement_number"),
]


@pytest.mark.parametrize(("text", "where", "column"), MET, ids=[text for text, _, _ in MET])
def test_a_text_that_was_met_leads_to_its_column(text: str, where: Where, column: str) -> None:
    found = WORDS.explain(text, where)

    assert found is not None
    assert found.column == column


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("Ce n'est pas un doublon, mais le bon de livraison manque", "attachments"),
        ("Facture non payée : bon de livraison manquant", "attachments"),
        ("Aucun doublon. Bon de livraison manquant", "attachments"),
        ("Facture en doublon, pas d'avoir attendu", "invoice_number"),
    ],
)
def test_what_a_buyer_denies_is_not_what_the_buyer_says(text: str, column: str) -> None:
    found = WORDS.explain(text, Where.BUYER)

    assert found is not None
    assert found.column == column


def test_a_denial_alone_is_not_explained() -> None:
    assert WORDS.explain("Il n'y a pas de doublon", Where.BUYER) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Merci de rappeler Mme Martin",
        '=HYPERLINK("http://exemple")',
        "😀",
        "\n\n",
        "codeRetour 20013",
        "GDP_MSG_11.0333",
        "REBUTERIE",  # « rib » is a word of its own
        "é" * 32_767,
    ],
    ids=["blank", "chat", "formula", "emoji", "newlines", "number", "longer code", "longer word", "32,767 characters"],
)
@pytest.mark.parametrize("where", [Where.DEPOSIT, Where.BUYER])
def test_a_text_that_nobody_knows_is_not_explained(text: str, where: Where) -> None:
    assert WORDS.explain(text, where) is None


@pytest.mark.parametrize("refusal", [known for known in Refusal if known.invented], ids=lambda known: known.name)
@pytest.mark.parametrize("where", Where)
def test_the_stand_ins_own_texts_are_not_explained(refusal: Refusal, where: Where) -> None:
    assert WORDS.explain(refusal.value[1], where, refusal.code) is None


def test_the_stand_ins_buyers_are_understood() -> None:
    said = {step.comment for life in LIVES.values() for step in life if step.comment}

    assert said
    assert all(WORDS.explain(text, Where.BUYER) for text in said)


@pytest.mark.parametrize(
    ("label", "where", "code", "is_known"),
    [
        ("codeRetour 20002", Where.COMPLETE, 20002, True),
        ("codeRetour 20002", Where.DEPOSIT, 20002, False),
        ("GDP_MSG_11.008", Where.COMPLETE, 20002, True),
        ("GDP_MSG_77.777", Where.COMPLETE, 20002, False),
    ],
    ids=["its operation", "another operation", "the code stands above the number", "an unknown code as well"],
)
def test_a_number_counts_for_its_operation_alone(label: str, where: Where, code: int, *, is_known: bool) -> None:
    assert (WORDS.explain(label, where, code) is not None) is is_known


def test_a_buyers_free_words_explain_no_refusal_of_the_platform() -> None:
    assert WORDS.explain("Bon de livraison manquant", Where.DEPOSIT) is None


@pytest.mark.parametrize("entry", WORDS.entries, ids=lambda entry: entry.words)
def test_an_entry_is_finished(entry: Explanation) -> None:
    assert entry.column in {"", *(column.attribute for column in INVOICES.columns)}
    assert not entry.whom or entry.whom in WHOM
    assert entry.gesture.endswith(".")
    assert not entry.words.endswith(".")
    assert "!" not in entry.words + entry.gesture
    assert entry.return_code is None or entry.where
    assert not any(pattern.search("") for pattern in entry.patterns)


def test_every_entry_says_where_it_comes_from_and_how_sure_it_is() -> None:
    assert {source for line in LINES["message"] for source in line["source"].split(", ")} == set(LINES["sources"])
    assert {line["confidence"] for line in LINES["message"]} == {"documented", "seen", "reading"}


def test_no_pattern_stands_twice() -> None:
    patterns = [pattern for line in LINES["message"] for pattern in line["patterns"]]

    assert sorted(patterns) == sorted(set(patterns))


def test_no_sharper_entry_is_hidden_behind_a_broader_one() -> None:
    """Each phrase, alone, is explained by the entry that holds it, for those whose words it is."""
    for entry in WORDS.entries:
        if entry.kind is not Kind.PHRASE:
            continue
        for where in entry.where or Where:
            for pattern in entry.patterns:
                phrase = pattern.pattern.removeprefix(r"\b").removesuffix(r"\b").replace("\\", "")
                assert WORDS.explain(phrase, where) is entry, phrase
