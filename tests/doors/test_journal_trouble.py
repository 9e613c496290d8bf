"""A journal in trouble, through the real command line over the real stand-in: nothing twice, nothing lost, all said."""

import gc
import json
import os
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chorus_xl import bootstrap, cli, simulator
from chorus_xl.build import Content, build_workbook
from chorus_xl.domain.lifecycle import State
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.sheets import Changes, TableChange
from chorus_xl.errors import ExitCode
from chorus_xl.journal import engine as database
from chorus_xl.journal.ledger import address_of, open_ledger
from chorus_xl.settings import load
from chorus_xl.steps.fill import fill
from chorus_xl.workbook.closed import ClosedWorkbook
from tests.bench import START, row, write_pdf
from tests.doors.test_commands import SECONDS, document

SUPPLIER = simulator.SUPPLIER_SIRET


@dataclass
class World:
    """A home folder, workbooks and a Chorus Pro of their own."""

    folder: Path
    variables: dict[str, str]
    server: simulator.Server

    @property
    def journal(self) -> Path:
        return self.folder / "home" / "journal.sqlite"

    def workbook(self, name: str, *numbers: str) -> Path:
        """A workbook with these invoices, filled."""
        file = self.folder / name
        rows = [row(number) for number in numbers]
        build_workbook(file, Content(rows, parameters={"supplier_siret": SUPPLIER}, spare_rows=0))
        for number in numbers:
            write_pdf(self.folder / f"{number}.pdf", number)
        fill(bootstrap.office(file, load(self.variables)))
        return file

    def run(
        self, *words: str, limit: Callable[[], None] | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """One command, as its own process."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CHORUS_XL_")}
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "chorus_xl", *words],
            env={**clean, "PYTHONIOENCODING": "utf-8", **self.variables, **variables},
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
            preexec_fn=limit,
        )

    def record(self) -> dict[str, Any]:
        """The stand-in's own record."""
        with urllib.request.urlopen(f"{self.server.url}/_sim/record", timeout=30) as answer:  # noqa: S310 - loopback
            record: dict[str, Any] = json.load(answer)
        return record

    def submitted(self) -> list[str]:
        return [each["number"] for each in self.record()["submissions"]]

    def accepted(self) -> list[str]:
        return sorted(each["number"] for each in self.record()["acceptances"])

    def column(self, file: Path, attribute: str = "deposit_state") -> list[object]:
        sheets = ClosedWorkbook(file, backups=None, today=START.date).read()
        return list(sheets.invoices.frame[attribute])

    def states(self) -> dict[str, State]:
        """What the journal knows."""
        with bootstrap.journal(load(self.variables), Environment.REHEARSAL, SUPPLIER) as journal:
            return {number: record.state for number, record in journal.records().items()}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "home").mkdir()
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
        yield World(tmp_path, variables, server)


def no_database(journal: Path) -> None:
    journal.write_bytes(b"%PDF-1.7 " * 1000)


def damage(journal: Path) -> None:
    content = journal.read_bytes()
    journal.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))


def bend(journal: Path) -> None:
    with closing(sqlite3.connect(journal)) as connection, connection:
        connection.execute("DROP TRIGGER entries_no_update")
        connection.execute("UPDATE entries SET event = 'release' WHERE sequence = 1")


