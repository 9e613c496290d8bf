"""Acts over real HTTP on the stand-in, with answers that get lost; its own record says how often each was done."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from chorus_xl import bootstrap, simulator
from chorus_xl.build import Content, build_workbook
from chorus_xl.domain.sheets import CellValue, Changes, TableChange
from chorus_xl.settings import load
from chorus_xl.steps.act import act
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.fill import fill
from chorus_xl.steps.office import Office, Report
from chorus_xl.steps.refresh import refresh
from chorus_xl.workbook.closed import ClosedWorkbook
from tests.bench import EAU, PRINCIPAL, row, write_pdf
from tests.steps.acting import agree, codes

ACTS = {
    "completer": ("SUSPENDUE", "attachments", "bon.pdf"),
    "traiterRejet": ("REJETEE", "comment", None),
    "recycler": ("A_RECYCLER", "budget", "Grand Belfort – Budget principal"),
}
FAULTS: dict[str, dict[str, Any]] = {
    "the answer is lost after": {"do": "die_after"},
    "the answer is lost before": {"do": "die_before"},
    "half of an answer": {"do": "half_reply"},
    "503 after": {"do": "status_after", "code": 503},
    "504 and nothing done": {"do": "status", "code": 504},
    "429": {"do": "status", "code": 429},
    "401": {"do": "status", "code": 401},
    "an empty 400": {"do": "empty_400"},
    "a web page after": {"do": "html", "when": "after"},
}


@dataclass
class World:
    """A workbook whose one invoice waits for an act, and a Chorus Pro of its own."""

    file: Path
    variables: dict[str, str]
    server: simulator.Server

    def office(self, later: float = 0.0) -> Office:
        def clock() -> datetime:
            return bootstrap.now() + timedelta(seconds=later)

        return bootstrap.office(self.file, load(self.variables), clock=clock)

    def press(self, later: float = 0.0) -> Report:
        return act(self.office(later), agree)

    def pull(self, lever: str, **given: object) -> None:
        httpx.post(f"{self.server.url}/_sim/{lever}", json=given).raise_for_status()

    def acts(self) -> list[tuple[str, str, str]]:
        """What was done: operation, number, occasion."""
        record = httpx.get(f"{self.server.url}/_sim/record").json()
        return [(a["operation"], a["number"], a["occasion"]) for a in record["acts"] if a["return_code"] == 0]

    def type_into(self, attribute: str, values: list[CellValue]) -> None:
        workbook = ClosedWorkbook(self.file, backups=None, today=lambda: bootstrap.now().date())
        sheets = workbook.read()
        rows = [int(line) for line in sheets.invoices.rows]
        workbook.write(sheets, Changes((TableChange("tblFactures", rows, {attribute: values}),)))

    def column(self, attribute: str) -> list[object]:
        workbook = ClosedWorkbook(self.file, backups=None, today=lambda: bootstrap.now().date())
        return workbook.read().invoices.cells(attribute)

    def put(self, status: str) -> None:
        """The buyer's move, and Actualiser."""
        self.pull("status", number="F-1", status=status, comment="Motif")
        refresh(self.office())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    file = tmp_path / "ChorusInvoices.xlsm"
    build_workbook(file, Content([row("F-1")], parameters={"supplier_siret": simulator.SUPPLIER_SIRET}, spare_rows=2))
    for name in ("F-1", "bon", "photo"):
        write_pdf(tmp_path / f"{name}.pdf", name)
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
        world = World(file, variables, server)
        fill(world.office())
        deposit(world.office(), agree)
        yield world


def waiting(world: World, operation: str) -> None:
    """The invoice waits for that act, and its row says what to send."""
    status, column, value = ACTS[operation]
    world.put(status)
    world.type_into(column, [value])


def settled(world: World) -> None:
    """Presses until nothing is left to look up."""
    for later in (0, 400, 800):
        world.press(later)


@pytest.mark.parametrize("operation", ACTS)
def test_an_act_is_done_once_and_read_back(world: World, operation: str) -> None:
    waiting(world, operation)

    first, second = world.press(), world.press()

    [(done, number, occasion)] = world.acts()
    assert (done, number, occasion.partition(" ")[0]) == (operation, "F-1", ACTS[operation][0])
    assert [found for found in codes(first) if found != "CX381"] == []
    assert codes(second) == []
    assert world.column("recipient_siret")[0] == (PRINCIPAL if operation == "recycler" else EAU)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("operation", ACTS)
def test_a_lost_answer_is_looked_up_and_the_act_is_done_once(world: World, operation: str, fault: str) -> None:
    waiting(world, operation)
    world.pull("fault", on=f"factures/v1/{operation}", **FAULTS[fault])

    settled(world)

    assert [(done, number) for done, number, _ in world.acts()] == [(operation, "F-1")]
    assert len(world.column("invoice_number")) == (2 if operation == "traiterRejet" else 1)


def test_a_second_suspension_is_completed_again_with_what_is_new(world: World) -> None:
    waiting(world, "completer")
    world.press()
    world.put("SUSPENDUE")
    world.type_into("attachments", ["bon.pdf; photo.pdf"])

    world.press()
    world.press()

    occasions = [occasion for _, _, occasion in world.acts()]
    assert len(occasions) == len(set(occasions)) == 2


def test_two_presses_at_once_on_two_pcs_act_once(world: World) -> None:
    waiting(world, "completer")
    presses: list[Callable[[], Report]] = [world.press, world.press]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_quietly, presses))
    settled(world)

    assert [(done, number) for done, number, _ in world.acts()] == [("completer", "F-1")]


def _quietly(press: Callable[[], Report]) -> None:
    """A press that may find the workbook being written by the other."""
    report = press()
    assert report.stopped is None or report.stopped.code.startswith("CX1")


def test_a_refusal_is_shown_in_the_platforms_words(world: World) -> None:
    waiting(world, "completer")
    # between the look and the call the buyer moves on: only the platform can say so
    world.pull("fault", on="transverses/v1/ajouter/fichier", do="delay", seconds=1)
    with ThreadPoolExecutor(1) as pool:
        pressed = pool.submit(world.press)
        _wait_for_upload(world)
        world.pull("status", number="F-1", status="MISE_A_DISPOSITION")
        report = pressed.result()

    assert codes(report)[-1] == "CX370"
    assert any("GDP_MSG_11.033" in finding.params.get("label", "") for line in report.rows for finding in line.findings)
    assert world.acts() == []


def _wait_for_upload(world: World) -> None:
    """Until the second upload has come in: the first one was the deposit's."""
    for _ in range(500):
        calls = httpx.get(f"{world.server.url}/_sim/record").json()["calls"]
        if calls.get("transverses/v1/ajouter/fichier", 0) > 1:
            return
    pytest.fail("no upload came")
