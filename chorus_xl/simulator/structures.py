"""The directory and the reference lists, as ``structures``, ``transverses`` and ``utilisateurs`` show them.

1. The same SIRET is ``identifiantStructure`` in a search and ``identifiant``
   among one's own structures; ``informationGenerales`` of a structure and
   ``informationsGenerales`` of a service differ by one letter. As on the wire.
2. A structure's activity is ``statut`` in the search, and nowhere else.
3. The dates of services are invented: open since 2017, until 2050.
"""

from datetime import UTC, datetime
from typing import Any

from chorus_xl.simulator import dates, paging
from chorus_xl.simulator.directory import Service, Structure
from chorus_xl.simulator.refusals import Refusal, RefusedError
from chorus_xl.simulator.state import State

_OPENED = datetime(2017, 1, 1, 12, tzinfo=UTC)
_CLOSED = datetime(2020, 12, 31, 12, tzinfo=UTC)
_OPEN_END = "2050-12-31 00:00"
_NAMES = ("raisonSocialeStructure", "libelleStructure")
_ABSENT_HERE = ("nomStructure", "prenomStructure", "adresseCodePostal", "adresseVille", "estMOA", "estMOAUniquement")


def _matches(structure: Structure, wanted: dict[str, Any]) -> bool:
    kind = "PUBLIQUE" if structure.public else "PRIVEE"
    checks = (
        wanted.get("identifiantStructure") in (None, "", structure.siret),
        wanted.get("typeIdentifiantStructure") in (None, "", "SIRET"),
        wanted.get("typeStructure") in (None, "", kind),
        not str(wanted.get("statutStructure", "")).startswith("ACTI") or structure.active,
        all(str(wanted.get(key, "")).upper() in structure.name for key in _NAMES),
        not any(wanted.get(key) for key in _ABSENT_HERE),
    )
    return all(checks)


