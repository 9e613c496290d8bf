"""What the directory says of one structure and of one service, and which structures are the account's own."""

from dataclasses import dataclass
from datetime import date

from chorus_xl.chorus.wire.envelope import rows
from chorus_xl.chorus.wire.values import JsonObject, Members, calendar_day, flag, identifier, members, siret

STRUCTURE = "structures/v1/consulter"
SERVICE = "structures/v1/consulter/service"
SUPPLIERS = "transverses/v1/recuperer/structures/actives/fournisseur"


@dataclass(frozen=True, slots=True)
class Obligations:
    """What a body demands; ``None`` for what the directory does not say."""

    service_required: bool | None
    engagement_required: bool | None
    service_or_engagement: bool | None


def structure(structure_id: int) -> JsonObject:
    """The request for one structure; its key here is ``idStructureCPP``, not ``idStructure``."""
    return {"idStructureCPP": structure_id}


def obligations(answer: Members) -> Obligations:
    """What a structure demands of an invoice."""
    said = members(answer.get("parametres"))
    return Obligations(
        flag(said.get("codeServiceDoitEtreRenseigne")),
        flag(said.get("numeroEJDoitEtreRenseigne")),
        flag(said.get("gestionNumeroEJOuCodeService")),
    )


def password_expiry(answer: Members) -> date | None:
    """The last day of the technical account's password, told on the account's own structure alone."""
    return calendar_day(members(answer.get("informationGenerales")).get("dateExpirationMotPasseCompteTech"))


def service(structure_id: int, service_id: int) -> JsonObject:
    """The request for one service."""
    return {"idStructure": structure_id, "idService": service_id}


def engagement_required(answer: Members) -> bool | None:
    """Whether a service demands an engagement."""
    return flag(members(answer.get("parametres")).get("numeroEngagement"))


def suppliers(answer: Members) -> dict[str, int] | None:
    """``idFournisseur`` by SIRET of the structures the account may deposit for; ``None`` when unreadable.

    The SIRET's key here is ``identifiant``, not ``identifiantStructure``.
    """
    listed = rows(answer, "listeStructures")
    if listed is None:
        return None
    return {
        siret(row.get("identifiant")): structure_id
        for row in listed
        if (structure_id := identifier(row.get("idStructureCPP"))) is not None
    }
