"""A second pair of eyes: who prepares a batch does not release it, where the supplier asks for that.

Rule 1: Contrôler notes in the journal who prepared each row, and the hash of what it says, its files included.
Rule 2: Déposer lets a row leave only as another user releases it: one press with the control total of all rows that
        wait, typed by that user and worked out apart from the sheet. The program never shows the total that it expects.
Rule 3: an edit voids both: what is released is a hash, compared again with the bytes that are about to leave.
Rule 4: a release holds until its row has left: a batch that the network cut short goes on without another one.

Who a user is, is what the operating system says; this keeps honest people honest and leaves a trace of the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from chorus_xl.domain.canonical import content_hash
from chorus_xl.domain.files import RowFiles
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.invoice import Invoice
from chorus_xl.domain.records import Record
from chorus_xl.domain.texts import euros
from chorus_xl.steps.content import content_of
from chorus_xl.steps.ports import Journal

PREPARED, RELEASED = "prepared", "released"
"""Events of the journal's notes."""

Note = tuple[str, str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Release:
    """What may leave, and what is held back and why.

    Attributes:
        hashes: of each row that may leave, by number; what leaves must still have it.
        held: what there is to say, by row.
        notices: what there is to say of the batch.
        notes: to be committed before anything leaves.
    """

    hashes: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[int, tuple[Finding, ...]] = field(default_factory=dict)
    notices: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()


def note_prepared(
    journal: Journal,
    invoices: Sequence[Invoice],
    files: Mapping[int, RowFiles],
    records: Mapping[str, Record],
    user: str,
) -> None:
    """Commit who prepared these rows, where that is news.

    Raises:
        JournalError: it cannot be written.
    """
    journal.note_all(list(_news(invoices, files, records, user)))


def _news(
    invoices: Sequence[Invoice], files: Mapping[int, RowFiles], records: Mapping[str, Record], user: str
) -> Iterator[Note]:
    for invoice in invoices:
        details = {"by": user, "content": hash_of(invoice, files[invoice.row])}
        if _noted(records, invoice, PREPARED) != details:
            yield invoice.invoice_number, PREPARED, details


def release(
    invoices: Sequence[Invoice],
    files: Mapping[int, RowFiles],
    records: Mapping[str, Record],
    user: str,
    control_total: str,
) -> Release:
    """Which of these rows may leave with this user's press and this typed total."""
    present = {invoice.invoice_number: hash_of(invoice, files[invoice.row]) for invoice in invoices}
    waiting: list[Invoice] = []
    held: dict[int, tuple[Finding, ...]] = {}
    for invoice in invoices:
        now = present[invoice.invoice_number]
        if _noted(records, invoice, RELEASED).get("content") == now:
            continue
        prepared = _noted(records, invoice, PREPARED)
        if finding := _unfit(invoice, prepared, now, user):
            held[invoice.row] = (finding,)
        else:
            waiting.append(invoice)
    notices: tuple[Finding, ...] = ()
    if waiting and (problem := _wrong_total(waiting, control_total)):
        notices, held = (problem,), held | {invoice.row: () for invoice in waiting}
        waiting = []
    total = _euros(sum((invoice.signed_total for invoice in waiting), Decimal(0)))
    notes = tuple(
        (
            invoice.invoice_number,
            RELEASED,
            {
                "by": user,
                "content": present[invoice.invoice_number],
                "prepared_by": _noted(records, invoice, PREPARED)["by"],
                "control_total": total,
                "count": str(len(waiting)),
            },
        )
        for invoice in waiting
    )
    leaving = {
        invoice.invoice_number: present[invoice.invoice_number] for invoice in invoices if invoice.row not in held
    }
    return Release(leaving, held, notices, notes)


def _unfit(invoice: Invoice, prepared: Mapping[str, str], now: str, user: str) -> Finding | None:
    """Why this user cannot release the row, if so."""
    number = invoice.invoice_number
    if not prepared:
        return Finding("CX680", Severity.ERROR, invoice.row, "invoice_number", {"number": number})
    by = prepared.get("by", "")
    if prepared.get("content") != now:
        return Finding("CX681", Severity.ERROR, invoice.row, "invoice_number", {"number": number, "by": by})
    if by.casefold() == user.casefold():
        return Finding("CX682", Severity.ERROR, invoice.row, "invoice_number", {"number": number, "by": by})
    return None


def _wrong_total(waiting: Sequence[Invoice], typed: str) -> Finding | None:
    count = str(len(waiting))
    if not typed.strip():
        return Finding("CX683", Severity.ERROR, params={"count": count})
    total = read_total(typed)
    if total is None:
        return Finding("CX684", Severity.ERROR, params={"value": typed})
    if total != sum((invoice.signed_total for invoice in waiting), Decimal(0)):
        return Finding("CX685", Severity.ERROR, params={"value": _euros(total), "count": count})
    return None


def read_total(typed: str) -> Decimal | None:
    """An amount as a person types it, in euros; ``None`` when it is none.

    >>> read_total("12 345,60 €"), read_total("-5"), read_total("12.345,60")
    (Decimal('12345.60'), Decimal('-5'), None)
    """
    plain = "".join(typed.removesuffix("€").split()).replace(",", ".")
    try:
        total = Decimal(plain)
    except InvalidOperation:
        return None
    return total if total.is_finite() else None


def hash_of(invoice: Invoice, files: RowFiles) -> str:
    """The hash of what would leave for this row now."""
    pdf = files.pdf.sha256 if files.pdf else ""
    return content_hash(content_of(invoice, pdf, [attachment.sha256 for attachment in files.attachments]))


def _noted(records: Mapping[str, Record], invoice: Invoice, event: str) -> Mapping[str, str]:
    record = records.get(invoice.invoice_number)
    return record.notes.get(event, {}) if record else {}


def _euros(amount: Decimal) -> str:
    return euros(int(amount.scaleb(2)))
