"""The commands as a user runs them: each its own process, one home folder, real HTTP, a real workbook."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chorus_xl.errors import ExitCode
from chorus_xl.workbook.closed import ClosedWorkbook
from tests.bench import START
from tests.build.recalculated import disagreements, kept_values

SECONDS = 180
PRODUCTION = {
    "CHORUS_XL_OAUTH_URL": "https://oauth.piste.gouv.fr/api/oauth/token",
    "CHORUS_XL_API_URL": "https://api.piste.gouv.fr",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def run(
    home: Path, *words: str, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """One command, as its own process."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CHORUS_XL_")}
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "chorus_xl", *words],
        env={**clean, "CHORUS_XL_HOME": str(home), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1", **(env or {})},
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def document(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The one JSON document of a command."""
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


def column(file: Path, attribute: str) -> list[object]:
    sheets = ClosedWorkbook(file, backups=None, today=START.date).read()
    return list(sheets.invoices.frame[attribute])


def test_a_rehearsal_goes_as_written_and_says_where_the_workbook_is(home: Path, tmp_path: Path) -> None:
    done = run(home, "rehearse", cwd=tmp_path)

    assert done.returncode == ExitCode.DONE, done.stdout + done.stderr
    assert (tmp_path / "repetition" / "ChorusInvoices.xlsm").is_file()
    assert str(tmp_path / "repetition" / "ChorusInvoices.xlsm") in done.stdout
    assert "Ce qu'il resterait à faire" in done.stdout


def test_a_second_rehearsal_leaves_the_first_workbook_alone(home: Path, tmp_path: Path) -> None:
    run(home, "rehearse", cwd=tmp_path)
    before = (tmp_path / "repetition" / "ChorusInvoices.xlsm").read_bytes()

    done = run(home, "rehearse", cwd=tmp_path)

    assert done.returncode == ExitCode.DONE, done.stdout + done.stderr
    assert (tmp_path / "repetition" / "ChorusInvoices.xlsm").read_bytes() == before
    assert (tmp_path / "repetition-2" / "ChorusInvoices.xlsm").is_file()


def test_a_rehearsal_never_leaves_this_machine_whatever_is_set(home: Path, tmp_path: Path) -> None:
    away = {"CHORUS_XL_ENVIRONMENT": "production", "CHORUS_XL_API_URL": "https://api.piste.gouv.fr"}

    done = run(home, "rehearse", "--json", cwd=tmp_path, env=away)

    assert done.returncode == ExitCode.DONE, done.stderr
    assert document(done)["environment"] == "repetition"


def test_a_rehearsal_keeps_to_its_own_journal_and_archive_and_needs_nobody_else(home: Path, tmp_path: Path) -> None:
    office = {
        "CHORUS_XL_JOURNAL": "postgresql+psycopg://clerk@127.0.0.1:1/office",  # nobody listens there
        "CHORUS_XL_ARCHIVE": str(tmp_path / "office archive"),
        "CHORUS_XL_SECOND_LOOK": "oui",
    }

    done = run(home, "rehearse", "--json", cwd=tmp_path, env=office)

    assert done.returncode == ExitCode.DONE, done.stdout + done.stderr
    assert not (tmp_path / "office archive").exists()
    assert document(done)["summary"]["steps"]["deposit"]["deposited"] > 0


def test_a_rehearsal_has_as_many_rows_as_asked(home: Path, tmp_path: Path) -> None:
    done = run(home, "rehearse", "--rows", "31", "--json", "--out", str(tmp_path / "mois.xlsm"))

    assert done.returncode == ExitCode.DONE, done.stderr
    told = document(done)
    assert len(told["rows"]) == 31 + told["summary"]["steps"]["act"]["prepared"]


def test_the_commands_one_by_one_go_on_from_each_other(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mois.xlsm"

    codes = [run(home, "new", str(file), "--sample").returncode]
    codes += [run(home, step, str(file)).returncode for step in ("fill", "validate", "deposit", "refresh")]
    deposited = column(file, "deposit_state").count("Déposée")
    again = document(run(home, "deposit", str(file), "--json"))

    assert codes == [0, 0, 1, 1, 1]
    assert deposited >= 10
    assert again["summary"]["deposited"] == deposited
    statuses = " ".join(str(status) for status in column(file, "chorus_status"))
    assert all(status in statuses for status in ("SERVICE_FAIT", "SUSPENDUE", "REJETEE"))


@pytest.mark.libreoffice
def test_after_each_command_a_reader_who_does_not_calculate_sees_the_truth(
    home: Path, tmp_path: Path, soffice: str
) -> None:
    file = tmp_path / "mois.xlsm"
    shown = []

    for words in (["new", "--sample"], ["fill"], ["validate"], ["deposit"], ["refresh"]):
        run(home, words[0], str(file), *words[1:])
        assert disagreements(soffice, file, tmp_path / words[0]) == {}
        kept = kept_values(file)
        shown.append([kept[f"Accueil!{cell}"] for cell in ("B20", "F23", "B26")])  # to deposit, unchecked, all

    assert shown[0] == [20, 20, 20]
    assert shown[2] == [20, 0, 20]
    assert shown[3][0] < 11  # type: ignore[operator]  # a number by now


def test_budgets_check_takes_a_candidate_only_on_the_clerks_word(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mois.xlsm"
    run(home, "new", str(file))

    def sirets() -> list[object]:
        return list(ClosedWorkbook(file, backups=None, today=START.date).read().budgets.frame["siret"])

    with stand_in(tmp_path / "elsewhere") as served:
        env = {**served, "CHORUS_XL_ENVIRONMENT": "production"}
        seen = run(home, "budgets", "check", str(file), env=env)
        kept = sirets()
        taken = run(home, "budgets", "check", str(file), "--accept", env=env)
        again = run(home, "budgets", "check", str(file), env=env)

    assert (seen.returncode, taken.returncode, again.returncode) == (1, 0, 0), taken.stdout + taken.stderr
    remarks = ClosedWorkbook(file, backups=None, today=START.date).read().budgets.frame["remark"]
    assert sum("CX352" in str(remark) for remark in remarks) == 2
    assert {"20006905200175", "20006905200720"} <= set(kept)
    assert {"21900010600175", "21900010600720"} <= set(sirets())


def test_what_the_exercise_platform_knows_confirms_no_siret(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mois.xlsm"
    run(home, "new", str(file), "--sample")
    run(home, "fill", str(file))
    before = column(file, "recipient_siret")

    asked = run(home, "budgets", "check", str(file), "--accept")
    run(home, "fill", str(file))
    judged = document(run(home, "validate", str(file), "--json", env={"CHORUS_XL_ENVIRONMENT": "production"}))

    assert asked.returncode == ExitCode.ROWS_NEED_THE_CLERK
    assert "plateforme d'exercice" in asked.stdout
    assert column(file, "recipient_siret") == before
    found = [finding["code"] for row in judged["rows"] for finding in row["found"]]
    assert found.count("CX231") == sum(siret in {"20006905200175", "20006905200720"} for siret in before) > 0


@pytest.mark.parametrize("step", ["fill", "validate", "deposit", "refresh"])
def test_json_is_one_document_on_stdout(home: Path, tmp_path: Path, step: str) -> None:
    file = tmp_path / "mois.xlsm"
    run(home, "new", str(file), "--sample", "--rows", "3")

    told = document(run(home, step, str(file), "--json"))

    assert set(told) == {"command", "environment", "rows", "late", "journal_head", "summary"}
    assert told["command"] == step
    assert len(told["rows"]) == 3


@pytest.mark.parametrize(
    ("words", "env", "expected", "code"),
    [
        (("fill", "absent.xlsm"), {}, ExitCode.WORKBOOK, r"CX1\d\d"),
        (("explain", "CX000"), {}, ExitCode.USAGE, "CX521"),
        (("rehearse", "--rows", "0"), {}, ExitCode.USAGE, "CX524"),
        (("fill",), {}, ExitCode.USAGE, ""),
        (("refresh", "{file}"), {"CHORUS_XL_ENVIRONMENT": "production"}, ExitCode.SETUP, "CX508"),
        (("refresh", "{file}"), {"CHORUS_XL_ENVIRONMENT": "prod"}, ExitCode.SETUP, "CX503"),
        (("refresh", "{file}"), {"CHORUS_XL_TIMEOUT": "soon"}, ExitCode.SETUP, "CX502"),
        (("simulate", "--faults", "absent.json"), {}, ExitCode.SETUP, "CX523"),
        (("refresh", "{file}"), PRODUCTION, ExitCode.SETUP, "CX528"),
        (
            ("refresh", "{file}"),
            {**PRODUCTION, "CHORUS_XL_ENVIRONMENT": "qualification"},
            ExitCode.SETUP,
            "CX529",
        ),
        (("new", "{file}"), {}, ExitCode.USAGE, "CX522"),
        (("new", "mois.xlsx"), {}, ExitCode.USAGE, "CX526"),
        (("new", "/proc/mois.xlsm"), {}, ExitCode.WORKBOOK, "CX527"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_each_way_to_fail_has_its_exit_code_and_its_sentence(
    home: Path, tmp_path: Path, words: tuple[str, ...], env: dict[str, str], expected: ExitCode, code: str
) -> None:
    file = tmp_path / "mois.xlsm"
    run(home, "new", str(file), "--sample", "--rows", "1")

    done = run(home, *(word.format(file=file) for word in words), env=env, cwd=tmp_path)

    assert done.returncode == expected, done.stderr
    assert re.search(code, done.stderr)
    assert "Traceback" not in done.stderr


def test_a_script_gets_a_document_from_a_run_that_failed_too(home: Path, tmp_path: Path) -> None:
    done = run(home, "fill", str(tmp_path / "absent.xlsm"), "--json")

    summary = document(done)["summary"]
    assert (summary["exit_code"], summary["stopped"]["code"]) == (done.returncode, "CX150")


def test_a_platform_that_cannot_be_reached_deposits_nothing_and_ends_with_4(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mois.xlsm"
    run(home, "new", str(file), "--sample", "--rows", "1")
    run(home, "fill", str(file))

    done = run(home, "deposit", str(file), "--yes", env=away(1))

    assert done.returncode == ExitCode.PLATFORM, done.stderr
    assert "Déposée" not in column(file, "deposit_state")


def test_the_stand_in_on_a_port_serves_a_client_in_another_process(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mois.xlsm"
    run(home, "new", str(file), "--sample")
    run(home, "fill", str(file))

    with stand_in(tmp_path / "elsewhere") as env:
        deposited = document(run(home, "deposit", str(file), "--yes", "--json", env=env))
        refreshed = document(run(home, "refresh", str(file), "--json", env=env))

    assert deposited["summary"]["deposited"] >= 10
    assert refreshed["summary"]["deposited"] == deposited["summary"]["deposited"]


def test_an_invoice_accepted_by_a_platform_that_dies_before_answering_is_found_again(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "mois.xlsm"
    faults = tmp_path / "faults.json"
    faults.write_text(json.dumps([{"on": "factures/v1/soumettre", "nth": 2, "do": "die_after"}]), encoding="utf-8")
    run(home, "new", str(file), "--sample")
    run(home, "fill", str(file))

    with stand_in(tmp_path / "elsewhere", "--faults", str(faults)) as env:
        first = run(home, "deposit", str(file), "--yes", "--json", env=env)
        second = document(run(home, "deposit", str(file), "--yes", "--json", env=env))

    assert first.returncode == ExitCode.PLATFORM
    assert document(first)["summary"]["in_doubt"] == 1
    assert second["summary"]["in_doubt"] == 0
    assert second["summary"]["deposited"] == document(first)["summary"]["deposited"] + 1


def test_without_the_directory_and_without_a_person_nothing_leaves(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mois.xlsm"
    faults = tmp_path / "faults.json"
    rule = {"on": "structures/v1/rechercher", "do": "status", "code": 500, "times": 100}
    faults.write_text(json.dumps([rule]), encoding="utf-8")
    run(home, "new", str(file), "--sample", "--rows", "2")
    run(home, "fill", str(file))

    with stand_in(tmp_path / "elsewhere", "--faults", str(faults)) as env:
        unattended = run(home, "deposit", str(file), env=env)
        decided = document(run(home, "deposit", str(file), "--yes", "--json", env=env))

    assert unattended.returncode == ExitCode.SETUP
    assert "CX520" in unattended.stdout
    assert decided["summary"]["deposited"] == 2


@contextmanager
def stand_in(home: Path, *words: str) -> Iterator[dict[str, str]]:
    """``chorus-xl simulate`` in a process of its own; the variables that lead a client there."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-u", "-m", "chorus_xl", "simulate", "--port", "0", *words],
        env={**os.environ, "CHORUS_XL_HOME": str(home), "PYTHONIOENCODING": "utf-8"},
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stderr is not None
    try:
        told: dict[str, str] = {"CHORUS_XL_CALL_INTERVAL": "0"}
        for line in process.stderr:
            name, _, value = line.strip().partition("=")
            if name.startswith("CHORUS_XL_"):
                told[name] = value
            if name == "CHORUS_XL_TECH_PASSWORD":
                break
        yield told
    finally:
        process.terminate()
        process.communicate()


def away(port: int) -> dict[str, str]:
    """The variables of a platform that is not there."""
    return {
        "CHORUS_XL_OAUTH_URL": f"http://127.0.0.1:{port}/api/oauth/token",
        "CHORUS_XL_API_URL": f"http://127.0.0.1:{port}",
        "CHORUS_XL_CLIENT_ID": "somebody",
        "CHORUS_XL_CLIENT_SECRET": "s3cret-of-nobody",
        "CHORUS_XL_TECH_LOGIN": "TECH_1@cpro.fr",
        "CHORUS_XL_TECH_PASSWORD": "s3cret-of-nobody",
    }
