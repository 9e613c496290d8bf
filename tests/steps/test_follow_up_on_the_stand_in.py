"""Following up over a real port: pages, calls counted by the platform itself, and who moved an invoice."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from chorus_xl import simulator
from chorus_xl.chorus.client import ChorusClient, Credentials, Endpoints
from chorus_xl.domain.invoice import Passage
from chorus_xl.secret import Secret
from tests.bench import EAU, START, SUPPLIER, Clock
from tests.steps.following import FIRST_ID, Desk, know, make_journal

SEARCH, HISTORY = "factures/v1/rechercher/fournisseur", "factures/v1/consulter/historique"
DEPOSITED = date(2026, 11, 23)
AT = "2026-11-23T09:00:00.000000+00:00"


class StandIn(Desk):
    """A desk whose platform is the stand-in, holding as many invoices as the journal knows."""

    server: simulator.Server
    http: httpx.Client
    state: Path

    def pull(self, lever: str, **values: object) -> None:
        self.http.post(f"{self.server.url}/_sim/{lever}", json=values).raise_for_status()

    def counted(self) -> dict[str, int]:
        """Calls of each operation so far."""
        calls: dict[str, int] = self.http.get(f"{self.server.url}/_sim/record").json()["calls"]
        return {name: calls.get(name, 0) for name in (SEARCH, HISTORY)}

    def press_and_count(self) -> tuple[int, int]:
        """Searches and histories of one more press."""
        before = self.counted()
        self.press()
        after = self.counted()
        return after[SEARCH] - before[SEARCH], after[HISTORY] - before[HISTORY]


def fill(state: Path, count: int) -> None:
    """Invoices as their deposits would have left them, without uploading a thousand files."""
    with sqlite3.connect(state) as db:
        for index in range(count):
            db.execute(
                "INSERT INTO invoice VALUES (?, 26000001, ?, ?, 26000102, ?, NULL, 'FACTURE', 'A1', 'DEPOT_PDF_API', "
                "'2026-11-02', ?, 100, 120, 120, 'EUR', NULL, NULL, NULL, '{}', 'DEPOSEE', ?, NULL, 0, 'held', 0, 0, "
                "0, ?, ?)",
                (FIRST_ID + index, f"F-{index}", SUPPLIER, EAU, DEPOSITED.isoformat(), AT, AT, AT),
            )
            db.execute("INSERT INTO history (invoice_id, status, at) VALUES (?, 'DEPOSEE', ?)", (FIRST_ID + index, AT))
    db.close()


@pytest.fixture
def stand_in(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[StandIn]:
    """The stand-in and the journal hold as many invoices as the test asks for."""
    count, clock = int(request.param), Clock()
    state = tmp_path / "state.sqlite"
    with simulator.Server(state, now=lambda: START) as server, make_journal(tmp_path, clock) as journal:
        fill(state, count)
        for index in range(count):
            know(journal, index)
        clock.pass_(3600)
        credentials = Credentials(
            simulator.CLIENT_ID,
            Secret(simulator.CLIENT_SECRET),
            simulator.TECH_LOGIN,
            Secret(simulator.TECH_PASSWORD),
        )
        with ChorusClient(
            Endpoints(server.token_url, server.url),
            credentials,
            supplier_siret=SUPPLIER,
            now=clock,
            sleep=lambda _: None,
            call_interval=0.0,
            timeout=5.0,
        ) as client:
            desk = StandIn(journal, client, clock)
            desk.server, desk.state = server, state
            with httpx.Client() as desk.http:
                yield desk


@pytest.mark.parametrize(
    ("stand_in", "pages"), [(11, 1), (101, 2), (1001, 11)], indirect=["stand_in"], ids=["11", "101", "1001"]
)
def test_all_pages_are_read_with_a_call_for_a_hundred(stand_in: StandIn, pages: int) -> None:
    count = len(stand_in.journal.records())

    assert stand_in.press_and_count() == (pages, count)  # each history, the first time
    records = stand_in.journal.records().values()
    assert {record.chorus_status for record in records} == {"DEPOSEE"}
    assert all(record.status_since is not None and len(record.passages) == 1 for record in records)

    assert stand_in.press_and_count() == (pages, 0)  # nothing changed

    stand_in.pull("status", number="F-3", status="SUSPENDUE", comment="Bon de livraison manquant")
    stand_in.pull("status", number=f"F-{count - 1}", status="MANDATEE")
    assert stand_in.press_and_count() == (pages, 2)


@pytest.mark.parametrize("stand_in", [11], indirect=True, ids=["11"])
def test_what_is_finished_costs_no_call_any_more(stand_in: StandIn) -> None:
    for index in range(11):
        stand_in.pull("status", number=f"F-{index}", status="REJETEE" if index == 4 else "MISE_EN_PAIEMENT")
    stand_in.press()
    assert stand_in.press_and_count() == (1, 0)  # the rejection was not acknowledged yet

    token = stand_in.http.post(
        stand_in.server.token_url,
        data={
            "grant_type": "client_credentials",
            "client_id": simulator.CLIENT_ID,
            "client_secret": simulator.CLIENT_SECRET,
            "scope": "openid",
        },
    ).json()["access_token"]
    account = Credentials(
        simulator.CLIENT_ID,
        Secret(simulator.CLIENT_SECRET),
        simulator.TECH_LOGIN,
        Secret(simulator.TECH_PASSWORD),
    ).account()
    stand_in.http.post(
        f"{stand_in.server.url}/cpro/factures/v1/traiterRejet",
        json={"listeDemandePaiement": [{"idDemandePaiement": FIRST_ID + 4}]},
        headers={"Authorization": f"Bearer {token}", "cpro-account": account.reveal()},
    ).raise_for_status()

    assert stand_in.press_and_count() == (1, 0)
    assert stand_in.press_and_count() == (0, 0)


@pytest.mark.parametrize("stand_in", [1], indirect=True, ids=["1"])
def test_who_and_why_come_with_a_passage_and_no_address(stand_in: StandIn) -> None:
    stand_in.pull("status", number="F-0", status="SUSPENDUE", comment="Bon de livraison\n=manquant 😀")

    stand_in.press()

    paris = stand_in.record(0).status_since
    assert paris is not None
    assert stand_in.record(0).passages == (
        Passage("DEPOSEE", paris.replace(second=0, microsecond=0)),
        Passage(
            "SUSPENDUE",
            paris.replace(second=0, microsecond=0),
            "Bon de livraison\n=manquant 😀",
            "Camille AGENT D'ESSAI",
        ),
    )
    assert not any("exemple.invalid" in str(entry.details) for entry in stand_in.journal.entries())


@pytest.mark.parametrize("stand_in", [1], indirect=True, ids=["1"])
@pytest.mark.parametrize("habits", [{}, {"omit_empty": True}], ids=["as documented", "nothing empty is said"])
def test_a_history_of_five_hundred_lines_comes_in_pages(stand_in: StandIn, habits: dict[str, bool]) -> None:
    stand_in.pull("switches", **habits)
    with sqlite3.connect(stand_in.state) as db:
        lines = [(FIRST_ID, f"S{index:03}", AT) for index in range(499)]
        db.executemany("INSERT INTO history (invoice_id, status, at) VALUES (?, ?, ?)", lines)
    db.close()

    passages = stand_in.platform.history(FIRST_ID)

    assert [passage.status for passage in passages] == ["DEPOSEE", *(f"S{index:03}" for index in range(499))]
    assert stand_in.counted()[HISTORY] == 5
