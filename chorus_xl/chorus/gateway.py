"""Operations of Chorus Pro behind the PISTE gateway: headers, the 401 rule, and what is safe to repeat.

Rule 1: ``once`` posts an operation one time, whatever comes back; with ``not_after``, in time or never.
Rule 2: ``ask`` is for calls without effect, or whose effect may happen twice; it repeats what may pass, and answers a
        401 with a new token.
Rule 3: nothing here knows what an operation means; whether an answer will do is the caller's ``accepts``.

Repeats are a plain loop and not stamina's: stamina sleeps by itself and gives no way to hand a sleep in.
"""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from chorus_xl.chorus import wire
from chorus_xl.chorus.answer import Answer, Failure
from chorus_xl.chorus.auth import Credentials, Tokens
from chorus_xl.chorus.endpoints import Endpoints
from chorus_xl.chorus.exchange import Exchange
from chorus_xl.chorus.trouble import error_of, is_passing
from chorus_xl.secret import Secret

_PAUSES = (1.0, 3.0)  # seconds between three tries

_JSON = "application/json;charset=utf-8"


def is_success(answer: Answer) -> bool:
    """Whether the platform says that all is well."""
    return answer.is_success and wire.envelope(answer.members).return_code == 0


def _is_unauthorised(end: Answer | Failure) -> bool:
    return isinstance(end, Answer) and end.status == HTTPStatus.UNAUTHORIZED


class Gateway:
    """Posts operations with both identities; safe to share between threads."""

    def __init__(
        self,
        exchange: Exchange,
        endpoints: Endpoints,
        credentials: Credentials,
        tokens: Tokens,
        sleep: Callable[[float], None],
    ) -> None:
        self._exchange = exchange
        self._endpoints = endpoints
        self._tokens = tokens
        self._sleep = sleep
        self._account = credentials.account()

    def once(self, operation: str, request: wire.JsonObject, not_after: datetime | None = None) -> Answer | Failure:
        """Post an operation, one time; a token that is refused is not used again.

        However long the token, the turn or the connection took: after ``not_after`` it is not posted.

        Raises:
            SetupError, PlatformError: no token; the operation was not posted.
        """
        token = self._tokens.current()
        end = self._post(operation, wire.encode(request).encode(), token, not_after)
        if _is_unauthorised(end):
            self._tokens.drop(token)
        return end

    def ask(self, operation: str, request: wire.JsonObject, accepts: Callable[[Answer], bool] = is_success) -> Answer:
        """Post an operation that is safe to repeat, until an answer will do.

        Raises:
            SetupError: credentials or rights are refused.
            NotSentError: the platform cannot be reached.
            RefusedError: the platform's own word.
            InDoubtError: no usable answer.
        """
        for tries, pause in enumerate((*_PAUSES, None), start=1):
            end = self.once(operation, request)
            if _is_unauthorised(end):
                end = self.once(operation, request)
            if isinstance(end, Answer) and accepts(end):
                return end
            if pause is None or not is_passing(end, tries):
                break
            self._sleep(pause)
        raise error_of(end, operation)

    def _post(self, operation: str, body: bytes, token: Secret, not_after: datetime | None) -> Answer | Failure:
        headers: dict[str, Secret | str] = {
            "Authorization": Secret(f"Bearer {token.reveal()}"),
            "cpro-account": self._account,
            "Content-Type": _JSON,
            "Accept": _JSON,
        }
        return self._exchange.post(
            self._endpoints.operation(operation), body, headers, (token, self._account), not_after=not_after
        )
