"""The lines of ``tblParametres``: what a supplier sets once.

Rule 1: a parameter's French name is spelled here and nowhere else.
Rule 2: a password is never a parameter.
Rule 3: an unknown line on the sheet is the clerk's own and is left alone; a missing line takes its default.
"""

from dataclasses import dataclass
from enum import StrEnum


class Environment(StrEnum):
    """Which Chorus Pro the invoices go to; the value is that of ``CHORUS_XL_ENVIRONMENT``."""

    REHEARSAL = "repetition"
    QUALIFICATION = "qualification"
    PRODUCTION = "production"

    @property
    def label(self) -> str:
        """The word that the clerk reads."""
        return {"repetition": "Répétition", "qualification": "Qualification", "production": "Production"}[self.value]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One line of ``tblParametres``."""

    attribute: str
    name: str  # French, first column of the table
    default: str
    help: str
    choices: tuple[str, ...] = ()


PARAMETERS: tuple[Parameter, ...] = (
    Parameter("supplier_siret", "SIRET du fournisseur", "", "Votre SIRET : 14 chiffres, cellule au format Texte."),
    Parameter(
        "environment",
        "Environnement",
        Environment.REHEARSAL.label,
        "Répétition : la plateforme d'exercice de ce PC. Qualification : la plateforme d'essai de l'État. "
        "Production : les vrais dépôts.",
        tuple(environment.label for environment in Environment),
    ),
    Parameter(
        "technical_login",
        "Compte technique",
        "",
        "Identifiant du compte technique Chorus Pro (TECH_…@cpro.fr). Le mot de passe ne s'écrit jamais ici.",
    ),
    Parameter("pdf_folder", "Dossier des PDF", "", "Vide : le dossier de ce classeur."),
    Parameter(
        "billing_framework",
        "Cadre de facturation",
        "A1_FACTURE_FOURNISSEUR",
        "A1 : facture d'un fournisseur (cas courant). A2 : déjà payée. A9, A12 : sous-traitant, cotraitant.",
        (
            "A1_FACTURE_FOURNISSEUR",
            "A2_FACTURE_FOURNISSEUR_DEJA_PAYEE",
            "A9_FACTURE_SOUSTRAITANT",
            "A12_FACTURE_COTRAITANT",
        ),
    ),
    Parameter("validator_siret", "SIRET du valideur", "", "Seulement pour A9 et A12 : le titulaire qui valide."),
    Parameter(
        "vat_regime",
        "Régime de TVA",
        "TVA_SUR_DEBIT",
        "TVA_SUR_DEBIT ou TVA_SUR_ENCAISSEMENT, comme sur vos factures.",
        ("TVA_SUR_DEBIT", "TVA_SUR_ENCAISSEMENT"),
    ),
    Parameter(
        "exemption_reason",
        "Motif d'exonération",
        "",
        "Code du motif quand vos factures à 0 % sont exonérées. Vide : elles partent « sans TVA ».",
    ),
    Parameter(
        "payment_means",
        "Mode de règlement",
        "VIREMENT",
        "Mode de règlement porté sur les factures.",
        ("VIREMENT", "CHEQUE", "PRELEVEMENT", "ESPECE", "AUTRE", "REPORT"),
    ),
    Parameter(
        "attachment_type",
        "Type des pièces jointes",
        "",
        "Code du type donné aux pièces jointes ; vide : aucun type n'est envoyé.",
    ),
    Parameter(
        "company_category",
        "Catégorie d'entreprise",
        "",
        "Microentreprise, PME, ETI ou GE : voir le calcul de la feuille Aide.",
        ("Microentreprise", "PME", "ETI", "GE"),
    ),
    Parameter(
        "second_look",
        "Second regard",
        "Non",
        "Oui : une personne prépare avec Contrôler, une autre dépose après avoir saisi le total de contrôle.",
        ("Non", "Oui"),
    ),
    Parameter(
        "control_total",
        "Total de contrôle",
        "",
        "Avec le second regard : la somme TTC du lot, calculée à part par la personne qui dépose (avoirs déduits).",
    ),
    Parameter("hotline", "Assistance Chorus Pro", "04 77 78 39 57", "D'après la notice (vers 2019) : à vérifier."),
    Parameter(
        "hotline_hours",
        "Horaires de l'assistance",
        "du lundi au vendredi, de 8 h 30 à 18 h 30",
        "D'après la notice.",
    ),
)
