"""Who we are to PISTE and to Chorus Pro, and the token that says so for an hour.

Rule 1: two identities go with every call: the PISTE application (client id and secret, seen as a token) and the
        technical account of Chorus Pro (login and password, seen as ``cpro-account``).
Rule 2: tokens are fetched by one thread at a time, kept until a minute before their end, and dropped when refused.
Rule 3: correct credentials are refused now and then (about one call in ten, seen live by a depositing client, 2026),
        so a refusal is believed only after five tries; then it is remembered, and no more tries are made.
"""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from threading import Lock
from urllib.parse import urlencode

from chorus_xl.chorus.answer import Answer, Failure
from chorus_xl.chorus.exchange import Exchange
from chorus_xl.chorus.trouble import error_of, is_passing
from chorus_xl.chorus.wire.values import integer, text
from chorus_xl.errors import SetupError
from chorus_xl.secret import Secret

_MARGIN = timedelta(seconds=60)
_USUAL_LIFE = 3600  # seconds, where the answer does not say (API notes §1.2)
_PAUSES = (0.5, 1.0, 2.0, 4.0)  # seconds between five tries

_OPERATION = "oauth/token"
_REFUSED = "CX310"

_OAUTH_WORD = re.compile(r"[a-z_]{1,40}")
_TOKEN = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Both identities.

    Attributes:
        client_id: of the PISTE application.
        technical_login: of the Chorus Pro account, ``TECH_…@cpro.fr``.
    """

    client_id: str
    client_secret: Secret
    technical_login: str
    technical_password: Secret

    def account(self) -> Secret:
        """The value of ``cpro-account``."""
        pair = f"{self.technical_login}:{self.technical_password.reveal()}"
        return Secret(b64encode(pair.encode()).decode("ascii"))

    def grant(self) -> bytes:
        """The form that asks for a token."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret.reveal(),
            "scope": "openid",
        }
        return urlencode(form).encode("ascii")


class Tokens:
    """The token in force; one for all threads of a client."""

    def __init__(
        self,
        exchange: Exchange,
        token_url: str,
        credentials: Credentials,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self._exchange = exchange
        self._url = token_url
        self._credentials = credentials
        self._now = now
        self._sleep = sleep
        self._lock = Lock()
        self._token: Secret | None = None
        self._fresh_until = now()
        self._refusal: dict[str, str] | None = None

    def current(self) -> Secret:
        """A token that is good for another minute, or brand-new.

        Raises:
            SetupError: PISTE refuses the application.
            PlatformError: no answer that can be used.
        """
        with self._lock:
            if self._token is not None and self._now() < self._fresh_until:
                return self._token
            if self._refusal is not None:
                raise SetupError(_REFUSED, **self._refusal)
            return self._fetch()

    def drop(self, token: Secret) -> None:
        """Use that token no more; one fetched since by another thread stays."""
        with self._lock:
            if self._token is token:
                self._token = None

    def _fetch(self) -> Secret:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        guarded = (self._credentials.client_secret,)
        for tries, pause in enumerate((*_PAUSES, None), start=1):
            asked_at = self._now()
            end = self._exchange.post(self._url, self._credentials.grant(), headers, guarded)
            token = _token_in(end)
            if token is not None and isinstance(end, Answer):
                self._token = token
                life = integer(end.members.get("expires_in")) or _USUAL_LIFE
                self._fresh_until = asked_at + timedelta(seconds=life) - _MARGIN
                return token
            if pause is None or not (is_passing(end, tries) or _refusal_in(end)):
                break
            self._sleep(pause)
        if word := _refusal_in(end):
            self._refusal = {"reason": word, "client_id": self._credentials.client_id}
            raise SetupError(_REFUSED, **self._refusal)
        raise error_of(end, _OPERATION)


def _token_in(end: Answer | Failure) -> Secret | None:
    """The token; one that no header could carry is none."""
    if isinstance(end, Failure) or end.status != HTTPStatus.OK:
        return None
    token = text(end.members.get("access_token"))
    return Secret(token) if _TOKEN.fullmatch(token) else None


def _refusal_in(end: Answer | Failure) -> str:
    """The word of RFC 6749 with which PISTE refuses the application; ``""`` when it does not."""
    if isinstance(end, Failure) or end.status not in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED):
        return ""
    word = text(end.members.get("error"))
    if _OAUTH_WORD.fullmatch(word):
        return word
    return "" if end.status == HTTPStatus.BAD_REQUEST else "invalid_client"
