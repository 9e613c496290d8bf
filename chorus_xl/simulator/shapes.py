"""The body of every operation: its members, their kinds, which ones it cannot do without.

1. Names are the wire's own, odd casings included; ``!`` marks a required member.
2. Members that are required only in some cases are checked where the case is known, not here.
3. The keys of ``SHAPES`` are all the POST operations that exist here; any other path does not.
"""

from collections.abc import Mapping

from chorus_xl.simulator.members import Kind, Many, Shape

TEXT, SIRET, WHOLE, NUMBER, FLAG = Kind.TEXT, Kind.SIRET, Kind.WHOLE, Kind.NUMBER, Kind.FLAG

# ASSUMPTION: these two are taken everywhere, as the 2017 annex has them on every operation.
_COMMON: Shape = {"idUtilisateurCourant": WHOLE, "codeLangue": TEXT}

_PAGING: Shape = {
    "pageResultatDemandee": WHOLE,
    "nbResultatsParPage": WHOLE,
    "nbResultatsMaximum": WHOLE,
    "triSens": TEXT,
    "triColonne": TEXT,
}
_REFERENCES: Shape = {
    "deviseFacture!": TEXT,
    "typeFacture!": TEXT,
    "typeTva!": TEXT,
    "motifExonerationTva": TEXT,
    "numeroMarche": TEXT,
    "numeroBonCommande": TEXT,
    "numeroFactureOrigine": TEXT,
    "modePaiement": TEXT,
}
_EXTRA_ATTACHMENT: Shape = {
    "pieceJointeComplementaireDesignation!": TEXT,
    "pieceJointeComplementaireType!": TEXT,
    "pieceJointeComplementaireId!": WHOLE,
    "pieceJointeComplementaireIdLiaison": WHOLE,
    "pieceJointeComplementaireNumeroLigneFacture": WHOLE,
}
_LINE: Shape = {
    "lignePosteNumero": WHOLE,
    "lignePosteReference": TEXT,
    "lignePosteDenomination": TEXT,
    "lignePosteQuantite": NUMBER,
    "lignePosteUnite": TEXT,
    "lignePosteMontantUnitaireHT": NUMBER,
    "lignePosteMontantRemiseHT": NUMBER,
    "lignePosteTauxTva": TEXT,
    "lignePosteTauxTvaManuel": NUMBER,
}
_VAT_LINE: Shape = {
    "ligneTvaTaux": TEXT,
    "ligneTvaTauxManuel": NUMBER,
    "ligneTvaMontantBaseHtParTaux!": NUMBER,
    "ligneTvaMontantTvaParTaux!": NUMBER,
}
_SUBMIT: Shape = {
    "modeDepot!": TEXT,
    "numeroFactureSaisi": TEXT,
    "dateFacture": TEXT,
    "destinataire!": {"codeDestinataire!": SIRET, "codeServiceExecutant": TEXT},
    "fournisseur!": {
        "idFournisseur!": WHOLE,
        "idServiceFournisseur": WHOLE,
        "codeCoordonneesBancairesFournisseur": WHOLE,
    },
    "cadreDeFacturation!": {
        "codeCadreFacturation!": TEXT,
        "codeStructureValideur": SIRET,
        "codeServiceValideur": TEXT,
    },
    "references!": _REFERENCES,
    "lignePoste": Many(_LINE),
    "ligneTva": Many(_VAT_LINE),
    "montantTotal!": {
        "montantHtTotal!": NUMBER,
        "montantTVA!": NUMBER,
        "montantTtcTotal!": NUMBER,
        "montantRemiseGlobaleTTC": NUMBER,
        "motifRemiseGlobaleTTC": TEXT,
        "montantAPayer!": NUMBER,
    },
    # The swagger says one object; every real client sends an array of one.
    "pieceJointePrincipale": Many(
        {"pieceJointePrincipaleDesignation!": TEXT, "pieceJointePrincipaleId!": WHOLE},
        or_one=True,
    ),
    "pieceJointeComplementaire": Many(_EXTRA_ATTACHMENT),
    "commentaire": TEXT,
}
_SEARCH_INVOICES: Shape = {
    "listeDestinataire": Many(
        {"idDestinataire": WHOLE, "listeIdServiceExecutant": Many(WHOLE), "raisonSocialeStuctDmd": TEXT},
    ),
    "rechercheSirenDestinataire": FLAG,
    "numeroFacture": TEXT,
    "numeroFluxDepot": TEXT,
    "idFournisseur": WHOLE,
    "idServiceFournisseur": WHOLE,
    "idStructureValideur": WHOLE,
    "typeFacture": TEXT,
    "cadreFacturation": TEXT,
    "statutCourant": Many(TEXT),
    "periodeDateDepotDu": TEXT,
    "periodeDateDepotAu": TEXT,
    "periodeDateFactureDu": TEXT,
    "periodeDateFactureAu": TEXT,
    "periodeDateHeureEtatCourantDu": TEXT,
    "periodeDateHeureEtatCourantAu": TEXT,
    "montantHTMin": NUMBER,
    "montantHTMax": NUMBER,
    "montantTTCMin": NUMBER,
    "montantTTCMax": NUMBER,
    "montantApayerMin": NUMBER,
    "montantApayerMax": NUMBER,
    "coordonneeBancaire": WHOLE,
    "idUtilisateurCreateur": Many(WHOLE),
    "numeroMarche": TEXT,
    "numeroBonCommande": TEXT,
    "numeroFactureOrigine": TEXT,
    "modeDepot": TEXT,
    "rejetTraite": FLAG,
    "recupererTaille": FLAG,
    "rechercheFactureParFournisseur": _PAGING,
}


