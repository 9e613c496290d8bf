"""A platform that is down, or asks for patience, is left alone: few calls, one sentence, and on at the next press."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from chorus_xl import simulator
from chorus_xl.chorus.client import ChorusClient, Credentials, Endpoints
from chorus_xl.domain.invoice import Document, Outcome, Result, Uploaded
from chorus_xl.errors import ExitCode, InDoubtError, PlatformError, RefusedError
from chorus_xl.secret import Secret
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.office import Report
from chorus_xl.steps.reconcile import PATIENCE
from chorus_xl.steps.refresh import refresh
from chorus_xl.telling import exit_code
from tests.bench import START, Bench, Fuse, make_bench, row
from tests.chorus.app import FakeTime

ACCOUNT = Credentials(
    simulator.CLIENT_ID, Secret(simulator.CLIENT_SECRET), simulator.TECH_LOGIN, Secret(simulator.TECH_PASSWORD)
)
SUBMIT, UPLOAD = "factures/v1/soumettre", "transverses/v1/ajouter/fichier"


def press(bench: Bench, **how: Any) -> Report:  # noqa: ANN401 - office's own words
    return deposit(bench.office(**how), lambda _: True)


def bench_of(folder: Path, count: int) -> Bench:
    return make_bench(folder, *(row(f"F-{number}") for number in range(1, count + 1)))


def codes(report: Report) -> list[str]:
    return [finding.code for line in report.rows for finding in line.findings]


# --- a platform that is down ----------------------------------------------------------------------------------------


def count_look_ups(bench: Bench) -> list[str]:
    asked: list[str] = []

    def silent(number: str) -> tuple[()]:
        asked.append(number)
        raise InDoubtError("CX421", operation="x")

    bench.platform.find = silent  # type: ignore[method-assign, assignment]  # the search is down
    return asked


def test_look_ups_without_an_answer_end_the_press_after_a_few_and_nothing_is_sent(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, 10)
    bench.platform.scripted = ["lose_after"] * 6
    press(bench)  # ends after a few, all in doubt
    tried = bench.platform.deposits_tried
    bench.clock.pass_(10_000)
    asked = count_look_ups(bench)

    with pytest.raises(PlatformError, match="CX431") as stopped:
        press(bench)

    assert len(asked) == PATIENCE <= tried
    assert bench.platform.deposits_tried == tried
    assert stopped.value.exit_code == ExitCode.PLATFORM


def test_refresh_gives_up_too_and_still_writes_the_sheet(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, 10)
    bench.platform.scripted = ["lose_after"] * 6
    press(bench)
    asked = count_look_ups(bench)
    bench.type_into("reason", ["écrit par-dessus"] * 10)

    report = refresh(bench.office())

    assert len(asked) == PATIENCE
    assert report.stopped is not None
    assert report.stopped.code == "CX431"
    assert "écrit par-dessus" not in bench.column("reason")


def test_an_answer_in_between_starts_the_count_again(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, 9)
    bench.platform.scripted = ["lose_before", "lose_before", "accept"] * 3

    report = press(bench, fuse=Fuse())

    assert bench.platform.deposits_tried == 9
    assert report.stopped is None


@pytest.mark.parametrize("rows", [12, 60])
def test_the_calls_to_a_platform_that_falls_silent_do_not_grow_with_the_rows(tmp_path: Path, rows: int) -> None:
    bench = bench_of(tmp_path, rows)
    calls: list[str] = []
    time = FakeTime()

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        if request.url.path.endswith("token"):
            return httpx.Response(200, json={"access_token": "t" * 20})
        if request.url.path.endswith("fournisseur"):
            supplier = {"idStructureCPP": 1, "identifiant": simulator.SUPPLIER_SIRET}
            return httpx.Response(200, json={"codeRetour": 0, "listeStructures": [supplier]})
        raise httpx.ReadTimeout("silence")

    with ChorusClient(
        Endpoints("https://oauth.test", "https://api.test"),
        ACCOUNT,
        supplier_siret=simulator.SUPPLIER_SIRET,
        now=time.now,
        sleep=time.sleep,
        call_interval=0.0,
        timeout=60.0,
        transport=httpx.MockTransport(answer),
    ) as client:
        bench.platform = client  # type: ignore[assignment]  # the real client in the place of the fake
        report = press(bench, fuse=Fuse())

    directory, uploads = 2, 2 * PATIENCE  # twice each
    assert len(calls) == 2 + directory + uploads
    assert report.stopped is not None
    assert report.stopped.code == "CX410"
    assert bench.column("deposit_state") == ["À déposer"] * rows


def test_the_next_press_goes_on(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, 10)
    bench.platform.scripted = ["not_sent"] * 6
    press(bench)

    bench.platform.scripted = []
    report = press(bench)

    assert report.stopped is None
    assert bench.column("deposit_state") == ["Déposée"] * 10


def test_a_file_that_is_refused_is_an_answer(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, 6)
    upload = bench.platform.upload

    def picky(document: Document) -> Uploaded:
        if document.name != "F-6.pdf":
            raise RefusedError(
                "CX316", label="Fichier refusé", return_code="1", operation="x", status="200", correlation="y"
            )
        return upload(document)

    bench.platform.upload = picky  # type: ignore[method-assign]  # most files are not to its taste

    report = press(bench, fuse=Fuse())

    assert report.stopped is None
    assert bench.column("deposit_state") == ["À déposer"] * 5 + ["Déposée"]
    assert codes(report).count("CX316") == 5


@pytest.mark.parametrize("status", [401, 403])
def test_rights_that_are_missing_stop_the_batch_at_the_first_row(tmp_path: Path, status: int) -> None:
    bench = bench_of(tmp_path, 6)
    bench.platform.deposit = turned_away(status)  # type: ignore[method-assign]  # the account has lost its rights

    report = press(bench, fuse=Fuse())

    assert bench.column("deposit_state") == ["Envoi incertain"] + ["À déposer"] * 5
    assert "[CX432]" in str(bench.column("reason")[0])
    assert report.stopped is not None
    assert (report.stopped.code, report.stopped.params) == ("CX433", {"number": "F-1", "status": str(status)})
    assert exit_code(report) == ExitCode.PLATFORM


def turned_away(status: int) -> Any:  # noqa: ANN401 - a method of the platform
    def at_the_door(*_: object, **__: object) -> Outcome:
        return Outcome(Result.IN_DOUBT, f"gateway_{status}", http_status=status)

    return at_the_door


# --- a platform that asks for patience, over real HTTP ---------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[simulator.Server]:
    with simulator.Server(now=lambda: START) as server:
        yield server


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def client(server: simulator.Server, time: FakeTime) -> Iterator[ChorusClient]:
    lever(server, "reset")
    with ChorusClient(
        Endpoints(server.token_url, server.url),
        ACCOUNT,
        supplier_siret=simulator.SUPPLIER_SIRET,
        now=time.now,
        sleep=time.sleep,
        call_interval=1.0,
        timeout=30.0,
    ) as client:
        yield client


def lever(server: simulator.Server, name: str, **values: object) -> None:
    httpx.post(f"{server.url}/_sim/{name}", json=values).raise_for_status()


def calls(server: simulator.Server) -> dict[str, int]:
    told: dict[str, int] = httpx.get(f"{server.url}/_sim/record").json()["calls"]
    return told


def batch(folder: Path, client: ChorusClient, count: int = 5) -> tuple[Bench, Report]:
    bench = bench_of(folder, count)
    bench.platform = client  # type: ignore[assignment]  # the real client in the place of the fake
    return bench, press(bench, fuse=Fuse())


@pytest.mark.parametrize("status", [429, 503])
def test_everybody_waits_when_an_upload_is_asked_to_and_nothing_is_lost(
    tmp_path: Path, server: simulator.Server, client: ChorusClient, time: FakeTime, status: int
) -> None:
    lever(server, "fault", on=UPLOAD, do="status", code=status, retry_after=20, nth=2)

    bench, report = batch(tmp_path, client)

    assert bench.column("deposit_state") == ["Déposée"] * 5
    assert report.stopped is None
    assert max(time.slept) >= 19.0
    assert calls(server)[UPLOAD] == 6
    assert calls(server)[SUBMIT] == 5


def test_a_deposit_that_meets_429_is_in_doubt_and_the_others_wait(
    tmp_path: Path, server: simulator.Server, client: ChorusClient, time: FakeTime
) -> None:
    lever(server, "fault", on=SUBMIT, do="status", code=429, retry_after=20, nth=2)

    bench, report = batch(tmp_path, client)

    assert bench.column("deposit_state") == ["Déposée", "Envoi incertain", "Déposée", "Déposée", "Déposée"]
    assert report.stopped is None
    assert exit_code(report) == ExitCode.PLATFORM
    assert max(time.slept) == 20.0
    assert calls(server)[SUBMIT] == 5


def test_a_pause_longer_than_a_press_stops_the_batch_without_another_call(
    tmp_path: Path, server: simulator.Server, client: ChorusClient, time: FakeTime
) -> None:
    lever(server, "fault", on=UPLOAD, do="status", code=429, retry_after=600, nth=2, times=9)

    bench, report = batch(tmp_path, client, count=10)

    assert bench.column("deposit_state") == ["Déposée"] + ["À déposer"] * 9
    assert report.stopped is not None
    assert report.stopped.code == "CX410"
    assert codes(report) == ["CX424", "CX430", "CX430"]
    assert calls(server)[UPLOAD] == 2
    assert max(time.slept) <= 4.0


def test_calls_start_no_faster_than_the_interval_says(
    tmp_path: Path, server: simulator.Server, client: ChorusClient, time: FakeTime
) -> None:
    before = time.now()
    batch(tmp_path, client)

    spent = (time.now() - before).total_seconds()
    assert spent >= sum(calls(server).values()) - 1
