"""Checks of the way to a host: its name, its certificate, its silence; and its clock beside ours.

Rule 1: a host is asked without any identity: this tells the network's troubles from those of credentials.
Rule 2: any answer will do, an error included: it came from there.
"""

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from chorus_xl.errors import ExitCode
from chorus_xl.messages.install import PLACES
from chorus_xl.messages.told import Sign, Told

_LONGEST = 10.0  # seconds; somebody watches
_SKEW = timedelta(minutes=5)


def hosts(
    urls: Sequence[str],
    *,
    on_loopback: bool,
    timeout: float,
    now: Callable[[], datetime],
    transport: httpx.BaseTransport | None = None,
) -> Iterator[Told]:
    """Ask each host once, and compare the clock of the first that answers with ours.

    Args:
        urls: absolute; of several on one host the first is asked.
        on_loopback: all are this machine: no proxy.
        timeout: seconds that connecting, and each silence, may last.
        now: aware.
        transport: replaces the network, in tests.
    """
    seconds = min(timeout, _LONGEST)
    asked: dict[str, str] = {}
    for url in urls:
        asked.setdefault(urlsplit(url).netloc, url)
    theirs: datetime | None = None
    with httpx.Client(
        timeout=seconds,
        trust_env=not on_loopback,
        mounts={"http://": None},  # as in ``chorus.exchange``
        verify=_trust(),
        follow_redirects=False,
        transport=transport,
    ) as client:
        for host, url in asked.items():
            try:
                with client.stream("GET", url) as answer:
                    theirs = theirs or _date(answer)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                params = {"host": host, "seconds": f"{seconds:g}"}
                yield Told("network", Sign.WRONG, _code(error), params, ExitCode.PLATFORM)
            else:
                yield Told("network", Sign.FINE, "CX592", {"host": host})
    if theirs is not None:
        yield clock(now(), theirs)


def clock(ours: datetime, theirs: datetime) -> Told:
    """What the difference between two clocks means; both aware."""
    skew = ours - theirs
    if abs(skew) <= _SKEW:
        return Told("clock", Sign.FINE, "CX597")
    minutes = str(abs(skew) // timedelta(minutes=1))
    leans = PLACES["ahead" if skew > timedelta(0) else "behind"]
    return Told("clock", Sign.LOOK, "CX598", {"leans": leans, "minutes": minutes})


def _date(answer: httpx.Response) -> datetime | None:
    try:
        moment = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _code(error: Exception) -> str:
    causes = tuple(_causes(error))
    if isinstance(error, httpx.TimeoutException):
        return "CX595"
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "CX593"
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return "CX594"
    return "CX596"


def _causes(error: BaseException) -> Iterable[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _trust() -> ssl.SSLContext:
    """The authorities that ``chorus.exchange`` trusts."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context
