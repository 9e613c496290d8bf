"""The whole conversation over a real port: the client and the stand-in spell the wire each by itself."""

import logging
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from chorus_xl import simulator
from chorus_xl.chorus.client import ChorusClient, Credentials, Endpoints
from chorus_xl.domain.invoice import Invoice, Result, Uploaded
from chorus_xl.errors import InDoubtError, NotSentError, SetupError
from chorus_xl.secret import Secret
from tests.chorus.app import FILE, IN_TIME, make_invoice

NOW = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
TODAY = date(2025, 11, 3)
WATER = "20006905200096"
ACCOUNT = Credentials(
    simulator.CLIENT_ID,
    Secret(simulator.CLIENT_SECRET),
    simulator.TECH_LOGIN,
    Secret(simulator.TECH_PASSWORD),
)
HABITS: dict[str, dict[str, Any]] = {
    "as documented": {},
    "no result is a refusal": {"no_result_as_20000": True},
    "nothing empty is said": {"omit_empty": True},
    "refusals come with 400": {"refusals_as_400": True, "no_result_as_20000": True},
    "malformed requests get an envelope": {"bad_request_with_envelope": True},
    "credentials are refused now and then": {"spurious_invalid_client": 2, "token_lifetime": 1},
}


@pytest.fixture(scope="module")
def stand_in() -> Iterator[simulator.Server]:
    with simulator.Server(now=lambda: NOW) as server:
        yield server


@pytest.fixture
def server(stand_in: simulator.Server) -> simulator.Server:
    """The stand-in as it was at first: starting one anew takes longer than a conversation."""
    lever(stand_in, "reset")
    return stand_in


def connect(server: simulator.Server, credentials: Credentials = ACCOUNT) -> ChorusClient:
    return ChorusClient(
        Endpoints(server.token_url, server.url),
        credentials,
        supplier_siret=simulator.SUPPLIER_SIRET,
        now=lambda: NOW,
        sleep=lambda _: None,
        call_interval=0.0,
        timeout=5.0,
    )


@pytest.fixture
def client(server: simulator.Server) -> Iterator[ChorusClient]:
    with connect(server) as client:
        yield client


def lever(server: simulator.Server, name: str, **values: object) -> None:
    httpx.post(f"{server.url}/_sim/{name}", json=values).raise_for_status()


def accepted(server: simulator.Server) -> list[str]:
    record = httpx.get(f"{server.url}/_sim/record").json()
    return [acceptance["number"] for acceptance in record["acceptances"]]


def submitted(server: simulator.Server) -> int:
    calls: dict[str, int] = httpx.get(f"{server.url}/_sim/record").json()["calls"]
    return next((count for operation, count in calls.items() if operation.endswith("soumettre")), 0)


def invoice(number: str = "FA-1") -> Invoice:
    return make_invoice(invoice_number=number, recipient_siret=WATER, service_code="FACTURES_HORS_MARCHE")


@pytest.mark.parametrize("habits", HABITS)
def test_a_months_conversation(server: simulator.Server, client: ChorusClient, habits: str) -> None:
    lever(server, "switches", **HABITS[habits])

    body = client.public_body(WATER, ["FACTURES_SUR_MARCHE", "FACTURES_HORS_MARCHE"])
    assert body is not None
    assert (body.is_active, body.service_required) == (True, True)
    assert body.services is not None
    demands = {code: service.engagement_required for code, service in body.services.items()}
    assert (demands["FACTURES_SUR_MARCHE"], demands["FACTURES_HORS_MARCHE"]) == (True, False)
    assert client.public_body("99999999900015") is None
    assert client.find("FA-1") == ()

    pdf, attachment = client.upload(FILE), client.upload(replace(FILE, name="bon.pdf"))
    outcome = client.deposit(invoice(), pdf, [attachment], not_after=IN_TIME)
    assert (outcome.result, outcome.chorus_status, outcome.deposited_on) == (Result.ACCEPTED, "DEPOSEE", TODAY)

    again = client.deposit(invoice(), pdf, [], not_after=IN_TIME)
    assert (again.result, again.http_status) == (Result.REFUSED, 400 if "refusals_as_400" in HABITS[habits] else 200)
    assert accepted(server) == ["FA-1"]

    lever(server, "status", number="FA-1", status="SUSPENDUE", comment="Bon de livraison manquant")
    (found,) = client.find("FA-1")
    assert (found.chorus_invoice_id, found.total_with_vat) == (outcome.chorus_invoice_id, Decimal("120.00"))
    assert (found.supplier_siret, found.recipient_siret) == (simulator.SUPPLIER_SIRET, WATER)
    assert (found.issue_date, found.deposited_on) == (date(2025, 10, 31), TODAY)
    assert (found.chorus_status, found.status_comment) == ("SUSPENDUE", "Bon de livraison manquant")
    assert found.status_since is not None
    assert list(client.deposited_between(TODAY, TODAY)) == [found]


def test_a_refusal_carries_the_stand_ins_words(client: ChorusClient) -> None:
    outcome = client.deposit(replace(invoice(), service_code=""), client.upload(FILE), [], not_after=IN_TIME)

    assert outcome.result is Result.REFUSED
    assert outcome.label.startswith("SIM_")


