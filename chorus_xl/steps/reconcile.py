"""Settle what is uncertain by asking the platform, and never by sending (design §4.3).

Rule 1: looked up by number over all pages; ours only if supplier, recipient, amount and date agree.
Rule 2: found and ours: accepted. Found and not ours: contradicted, said, and never settled by itself.
Rule 3: not found: missed; not found again a settling delay later: free. The delay is longer than any call that
        another PC may still have under way.
Rule 4: a look-up that fails changes nothing, and one that comes while a call may be under way proves no absence.
        Several failures in a row end the press: a platform that is down is left alone.
Rule 5: a refusal after a doubt is a doubt: the platform may have refused what it already holds.
Rule 6: a moment that a clock set wrong wrote far into the future is not waited for: the delay begins anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from chorus_xl.domain.invoice import PlatformInvoice
from chorus_xl.domain.lifecycle import UNSETTLED, Event, State
from chorus_xl.domain.records import Record
from chorus_xl.domain.texts import euros
from chorus_xl.errors import PlatformError, RefusedError
from chorus_xl.steps.office import Office, Surroundings
from chorus_xl.steps.ports import Journal, Platform

LOOK_AGAIN = "look_again"
"""Detail of a refusal that may be the platform's verdict on an earlier attempt of ours: only a look-up can tell."""

PATIENCE = 3
"""Calls of one kind without an answer, one after the other, before a press gives them up."""

_TO_LOOK_UP = UNSETTLED | {State.CONTRADICTED}
_IDENTITY = ("supplier_siret", "recipient_siret", "issue_date", "total_with_vat", "invoice_type")


def is_unsure(record: Record) -> bool:
    """Whether it is not known, or not agreed, what the platform holds under this number."""
    return record.state in _TO_LOOK_UP or (record.state is State.REFUSED and bool(record.details.get(LOOK_AGAIN)))


def settle(
    office: Office,
    around: Surroundings,
    platform: Platform,
    journal: Journal,
    records: Iterable[Record],
    on_the_sheet: Mapping[str, Mapping[str, str]],
) -> PlatformError | None:
    """Look up every uncertain record; the error that kept one from being looked up, if any.

    ``on_the_sheet`` says by number what identifies the invoice of the row as it stands now: a contradiction ends when
    the clerk corrects the row to what the platform holds.

    Raises:
        PlatformError: several look-ups in a row had no answer; what was learnt before is in the journal.
    """
    trouble: PlatformError | None = None
    silences = 0
    unsure = [record for record in records if is_unsure(record)]
    for done, record in enumerate(unsure, start=1):
        if office.stop():
            break
        try:
            look_up(platform, journal, record, office.now(), around, on_the_sheet.get(record.invoice_number, {}))
            silences = 0
        except PlatformError as error:
            trouble = error
            silences = 0 if isinstance(error, RefusedError) else silences + 1
            if silences == PATIENCE:
                raise PlatformError("CX431", count=str(PATIENCE)) from None
        office.progress(done, len(unsure), "Recherche des envois incertains")
    return trouble


def look_up(
    platform: Platform,
    journal: Journal,
    record: Record,
    now: datetime,
    around: Surroundings,
    on_the_sheet: Mapping[str, str],
) -> State:
    """Look one number up and commit what it shows; the state it leads to.

    Raises:
        SetupError, PlatformError: nothing is known, nothing was committed.
        JournalError: the journal cannot be written.
    """
    number = record.invoice_number
    sent = record.content or record.details  # what was never intended here is known by what its row said
    contents = (sent, on_the_sheet) if record.state is State.CONTRADICTED else (sent,)
    found = platform.find(number)
    for content in contents:
        if ours := recognise(found, content):
            return note_found(journal, ours, content)
    news = _of_nothing_ours(record, found, now, around)
    if news is None:
        return record.state
    event, details = news
    return journal.record(number, event, contradiction(found[0], sent) if found else details)


def note_found(journal: Journal, ours: PlatformInvoice, content: Mapping[str, str]) -> State:
    """Commit that the platform holds our invoice, as what it was recognised, and where it stands."""
    identity = {name: content[name] for name in _IDENTITY if content.get(name)}
    state = journal.record(ours.invoice_number, Event.FIND, details_of(ours) | identity)
    journal.note_status(ours.invoice_number, ours.chorus_status, ours.status_since, ours.status_comment)
    return state


def _of_nothing_ours(
    record: Record, found: Sequence[PlatformInvoice], now: datetime, around: Surroundings
) -> tuple[Event, Mapping[str, str]] | None:
    """What a look-up that did not find our invoice says, if it says anything new."""
    if record.state is State.CONTRADICTED:
        return None
    if found:
        return Event.CONTRADICT, {}
    if record.state is State.INTENDED:
        # Another press may have its call under way: not being there yet means nothing.
        return None if _may_be_running(record.intended_at, around.longest_call, now) else (Event.MISS, {})
    if record.state in (State.MISSED, State.REFUSED):
        return _of_a_second_look(record, now, around.settling_delay)
    return Event.MISS, {}


def _of_a_second_look(record: Record, now: datetime, delay: float) -> tuple[Event, Mapping[str, str]] | None:
    """What not being found says after an earlier miss, or of a refusal that may be a verdict on our own invoice."""
    is_refusal = record.state is State.REFUSED
    if _is_ahead(record.changed_at, delay, now):  # said again, the delay begins anew by this clock
        return (Event.REFUSE, {LOOK_AGAIN: "yes"}) if is_refusal else (Event.MISS, {})
    if not _is_past(record.changed_at, delay, now):
        return None
    # By now the search would show what a refusal had collided with: it is a refusal like others.
    return (Event.REFUSE, {LOOK_AGAIN: ""}) if is_refusal else (Event.SETTLE, {})


def _is_past(moment: datetime | None, seconds: float, now: datetime) -> bool:
    return moment is not None and now - moment >= timedelta(seconds=seconds)


def _is_ahead(moment: datetime | None, seconds: float, now: datetime) -> bool:
    """Whether the clock that wrote it was wrong: it would be waited for in vain, for days or years."""
    return moment is not None and moment - now > timedelta(seconds=seconds)


def _may_be_running(since: datetime | None, seconds: float, now: datetime) -> bool:
    return not _is_past(since, seconds, now) and not _is_ahead(since, seconds, now)


def recognise(found: Iterable[PlatformInvoice], content: Mapping[str, str]) -> PlatformInvoice | None:
    """Of the platform's invoices under one number, the one that the journal intended."""
    return next((candidate for candidate in found if agrees(candidate, content)), None)


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
    written = f"{date.fromisoformat(day):%d/%m/%Y}" if day else "?"
    amount = euros(int(Decimal(total).scaleb(2))) if total else "?"
    return f"SIRET {siret or '?'}, {written}, {amount} TTC"
