"""The four ends of a deposit, as one table: how the call ended gives what may be said of the invoice.

Rule 1: ``FAILURES`` has a cell for every exception of httpx, ``ANSWERS`` one for every status and body shape; nothing
        else decides. What has no cell is in doubt.
Rule 2: not sent is said only where it is proved that no byte of the request left. An answer, whatever it says, proves
        the contrary.
Rule 3: refused is said only on the platform's own word: an envelope whose return code is not 0.
Rule 4: accepted is said only on a success status, a return code of 0 and an invoice identifier together.
Rule 5: a wrong "in doubt" costs one look-up; a wrong word of the other three loses an invoice or deposits it twice.

Why these cells (API notes §1.5, §8, §10; read 2026-11):

* The notes say to trust the return code whatever the status. This is followed below 500. A 5xx may come after the
  platform has stored the invoice and failed on something later, envelope or not, so it is in doubt: the look-up
  that follows finds a stored invoice, and frees a number that was never taken.
* 401, 403, 415 and 429 are the gateway's, which most likely turned the request away before Chorus Pro saw it. That is
  not proved, and a doubt here is rare: supplier and uploads pass the same gateway a moment before.
* An empty 400 has two readings in the notes (a transient fault of the gateway, a required member missing): in doubt.
* 404, 405 and 413 are named there for the platform at large, but nobody has met them on this operation: in doubt.
* An envelope that says success while the status does not, or that refuses while naming an invoice, contradicts
  itself: in doubt.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum, StrEnum

import httpx

from chorus_xl.chorus import wire
from chorus_xl.chorus.answer import Answer, Content, Failure
from chorus_xl.domain.invoice import Outcome, Result

LONGEST_LABEL = 500
"""Characters of ``libelle`` that are kept."""


class Cause(StrEnum):
    """Which cell decided; stable words, kept in the journal."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    # Nothing left.
    CONNECT_ERROR = "connect_error"
    CONNECT_TIMEOUT = "connect_timeout"
    POOL_TIMEOUT = "pool_timeout"
    PROXY_ERROR = "proxy_error"
    BAD_ADDRESS = "bad_address"
    SETUP = "setup"  # no token, or no supplier, because credentials or rights are missing
    UNREACHABLE = "unreachable"  # no token, or no supplier, because no usable answer came
    HELD_BACK = "held_back"  # the platform had asked for a pause longer than a press waits
    TOO_LATE = "too_late"  # it could not start soon enough after its intent
    # Turned away at the door, most likely.
    GATEWAY_401 = "gateway_401"
    GATEWAY_403 = "gateway_403"
    GATEWAY_415 = "gateway_415"
    GATEWAY_429 = "gateway_429"
    # Left, perhaps; the answer was lost.
    READ_TIMEOUT = "read_timeout"
    WRITE_TIMEOUT = "write_timeout"
    READ_ERROR = "read_error"
    WRITE_ERROR = "write_error"
    CLOSE_ERROR = "close_error"
    HALF_ANSWER = "half_answer"
    LOCAL_PROTOCOL = "local_protocol"
    NETWORK = "network"
    # Answered, but not so that it can be used.
    REDIRECT = "redirect"
    SERVER_ERROR = "server_error"
    EMPTY_ANSWER = "empty_answer"
    UNREADABLE_ANSWER = "unreadable_answer"
    NO_ENVELOPE = "no_envelope"
    NO_IDENTIFIER = "no_identifier"
    CONTRADICTION = "contradiction"


class Status(Enum):
    """A row of ``ANSWERS``."""

    SUCCESS = "2xx"
    REDIRECTION = "3xx"
    UNAUTHORISED = "401"
    FORBIDDEN = "403"
    WRONG_TYPE = "415"
    TOO_MANY = "429"
    OTHER_4XX = "other 4xx"
    SERVER = "5xx"
    STRANGE = "no status we know"


class Shape(Enum):
    """A column of ``ANSWERS``."""

    DONE = "success and an invoice"
    NOT_NAMED = "success without an invoice"
    REFUSAL = "refusal"
    BOTH = "refusal and an invoice"
    NO_ENVELOPE = "JSON without an envelope"
    UNREADABLE = "not JSON"
    EMPTY = "no body"


Verdict = tuple[Result, Cause]

_ACCEPTED: Verdict = (Result.ACCEPTED, Cause.ACCEPTED)
_REFUSED: Verdict = (Result.REFUSED, Cause.REFUSED)


def _not_sent(cause: Cause) -> Verdict:
    return Result.NOT_SENT, cause


def _doubt(cause: Cause) -> Verdict:
    return Result.IN_DOUBT, cause


