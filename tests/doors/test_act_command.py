"""``chorus-xl act`` as a user runs it."""

from pathlib import Path

import pytest

from chorus_xl.errors import ExitCode
from chorus_xl.messages.counted import counted
from tests.doors.test_commands import column, document, run

ROWS = 8  # enough of a sample month for a rejection and a suspension


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month that was deposited and followed, with its home beside it."""
    folder = tmp_path_factory.mktemp("acts")
    file = folder / "m.xlsm"
    run(folder / "home", "new", str(file), "--sample", "--rows", str(ROWS))
    for step in ("fill", "deposit", "refresh"):
        run(folder / "home", step, str(file))
    return file


def shown(status: str, file: Path) -> list[str]:
    pairs = zip(column(file, "invoice_number"), column(file, "chorus_status"), strict=True)
    return [str(number) for number, told in pairs if told and f"({status})" in str(told)]


def test_act_previews_then_acts_on_one_then_on_all(made: Path) -> None:
    home, rejected = made.parent / "home", shown("REJETEE", made)
    suspended = shown("SUSPENDUE", made)
    assert (len(rejected) > 1, len(suspended) > 0) == (True, True), "the sample month has something to act on"

    preview = run(home, "act", str(made), "--preview", "--json")
    one = run(home, "act", str(made), "--number", rejected[0], "--yes", "--json")
    every = run(home, "act", str(made))  # a rehearsal asks nobody where nobody is
    again = run(home, "act", str(made), "--json")

    codes = [found["code"] for line in document(preview)["rows"] for found in line["found"]]
    assert (codes.count("CX361"), codes.count("CX364")) == (len(rejected), len(suspended))
    assert document(preview)["summary"]["acknowledged"] == 0
    assert (document(one)["command"], document(one)["summary"]["acknowledged"]) == ("act", 1)
    assert "Prendre acte du rejet" in every.stderr
    assert counted(len(rejected) - 1, "rejet pris en compte|rejets pris en compte") in every.stdout
    assert document(again)["summary"]["acknowledged"] == 0
    assert column(made, "invoice_number")[ROWS:] == [f"{number}-R1" for number in rejected]
    done = {preview.returncode, one.returncode, every.returncode, again.returncode}
    assert done <= {ExitCode.DONE, ExitCode.ROWS_NEED_THE_CLERK}
    assert again.returncode == ExitCode.ROWS_NEED_THE_CLERK  # the suspended one still waits for its file


def test_a_number_that_is_nowhere_is_said(made: Path) -> None:
    done = run(made.parent / "home", "act", str(made), "--number", "X-1", "--preview")

    assert "[CX379]" in done.stdout
    assert done.returncode == ExitCode.ROWS_NEED_THE_CLERK
