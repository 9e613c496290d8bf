import base64
from datetime import timedelta

import httpx
import pytest

from chorus_xl.simulator import CLIENT_ID, CLIENT_SECRET, TECH_LOGIN, TECH_PASSWORD, Server
from tests.simulator.caller import CREDENTIALS, Caller, Clock, account

RATES = "/cpro/transverses/v1/recuperer/tauxtva"


def test_a_token_is_opaque_and_lives_an_hour(server: Server) -> None:
    answer = httpx.post(server.token_url, data=CREDENTIALS)

    assert answer.status_code == 200
    assert {key: value for key, value in answer.json().items() if key != "access_token"} == {
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "openid",
    }
    assert len(answer.json()["access_token"]) == 54


@pytest.mark.parametrize(
    ("form", "error"),
    [
        pytest.param({"client_id": "nobody"}, "invalid_client", id="unknown client"),
        pytest.param({"client_secret": "guess"}, "invalid_client", id="wrong secret"),
        pytest.param({"client_id": ""}, "invalid_client", id="no client"),
        pytest.param({"grant_type": "password"}, "unsupported_grant_type", id="another grant"),
        pytest.param({"grant_type": ""}, "invalid_request", id="no grant"),
    ],
)
def test_a_wrong_token_request_is_400(server: Server, form: dict[str, str], error: str) -> None:
    answer = httpx.post(server.token_url, data={**CREDENTIALS, **form})

    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_an_unknown_client_and_a_wrong_secret_are_told_alike(server: Server) -> None:
    unknown = httpx.post(server.token_url, data={**CREDENTIALS, "client_id": "nobody"})
    wrong = httpx.post(server.token_url, data={**CREDENTIALS, "client_secret": "guess"})

    assert unknown.content == wrong.content


def test_the_token_endpoint_takes_a_form_and_a_post_only(server: Server) -> None:
    as_json = httpx.post(server.token_url, json=CREDENTIALS)
    as_basic = httpx.post(server.token_url, data={"grant_type": "client_credentials"}, auth=(CLIENT_ID, CLIENT_SECRET))

    assert (as_json.status_code, as_json.json()["error"]) == (400, "invalid_request")
    assert (as_basic.status_code, as_basic.json()["error"]) == (400, "invalid_client")
    assert httpx.get(server.token_url).status_code == 405


def test_scope_is_optional(server: Server) -> None:
    form = {key: value for key, value in CREDENTIALS.items() if key != "scope"}

    assert httpx.post(server.token_url, data=form).status_code == 200


def test_a_token_expires_by_the_platform_clock(caller: Caller, clock: Clock) -> None:
    assert caller.post("transverses/v1/recuperer/tauxtva").status_code == 200

    clock.moment += timedelta(seconds=3600)

    assert caller.post("transverses/v1/recuperer/tauxtva").status_code == 401


def test_the_lifetime_of_tokens_is_a_switch(caller: Caller, clock: Clock) -> None:
    caller.pull("switches", token_lifetime=5)

    assert caller.http.post(caller.server.token_url, data=CREDENTIALS).json()["expires_in"] == 5
    assert caller.post("transverses/v1/recuperer/tauxtva").status_code == 200

    clock.moment += timedelta(seconds=6)

    assert caller.post("transverses/v1/recuperer/tauxtva").status_code == 401


def test_every_nth_correct_token_request_may_be_refused_spuriously(caller: Caller) -> None:
    caller.pull("switches", spurious_invalid_client=3)

    seen = [caller.http.post(caller.server.token_url, data=CREDENTIALS).status_code for _ in range(7)]

    assert seen == [200, 200, 400, 200, 200, 400, 200]


