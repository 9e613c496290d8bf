"""What the client asks of the platform, what it makes of the answers, and what it never does twice."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus_xl.chorus.client import ChorusClient
from chorus_xl.domain.invoice import Outcome, PublicBody, Result, Service, Uploaded
from chorus_xl.errors import ChorusXlError, InDoubtError, NotSentError, PlatformError, RefusedError, SetupError
from tests.chorus.app import (
    ACCEPTED,
    FILE,
    IN_TIME,
    OK,
    PDF,
    SEARCH,
    SERVICE,
    SERVICES,
    STRUCTURE,
    STRUCTURES,
    SUBMIT,
    SUPPLIER,
    SUPPLIER_ID,
    SUPPLIERS,
    TOKEN_PATH,
    UPLOAD,
    Handler,
    Piste,
    body,
    fails,
    listed,
    make_invoice,
    paged,
    reply,
    search,
)

REFUSED = {"codeRetour": 20013, "libelle": "GDP_MSG_01.013 - Numéro déjà utilisé"}
BUYER = "12345678200028"


# --- the supplier ---------------------------------------------------------------------------------------------------


def test_the_supplier_is_known_by_its_siret_among_the_accounts_structures(piste: Piste, client: ChorusClient) -> None:
    own = {"idStructureCPP": "26000001", "identifiant": 18, "designationStructure": "NOUS"}
    other = {"idStructureCPP": 26000009, "identifiant": "99999999900015"}
    piste.script(SUPPLIERS, reply(OK | {"listeStructures": [other, own]}))

    assert (client.supplier_id(), client.supplier_id()) == (SUPPLIER_ID, SUPPLIER_ID)
    assert piste.bodies(SUPPLIERS) == [{}]


@pytest.mark.parametrize(
    ("listed_structures", "attached"),
    [
        ([{"idStructureCPP": 26000009, "identifiant": "99999999900015"}], "99999999900015"),
        ([{"identifiant": SUPPLIER}], "—"),
        (None, "—"),
    ],
    ids=["another", "without identifier", "none"],
)
def test_an_account_that_is_not_attached_is_told_to_whom_it_is(
    piste: Piste, client: ChorusClient, listed_structures: object, attached: str
) -> None:
    piste.script(SUPPLIERS, reply(OK | {"listeStructures": listed_structures}))

    with pytest.raises(SetupError) as raised:
        client.supplier_id()

    assert (raised.value.code, raised.value.params) == ("CX314", {"siret": SUPPLIER, "attached": attached})


def test_a_list_of_structures_that_is_no_list_says_nothing(piste: Piste, client: ChorusClient) -> None:
    piste.script(SUPPLIERS, reply(OK | {"listeStructures": "?"}))

    with pytest.raises(InDoubtError, match="CX422"):
        client.supplier_id()


# --- calls that are safe to repeat ----------------------------------------------------------------------------------

SAFE: dict[str, tuple[str, Callable[[ChorusClient], object], Handler]] = {
    "find": (SEARCH, lambda client: client.find("FA-1"), search([])),
    "upload": (UPLOAD, lambda client: client.upload(FILE), reply(OK | {"pieceJointeId": 7})),
    "directory": (STRUCTURES, lambda client: client.public_body(BUYER), paged([], "listeStructures", "parametres")),
    "supplier": (
        SUPPLIERS,
        lambda client: client.supplier_id(),
        reply(OK | {"listeStructures": [{"idStructureCPP": 1, "identifiant": SUPPLIER}]}),
    ),
}
PASSING: dict[str, Handler] = {
    "connect error": fails(httpx.ConnectError),
    "half an answer": fails(httpx.RemoteProtocolError),
    "500": body(b"", 500),
    "500 with envelope": reply(REFUSED, 500),
    "503 page": body(b"<html></html>", 503),
    "504": body(b"", 504),
    "429": body(b"", 429),
    "empty 400": body(b"", 400),
}


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("call", SAFE)
def test_a_safe_call_is_repeated_until_it_passes(piste: Piste, client: ChorusClient, call: str, fault: str) -> None:
    path, make, answer = SAFE[call]
    piste.script(path, PASSING[fault], PASSING[fault], answer)

    make(client)

    assert piste.count(path) == 3
    assert piste.time.slept == [1.0, 3.0]


LASTING: dict[str, tuple[Handler, type[ChorusXlError], str, int]] = {
    "connect error": (fails(httpx.ConnectError), NotSentError, "CX420", 3),
    "proxy error": (fails(httpx.ProxyError), NotSentError, "CX420", 3),
    "bad address": (fails(httpx.UnsupportedProtocol), NotSentError, "CX420", 1),
    "connect timeout": (fails(httpx.ConnectTimeout), NotSentError, "CX420", 2),
    "read timeout": (fails(httpx.ReadTimeout), InDoubtError, "CX421", 2),
    "503": (body(b"", 503), InDoubtError, "CX423", 3),
    "503 for an hour": (body(b"", 503, {"Retry-After": "3600"}), InDoubtError, "CX423", 1),
    "500 with envelope": (reply(REFUSED, 500), RefusedError, "CX316", 3),
    "429": (body(b"", 429), InDoubtError, "CX424", 3),
    "empty 400": (body(b"", 400), InDoubtError, "CX422", 3),
    "400 page": (body(b"<html></html>", 400), InDoubtError, "CX422", 1),
    "refusal": (reply(REFUSED), RefusedError, "CX316", 1),
    "refusal with 400": (reply(REFUSED, 400), RefusedError, "CX316", 1),
    "refusal with 403": (reply(REFUSED, 403), RefusedError, "CX316", 1),
    "403": (body(b"", 403), SetupError, "CX313", 1),
    "403 with an object": (reply({}, 403), SetupError, "CX313", 1),
    "404": (body(b"", 404), SetupError, "CX312", 1),
    "405": (body(b"", 405), InDoubtError, "CX422", 1),
    "413": (body(b"", 413), RefusedError, "CX317", 1),
    "415": (body(b"", 415), InDoubtError, "CX422", 1),
    "302": (body(b"", 302, {"Location": "https://elsewhere.test/"}), InDoubtError, "CX422", 1),
    "page": (body(b"<html>welcome to the hotel</html>"), InDoubtError, "CX422", 1),
    "nothing": (body(b""), InDoubtError, "CX422", 1),
    "no object": (reply([1]), InDoubtError, "CX422", 1),
    "NaN": (body(b'{"codeRetour": NaN}'), InDoubtError, "CX422", 1),
    "no envelope": (reply({"listeFactures": []}), InDoubtError, "CX422", 1),
    "success with a failing status": (reply(OK, 404), SetupError, "CX312", 1),
}


@pytest.mark.parametrize("fault", LASTING)
@pytest.mark.parametrize("call", SAFE)
def test_a_fault_that_lasts_is_said_by_its_cause(piste: Piste, client: ChorusClient, call: str, fault: str) -> None:
    path, make, _ = SAFE[call]
    handler, error, code, tries = LASTING[fault]
    piste.script(path, handler)

    with pytest.raises(error) as raised:
        make(client)

    assert (raised.value.code, piste.count(path)) == (code, tries)
    assert raised.value.params["operation"] == path.removeprefix("/cpro/")


def test_a_refusal_carries_the_platforms_words_and_its_reference(piste: Piste, client: ChorusClient) -> None:
    piste.script(UPLOAD, reply(REFUSED, 200, {"x-correlationid": "abc-1"}))

    with pytest.raises(RefusedError) as raised:
        client.upload(FILE)

    assert raised.value.params == {
        "label": "GDP_MSG_01.013 - Numéro déjà utilisé",
        "return_code": "20013",
        "operation": "transverses/v1/ajouter/fichier",
        "status": "200",
        "correlation": "abc-1",
    }


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_that_the_platform_asks_for_holds_the_next_call(
    piste: Piste, client: ChorusClient, status: int
) -> None:
    piste.script(SUPPLIERS, body(b"", status, {"Retry-After": "20"}), SAFE["supplier"][2])

    client.supplier_id()

    first, second = piste.starts[-2:]
    assert (second - first).total_seconds() == 20


@pytest.mark.parametrize("status", [429, 503])
def test_after_a_pause_too_long_to_wait_no_call_leaves(piste: Piste, client: ChorusClient, status: int) -> None:
    client.supplier_id()
    piste.script(UPLOAD, body(b"", status, {"Retry-After": "600"}))
    with pytest.raises(InDoubtError):
        client.upload(FILE)
    calls = len(piste.calls)

    with pytest.raises(NotSentError, match="CX430"):
        client.find("FA-1")
    outcome = deposit(client)

    assert (outcome.result, outcome.cause) == (Result.NOT_SENT, "held_back")
    assert len(piste.calls) == calls
    assert piste.time.slept == []


def test_a_pause_in_an_answer_that_is_a_success_is_not_asked_for(piste: Piste, client: ChorusClient) -> None:
    nothing = OK | {"listeFactures": [], "parametresRetour": {"total": 0}}
    piste.script(SEARCH, reply(nothing, headers={"Retry-After": "600"}))

    client.find("FA-1")
    client.find("FA-1")

    assert piste.count(SEARCH) == 2


def test_calls_start_at_least_an_interval_apart(piste: Piste) -> None:
    piste.script(SEARCH, search([]))
    with piste.client(call_interval=1.0) as client:
        client.find("FA-1")
        client.find("FA-2")

    gaps = [(later - earlier).total_seconds() for earlier, later in zip(piste.starts, piste.starts[1:], strict=False)]
    assert gaps == [1.0, 1.0, 1.0]


def test_an_answer_beyond_all_measure_is_not_read(
    piste: Piste, client: ChorusClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chorus_xl.chorus.answer.LONGEST_BODY", 1000)
    piste.script(SUPPLIERS, reply(OK | {"filler": "x" * 2000}))

    with pytest.raises(InDoubtError, match="CX422"):
        client.supplier_id()


# --- files ----------------------------------------------------------------------------------------------------------


def test_a_file_is_handed_over(piste: Piste, client: ChorusClient) -> None:
    piste.script(UPLOAD, reply({"codeRetour": 0, "libelle": "GCU_MSG_01_000", "pieceJointeId": 7700101}))

    assert client.upload(FILE) == Uploaded("FA-2025-0042.pdf", 7700101)
    assert piste.bodies(UPLOAD) == [
        {
            "pieceJointeFichier": b64encode(FILE.content).decode(),
            "pieceJointeNom": "FA-2025-0042.pdf",
            "pieceJointeTypeMime": "application/pdf",
            "pieceJointeExtension": "PDF",
        }
    ]


def test_a_file_may_be_taken_without_an_envelope(piste: Piste, client: ChorusClient) -> None:
    piste.script(UPLOAD, reply({"pieceJointeId": "7700101"}))

    assert client.upload(FILE).attachment_id == 7700101


@pytest.mark.parametrize("answer", [OK, OK | {"pieceJointeId": 0}, {"pieceJointeId": None}], ids=str)
def test_a_file_without_an_identifier_is_not_held(piste: Piste, client: ChorusClient, answer: dict[str, Any]) -> None:
    piste.script(UPLOAD, reply(answer))

    with pytest.raises(InDoubtError, match="CX422"):
        client.upload(FILE)


# --- the directory --------------------------------------------------------------------------------------------------


def structure(number: int, siret: object = BUYER, status: str = "ACTIVE") -> dict[str, Any]:
    return {
        "idStructureCPP": number,
        "identifiantStructure": siret,
        "designationStructure": f"COMMUNE {number}",
        "statut": status,
    }


def service(number: int, code: str, *, is_active: bool = True) -> dict[str, Any]:
    return {"idService": number, "codeService": code, "libelleService": code.title(), "estActif": is_active}


def script_directory(piste: Piste, structures: list[dict[str, Any]], services: list[dict[str, Any]]) -> None:
    piste.script(STRUCTURES, paged(structures, "listeStructures", "parametres"))
    flags = {"codeServiceDoitEtreRenseigne": True, "numeroEJDoitEtreRenseigne": False}
    piste.script(STRUCTURE, reply(OK | {"parametres": flags}))
    piste.script(SERVICES, paged(services, "listeServices", "parametresRechercherServicesStructure"))
    piste.script(SERVICE, reply(OK | {"parametres": {"numeroEngagement": True}}))


def test_the_directory_gives_a_body_with_its_demands_and_services(piste: Piste, client: ChorusClient) -> None:
    script_directory(piste, [structure(7)], [service(1, "EAU"), service(2, "VOIRIE", is_active=False)])

    assert client.public_body(BUYER, ["EAU", "ABSENT"]) == PublicBody(
        BUYER,
        "COMMUNE 7",
        is_active=True,
        service_required=True,
        engagement_required=False,
        service_or_engagement=None,
        services={
            "EAU": Service("EAU", "Eau", is_active=True, engagement_required=True),
            "VOIRIE": Service("VOIRIE", "Voirie", is_active=False),
        },
    )
    assert piste.bodies(STRUCTURE) == [{"idStructureCPP": 7}]
    assert piste.bodies(SERVICE) == [{"idStructure": 7, "idService": 1}]


@pytest.mark.parametrize("structures", [[], [structure(7, "99999999900015")]], ids=["nothing", "another structure"])
def test_a_siret_that_the_directory_does_not_know_is_none(
    piste: Piste, client: ChorusClient, structures: list[dict[str, Any]]
) -> None:
    script_directory(piste, structures, [])

    assert client.public_body(BUYER) is None


def test_an_active_structure_and_an_active_service_win_over_closed_ones(piste: Piste, client: ChorusClient) -> None:
    script_directory(
        piste,
        [structure(6, status="INACTIVE"), structure(7, 12345678200028)],
        [service(2, "EAU"), service(1, "EAU", is_active=False)],
    )

    found = client.public_body(BUYER)

    assert found is not None
    assert (found.name, found.is_active) == ("COMMUNE 7", True)
    assert found.services == {"EAU": Service("EAU", "Eau", is_active=True)}


def test_a_closed_body_is_known_and_closed(piste: Piste, client: ChorusClient) -> None:
    script_directory(piste, [structure(6, status="INACTIVE")], [])

    found = client.public_body(BUYER)

    assert found is not None
    assert found.is_active is False


def test_all_services_of_a_large_body_are_found(piste: Piste, client: ChorusClient) -> None:
    script_directory(piste, [structure(7)], [service(number, f"S{number}") for number in range(1, 251)])

    found = client.public_body(BUYER)

    assert found is not None
    assert found.services is not None
    assert len(found.services) == 250
    assert piste.count(SERVICES) == 3


# --- the deposit ----------------------------------------------------------------------------------------------------


def deposit(client: ChorusClient, not_after: datetime = IN_TIME) -> Outcome:
    return client.deposit(make_invoice(), PDF, [], not_after=not_after)


def passes(piste: Piste, seconds: float, then: Handler) -> Handler:
    """An answer that takes its time."""

    def handler(request: httpx.Request) -> httpx.Response | Exception:
        piste.time.moment += timedelta(seconds=seconds)
        return then(request)

    return handler


TOKEN_REPLY = reply({"access_token": "another-token", "token_type": "Bearer", "expires_in": 3600})


def wait_for_a_pause(piste: Piste, client: ChorusClient) -> None:
    piste.script(UPLOAD, body(b"", 403, {"Retry-After": "50"}))
    with pytest.raises(SetupError):
        client.upload(FILE)


DELAYS: dict[str, Callable[[Piste, ChorusClient], None]] = {
    "a token that is long in coming": lambda piste, _: piste.script(TOKEN_PATH, passes(piste, 4000, TOKEN_REPLY)),
    "a pause that the platform asked for": wait_for_a_pause,
}


@pytest.mark.parametrize("delay", DELAYS)
def test_a_deposit_that_comes_too_late_is_not_sent(piste: Piste, client: ChorusClient, delay: str) -> None:
    client.supplier_id()
    if delay.startswith("a token"):
        piste.time.moment += timedelta(hours=1)  # the first token is over
    DELAYS[delay](piste, client)
    piste.script(SUBMIT, reply(ACCEPTED))

    outcome = deposit(client, piste.time.moment + timedelta(seconds=49))

    assert (outcome.result, outcome.cause) == (Result.NOT_SENT, "too_late")
    assert piste.count(SUBMIT) == 0


def test_a_deposit_that_waited_and_is_still_in_time_leaves(piste: Piste, client: ChorusClient) -> None:
    client.supplier_id()
    wait_for_a_pause(piste, client)
    piste.script(SUBMIT, reply(ACCEPTED))

    assert deposit(client, piste.time.moment + timedelta(seconds=51)).result is Result.ACCEPTED


def test_a_deposit_is_accepted_with_its_receipt(piste: Piste, client: ChorusClient) -> None:
    piste.script(SUBMIT, reply(ACCEPTED, 200, {"x-correlationid": "abc-1"}))

    outcome = deposit(client)

    assert (outcome.result, outcome.chorus_invoice_id, outcome.correlation_id) == (Result.ACCEPTED, 9100001, "abc-1")
    assert piste.bodies(SUBMIT)[0]["fournisseur"] == {"idFournisseur": SUPPLIER_ID}


ENDS: dict[str, tuple[Handler, Result, str]] = {
    "refusal": (reply(REFUSED), Result.REFUSED, "refused"),
    "connect error": (fails(httpx.ConnectError), Result.NOT_SENT, "connect_error"),
    "connect timeout": (fails(httpx.ConnectTimeout), Result.NOT_SENT, "connect_timeout"),
    "pool timeout": (fails(httpx.PoolTimeout), Result.NOT_SENT, "pool_timeout"),
    "read timeout": (fails(httpx.ReadTimeout), Result.IN_DOUBT, "read_timeout"),
    "write error": (fails(httpx.WriteError), Result.IN_DOUBT, "write_error"),
    "half an answer": (fails(httpx.RemoteProtocolError), Result.IN_DOUBT, "half_answer"),
    "500": (body(b"", 500), Result.IN_DOUBT, "server_error"),
    "500 with envelope": (reply(REFUSED, 500), Result.IN_DOUBT, "server_error"),
    "503": (body(b"<html></html>", 503), Result.IN_DOUBT, "server_error"),
    "504": (body(b"", 504), Result.IN_DOUBT, "server_error"),
    "401": (body(b"", 401), Result.IN_DOUBT, "gateway_401"),
    "429": (body(b"", 429, {"Retry-After": "5"}), Result.IN_DOUBT, "gateway_429"),
    "403": (body(b"", 403), Result.IN_DOUBT, "gateway_403"),
    "empty 400": (body(b"", 400), Result.IN_DOUBT, "empty_answer"),
    "page": (body(b"<html></html>"), Result.IN_DOUBT, "unreadable_answer"),
    "half of JSON": (body(json.dumps(ACCEPTED).encode()[:-3]), Result.IN_DOUBT, "unreadable_answer"),
    "nothing": (body(b""), Result.IN_DOUBT, "empty_answer"),
    "302": (body(b"", 302, {"Location": "https://elsewhere.test/"}), Result.IN_DOUBT, "redirect"),
    "no identifier": (reply(OK), Result.IN_DOUBT, "no_identifier"),
    "no envelope": (reply({"identifiantFactureCPP": 1}), Result.IN_DOUBT, "no_envelope"),
    "absurd number": (body(b'{"codeRetour": 1e99999999999999999999}'), Result.IN_DOUBT, "unreadable_answer"),
    "absurd depth": (body(b"[" * 100_000), Result.IN_DOUBT, "unreadable_answer"),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_deposit_is_posted_once_however_it_ends(piste: Piste, client: ChorusClient, end: str) -> None:
    handler, result, cause = ENDS[end]
    piste.script(SUBMIT, handler)

    outcome = deposit(client)

    assert (outcome.result, outcome.cause) == (result, cause)
    assert piste.count(SUBMIT) == 1


def test_a_token_refused_to_one_deposit_is_not_used_for_the_next(piste: Piste, client: ChorusClient) -> None:
    piste.script(SUBMIT, body(b"", 401), reply(ACCEPTED))

    assert [deposit(client).result, deposit(client).result] == [Result.IN_DOUBT, Result.ACCEPTED]
    assert (piste.count(SUBMIT), piste.tokens) == (2, 2)


@pytest.mark.parametrize(
    ("path", "handler", "cause"),
    [
        (TOKEN_PATH, reply({"error": "invalid_client"}, 400), "setup"),
        (TOKEN_PATH, fails(httpx.ReadTimeout), "unreachable"),
        (SUPPLIERS, reply(OK | {"listeStructures": []}), "setup"),
        (SUPPLIERS, body(b"", 503), "unreachable"),
    ],
    ids=["no credentials", "no token", "no supplier", "no answer"],
)
def test_a_deposit_that_cannot_be_prepared_is_not_sent(
    piste: Piste, client: ChorusClient, path: str, handler: Handler, cause: str
) -> None:
    piste.script(path, handler)

    outcome = deposit(client)

    assert (outcome.result, outcome.cause) == (Result.NOT_SENT, cause)
    assert piste.count(SUBMIT) == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ANSWERS = st.dictionaries(st.sampled_from(sorted(ACCEPTED)), JSON).map(lambda value: json.dumps(value).encode())


@settings(max_examples=150, deadline=None)
@given(status=st.integers(200, 599), content=ANSWERS | st.binary(max_size=40))
def test_no_answer_whatever_makes_a_deposit_raise(status: int, content: bytes) -> None:
    piste = Piste()
    piste.script(SUBMIT, body(content, status))

    with piste.client() as client:
        outcome = deposit(client)

    assert outcome.http_status == status
    assert piste.count(SUBMIT) == 1


# --- looking up -----------------------------------------------------------------------------------------------------


def test_an_invoice_is_found_under_exactly_its_number(piste: Piste, client: ChorusClient) -> None:
    piste.script(SEARCH, search([listed(1), listed(10), listed(1) | {"identifiantFactureCPP": 5}]))

    found = client.find("FA-1")

    assert [invoice.chorus_invoice_id for invoice in found] == [9100001, 5]
    asked = piste.bodies(SEARCH)[0]
    assert (asked["numeroFacture"], asked["idFournisseur"]) == ("FA-1", SUPPLIER_ID)


def test_nothing_found_is_known_only_by_an_answer(piste: Piste, client: ChorusClient) -> None:
    piste.script(SEARCH, body(b"", 503))

    with pytest.raises(PlatformError):
        client.find("FA-1")
