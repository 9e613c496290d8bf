"""Who asks the child to press, and with which variables."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from chorus_xl import simulator
from tests.crash.child import Asked, Ended

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def children() -> Iterator[Callable[[Asked], Ended]]:
    """A child that presses what it is asked to, for as long as the block lasts."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CHORUS_XL_")}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.crash.child"],
        cwd=ROOT,
        env={**clean, "OPENBLAS_NUM_THREADS": "1"},  # a process that forks has no threads
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        def ask(asked: Asked) -> Ended:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(asdict(asked)) + "\n")
            process.stdin.flush()
            return Ended(**json.loads(process.stdout.readline()))

        try:
            yield ask
        finally:
            process.kill()


def variables(server: simulator.Server, home: Path) -> dict[str, str]:
    """The environment of a press on that stand-in."""
    return {
        "CHORUS_XL_HOME": str(home),
        "CHORUS_XL_OAUTH_URL": server.token_url,
        "CHORUS_XL_API_URL": server.url,
        "CHORUS_XL_CLIENT_ID": simulator.CLIENT_ID,
        "CHORUS_XL_CLIENT_SECRET": simulator.CLIENT_SECRET,
        "CHORUS_XL_TECH_LOGIN": simulator.TECH_LOGIN,
        "CHORUS_XL_TECH_PASSWORD": simulator.TECH_PASSWORD,
        "CHORUS_XL_CONCURRENCY": "1",  # effects come in one order
    }
