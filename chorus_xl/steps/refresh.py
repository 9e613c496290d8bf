"""Actualiser: what became of each deposit, asked with as few calls as it takes.

Rule 1: uncertain deposits are looked up first; nothing is ever sent.
Rule 2: one search over a period serves many invoices; those for which it would page through hundreds of others, and
        those that it does not show, are asked for by number, which is given up after a few in vain.
Rule 3: an invoice whose status is final is asked for no more; a rejected one only once its rejection is acknowledged.
Rule 4: each status is committed to the journal when first seen, and the sheet is written from the journal.
Rule 5: the platform's own history of an invoice is read once for each status, after all statuses are committed; one
        that could not be read is read at the next press, and stops nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.invoice import PlatformInvoice
from chorus_xl.domain.lifecycle import State
from chorus_xl.domain.records import Record
from chorus_xl.errors import ChorusXlError, PlatformError, RefusedError, SetupError
from chorus_xl.steps import show
from chorus_xl.steps.act_settle import settle_acts
from chorus_xl.steps.claims import identities, look_up_claims
from chorus_xl.steps.heads import note_unknown_head
from chorus_xl.steps.judge import Desk, open_desk
from chorus_xl.steps.office import Office, Report
from chorus_xl.steps.ports import Journal, Platform
from chorus_xl.steps.reconcile import PATIENCE, settle
from chorus_xl.steps.writing import deposit_report

HISTORY = "history"
"""The journal's event for a history that was read; its details name the status that it was read for."""

_ROWS_A_CALL = 100  # of a search, as the platform is asked for them
_IN_VAIN = 20  # look-ups by number that show nothing, one after the other, before they are given up


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Followed:
    """What asking for the statuses showed.

    Attributes:
        missing: numbers that were looked for and are not there any more.
        late: numbers deposited a moment ago, which the search does not show yet.
        unasked: numbers that were not looked for, so many others having been in vain.
    """

    missing: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()
    unasked: frozenset[str] = frozenset()


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
    notices: list[Finding] = []
    with desk.around.open_journal() as journal:
        missed = note_unknown_head(desk, journal)
        stopped: ChorusXlError | None = None
        try:
            with desk.around.connect() as platform:
                before = journal.records()
                stopped = settle(office, desk.around, platform, journal, before.values(), identities(desk))
                stopped = settle_acts(office, desk.around, platform, journal, before.values()) or stopped
                said = look_up_claims(desk, platform, journal, before)
                followed = follow(office, platform, journal, journal.records(), desk.around.settling_delay)
                unread = read_histories(office, platform, journal, journal.records(), followed.missing)
                said |= _say_missing(desk, followed)
                notices = [*_say_numbers("CX441", followed.unasked), *_say_numbers("CX440", unread)]
        except PlatformError as error:
            stopped = error
        history = journal.entries([*desk.batch.invoice_number.tolist(), ""])  # those of the journal itself too
        head = journal.head()
        report = deposit_report(office, "refresh", desk, None, journal.records(), said, stopped, history, head=head)
        return replace(report, notices=(*report.notices, *missed, *notices))


def follow(
    office: Office, platform: Platform, journal: Journal, records: Mapping[str, Record], settling_delay: float
) -> Followed:
    """Commit the present status of each open invoice.

    Raises:
        SetupError, PlatformError: what was seen before is committed.
        JournalError: the journal cannot be written.
    """
    today = office.today()
    accepted = [record for record in records.values() if record.state is State.ACCEPTED]
    waiting = {record.invoice_number: record for record in accepted if not show.is_final(record, today)}
    first = _first_day(accepted, waiting.values())
    if first is not None:
        for seen in platform.deposited_between(first - timedelta(days=1), today + timedelta(days=1)):
            _take(journal, waiting, seen)
    older = [number for number, record in waiting.items() if first is None or _day(record) < first]
    not_shown = {number: waiting[number] for number in waiting.keys() - set(older)}
    late = {number for number, record in not_shown.items() if _is_fresh(office, record, settling_delay)}
    doubtful = _in_turn(office, sorted(not_shown.keys() - late))
    missing: set[str] = set()
    in_vain = 0
    for done, number in enumerate((*older, *doubtful), start=1):
        if in_vain < _IN_VAIN:
            for seen in platform.find(number):
                _take(journal, waiting, seen)
            in_vain = in_vain + 1 if number in waiting else 0
            missing |= {number} & set(waiting)
        office.progress(done, len(older) + len(doubtful), "Recherche par numéro")
    return Followed(frozenset(missing), frozenset(late), frozenset(waiting) - late - missing)


