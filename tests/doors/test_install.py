"""Installing for one user, on a Windows of paper: what is changed, what is kept, what undoing takes back."""

import json
from pathlib import Path

import pytest
import xlwings
from typer.testing import CliRunner
from xlwings.utils import read_user_config

from chorus_xl.cli import app
from chorus_xl.errors import ExitCode, SetupError
from chorus_xl.install import Machine, System, install, shipped_workbook, undo
from chorus_xl.install.interpreter import interpreter_of
from chorus_xl.install.machine import Values
from chorus_xl.install.receipt import NAME as RECEIPT
from chorus_xl.messages.told import Sign, Told, exit_code

EXCEL_16 = r"Software\Microsoft\Office\16.0\Excel"
EXCEL_15 = r"Software\Microsoft\Office\15.0\Excel"
LOCATION = r"\Security\Trusted Locations\ChorusXL"
PYTHON = r"C:\Users\Zoé Été\App Data\python.exe"


class FakeRegistry:
    def __init__(self, **keys: Values) -> None:
        self.keys: dict[str, dict[str, str | int]] = {key: dict(values) for key, values in keys.items()}
        self.is_locked = False

    def get(self, key: str) -> Values | None:
        return dict(self.keys[key]) if key in self.keys else None

    def set(self, key: str, values: Values) -> None:
        if self.is_locked:
            raise PermissionError(13, "Accès refusé")
        self.keys.setdefault(key, {}).update(values)

    def delete(self, key: str) -> None:
        del self.keys[key]


@pytest.fixture
def registry() -> FakeRegistry:
    return FakeRegistry(**{EXCEL_16: {}})


@pytest.fixture
def pc(tmp_path: Path, registry: FakeRegistry) -> Machine:
    (tmp_path / "home").mkdir()
    return Machine(System.WINDOWS, tmp_path / "Zoé", tmp_path / "Zoé" / "Mes documents", PYTHON, "cp1252", registry)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def conf_of(pc: Machine) -> Path:
    path = pc.xlwings_conf
    assert path is not None
    return path


def codes(told: tuple[Told, ...]) -> list[str]:
    return [line.code for line in told]


