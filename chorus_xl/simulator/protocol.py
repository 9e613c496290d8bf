"""How the stand-in sits on uvicorn: a protocol that can be cut, and a server that stops at once.

1. The protocol puts itself into the ASGI state, so that ``line`` can drop the very connection a call came by.
2. The server does not wait for calls in progress when it is told to stop: what was committed is committed.
"""

import asyncio
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

_POLL_SECONDS = 0.1
# SO_LINGER switched on with zero seconds; Windows has two shorts where others have two ints.
_RESET_ON_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class CuttableProtocol(H11Protocol):
    """HTTP/1.1 on a connection that a fault may close at any moment."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, {**app_state, "connection": self}, _loop)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Answer at once: head and body are two writes, and Nagle's algorithm would hold the second one back."""
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def drop(self, *, reset: bool) -> None:
        """Close now, unsent bytes lost; with a TCP reset in place of a farewell if asked for."""
        if reset:
            connection = self.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.transport.abort()

    def close(self) -> None:
        """Close once everything written has been sent."""
        self.transport.close()


class StoppableServer(uvicorn.Server):
    """A uvicorn that can be stopped from another thread."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self._on_ready()

    async def main_loop(self) -> None:
        """Serve until a signal (seen at the next poll) or another thread (seen at once) says stop."""
        await self.on_tick(0)
        while not (self.should_exit or self._stop.is_set()):
            try:
                await asyncio.wait_for(self._stop.wait(), _POLL_SECONDS)
            except TimeoutError:
                continue

    def stop_from_outside(self) -> None:
        """Stop; may be called from any thread once the server is ready."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything at once."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # lets the connections hear that they are closed
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for server in self.servers:
            await server.wait_closed()
