"""The network of one world: the real stand-in in this process, reached without a socket.

Rule 1: what is sent is read by the stand-in's own application: its routes, its gateway, its state, its faults. Only
        the socket is missing, and an event loop: the application never really waits, so it is run to its end by hand.
Rule 2: a broken connection ends in the exception that httpx raises where a real one breaks so.
Rule 3: a call may arrive late, long after its caller gave up; it is kept, and processed when its time has come.
Rule 4: which journal a deposit came from, and whether the platform has denied what it holds, is written down here,
        since ``tests.invariant`` must know it; of acts, in ``gestures``.
"""

import json
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx
from starlette.types import ASGIApp, Message

from chorus_xl.simulator import app, deposits, follow, members
from chorus_xl.simulator.faults import FaultDesk, FaultRule
from chorus_xl.simulator.operations import SUBMIT, operation_of
from chorus_xl.simulator.refusals import RefusedError
from chorus_xl.simulator.shapes import SHAPES
from chorus_xl.simulator.state import State
from tests.faults.gestures import ACTS, BY_HAND, Caller, Gestures

TIMEOUT = 60.0
"""Seconds after which a caller gives up."""

BEFORE_ARRIVAL: dict[str, type[httpx.TransportError]] = {
    "connect_error": httpx.ConnectError,
    "connect_timeout": httpx.ConnectTimeout,
    "write_error": httpx.WriteError,
    "write_timeout": httpx.WriteTimeout,
}
"""What may go wrong before the whole request has arrived, and how httpx says so."""

SEARCH = "factures/v1/rechercher/fournisseur"
_ONE_CALL = 0.2  # seconds


class Time(Protocol):
    """The one time of a world."""

    moment: datetime

    def pass_(self, seconds: float) -> None: ...


class CountingDesk(FaultDesk):
    """The stand-in's own desk; counts how often a rule struck."""

    def __init__(self) -> None:
        super().__init__()
        self.struck = 0

    def next(self, operation: str) -> tuple[float, FaultRule | None]:
        seconds, rule = super().next(operation)
        self.struck += rule is not None
        return seconds, rule


@dataclass(slots=True)
class Breakage:
    """A call that will not arrive, or not in time: the ``nth`` from now on of that operation."""

    operation: str
    kind: str  # of ``BEFORE_ARRIVAL``, or ``delay``
    nth: int
    seconds: float = 0.0


@dataclass(slots=True)
class Connection:
    """What the stand-in's faults do to the connection that a call came by."""

    ended: type[httpx.TransportError] | None = None

    def drop(self, *, reset: bool) -> None:
        self.ended = httpx.ReadError if reset else httpx.RemoteProtocolError

    def close(self) -> None:
        self.ended = httpx.RemoteProtocolError


