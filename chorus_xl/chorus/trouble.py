"""What a call that is not a deposit raises when it brings nothing usable, and whether it may be repeated first.

Rule 1: decided once, here, for every such call; a deposit is judged by ``outcome`` instead.
Rule 2: a refusal is raised with the platform's own word; everything else with what the clerk can do about it.
Rule 3: an error names the operation and the correlation identifier, for the platform's support, and nothing else of
        the call.
"""

from collections.abc import Mapping
from http import HTTPStatus

from chorus_xl.chorus import wire
from chorus_xl.chorus.answer import Answer, Content, Failure
from chorus_xl.chorus.outcome import LONGEST_LABEL, Cause
from chorus_xl.chorus.pace import LONGEST_HOLD
from chorus_xl.domain.invoice import Result
from chorus_xl.errors import ChorusXlError, InDoubtError, NotSentError, RefusedError, SetupError

_UNKNOWN_ROUTE = "DefaultRealm"
_NO_CORRELATION_ID = "—"

_BY_STATUS: Mapping[int, tuple[type[ChorusXlError], str]] = {
    # ASSUMPTION: a 401 on a known route with a token fetched a moment ago means the technical account.
    HTTPStatus.UNAUTHORIZED: (SetupError, "CX311"),
    HTTPStatus.FORBIDDEN: (SetupError, "CX313"),
    HTTPStatus.NOT_FOUND: (SetupError, "CX312"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (RefusedError, "CX317"),
    HTTPStatus.TOO_MANY_REQUESTS: (InDoubtError, "CX424"),
}
_SERVER: tuple[type[ChorusXlError], str] = (InDoubtError, "CX423")
_OTHER: tuple[type[ChorusXlError], str] = (InDoubtError, "CX422")


_SILENCES = (Cause.CONNECT_TIMEOUT, Cause.READ_TIMEOUT, Cause.WRITE_TIMEOUT, Cause.POOL_TIMEOUT)
_TRIES_IN_SILENCE = 2  # a whole time-out was waited each time: the clerk at the other end waits as long


def is_passing(end: Answer | Failure, tries: int) -> bool:
    """Whether the same call may well succeed a moment later, having been tried so many times."""
    if isinstance(end, Failure):
        if end.cause in _SILENCES:
            return tries < _TRIES_IN_SILENCE
        return end.cause not in (Cause.BAD_ADDRESS, Cause.HELD_BACK)
    if (end.retry_after or 0.0) > LONGEST_HOLD:
        return False
    return (
        end.status == HTTPStatus.TOO_MANY_REQUESTS
        or end.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        # One of the two readings of an empty 400 is a passing fault of the gateway (API notes §1.5).
        or (end.status == HTTPStatus.BAD_REQUEST and end.content is Content.EMPTY)
    )


def error_of(end: Answer | Failure, operation: str) -> ChorusXlError:
    """The exception for a call that brought nothing usable.

    Args:
        end: how the call ended.
        operation: path of the operation, as the platform's documents name it.
    """
    if isinstance(end, Failure):
        if end.cause == Cause.HELD_BACK:
            return NotSentError("CX430", operation=operation)
        kind, code = (NotSentError, "CX420") if end.result is Result.NOT_SENT else (InDoubtError, "CX421")
        return kind(code, operation=operation)
    seen = {"operation": operation, "status": str(end.status), "correlation": end.correlation_id or _NO_CORRELATION_ID}
    word = wire.envelope(end.members)
    if word.return_code and end.status != HTTPStatus.UNAUTHORIZED:
        return RefusedError("CX316", label=word.label[:LONGEST_LABEL], return_code=str(word.return_code), **seen)
    if end.status == HTTPStatus.UNAUTHORIZED and end.realm == _UNKNOWN_ROUTE:
        return SetupError("CX312", **seen)
    error, code = _BY_STATUS.get(end.status, _SERVER if end.status >= HTTPStatus.INTERNAL_SERVER_ERROR else _OTHER)
    return error(code, **seen)
