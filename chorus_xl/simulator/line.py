"""The line between client and platform: it counts calls, stamps answers, and breaks where the script says so.

1. Every answer carries an ``x-correlationid``, also those that a fault makes up.
2. Faults "after" let the platform process and commit, and throw its answer away; "before" never shows it the call.
3. A connection is really closed: the protocol under uvicorn hands itself down in ``scope["state"]["connection"]``.
   The whole request is read first, so that the client has sent all of it, as when a server dies while at work.
   A delayed call is processed even if its caller has stopped waiting.
4. Knows nothing of invoices. A crash of the stand-in itself is logged, never swallowed.
"""

import asyncio
import logging
import os
import uuid
from http import HTTPStatus
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chorus_xl.simulator import gateway, operations
from chorus_xl.simulator.faults import FaultDesk, FaultRule
from chorus_xl.simulator.levers import CALL_PREFIX
from chorus_xl.simulator.refusals import Refusal
from chorus_xl.simulator.state import State

KILLED = 137  # the exit code of a process ended by SIGKILL

_PAGE = "<!doctype html><title>Service indisponible</title><p>Le service est momentanément indisponible.</p>"
_AFTER = frozenset({"die_after", "status_after", "half_reply"})

logger = logging.getLogger(__name__)


class Line:
    """The outermost layer of the stand-in."""

    def __init__(self, app: ASGIApp, state: State, desk: FaultDesk) -> None:
        self._app = app
        self._state = state
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        correlation = str(uuid.uuid4()).encode()

        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"x-correlationid", correlation)]
            await send(message)

        operation = operations.operation_of(scope["path"])
        if operation is None:
            await self._process(scope, receive, stamped)
            return
        self._state.store.bump(CALL_PREFIX + operation)
        seconds, rule = self._desk.next(operation)
        if not seconds and rule is None:
            await self._process(scope, receive, stamped)
            return
        body = await _read_all(receive)
        if body is None:
            return
        await asyncio.sleep(seconds)
        if rule is None:
            await self._process(scope, _replay(body), stamped)
        else:
            await self._break(rule, scope, body, receive, stamped)

    async def _process(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except ClientDisconnect:
            return  # the caller left in the middle of its own request
        except Exception:
            logger.exception("the stand-in itself failed on %s", scope["path"])

    async def _break(self, rule: FaultRule, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        answer: list[Message] = []
        if rule.do in _AFTER or (rule.do in ("html", "kill") and rule.when == "after"):
            answer = await self._processed(scope, body)
        if rule.do == "kill":
            os._exit(KILLED)
        elif rule.do in ("die_before", "die_after"):
            scope["state"]["connection"].drop(reset=rule.reset)
            await _until_gone(receive)
        elif rule.do == "half_reply":
            await _send_half(answer, send)
            scope["state"]["connection"].close()
            await _until_gone(receive)
        else:
            await _made_up(rule)(scope, receive, send)

    async def _processed(self, scope: Scope, body: bytes) -> list[Message]:
        answer: list[Message] = []

        async def send(message: Message) -> None:
            answer.append(message)

        await self._process(scope, _replay(body), send)
        return answer


def _replay(body: bytes) -> Receive:
    given: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return given.pop() if given else {"type": "http.disconnect"}

    return receive


async def _read_all(receive: Receive) -> bytes | None:
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_half(answer: list[Message], send: Send) -> None:
    # The head promises the whole length; half of the body follows, and then nothing.
    await send(answer[0])
    whole = b"".join(message.get("body", b"") for message in answer[1:])
    await send({"type": "http.response.body", "body": whole[: len(whole) // 2], "more_body": True})


def _made_up(rule: FaultRule) -> Response:
    if rule.do == "invalid_client":
        return gateway.invalid_client()
    if rule.do == "html":
        return HTMLResponse(_PAGE)
    if rule.do == "empty_400":
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    headers: dict[str, str] = {}
    if rule.code == HTTPStatus.UNAUTHORIZED:
        headers.update(gateway.unauthorized().headers)
        headers.pop("content-length")
    if rule.retry_after is not None:
        headers["retry-after"] = str(rule.retry_after)
    bodies: dict[str, Any] = {
        "empty": lambda: Response(status_code=rule.code, headers=headers),
        "html": lambda: HTMLResponse(_PAGE, rule.code, headers),
        "json": lambda: JSONResponse(Refusal.TECHNICAL_FAILURE.envelope(), rule.code, headers),
    }
    made: Response = bodies[rule.body]()
    return made
