"""The process is really killed, before and after every effect of a batch; then pressed again to the end.

The stand-in answers over real HTTP from this process, which outlives the one that is killed. What counts is its own
record: a number is submitted never again once it was accepted, and in the end every number was.
"""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chorus_xl import bootstrap, simulator
from chorus_xl.build import Content, build_workbook
from chorus_xl.settings import load
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.fill import fill
from chorus_xl.workbook.closed import ClosedWorkbook
from tests.bench import row, write_pdf

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = ("F-1", "F-2")
EFFECTS = 1 + 4 * len(NUMBERS) + 2  # supplier (and its token), upload, intent, deposit, outcome; sheet and file
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")

WORLDS = [(at, when) for at in range(1, EFFECTS + 1) for when in ("before", "after")]


@dataclass
class World:
    """A workbook, a home folder and a Chorus Pro of its own."""

    file: Path
    variables: dict[str, str]
    server: simulator.Server

    def press_and_die(self, at: int, when: str, order: str) -> subprocess.CompletedProcess[str]:
        """Déposer in a process of its own, killed at that effect."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CHORUS_XL_")}
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "tests.crash.child", str(self.file), str(at), when, order],
            cwd=ROOT,
            env={**clean, **self.variables},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def press(self, later: float) -> None:
        """Déposer here, that many seconds from now."""

        def clock() -> datetime:
            return bootstrap.now() + timedelta(seconds=later)

        deposit(bootstrap.office(self.file, load(self.variables), clock=clock), lambda _: True)

    def record(self) -> dict[str, Any]:
        """The stand-in's own record."""
        with urllib.request.urlopen(f"{self.server.url}/_sim/record", timeout=30) as answer:  # noqa: S310 - loopback
            record: dict[str, Any] = json.load(answer)
        return record

    def sent_again(self) -> list[str]:
        """Numbers that were submitted although the platform had accepted them already."""
        accepted: set[str] = set()
        again = []
        for submission in self.record()["submissions"]:
            if submission["number"] in accepted:
                again.append(submission["number"])
            if submission["return_code"] == 0:
                accepted.add(submission["number"])
        return again

    def states(self) -> list[object]:
        """What the sheet says."""
        sheets = ClosedWorkbook(self.file, backups=None, today=lambda: bootstrap.now().date()).read()
        return list(sheets.invoices.frame["deposit_state"])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    file = tmp_path / "ChorusInvoices.xlsm"
    rows = [row(number) for number in NUMBERS]
    build_workbook(file, Content(rows, parameters={"supplier_siret": simulator.SUPPLIER_SIRET}, spare_rows=0))
    for number in NUMBERS:
        write_pdf(tmp_path / f"{number}.pdf", number)
    with simulator.Server() as server:
        variables = {
            "CHORUS_XL_HOME": str(tmp_path / "home"),
            "CHORUS_XL_OAUTH_URL": server.token_url,
            "CHORUS_XL_API_URL": server.url,
            "CHORUS_XL_CLIENT_ID": simulator.CLIENT_ID,
            "CHORUS_XL_CLIENT_SECRET": simulator.CLIENT_SECRET,
            "CHORUS_XL_TECH_LOGIN": simulator.TECH_LOGIN,
            "CHORUS_XL_TECH_PASSWORD": simulator.TECH_PASSWORD,
        }
        (tmp_path / "home").mkdir()
        fill(bootstrap.office(file, load(variables)))
        yield World(file, variables, server)


def test_a_batch_has_as_many_effects_as_the_worlds_are_made_for(world: World) -> None:
    done = world.press_and_die(0, "before", "right")

    assert done.stdout.strip() == str(EFFECTS), done.stderr


@pytest.mark.parametrize(("at", "when"), WORLDS, ids=str)
def test_a_killed_press_loses_nothing_and_sends_nothing_twice(world: World, at: int, when: str) -> None:
    done = world.press_and_die(at, when, "right")
    assert done.returncode == -signal.SIGKILL, done.stderr

    for later in (0, 400, 800):  # a look-up once no call can be under way, and another one a settling delay later
        world.press(later)

    assert world.sent_again() == []
    assert sorted(accepted["number"] for accepted in world.record()["acceptances"]) == sorted(NUMBERS)
    assert world.states() == ["Déposée"] * len(NUMBERS)


def test_the_harness_sees_an_intent_that_is_committed_too_late(world: World) -> None:
    effects_until_the_first_deposit = 1 + 3
    done = world.press_and_die(effects_until_the_first_deposit, "after", "late")
    assert done.returncode == -signal.SIGKILL, done.stderr

    world.press(0)

    assert world.sent_again() == [NUMBERS[0]]
