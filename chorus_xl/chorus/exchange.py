"""One call over the network: the only place that posts, and the only place that catches httpx's exceptions.

Rule 1: whatever happens, a call ends as a value: ``Answer`` or ``Failure``. An exception of httpx holds the request,
        and with it every secret of the call, so none goes further than this file.
Rule 2: no call is repeated here, and none is judged.
Rule 3: redirects are not followed: a deposit goes where it was addressed, or nowhere.
Rule 4: what may not start after some moment is held back by the clock on the wall, which goes on while a PC sleeps:
        when its turn has come, and again when the connection stands, before the first byte.
Rule 5: certificates are always verified: on loopback, where no honest one exists, https is refused like any other.
Rule 6: a proxy of the environment carries tunnels of https alone: what is plain would show it every secret.
"""

import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

import httpx

from chorus_xl.chorus.answer import Answer, Failure, read
from chorus_xl.chorus.outcome import HELD_BACK, TOO_LATE, failure
from chorus_xl.chorus.pace import Pacer
from chorus_xl.errors import SetupError
from chorus_xl.secret import Secret

LONGEST_CONNECT = 20.0
"""Seconds in which a machine that is there takes a connection, whatever a call may last then."""


FIRST_BYTE = "send_request_headers.started"
"""What httpcore's trace, passed on by httpx, names the moment before a request's first byte."""


class _TooLateError(Exception):
    """The moment has passed; nothing of the request was written."""


class Exchange:
    """Posts bodies and tells how each call ended; safe to share between threads.

    Args:
        pacer: gives each call its start, and is told when the platform asks for a pause.
        now: aware time.
        timeout: seconds for each write, for each read, and for a free connection; for connecting too, where it is
            less than ``LONGEST_CONNECT``.
        concurrency: how many connections may be open.
        on_loopback: both hosts are this machine: no proxy, no certificates.
        transport: replaces the network, in tests.

    Raises:
        SetupError: the environment names a proxy or authorities that cannot be used.
    """

    def __init__(
        self,
        pacer: Pacer,
        now: Callable[[], datetime],
        *,
        timeout: float,
        concurrency: int,
        on_loopback: bool,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._pacer = pacer
        self._now = now
        with suppress(ImportError, OSError, ValueError, httpx.InvalidURL):  # ssl's errors are OSErrors
            self._http = httpx.Client(
                transport=transport,
                timeout=httpx.Timeout(timeout, connect=min(timeout, LONGEST_CONNECT)),
                follow_redirects=False,
                limits=httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency),
                trust_env=not on_loopback,
                mounts={"http://": None},  # plain: this machine alone, and no proxy is to read it
                verify=_nobody() if on_loopback or transport else _usual_authorities(),
            )
            return
        raise SetupError("CX434")  # out here: what httpx raised may hold the proxy's password

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def post(
        self,
        url: str,
        content: bytes,
        headers: Mapping[str, Secret | str],
        guarded: Sequence[Secret],
        *,
        not_after: datetime | None = None,
    ) -> Answer | Failure:
        """Post once, when the pacer lets it; where it does not, nothing leaves.

        Args:
            url: absolute.
            content: the body.
            headers: secrets are revealed on their way out and nowhere before.
            guarded: what the request carries and no answer may carry back.
            not_after: when it must have started; nothing leaves later than that.
        """
        if not self._pacer.wait():
            return HELD_BACK

        def be_in_time(event: str = FIRST_BYTE, _: object = None) -> None:
            if not_after is not None and event.endswith(FIRST_BYTE) and self._now() > not_after:
                raise _TooLateError

        try:
            be_in_time()
            with self._http.stream(
                "POST", url, content=content, headers=_plain(headers), extensions={"trace": be_in_time}
            ) as response:
                answer = read(response, guarded, self._now())
        except _TooLateError:
            return TOO_LATE
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            kind = type(error)
        else:
            if answer.retry_after is not None and not answer.is_success:
                self._pacer.hold(answer.retry_after)
            return answer
        return failure(kind)


def _plain(headers: Mapping[str, Secret | str]) -> dict[str, str]:
    return {name: value.reveal() if isinstance(value, Secret) else value for name, value in headers.items()}


def _nobody() -> ssl.SSLContext:
    """Trust for where no certificate is ever shown; making it costs nothing."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _usual_authorities() -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    # An office whose proxy opens TLS installs its own authority in the system's store, not among httpx's.
    context.load_default_certs()
    return context
