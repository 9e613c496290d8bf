"""The stand-in as a process of its own: killed, stopped, started again."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from chorus_xl.simulator import Server
from chorus_xl.simulator.line import KILLED
from tests.simulator.caller import SUBMIT, Caller

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from pathlib import Path
from chorus_xl.simulator import load_faults, serve
state, faults = Path(sys.argv[1]), load_faults(Path(sys.argv[2]))
serve("127.0.0.1", 0, state, faults, on_ready=lambda url: print(url, flush=True))
print("stopped", flush=True)
"""

Start = Callable[..., tuple[subprocess.Popen[str], Caller]]


class Elsewhere(Server):
    """The address of a stand-in in another process."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.token_url = f"{url}/api/oauth/token"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[tuple[subprocess.Popen[str], Caller]] = []

    def begin(*rules: dict[str, object]) -> tuple[subprocess.Popen[str], Caller]:
        faults = tmp_path / "faults.json"
        faults.write_text(json.dumps(rules), encoding="utf-8")
        paths = os.pathsep.join([str(ROOT), *sys.path])
        process = subprocess.Popen(  # noqa: S603  # our own program, fixed arguments
            [sys.executable, "-c", PROGRAM, str(tmp_path / "state.sqlite"), str(faults)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths},
        )
        assert process.stdout is not None
        started.append((process, Caller(Elsewhere(process.stdout.readline().strip()))))
        return started[-1]

    yield begin
    for process, caller in started:
        caller.http.close()
        process.kill()
        process.communicate()


@pytest.mark.parametrize(("when", "kept"), [("before", []), ("after", ["FA-1"])])
def test_a_kill_fault_ends_the_process_and_keeps_what_was_committed(start: Start, when: str, kept: list[str]) -> None:
    process, caller = start({"on": SUBMIT, "do": "kill", "when": when})
    with pytest.raises(httpx.TransportError):
        caller.submit("FA-1")

    assert process.wait(10) == KILLED
    _, again = start()
    assert [acceptance["number"] for acceptance in again.record()["acceptances"]] == kept


def test_a_kill_may_be_ordered_by_lever(start: Start) -> None:
    process, caller = start()
    caller.pull("fault", on=SUBMIT, do="kill")

    with pytest.raises(httpx.TransportError):
        caller.submit("FA-1")
    assert process.wait(10) == KILLED


def test_what_was_answered_survives_the_death_of_the_process(start: Start) -> None:
    process, caller = start()
    accepted = caller.submit("FA-1")["identifiantFactureCPP"]
    process.kill()
    process.wait(10)

    _, again = start()

    assert [(row["numeroFacture"], row["identifiantFactureCPP"]) for row in again.found()] == [("FA-1", accepted)]


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise on Windows")
def test_ctrl_c_stops_cleanly(start: Start) -> None:
    process, caller = start()
    caller.token()

    process.send_signal(signal.SIGINT)

    output, _ = process.communicate(timeout=10)
    assert (process.returncode, output) == (0, "stopped\n")