def read_histories(
    office: Office,
    platform: Platform,
    journal: Journal,
    records: Mapping[str, Record],
    missing: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """Commit the platform's own history of each invoice whose status it was not read for yet; the numbers left unread.

    Raises:
        JournalError: the journal cannot be written.
    """
    # ASSUMPTION: a history shows a status as soon as the search does, so that it is read once for each status.
    behind = [record for number, record in records.items() if number not in missing and _is_behind(record)]
    behind = _in_turn(office, behind)
    unread: set[str] = set()
    silences = 0
    for done, record in enumerate(behind, start=1):
        number = record.invoice_number
        if silences == PATIENCE or office.stop():
            unread.add(number)
            continue
        try:
            _read_history(platform, journal, record)
            silences = 0
        except SetupError:  # not entitled: no other one will be answered either
            unread.add(number)
            silences = PATIENCE
        except PlatformError:
            unread.add(number)
            silences += 1
        office.progress(done, len(behind), "Lecture des historiques")
    return frozenset(unread)


def _read_history(platform: Platform, journal: Journal, record: Record) -> None:
    number, answer = record.invoice_number, {"occasion": show.occasion(record)}
    try:
        passages = platform.history(int(record.details["chorus_invoice_id"]))
    except RefusedError as error:  # the platform's own word is an answer: it is not asked for again
        journal.note(number, HISTORY, answer | {"label": error.params.get("label", "")})
        return
    journal.note_passages(number, passages)
    journal.note(number, HISTORY, answer | {"lines": str(len(passages))})


def _is_behind(record: Record) -> bool:
    """Whether the history was not read since the present status was first seen, finished invoices included."""
    is_seen = record.state is State.ACCEPTED and bool(record.chorus_status)
    if not is_seen or not record.details.get("chorus_invoice_id"):
        return False
    return record.notes.get(HISTORY, {}).get("occasion") != show.occasion(record)


def _take(journal: Journal, waiting: dict[str, Record], seen: PlatformInvoice) -> None:
    """Commit what was seen of an open invoice, where it says anything new, and wait for it no more."""
    record = waiting.get(seen.invoice_number)
    if record is None or not _is_same(seen, record):
        return
    del waiting[seen.invoice_number]
    known = (record.chorus_status, record.status_since, record.status_comment)
    if seen.chorus_status and (seen.chorus_status, seen.status_since, seen.status_comment) != known:
        journal.note_status(seen.invoice_number, seen.chorus_status, seen.status_since, seen.status_comment)
        record = replace(
            record,
            chorus_status=seen.chorus_status,
            status_since=seen.status_since,
            status_comment=seen.status_comment,
        )
    if seen.rejection_handled and not show.is_handled(record):
        journal.note(seen.invoice_number, show.HANDLED, {"occasion": show.occasion(record)})


def _is_same(seen: PlatformInvoice, record: Record) -> bool:
    known = record.details.get("chorus_invoice_id", "")
    return not known or str(seen.chorus_invoice_id) == known


def _first_day(accepted: Iterable[Record], waiting: Iterable[Record]) -> date | None:
    """The day from which a search serves best: pages from there on, and one call for each older invoice, are fewest.

    What others deposited under the same SIRET is not known here and not counted.
    """
    all_days = sorted(map(_day, accepted), reverse=True)
    days = sorted(day for record in waiting if (day := _day(record)) > date.min)
    best, fewest, at = None, len(days), 0
    for older in reversed(range(len(days))):  # from the newest open invoice back to the oldest
        while at < len(all_days) and all_days[at] >= days[older]:
            at += 1
        calls = older + -(-at // _ROWS_A_CALL)
        if calls <= fewest:
            best, fewest = days[older], calls
    return best


def _day(record: Record) -> date:
    """The day of the deposit as the platform told it, else that of our intent; long ago where neither is known."""
    if text := record.details.get("deposited_on", ""):
        return date.fromisoformat(text)
    return record.intended_at.date() if record.intended_at else date.min


def _in_turn(office: Office, waiting: Sequence[T]) -> list[T]:
    """Another one first each time, so that a few that fail always do not keep the others from being asked for."""
    start = int(office.now().timestamp()) % len(waiting) if waiting else 0
    return [*waiting[start:], *waiting[:start]]


def _is_fresh(office: Office, record: Record, settling_delay: float) -> bool:
    """Whether it was deposited so short a time ago that a search may not show it yet."""
    return record.changed_at is not None and office.now() - record.changed_at < timedelta(seconds=settling_delay)


def _say_missing(desk: Desk, followed: Followed) -> dict[int, tuple[Finding, ...]]:
    said: dict[int, tuple[Finding, ...]] = {}
    for row, number in zip(desk.batch.rows.tolist(), desk.batch.invoice_number.tolist(), strict=True):
        if number in followed.missing:
            said[row] = (Finding("CX409", Severity.ERROR, row, "chorus_status", {"number": number}),)
        elif number in followed.late:
            said[row] = (Finding("CX442", Severity.WARNING, row, "chorus_status", {"number": number}),)
    return said


_NAMED = 10


def _say_numbers(code: str, numbers: Iterable[str]) -> Sequence[Finding]:
    named = sorted(numbers)
    if not named:
        return ()
    shown = ", ".join(named[:_NAMED]) + (", …" if len(named) > _NAMED else "")
    return (Finding(code, Severity.WARNING, params={"count": str(len(named)), "numbers": shown}),)
