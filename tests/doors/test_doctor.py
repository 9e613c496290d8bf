"""The doctor: each cause is told by its own code, none stops the others, and no secret is shown."""

import json
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import httpx
import keyring
import pytest
import xlwings
from keyring.backends import fail
from sqlalchemy import create_engine, text

from chorus_xl import bootstrap, simulator
from chorus_xl.build import build_workbook
from chorus_xl.diagnosis import macros, network, pc
from chorus_xl.diagnosis.examination import Examination, examine, password
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.supplier import Parameters
from chorus_xl.errors import ExitCode
from chorus_xl.install import Machine, System, shipped_workbook
from chorus_xl.messages.told import Sign, Told, exit_code
from tests.bench import START

SECRETS = (simulator.CLIENT_SECRET, simulator.TECH_PASSWORD)
HERE = Machine(System.OTHER, Path("/home/zoe"), Path("/home/zoe"), sys.executable, "utf-8")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder of the test's own, no setting but that, no keyring, and no waiting."""
    for name in [name for name in os.environ if name.startswith("CHORUS_XL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CHORUS_XL_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(bootstrap, "sleep", lambda _: None)
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]  # keyring's own
    yield tmp_path / "home"
    keyring.set_keyring(before)


@contextmanager
def platform(tmp_path: Path, faults: list[dict[str, object]] | None = None) -> Iterator[dict[str, str]]:
    """A stand-in on a port; the variables that lead there as from qualification."""
    script = tmp_path / "faults.json"
    script.write_text(json.dumps(faults or []), encoding="utf-8")
    with simulator.Server(faults=simulator.load_faults(script)) as server:
        yield {
            "ENVIRONMENT": "qualification",
            "SUPPLIER_SIRET": simulator.SUPPLIER_SIRET,
            "OAUTH_URL": server.token_url,
            "API_URL": server.url,
            "CLIENT_ID": simulator.CLIENT_ID,
            "CLIENT_SECRET": simulator.CLIENT_SECRET,
            "TECH_LOGIN": simulator.TECH_LOGIN,
            "TECH_PASSWORD": simulator.TECH_PASSWORD,
            "CALL_INTERVAL": "0",
        }


def put(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"CHORUS_XL_{name}", value)


def look(
    file: Path | None = None, *, machine: Machine = HERE, clock: Callable[[], datetime] = bootstrap.now
) -> Examination:
    path, name = file or Path("ChorusInvoices.xlsm"), file.name if file else ""
    return examine(machine, lambda settings: bootstrap.office(path, settings, clock=clock), name, file)


def troubles(found: Examination) -> list[str]:
    return [line.code for line in found.told if line.sign is not Sign.FINE]


def codes(found: Examination) -> list[str]:
    return [line.code for line in found.told]


def test_in_rehearsal_all_is_fine_against_the_embedded_stand_in() -> None:
    found = look()

    assert codes(found) == ["CX580", "CX585", "CX590", "CX587", "CX599"]
    assert troubles(found) == []
    assert exit_code(found.told) is ExitCode.DONE
    assert found.environment is Environment.REHEARSAL


def test_against_a_platform_on_the_network_all_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with platform(tmp_path) as variables:
        put(monkeypatch, variables)
        found = look()

    assert codes(found) == ["CX580", "CX585", "CX590", "CX587", "CX591", "CX592", "CX597", "CX599", "CX550"]
    assert troubles(found) == []
    assert found.environment is Environment.QUALIFICATION


SUPPLIERS = "transverses/v1/recuperer/structures/actives/fournisseur"
TOKEN = "oauth/token"


def always(operation: str, **what: object) -> list[dict[str, object]]:
    return [{"on": operation, "every": 1, **what}]


@pytest.mark.parametrize(
    ("changed", "faults", "expected", "end"),
    [
        ({"CLIENT_SECRET": ""}, [], ["CX504"], ExitCode.SETUP),
        ({"TECH_PASSWORD": "", "CLIENT_SECRET": ""}, [], ["CX504", "CX504"], ExitCode.SETUP),
        ({"CLIENT_ID": ""}, [], ["CX508"], ExitCode.SETUP),
        ({"TECH_LOGIN": "", "TECH_PASSWORD": ""}, [], ["CX504", "CX508"], ExitCode.SETUP),
        ({"CLIENT_SECRET": "s3cret-of-nobody"}, [], ["CX310"], ExitCode.SETUP),
        ({"TECH_PASSWORD": "s3cret-of-nobody"}, [], ["CX311"], ExitCode.SETUP),
        ({"SUPPLIER_SIRET": "73282932000074"}, [], ["CX314"], ExitCode.SETUP),
        ({"API_URL": "http://example.org"}, [], ["CX315"], ExitCode.SETUP),
        ({}, always(SUPPLIERS, do="status", code=403), ["CX313"], ExitCode.SETUP),
        ({}, always(SUPPLIERS, do="status", code=503), ["CX423"], ExitCode.PLATFORM),
        ({}, always(SUPPLIERS, do="die_before"), ["CX421"], ExitCode.PLATFORM),
        ({"OAUTH_URL": "http://127.0.0.1:1"}, [], ["CX596"], ExitCode.PLATFORM),
        ({"TIMEOUT": "soon"}, [], ["CX502"], ExitCode.SETUP),
        ({"ENVIRONMENT": "prod"}, [], ["CX503"], ExitCode.SETUP),
        ({"JOURNAL": "mysql://x"}, [], ["CX519"], ExitCode.SETUP),
        ({"JOURNAL": "sqlite:////no/such/folder/journal.sqlite"}, [], ["CX516"], ExitCode.SETUP),
    ],
    ids=lambda value: ", ".join(map(str, value)) if isinstance(value, list | dict) else None,
)
def test_each_cause_has_its_code(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changed: dict[str, str],
    faults: list[dict[str, object]],
    expected: list[str],
    end: ExitCode,
) -> None:
    with platform(tmp_path, faults) as variables:
        put(monkeypatch, variables | changed)
        found = look()

    assert troubles(found) == expected
    assert exit_code(found.told) is end
    shown = "\n".join(line.line() for line in found.told) + json.dumps([line.document() for line in found.told])
    assert not any(secret in shown for secret in (*SECRETS, "s3cret-of-nobody"))


@pytest.mark.parametrize(
    ("days", "sign", "code"),
    [(31, Sign.FINE, "CX550"), (30, Sign.LOOK, "CX551"), (0, Sign.LOOK, "CX551"), (-1, Sign.WRONG, "CX552")],
)
def test_the_end_of_the_technical_password_is_told_in_time(days: int, sign: Sign, code: str) -> None:
    today = date(2026, 11, 23)

    told = password(today + timedelta(days=days), today)

    assert (told.sign, told.code) == (sign, code)


@pytest.mark.plants_secret("a secret in the settings file is refused")
def test_a_settings_file_that_cannot_be_used_is_a_line_after_the_versions(home: Path) -> None:
    home.mkdir()
    (home / "chorus-xl.toml").write_text('client_secret = "s3cret-of-nobody"', encoding="utf-8")

    found = look()

    assert codes(found) == ["CX580", "CX506"]
    assert found.environment is None


def test_the_workbook_gives_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "mois.xlsm"
    build_workbook(file)

    found = look(file)

    assert "CX589" in codes(found)
    assert troubles(found) == ["CX501"]  # a fresh workbook does not know whose it is
    assert exit_code(found.told) is ExitCode.ROWS_NEED_THE_CLERK
    environment = next(line for line in found.told if line.name == "environment")
    assert environment.params == {"environment": "Répétition", "place": "feuille Paramètres"}


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"SUPPLIER_SIRET": "73282932000074"}, []),
        ({"SUPPLIER_SIRET": "73282932000074", "ENVIRONMENT": "repetition"}, []),
        ({"SUPPLIER_SIRET": "73282932000074", "ENVIRONMENT": "qualification"}, ["CX554"]),
    ],
    ids=["a SIRET that the sheet lacks", "the same environment", "another environment"],
)
def test_a_setting_of_this_pc_is_held_against_the_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: list[str]
) -> None:
    file = tmp_path / "mois.xlsm"
    build_workbook(file)
    put(monkeypatch, variables)

    found = look(file)

    assert [code for code in troubles(found) if code in ("CX501", "CX554")] == expected