def nothing(_: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("prepare", "address", "code"),
    [
        (no_database, "sqlite:///{journal}", "CX512"),
        (damage, "sqlite:///{journal}", "CX513"),
        (bend, "sqlite:///{journal}", "CX518"),
        (nothing, "sqlite:///file:{journal}?mode=ro&uri=true", "CX515"),
        (nothing, "sqlite:///{journal}.gone/journal.sqlite", "CX516"),
    ],
    ids=["no database", "damaged", "bent", "read-only", "its folder is gone"],
)
def test_with_a_journal_that_cannot_be_used_nothing_leaves(
    world: World, prepare: Callable[[Path], None], address: str, code: str
) -> None:
    world.run("deposit", str(world.workbook("before.xlsm", "F-0")), "--yes")
    assert world.accepted() == ["F-0"]
    file = world.workbook("month.xlsm", "F-1", "F-2")
    prepare(world.journal)
    before = world.journal.read_bytes()

    done = world.run("deposit", str(file), "--yes", CHORUS_XL_JOURNAL=address.format(journal=world.journal))

    assert done.returncode == ExitCode.SETUP, done.stdout + done.stderr
    assert code in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert world.submitted() == ["F-0"]
    assert "Déposée" not in world.column(file)
    assert world.journal.read_bytes() == before, "what is broken is kept as it is"


def test_with_a_journal_that_somebody_holds_nothing_leaves_until_it_is_let_go(world: World) -> None:
    world.run("deposit", str(world.workbook("before.xlsm", "F-0")), "--yes")
    file = world.workbook("month.xlsm", "F-1", "F-2")
    with closing(sqlite3.connect(world.journal)) as holder:
        holder.execute("BEGIN IMMEDIATE")

        held = world.run("deposit", str(file), "--yes", CHORUS_XL_JOURNAL=f"sqlite:///{world.journal}?timeout=0.1")
        submitted = world.submitted()

    after = world.run("deposit", str(file), "--yes")

    assert (held.returncode, "CX514" in held.stdout + held.stderr) == (ExitCode.SETUP, True)
    assert submitted == ["F-0"]
    assert after.returncode == ExitCode.DONE, after.stdout
    assert sorted(world.submitted()) == ["F-0", "F-1", "F-2"], "each once; two under way together come in any order"
    assert world.column(file) == ["Déposée", "Déposée"]


MONTH = tuple(f"F-{number}" for number in range(1, 13))
LEFT = 4
"""Pages that the journal may still grow by: the lines of some five invoices, and of those under way beside them."""


def check_nothing_was_lost(world: World, file: Path, numbers: Sequence[str] = MONTH) -> None:
    """After a batch that stopped in the middle: a press goes on to the end, and nothing leaves twice."""
    accepted = world.accepted()
    assert 0 < len(accepted) < len(numbers), "the disk was to be full in the middle"
    assert world.submitted() == list(dict.fromkeys(world.submitted()))
    states = world.states()
    assert all(states[number] in {State.ACCEPTED, State.INTENDED} for number in accepted)
    for number, shown in zip(numbers, world.column(file), strict=True):
        assert shown != "Déposée" or states[number] is State.ACCEPTED

    again = world.run("deposit", str(file), "--yes", "--json")

    assert again.returncode == ExitCode.DONE, again.stdout + again.stderr
    assert world.accepted() == sorted(numbers)
    assert sorted(world.submitted()) == sorted(numbers), "each was submitted once in all"
    assert set(world.column(file)) == {"Déposée"}
    assert document(world.run("journal", "verify", "--json"))["summary"]["holds"]


@pytest.mark.parametrize("concurrency", ["1", "4"])
def test_a_disk_that_fills_up_in_the_middle_of_a_batch_stops_it(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], concurrency: str
) -> None:
    """SQLite's own limit on the pages of a file stands for a full disk; it gives the same answer."""
    file = world.workbook("month.xlsm", *MONTH)
    world.run("validate", str(file))
    with closing(sqlite3.connect(world.journal)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    for name, value in {**world.variables, "CHORUS_XL_CONCURRENCY": concurrency}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["chorus-xl", "deposit", str(file), "--yes"])
    monkeypatch.setattr(database, "_PRAGMAS", (*database._PRAGMAS, f"PRAGMA max_page_count = {pages + LEFT}"))
    threshold = gc.get_threshold()

    with pytest.raises(SystemExit) as end:
        cli.main()

    gc.set_threshold(*threshold)
    assert end.value.code == ExitCode.SETUP
    assert "CX517" in capsys.readouterr().out
    check_nothing_was_lost(world, file)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_file_that_the_system_lets_grow_no_further_stops_the_batch(world: World) -> None:
    """The same by the operating system: no file of the process may grow beyond a limit."""
    numbers = [f"F-{number}" for number in range(1, 51)]
    file = world.workbook("month.xlsm", *numbers)
    most = 1 << 20  # bytes: the workbook has room, the journal's log fills it with some thirty invoices
    assert file.stat().st_size < most

    import resource  # noqa: PLC0415 - there is none on Windows

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    done = world.run("deposit", str(file), "--yes", limit=limit, CHORUS_XL_CONCURRENCY="1")

    assert done.returncode == ExitCode.SETUP, done.stdout + done.stderr
    assert "CX510" in done.stdout
    check_nothing_was_lost(world, file, numbers)


