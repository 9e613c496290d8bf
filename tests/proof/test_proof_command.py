"""``chorus-xl prove`` as a user runs it, and on a PC that has nothing of ours but the program."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chorus_xl.cli.prove import period
from chorus_xl.errors import ExitCode, UsageError

SECONDS = 180


def run(home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CHORUS_XL_")}
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "chorus_xl", *map(str, words)],
        env={**clean, "CHORUS_XL_HOME": str(home), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def summary(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)["summary"]
    return found


@pytest.fixture(scope="session")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command")
    done = run(folder / "home", "rehearse", "--rows", "20", "--out", folder / "mois.xlsm")
    assert done.returncode == ExitCode.DONE, done.stderr
    return folder


def test_a_proof_is_made_told_and_holds_on_a_pc_without_journal_or_workbook(rehearsed: Path, tmp_path: Path) -> None:
    made = run(rehearsed / "home", "prove", rehearsed / "mois.xlsm", "--out", tmp_path / "Preuve.zip", "--json")
    here = run(rehearsed / "home", "prove", "--verify", tmp_path / "Preuve.zip", "--json")
    elsewhere = run(tmp_path / "nothing", "prove", "--verify", tmp_path / "Preuve.zip", "--json")

    assert made.returncode == ExitCode.DONE, made.stderr
    assert summary(made)["proved_accepted"] == 11
    assert summary(made)["seal"] == summary(here)["seal"] == summary(elsewhere)["seal"]
    assert (here.returncode, elsewhere.returncode) == (ExitCode.DONE, ExitCode.DONE)
    assert [check["code"] for check in summary(here)["checks"]][-1] == "CX673"
    assert [check["code"] for check in summary(elsewhere)["checks"]][-1] == "CX674"
    assert json.loads(here.stdout)["environment"] == "repetition"


def test_a_spoilt_proof_ends_with_5_and_names_the_file(rehearsed: Path, tmp_path: Path) -> None:
    run(rehearsed / "home", "prove", rehearsed / "mois.xlsm", "--out", tmp_path / "Preuve")
    (tmp_path / "Preuve" / "totaux.json").write_text("{}")

    done = run(tmp_path / "nothing", "prove", "--verify", tmp_path / "Preuve")

    assert done.returncode == ExitCode.WORKBOOK
    assert "✗ Le fichier totaux.json a été changé" in done.stdout


def test_a_person_is_told_where_the_proof_is_and_its_seal(rehearsed: Path, tmp_path: Path) -> None:
    done = run(rehearsed / "home", "prove", rehearsed / "mois.xlsm", "--out", tmp_path / "Preuve")

    assert "Dossier de preuve : 11 factures prouvées, 11 acceptées" in done.stdout
    assert "CX660" in done.stderr
    assert str(tmp_path / "Preuve") in done.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "CX679"),
        (("mois.xlsm",), "CX679"),
        (("mois.xlsm", "--verify", "Preuve"), "CX679"),
        (("mois.xlsm", "--out", "{out}", "--month", "novembre"), "CX677"),
        (("--verify", "absent"), "CX661"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_wrong_use_is_told(tmp_path: Path, words: tuple[str, ...], code: str) -> None:
    done = run(tmp_path / "home", "prove", *(word.format(out=tmp_path / "Preuve") for word in words))

    assert done.returncode == ExitCode.USAGE
    assert code in done.stderr


@pytest.mark.parametrize(
    ("month", "since", "until", "days"),
    [
        ("2026-11", "", "", ("2026-11-01", "2026-11-30")),
        ("2028-02", "", "", ("2028-02-01", "2028-02-29")),
        ("", "2026-11-05", "", ("2026-11-05", "None")),
        ("", "", "2026-11-05", ("None", "2026-11-05")),
        ("", "", "", ("None", "None")),
    ],
)
def test_a_period_has_both_its_days(month: str, since: str, until: str, days: tuple[str, str]) -> None:
    named = period(month, since, until, [])

    assert (str(named.since), str(named.until)) == days


@pytest.mark.parametrize(
    ("month", "since", "until"),
    [("2026-13", "", ""), ("11/2026", "", ""), ("2026-11", "2026-11-01", ""), ("", "31/11/2026", ""), ("", "", "hier")],
)
def test_a_period_that_is_none_is_told(month: str, since: str, until: str) -> None:
    with pytest.raises(UsageError, match="CX677"):
        period(month, since, until, [])