def test_a_workbook_that_cannot_be_read_says_nothing_that_a_setting_could_contradict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(monkeypatch, {"ENVIRONMENT": "qualification"})

    assert "CX554" not in codes(look(tmp_path / "absent.xlsm"))


def leave(file: Path) -> None:
    """Nothing is there."""


def lock(file: Path) -> None:
    build_workbook(file)
    (file.parent / f"~${file.name}").write_bytes(b"\x03Zoe")


@pytest.mark.parametrize(
    ("prepare", "expected"),
    [
        (leave, "CX150"),
        (lambda file: file.write_bytes(b"no zip"), "CX155"),
        (lambda file: file.mkdir(), "CX151"),
        (lock, "CX157"),
    ],
    ids=["absent", "damaged", "a folder", "open elsewhere"],
)
def test_a_workbook_that_cannot_be_used_ends_with_5_and_the_rest_is_examined(
    tmp_path: Path, prepare: Callable[[Path], object], expected: str
) -> None:
    file = tmp_path / "mois.xlsm"
    prepare(file)

    found = look(file)

    assert expected in troubles(found)
    assert exit_code([line for line in found.told if line.code != "CX501"]) is ExitCode.WORKBOOK
    assert codes(found)[-1] == "CX599"


def test_a_check_that_fails_by_a_bug_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[Told]:
        raise RuntimeError("s3cret-of-nobody")

    monkeypatch.setattr(pc, "versions", broken)

    found = look()

    assert codes(found) == ["CX579", "CX585", "CX590", "CX587", "CX599"]
    assert found.told[0].params == {"name": "versions", "kind": "RuntimeError"}


