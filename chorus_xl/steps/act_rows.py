"""One row read for Agir: what it would send, or what it lacks.

Rule 1: the row is the form: attachments and comment complete a suspended invoice, budget and engagement recycle one.
Rule 2: only what was not sent yet is sent: files by name, a comment when it changed, a destination when it differs.
Rule 3: a row is read as Remplir would fill it now, and passes the rules of a deposit for what is about to be sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PureWindowsPath

import numpy as np

from chorus_xl.domain.acts import READ_OFF, REPLACEMENT, Act
from chorus_xl.domain.batch import Batch
from chorus_xl.domain.budgets import fill_columns
from chorus_xl.domain.columns import INVOICES
from chorus_xl.domain.files import RowFiles
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.invoice import PublicBody
from chorus_xl.domain.records import Record
from chorus_xl.domain.rules import check
from chorus_xl.domain.sent import RECYCLED, as_sent
from chorus_xl.domain.texts import fold, shown
from chorus_xl.domain.values import Texts
from chorus_xl.errors import PlatformError
from chorus_xl.messages.acts import SENT
from chorus_xl.steps.judge import Desk, facts_of
from chorus_xl.steps.office import Office
from chorus_xl.steps.ports import Platform
from chorus_xl.steps.replacement import propose, taken_numbers

_KNOWN_DIFFERENCES = frozenset({"CX207", "CX208"})  # that the row is not what was deposited is what recycling is about


@dataclass(frozen=True, slots=True)
class Wish:
    """What a row asks for.

    Attributes:
        told: the line of the preview.
        content: what the journal keeps with the intent.
        files: to be uploaded with it, as typed.
        findings: what reading and the rules say of it.
    """

    told: Finding
    content: Mapping[str, str]
    files: Sequence[str] = ()
    findings: Sequence[Finding] = ()


@dataclass(slots=True)
class RowReader:
    """Reads one row after the other; asks the platform for its directory alone."""

    office: Office
    desk: Desk
    platform: Platform
    records: Mapping[str, Record]
    _proposed: set[str] = field(default_factory=set)

    def read(self, act: Act, index: int, record: Record) -> Wish | None:
        """What the row asks for; ``None`` when it says nothing that was not sent already.

        Raises:
            SetupError: credentials are refused.
        """
        if act is Act.COMPLETE:
            return self._complete(index, record)
        return self._recycle(index, record) if act is Act.RECYCLE else self._acknowledge(index, record)

    def _complete(self, index: int, record: Record) -> Wish | None:
        batch, sent = self.desk.batch, as_sent(record)
        known = {_name(name) for name in sent.get("attachments", "").split(";")}
        names = [name for name in batch.attachment_names(index) if _name(name) not in known]
        comment = _new_comment(batch, index, sent)
        if not names and not comment:
            return None
        row, documents = int(batch.rows[index]), self.desk.around.documents
        files = RowFiles(attachments=tuple(documents.look(name, read_text=False) for name in names))
        parts = [SENT["file"].format(value=shown(name)) for name in names]
        if comment:
            parts.append(SENT["comment"].format(value=shown(comment)))
        params = {"number": record.invoice_number, "sent": ", ".join(parts)}
        told = Finding("CX360", Severity.WARNING, row, None, params)
        content = {"attachments": ";".join(names), "comment": comment}
        return Wish(told, content, names, self._judge(index, Act.COMPLETE, batch, {row: files}, {}, reached=None))

    def _acknowledge(self, index: int, record: Record) -> Wish:
        number = record.invoice_number
        new_number = propose(number, taken_numbers(self.desk, self.records, number) | self._proposed)
        self._proposed.add(new_number)
        params = {"number": number, "new_number": new_number}
        told = Finding("CX361", Severity.WARNING, int(self.desk.batch.rows[index]), None, params)
        return Wish(told, {REPLACEMENT: new_number})

    def _recycle(self, index: int, record: Record) -> Wish | None:
        sent, batch = as_sent(record), _as_filled(self.desk)
        wanted = {name: str(batch.texts(name)[index]) for name in RECYCLED}
        # ASSUMPTION: recycling without an engagement leaves the one that the invoice has: there is no way to empty it.
        wanted["engagement_number"] = wanted["engagement_number"] or sent.get("engagement_number", "")
        changed = [name for name in RECYCLED if wanted[name] != sent.get(name, "")]
        if not changed:
            return None
        siret, codes = wanted["recipient_siret"], [code for code in (wanted["service_code"],) if code]
        bodies: dict[str, PublicBody | None] = {}
        reached = True
        if siret:
            try:
                bodies[siret] = self.platform.public_body(siret, codes)
            except PlatformError:
                reached = False
        changes = ", ".join(
            SENT["changed"].format(column=INVOICES.column(name).header, value=shown(wanted[name]) or SENT["blank"])
            for name in changed
        )
        params = {"number": record.invoice_number, "changes": changes}
        told = Finding("CX362", Severity.WARNING, int(batch.rows[index]), None, params)
        findings = self._judge(index, Act.RECYCLE, batch, {}, bodies, reached=reached)
        return Wish(told, {**wanted, "comment": _new_comment(batch, index, sent)}, (), findings)

    def _judge(
        self,
        index: int,
        act: Act,
        batch: Batch,
        files: Mapping[int, RowFiles],
        bodies: Mapping[str, PublicBody | None],
        *,
        reached: bool | None,
    ) -> tuple[Finding, ...]:
        """What reading and the rules have to say of the cells that the act is read off."""
        facts = facts_of(self.office, self.desk, self.records, files, bodies, directory_reached=reached)
        row = int(batch.rows[index])
        return tuple(
            finding
            for finding in (*self.desk.reading, *check(batch, facts))
            if (finding.table, finding.row) == (INVOICES.name, row)
            and finding.column in READ_OFF[act]
            and finding.code not in _KNOWN_DIFFERENCES
        )


def _as_filled(desk: Desk) -> Batch:
    """The batch with each row's destination as Remplir would write it now; a deposited row keeps its old one there."""
    filled = fill_columns(desk.batch, desk.budgets)
    return replace(desk.batch, recipient_siret=_texts(filled.recipient_siret), service_code=_texts(filled.service_code))


def _texts(values: Sequence[str | None]) -> Texts:
    column = np.empty(len(values), dtype=object)
    column[:] = [value or "" for value in values]
    return column


def _new_comment(batch: Batch, index: int, sent: Mapping[str, str]) -> str:
    """The comment, unless it was sent already."""
    comment = str(batch.comment[index])
    return comment if comment != sent.get("comment", "") else ""


def _name(typed: str) -> str:
    """What of a file's name counts when it is compared: not its folder, not its case."""
    return fold(PureWindowsPath(typed).name)
