"""The command line as a process that can be killed at any of its effects: a line on stdin asks for one, and says where.

Rule 1: each asking is a fork of this process, which holds no thread and no connection; what is killed is a real
        process, with SIGKILL, in the middle of the real command. What one imported is imported before the next fork.
Rule 2: an effect is a call on the wire (the token's too), a commit of the journal, the write of the sheet, the
        replacement of a file. ``before`` is with all of it ready and nothing of it done, ``after`` with all of it done.
Rule 3: the effects that were reached are told by their names, so that the worlds can be counted and named.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from typing import Any

import httpx
from sqlalchemy import Connection, Engine

from chorus_xl import bootstrap, cli
from chorus_xl.journal import engine, store
from chorus_xl.simulator.operations import operation_of
from chorus_xl.workbook import closed
from tests.crash.late import LateJournal

_IMPORTED = "import:"
_CRASHED = 70


@dataclass(frozen=True)
class Asked:
    """One command: its words, its variables, and the effect at which it dies; at 0 it lives.

    Attributes:
        later: seconds by which its clock is ahead.
        order: ``right``, or ``late``: the intent committed after the call.
    """

    words: list[str]
    variables: dict[str, str]
    at: int = 0
    when: str = "before"
    order: str = "right"
    later: float = 0.0


@dataclass(frozen=True)
class Ended:
    """The exit code, or minus the signal; and the effects on the way, the last one included."""

    status: int
    effects: list[str] = field(default_factory=list)


class Fuse:
    """Kills this process at its n-th effect."""

    def __init__(self, at: int, when: str, told: int) -> None:
        self._at, self._when, self._told, self._count = at, when, told, 0

    @contextmanager
    def effect(self, name: str) -> Iterator[None]:
        self._count += 1
        os.write(self._told, f"{name}\n".encode())
        is_here = self._count == self._at
        if is_here and self._when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        yield
        if is_here:
            os.kill(os.getpid(), signal.SIGKILL)


def lay(fuse: Fuse) -> None:
    """Lead every effect of this process through the fuse."""
    calls, replaces, begins = httpx.HTTPTransport.handle_request, os.replace, engine.transaction
    writes = closed.ClosedWorkbook.write

    def call(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        with fuse.effect(operation_of(request.url.path) or request.url.path):
            return calls(self, request)

    def replace(source: Any, target: Any) -> None:  # noqa: ANN401 - as the system has it
        with fuse.effect("file"):
            replaces(source, target)

    def write(self: closed.ClosedWorkbook, *words: Any) -> Any:  # noqa: ANN401 - passed on
        with fuse.effect("sheet"):
            return writes(self, *words)

    @contextmanager
    def transaction(database: Engine, *, write: bool) -> Iterator[Connection]:
        if not write:
            with begins(database, write=write) as connection:
                yield connection
            return
        effect = fuse.effect("commit")
        with begins(database, write=write) as connection:
            yield connection
            effect.__enter__()  # all is said, and nothing committed
        effect.__exit__(None, None, None)

    for home, name, ours in (
        (httpx.HTTPTransport, "handle_request", call),
        (closed.ClosedWorkbook, "write", write),
        (os, "replace", replace),
        (engine, "transaction", transaction),
    ):
        setattr(home, name, ours)


def press(asked: Asked, told: int) -> None:
    """The command itself, in a process of its own."""
    os.environ.update(asked.variables)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())  # what is about to be done, for whoever watches a real one
    if asked.order == "late":
        store.SqlJournal = LateJournal  # type: ignore[misc]
    lay(Fuse(asked.at, asked.when, told))
    bootstrap.office = partial(bootstrap.office, clock=_ahead(asked.later))
    sys.argv = ["chorus-xl", *asked.words]
    cli.main()


def _ahead(seconds: float) -> Callable[[], datetime]:
    return lambda: bootstrap.now() + timedelta(seconds=seconds)


def fork(asked: Asked) -> Ended:
    """Let a child press, and say how it ended."""
    reading, writing = os.pipe()
    known = set(sys.modules)
    child = os.fork()
    if child == 0:
        code = _CRASHED
        try:
            press(asked, writing)
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            os.write(writing, "".join(f"{_IMPORTED}{name}\n" for name in sys.modules if name not in known).encode())
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as stream:
        lines = stream.read().split()
    _, status = os.waitpid(child, 0)
    for line in lines:
        if line.startswith(_IMPORTED):
            import_module(line.removeprefix(_IMPORTED))
    return Ended(os.waitstatus_to_exitcode(status), [line for line in lines if not line.startswith(_IMPORTED)])


def main() -> None:
    """Until stdin ends."""
    for line in sys.stdin:
        print(json.dumps(asdict(fork(Asked(**json.loads(line))))), flush=True)  # noqa: T201 - what the parent waits for


if __name__ == "__main__":
    main()