@dataclass
class Line:
    """One stand-in and every call to it."""

    time: Time
    clocks_agree: bool = True
    state: State = field(init=False)
    gestures: Gestures = field(init=False)
    desk: CountingDesk = field(default_factory=CountingDesk)
    struck: int = 0
    struck_out: set[str] = field(default_factory=set)  # numbers that somebody had taken off the platform
    _breakages: list[Breakage] = field(default_factory=list)
    _late: list[tuple[datetime, httpx.Request, Caller]] = field(default_factory=list)
    _submissions: list[dict[str, Any]] = field(default_factory=list)
    _origins: dict[int, tuple[str, bool]] = field(default_factory=dict)  # by accepted invoice: journal, whether late
    _denied: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.state = State(None, now=lambda: self.time.moment)
        self.gestures = Gestures(self.state)
        self._app = app.build(self.state, self.desk, may_kill=False)

    def break_(self, breakage: Breakage) -> None:
        """Let a call to come break."""
        self._breakages.append(breakage)

    def mend(self) -> None:
        """No fault any more, nothing under way, and everything that is held is shown."""
        self._breakages.clear()
        self.desk.clear()
        self.deliver(everything=True)
        self.state.set_switches({"search_lag_calls": 0, "search_lag_seconds": 0, "spurious_invalid_client": 0})
        self.state.store.db.execute("UPDATE invoice SET hidden_searches = 0, visible_at = accepted_at")

    def call(self, request: httpx.Request, caller: Caller) -> httpx.Response:
        """One call, from a caller who waits for its answer."""
        self.time.pass_(_ONE_CALL)
        self.deliver()
        operation = operation_of(request.url.path) or ""
        broken = self._breaks(operation)
        if broken is not None and broken.kind != "delay":
            raise BEFORE_ARRIVAL[broken.kind](broken.kind, request=request)
        if broken is not None and broken.seconds >= TIMEOUT:
            self.send_late(request, caller, broken.seconds)
            self.time.pass_(TIMEOUT)
            raise httpx.ReadTimeout("delay", request=request)
        if broken is not None:
            self.time.pass_(broken.seconds)
        response, ended = self._process(request, caller, late=False)
        if ended is not None and response is None:
            raise ended("the connection ended", request=request)
        assert response is not None
        if operation == SEARCH and ended is None:
            self._hear_denials(request, response)
        return response

    def send_late(self, request: httpx.Request, caller: Caller, seconds: float) -> None:
        """A call of which nobody will hear the answer arrives in so many seconds."""
        self._late.append((self.time.moment + timedelta(seconds=seconds), request, caller))

    def deliver(self, *, everything: bool = False) -> None:
        """Let those late calls arrive whose time has come."""
        due = [late for late in self._late if everything or late[0] <= self.time.moment]
        for late in sorted(due, key=lambda late: late[0]):
            self._late.remove(late)
            self._process(late[1], late[2], late=True)

    def by_hand(self, body: bytes) -> None:
        """Somebody deposits this on the portal."""
        with suppress(RefusedError):
            deposits.submit(self.state, members.read(body, SHAPES[SUBMIT], lone_objects=False))
        self._note_submissions(Caller(BY_HAND), late=False)

    def strike_out(self, number: str) -> None:
        """Somebody has an invoice taken off the platform: from then on, it says truly that it holds none."""
        db = self.state.store.db
        db.execute("DELETE FROM history WHERE invoice_id IN (SELECT id FROM invoice WHERE number = ?)", (number,))
        if db.execute("DELETE FROM invoice WHERE number = ?", (number,)).rowcount:
            self._denied.add(number)
            self.struck_out.add(number)

    def advance(self, steps: int) -> None:
        """Every open invoice moves along its life."""
        follow.advance(self.state, steps, 0, None)

    def held(self) -> dict[str, dict[str, Any]]:
        """What the platform holds, by number."""
        return {row["number"]: dict(row) for row in self.state.store.rows("SELECT * FROM invoice")}

    def tokens(self) -> frozenset[bytes]:
        """What was given out."""
        return frozenset(row["value"].encode() for row in self.state.store.rows("SELECT value FROM token"))

    def record(self) -> dict[str, list[dict[str, Any]]]:
        """The stand-in's own record, as ``tests.invariant`` reads it."""
        acceptances = []
        for row in self.state.store.rows("SELECT id, supplier_siret, number FROM invoice ORDER BY id"):
            journal, _ = self._origins[row["id"]]
            acceptances.append(
                {
                    "supplier": row["supplier_siret"],
                    "number": row["number"],
                    "journal": journal,
                    "by_hand": journal == BY_HAND,
                    "pardoned": row["number"] in self._denied,
                }
            )
        return {"acceptances": acceptances, "submissions": self._submissions, "acts": self.gestures.kept}

    def _breaks(self, operation: str) -> Breakage | None:
        for breakage in self._breakages:
            if breakage.operation in ("*", operation):
                breakage.nth -= 1
                if breakage.nth == 0:
                    self._breakages.remove(breakage)
                    self.struck += 1
                    return breakage
        return None

    def _process(
        self, request: httpx.Request, caller: Caller, *, late: bool
    ) -> tuple[httpx.Response | None, type[httpx.TransportError] | None]:
        """What comes back, if anything, and how the connection ended if it did not end well."""
        connection = Connection()
        messages = _run(self._app, request, connection)
        self._note_submissions(caller, late=late)
        if operation_of(request.url.path) in ACTS:
            self.gestures.note(caller, late=late, clocks_agree=self.clocks_agree)
        if not messages:
            return None, connection.ended or httpx.RemoteProtocolError
        head, body = messages[0], [message.get("body", b"") for message in messages[1:]]
        answer = _Body(body, connection.ended, request)
        return httpx.Response(head["status"], headers=head["headers"], stream=answer, request=request), connection.ended

    def _note_submissions(self, caller: Caller, *, late: bool) -> None:
        rows = self.state.store.rows(
            "SELECT number, return_code FROM submission ORDER BY id LIMIT -1 OFFSET ?", len(self._submissions)
        )
        for row in rows:
            number, code = row["number"], row["return_code"]
            held = self.state.store.row("SELECT id FROM invoice WHERE number = ?", number)
            origin, was_late = self._origins.get(held["id"], ("", False)) if held else ("", False)
            self._submissions.append(
                {
                    "number": number,
                    "return_code": code,
                    # A sheet that says that a number was sent says as much as the journal that sent it.
                    "journal": origin if code and origin and number in caller.claimed else caller.journal,
                    "pardoned": caller.journal == BY_HAND
                    or number in self._denied
                    or (not self.clocks_agree and (late or was_late)),
                }
            )
            if code == 0 and held is not None:
                self._origins[held["id"]] = (caller.journal, late)
                self._denied.discard(number)

    def _hear_denials(self, request: httpx.Request, response: httpx.Response) -> None:
        """An answer that leaves out what the platform holds under the number that was asked for."""
        wanted = json.loads(request.content).get("numeroFacture")
        if wanted is None or response.status_code != httpx.codes.OK:
            return
        if self.state.store.row("SELECT id FROM invoice WHERE number = ?", wanted) is None:
            return
        text = b"".join(response.stream).decode()  # type: ignore[arg-type]  # our own stream, which can be read again
        if json.dumps(wanted) not in text:
            self._denied.add(wanted)


class _Body(httpx.SyncByteStream):
    """An answer's body; a connection that ended in the middle of it raises at the end."""

    def __init__(self, parts: list[bytes], ended: type[httpx.TransportError] | None, request: httpx.Request) -> None:
        self._parts, self._ended, self._request = parts, ended, request

    def __iter__(self) -> Iterator[bytes]:
        yield from self._parts
        if self._ended is not None:
            raise self._ended("the connection ended", request=self._request)


def _run(application: ASGIApp, request: httpx.Request, connection: Connection) -> list[Message]:
    """One call through an ASGI application, without a loop: nothing in it waits for anything but us."""
    given: list[Message] = [{"type": "http.request", "body": request.read(), "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        return given.pop() if given else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    path = request.url.path
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": request.url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {"connection": connection},
    }
    call = application(scope, receive, send)
    assert isinstance(call, Coroutine)
    while True:
        try:
            call.send(None)
        except StopIteration:
            return sent
