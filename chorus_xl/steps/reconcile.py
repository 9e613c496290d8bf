"""Settle what is uncertain by asking the platform, and never by sending (design §4.3).

Rule 1: looked up by number over all pages; ours only if supplier, recipient, amount and date agree.
Rule 2: found and ours: accepted. Found and not ours: contradicted, said, and never settled by itself.
Rule 3: not found: missed; not found again a settling delay later: free. The delay is longer than any call that
        another PC may still have under way.
Rule 4: a look-up that fails changes nothing, and one that comes while a call may be under way proves no absence.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from chorus_xl.domain.invoice import PlatformInvoice
from chorus_xl.domain.lifecycle import UNSETTLED, Event, State
from chorus_xl.domain.records import Record
from chorus_xl.errors import PlatformError
from chorus_xl.steps.office import Office, Surroundings
from chorus_xl.steps.ports import Journal, Platform

_TO_LOOK_UP = UNSETTLED | {State.CONTRADICTED}


def settle(
    office: Office, around: Surroundings, platform: Platform, journal: Journal, records: Iterable[Record]
) -> PlatformError | None:
    """Look up every unsettled record; the error that kept one from being looked up, if any."""
    trouble: PlatformError | None = None
    unsettled = [record for record in records if record.state in _TO_LOOK_UP]
    for done, record in enumerate(unsettled, start=1):
        try:
            look_up(platform, journal, record, office.now(), around)
        except PlatformError as error:
            trouble = error
        office.progress(done, len(unsettled), "Recherche des envois incertains")
    return trouble


def look_up(platform: Platform, journal: Journal, record: Record, now: datetime, around: Surroundings) -> State:
    """Look one number up and commit what it shows; the state it leads to.

    Raises:
        SetupError, PlatformError: nothing is known, nothing was committed.
        JournalError: the journal cannot be written.
    """
    number = record.invoice_number
    found = platform.find(number)
    ours = next((candidate for candidate in found if agrees(candidate, record.content)), None)
    if ours is not None:
        state = journal.record(number, Event.FIND, details_of(ours))
        journal.note_status(number, ours.chorus_status, ours.status_since, ours.status_comment)
        return state
    event = _of_nothing_ours(record, found, now, around)
    details = contradiction(found[0], record.content) if found else {}
    return journal.record(number, event, details) if event else record.state


def _of_nothing_ours(
    record: Record, found: Sequence[PlatformInvoice], now: datetime, around: Surroundings
) -> Event | None:
    """What a look-up that did not find our invoice says, if it says anything new."""
    if record.state is State.CONTRADICTED:
        return None
    if found:
        return Event.CONTRADICT
    if record.state is State.MISSED:
        return Event.SETTLE if _is_past(record.changed_at, around.settling_delay, now) else None
    if record.state is State.INTENDED and not _is_past(record.intended_at, around.longest_call, now):
        return None  # another press may have its call under way: not being there yet means nothing
    return Event.MISS


def _is_past(moment: datetime | None, seconds: float, now: datetime) -> bool:
    return moment is not None and now - moment >= timedelta(seconds=seconds)


def agrees(candidate: PlatformInvoice, content: Mapping[str, str]) -> bool:
    """Whether the platform's invoice is the one that the journal intended.

    A credit note is compared without its sign: how the platform gives it back is not documented.
    """
    if candidate.total_with_vat is None or candidate.issue_date is None:
        return False
    intended = Decimal(content.get("total_with_vat") or "NaN")
    return (
        candidate.supplier_siret in ("", content.get("supplier_siret"))
        and candidate.recipient_siret == content.get("recipient_siret")
        and abs(candidate.total_with_vat) == abs(intended)
        and candidate.issue_date.isoformat() == content.get("issue_date")
    )


def contradiction(candidate: PlatformInvoice, content: Mapping[str, str]) -> dict[str, str]:
    """Both sides of a contradiction, as the values of its sentence."""
    return {
        "chorus_invoice_id": str(candidate.chorus_invoice_id),
        "ours": _side(
            content.get("recipient_siret", ""), content.get("issue_date", ""), content.get("total_with_vat", "")
        ),
        "theirs": _side(
            candidate.recipient_siret,
            candidate.issue_date.isoformat() if candidate.issue_date else "",
            str(candidate.total_with_vat or ""),
        ),
    }


def details_of(found: PlatformInvoice) -> dict[str, str]:
    """What the journal keeps of an invoice that the platform holds."""
    return {
        "chorus_invoice_id": str(found.chorus_invoice_id),
        "chorus_status": found.chorus_status,
        "deposited_on": found.deposited_on.isoformat() if found.deposited_on else "",
    }


def _side(siret: str, day: str, total: str) -> str:
    return f"{siret or '?'}, {day or '?'}, {total or '?'} EUR TTC"
