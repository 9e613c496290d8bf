"""The network of one world: the real stand-in in this process, and a transport that reaches it without a socket.

Rule 1: what is sent is what the stand-in's own application reads: its routes, its gateway, its state, its faults.
        Only the socket is missing, and an event loop: the application never waits, so it is run to its end by hand.
Rule 2: a broken connection ends in the exception that httpx raises where a real one breaks so
        (``tests/simulator`` shows them on sockets).
Rule 3: a call may arrive late, long after its caller gave up: it is kept, and processed when its time has come.
Rule 4: whose journal intended a deposit, and whether the platform lied about what it holds, is written down here.
"""

import json
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from chorus_xl.simulator import app, operations
from chorus_xl.simulator.faults import FaultDesk, FaultRule
from chorus_xl.simulator.state import State

TIMEOUT = 60.0
"""Seconds after which a caller gives up."""

NETWORK = {
    "connect_error": httpx.ConnectError,
    "connect_timeout": httpx.ConnectTimeout,
    "write_error": httpx.WriteError,
    "write_timeout": httpx.WriteTimeout,
}
"""What may go wrong before the whole request has arrived, and how httpx says so."""

SEARCH = "factures/v1/rechercher/fournisseur"


class Desk(FaultDesk):
    """The stand-in's desk, whose delays are heard by the network in place of being slept."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds, self.fired = 0.0, 0

    def next(self, operation: str) -> tuple[float, FaultRule | None]:
        self.seconds, rule = super().next(operation)
        self.fired += bool(self.seconds) + (rule is not None)
        return 0.0, rule


@dataclass
class Cut:
    """What the stand-in's faults do to the connection that a call came by."""

    dropped: type[httpx.TransportError] | None = None

    def drop(self, *, reset: bool) -> None:
        self.dropped = httpx.ReadError if reset else httpx.RemoteProtocolError

    def close(self) -> None:
        self.dropped = httpx.RemoteProtocolError


@dataclass
class Line:
    """One stand-in and all calls to it."""

    clock: Callable[[], datetime]
    let_pass: Callable[[float], None]
    state: State = field(init=False)
    desk: Desk = field(default_factory=Desk)
    broken: list[tuple[str, str, int]] = field(default_factory=list)  # operation, exception, calls until then
    late: list[tuple[datetime, httpx.Request, str]] = field(default_factory=list)
    submissions: list[dict[str, Any]] = field(default_factory=list)
    denied: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.state = State(None, now=self.clock)
        self._app = app.build(self.state, self.desk, may_kill=False)
