"""Rows edited after they left: what was sent beside what the row, or its file, says now.

Rule 1: what was sent is in the journal (``domain.sent``); a number that may leave again may be edited freely.
Rule 2: a file is known by its bytes: one that was moved, or is not there any more, is no edit; one whose bytes differ
        is, whatever its name.
Rule 3: what the button Agir is about to send is no edit: a suspended row is given the files that are asked for.
        Nor is what an act sent of which only the platform's history tells, the journal having been restored.
Rule 4: one finding a row, in the sheet's words, of what no rule has said already.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from chorus_xl.domain.acts import READ_OFF, ActState
from chorus_xl.domain.batch import Batch
from chorus_xl.domain.columns import INVOICES
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.lifecycle import SENDABLE, State
from chorus_xl.domain.records import Record
from chorus_xl.domain.sent import as_sent
from chorus_xl.domain.supplier import Parameters
from chorus_xl.domain.texts import day, euros, shown
from chorus_xl.errors import WorkbookError
from chorus_xl.messages.journal import EDITED
from chorus_xl.steps.act_settle import SHOWN_BY
from chorus_xl.steps.content import content_of
from chorus_xl.steps.ports import Documents
from chorus_xl.steps.show import meaning, status_of

_MAY_BE_EDITED = SENDABLE | {State.CONTRADICTED}
_AMOUNTS = ("total_without_vat", "total_vat", "total_with_vat")
_COMPARED = (
    "issue_date",
    "invoice_type",
    *_AMOUNTS,
    "engagement_number",
    "contract_number",
    "original_invoice_number",
    "recipient_siret",
    "service_code",
)
_SAID_BY_RULES = {"CX208": "issue_date"}
"""The column that a rule's finding is about, where it is not the finding's own."""


@dataclass(frozen=True, slots=True)
class Change:
    """One cell, or one file, that is no longer what was sent; both sides as a clerk reads them."""

    row: int
    invoice_number: str
    attribute: str
    then: str
    now: str

    @property
    def header(self) -> str:
        """The column's name on the sheet."""
        return INVOICES.column(self.attribute).header


def changes(
    batch: Batch, parameters: Parameters, documents: Documents, records: Mapping[str, Record]
) -> Iterator[Change]:
    """Everything edited since it left, row by row."""
    for index, number in enumerate(batch.invoice_number.tolist()):
        record = records.get(number)
        if record is None or record.state in _MAY_BE_EDITED or not record.content:
            continue
        row, now_there = int(batch.rows[index]), _as_it_stands(batch, index, parameters)
        sent_by_act = _sent_by_act(record)
        for attribute, then, now in _of_row(record, now_there, documents):
            if attribute not in sent_by_act:
                yield Change(row, number, attribute, then, now)


def _sent_by_act(record: Record) -> frozenset[str]:
    """The columns of the act that waits, and of those that the platform's history shows and the journal does not."""
    waiting = meaning(status_of(record)).act
    columns = READ_OFF[waiting] if waiting else frozenset()
    known = {act.act for act in record.acts if act.state is ActState.DONE}
    statuses = [passage.status for passage in record.passages]
    for place, status in enumerate(statuses):
        act = meaning(status).act
        if act in SHOWN_BY and act not in known and SHOWN_BY[act] in statuses[place + 1 :]:
            columns |= READ_OFF[act]
    return columns


def findings(
    batch: Batch,
    parameters: Parameters,
    documents: Documents,
    records: Mapping[str, Record],
    already: Mapping[int, Iterable[Finding]],
) -> dict[int, tuple[Finding, ...]]:
    """One warning a row that was edited, by row; ``already`` is what the rules found."""
    by_row: dict[int, list[Change]] = {}
    said = {
        (row, _SAID_BY_RULES.get(finding.code, finding.column))
        for row, found in already.items()
        for finding in found
        if finding.code in ("CX207", "CX208")
    }
    for change in changes(batch, parameters, documents, records):
        if (change.row, change.attribute) not in said:
            by_row.setdefault(change.row, []).append(change)
    return {row: (_finding(row, edits),) for row, edits in by_row.items()}


