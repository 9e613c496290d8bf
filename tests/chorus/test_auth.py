"""Tokens: fetched once, renewed in time, and refusals not believed at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs

import httpx
import pytest

from chorus_xl.chorus.client import ChorusClient
from chorus_xl.errors import ChorusXlError, InDoubtError, NotSentError, SetupError
from tests.chorus.app import (
    CLIENT_SECRET,
    OK,
    SEARCH,
    SUPPLIERS,
    TOKEN_PATH,
    Handler,
    Piste,
    body,
    fails,
    reply,
    search,
)

REFUSAL = {"error": "invalid_client", "error_description": "Client authentication failed"}
TOKEN = {"access_token": "t", "token_type": "Bearer", "expires_in": 3600}


def test_a_token_is_asked_for_by_form(piste: Piste, client: ChorusClient) -> None:
    client.supplier_id()

    assert parse_qs(piste.bodies(TOKEN_PATH)[0]) == {
        "grant_type": ["client_credentials"],
        "client_id": ["client-id"],
        "client_secret": [CLIENT_SECRET],
        "scope": ["openid"],
    }
    assert piste.headers[0]["content-type"] == "application/x-www-form-urlencoded"
    assert "cpro-account" not in piste.headers[0]


def test_every_call_names_both_identities(piste: Piste, client: ChorusClient) -> None:
    client.supplier_id()

    headers = piste.headers[1]
    assert headers["authorization"] == "Bearer token-number-1-of-the-application-which-is-opaque"
    assert headers["cpro-account"] == "VEVDSF8xXzJAY3Byby5mcjpwYXNzOndvcmQtb2YtdGhlLXRlY2huaWNhbC1hY2NvdW50"
    assert headers["content-type"] == headers["accept"] == "application/json;charset=utf-8"


@pytest.mark.parametrize(("minutes", "tokens"), [(0, 1), (58, 1), (59, 2), (61, 2)])
def test_a_token_is_renewed_a_minute_before_its_end(
    piste: Piste, client: ChorusClient, minutes: int, tokens: int
) -> None:
    piste.script(SEARCH, search([]))
    client.find("FA-1")
    piste.time.moment += timedelta(minutes=minutes)

    client.find("FA-1")

    assert piste.tokens == tokens


@pytest.mark.parametrize("expires_in", ["3600", None, 0, "soon"], ids=str)
def test_a_token_without_a_sound_life_lives_an_hour(piste: Piste, client: ChorusClient, expires_in: object) -> None:
    piste.script(TOKEN_PATH, reply(TOKEN | {"expires_in": expires_in}))
    piste.script(SEARCH, search([]))

    client.find("FA-1")
    client.find("FA-1")

    assert piste.count(TOKEN_PATH) == 1


def test_threads_share_one_token(piste: Piste, client: ChorusClient) -> None:
    piste.script(SEARCH, search([]))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(client.find, [f"FA-{number}" for number in range(12)]))

    assert (piste.tokens, piste.count(SUPPLIERS), piste.count(SEARCH)) == (1, 1, 12)


@pytest.mark.parametrize("status", [400, 401])
@pytest.mark.parametrize("refusals", [1, 4])
def test_a_spurious_refusal_passes_by_itself(piste: Piste, client: ChorusClient, status: int, refusals: int) -> None:
    piste.script(TOKEN_PATH, *[reply(REFUSAL, status)] * refusals, reply(TOKEN))

    client.supplier_id()

    assert piste.count(TOKEN_PATH) == refusals + 1
    assert piste.time.slept == [0.5, 1.0, 2.0, 4.0][:refusals]


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        (reply(REFUSAL, 400), "invalid_client"),
        (reply(REFUSAL, 401), "invalid_client"),
        (reply({"error": "<script>"}, 401), "invalid_client"),
        (reply({"error": "unauthorized_client"}, 400), "unauthorized_client"),
    ],
    ids=["400", "401", "401 in other words", "another word"],
)
def test_five_refusals_are_believed_and_remembered(
    piste: Piste, client: ChorusClient, refusal: Handler, reason: str
) -> None:
    piste.script(TOKEN_PATH, refusal)

    for _ in range(2):
        with pytest.raises(SetupError) as raised:
            client.supplier_id()

        assert (raised.value.code, raised.value.params) == ("CX310", {"reason": reason, "client_id": "client-id"})
    assert piste.count(TOKEN_PATH) == 5


@pytest.mark.parametrize(
    ("handler", "error", "code", "tries"),
    [
        (fails(httpx.ConnectError), NotSentError, "CX420", 5),
        (fails(httpx.ConnectTimeout), NotSentError, "CX420", 2),
        (fails(httpx.ReadTimeout), InDoubtError, "CX421", 2),
        (body(b"<html>maintenance</html>", 503), InDoubtError, "CX423", 5),
        (body(b"", 400), InDoubtError, "CX422", 5),
        (body(b"", 429, {"Retry-After": "600"}), InDoubtError, "CX424", 1),
        (body(b"", 403), SetupError, "CX313", 1),
        (body(b"", 404), SetupError, "CX312", 1),
        (body(b"", 302, {"Location": "https://elsewhere.test/"}), InDoubtError, "CX422", 1),
        (body(b"<html>welcome to the hotel</html>"), InDoubtError, "CX422", 1),
        (reply({"access_token": ""}), InDoubtError, "CX422", 1),
        (reply({"access_token": "two\nlines"}), InDoubtError, "CX422", 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_no_token_is_said_by_its_cause(
    piste: Piste, client: ChorusClient, handler: Handler, error: type[ChorusXlError], code: str, tries: int
) -> None:
    piste.script(TOKEN_PATH, handler)

    with pytest.raises(error) as raised:
        client.supplier_id()

    assert raised.value.code == code
    assert piste.count(TOKEN_PATH) == tries


def test_a_refused_token_is_replaced_once(piste: Piste, client: ChorusClient) -> None:
    piste.script(SUPPLIERS, body(b"", 401), reply(OK | {"listeStructures": []}))

    with pytest.raises(SetupError) as raised:
        client.supplier_id()

    assert raised.value.code == "CX314"
    assert (piste.tokens, piste.count(SUPPLIERS)) == (2, 2)


@pytest.mark.parametrize(
    ("realm", "code"), [('Bearer realm="PISTE"', "CX311"), ('Bearer realm="DefaultRealm"', "CX312"), ("", "CX311")]
)
def test_a_second_refusal_tells_the_account_from_the_address(
    piste: Piste, client: ChorusClient, realm: str, code: str
) -> None:
    piste.script(SUPPLIERS, body(b"", 401, {"www-authenticate": realm, "x-correlationid": "abc-1"}))

    with pytest.raises(SetupError) as raised:
        client.supplier_id()

    assert raised.value.code == code
    assert raised.value.params["correlation"] == "abc-1"
    assert piste.count(SUPPLIERS) == 2
