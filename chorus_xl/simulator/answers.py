"""How an invoice looks on the wire, in each of the three places that show one.

1. The same status has three names: ``statut`` in a list, ``statutFacture`` in
   a detail, ``statutCourantCode`` in a history. Nothing here evens that out.
2. Members that cannot have a value here are null; a switch leaves nulls out.
3. INVENTED: the one person who works at every buyer's.
"""

import json
import sqlite3
from typing import Any

from chorus_xl.simulator import dates, follow, lives, paging
from chorus_xl.simulator.directory import Structure
from chorus_xl.simulator.state import State

_UNUSED_IN_LIST = (
    "codeServiceFournisseur",
    "nomServiceFournisseur",
    "numeroFluxDepot",
    "coordBancairesFournisseur",
    "affactureur",
    "nomPrenomUtilisateurCreateur",
)


_PERSON = {
    "histoStatutUtilisateurPrenom": "Camille",
    "histoStatutUtilisateurNom": "AGENT D'ESSAI",
    "histoStatutUtilisateurEmail": "camille@exemple.invalid",
    "histoStatutUtilisateurTelephone": "0000000000",
}


def _person(status: str) -> dict[str, str | None]:
    return {**_PERSON} if status in lives.BY_THE_BUYER else dict.fromkeys(_PERSON)


def _service_id(buyer: Structure, code: str | None) -> int | None:
    service = buyer.service(code) if code else None
    return service.id if service else None


def listed_invoice(state: State, row: sqlite3.Row) -> dict[str, Any]:
    """A row of ``listeFactures``."""
    supplier, buyer = state.by_id[row["supplier_id"]], state.by_id[row["buyer_id"]]
    return {
        "identifiantFactureCPP": row["id"],
        "typeDemandePaiement": "FACTURE",
        "codeFournisseur": supplier.siret,
        "typeIdentifiantFournisseur": "SIRET",
        "designationFournisseur": supplier.name,
        "idDestinataire": buyer.id,
        "codeDestinataire": buyer.siret,
        "designationDestinataire": buyer.name,
        "idServiceExecutant": _service_id(buyer, row["service"]),
        "codeServiceExecutant": row["service"],
        "nomServiceExecutant": row["service"],
        "typeFacture": row["kind"],
        "numeroFacture": row["number"],
        "dateFacture": row["issued_on"],
        "dateDepot": row["deposited_on"],
        "montantHT": row["without_vat"],
        "montantTTC": row["with_vat"],
        "montantAPayer": row["due"],
        "devise": row["currency"],
        "statut": row["status"],
        "numeroMarche": row["contract"],
        "numeroBonCommande": row["engagement"],
        "numeroFactureOrigine": row["origin"],
        "modeDepot": row["mode"],
        "dateHeureEtatCourant": dates.instant(dates.from_stored(row["status_at"])),
        "commentaireEtatCourant": row["status_comment"],
        "rejetTraite": bool(row["rejection_handled"]),
        **dict.fromkeys(_UNUSED_IN_LIST),
    }


def consult(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """``consulter/fournisseur``, light: what was sent, and where it stands."""
    row = follow.entitled(state, body["identifiantFactureCPP"])
    supplier, buyer = state.by_id[row["supplier_id"]], state.by_id[row["buyer_id"]]
    sent = json.loads(row["content"])
    references, totals = sent["references"], sent["montantTotal"]
    main = next(iter(sent.get("pieceJointePrincipale", [])), None)
    return {
        "facture": {
            "identifiantFactureCPP": row["id"],
            "numeroFacture": row["number"],
            "statutFacture": row["status"],
            "modeDepot": row["mode"],
            "rejetTraite": bool(row["rejection_handled"]),
            "commentaire": sent.get("commentaire"),
            "destinataire": {
                "idDestinataire": buyer.id,
                "codeDestinataire": buyer.siret,
                "designationDestinataire": buyer.name,
                "idServiceExecutant": _service_id(buyer, row["service"]),
                "codeServiceExecutant": row["service"],
            },
            "fournisseur": {
                "idFournisseur": supplier.id,
                "typeIdentifiantFournisseur": "SIRET",
                "codeFournisseur": supplier.siret,
                "designationFournisseur": supplier.name,
            },
            "cadreDeFacturation": {"codeCadreFacturation": row["framework"]},
            "references": {
                "dateFacture": row["issued_on"],
                "dateDepot": row["deposited_on"],
                "codeDeviseFacture": row["currency"],
                "typeFacture": row["kind"],
                "typeTva": references["typeTva"],
                "motifExonerationTva": references.get("motifExonerationTva"),
                "numeroMarche": row["contract"],
                "numeroBonCommande": row["engagement"],
                "numeroFactureOrigine": row["origin"],
                "modePaiement": references.get("modePaiement"),
                "numeroDpMandat": None,
            },
            "recapitulatifDeTva": {"ligneTva": sent.get("ligneTva", [])},
            "montantTotal": totals,
            "pieceJointePrincipale": main and {"idPieceJointePrincipale": main["pieceJointePrincipaleId"]},
            "listeDesPiecesJointes": {"pieceJointe": _attachments(state, sent)},
            "lignesDePoste": {"lignePoste": sent.get("lignePoste", [])},
        },
    }


def _attachments(state: State, sent: dict[str, Any]) -> list[dict[str, Any]]:
    listed = []
    for item in sent.get("pieceJointeComplementaire", []):
        file = state.attachment(item["pieceJointeComplementaireId"])
        listed.append(
            {
                "pieceJointeTypeCode": item["pieceJointeComplementaireType"],
                "pieceJointeDesignation": item["pieceJointeComplementaireDesignation"],
                "pieceJointeId": item["pieceJointeComplementaireId"],
                "pieceJointeExtension": file and file["extension"],
            },
        )
    return listed


def history(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """``consulter/historique``: every status the invoice went through, latest first."""
    row = follow.entitled(state, body["idFacture"])
    parameters = body.get("paramRechercheHistoStatuts", {})
    page = paging.read(
        parameters,
        "pageResultatDemandeeListeHistoStatut",
        "nbResultatsParPageListeHistoStatut",
    )
    rows = state.store.rows("SELECT * FROM history WHERE invoice_id = ? ORDER BY id DESC", row["id"])
    if parameters.get("triSensListeHistoStatut") == "Ascendant":
        rows.reverse()
    rows = rows[: max(0, body.get("nbResultatsMaximum", len(rows)))]
    return {
        "idFacture": row["id"],
        "numeroFacture": row["number"],
        "modeDepot": row["mode"],
        "statutCourantCode": row["status"],
        "historiquesDesStatuts": {
            "histoStatut": [
                {
                    "histoStatutId": step["id"],
                    "histoStatutCode": step["status"],
                    "histoStatutDatePassage": dates.minute(dates.from_stored(step["at"])),
                    "histoStatutCommentaire": step["comment"],
                    **_person(step["status"]),
                }
                for step in rows[page.offset : page.offset + page.size]
            ],
            "pageCouranteHistoStatut": page.number,
            "pagesHistoStatut": page.pages(len(rows)),
            "nbResultatsParPageHistoStatut": page.size,
            "totalHistoStatut": len(rows),
        },
        "historiquesDesEvenementsComplementaires": {"evenement": []},
        "historiquesDesActionsUtilisateurs": {"histoAction": []},
        "derniereAction": None,
    }