@pytest.mark.parametrize(
    ("path", "headers", "status", "realm"),
    [
        pytest.param(RATES, {"authorization": ""}, 401, 'Bearer realm="PISTE"', id="no token"),
        pytest.param(RATES, {"authorization": "Bearer made-up"}, 401, 'Bearer realm="PISTE"', id="unknown token"),
        pytest.param(RATES, {"authorization": "Basic abc"}, 401, 'Bearer realm="PISTE"', id="another scheme"),
        pytest.param(
            "/cpro/no/v1/x", {"authorization": ""}, 401, 'Bearer realm="DefaultRealm"', id="unknown path, no token"
        ),
        pytest.param("/cpro/no/v1/x", {}, 403, None, id="unknown path"),
        pytest.param("/cpro/factures/v1/Soumettre", {}, 403, None, id="casing counts"),
        pytest.param("/cpro/factures/v1/deposer/flux", {}, 403, None, id="an operation that is not here"),
        pytest.param(RATES, {"content-type": "text/plain"}, 415, None, id="text"),
        pytest.param(RATES, {"content-type": "application/json"}, 200, None, id="json without charset"),
        pytest.param(RATES, {"cpro-account": ""}, 401, 'Bearer realm="PISTE"', id="no account"),
        pytest.param(RATES, {"cpro-account": "%%%"}, 401, 'Bearer realm="PISTE"', id="account is not base64"),
        pytest.param(RATES, {"cpro-account": "/////w=="}, 401, 'Bearer realm="PISTE"', id="account is not UTF-8"),
        pytest.param(RATES, {"cpro-account": account(login="nobody")}, 401, 'Bearer realm="PISTE"', id="wrong login"),
        pytest.param(
            RATES, {"cpro-account": account(password="guess")}, 401, 'Bearer realm="PISTE"', id="wrong password"
        ),
    ],
)
def test_the_gateway_answers_before_the_platform(
    caller: Caller,
    path: str,
    headers: dict[str, str],
    status: int,
    realm: str | None,
) -> None:
    answer = caller.http.post(path, json={}, headers=caller.headers(**headers))

    assert (answer.status_code, answer.headers.get("www-authenticate")) == (status, realm)
    assert bool(answer.content) is (status == 200)


def test_the_account_is_split_on_its_first_colon(caller: Caller) -> None:
    assert ":" in TECH_PASSWORD

    whole = base64.b64encode(f"{TECH_LOGIN}:{TECH_PASSWORD.partition(':')[0]}".encode()).decode()

    assert caller.http.post(RATES, json={}, headers=caller.headers(**{"cpro-account": whole})).status_code == 401


def test_get_on_a_post_operation_is_405(caller: Caller) -> None:
    assert caller.http.get(RATES, headers=caller.headers()).status_code == 405


def test_the_health_check_is_a_get(caller: Caller) -> None:
    path = "/cpro/transverses/v1/health-check"

    assert caller.http.get(path, headers=caller.headers()).json()["statusCode"] == "200"
    assert caller.http.post(path, json={}, headers=caller.headers()).status_code == 405


@pytest.mark.parametrize("path", ["/api/oauth/token", RATES, "/cpro/no/v1/x", "/_sim/", "/elsewhere"])
def test_every_answer_has_its_own_correlation_id(caller: Caller, path: str) -> None:
    first, second = caller.http.post(path), caller.http.post(path)

    assert first.headers["x-correlationid"] != second.headers["x-correlationid"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"idStructure": NaN}',
        b'{"idStructure": "26000101"}',
        b'{"idStructure": true}',
        b'{"idStructure": null}',
        b'{"idStructure": 26000101, "parametres": {}}',
        b'{"idStructure": 1e2}',
        b'{"idStructure": 99999999999999999999}',
        b'{"idStructure": 26000101, "codeLangue": "\\ud800"}',
        b'{"idStructure": 26000101, "parametresRechercherServicesStructure": []}',
        b'{"idStructure": 26000101, "parametresRechercherServicesStructure": {"pageResultatDemandee": 0}}',
        b'{"idStructure": 26000101, "parametresRechercherServicesStructure": {"nbResultatsParPage": 0}}',
        b"\xff",
        b"[" * 100_000,
    ],
    ids=lambda body: str(body[:60]),
)
def test_a_malformed_body_is_400_and_empty(caller: Caller, body: bytes) -> None:
    path = "/cpro/structures/v1/rechercher/services"

    answer = caller.http.post(path, content=body, headers=caller.headers())

    assert (answer.status_code, answer.content) == (400, b"")


def test_a_malformed_body_gets_an_envelope_by_switch(caller: Caller) -> None:
    caller.pull("switches", bad_request_with_envelope=True)

    answer = caller.post("structures/v1/consulter", {"idStructure": 26000101})

    assert answer.status_code == 400
    assert answer.json()["codeRetour"] == 90400
    assert answer.json()["libelle"].startswith("SIM_")