FAILURES: Mapping[type[Exception], Verdict] = {
    httpx.ConnectError: _not_sent(Cause.CONNECT_ERROR),
    httpx.ConnectTimeout: _not_sent(Cause.CONNECT_TIMEOUT),
    httpx.PoolTimeout: _not_sent(Cause.POOL_TIMEOUT),
    # Raised when the proxy refuses the tunnel, before our request could enter it.
    httpx.ProxyError: _not_sent(Cause.PROXY_ERROR),
    httpx.UnsupportedProtocol: _not_sent(Cause.BAD_ADDRESS),
    httpx.InvalidURL: _not_sent(Cause.BAD_ADDRESS),
    httpx.ReadTimeout: _doubt(Cause.READ_TIMEOUT),
    httpx.WriteTimeout: _doubt(Cause.WRITE_TIMEOUT),
    httpx.ReadError: _doubt(Cause.READ_ERROR),
    httpx.WriteError: _doubt(Cause.WRITE_ERROR),
    httpx.CloseError: _doubt(Cause.CLOSE_ERROR),
    httpx.RemoteProtocolError: _doubt(Cause.HALF_ANSWER),
    # Most often found before the first byte, but also when a body does not fit its announced length: no proof.
    httpx.LocalProtocolError: _doubt(Cause.LOCAL_PROTOCOL),
    httpx.DecodingError: _doubt(Cause.UNREADABLE_ANSWER),
    httpx.TooManyRedirects: _doubt(Cause.REDIRECT),
    httpx.HTTPStatusError: _doubt(Cause.NETWORK),
    httpx.TimeoutException: _doubt(Cause.NETWORK),
    httpx.NetworkError: _doubt(Cause.NETWORK),
    httpx.ProtocolError: _doubt(Cause.NETWORK),
    httpx.TransportError: _doubt(Cause.NETWORK),
    httpx.RequestError: _doubt(Cause.NETWORK),
    httpx.HTTPError: _doubt(Cause.NETWORK),
}

HELD_BACK, TOO_LATE = Failure(*_not_sent(Cause.HELD_BACK)), Failure(*_not_sent(Cause.TOO_LATE))
"""How a call ended that was never made."""

_CLASH, _NO_WORD = _doubt(Cause.CONTRADICTION), _doubt(Cause.NO_ENVELOPE)
_GARBLED, _NOTHING = _doubt(Cause.UNREADABLE_ANSWER), _doubt(Cause.EMPTY_ANSWER)
_ELSEWHERE, _BROKEN = _doubt(Cause.REDIRECT), _doubt(Cause.SERVER_ERROR)


def _turned_away(cause: Cause, with_envelope: Verdict | None = None) -> tuple[Verdict, ...]:
    door = _doubt(cause)
    return _CLASH, _CLASH, with_envelope or door, _CLASH, door, door, door


ANSWERS: Mapping[Status, tuple[Verdict, ...]] = {
    # One verdict for each ``Shape``, in its order: done, not named, refusal, both, no envelope, unreadable, empty.
    Status.SUCCESS: (_ACCEPTED, _doubt(Cause.NO_IDENTIFIER), _REFUSED, _CLASH, _NO_WORD, _GARBLED, _NOTHING),
    Status.REDIRECTION: (_ELSEWHERE,) * len(Shape),
    # A 401 or a 429 says nothing of the invoice, whatever envelope it comes in.
    Status.UNAUTHORISED: _turned_away(Cause.GATEWAY_401),
    Status.FORBIDDEN: _turned_away(Cause.GATEWAY_403, _REFUSED),
    Status.WRONG_TYPE: _turned_away(Cause.GATEWAY_415, _REFUSED),
    Status.TOO_MANY: _turned_away(Cause.GATEWAY_429),
    Status.OTHER_4XX: (_CLASH, _CLASH, _REFUSED, _CLASH, _NO_WORD, _GARBLED, _NOTHING),
    Status.SERVER: (_BROKEN,) * len(Shape),
    Status.STRANGE: (_GARBLED,) * len(Shape),
}

_SINGLE = {
    401: Status.UNAUTHORISED,
    403: Status.FORBIDDEN,
    415: Status.WRONG_TYPE,
    429: Status.TOO_MANY,
}
_CLASSES = {2: Status.SUCCESS, 3: Status.REDIRECTION, 4: Status.OTHER_4XX, 5: Status.SERVER}


def failure(kind: type[Exception]) -> Failure:
    """How a call ended that raised this exception; a subclass that has no cell of its own ends as its parent does."""
    result, cause = next(FAILURES[ancestor] for ancestor in kind.__mro__ if ancestor in FAILURES)
    return Failure(result, cause)


def status_of(status: int) -> Status:
    """The row of an HTTP status."""
    return _SINGLE.get(status) or _CLASSES.get(status // 100, Status.STRANGE)


def shape_of(answer: Answer) -> Shape:
    """The column of a body."""
    if answer.content is Content.EMPTY:
        return Shape.EMPTY
    if answer.content is Content.UNREADABLE:
        return Shape.UNREADABLE
    envelope = wire.envelope(answer.members)
    if envelope.return_code is None:
        return Shape.NO_ENVELOPE
    is_named = wire.receipt(answer.members).chorus_invoice_id is not None
    if envelope.return_code == 0:
        return Shape.DONE if is_named else Shape.NOT_NAMED
    return Shape.BOTH if is_named else Shape.REFUSAL


def classify(end: Answer | Failure) -> Outcome:
    """What became of a deposit whose call ended so."""
    if isinstance(end, Failure):
        return Outcome(end.result, end.cause)
    result, cause = ANSWERS[status_of(end.status)][tuple(Shape).index(shape_of(end))]
    envelope = wire.envelope(end.members)
    outcome = Outcome(
        result,
        cause.value,
        http_status=end.status,
        return_code=envelope.return_code,
        label=envelope.label[:LONGEST_LABEL],
        correlation_id=end.correlation_id,
    )
    if result is not Result.ACCEPTED:
        return outcome
    receipt = wire.receipt(end.members)
    return replace(
        outcome,
        chorus_invoice_id=receipt.chorus_invoice_id,
        chorus_status=receipt.chorus_status,
        deposited_on=receipt.deposited_on,
        receipt=receipt.digest,
    )
