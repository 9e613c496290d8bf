"""What a person reads before setting a number free, and where in the journal that number stands.

Rule 1: options are stronger than settings; what neither says is found where the number is in doubt.
Rule 2: two places where it is in doubt are named, and neither is chosen.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from chorus_xl.auditing import moments
from chorus_xl.auditing.verifying import label
from chorus_xl.domain.lifecycle import Event
from chorus_xl.domain.records import Entry, Record
from chorus_xl.domain.texts import day, euros
from chorus_xl.errors import UsageError
from chorus_xl.journal.ledger import Scope
from chorus_xl.messages.journal import KNOWN, PLACES
from chorus_xl.messages.words import EVENTS
from chorus_xl.steps.reconcile import is_unsure
from chorus_xl.steps.release import Known

_SENT = (Event.INTEND.value, Event.LOSE.value)
_LOOKED_UP = frozenset(event.value for event in (Event.FIND, Event.MISS, Event.SETTLE, Event.CONTRADICT))


def scope_of(number: str, known: Mapping[Scope, Record], environment: str, supplier_siret: str) -> Scope:
    """Where the number is to be released.

    Args:
        number: the invoice's.
        known: what the journal knows of it, wherever it does.
        environment: ``""`` when nothing says which.
        supplier_siret: likewise.

    Raises:
        UsageError: nowhere, or in more than one place.
    """
    places = {
        scope: record
        for scope, record in known.items()
        if environment in ("", scope.environment) and supplier_siret in ("", scope.supplier_siret)
    }
    if not places:
        raise UsageError("CX601", number=number)
    doubtful = sorted(scope for scope, record in places.items() if is_unsure(record)) or sorted(places)[:1]
    if len(doubtful) > 1:
        choices = "; ".join(
            PLACES["scope"].format(
                environment=scope.environment, label=label(scope), supplier_siret=scope.supplier_siret
            )
            for scope in doubtful
        )
        raise UsageError("CX604", number=number, choices=choices)
    return doubtful[0]


def lines(known: Known, scope: Scope) -> list[str]:
    """What the journal knows of the number, and what to look at on the portal first."""
    record = known.record
    said = record.content or record.details
    told = [KNOWN["number"].format(number=record.invoice_number, environment=label(scope), siret=scope.supplier_siret)]
    told += [_entry(entry) for entry in known.entries if entry.event in (*_SENT, *_LOOKED_UP)]
    told.append(
        KNOWN["content"].format(
            total=_amount(said.get("total_with_vat", "")),
            day=_day(said.get("issue_date", "")),
            recipient=said.get("recipient_siret") or "?",
            service=said.get("service_code") or "–",
            file=said.get("pdf_file") or "–",
        )
    )
    if record.details.get("theirs"):
        told.append(KNOWN["theirs"].format(theirs=record.details["theirs"]))
    return [*told, KNOWN["check"].format(number=record.invoice_number)]


def _entry(entry: Entry) -> str:
    return KNOWN["entry"].format(
        at=moments.told(entry.at.isoformat()),
        event=EVENTS.get(entry.event, entry.event),
        user=entry.user,
        machine=entry.machine,
    )


def _amount(text: str) -> str:
    try:
        return euros(int(Decimal(text).scaleb(2)))
    except InvalidOperation:
        return text or "?"


def _day(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text or "?"
