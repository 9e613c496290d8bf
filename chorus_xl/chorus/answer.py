"""What came back from one call, read without trusting it.

Rule 1: an ``Answer`` holds parsed members, never the raw body: the gateway may reflect the request's headers on an
        error, and ``cpro-account`` holds the password.
Rule 2: a body that is too long, not JSON, not an object, or that reflects one of the call's secrets is unreadable.
Rule 3: numbers are ``int`` and ``Decimal``; there is no float between the platform and the sheet.
Rule 4: what the members mean is ``wire``; what follows from it is ``outcome`` and ``trouble``.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from http import HTTPStatus
from typing import NoReturn

import httpx

from chorus_xl.chorus.pace import seconds_to_wait
from chorus_xl.domain.invoice import Result
from chorus_xl.secret import Secret

LONGEST_BODY = 32 * 1024 * 1024
"""Bytes; a page of 100 invoices is some 100 kB, so a body beyond this is no answer to what we ask."""

_SHORTEST_REFLECTION = 16
"""Characters; a shorter secret (a test's token) would be found in innocent bodies by chance."""

_REALM = re.compile(r'realm="([^"]{1,40})"')
_CORRELATION_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


class Content(Enum):
    """What the body is, before anyone asks what it says."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the gateway or of the platform behind it.

    Attributes:
        status: HTTP status.
        content: what the body is.
        members: the JSON object; empty unless ``content`` is ``OBJECT``.
        realm: of ``www-authenticate``: ``PISTE`` on a known route, ``DefaultRealm`` on an unknown one.
        retry_after: seconds that the platform asks to wait; ``None`` when it does not say.
        correlation_id: ``x-correlationid``, what the platform's support asks for.
    """

    status: int
    content: Content = Content.EMPTY
    members: Mapping[str, object] = field(default_factory=dict, repr=False)
    realm: str = ""
    retry_after: float | None = None
    correlation_id: str = ""

    @property
    def is_success(self) -> bool:
        """Whether the HTTP status is a success; the platform's own word is in ``members``."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that ended without an answer.

    Attributes:
        result: ``NOT_SENT`` when proved that no byte of the request left, else ``IN_DOUBT``.
        cause: the word of the cell in ``outcome.FAILURES`` that decided.
    """

    result: Result
    cause: str


def read(response: httpx.Response, guarded: Sequence[Secret], now: datetime) -> Answer:
    """Read a streamed response to its end, or to ``LONGEST_BODY``.

    Args:
        response: open, its body not yet read.
        guarded: what the request carried and no answer may carry back.
        now: for a ``Retry-After`` that names a date.
    """
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LONGEST_BODY:
            break
    content, members = _parse(body, guarded)
    realm = _REALM.search(response.headers.get("www-authenticate", ""))
    correlation_id = response.headers.get("x-correlationid", "")
    return Answer(
        response.status_code,
        content,
        members,
        realm[1] if realm else "",
        seconds_to_wait(response.headers.get("retry-after", ""), now),
        correlation_id if _CORRELATION_ID.fullmatch(correlation_id) else "",
    )


def _parse(body: bytearray, guarded: Sequence[Secret]) -> tuple[Content, Mapping[str, object]]:
    if not body.strip():
        return Content.EMPTY, {}
    if len(body) > LONGEST_BODY:
        return Content.UNREADABLE, {}
    try:
        text = body.decode("utf-8-sig")
        members = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, ArithmeticError, RecursionError):  # not UTF-8, not JSON; an absurd exponent; absurd depth
        return Content.UNREADABLE, {}
    if not isinstance(members, dict) or _reflects(text, guarded):
        return Content.UNREADABLE, {}
    return Content.OBJECT, members


def _reflects(text: str, guarded: Sequence[Secret]) -> bool:
    plain = text.replace("\\/", "/")  # JSON may escape the slashes of base64
    values = (secret.reveal() for secret in guarded)
    return any(len(value) >= _SHORTEST_REFLECTION and value in plain for value in values)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
