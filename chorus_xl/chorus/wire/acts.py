"""Completing a suspended invoice, acknowledging a rejection, recycling an invoice that went astray.

Rule 1: what is not to change is left out: ``completer`` takes attachments and a comment, ``recycler`` where the
        invoice goes.
Rule 2: the invoice has three names here: ``identifiantFactureCPP``, and ``idDemandePaiement`` for a rejection.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chorus_xl.chorus.wire.deposits import extra_attachments
from chorus_xl.chorus.wire.values import Json, JsonObject, Members, identifier, present, text
from chorus_xl.domain.invoice import Uploaded

COMPLETE = "factures/v1/completer"
ACKNOWLEDGE = "factures/v1/traiterRejet"
RECYCLE = "factures/v1/recycler"


@dataclass(frozen=True, slots=True)
class Acted:
    """What the platform says of an invoice on which it let the supplier act.

    Attributes:
        chorus_invoice_id: ``None`` when it names none: ``traiterRejet`` never does.
    """

    chorus_invoice_id: int | None
    chorus_status: str


def completion(
    chorus_invoice_id: int, attachments: Sequence[Uploaded], attachment_type: str, comment: str
) -> JsonObject:
    """The request that gives a suspended invoice what it lacks."""
    body: dict[str, Json] = {"identifiantFactureCPP": chorus_invoice_id}
    if attachments:
        body["pieceJointeComplementaire"] = extra_attachments(attachments, attachment_type)
    return body | present(commentaire=comment)


def acknowledgement(chorus_invoice_id: int) -> JsonObject:
    """The request that tells the platform that a rejection was seen."""
    return {"listeDemandePaiement": [{"idDemandePaiement": chorus_invoice_id}]}


def recycling(
    chorus_invoice_id: int, recipient_siret: str, service_code: str, engagement_number: str, comment: str
) -> JsonObject:
    """The request that sends an invoice elsewhere; its references are called ``reference`` here, and are optional."""
    body: dict[str, Json] = {
        "identifiantFactureCPP": chorus_invoice_id,
        "destinataire": {"codeDestinataire": recipient_siret, **present(codeServiceExecutant=service_code)},
    }
    if engagement_number:
        body["reference"] = present(numeroBonCommande=engagement_number)
    return body | present(commentaire=comment)


def acted(answer: Members) -> Acted:
    """What the platform says of the invoice."""
    return Acted(identifier(answer.get("identifiantFactureCPP")), text(answer.get("statutFacture")))