def test_a_journal_whose_chain_is_broken_is_told(home: Path) -> None:
    office = bootstrap.office(Path("x.xlsm"), bootstrap.read_settings())
    with office.surroundings(Parameters()).open_journal() as journal:
        journal.note("F1", "note", {"words": "as written"})
    engine = create_engine(f"sqlite:///{home / 'journal.sqlite'}")
    with engine.begin() as connection:
        names = [row[0] for row in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))]
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name}"))
        table = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%previous_hash%'")
        ).scalar_one()
        connection.execute(text(f"UPDATE {table} SET payload = '{{}}'"))  # noqa: S608 - a name of ours
    engine.dispose()

    found = look()

    assert troubles(found) == ["CX588", "CX641"]
    assert exit_code(found.told) is ExitCode.SETUP


@pytest.mark.parametrize(
    ("home", "journal", "expected"),
    [
        ("OneDrive - Mairie/chorus", "", ["CX586"]),
        ("chorus", "Dropbox/journal.sqlite", ["CX608"]),
        ("OneDrive/chorus", "Dropbox/journal.sqlite", ["CX586"]),
        ("chorus", "partage/journal.sqlite", []),
    ],
    ids=str,
)
def test_a_synchronised_home_or_journal_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str, journal: str, expected: list[str]
) -> None:
    monkeypatch.setenv("CHORUS_XL_HOME", str(tmp_path / home))
    if journal:
        (tmp_path / journal).parent.mkdir()
        monkeypatch.setenv("CHORUS_XL_JOURNAL", f"sqlite:///{tmp_path / journal}")

    assert troubles(look()) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="a link there takes a right that few accounts have")
