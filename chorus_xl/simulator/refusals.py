"""Every way the stand-in says no, in one table.

1. A refusal is an envelope: ``codeRetour`` other than 0, and a ``libelle``.
2. Codes and libelles that are known from the real platform stand at the top.
   All others are INVENTED: their libelle starts with ``SIM_`` and their code
   is 90000 or more, so that no client can come to depend on one by accident.
3. A malformed request is not a refusal: it is HTTP 400, most often with an
   empty body. A file that is too large is HTTP 413.
"""

from enum import Enum

SUCCESS_SEARCH = "TRA_MSG_00.000"
SUCCESS_ACTION = "GCU_MSG_01_000"


class Refusal(Enum):
    """One refusal: its ``codeRetour`` and its ``libelle``."""

    # Known, by operation (the same number means different things elsewhere).
    NO_RESULT = (20000, "TRA_MSG_00.015")
    COMPLETE_UNKNOWN = (20000, "GDP_MSG_11.008")
    COMPLETE_NOT_ENTITLED = (20001, "GDP_MSG_11.005")
    COMPLETE_NOT_SUSPENDED = (20002, "GDP_MSG_11.033")

    # INVENTED from here to the end.
    DUPLICATE_NUMBER = (90001, "SIM_MSG_01.001 - Une facture portant ce numéro existe déjà pour ce fournisseur.")
    VALUE_NOT_LISTED = (90002, "SIM_MSG_01.002 - Valeur hors liste.")
    NUMBER_MALFORMED = (90003, "SIM_MSG_01.003 - Numéro de facture : 1 à 20 caractères, lettres, chiffres, - _ / +.")
    DATE_IN_FUTURE = (90004, "SIM_MSG_01.004 - La date de facture est postérieure à la date de dépôt.")
    SUPPLIER_NOT_OURS = (90005, "SIM_MSG_01.005 - Le fournisseur n'est pas rattaché au compte technique.")
    SUPPLIER_SERVICE_UNKNOWN = (90006, "SIM_MSG_01.006 - Service du fournisseur inconnu.")
    BANK_ACCOUNT_UNKNOWN = (90007, "SIM_MSG_01.007 - Coordonnées bancaires inconnues pour ce fournisseur.")
    VALIDATOR_MISSING = (90008, "SIM_MSG_01.008 - Le valideur est obligatoire pour ce cadre de facturation.")
    EXEMPTION_REASON_MISSING = (90009, "SIM_MSG_01.009 - Le motif d'exonération est obligatoire.")
    BUYER_UNKNOWN = (90010, "SIM_MSG_01.010 - Destinataire inconnu.")
    BUYER_INACTIVE = (90011, "SIM_MSG_01.011 - Destinataire inactif.")
    SERVICE_UNKNOWN = (90012, "SIM_MSG_01.012 - Service inconnu pour ce destinataire.")
    SERVICE_INACTIVE = (90013, "SIM_MSG_01.013 - Service inactif.")
    SERVICE_RESERVED = (90014, "SIM_MSG_01.014 - FACTURES_PUBLIQUES est réservé aux factures entre entités publiques.")
    SERVICE_REQUIRED = (90015, "SIM_MSG_01.015 - Le code service est obligatoire pour ce destinataire.")
    ENGAGEMENT_REQUIRED = (90016, "SIM_MSG_01.016 - Le numéro d'engagement est obligatoire.")
    SERVICE_OR_ENGAGEMENT_REQUIRED = (
        90017,
        "SIM_MSG_01.017 - Le code service ou le numéro d'engagement est obligatoire.",
    )
    ENGAGEMENT_UNKNOWN = (90018, "SIM_MSG_01.018 - Numéro d'engagement inconnu.")
    LINES_MISSING = (90019, "SIM_MSG_01.019 - Au moins une ligne de poste est obligatoire.")
    RATE_AMBIGUOUS = (90020, "SIM_MSG_01.020 - Un taux de TVA : soit le code, soit le taux manuel.")
    RATE_UNKNOWN = (90021, "SIM_MSG_01.021 - Code de taux de TVA inconnu.")
    VAT_RECAP_MISSING = (90022, "SIM_MSG_01.022 - Le récapitulatif de TVA est obligatoire pour ce type de TVA.")
    TOTAL_WITH_VAT_WRONG = (90023, "SIM_MSG_01.023 - Montant TTC différent de HT + TVA.")
    BASES_WRONG = (90024, "SIM_MSG_01.024 - La somme des bases par taux diffère du montant HT.")
    VAT_SUM_WRONG = (90025, "SIM_MSG_01.025 - La somme de la TVA par taux diffère du montant de TVA.")
    AMOUNT_DUE_WRONG = (90026, "SIM_MSG_01.026 - Montant à payer différent du TTC moins la remise globale.")
    MAIN_ATTACHMENT_COUNT = (90027, "SIM_MSG_01.027 - Une pièce jointe principale, et une seule, est attendue.")
    ATTACHMENT_UNKNOWN = (90028, "SIM_MSG_01.028 - Pièce jointe inconnue.")
    ATTACHMENT_TYPE_UNKNOWN = (90029, "SIM_MSG_01.029 - Type de pièce jointe inconnu.")
    TOO_LONG = (90030, "SIM_MSG_01.030 - Valeur trop longue.")
    EXTENSION_REFUSED = (90040, "SIM_MSG_02.001 - Extension de fichier refusée.")
    FILE_EMPTY = (90041, "SIM_MSG_02.002 - Fichier vide.")
    STRUCTURE_UNKNOWN = (90050, "SIM_MSG_03.001 - Structure inconnue.")
    STRUCTURE_SERVICE_UNKNOWN = (90051, "SIM_MSG_03.002 - Service inconnu.")
    INVOICE_UNKNOWN = (90060, "SIM_MSG_04.001 - Facture inconnue.")
    INVOICE_NOT_ENTITLED = (90061, "SIM_MSG_04.002 - Le compte technique n'est pas habilité sur cette facture.")
    RECYCLE_WRONG_STATE = (90062, "SIM_MSG_04.003 - La facture n'est pas à recycler.")
    REJECTION_WRONG_STATE = (90063, "SIM_MSG_04.004 - La facture n'est pas rejetée.")
    BAD_REQUEST = (90400, "SIM_MSG_99.400 - Requête mal formée.")
    TECHNICAL_FAILURE = (90500, "SIM_MSG_99.500 - Erreur technique.")

    @property
    def code(self) -> int:
        """The ``codeRetour``."""
        return self.value[0]

    @property
    def invented(self) -> bool:
        """Whether the platform is not known to answer this."""
        return self.value[1].startswith("SIM_")

    def envelope(self, detail: str = "") -> dict[str, int | str]:
        """The two members of every answer; the detail names the member at fault."""
        return {"codeRetour": self.code, "libelle": f"{self.value[1]} [{detail}]" if detail else self.value[1]}


class RefusedError(Exception):
    """A business refusal: an answer, with a code other than 0."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(refusal, detail)
        self.refusal = refusal
        self.detail = detail


class MalformedError(Exception):
    """The request does not have the shape of the operation: HTTP 400."""


class TooLargeError(Exception):
    """The decoded file is over the limit: HTTP 413."""


class BrokenError(Exception):
    """A request the real platform is seen to break on: HTTP 500."""
