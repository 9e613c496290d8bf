"""What Agir is about to do, row by row, before anything is done.

Rule 1: the platform's status of this moment decides, never an old one.
Rule 2: what a row lacks is said with its gesture, and the row is left alone.
Rule 3: a platform that does not answer is asked no more after a few rows; what is planned by then may be done.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from chorus_xl.domain.acts import ACTABLE, Act, occasion_of
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.invoice import PlatformInvoice
from chorus_xl.domain.lifecycle import State
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.records import Record
from chorus_xl.domain.texts import shown
from chorus_xl.errors import PlatformError, RefusedError
from chorus_xl.steps.act_rows import RowReader
from chorus_xl.steps.act_settle import see, when_known
from chorus_xl.steps.judge import Desk
from chorus_xl.steps.office import Office
from chorus_xl.steps.ports import Journal, Platform
from chorus_xl.steps.reconcile import PATIENCE, is_unsure
from chorus_xl.steps.replacement import to_prepare
from chorus_xl.steps.show import is_handled, meaning, status_of


@dataclass(frozen=True, slots=True)
class PlannedAct:
    """One thing about to be done.

    Attributes:
        told: the line of the preview.
        act: ``None`` when only a row is to be prepared.
        content: what the journal keeps with the intent.
        files: to be uploaded with it, as typed.
    """

    row: int
    number: str
    told: Finding
    act: Act | None = None
    occasion: str = ""
    chorus_invoice_id: int = 0
    content: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[str] = ()


@dataclass(slots=True)
class ActPlan:
    """What is about to be done, for the clerk's consent, and what there is to say of the other rows.

    Attributes:
        notices: about what was named and is not there.
        stopped: what kept the platform from being asked.
    """

    environment: Environment
    lines: list[PlannedAct] = field(default_factory=list)
    said: dict[int, tuple[Finding, ...]] = field(default_factory=dict)
    notices: list[Finding] = field(default_factory=list)
    stopped: PlatformError | None = None


@dataclass(frozen=True, slots=True)
class Planner:
    """Looks at each row that may need an act, or at those named alone; ``before`` is what was known before it."""

    office: Office
    desk: Desk
    platform: Platform
    journal: Journal
    records: Mapping[str, Record]
    before: Mapping[str, Record]
    named: Sequence[str] | None = None

    def plan(self) -> ActPlan:
        """What is about to be done.

        Raises:
            SetupError: credentials are refused.
            JournalError: the journal cannot be written.
        """
        plan = ActPlan(self.desk.around.environment)
        reader = RowReader(self.office, self.desk, self.platform, self.records)
        present = Counter(self.desk.batch.invoice_number.tolist())
        for number in self.named or ():
            if not present[number]:
                plan.notices.append(Finding("CX379", Severity.ERROR, params={"number": shown(number)}))
        waiting = list(self._waiting())
        for index in self._named_in_vain(waiting):
            row, number = int(self.desk.batch.rows[index]), str(self.desk.batch.invoice_number[index])
            plan.said[row] = _error("CX368", row, number)
        silences = 0
        for done, index in enumerate(waiting, start=1):
            if self.office.stop() or silences == PATIENCE:
                break
            row, number = int(self.desk.batch.rows[index]), str(self.desk.batch.invoice_number[index])
            try:
                told = _error("CX369", row, number) if present[number] > 1 else self._look(reader, index)
                silences = 0
            except PlatformError as error:
                told = (Finding(error.code, Severity.ERROR, row, "chorus_status", error.params),)
                silences = 0 if isinstance(error, RefusedError) else silences + 1
                plan.stopped = error
            if isinstance(told, PlannedAct):
                plan.lines.append(told)
            elif told:
                plan.said[row] = told
            self.office.progress(done, len(waiting), "Statut des factures à traiter")
        for line in self._rows_to_prepare():
            plan.lines.append(line)
            plan.said.pop(line.row, None)
        return plan

    def _waiting(self) -> Iterator[int]:
        for index, number in enumerate(self.desk.batch.invoice_number.tolist()):
            record = self.records.get(number)
            if record is None or (self.named is not None and number not in self.named):
                continue
            if record.state is State.REFUSED and not is_unsure(record):
                yield index
            waits = _waits(record) or _waits(self.before.get(number, record)) or record.unsettled_act is not None
            if record.state is State.ACCEPTED and (waits or self.named is not None):
                yield index

    def _named_in_vain(self, waiting: Sequence[int]) -> Iterator[int]:
        """Rows that were named, and that the platform does not hold as far as is known."""
        for index, number in enumerate(self.desk.batch.invoice_number.tolist()):
            if number in (self.named or ()) and index not in waiting:
                yield index

    def _rows_to_prepare(self) -> Iterator[PlannedAct]:
        """Rows that an earlier press did not get to, or whose rejection was acknowledged on the portal."""
        for replacement in to_prepare(self.desk, self.records):
            if replacement.standing is None and (self.named is None or replacement.number in self.named):
                params = {"number": replacement.number, "new_number": replacement.new_number}
                told = Finding("CX363", Severity.WARNING, replacement.row, None, params)
                yield PlannedAct(replacement.row, replacement.number, told)

    def _look(self, reader: RowReader, index: int) -> PlannedAct | tuple[Finding, ...]:
        """What is to be done about one row, or what there is to say of it."""
        row, number = int(self.desk.batch.rows[index]), str(self.desk.batch.invoice_number[index])
        record = self.records[number]
        if record.state is State.REFUSED:
            label, code = record.details.get("label", ""), record.details.get("return_code", "")
            return _error("CX378", row, number, label=label, return_code=code)
        if record.unsettled_act is not None:
            return _error("CX375", row, number, time=when_known(record.unsettled_act, self.desk.around))
        seen = see(self.platform, self.journal, record)
        if seen is None:
            return _error("CX376", row, number)
        act = meaning(seen.chorus_status).act
        params = {"number": number, "status": seen.chorus_status}
        if act is None:
            return (Finding("CX377", Severity.WARNING, row, "chorus_status", params),)
        if self._is_done(record, act, seen):
            return (Finding("CX374", Severity.WARNING, row, "chorus_status", params),)
        return self._planned(reader, index, act, seen)

    def _is_done(self, record: Record, act: Act, seen: PlatformInvoice) -> bool:
        """Whether this occasion was answered already, from here or on the portal."""
        if act is Act.ACKNOWLEDGE and seen.rejection_handled:
            return True
        answered = {(done.act, done.occasion) for done in record.acts if done.state not in ACTABLE}
        return (act, occasion_of(seen.chorus_status, seen.status_since)) in answered

    def _planned(
        self, reader: RowReader, index: int, act: Act, seen: PlatformInvoice
    ) -> PlannedAct | tuple[Finding, ...]:
        row, number = int(self.desk.batch.rows[index]), seen.invoice_number
        wish = reader.read(act, index, self.records[number])
        if wish is None:
            code = "CX364" if act is Act.COMPLETE else "CX365"
            return _error(code, row, number, reason=seen.status_comment or "—")
        if any(finding.severity is Severity.ERROR for finding in wish.findings):
            return (*wish.findings, *_error("CX367", row, number))
        occasion = occasion_of(seen.chorus_status, seen.status_since)
        return PlannedAct(row, number, wish.told, act, occasion, seen.chorus_invoice_id, wish.content, wish.files)


def _waits(record: Record) -> bool:
    return meaning(status_of(record)).act is not None and not is_handled(record)


def _error(code: str, row: int, number: str, **more: str) -> tuple[Finding, ...]:
    return (Finding(code, Severity.ERROR, row, None, {"number": number, **more}),)
