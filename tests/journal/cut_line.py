"""A line to a PostgreSQL server that breaks, when told to, at the commit of a line of the journal.

``before``: the commit never arrives. ``during``: it arrives, and may still be under way when the client hears that the
line is gone. ``after``: it is done, and its answer is lost.
"""

import socket
from contextlib import ExitStack, suppress
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Literal, Self

Moment = Literal["before", "during", "after"]


class CutLine:
    """Listens on ``port`` and passes everything on, both ways, until a break is due."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._due: list[Moment | None] = []
        self._lock = Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _close(self._listener)
        self._listener.close()

    def cut(self, *moments: Moment | None) -> None:
        """Break at the next commits, one for each moment; at ``None``, let one pass."""
        with self._lock:
            self._due += moments

    def _listen(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with ExitStack() as stack, suppress(OSError):
            stack.enter_context(client)
            server = stack.enter_context(socket.create_connection(("127.0.0.1", self._server_port)))
            is_cut = Event()
            back = Thread(target=_carry_back, args=(server, client, is_cut), daemon=True)
            back.start()
            has_written = False
            while chunk := client.recv(65536):
                has_written = has_written or b"INSERT INTO entries" in chunk
                moment = self._next() if has_written and b"COMMIT\0" in chunk else None
                if moment == "after":
                    is_cut.set()
                elif moment:
                    _close(client)
                if moment != "before":
                    server.sendall(chunk)
            if not is_cut.is_set():
                _close(server)
            back.join(30)

    def _next(self) -> Moment | None:
        with self._lock:
            return self._due.pop(0) if self._due else None


def _carry_back(server: socket.socket, client: socket.socket, is_cut: Event) -> None:
    with suppress(OSError):
        while (chunk := server.recv(65536)) and not is_cut.is_set():
            client.sendall(chunk)
    _close(client)
    _close(server)


def _close(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
