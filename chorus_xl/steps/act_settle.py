"""Settle the acts of which it is not known whether the platform did them: by looking, and never by acting again.

Rule 1: a completion or a recycling is done when the platform's own history shows it after the occasion; an
        acknowledgement, when the platform says that the rejection was handled.
Rule 2: what it does not show was not done, and may be tried again, once no call can be under way any more and a search
        that lags has had its time.
Rule 3: a look-up that fails changes nothing; several in a row, and the others wait for the next press.
Rule 4: a moment that a clock set wrong wrote far into the future is not waited for: the delay begins anew, as for a
        deposit (``reconcile``, rule 6).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from chorus_xl.domain.acts import Act, ActEvent, read_occasion
from chorus_xl.domain.invoice import Passage, PlatformInvoice
from chorus_xl.domain.records import ActRecord, Record
from chorus_xl.errors import PlatformError, RefusedError
from chorus_xl.steps.office import PARIS, Office, Surroundings
from chorus_xl.steps.ports import Journal, Platform
from chorus_xl.steps.reconcile import PATIENCE

SHOWN_BY = {Act.COMPLETE: "COMPLETEE", Act.RECYCLE: "DEPOSEE"}
"""The status that an act leads to. Source: AIFE's swagger of 2020 and the notes on the API §3.8 and §3.9."""


def settle_acts(
    office: Office, around: Surroundings, platform: Platform, journal: Journal, records: Iterable[Record]
) -> PlatformError | None:
    """Look up every unsettled act; the error that kept one from being looked up, if any.

    Raises:
        SetupError: credentials are refused.
        JournalError: the journal cannot be written.
    """
    trouble: PlatformError | None = None
    silences = 0
    unsettled = [record for record in records if record.unsettled_act is not None]
    for done, record in enumerate(unsettled, start=1):
        if office.stop() or silences == PATIENCE:
            break
        try:
            look_up_act(platform, journal, record, office.now(), around)
            silences = 0
        except PlatformError as error:
            trouble = error
            silences = 0 if isinstance(error, RefusedError) else silences + 1
        office.progress(done, len(unsettled), "Vérification des gestes incertains")
    return trouble


def look_up_act(platform: Platform, journal: Journal, record: Record, now: datetime, around: Surroundings) -> None:
    """Look up one record's unsettled act, and commit what the platform shows.

    Raises:
        SetupError, PlatformError: nothing is known, nothing was committed.
        JournalError: the journal cannot be written.
    """
    act, seen = record.unsettled_act, see(platform, journal, record)
    if act is None or seen is None:
        return
    details = {"chorus_status": seen.chorus_status}
    if _is_done(platform, journal, act, seen):
        journal.record_act(record.invoice_number, ActEvent.FIND, details)
    elif _is_ahead(act, now, around):  # its answer is lost for whoever looks: said by this clock, it can be waited for
        journal.record_act(record.invoice_number, ActEvent.LOSE, details | {"cause": "clock_ahead"})
    elif (earliest := earliest_verdict(act, around)) is not None and now >= earliest:
        journal.record_act(record.invoice_number, ActEvent.SETTLE, details)


def earliest_verdict(act: ActRecord, around: Surroundings) -> datetime | None:
    """When an act that the platform does not show was not done."""
    return None if act.changed_at is None else act.changed_at + _delay(around)


def _delay(around: Surroundings) -> timedelta:
    return timedelta(seconds=max(around.longest_call, around.settling_delay))


def _is_ahead(act: ActRecord, now: datetime, around: Surroundings) -> bool:
    """Whether the clock that wrote it was wrong: it would be waited for in vain, for days or years."""
    return act.changed_at is not None and act.changed_at - now > _delay(around)


def when_known(act: ActRecord, around: Surroundings) -> str:
    """The time of day from which a look-up will tell, as a clerk reads it."""
    moment = earliest_verdict(act, around)
    return moment.astimezone(PARIS).strftime("%H:%M") if moment else ""


def see(platform: Platform, journal: Journal, record: Record) -> PlatformInvoice | None:
    """The invoice as the platform shows it now, its status committed; ``None`` when it does not show it.

    Raises:
        SetupError, PlatformError: nothing is known.
        JournalError: the journal cannot be written.
    """
    known = record.details.get("chorus_invoice_id", "")
    for seen in platform.find(record.invoice_number):
        if str(seen.chorus_invoice_id) == known:
            journal.note_status(seen.invoice_number, seen.chorus_status, seen.status_since, seen.status_comment)
            return seen
    return None


def _is_done(platform: Platform, journal: Journal, act: ActRecord, seen: PlatformInvoice) -> bool:
    if act.act is Act.ACKNOWLEDGE:
        return seen.rejection_handled
    wanted = SHOWN_BY[act.act]
    if seen.chorus_status == wanted:
        return True
    passages = platform.history(seen.chorus_invoice_id)
    journal.note_passages(seen.invoice_number, passages)
    return any(passage.status == wanted for passage in _after(passages, act.occasion))


def _after(passages: Sequence[Passage], occasion: str) -> Sequence[Passage]:
    """What followed the status that the act answered; moments agree to the minute, as the history gives them.

    Nothing, where the history does not show that status: it proves nothing then.
    """
    status, since = read_occasion(occasion)
    at = [place for place, passage in enumerate(passages) if passage.status == status]
    same = [place for place in at if _minute(passages[place].at) == _minute(since)]
    return passages[(same or at)[-1] + 1 :] if at else ()


def _minute(moment: datetime | None) -> datetime | None:
    return moment.replace(second=0, microsecond=0) if moment else None
