"""Calls over real sockets that end badly: "not sent" is said where the server heard nothing, and nowhere else."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from chorus_xl.chorus.answer import Answer, Failure
from chorus_xl.chorus.client import ChorusClient, Endpoints
from chorus_xl.chorus.exchange import LONGEST_CONNECT, Exchange
from chorus_xl.chorus.pace import Pacer
from chorus_xl.domain.invoice import Result
from chorus_xl.errors import NotSentError, SetupError
from tests.chorus.app import CREDENTIALS, FakeTime
from tests.chorus.wires import NOW, Authority, Serve, Wire, authority, reset, wire

HOUR = timedelta(hours=1)
SMALL, LARGE = b"{}", bytes(20_000_000)  # the larger one fits in no system's buffers


@contextmanager
def exchange(timeout: float, time: FakeTime | None = None, *, on_loopback: bool = True) -> Iterator[Exchange]:
    time = time or FakeTime()
    made = Exchange(Pacer(0.0, time.now, time.sleep), time.now, timeout=timeout, concurrency=2, on_loopback=on_loopback)
    yield made
    made.close()


def post(url: str, content: bytes = SMALL, *, timeout: float = 10.0, on_loopback: bool = True) -> Answer | Failure:
    with exchange(timeout, on_loopback=on_loopback) as way:
        return way.post(url, content, {}, ())


def stays_silent(at: Wire, connection: socket.socket) -> None:
    at.read_all(connection)
    at.over.wait()


def never_reads(at: Wire, _: socket.socket) -> None:
    at.over.wait()


def closes_after_the_request(at: Wire, connection: socket.socket) -> None:
    at.read_all(connection)


def resets_after_the_first_byte(at: Wire, connection: socket.socket) -> None:
    at.read(connection, 1)
    reset(connection)


def resets_after_the_request(at: Wire, connection: socket.socket) -> None:
    at.read_all(connection)
    reset(connection)


def answers(raw: bytes) -> Serve:
    def serve(at: Wire, connection: socket.socket) -> None:
        at.read_all(connection)
        connection.sendall(raw)

    return serve


DOUBTFUL: dict[str, tuple[Serve, bytes, float, str]] = {
    "no answer": (stays_silent, SMALL, 0.2, "read_timeout"),
    "a body that is not taken": (never_reads, LARGE, 0.2, "write_timeout"),
    "closed after the request": (closes_after_the_request, SMALL, 10, "half_answer"),
    "reset after the first byte": (resets_after_the_first_byte, SMALL, 10, "read_error"),
    "reset after the request": (resets_after_the_request, SMALL, 10, "read_error"),
    "half a head": (answers(b"HTTP/1.1 200 OK\r\nContent-Le"), SMALL, 10, "half_answer"),
    "half a body": (answers(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"), SMALL, 10, "half_answer"),
    "no HTTP": (answers(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), SMALL, 10, "half_answer"),
    "a body that does not unpack": (
        answers(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"),
        SMALL,
        10,
        "unreadable_answer",
    ),
}


@pytest.mark.parametrize("case", DOUBTFUL)
def test_what_may_have_been_heard_is_in_doubt(case: str) -> None:
    serve, content, timeout, cause = DOUBTFUL[case]

    with wire(serve) as server:
        end = post(f"http://127.0.0.1:{server.port}/", content, timeout=timeout)

    assert end == Failure(Result.IN_DOUBT, cause)


def test_what_is_too_late_when_the_connection_stands_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a PC that sleeps while it connects: the clock on the wall goes on."""
    time, connect = FakeTime(), socket.create_connection

    def sleeps_and_connects(*words: Any, **named: Any) -> socket.socket:  # noqa: ANN401 - whatever httpcore gives
        time.moment += HOUR
        return connect(*words, **named)

    monkeypatch.setattr(socket, "create_connection", sleeps_and_connects)

    with wire(answers(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) as server, exchange(10, time) as way:
        end = way.post(f"http://127.0.0.1:{server.port}/", SMALL, {}, (), not_after=time.now())
        again = way.post(f"http://127.0.0.1:{server.port}/", SMALL, {}, (), not_after=time.now() + 2 * HOUR)

    assert end == Failure(Result.NOT_SENT, "too_late")
    assert isinstance(again, Answer), "the way is as good as before"
    assert server.heard.count(b"POST") == 1


def test_a_port_where_nobody_listens_is_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    assert post(f"http://127.0.0.1:{port}/") == Failure(Result.NOT_SENT, "connect_error")


def test_a_name_that_nobody_knows_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    assert post("https://api.piste.invalid/") == Failure(Result.NOT_SENT, "connect_error")


@pytest.mark.parametrize("url", ["gopher://127.0.0.1/", "https://127.0.0.1:port/", "/nowhere"])
def test_an_address_that_cannot_be_called_is_not_sent(url: str) -> None:
    assert post(url) == Failure(Result.NOT_SENT, "bad_address")


def test_connecting_is_waited_for_less_long_than_an_answer() -> None:
    with exchange(60.0) as way:
        assert (way._http.timeout.connect, way._http.timeout.read) == (LONGEST_CONNECT, 60.0)
    with exchange(5.0) as way:
        assert (way._http.timeout.connect, way._http.timeout.read) == (5.0, 5.0)


# --- TLS ------------------------------------------------------------------------------------------------------------

YEAR = timedelta(days=365)
IN_FORCE = (NOW - YEAR, NOW + 50 * YEAR)
OVER = (NOW - 2 * YEAR, datetime(2026, 1, 1, tzinfo=NOW.tzinfo))
TO_COME = (NOW + 40 * YEAR, NOW + 50 * YEAR)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(known: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The same, trusted as an office makes its own authority trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(known.path))
    return known


def post_over_tls(context: ssl.SSLContext, host: str = "127.0.0.1", *, on_loopback: bool = False) -> tuple[object, int]:
    """How the call ended, and how many bytes of it the server could read."""
    with wire(answers(OK), context) as server:
        end = post(f"https://{host}:{server.port}/", on_loopback=on_loopback)
        return end, len(server.heard)


def test_a_certificate_in_order_is_believed(trusted: Authority) -> None:
    end, heard = post_over_tls(trusted.server("127.0.0.1", valid=IN_FORCE))

    assert isinstance(end, Answer)
    assert heard > 0


@pytest.mark.parametrize(
    ("name", "valid"),
    [("127.0.0.1", OVER), ("127.0.0.1", TO_COME), ("api.piste.gouv.fr", IN_FORCE), ("127.0.0.2", IN_FORCE)],
    ids=["expired", "not yet valid", "for another name", "for another address"],
)
def test_a_certificate_out_of_order_is_refused_before_a_byte_leaves(
    trusted: Authority, name: str, valid: tuple[datetime, datetime]
) -> None:
    assert post_over_tls(trusted.server(name, valid=valid)) == (Failure(Result.NOT_SENT, "connect_error"), 0)


@pytest.mark.parametrize("on_loopback", [True, False])
def test_an_authority_that_nobody_trusts_is_refused_on_loopback_too(known: Authority, *, on_loopback: bool) -> None:
    context = known.server("127.0.0.1", valid=IN_FORCE)

    assert post_over_tls(context, on_loopback=on_loopback) == (Failure(Result.NOT_SENT, "connect_error"), 0)


def test_on_loopback_no_certificate_is_believed_at_all(trusted: Authority) -> None:
    context = trusted.server("127.0.0.1", valid=IN_FORCE)

    assert post_over_tls(context, on_loopback=True) == (Failure(Result.NOT_SENT, "connect_error"), 0)


def speaks_plainly(_: Wire, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def resets_at_once(_: Wire, connection: socket.socket) -> None:
    reset(connection)


@pytest.mark.parametrize(
    ("serve", "timeout", "cause"),
    [
        (never_reads, 0.2, "connect_timeout"),
        (speaks_plainly, 10, "connect_error"),
        (resets_at_once, 10, "connect_error"),
    ],
    ids=["never shakes hands", "no TLS", "reset"],
)
def test_a_handshake_that_fails_is_not_sent(serve: Serve, timeout: float, cause: str) -> None:
    with wire(serve) as server:
        end = post(f"https://127.0.0.1:{server.port}/", timeout=timeout, on_loopback=False)

    assert end == Failure(Result.NOT_SENT, cause)


def test_the_clerk_is_told_that_the_platform_cannot_be_reached(known: Authority) -> None:
    time = FakeTime()
    with wire(answers(OK), known.server("127.0.0.1", valid=IN_FORCE)) as server:
        where = Endpoints(f"https://127.0.0.1:{server.port}", f"https://127.0.0.1:{server.port}")
        with (
            ChorusClient(
                where,
                CREDENTIALS,
                supplier_siret="00000000000018",
                now=time.now,
                sleep=time.sleep,
                call_interval=0.0,
                timeout=5.0,
            ) as client,
            pytest.raises(NotSentError, match="CX420"),
        ):
            client.supplier_id()
        assert server.heard == b""


UNUSABLE = {
    "a proxy of an unknown kind": {"HTTPS_PROXY": "ftp://clerk:s3cret-of-the-proxy@proxy.example"},
    "a proxy that is no address": {"HTTPS_PROXY": "http://proxy.example:port"},
    "a proxy that takes another library": {"ALL_PROXY": "socks5://proxy.example"},
    "authorities that are not there": {"SSL_CERT_FILE": "/nowhere/authorities.pem"},
    "authorities that are none": {"SSL_CERT_FILE": __file__},
}


@pytest.mark.parametrize("variables", UNUSABLE.values(), ids=UNUSABLE)
def test_variables_that_lead_nowhere_are_a_matter_of_set_up(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SetupError, match="CX434") as raised, exchange(5.0, on_loopback=False):
        pass

    assert "s3cret" not in f"{raised.value!r}{raised.value.__context__!r}"


# --- through a proxy ------------------------------------------------------------------------------------------------


def refuses(status: bytes) -> Serve:
    def serve(at: Wire, connection: socket.socket) -> None:
        while b"\r\n\r\n" not in at.heard:
            at.read(connection)
        connection.sendall(b"HTTP/1.1 %b\r\nContent-Length: 0\r\n\r\n" % status)

    return serve


def hangs_up(at: Wire, connection: socket.socket) -> None:
    at.read(connection)


@pytest.mark.parametrize(
    ("serve", "expected"),
    [
        (refuses(b"407 Proxy Authentication Required"), Failure(Result.NOT_SENT, "proxy_error")),
        (refuses(b"503 Service Unavailable"), Failure(Result.NOT_SENT, "proxy_error")),
        # Only CONNECT was sent, but httpx raises what it raises when a request was lost: no proof.
        (hangs_up, Failure(Result.IN_DOUBT, "half_answer")),
    ],
    ids=["asks for a password", "is down", "hangs up"],
)
def test_a_proxy_that_refuses_the_tunnel_has_seen_nothing_of_the_request(
    monkeypatch: pytest.MonkeyPatch, serve: Serve, expected: Failure
) -> None:
    with wire(serve) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "")
        end = post("https://api.piste.invalid/", b"the invoice", on_loopback=False)

    assert end == expected
    assert proxy.heard.startswith(b"CONNECT api.piste.invalid:443 ")
    assert b"the invoice" not in proxy.heard


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_what_goes_to_this_machine_in_plain_goes_through_no_proxy(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with wire(answers(OK)) as proxy, wire(answers(OK)) as server:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "")
        # The other host is elsewhere, so that the environment counts.
        end = post(f"http://127.0.0.1:{server.port}/", b"the secret", on_loopback=False)

    assert isinstance(end, Answer)
    assert server.heard.endswith(b"the secret")
    assert proxy.heard == b""
