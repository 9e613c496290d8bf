"""One line of the journal as an auditor reads it: cells under heads.

Rule 1: what a line says is told in columns, and its payload goes with it as it stands, so that hashes can be computed
        again.
Rule 2: what a line does not say is blank; what some hand has bent is shown as it stands.
Rule 3: what the buyer or the platform said (``PLATFORM_SPOKE``) never stands under the supplier's words.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from chorus_xl.auditing.moments import in_paris
from chorus_xl.auditing.verifying import label
from chorus_xl.domain.acts import read_occasion
from chorus_xl.domain.canonical import parse
from chorus_xl.domain.columns import INVOICES
from chorus_xl.domain.statuses import Family
from chorus_xl.journal.chain import Line
from chorus_xl.journal.fold import PASSAGE, STATUS
from chorus_xl.journal.ledger import Scope
from chorus_xl.messages.journal import EXPORT
from chorus_xl.messages.words import ACTS, EVENTS
from chorus_xl.steps import show

Cell = str | int | Decimal | date | datetime | None
Row = Sequence[Cell]

PLATFORM_SPOKE = frozenset({STATUS, PASSAGE})
"""Events whose comment is the buyer's reason, and whose author is somebody on the platform."""

_AMOUNTS = frozenset({"total_without_vat", "total_vat", "total_with_vat"})
_DATES = frozenset({"issue_date", "deposited_on"})
_SIZES = frozenset({"pdf_size", "attachments_size"})
_LONGEST_NUMBER = 15  # digits that a cell of Excel keeps
_DETAILS = (
    "issue_date",
    "invoice_type",
    "recipient_siret",
    "service_code",
    "engagement_number",
    "contract_number",
    "original_invoice_number",
    "total_without_vat",
    "vat_shares",
    "total_vat",
    "total_with_vat",
    "comment",
    "pdf_file",
    "pdf_sha256",
    "pdf_size",
    "attachments",
    "attachments_sha256",
    "attachments_size",
    "http_status",
    "return_code",
    "cause",
    "label",
    "correlation_id",
    "chorus_invoice_id",
    "deposited_on",
    "receipt",
    "reason",
    "chorus_status",
)
_OF_THE_LINE = ("sequence", "utc", "paris", "environment", "supplier_siret", "invoice_number", "event", "event_code")
COLUMNS = (
    *(*_OF_THE_LINE, "attempt", "user", "machine"),
    *("act", "act_status", "act_since"),
    *(*_DETAILS, "status_label", "status_since", "buyers_reason", "by"),
    *("previous_hash", "hash", "payload"),
)
"""The cells of a line, in their order."""

HEADERS: Mapping[str, str] = (
    {column.attribute: column.header for column in INVOICES.columns} | {"vat_shares": "Taux TVA"} | EXPORT
)


def headers() -> list[str]:
    """The heads of the table of lines."""
    return [HEADERS[name] for name in COLUMNS]


def row_of(line: Line) -> list[Cell]:
    """One line of the journal as cells, by column; what it does not say is blank."""
    payload = str(line["payload"])
    try:
        details = parse(payload)
    except ValueError:
        details = {}  # bent by some hand: the payload shows how
    status = str(details.get("chorus_status", ""))
    known = show.meaning(status) if status else None
    of_line: dict[str, Cell] = {
        "sequence": line["sequence"],
        "utc": line["at"],
        "paris": in_paris(str(line["at"])),
        "environment": label(Scope(str(line["environment"]), "")),
        "supplier_siret": line["supplier_siret"],
        "invoice_number": line["invoice_number"],
        "event": EVENTS.get(str(line["event"]), line["event"]),
        "event_code": line["event"],
        "attempt": line["attempt"],
        "user": line["user"],
        "machine": line["machine"],
        "status_label": known.label if known and known.family is not Family.UNKNOWN else None,
        "status_since": _moment(details.get("status_since")),
        "previous_hash": line["previous_hash"],
        "hash": line["hash"],
        "payload": payload,
        **_act(details),
        **_platforms(details, spoke=line["event"] in PLATFORM_SPOKE),
    }
    return [of_line[name] if name in of_line else _detail(name, details.get(name)) for name in COLUMNS]


def _act(details: Mapping[str, object]) -> dict[str, Cell]:
    """What Agir did, and the status that asked for it."""
    act, occasion = str(details.get("act") or ""), str(details.get("occasion") or "")
    try:
        status, since = read_occasion(occasion)
    except ValueError:
        status, since = occasion, None
    moment = since.replace(tzinfo=None, microsecond=0) if since else None
    return {"act": ACTS.get(act, act) or None, "act_status": status or None, "act_since": moment}


def _platforms(details: Mapping[str, object], *, spoke: bool) -> dict[str, Cell]:
    """A comment under its owner: the buyer's reason, beside whoever moved the status, or the supplier's own."""
    comment, by = _detail("comment", details.get("comment")), _detail("by", details.get("by"))
    if spoke:
        return {"comment": None, "buyers_reason": comment, "by": by}
    return {"comment": comment, "buyers_reason": None, "by": None}


def _detail(name: str, text: object) -> Cell:
    if text is None or text == "":
        return None
    told = str(text)
    try:
        if name in _AMOUNTS:
            amount = Decimal(told)
            return amount if amount.is_finite() else told
        if name in _DATES:
            return date.fromisoformat(told)
        if name in _SIZES and len(told) <= _LONGEST_NUMBER:
            return int(told)
    except (InvalidOperation, ValueError):
        pass  # shown as it stands
    return told


def _moment(text: object) -> Cell:
    """The platform's own clock, naive."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=None)
    except ValueError:
        return str(text)
