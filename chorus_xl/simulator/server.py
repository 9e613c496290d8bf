"""Serving the stand-in: in a thread of the caller's process, or as a process of its own.

1. Both listen on a real port; nothing is short-circuited.
2. The web server is imported when a stand-in starts, not before.
3. A kill fault is for the process of its own: an embedded stand-in would take its host along.
"""

import socket
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from chorus_xl.simulator import follow
from chorus_xl.simulator.faults import FaultDesk, FaultScript
from chorus_xl.simulator.state import State

if TYPE_CHECKING:
    from chorus_xl.simulator.protocol import StoppableServer

_BACKLOG = 512
_STARTING_SECONDS = 0.5


def _listen(host: str, port: int) -> tuple[socket.socket, str]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    shown = f"[{host}]" if family == socket.AF_INET6 else host
    return listener, f"http://{shown}:{listener.getsockname()[1]}"


def _server(
    state: State,
    faults: FaultScript | None,
    *,
    may_kill: bool,
    on_ready: Callable[[], None],
) -> "StoppableServer":
    import uvicorn  # noqa: PLC0415  # only a stand-in that starts pays for it

    from chorus_xl.simulator import app  # noqa: PLC0415  # only a stand-in that starts pays for it
    from chorus_xl.simulator.protocol import CuttableProtocol, StoppableServer  # noqa: PLC0415  # as above

    desk = FaultDesk(faults.rules if faults else ())
    config = uvicorn.Config(
        app.build(state, desk, may_kill=may_kill),
        http=CuttableProtocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    return StoppableServer(config, on_ready)


class Server:
    """A stand-in in a daemon thread, for tests and ``rehearse``: ``with Server() as server: server.url``.

    Raises:
        ValueError: the supplier's SIRET has not 14 digits, the script kills, or the state file is not ours.
        OSError: the port is taken.
    """

    def __init__(
        self,
        state_path: Path | None = None,
        *,
        faults: FaultScript | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        now: Callable[[], datetime] | None = None,
        supplier_siret: str | None = None,
    ) -> None:
        if faults is not None and faults.kills:
            raise ValueError("An embedded stand-in cannot be killed; it would take its host along.")
        self.url = ""
        self.token_url = ""
        self._state_path = state_path
        self._faults = faults
        self._address = (host, port)
        self._now = now
        self._supplier_siret = supplier_siret
        self._state: State | None = None
        self._running: StoppableServer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Start; on return the port answers."""
        ready = threading.Event()
        state = State(self._state_path, now=self._now, supplier_siret=self._supplier_siret)
        try:
            running = _server(state, self._faults, may_kill=False, on_ready=ready.set)
            listener, self.url = _listen(*self._address)
        except BaseException:
            state.close()
            raise
        self.token_url = f"{self.url}/api/oauth/token"
        self._state, self._running = state, running
        self._thread = threading.Thread(
            target=lambda: running.run(sockets=[listener]),
            name="chorus-pro-stand-in",
            daemon=True,
        )
        self._thread.start()
        while not ready.wait(_STARTING_SECONDS):
            if not self._thread.is_alive():
                state.close()
                raise RuntimeError("the stand-in did not start")
        return self

    def let_time_pass(self, steps: int) -> None:
        """Move every open invoice that many steps along its life, as the lever ``advance`` does."""
        if self._state is not None:
            follow.advance(self._state, steps, 0, None)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop at once; calls in progress are cut off."""
        if self._running is not None and self._thread is not None:
            self._running.stop_from_outside()
            self._thread.join()
        if self._state is not None:
            self._state.close()


def serve(
    host: str,
    port: int,
    state_path: Path | None,
    faults: FaultScript | None,
    *,
    supplier_siret: str | None = None,
    on_ready: Callable[[str], None],
) -> None:
    """Serve until Ctrl-C; ``on_ready`` is told the URL once the port answers.

    Raises:
        ValueError: the supplier's SIRET has not 14 digits, or the state file is not ours.
        OSError: the port is taken.
    """
    state = State(state_path, supplier_siret=supplier_siret)
    try:
        listener, url = _listen(host, port)
        server = _server(state, faults, may_kill=True, on_ready=lambda: on_ready(url))
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return
    finally:
        state.close()
