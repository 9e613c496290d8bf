"""No exception, outcome, log line or repr ever shows a secret, whatever the gateway sends back."""

import json
import logging
import traceback
from base64 import b64encode
from collections.abc import Callable

import httpx
import pytest

from chorus_xl.chorus.client import ChorusClient
from chorus_xl.errors import ChorusXlError
from tests.chorus.app import (
    CLIENT_SECRET,
    CREDENTIALS,
    FILE,
    IN_TIME,
    PASSWORD,
    PDF,
    SEARCH,
    SUBMIT,
    SUPPLIERS,
    TOKEN,
    TOKEN_PATH,
    UPLOAD,
    Answer,
    Handler,
    Piste,
    body,
    fails,
    make_invoice,
)

ACCOUNT = b64encode(f"TECH_1_2@cpro.fr:{PASSWORD}".encode()).decode()
SECRETS = (
    CLIENT_SECRET,
    PASSWORD,
    ACCOUNT,
    TOKEN.format(1),
    TOKEN.format(2),
    b64encode(CLIENT_SECRET.encode()).decode(),
    b64encode(PASSWORD.encode()).decode(),
)


def reflecting(status: int) -> Handler:
    """The gateway sends back what it was sent, inside an envelope."""

    def handler(request: httpx.Request) -> Answer:
        seen = f"{dict(request.headers)} {request.content.decode()}"
        return httpx.Response(status, json={"codeRetour": 500, "libelle": seen, "error": seen})

    return handler


def reflecting_with_escaped_slashes(request: httpx.Request) -> Answer:
    label = json.dumps({"codeRetour": 1, "libelle": request.headers["cpro-account"] + "/"}).replace("/", "\\/")
    return httpx.Response(400, content=label)


TROUBLE: dict[str, Handler] = {
    "connect error": fails(httpx.ConnectError),
    "read timeout": fails(httpx.ReadTimeout),
    "local protocol error": fails(httpx.LocalProtocolError),
    "reflected with 200": reflecting(200),
    "reflected with 400": reflecting(400),
    "reflected with 403": reflecting(403),
    "reflected with 500": reflecting(500),
    "reflected page": lambda request: httpx.Response(502, html=str(request.headers)),
    "reflected correlation": lambda request: httpx.Response(
        400, headers={"x-correlationid": f"id {request.headers.get('cpro-account', '')}"}
    ),
    "401": body(b"", 401),
}
CALLS: dict[str, tuple[str, Callable[[ChorusClient], object]]] = {
    "token": (TOKEN_PATH, lambda client: client.supplier_id()),
    "supplier": (SUPPLIERS, lambda client: client.supplier_id()),
    "upload": (UPLOAD, lambda client: client.upload(FILE)),
    "find": (SEARCH, lambda client: client.find("FA-1")),
    "deposit": (SUBMIT, lambda client: client.deposit(make_invoice(), PDF, [], not_after=IN_TIME)),
}


def crash_report(error: ChorusXlError) -> str:
    """The error as a crash report with our frames' local variables would print it; the test's own frame is left out."""
    frames = error.__traceback__.tb_next if error.__traceback__ else None
    report = traceback.TracebackException(type(error), error, frames, capture_locals=True)
    return "".join(report.format())


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize("call", CALLS)
def test_trouble_shows_no_secret(
    piste: Piste, client: ChorusClient, caplog: pytest.LogCaptureFixture, call: str, trouble: str
) -> None:
    caplog.set_level(logging.DEBUG)
    path, make = CALLS[call]
    piste.script(path, TROUBLE[trouble])
    context, report = None, ""

    try:
        said = repr(make(client))
    except ChorusXlError as error:
        said = f"{error} {error!r} {vars(error)}"
        context, report = error.__context__, crash_report(error)

    assert piste.count(path) > 0
    assert context is None  # an exception of httpx would hang there, and hold the request
    assert [secret for secret in SECRETS if secret in said + report + caplog.text] == []
    assert b64encode(FILE.content).decode() not in said + caplog.text


def test_escaped_slashes_hide_no_reflection(piste: Piste, client: ChorusClient) -> None:
    piste.script(UPLOAD, reflecting_with_escaped_slashes)

    with pytest.raises(ChorusXlError) as raised:
        client.upload(FILE)

    assert ACCOUNT not in str(raised.value)


def test_credentials_and_client_show_no_secret(client: ChorusClient) -> None:
    client.supplier_id()

    said = f"{CREDENTIALS!r} {client!r} {vars(client)!r} {vars(client._gateway)!r}"
    assert [secret for secret in SECRETS if secret in said] == []


def test_a_crash_report_shows_local_variables() -> None:
    def fail() -> None:
        leak = PASSWORD
        raise ChorusXlError("CX000", length=str(len(leak)))

    with pytest.raises(ChorusXlError) as raised:
        fail()

    assert PASSWORD in crash_report(raised.value)
