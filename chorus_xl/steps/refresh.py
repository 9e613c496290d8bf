"""Actualiser: what became of each deposit, asked with as few calls as it takes.

Rule 1: uncertain deposits are looked up first; nothing is ever sent.
Rule 2: one search over the period serves all open invoices; only one that it does not show is asked for by number.
Rule 3: an invoice whose status is final is asked for no more.
Rule 4: each status is committed to the journal when first seen, and the sheet is written from the journal.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.invoice import PlatformInvoice
from chorus_xl.domain.lifecycle import State
from chorus_xl.domain.records import Record
from chorus_xl.errors import ChorusXlError, PlatformError, SetupError
from chorus_xl.steps import show
from chorus_xl.steps.claims import identities, look_up_claims
from chorus_xl.steps.judge import Desk, open_desk
from chorus_xl.steps.office import Office, Report
from chorus_xl.steps.ports import Journal, Platform
from chorus_xl.steps.reconcile import settle
from chorus_xl.steps.writing import deposit_report


def refresh(office: Office) -> Report:
    """Bring every row's deposit cells, and the journal sheet, up to date.

    Raises:
        WorkbookError: the workbook cannot be read.
        SetupError: credentials or settings.
        JournalError: the journal cannot be read or written.
    """
    desk = open_desk(office)
    if not desk.around.supplier_siret:
        raise SetupError("CX501")
    said: dict[int, tuple[Finding, ...]] = {}
    with desk.around.open_journal() as journal:
        stopped: ChorusXlError | None = None
        try:
            with desk.around.connect() as platform:
                before = journal.records()
                stopped = settle(office, desk.around, platform, journal, before.values(), identities(desk))
                said = look_up_claims(desk, platform, journal, before)
                open_records = _open(journal.records().values())
                missing = follow(platform, journal, open_records, office.today())
                said |= _say_missing(desk, missing)
        except PlatformError as error:
            stopped = error
        history = journal.entries([number for number in desk.batch.invoice_number.tolist() if number])
        return deposit_report(office, "refresh", desk, None, journal.records(), said, stopped, history)


def follow(platform: Platform, journal: Journal, open_records: Mapping[str, Record], today: date) -> frozenset[str]:
    """Commit the present status of each open invoice; the numbers that the platform does not show at all."""
    if not open_records:
        return frozenset()
    waiting = set(open_records)
    for seen in platform.deposited_between(_earliest(open_records.values(), today), today + timedelta(days=1)):
        if seen.invoice_number in waiting and _is_same(seen, open_records[seen.invoice_number]):
            _note(journal, seen)
            waiting.discard(seen.invoice_number)
    for number in sorted(waiting):
        for seen in platform.find(number):
            if _is_same(seen, open_records[number]):
                _note(journal, seen)
                waiting.discard(number)
    return frozenset(waiting)


def _open(records: Iterable[Record]) -> dict[str, Record]:
    return {
        record.invoice_number: record
        for record in records
        if record.state is State.ACCEPTED and not show.is_final(record)
    }


def _is_same(seen: PlatformInvoice, record: Record) -> bool:
    known = record.details.get("chorus_invoice_id", "")
    return not known or str(seen.chorus_invoice_id) == known


def _note(journal: Journal, seen: PlatformInvoice) -> None:
    journal.note_status(seen.invoice_number, seen.chorus_status, seen.status_since, seen.status_comment)


def _earliest(records: Iterable[Record], today: date) -> date:
    """The first day to search from: a deposit's own day as the platform told it, less one for its clock."""
    days = [date.fromisoformat(text) for record in records if (text := record.details.get("deposited_on", ""))]
    return min(days, default=today) - timedelta(days=1)


def _say_missing(desk: Desk, missing: frozenset[str]) -> dict[int, tuple[Finding, ...]]:
    return {
        int(row): (Finding("CX409", Severity.ERROR, int(row), "chorus_status", {"number": str(number)}),)
        for row, number in zip(desk.batch.rows, desk.batch.invoice_number, strict=True)
        if number in missing
    }