def test_after_an_old_backup_was_put_back_nothing_leaves_twice(world: World) -> None:
    first, second = world.workbook("a.xlsm", "F-1"), world.workbook("b.xlsm", "F-2", "F-3", "F-4")
    kept = world.folder / "backup.sqlite"
    world.run("deposit", str(first), "--yes")
    world.run("journal", "backup", "--out", str(kept))
    world.run("deposit", str(second), "--yes")
    assert world.accepted() == ["F-1", "F-2", "F-3", "F-4"]
    workbook = ClosedWorkbook(second, backups=None, today=START.date)
    sheets = workbook.read()
    forgotten = {  # of F-3 the sheet knows nothing any more; of F-4 it has the state alone
        "deposit_state": ["Déposée", None, "Déposée"],
        "chorus_reference": [world.column(second, "chorus_reference")[0], None, None],
    }
    rows = [int(each) for each in sheets.invoices.rows]
    workbook.write(sheets, Changes((TableChange("tblFactures", rows, forgotten),)))  # type: ignore[arg-type]  # what it read

    restored = world.run("journal", "restore", str(kept), "--yes")
    refreshed = world.run("refresh", str(second))
    before = world.submitted()
    pressed = world.run("deposit", str(second), "--yes")
    pressed_again = world.run("deposit", str(second), "--yes")

    assert restored.returncode == ExitCode.DONE, restored.stderr
    assert "Actualiser" in restored.stdout
    assert "F-2, F-3, F-4" in restored.stderr
    assert refreshed.returncode in (ExitCode.DONE, ExitCode.ROWS_NEED_THE_CLERK), refreshed.stdout
    assert sorted(before) == ["F-1", "F-2", "F-3", "F-4"], "Actualiser sends nothing"
    assert world.submitted() == [*before, "F-3"], "what neither sheet nor journal knows leaves, and is refused"
    assert world.accepted() == ["F-1", "F-2", "F-3", "F-4"]
    assert (pressed.returncode, pressed_again.returncode) == (ExitCode.DONE, ExitCode.DONE), pressed.stdout
    assert world.column(second) == ["Déposée"] * 3
    assert set(world.states().values()) == {State.ACCEPTED}
    aside = next(path for path in world.journal.parent.glob("journal-*.sqlite"))
    with open_ledger(address_of(aside)) as ledger:
        assert [record.state for record in ledger.records("F-3").values()] == [State.ACCEPTED]


def test_a_journal_in_a_synchronised_folder_is_said_with_every_deposit(world: World) -> None:
    folder = world.folder / "Dropbox"
    folder.mkdir()
    file = world.workbook("month.xlsm", "F-1")

    done = world.run(
        "deposit", str(file), "--yes", "--json", CHORUS_XL_JOURNAL=f"sqlite:///{folder / 'journal.sqlite'}"
    )

    (notice,) = (each for each in document(done)["summary"]["notices"] if each["code"] == "CX608")
    assert done.returncode == ExitCode.DONE
    assert "Dropbox" in notice["message"]
    assert world.accepted() == ["F-1"]
    assert "CX608" not in world.run("deposit", str(file), "--yes").stdout, "elsewhere it is no news"