def search(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """``structures/rechercher``: all public ones and one's own, or everybody."""
    page = paging.read(body.get("parametres"))
    narrow = body.get("restreindreStructuresPrivees", True)
    found = [
        structure
        for structure in state.by_siret.values()
        if _matches(structure, body.get("structure", {}))
        and (structure.public or not narrow or structure in state.suppliers)
    ]
    found.sort(
        key=lambda structure: structure.siret,
        reverse=body.get("parametres", {}).get("triSens") == "Descendant",
    )
    return {
        "parametresRetour": page.members(len(found)),
        "listeStructures": [
            {
                "idStructureCPP": structure.id,
                "identifiantStructure": structure.siret,
                "typeIdentifiantStructure": "SIRET",
                "designationStructure": structure.name,
                "statut": structure.status,
            }
            for structure in found[page.offset : page.offset + page.size]
        ],
    }


def _structure(state: State, structure_id: int) -> Structure:
    structure = state.by_id.get(structure_id)
    if structure is None:
        raise RefusedError(Refusal.STRUCTURE_UNKNOWN, str(structure_id))
    return structure


def consult(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """``structures/consulter``: what a structure demands of its suppliers."""
    structure = _structure(state, body["idStructureCPP"])
    return {
        "adressePostaleDuSiege": {"adresse": None, "codePostal": None, "ville": None, "pays": "FR"},
        "informationGenerales": {
            "idStructureCPP": structure.id,
            "identifiantStructure": structure.siret,
            "typeIdentifiantStructure": "SIRET",
            "raisonSocialeStructure": structure.name,
            "libelleStructure": structure.name,
            "structurePriveePublique": "PUBLIQUE" if structure.public else "PRIVEE",
            # ASSUMPTION: the real form of this date was not seen.
            "dateExpirationMotPasseCompteTech": (
                dates.day(state.password_expires_at()) if structure in state.suppliers else None
            ),
        },
        "parametres": {
            "codeServiceDoitEtreRenseigne": structure.service_required,
            "numeroEJDoitEtreRenseigne": structure.engagement_required,
            "gestionNumeroEJOuCodeService": structure.service_or_engagement,
            "statutMiseEnPaiementNestPasRemonte": structure.hides_payment,
            "estMoaUniquement": False,
            "getaMoa": False,
            "connexionEDI": False,
            "recevoirDonneesViaEDI": False,
            "estValideurDelegue": False,
            "nonDiffusibleInsee": False,
        },
    }


def search_services(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """``structures/rechercher/services``: active and inactive ones alike."""
    structure = _structure(state, body["idStructure"])
    parameters = body.get("parametresRechercherServicesStructure", {})
    page = paging.read(parameters)
    services = sorted(
        structure.services,
        key=lambda service: service.code,
        reverse=parameters.get("triSens") == "Descendant",
    )
    return {
        "parametresRetour": page.members(len(services)),
        "listeServices": [
            {
                "idService": service.id,
                "codeService": service.code,
                "libelleService": service.code,
                "dateDbtService": dates.minute(_OPENED),
                "dateFinService": _OPEN_END if service.active else dates.minute(_CLOSED),
                "estActif": service.active,
            }
            for service in services[page.offset : page.offset + page.size]
        ],
    }


def consult_service(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """``structures/consulter/service``: what one service demands."""
    structure = _structure(state, body["idStructure"])
    service: Service | None = next((item for item in structure.services if item.id == body["idService"]), None)
    if service is None:
        raise RefusedError(Refusal.STRUCTURE_SERVICE_UNKNOWN, str(body["idService"]))
    return {
        "informationsGenerales": {
            "codeService": service.code,
            "nomService": service.code,
            "descriptionService": None,
        },
        "parametres": {
            "dateCreation": dates.instant(_OPENED),
            "dateModification": dates.instant(_OPENED),
            "dateDebutValidite": dates.instant(_OPENED),
            "dateFinValidite": None if service.active else dates.instant(_CLOSED),
            "numeroEngagement": service.engagement_required,
            "miseEnPaiement": not structure.hides_payment,
        },
        "adressePostale": {"adresse": None, "codePostal": None, "ville": None, "pays": "FR"},
    }


def own_structures(state: State, _body: dict[str, Any]) -> dict[str, Any]:
    """``recuperer/structures/actives/fournisseur``: the way to one's own ``idFournisseur``."""
    return {
        "listeStructures": [
            {
                "idStructureCPP": supplier.id,
                "identifiant": supplier.siret,
                "designationStructure": supplier.name,
            }
            for supplier in state.suppliers
        ],
    }


def own_memberships(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """``monCompte/recuperer/rattachements``: the structures that the technical account may act for."""
    page = paging.read(body.get("parametresRecherche"))
    return {
        "parametresRetour": page.members(len(state.suppliers)),
        "listeStructureRattachement": [
            {
                "idStructure": supplier.id,
                "identifiantStructure": supplier.siret,
                "designationStructure": supplier.name,
                "listeServicesRattache": [],
                "statut": "VALIDE",
            }
            for supplier in state.suppliers[page.offset : page.offset + page.size]
        ],
    }


def vat_rates(state: State, _body: dict[str, Any]) -> dict[str, Any]:
    """``recuperer/tauxtva``."""
    return {
        "listeTauxTva": [
            {"codeTauxTva": rate["code"], "libelleTauxTva": rate["label"], "valeurTauxTva": rate["rate"]}
            for rate in state.directory.vat_rates
        ],
    }


def attachment_types(state: State, _body: dict[str, Any]) -> dict[str, Any]:
    """``recuperer/typespj``."""
    return {
        "listeTypePieceJointe": [
            {
                "codeTypePieceJointe": kind["code"],
                "libelleTypePieceJointe": kind["label"],
                "idTypePieceJointe": kind["id"],
                "typeObjet": "FACTURE",
            }
            for kind in state.directory.attachment_types
        ],
    }


def bank_accounts(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """``recuperer/coordbanc/valides``: one invented account for each supplier."""
    supplier = state.supplier(body["idStructure"])
    if supplier is None:
        raise RefusedError(Refusal.SUPPLIER_NOT_OURS, str(body["idStructure"]))
    return {
        "listeCoordonneeBancaire": [
            {"idCoordonneeBancaire": supplier.bank_account_id, "nomCoordonneeBancaire": "COMPTE DE REPETITION"},
        ],
    }
