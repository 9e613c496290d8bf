"""A clerk before a real LibreOffice: the real workbook with its real macros, and the package of this environment."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest

from chorus_xl.build.ribbon import GROUPS
from chorus_xl.rehearsal import make_workbook
from tests.conftest import ROOT

DEBIANS_PYTHON = "/usr/bin/python3"
BUTTONS = [button for group in GROUPS for button in group.buttons]
CALLBACKS = {button.function: button.callback for button in BUTTONS}

LAUNCH = """#!/bin/sh
cd /
export PYTHONPATH='{paths}' CHORUS_XL_HOME='{folder}/home'
'{folder}/python' -B '{child}' '{folder}' > '{folder}/log' 2>&1
echo $? > '{folder}/ending'
mv '{folder}/ending' '{folder}/done'
"""


@dataclass
class Desk:
    """LibreOffice and what it showed.

    Attributes:
        folder: of orders, words and the program's home.
        bar: every text of the status bar of the last press; ``False`` where it was given back.
        asked: every dialog of the last press that asked, as (words, title).
    """

    folder: Path
    orders: IO[str]
    answers: IO[str]
    bar: list[object]
    asked: list[tuple[str, str]]

    @property
    def interpreter(self) -> Path:
        """What a press takes for Python."""
        return self.folder / "python"

    def do(self, *order: object) -> Any:  # noqa: ANN401 - as JSON gives it
        """Hand an order to the driver."""
        self.orders.write(json.dumps(order) + "\n")
        self.orders.flush()
        answer = self.answers.readline()
        assert answer, "the driver has ended; its own words stand on standard error"
        return json.loads(answer)

    def press(self, function: str) -> str:
        """Press the button of that function and give the dialog it ends with; every link of the chain must hold."""
        words = self.folder / "words"
        words.write_text("", "utf-8")
        told = self.do("press", CALLBACKS[function])
        assert told["canary"] == "canary", "a module of the library does not compile"
        assert told["command"] == f"from chorus_xl import ribbon; ribbon.{function}()"
        assert (told["log"], told["done"]) == ("", "0")
        lines = [json.loads(line) for line in words.read_text("utf-8").splitlines()]
        self.bar = [said[1] for said in lines if said[0] == "bar"]
        alerts = [said[1:] for said in lines if said[0] == "alert"]
        self.asked = [(prompt, title) for prompt, title, buttons, _ in alerts if buttons != "ok"]
        assert self.bar[-1] is False, "the status bar is given back"
        assert self.do("state")["still"] is False, "the screen is given back"
        [last] = [prompt for prompt, _, buttons, _ in alerts if buttons == "ok"] or [""]
        return str(last)

    def column(self, header: str, table: str = "tblFactures") -> list[Any]:
        """One column as it stands in LibreOffice, for the lines that have something in the table's first column."""
        headers, *lines = self.do("table", table)
        return [line[headers.index(header)] for line in lines if line[0] != ""]


@pytest.fixture(scope="session")
def office(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One LibreOffice for all clicks."""
    asking = "import sys, uno; print(uno.__file__, *sys.version_info[:2])"
    try:
        told = subprocess.run([DEBIANS_PYTHON, "-c", asking], capture_output=True, text=True, check=True)  # noqa: S603 - our own
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"{DEBIANS_PYTHON} has no module uno (Debian's package python3-uno)")
    module, *version = told.stdout.split()
    if version != [str(part) for part in sys.version_info[:2]]:
        pytest.skip(f"UNO is for Python {'.'.join(version)}, this is another")

    folder = tmp_path_factory.mktemp("clicks")
    lent = folder / "lent"  # of Debian's Python no more than this, or its other packages would come along
    lent.mkdir()
    for name in ("uno.py", "unohelper.py"):
        (lent / name).symlink_to(Path(module).with_name(name))
    paths = os.pathsep.join(map(str, (lent, Path(soffice).resolve().parent, ROOT)))
    here = Path(__file__).parent
    launch = folder / "launch"
    script = LAUNCH.format(paths=paths, folder=folder, child=here / "child.py")
    launch.write_text(script, "utf-8")
    launch.chmod(0o755)

    command = [DEBIANS_PYTHON, "-B", str(here / "driver.py"), str(folder), str(launch)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CHORUS_XL_", "PYTHON"))}
    with subprocess.Popen(  # noqa: S603 - our own arguments
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, encoding="utf-8"
    ) as driver:
        assert driver.stdin is not None
        assert driver.stdout is not None
        yield Desk(folder, driver.stdin, driver.stdout, [], [])
        driver.stdin.close()  # which ends the driver, and LibreOffice with it


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook with a sample month and its PDFs, as ``chorus-xl new --sample`` makes it."""
    file = tmp_path_factory.mktemp("month") / "ChorusInvoices.xlsm"
    make_workbook(file, 6)
    return file


@pytest.fixture
def desk(office: Desk, month: Path, tmp_path: Path) -> Desk:
    """A copy of the month, open, and a program that knows nothing yet."""
    shutil.copytree(month.parent, tmp_path / "month")
    shutil.rmtree(office.folder / "home", ignore_errors=True)
    office.interpreter.unlink(missing_ok=True)
    office.interpreter.write_text(f"#!/bin/sh\nexec '{sys.executable}' \"$@\"\n", "utf-8")
    office.interpreter.chmod(0o755)
    modules = office.do("open", str(tmp_path / "month" / month.name), list(CALLBACKS.values()))
    assert {"ChorusRibbon", "xlwings", "Dictionary"} < set(modules)
    return office