def _history_paging(suffix: str) -> Shape:
    return {
        f"pageResultatDemandeeListeHisto{suffix}": WHOLE,
        f"nbResultatsParPageListeHisto{suffix}": WHOLE,
        f"triSensListeHisto{suffix}": TEXT,
        f"triColonneListeHisto{suffix}": TEXT,
    }


_HISTORY: Shape = {
    "idFacture!": WHOLE,
    "idEspace": WHOLE,
    "nbResultatsMaximum": WHOLE,
    "paramRechercheHistoStatuts": _history_paging("Statut"),
    "paramRechercheHistoEvenementsComplementaires": _history_paging("Evenement"),
    "paramRechercheHistoActionsUtilisateurs": _history_paging("Action"),
}
_ONE_INVOICE: Shape = {
    "identifiantFactureCPP!": WHOLE,
    "getpLigneRecapTva": {
        "pageResultatDemandeeListeRecapitulatifTVA": WHOLE,
        "nbResultatsParPageListeListeRecapitulatifTVA": WHOLE,
        "triSensListeRecapitulatifTVA": TEXT,
        "triColonneListeRecapitulatifTVA": TEXT,
    },
    "getpListePiecesJointes": {
        "pageResultatDemandeeListePieceJointe": WHOLE,
        "nbResultatsParPageListePieceJointe": WHOLE,
        "triSensListePiecesJointes": TEXT,
        "triColonneListePiecesJointes": TEXT,
    },
    "getpLignesPoste": {
        "pageResultatDemandeeLignesPoste": WHOLE,
        "nbResultatsParPageLignesPoste": WHOLE,
        "triSensListeLignesPoste": TEXT,
        "triColonneListeLignesPoste": TEXT,
    },
}
_SEARCH_STRUCTURES: Shape = {
    "structure": {
        "identifiantStructure": SIRET,
        "typeIdentifiantStructure": TEXT,
        "raisonSocialeStructure": TEXT,
        "libelleStructure": TEXT,
        "nomStructure": TEXT,
        "prenomStructure": TEXT,
        "typeStructure": TEXT,
        "statutStructure": TEXT,
        "adresseCodePostal": TEXT,
        "adresseVille": TEXT,
        "adresseCodePays": TEXT,
        "estMOA": FLAG,
        "estMOAUniquement": FLAG,
    },
    "restreindreStructuresPrivees": FLAG,
    "parametres": _PAGING,
}

_SHAPES: Mapping[str, Shape] = {
    "factures/v1/soumettre": _SUBMIT,
    "factures/v1/rechercher/fournisseur": _SEARCH_INVOICES,
    "factures/v1/consulter/fournisseur": _ONE_INVOICE,
    "factures/v1/consulter/historique": _HISTORY,
    "factures/v1/completer": {
        "identifiantFactureCPP!": WHOLE,
        "pieceJointeComplementaire": Many(_EXTRA_ATTACHMENT),
        "commentaire": TEXT,
    },
    "factures/v1/recycler": {
        "identifiantFactureCPP!": WHOLE,
        "destinataire": {"codeDestinataire": SIRET, "codeServiceExecutant": TEXT},
        "reference": {key.rstrip("!"): kind for key, kind in _REFERENCES.items()},
        "commentaire": TEXT,
    },
    "factures/v1/traiterRejet": {"listeDemandePaiement!": Many({"idDemandePaiement!": WHOLE})},
    "transverses/v1/ajouter/fichier": {
        "pieceJointeFichier!": TEXT,
        "pieceJointeNom!": TEXT,
        "pieceJointeTypeMime!": TEXT,
        "pieceJointeExtension!": TEXT,
    },
    "transverses/v1/recuperer/structures/actives/fournisseur": {},
    "transverses/v1/recuperer/tauxtva": {},
    "transverses/v1/recuperer/typespj": {"typeObjet": TEXT},
    "transverses/v1/recuperer/coordbanc/valides": {"idStructure!": WHOLE},
    "structures/v1/rechercher": _SEARCH_STRUCTURES,
    "structures/v1/consulter": {"idStructureCPP!": WHOLE},
    "structures/v1/rechercher/services": {
        "idStructure!": WHOLE,
        "parametresRechercherServicesStructure": _PAGING,
    },
    "structures/v1/consulter/service": {"idStructure!": WHOLE, "idService!": WHOLE},
    "utilisateurs/v1/monCompte/recuperer/rattachements": {"parametresRecherche": _PAGING},
}

SHAPES: Mapping[str, Shape] = {operation: {**_COMMON, **shape} for operation, shape in _SHAPES.items()}
