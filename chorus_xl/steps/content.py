"""A row as it leaves: what the journal keeps of an invoice with its intent, and what differs from it later.

Rule 1: keys are the attributes of ``domain.columns`` where there is one; values are text.
Rule 2: files are known by their hash, not by their name: a PDF that was moved since is the same, another one under the
        same name is not.
Rule 3: a member that an older journal did not keep differs from nothing.
Rule 4: sizes stand beside the hashes, for people. They are no part of ``content_of``: a hash of it that a second pair
        of eyes released vouches for the bytes already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from chorus_xl.domain.columns import CREDIT_NOTE, INVOICE
from chorus_xl.domain.invoice import Document, Invoice, Outcome

HASHES = ("pdf_sha256", "attachments_sha256")


def content_of(invoice: Invoice, pdf_sha256: str, attachments_sha256: Sequence[str] = ()) -> dict[str, str]:
    """What the journal keeps of an invoice, as text."""
    return {
        "supplier_siret": invoice.supplier_siret,
        "invoice_number": invoice.invoice_number,
        "issue_date": invoice.issue_date.isoformat(),
        "invoice_type": CREDIT_NOTE if invoice.is_credit_note else INVOICE,
        "recipient_siret": invoice.recipient_siret,
        "service_code": invoice.service_code,
        "engagement_number": invoice.engagement_number,
        "contract_number": invoice.contract_number,
        "original_invoice_number": invoice.original_invoice_number,
        "total_without_vat": str(invoice.total_without_vat),
        "total_vat": str(invoice.total_vat),
        "total_with_vat": str(invoice.total_with_vat),
        "vat_shares": ";".join(f"{share.rate} % {share.base} {share.vat}" for share in invoice.vat_shares),
        "pdf_file": invoice.pdf_file,
        "pdf_sha256": pdf_sha256,
        "attachments": ";".join(invoice.attachments),
        "attachments_sha256": ";".join(attachments_sha256),
        "comment": invoice.comment,
        # Of the whole workbook, and of each invoice that leaves: a second pair of eyes vouches for these too.
        "billing_framework": invoice.billing_framework,
        "validator_siret": invoice.validator_siret,
        "vat_regime": invoice.vat_regime,
        "exemption_reason": invoice.exemption_reason,
        "payment_means": invoice.payment_means,
        "attachment_type": invoice.attachment_type,
    }


def sizes_of(attachments: Sequence[Document], pdf: Document | None = None) -> dict[str, str]:
    """What the journal keeps of files beside their hashes: how many bytes each has, as text and in the same order."""
    sizes = {"attachments_size": ";".join(str(document.size) for document in attachments)}
    return sizes if pdf is None else {"pdf_size": str(pdf.size), **sizes}


def differences(kept: Mapping[str, str], invoice: Invoice) -> dict[str, tuple[str, str]]:
    """What the row says now and said otherwise when it left, by attribute: (then, now); files apart."""
    now = content_of(invoice, "")
    return {
        name: (kept[name], now[name]) for name in now if name in kept and name not in HASHES and kept[name] != now[name]
    }


def outcome_details(outcome: Outcome) -> dict[str, str]:
    """What the journal keeps of an outcome beside its evidence: its members as text, empty ones left out."""
    members = asdict(replace(outcome, evidence={}))
    return {name: str(value) for name, value in members.items() if value not in (None, "", {})}
