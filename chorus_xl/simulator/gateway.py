"""The PISTE side: tokens, and what stands between a caller and an operation.

1. The token endpoint takes a form, credentials in its body; a wrong id and a wrong secret are told alike.
2. A call is judged in this order: token (401), path (403: an unknown path is not 404), method (405),
   content type (415), technical account (401).
3. Answers of the gateway have an empty body; they never show what was sent.
"""

import base64
import binascii
import secrets
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chorus_xl.simulator import dates, identity, operations
from chorus_xl.simulator.state import State

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_TOKEN_BYTES = 40  # makes 54 characters, as seen


def unauthorized(*, known_path: bool = True) -> Response:
    """The 401 of the gateway."""
    realm = "PISTE" if known_path else "DefaultRealm"
    return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"www-authenticate": f'Bearer realm="{realm}"'})


def oauth_error(code: str, description: str) -> Response:
    """The 400 of the token endpoint."""
    return JSONResponse({"error": code, "error_description": description}, HTTPStatus.BAD_REQUEST)


def invalid_client() -> Response:
    """One answer for an unknown client, a wrong secret, and a spurious failure."""
    return oauth_error("invalid_client", "Client authentication failed")


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _same(given: str, expected: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "replace"), expected.encode())


async def give_token(request: Request, state: State) -> Response:
    """``POST /api/oauth/token``."""
    if request.method != "POST":
        return Response(status_code=HTTPStatus.METHOD_NOT_ALLOWED, headers={"allow": "POST"})
    if _media_type(request) != _FORM:
        return oauth_error("invalid_request", "a form is expected")
    form = {key: values[0] for key, values in parse_qs((await request.body()).decode("utf-8", "replace")).items()}
    if "grant_type" not in form:
        return oauth_error("invalid_request", "grant_type is missing")
    if form["grant_type"] != "client_credentials":
        return oauth_error("unsupported_grant_type", "client_credentials is expected")
    switches = state.switches()
    if not _client_is_good(form) or _fails_spuriously(state, switches.spurious_invalid_client):
        return invalid_client()
    token, now = secrets.token_urlsafe(_TOKEN_BYTES), state.now()
    expires_at = now + timedelta(seconds=switches.token_lifetime)
    with state.store.writing() as db:
        db.execute("DELETE FROM token WHERE expires_at <= ?", (dates.stored(now),))
        db.execute("INSERT INTO token VALUES (?, ?)", (token, dates.stored(expires_at)))
    return JSONResponse(
        {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": switches.token_lifetime,
            "scope": form.get("scope", "openid"),
        },
    )


def _client_is_good(form: dict[str, str]) -> bool:
    known_id = _same(form.get("client_id", ""), identity.CLIENT_ID)
    known_secret = _same(form.get("client_secret", ""), identity.CLIENT_SECRET)
    return known_id and known_secret


def _fails_spuriously(state: State, rhythm: int) -> bool:
    return bool(rhythm) and state.store.bump("correct token requests") % rhythm == 0


def refuse(request: Request, state: State, operation: str) -> Response | None:
    """What the gateway answers in the platform's place, or None where the call goes through."""
    known = operation in operations.PLATFORM
    if not _token_is_good(request, state):
        return unauthorized(known_path=known)
    if not known:
        return Response(status_code=HTTPStatus.FORBIDDEN)
    method = "GET" if operation == operations.HEALTH else "POST"
    if request.method != method:
        return Response(status_code=HTTPStatus.METHOD_NOT_ALLOWED, headers={"allow": method})
    if method == "POST" and _media_type(request) != _JSON:
        return Response(status_code=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if not _account_is_good(request.headers.get("cpro-account", "")):
        return unauthorized()
    return None


def _token_is_good(request: Request, state: State) -> bool:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return False
    row = state.store.row("SELECT expires_at FROM token WHERE value = ?", token.strip())
    return row is not None and row["expires_at"] > dates.stored(state.now())


def _account_is_good(header: str) -> bool:
    try:
        login, colon, password = base64.b64decode(header, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return False
    return bool(colon) and _same(login, identity.TECH_LOGIN) and _same(password, identity.TECH_PASSWORD)