@pytest.mark.parametrize(
    ("link", "to", "home", "journal", "expected"),
    [
        ("chorus", "Dropbox/cx", "chorus", "", "CX586"),
        ("Dropbox", "data/cx", "Dropbox", "", "CX586"),
        ("partage", "Dropbox/cx", "home", "partage/journal.sqlite", "CX608"),
        ("journal.sqlite", "Dropbox/journal.sqlite", "home", "journal.sqlite", "CX608"),
    ],
    ids=["a home that is a link", "a link in a synced folder", "a journal's folder", "the journal itself"],
)
def test_a_synchronised_folder_is_seen_through_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: str, to: str, home: str, journal: str, expected: str
) -> None:
    (tmp_path / to).parent.mkdir(parents=True)
    if not to.endswith(".sqlite"):
        (tmp_path / to).mkdir()
    (tmp_path / link).symlink_to(tmp_path / to)
    monkeypatch.setenv("CHORUS_XL_HOME", str(tmp_path / home))
    if journal:
        monkeypatch.setenv("CHORUS_XL_JOURNAL", f"sqlite:///{tmp_path / journal}")

    told = troubles(look())
    warned = [finding.code for finding in bootstrap.synced_journal(bootstrap.read_settings())]

    assert (told, warned) == ([expected], ["CX608"])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (None, "CX582"),
        ('"OTHER","x"\n', "CX582"),
        ('"INTERPRETER_MAC","{mine}"\n', "CX581"),
        ('"interpreter_mac","{mine}"\n', "CX581"),
        ('"INTERPRETER_MAC","{file}"\n', "CX583"),
        ('"INTERPRETER_MAC","/no/such/python"\n', "CX582"),
    ],
)
def test_the_python_of_the_ribbon_is_compared_with_this_one(tmp_path: Path, written: str | None, expected: str) -> None:
    machine = replace(HERE, system=System.MAC, home=tmp_path)
    path = machine.xlwings_conf
    assert path is not None
    if written is not None:
        path.parent.mkdir(parents=True)
        path.write_text(written.format(mine=sys.executable, file=__file__), encoding="utf-8")

    assert [line.code for line in pc.interpreter(machine)] == [expected]


@pytest.mark.parametrize(
    "file",
    [Path(xlwings.__file__).parent / "quickstart_standalone.xlsm", shipped_workbook()],
    ids=["made by Aspose for xlwings", "ours"],
)
def test_the_xlwings_of_a_workbook_is_read(file: Path) -> None:
    assert macros.xlwings_in(file) == xlwings.__version__


def with_macros(path: Path, change: Callable[[bytes], bytes]) -> Path:
    with ZipFile(shipped_workbook()) as archive:
        project = archive.read("xl/vbaProject.bin")
    with ZipFile(path, "w") as archive:
        archive.writestr("xl/vbaProject.bin", change(project))
    return path


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda project: project.replace(b"0.37.8", b"0.30.1"), [("CX584", "0.30.1")]),
        (lambda project: project[:400], [("CX584", "absent")]),
        (lambda project: b"\x01\xff\xbf\x00Attribut\xff\xff\xff" + project[:0], [("CX584", "absent")]),
        (lambda project: project, []),
    ],
    ids=["another version", "cut off", "no module", "as shipped"],
)
def test_macros_of_another_xlwings_are_told(
    tmp_path: Path, change: Callable[[bytes], bytes], expected: list[tuple[str, str]]
) -> None:
    told = pc.macros(with_macros(tmp_path / "a.xlsm", change))

    assert [(line.code, line.params["found"]) for line in told] == expected


