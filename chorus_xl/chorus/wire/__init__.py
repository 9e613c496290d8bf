"""How Chorus Pro spells what we say and hear: the only home of its camelCase keys.

Rule 1: pure functions between domain types and JSON objects; no httpx, no clock, no decision.
Rule 2: writing is strict: an amount has exactly two decimals and never passes through a float, an empty text is left
        out and never sent as null.
Rule 3: reading is lenient: identifiers as numbers or text, three forms of dates, absent or null lists are empty
        lists, unknown members are ignored, unknown enum values are kept. What cannot be read is ``None`` or ``""``.
Rule 4: a key is spelled once; where two operations spell one thing differently, each spelling says so.

``values`` reads and writes single values, ``envelope`` what all answers share, ``deposits`` the upload and the
deposit, ``acts`` what the supplier does about it later, ``listings`` what comes in pages, ``history`` what became of an
invoice, ``directory`` the rest of it.
Source of every name: the AIFE swagger *Factures* 1.0.0 (2020-09), and clients at work for the other APIs.
"""

from chorus_xl.chorus.wire.acts import (
    ACKNOWLEDGE,
    COMPLETE,
    RECYCLE,
    Acted,
    acknowledgement,
    acted,
    completion,
    recycling,
)
from chorus_xl.chorus.wire.deposits import (
    SUBMIT,
    UPLOAD,
    Receipt,
    attachment_id,
    document,
    receipt,
    sent_name,
    submission,
)
from chorus_xl.chorus.wire.directory import (
    SERVICE,
    STRUCTURE,
    SUPPLIERS,
    Obligations,
    engagement_required,
    obligations,
    password_expiry,
    service,
    structure,
    suppliers,
)
from chorus_xl.chorus.wire.envelope import Envelope, Position, envelope, found_nothing, rows
from chorus_xl.chorus.wire.history import oldest_first, passages
from chorus_xl.chorus.wire.listings import FoundService, FoundStructure, Listing, invoices, services, structures
from chorus_xl.chorus.wire.values import Json, JsonObject, Members, encode

__all__ = [
    "ACKNOWLEDGE",
    "COMPLETE",
    "RECYCLE",
    "SERVICE",
    "STRUCTURE",
    "SUBMIT",
    "SUPPLIERS",
    "UPLOAD",
    "Acted",
    "Envelope",
    "FoundService",
    "FoundStructure",
    "Json",
    "JsonObject",
    "Listing",
    "Members",
    "Obligations",
    "Position",
    "Receipt",
    "acknowledgement",
    "acted",
    "attachment_id",
    "completion",
    "document",
    "encode",
    "engagement_required",
    "envelope",
    "found_nothing",
    "invoices",
    "obligations",
    "oldest_first",
    "passages",
    "password_expiry",
    "receipt",
    "recycling",
    "rows",
    "sent_name",
    "service",
    "services",
    "structure",
    "structures",
    "submission",
    "suppliers",
]