def _finding(row: int, edits: list[Change]) -> Finding:
    told = " ; ".join(EDITED["cell"].format(column=edit.header, then=edit.then, now=edit.now) for edit in edits)
    params = {"number": edits[0].invoice_number, "changes": told}
    return Finding("CX609", Severity.WARNING, row, "invoice_number", params)


def _of_row(record: Record, now: Mapping[str, str], documents: Documents) -> Iterator[tuple[str, str, str]]:
    sent = as_sent(record)
    for name in _COMPARED:
        if name in sent and sent[name] != now[name]:
            yield name, _said(name, sent[name]), _said(name, now[name])
    if sent.get("vat_shares") and now["vat_shares"] and sent["vat_shares"] != now["vat_shares"]:
        yield "vat_rate", _rates(sent["vat_shares"]), _rates(now["vat_shares"])
    if "comment" in sent and now["comment"] not in (sent["comment"], record.content.get("comment")):
        yield "comment", _said("comment", sent["comment"]), _said("comment", now["comment"])
    if sent.get("pdf_sha256"):
        yield from _of_files(documents, "pdf_file", sent, now)
    if "attachments_sha256" in sent:
        yield from _of_files(documents, "attachments", sent, now)


def _as_it_stands(batch: Batch, index: int, parameters: Parameters) -> dict[str, str]:
    """The row as it would leave now, as text; a cell that was emptied is blank."""
    issued = batch.issue_date[index].item()
    invoice = batch.invoice(index, parameters)
    now = content_of(replace(invoice, issue_date=issued or date.min), "")
    emptied = [name for name in _AMOUNTS if not getattr(batch, name).present[index]]
    if issued is None:
        emptied.append("issue_date")
    if emptied:
        emptied.append("vat_shares")
    return now | dict.fromkeys(emptied, "")


def _of_files(
    documents: Documents, attribute: str, sent: Mapping[str, str], now: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """What became of the files that one column names."""
    key = "pdf_sha256" if attribute == "pdf_file" else "attachments_sha256"
    names = [name for name in now[attribute].split(";") if name]
    sent_names = [name for name in sent.get(attribute, "").split(";") if name]
    hashes = [_hash(documents, name) for name in names]
    known = set(sent[key].split(";"))
    if names == sent_names:
        differ = [name for name, own in zip(names, hashes, strict=True) if own and own not in known]
        if differ:
            yield attribute, EDITED["bytes_then"].format(files=", ".join(differ)), EDITED["bytes_now"]
    elif not (hashes and known and set(hashes) == known):
        yield attribute, _said(attribute, sent.get(attribute, "")), _said(attribute, now[attribute])


def _hash(documents: Documents, name: str) -> str:
    """The hash of a file; ``""`` where it cannot be read."""
    try:
        return documents.load(name).sha256
    except WorkbookError:
        return ""


def _said(attribute: str, text: str) -> str:
    """A kept text as the clerk reads it in the cell."""
    if not text:
        return EDITED["blank"]
    try:
        if attribute in _AMOUNTS:
            return euros(int(Decimal(text).scaleb(2)))
        if attribute == "issue_date":
            return day(date.fromisoformat(text))
    except (InvalidOperation, ValueError):
        pass  # what an old journal wrote otherwise is shown as it is
    return shown(text)


def _rates(shares: str) -> str:
    """``20 % 100.00 20.00;5.5 % …`` as a clerk reads it."""
    told = []
    for share in shares.split(";"):
        rate, _, rest = share.partition(" % ")
        base, _, _ = rest.partition(" ")
        told.append(EDITED["rate"].format(rate=rate.replace(".", ","), base=_said("total_without_vat", base)))
    return " + ".join(told)