def everything_below(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_three_things_are_done_and_told(pc: Machine, home: Path, registry: FakeRegistry) -> None:
    told = install(pc, home, None)

    folder = pc.documents / "ChorusXL"
    assert codes(told) == ["CX560", "CX562", "CX564"]
    assert exit_code(told) is ExitCode.DONE
    assert (folder / "ChorusInvoices.xlsm").read_bytes() == shipped_workbook().read_bytes()
    assert interpreter_of(pc) == PYTHON
    assert registry.keys[EXCEL_16 + LOCATION] == {
        "Path": f"{folder}\\",
        "AllowSubFolders": 1,
        "Description": "chorus-xl",
    }


def test_undoing_leaves_the_pc_as_it_was(pc: Machine, home: Path, registry: FakeRegistry) -> None:
    conf_of(pc).parent.mkdir(parents=True)
    conf_of(pc).write_bytes(b'"SHOW_ERROR_POPUPS","True"\r\n"INTERPRETER_WIN","C:\\old\\python.exe"\r\n')
    registry.keys[EXCEL_16 + LOCATION] = {"Path": "D:\\ancien\\"}
    files, keys = everything_below(home.parent), {key: dict(values) for key, values in registry.keys.items()}

    install(pc, home, None)
    told = undo(pc, home)

    assert codes(told) == ["CX572", "CX572", "CX570"]
    assert everything_below(home.parent) == files
    assert registry.keys == keys
    assert not (pc.documents / "ChorusXL").exists()
    assert codes(undo(pc, home)) == ["CX574"]


def test_undoing_a_second_installation_goes_back_to_before_the_first(
    pc: Machine, home: Path, registry: FakeRegistry, tmp_path: Path
) -> None:
    install(pc, home, None)
    again = install(pc, home, tmp_path / "Ailleurs & co = ici")
    undo(pc, home)

    assert codes(again) == ["CX560", "CX562", "CX564"]
    assert registry.keys == {EXCEL_16: {}}
    assert everything_below(tmp_path) == {}


def test_a_workbook_that_is_there_is_left_alone_by_both(pc: Machine, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mois" / "ChorusInvoices.xlsm"
    file.parent.mkdir()
    file.write_bytes(shipped_workbook().read_bytes())

    told = install(pc, home, file.parent)
    undo(pc, home)

    assert told[0].code == "CX561"
    assert file.read_bytes() == shipped_workbook().read_bytes()


def test_a_disk_that_fills_up_leaves_no_half_workbook(pc: Machine, home: Path) -> None:
    resource = pytest.importorskip("resource")  # Windows has none
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        told = install(pc, home, None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert codes(told) == ["CX569", "CX562", "CX564"]
    assert list((pc.documents / "ChorusXL").iterdir()) == []


def test_a_workbook_that_changed_is_never_deleted(pc: Machine, home: Path) -> None:
    install(pc, home, None)
    file = pc.documents / "ChorusXL" / "ChorusInvoices.xlsm"
    file.write_bytes(b"the clerk's month")

    told = undo(pc, home)

    assert told[-1].code == "CX571"
    assert exit_code(told) is ExitCode.ROWS_NEED_THE_CLERK
    assert file.read_bytes() == b"the clerk's month"


def test_what_somebody_changed_since_is_left_and_said(pc: Machine, home: Path, registry: FakeRegistry) -> None:
    install(pc, home, None)
    conf_of(pc).write_text('"INTERPRETER_WIN","C:\\newer\\python.exe"\n', encoding="cp1252")
    registry.keys[EXCEL_16 + LOCATION]["AllowSubFolders"] = 0

    told = undo(pc, home)

    assert codes(told) == ["CX573", "CX573", "CX570"]
    assert interpreter_of(pc) == "C:\\newer\\python.exe"
    assert EXCEL_16 + LOCATION in registry.keys


OTHER_LINES = [
    '"LICENSE_KEY","abc, d=e"',
    '"SHOW_ERROR_POPUPS","True"',
    "a line of nobody's",
    '"PYTHONPATH","C:\\élan;D:\\x"',
]


@pytest.mark.parametrize("at", range(len(OTHER_LINES) + 1))
@pytest.mark.parametrize("key", ["INTERPRETER_WIN", "interpreter_win"])
def test_every_other_line_of_the_configuration_is_kept(pc: Machine, home: Path, at: int, key: str) -> None:
    lines = [*OTHER_LINES[:at], f'"{key}","C:\\old"', *OTHER_LINES[at:]]
    conf_of(pc).parent.mkdir(parents=True)
    conf_of(pc).write_text("".join(f"{line}\r\n" for line in lines), encoding="cp1252", newline="")

    install(pc, home, None)

    written = conf_of(pc).read_bytes().decode("cp1252").split("\r\n")
    assert written == [*OTHER_LINES[:at], f'"INTERPRETER_WIN","{PYTHON}"', *OTHER_LINES[at:], ""]


@pytest.mark.parametrize(
    "python",
    [r"C:\Ελένη\python.exe", r'C:\a"b\python.exe'],
    ids=["letters that the code page has not", "quotation mark"],
)
def test_a_path_that_the_configuration_cannot_hold_is_refused_and_the_rest_is_done(
    pc: Machine, home: Path, registry: FakeRegistry, python: str
) -> None:
    odd = Machine(pc.system, pc.home, pc.documents, python, pc.encoding, registry)

    told = install(odd, home, None)

    assert codes(told) == ["CX560", "CX563", "CX564"]
    assert exit_code(told) is ExitCode.SETUP
    assert not conf_of(pc).exists()
    assert codes(undo(odd, home)) == ["CX572", "CX570"]


def test_xlwings_itself_finds_the_interpreter_that_was_written(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    python = str(tmp_path / "un dossier à moi" / "python.exe")
    pc = Machine(System.WINDOWS, tmp_path, tmp_path, python, "utf-8", FakeRegistry())
    monkeypatch.setattr(xlwings, "USER_CONFIG_FILE", str(pc.xlwings_conf))

    install(pc, home, tmp_path / "x")

    assert read_user_config()["interpreter_win"] == python  # type: ignore[no-untyped-call]  # xlwings' own


def test_the_configuration_is_where_xlwings_looks_for_it() -> None:
    user = Path.home()
    bas = (Path(xlwings.__file__).parent / "xlwings.bas").read_text(encoding="utf-8")

    def of(system: System) -> Path:
        return conf_of(Machine(system, user, user, "python", "utf-8"))

    assert str(of(System.WINDOWS)) == xlwings.USER_CONFIG_FILE  # where these tests run it is as on Windows
    assert f"' ~/{of(System.MAC).relative_to(user).as_posix()}" in bas
    assert "INTERPRETER_WIN" in bas
    assert "INTERPRETER_MAC" in bas


@pytest.mark.parametrize(
    ("keys", "trusted"),
    [((EXCEL_16, EXCEL_15), EXCEL_16), ((EXCEL_15,), EXCEL_15), ((), None)],
    ids=["both", "2013 alone", "no Excel"],
)
def test_the_newest_excel_of_this_user_is_told(
    pc: Machine, home: Path, registry: FakeRegistry, keys: tuple[str, ...], trusted: str | None
) -> None:
    registry.keys = {key: {} for key in keys}

    told = install(pc, home, None)

    assert set(registry.keys) - set(keys) == ({trusted + LOCATION} if trusted else set())
    assert told[-1].code == ("CX564" if trusted else "CX565")


def test_a_registry_that_refuses_is_a_line_and_stops_nothing(pc: Machine, home: Path, registry: FakeRegistry) -> None:
    registry.is_locked = True

    told = install(pc, home, None)

    assert codes(told) == ["CX560", "CX562", "CX569"]
    assert "accès refusé" in told[-1].line()
    assert codes(undo(pc, home)) == ["CX572", "CX570"]


@pytest.mark.parametrize(
    ("system", "expected", "end"),
    [
        (System.MAC, ["CX560", "CX562", "CX566"], ExitCode.ROWS_NEED_THE_CLERK),
        (System.OTHER, ["CX560", "CX567"], ExitCode.DONE),
    ],
)
def test_elsewhere_what_applies_is_done_and_the_rest_is_said(
    tmp_path: Path, home: Path, system: System, expected: list[str], end: ExitCode
) -> None:
    home.mkdir()
    machine = Machine(system, tmp_path / "user", tmp_path / "docs", "/usr/bin/python3", "utf-8")

    told = install(machine, home, None)
    undo(machine, home)

    assert codes(told) == expected
    assert exit_code(told) is end
    assert everything_below(tmp_path) == {}


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"workbooks": {"a": 1}, "folders": 1}', "\x00"])
def test_a_receipt_that_cannot_be_read_stops_before_anything_is_changed(
    pc: Machine, home: Path, registry: FakeRegistry, content: str
) -> None:
    (home / RECEIPT).write_text(content, encoding="utf-8")

    with pytest.raises(SetupError, match="CX569"):
        install(pc, home, None)
    with pytest.raises(SetupError, match="CX569"):
        undo(pc, home)
    assert registry.keys == {EXCEL_16: {}}
    assert not pc.documents.exists()


def test_the_receipt_is_json_that_a_person_can_read(pc: Machine, home: Path) -> None:
    install(pc, home, None)

    receipt = json.loads((home / RECEIPT).read_text(encoding="utf-8"))

    assert receipt["conf"] == {"INTERPRETER_WIN": [None, PYTHON]}


def test_a_line_that_asks_for_a_gesture_shows_it_and_one_that_is_fine_does_not() -> None:
    fine, look = Told("x", Sign.FINE, "CX574"), Told("x", Sign.LOOK, "CX571", {"path": "p"})

    assert fine.line() == " ✓ Aucune installation n'est notée sur ce PC : il n'y a rien à défaire. [CX574]"
    assert look.line().startswith(" ! ")
    assert "supprimez-le vous-même" in look.line()


def test_the_command_installs_undoes_and_gives_one_document(
    pc: Machine, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHORUS_XL_HOME", str(home))
    monkeypatch.setattr("chorus_xl.install.this_machine", lambda: pc)

    done = CliRunner().invoke(app, ["install", "--folder", str(tmp_path / "C & é = o"), "--json"])
    undone = CliRunner().invoke(app, ["install", "--undo"])

    told = json.loads(done.stdout)
    assert told["command"] == "install"
    assert [check["state"] for check in told["summary"]["checks"]] == ["ok", "ok", "ok"]
    assert (done.exit_code, undone.exit_code) == (0, 0), undone.output
    assert [line[:3] for line in undone.stdout.splitlines()] == [" ✓ ", " ✓ ", " ✓ "]
