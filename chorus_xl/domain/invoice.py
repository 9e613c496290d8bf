"""An invoice ready to leave, and what the platform says of one.

Rule 1: amounts are ``Decimal`` euros with two decimals, dates are ``date``, identifiers are text.
Rule 2: an ``Invoice`` exists only for a row without an error; making one checks nothing again.
Rule 3: platform enums are kept verbatim, and an unknown value is kept as text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class VatShare:
    """What one VAT rate weighs in an invoice; ``rate`` in percent (20, 5.5)."""

    rate: Decimal
    base: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Invoice:
    """One row of ``tblFactures`` in domain terms; the API key and the clerk's label stand beside each attribute."""

    row: int  # the row in Excel, for messages only
    supplier_siret: str
    invoice_number: str  # numeroFactureSaisi · « N° facture »
    issue_date: date  # dateFacture · « Date »
    is_credit_note: bool  # typeFacture · « Type »
    recipient_siret: str  # codeDestinataire · « SIRET »
    service_code: str  # codeServiceExecutant · « Code service »
    engagement_number: str  # numeroBonCommande · « N° engagement »
    contract_number: str  # numeroMarche · « N° marché »
    original_invoice_number: str  # numeroFactureOrigine · « Facture d'origine »
    total_without_vat: Decimal  # montantHtTotal · « Montant HT »
    total_vat: Decimal  # montantTVA · « Montant TVA »
    total_with_vat: Decimal  # montantTtcTotal · « Montant TTC »
    vat_shares: tuple[VatShare, ...]  # ligneTva · « Taux TVA »
    pdf_file: str  # « Fichier PDF », as typed
    attachments: tuple[str, ...]  # « Pièces jointes », as typed
    comment: str  # commentaire · « Commentaire »
    billing_framework: str = "A1_FACTURE_FOURNISSEUR"  # codeCadreFacturation
    validator_siret: str = ""  # codeStructureValideur
    vat_regime: str = "TVA_SUR_DEBIT"  # typeTva, when VAT is charged
    exemption_reason: str = ""  # motifExonerationTva
    payment_means: str = "VIREMENT"  # modePaiement
    attachment_type: str = ""  # pieceJointeComplementaireType

    @property
    def signed_total(self) -> Decimal:
        """The total with VAT as it counts in a batch: a credit note is deducted."""
        return -self.total_with_vat if self.is_credit_note else self.total_with_vat

    @property
    def amount_due(self) -> Decimal:
        """montantAPayer: nothing when already paid (A2), else the total with VAT."""
        return Decimal("0.00") if self.billing_framework.startswith("A2_") else self.total_with_vat


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it will be uploaded: its bytes are fixed from here on."""

    name: str  # with extension, no path
    content: bytes = field(repr=False)
    sha256: str  # hexadecimal

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A document that the platform holds: ``pieceJointeId``."""

    name: str
    attachment_id: int


class Result(StrEnum):
    """The four outcomes of a deposit (design §4.2)."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one deposit call.

    Attributes:
        result: one of the four.
        cause: stable English word for the cell of the classification table that decided (``read_timeout`` …).
        http_status: ``None`` when no answer came.
        return_code: ``codeRetour``, when the body had one.
        label: ``libelle`` verbatim, else what the clerk may be told; never a raw body.
        chorus_invoice_id: ``identifiantFactureCPP`` when accepted.
        chorus_status: ``statutFacture`` when accepted; kept as text.
        deposited_on: ``dateDepot`` when accepted.
        receipt: ``empreinteCertificatDepot``.
        correlation_id: ``x-correlationid``.
        evidence: the request and the answer as text, without headers or secrets, for the proof; empty when no call
            was made.
    """

    result: Result
    cause: str
    http_status: int | None = None
    return_code: int | None = None
    label: str = ""
    chorus_invoice_id: int | None = None
    chorus_status: str = ""
    deposited_on: date | None = None
    receipt: str = ""
    correlation_id: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class PlatformInvoice:
    """One line of ``rechercher/fournisseur``; absent members are ``""`` or ``None``."""

    chorus_invoice_id: int
    invoice_number: str
    supplier_siret: str
    recipient_siret: str
    service_code: str
    issue_date: date | None
    deposited_on: date | None
    total_with_vat: Decimal | None
    chorus_status: str
    status_since: datetime | None  # naive, Paris
    status_comment: str
    rejection_handled: bool = False  # rejetTraite: a rejection was acknowledged


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of the platform's own history of an invoice (``consulter/historique``)."""

    status: str
    at: datetime | None  # naive, Paris; to the minute
    comment: str = ""
    by: str = ""  # who at the recipient's or on the platform, when it says so


@dataclass(frozen=True, slots=True)
class Service:
    """A service of a public body, as the directory gives it."""

    code: str
    label: str
    is_active: bool
    engagement_required: bool | None = None  # None: not asked


@dataclass(frozen=True, slots=True)
class PublicBody:
    """A public body as the directory gives it (``structures/*``), or as ``tblBudgets`` remembers it.

    Attributes:
        services: by code; ``None`` when they were not asked.
        service_or_engagement: ``gestionNumeroEJOuCodeService``, to be tested before the two other flags.
    """

    siret: str
    name: str = ""
    is_active: bool = True
    service_required: bool | None = None
    engagement_required: bool | None = None
    service_or_engagement: bool | None = None
    services: Mapping[str, Service] | None = None
