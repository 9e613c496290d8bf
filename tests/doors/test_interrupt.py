"""Ctrl-C in the middle of a batch, in a process of its own over real HTTP: nothing under way is cut off."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from chorus_xl import simulator
from chorus_xl.build import Content, build_workbook
from chorus_xl.errors import ExitCode
from tests.bench import row, write_pdf
from tests.doors.test_commands import column, document, run, stand_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a child cannot be sent Ctrl-C there by itself")

NUMBERS = [f"F-{number}" for number in range(1, 13)]
SUBMIT = "factures/v1/soumettre"
SLOW = {"on": SUBMIT, "do": "delay", "seconds": 0.5, "every": 1}


@dataclass
class Terminal:
    """A terminal for a child's stderr; read as it is written, or the child would wait for it."""

    seen: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.ours, self.theirs = os.openpty()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                self.seen += os.read(self.ours, 4096)
            except OSError:  # nobody writes any more
                return

    def text(self) -> str:
        """All that was shown; call it when the child is gone."""
        os.close(self.theirs)
        self._reader.join()
        os.close(self.ours)
        return self.seen.decode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "mois.xlsm"
    content = Content([row(number) for number in NUMBERS], parameters={"supplier_siret": simulator.SUPPLIER_SIRET})
    build_workbook(file, content)
    for number in NUMBERS:
        write_pdf(tmp_path / f"{number}.pdf", number)
    run(tmp_path / "home", "fill", str(file))
    return file


def record(env: Mapping[str, str]) -> dict[str, Any]:
    """The stand-in's own record."""
    with urllib.request.urlopen(f"{env['CHORUS_XL_API_URL']}/_sim/record", timeout=30) as answer:  # noqa: S310 - loopback
        told: dict[str, Any] = json.load(answer)
    return told


@pytest.mark.parametrize("lost", [0, 1], ids=["all answered", "one answer lost"])
def test_the_first_ctrl_c_finishes_what_is_under_way_and_writes_the_sheet(
    tmp_path: Path, file: Path, lost: int
) -> None:
    faults = tmp_path / "faults.json"
    dead = {"on": SUBMIT, "do": "die_after", "nth": 2, "times": 1}
    faults.write_text(json.dumps([SLOW, dead] if lost else [SLOW]), encoding="utf-8")
    home, terminal = tmp_path / "home", Terminal()
    with stand_in(tmp_path / "elsewhere", "--faults", str(faults)) as env:
        press = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "chorus_xl", "deposit", str(file), "--yes"],
            env={**os.environ, **env, "CHORUS_XL_HOME": str(home), "CHORUS_XL_CONCURRENCY": "2", "TERM": "xterm"},
            stdout=subprocess.PIPE,
            stderr=terminal.theirs,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
        )
        while record(env)["calls"].get(SUBMIT, 0) < 4 and press.poll() is None:
            time.sleep(0.05)  # noqa: TID251 - waiting for another process
        press.send_signal(signal.SIGINT)
        said, _ = press.communicate(timeout=120)
        shown = terminal.text()
        after = record(env)
        states = column(file, "deposit_state")
        again = run(home, "deposit", str(file), "--yes", "--json", env=env)
        settled = record(env)

    assert press.returncode == ExitCode.PLATFORM, said
    assert "[CX411]" in said
    assert "Arrêt demandé" in shown
    assert "Dépôt" in shown
    assert "0:00:" in shown  # the time that is left
    assert 4 <= len(after["submissions"]) <= 4 + 2
    assert len(after["acceptances"]) == len(after["submissions"])
    assert states.count("Déposée") == len(after["acceptances"]) - lost
    assert states.count("Envoi incertain") == lost
    assert states.count("À déposer") == len(NUMBERS) - len(after["acceptances"])
    assert document(again)["summary"]["deposited"] == len(NUMBERS)
    assert sorted(accepted["number"] for accepted in settled["acceptances"]) == sorted(NUMBERS)
    assert len(settled["submissions"]) == len(NUMBERS)


def test_a_second_ctrl_c_says_what_it_left_and_the_next_press_goes_on_from_there(tmp_path: Path, file: Path) -> None:
    faults = tmp_path / "faults.json"
    faults.write_text(json.dumps([{**SLOW, "seconds": 8}]), encoding="utf-8")
    home, terminal = tmp_path / "home", Terminal()
    with stand_in(tmp_path / "elsewhere", "--faults", str(faults)) as env:
        press = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "chorus_xl", "deposit", str(file), "--yes", "--json"],
            env={**os.environ, **env, "CHORUS_XL_HOME": str(home), "CHORUS_XL_CONCURRENCY": "2", "TERM": "xterm"},
            stdout=subprocess.PIPE,
            stderr=terminal.theirs,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
        )
        while record(env)["calls"].get(SUBMIT, 0) < 2 and press.poll() is None:
            time.sleep(0.05)  # noqa: TID251 - waiting for another process
        press.send_signal(signal.SIGINT)
        while "Arrêt demandé" not in terminal.seen.decode(errors="replace") and press.poll() is None:
            time.sleep(0.05)  # noqa: TID251 - as above
        press.send_signal(signal.SIGINT)
        said, _ = press.communicate(timeout=120)
        shown = terminal.text()
    with stand_in(tmp_path / "elsewhere") as env:
        again = run(home, "deposit", str(file), "--yes", "--json", env=env)
        settled = record(env)

    stopped = json.loads(said)["summary"]["stopped"]
    assert press.returncode == ExitCode.PLATFORM, shown
    assert stopped["code"] == "CX450"
    assert stopped["message"] in " ".join(shown.split())
    assert "Actualiser" in shown
    assert "Traceback" not in shown
    assert document(again)["summary"]["deposited"] == len(NUMBERS)
    assert sorted(accepted["number"] for accepted in settled["acceptances"]) == sorted(NUMBERS)