@pytest.mark.parametrize(
    "changes",
    [
        {"is_credit_note": True, "original_invoice_number": "FA-0"},
        {"billing_framework": "A2_FACTURE_FOURNISSEUR_DEJA_PAYEE"},
        {"billing_framework": "A9_FACTURE_SOUSTRAITANT", "validator_siret": WATER},
        {"vat_shares": (), "total_vat": Decimal("0.00"), "total_with_vat": Decimal("100.00")},
        {"comment": "Relevé d'octobre « 2025 »"},
    ],
    ids=["credit note", "already paid", "subcontractor", "without VAT", "comment"],
)
def test_every_kind_of_invoice_is_taken(client: ChorusClient, changes: dict[str, Any]) -> None:
    outcome = client.deposit(replace(invoice(), **changes), client.upload(FILE), [], not_after=IN_TIME)

    assert (outcome.result, outcome.label) == (Result.ACCEPTED, "GCU_MSG_01_000")


FAULTS: dict[str, tuple[dict[str, object], Result, int]] = {
    "died before": ({"do": "die_before"}, Result.IN_DOUBT, 0),
    "died after": ({"do": "die_after"}, Result.IN_DOUBT, 1),
    "reset after": ({"do": "die_after", "reset": True}, Result.IN_DOUBT, 1),
    "half a reply": ({"do": "half_reply"}, Result.IN_DOUBT, 1),
    "504 after": ({"do": "status_after", "code": 504, "body": "html"}, Result.IN_DOUBT, 1),
    "500 with an envelope after": ({"do": "status_after", "code": 500, "body": "json"}, Result.IN_DOUBT, 1),
    "a page before": ({"do": "html", "when": "before"}, Result.IN_DOUBT, 0),
    "a page after": ({"do": "html", "when": "after"}, Result.IN_DOUBT, 1),
    "empty 400": ({"do": "empty_400"}, Result.IN_DOUBT, 0),
    **{f"{code}": ({"do": "status", "code": code}, Result.IN_DOUBT, 0) for code in (401, 403, 415, 429)},
    **{f"{code} after": ({"do": "status_after", "code": code}, Result.IN_DOUBT, 1) for code in (401, 403, 415, 429)},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_deposit_is_posted_once_and_a_look_up_settles_it(
    server: simulator.Server, client: ChorusClient, fault: str
) -> None:
    rule, result, kept = FAULTS[fault]
    pdf = client.upload(FILE)
    lever(server, "fault", on="factures/v1/soumettre", **rule)

    outcome = client.deposit(invoice(), pdf, [], not_after=IN_TIME)

    assert outcome.result is result
    assert submitted(server) == 1
    assert len(accepted(server)) == len(client.find("FA-1")) == kept


def test_a_token_lost_in_the_middle_is_replaced(server: simulator.Server, client: ChorusClient) -> None:
    client.upload(FILE)
    lever(server, "fault", on="transverses/v1/ajouter/fichier", do="status", code=401)

    assert client.deposit(invoice(), client.upload(FILE), [], not_after=IN_TIME).result is Result.ACCEPTED
    assert accepted(server) == ["FA-1"]


def test_a_platform_that_stays_silent_leaves_doubt(server: simulator.Server, client: ChorusClient) -> None:
    lever(server, "fault", on="factures/v1/rechercher/fournisseur", do="die_before", times=3)

    with pytest.raises(InDoubtError, match="CX421"):
        client.find("FA-1")


def test_a_month_deposited_by_four_threads_is_listed_over_its_pages(
    server: simulator.Server, client: ChorusClient
) -> None:
    pdf = client.upload(FILE)
    numbers = [f"FA-{number}" for number in range(101)]

    def deposit(number: str) -> Result:
        return client.deposit(invoice(number), pdf, [], not_after=IN_TIME).result

    with ThreadPoolExecutor(4) as pool:
        results = set(pool.map(deposit, numbers))

    assert results == {Result.ACCEPTED}
    assert sorted(found.invoice_number for found in client.deposited_between(TODAY, TODAY)) == sorted(numbers)
    assert sorted(accepted(server)) == sorted(numbers)


def test_nobody_listening_is_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    closed = simulator.Server()
    closed.url = f"http://127.0.0.1:{port}"
    closed.token_url = closed.url

    with connect(closed) as client:
        assert client.deposit(invoice(), Uploaded("a.pdf", 1), [], not_after=IN_TIME).result is Result.NOT_SENT
        with pytest.raises(NotSentError, match="CX420"):
            client.find("FA-1")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"client_secret": Secret("wrong")}, "CX310"),
        ({"technical_password": Secret("wrong")}, "CX311"),
    ],
    ids=["application", "technical account"],
)
def test_wrong_credentials_are_told_apart(server: simulator.Server, wrong: dict[str, Any], code: str) -> None:
    with connect(server, replace(ACCOUNT, **wrong)) as client, pytest.raises(SetupError) as raised:
        client.supplier_id()

    assert raised.value.code == code


def test_nothing_logged_below_us_shows_a_secret(client: ChorusClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client.upload(FILE)

    shown = [
        secret
        for secret in (simulator.CLIENT_SECRET, simulator.TECH_PASSWORD, ACCOUNT.account().reveal(), "Bearer ")
        if secret in caplog.text
    ]
    assert shown == []
    assert "HTTP Request: POST" in caplog.text