def test_a_workbook_without_macros_is_told_and_an_unreadable_one_is_not(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "bare.xlsm", "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    (tmp_path / "no.xlsm").write_bytes(b"no zip")

    assert [line.code for line in pc.macros(tmp_path / "bare.xlsm")] == ["CX584"]
    assert list(pc.macros(tmp_path / "no.xlsm")) == []


def raising(error: Exception, cause: Exception | None = None) -> httpx.MockTransport:
    def handle(request: httpx.Request) -> httpx.Response:
        raise error from cause

    return httpx.MockTransport(handle)


@pytest.mark.parametrize(
    ("error", "cause", "expected"),
    [
        (httpx.ConnectError("x"), socket.gaierror(8, "nodename"), "CX593"),
        (httpx.ConnectError("x"), ssl.SSLCertVerificationError("self-signed"), "CX594"),
        (httpx.ConnectTimeout("x"), None, "CX595"),
        (httpx.ReadTimeout("x"), None, "CX595"),
        (httpx.ConnectError("x"), ConnectionRefusedError(), "CX596"),
        (httpx.ProxyError("407"), None, "CX596"),
        (httpx.ReadError("x"), ConnectionResetError(), "CX596"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_name_certificate_silence_and_refusal_are_told_apart(
    error: Exception, cause: Exception | None, expected: str
) -> None:
    told = list(
        network.hosts(
            ("https://a.example/x", "https://b.example/y"),
            on_loopback=False,
            timeout=60.0,
            now=lambda: START,
            transport=raising(error, cause),
        )
    )

    assert [line.code for line in told] == [expected, expected]
    assert [line.params["host"] for line in told] == ["a.example", "b.example"]
    assert exit_code(told) is ExitCode.PLATFORM


def test_a_host_that_speaks_no_tls_is_told_as_such(tmp_path: Path) -> None:
    with platform(tmp_path) as variables:
        url = variables["API_URL"].replace("http:", "https:")
        told = list(network.hosts((url,), on_loopback=True, timeout=5.0, now=bootstrap.now))

    assert [line.code for line in told] == ["CX594"]


def test_a_host_on_this_machine_is_asked_without_the_proxy_as_a_deposit_would_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")  # nobody there
    monkeypatch.setenv("NO_PROXY", "")
    with platform(tmp_path) as variables:
        told = list(network.hosts((variables["API_URL"],), on_loopback=False, timeout=5.0, now=bootstrap.now))

    assert [line.code for line in told] == ["CX592", "CX597"]


@pytest.mark.parametrize(
    ("minutes", "expected", "params"),
    [
        (0, "CX597", {}),
        (5, "CX597", {}),
        (-5, "CX597", {}),
        (61, "CX598", {"leans": "avance", "minutes": "61"}),
        (-6, "CX598", {"leans": "retarde", "minutes": "6"}),
    ],
)
def test_a_clock_that_is_wrong_by_more_than_five_minutes_is_told(
    minutes: int, expected: str, params: dict[str, str]
) -> None:
    told = network.clock(START + timedelta(minutes=minutes), START)

    assert (told.code, told.params) == (expected, params)


def test_a_wrong_clock_is_seen_by_the_answer_of_the_token_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with platform(tmp_path) as variables:
        put(monkeypatch, variables)
        found = look(clock=lambda: bootstrap.now() + timedelta(minutes=7))

    assert troubles(found) == ["CX598"]
    assert exit_code(found.told) is ExitCode.ROWS_NEED_THE_CLERK


@pytest.mark.parametrize("date", [None, "soon", "Mon, 23 Nov 2026 09:00:00"], ids=["none", "no date", "no zone"])
def test_a_host_without_a_usable_date_says_nothing_of_the_clock(date: str | None) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404, headers={"date": date} if date else {})

    told = list(
        network.hosts(
            ("https://a.example/x",),
            on_loopback=True,
            timeout=1.0,
            now=lambda: START,
            transport=httpx.MockTransport(handle),
        )
    )

    assert [line.code for line in told] == (["CX592", "CX597"] if date and "Nov" in date else ["CX592"])


def test_the_command_gives_one_document(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chorus_xl", "doctor", "--json"],
        env={"CHORUS_XL_HOME": str(home), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

    told = json.loads(done.stdout)
    assert done.returncode == told["summary"]["exit_code"] == ExitCode.DONE
    assert told["environment"] == "repetition"
    assert {check["state"] for check in told["summary"]["checks"]} == {"ok"}


def test_a_pipe_in_the_code_page_of_windows_gets_every_line(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chorus_xl", "doctor"],
        env={"CHORUS_XL_HOME": str(home), "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        encoding="cp1252",
        timeout=60,
        check=False,
    )

    assert done.returncode == ExitCode.DONE, done.stderr
    assert " ? Environnement : Répétition (par défaut). [CX590]" in done.stdout.splitlines()
