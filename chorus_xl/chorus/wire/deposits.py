"""Uploading a file and depositing an invoice.

Rule 1: an invoice leaves as ``DEPOT_PDF_API``: the clerk's own PDF under the clerk's own number. ``SAISIE_API`` would
        ignore that number and make its own.
Rule 2: VAT rates go by hand (``ligneTvaTauxManuel``), never as codes, whose numbers only the server knows.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath

from chorus_xl.chorus.wire.values import (
    Json,
    JsonObject,
    Members,
    calendar_day,
    day,
    identifier,
    money,
    percent,
    present,
    text,
)
from chorus_xl.domain.invoice import Document, Invoice, Uploaded

UPLOAD = "transverses/v1/ajouter/fichier"
SUBMIT = "factures/v1/soumettre"

LONGEST_NAME = 50
"""Characters of an attachment's name with its extension: more is HTTP 400 (seen live by a depositing client, 2026)."""

_MEDIA_TYPES = {
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "gif": "image/gif",
    "html": "text/html",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "pdf": "application/pdf",
    "png": "image/png",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}
_ANY_MEDIA_TYPE = "application/octet-stream"

_CREDIT_NOTE, _INVOICE = "AVOIR", "FACTURE"
_EXEMPT, _WITHOUT_VAT = "EXONERATION", "SANS_TVA"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the platform says of an invoice that it took.

    Attributes:
        digest: ``empreinteCertificatDepot``.
    """

    chorus_invoice_id: int | None
    chorus_status: str
    deposited_on: date | None
    digest: str


def sent_name(name: str) -> str:
    """The name under which a file is sent: shortened to what the platform takes, its extension kept.

    >>> sent_name("Facture 2025-0042 pour la fourniture de compteurs d'eau.pdf")
    'Facture 2025-0042 pour la fourniture de compte.pdf'
    """
    suffix = PurePosixPath(name).suffix
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(suffix)] + suffix


def document(file: Document) -> JsonObject:
    """The request that hands over a file."""
    extension = PurePosixPath(file.name).suffix.removeprefix(".")
    return {
        "pieceJointeFichier": b64encode(file.content).decode("ascii"),
        "pieceJointeNom": sent_name(file.name),
        "pieceJointeTypeMime": _MEDIA_TYPES.get(extension.lower(), _ANY_MEDIA_TYPE),
        "pieceJointeExtension": extension.upper(),
    }


def attachment_id(answer: Members) -> int | None:
    """The identifier of a file that the platform holds."""
    return identifier(answer.get("pieceJointeId"))


def submission(invoice: Invoice, supplier_id: int, pdf: Uploaded, attachments: Sequence[Uploaded]) -> JsonObject:
    """The request that deposits an invoice; API key and domain attribute stand side by side."""
    vat_type = _vat_type(invoice)
    body: dict[str, Json] = {
        "modeDepot": "DEPOT_PDF_API",
        "numeroFactureSaisi": invoice.invoice_number,
        "dateFacture": day(invoice.issue_date),
        "destinataire": {
            "codeDestinataire": invoice.recipient_siret,
            **present(codeServiceExecutant=invoice.service_code),
        },
        "fournisseur": {"idFournisseur": supplier_id},
        "cadreDeFacturation": {
            "codeCadreFacturation": invoice.billing_framework,
            **present(codeStructureValideur=invoice.validator_siret),
        },
        "references": _references(invoice, vat_type),
        "montantTotal": {
            "montantHtTotal": money(invoice.total_without_vat),
            "montantTVA": money(invoice.total_vat),
            "montantTtcTotal": money(invoice.total_with_vat),
            "montantRemiseGlobaleTTC": money(Decimal(0)),
            "montantAPayer": money(invoice.amount_due),
        },
        # An array of one, though the swagger declares a single object: every client at work sends an array.
        "pieceJointePrincipale": [
            {"pieceJointePrincipaleDesignation": pdf.name, "pieceJointePrincipaleId": pdf.attachment_id}
        ],
    }
    if vat_type != _WITHOUT_VAT:
        body["ligneTva"] = [
            {
                "ligneTvaTauxManuel": percent(share.rate),
                "ligneTvaMontantBaseHtParTaux": money(share.base),
                "ligneTvaMontantTvaParTaux": money(share.vat),
            }
            for share in invoice.vat_shares
        ]
    if attachments:
        body["pieceJointeComplementaire"] = extra_attachments(attachments, invoice.attachment_type)
    return body | present(commentaire=invoice.comment)


def extra_attachments(attachments: Sequence[Uploaded], attachment_type: str) -> list[Json]:
    """Files that go with an invoice beside its PDF."""
    return [
        {
            "pieceJointeComplementaireDesignation": attachment.name,
            # Sent even when empty: codes differ between environments, and a client at work sends "".
            "pieceJointeComplementaireType": attachment_type,
            "pieceJointeComplementaireId": attachment.attachment_id,
            "pieceJointeComplementaireNumeroLigneFacture": 0,  # the whole invoice
        }
        for attachment in attachments
    ]


def _references(invoice: Invoice, vat_type: str) -> dict[str, Json]:
    references: dict[str, Json] = {
        "deviseFacture": "EUR",
        "typeFacture": _CREDIT_NOTE if invoice.is_credit_note else _INVOICE,
        "typeTva": vat_type,
        **present(
            motifExonerationTva=invoice.exemption_reason if vat_type == _EXEMPT else "",
            numeroMarche=invoice.contract_number,
            numeroBonCommande=invoice.engagement_number,
        ),
    }
    if invoice.is_credit_note:
        # ASSUMPTION: a credit note needs no means of payment and none is sent: the notes require it of an
        # invoice only, and one client at work forbids it on credit notes (by the flow route).
        return references | present(numeroFactureOrigine=invoice.original_invoice_number)
    return references | {"modePaiement": invoice.payment_means}


def _vat_type(invoice: Invoice) -> str:
    """No VAT is charged: without VAT, or exempt when there is a reason; else the supplier's regime.

    The reason is a parameter of the whole workbook, so it counts only where an invoice charges no VAT.
    """
    if any(share.rate for share in invoice.vat_shares):
        return invoice.vat_regime
    return _EXEMPT if invoice.vat_shares and invoice.exemption_reason else _WITHOUT_VAT


def receipt(answer: Members) -> Receipt:
    """What the platform says of the invoice it took."""
    return Receipt(
        identifier(answer.get("identifiantFactureCPP")),
        text(answer.get("statutFacture")),
        calendar_day(answer.get("dateDepot")),
        text(answer.get("empreinteCertificatDepot")),
    )
