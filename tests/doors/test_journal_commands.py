"""``release`` and ``journal …`` as a user runs them, each its own process, on a journal that a rehearsal filled."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from chorus_xl.domain.lifecycle import Event
from chorus_xl.errors import ExitCode
from chorus_xl.install import shipped_workbook
from chorus_xl.journal import open_journal
from tests.bench import START
from tests.doors.test_commands import document, run

SUPPLIER, OTHER = "00000000000018", "11111111111111"
REASON = "Absente du portail, vue le 23/11 à 10 h"


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook, ``mois.xlsm``, and the home folder of its journal, after a month was deposited."""
    folder = tmp_path_factory.mktemp("rehearsed")
    file, home = folder / "mois.xlsm", folder / "home"
    for words in (("new", str(file), "--sample", "--rows", "4"), ("fill", str(file)), ("deposit", str(file))):
        run(home, *words)
    return folder


@pytest.fixture
def folder(rehearsed: Path, tmp_path: Path) -> Path:
    """A copy of it, for a test that changes something."""
    return shutil.copytree(rehearsed, tmp_path / "month")


def doubt(home: Path, number: str, *events: Event, environment: str = "production", supplier: str = SUPPLIER) -> None:
    """An invoice that was sent, perhaps, and what happened to it since."""
    home.mkdir(exist_ok=True)
    with open_journal(
        f"sqlite:///{home / 'journal.sqlite'}",
        environment=environment,
        supplier_siret=supplier,
        now=lambda: START,
        user="agnes",
        machine="PC-1",
    ) as journal:
        content = {"total_with_vat": "120.00", "recipient_siret": "20006905200096", "pdf_file": "F-1.pdf"}
        journal.intend(number, {**content, "issue_date": "2026-11-02"})
        for event in events:
            journal.record(number, event, {})


def spoil(home: Path, *statements: str, guards_back: bool = True) -> None:
    """What a hand does that has the file, and puts the triggers back unless it forgets to."""
    with closing(sqlite3.connect(home / "journal.sqlite")) as connection, connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, guard in guards if guards_back else ():
            connection.execute(guard)


def test_a_number_in_doubt_is_released_where_it_stands_without_a_word_of_where(tmp_path: Path) -> None:
    home = tmp_path / "home"
    doubt(home, "F-1", Event.LOSE, Event.MISS)

    done = run(home, "release", "F-1", "--because", REASON, "--yes", "--json")
    again = run(home, "release", "F-1", "--because", REASON, "--yes")

    assert done.returncode == ExitCode.DONE, done.stderr
    told = document(done)
    assert (told["command"], told["environment"], told["summary"]["supplier_siret"]) == (
        "release",
        "production",
        SUPPLIER,
    )
    assert (again.returncode, "CX602" in again.stderr) == (ExitCode.USAGE, True)


def test_without_a_person_and_without_yes_nothing_is_released_and_all_is_said(tmp_path: Path) -> None:
    home = tmp_path / "home"
    doubt(home, "F-1", Event.LOSE, Event.MISS)

    done = run(home, "release", "F-1", "--because", REASON)

    assert (done.returncode, "CX606" in done.stderr) == (ExitCode.USAGE, True)
    for word in ("Production", SUPPLIER, "120,00 €", "02/11/2026", "20006905200096", "F-1.pdf", "agnes", "portail"):
        assert word in done.stderr
    assert run(home, "release", "F-1", "--because", REASON, "--yes").returncode == ExitCode.DONE


def test_two_places_in_doubt_are_named_and_one_is_asked_for(tmp_path: Path) -> None:
    home = tmp_path / "home"
    doubt(home, "F-1", Event.LOSE, Event.MISS)
    doubt(home, "F-1", Event.LOSE, Event.MISS, supplier=OTHER)
    doubt(home, "F-1", Event.ACCEPT, environment="qualification")

    words = ("release", "F-1", "--because", REASON, "--yes")
    both = run(home, *words)
    one = run(home, *words, "--supplier", OTHER, "--json")
    accepted = run(home, *words, "--environment", "qualification")
    by_setting = run(home, *words, env={"CHORUS_XL_SUPPLIER_SIRET": SUPPLIER})

    assert (both.returncode, "CX604" in both.stderr) == (ExitCode.USAGE, True)
    assert f"--environment production --supplier {OTHER}" in both.stderr
    assert document(one)["summary"]["supplier_siret"] == OTHER
    assert "CX602" in accepted.stderr
    assert by_setting.returncode == ExitCode.DONE, by_setting.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("F-9", "--because", REASON), "CX601"),
        (("F-1", "--because", REASON, "--environment", "repetition"), "CX601"),
        (("F-1", "--because", "vu"), "CX605"),
        (("F-1",), "because"),
    ],
    ids=["unknown", "elsewhere", "no reason", "none at all"],
)
def test_a_release_that_makes_no_sense_is_a_wrong_use(tmp_path: Path, words: tuple[str, ...], code: str) -> None:
    home = tmp_path / "home"
    doubt(home, "F-1", Event.LOSE, Event.MISS)

    done = run(home, "release", *words, "--yes")

    assert (done.returncode, code in done.stderr) == (ExitCode.USAGE, True)


def test_a_whole_journal_holds_and_its_head_can_be_given_back(rehearsed: Path, tmp_path: Path) -> None:
    home = rehearsed / "home"
    printed = run(home, "journal", "verify")
    kept = tmp_path / "verification.txt"
    kept.write_text(printed.stdout, encoding="utf-8")
    head = re.findall(r"[0-9a-f]{64}", printed.stdout)[-1]

    again = document(run(home, "journal", "verify", "--json", "--head", head, "--heads-from", str(kept)))

    assert printed.returncode == ExitCode.DONE, printed.stderr
    assert re.search(r"chaîne intacte\. \[CX610\]", printed.stdout)
    assert (again["summary"]["holds"], again["summary"]["head"], again["summary"]["faults"]) == (True, head, [])
    assert again["summary"]["scopes"][0]["supplier_siret"] == SUPPLIER


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE entries SET payload = '{}' WHERE sequence = 1", "Ligne 1 du journal"),
        ("DELETE FROM entries WHERE sequence = 2", "des lignes manquent juste avant"),
    ],
    ids=["changed", "removed"],
)
def test_a_journal_that_was_bent_ends_with_3_and_says_where(folder: Path, statement: str, said: str) -> None:
    spoil(folder / "home", statement)

    done = run(folder / "home", "journal", "verify")

    assert done.returncode == ExitCode.SETUP
    assert said in done.stdout
    assert "facture « " in done.stdout


def test_a_tail_that_was_cut_is_found_by_a_head_that_was_kept(folder: Path) -> None:
    home = folder / "home"
    head = document(run(home, "journal", "verify", "--json"))["summary"]["head"]
    spoil(home, "DELETE FROM entries WHERE sequence > 3")

    unaware = run(home, "journal", "verify")
    aware = run(home, "journal", "verify", "--head", head)

    assert unaware.returncode == ExitCode.DONE, "the chain alone cannot tell"
    assert (aware.returncode, "CX613" in aware.stdout, head in aware.stdout) == (ExitCode.SETUP, True, True)


def test_a_tail_that_was_cut_is_found_by_the_head_that_a_workbook_shows(folder: Path) -> None:
    home, file = folder / "home", folder / "mois.xlsm"
    head = document(run(home, "journal", "verify", "--json"))["summary"]["head"]
    whole = run(home, "journal", "verify", "--heads-from", str(file))
    spoil(home, "DELETE FROM entries WHERE sequence > 3")

    done = run(home, "journal", "verify", "--heads-from", str(file))
    doctor = run(home, "doctor", str(file), "--json")

    assert whole.returncode == ExitCode.DONE, whole.stderr
    assert (done.returncode, "CX613" in done.stdout, head in done.stdout) == (ExitCode.SETUP, True, True)
    (said,) = (check for check in document(doctor)["summary"]["checks"] if check["code"] == "CX640")
    assert (said["state"], said["params"]["printed"]) == ("warning", head)


def test_a_tail_that_was_cut_does_not_hide_behind_the_next_press(folder: Path) -> None:
    home, file = folder / "home", folder / "mois.xlsm"
    head = document(run(home, "journal", "verify", "--json"))["summary"]["head"]
    spoil(home, "DELETE FROM entries WHERE sequence > 3")

    press = run(home, "refresh", str(file))
    verified = run(home, "journal", "verify", "--json")
    again = run(home, "refresh", str(file), "--json")

    assert ("CX640" in press.stdout, head in press.stdout) == (True, True)
    assert press.returncode == ExitCode.ROWS_NEED_THE_CLERK
    assert verified.returncode == ExitCode.ROWS_NEED_THE_CLERK
    told = document(verified)["summary"]
    assert [check["code"] for check in told["checks"]] == ["CX610", "CX642"]
    assert [missed["head"] for missed in told["missed_heads"]] == [head]
    assert "CX640" not in again.stdout


def test_missing_triggers_are_said_by_verify_and_by_doctor(folder: Path) -> None:
    home = folder / "home"
    spoil(home, guards_back=False)

    done = run(home, "journal", "verify", "--json")
    doctor = run(home, "doctor", "--json")

    assert done.returncode == ExitCode.SETUP
    told = document(done)["summary"]
    assert [check["code"] for check in told["checks"]] == ["CX610", "CX641"]
    assert "entries_no_delete" in told["missing_triggers"]
    assert "CX641" in [check["code"] for check in document(doctor)["summary"]["checks"]]


def test_of_a_text_that_names_heads_other_hashes_are_left_alone(rehearsed: Path, tmp_path: Path) -> None:
    home = rehearsed / "home"
    head = document(run(home, "journal", "verify", "--json"))["summary"]["head"]
    proof = tmp_path / "preuve.txt"
    proof.write_text(f"PDF : {'b' * 64}\nEmpreinte de tête : {head.upper()}\n", encoding="utf-8")
    bare = tmp_path / "bare.txt"
    bare.write_text(f"{'b' * 64}\n", encoding="utf-8")

    assert run(home, "journal", "verify", "--heads-from", str(proof)).returncode == ExitCode.DONE
    assert run(home, "journal", "verify", "--heads-from", str(bare)).returncode == ExitCode.SETUP


@pytest.mark.parametrize(
    ("words", "expected", "code"),
    [
        (("verify", "--head", "abc"), ExitCode.USAGE, "CX616"),
        (("verify", "--heads-from", "{folder}/empty.txt"), ExitCode.USAGE, "CX616"),
        (("verify", "--heads-from", "{folder}/absent.txt"), ExitCode.USAGE, "CX615"),
        (("verify", "--heads-from", "{folder}/neuf.xlsm"), ExitCode.USAGE, "CX616"),
        (("verify", "{folder}/absent.sqlite"), ExitCode.SETUP, "CX600"),
        (("verify", "{folder}/mois.xlsm"), ExitCode.SETUP, "CX512"),
        (("export", "--out", "{folder}/journal.pdf"), ExitCode.USAGE, "CX614"),
        (("export", "--out", "{folder}/mois.xlsm"), ExitCode.USAGE, "CX614"),
        (("export", "--out", "{folder}/journal.csv", "--since", "hier"), ExitCode.USAGE, "hier"),
        (("backup", "--out", "{folder}/mois.xlsm"), ExitCode.USAGE, "CX611"),
        (("restore", "{folder}/absent.sqlite"), ExitCode.SETUP, "CX600"),
        (("procedure", "{folder}/mois.xlsm", "--out", "{folder}/note.doc"), ExitCode.USAGE, "CX614"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_each_way_to_fail_has_its_exit_code_and_its_sentence(
    folder: Path, words: tuple[str, ...], expected: ExitCode, code: str
) -> None:
    (folder / "empty.txt").write_text("rien")
    shutil.copy2(shipped_workbook(), folder / "neuf.xlsm")

    done = run(folder / "home", "journal", *(word.format(folder=folder) for word in words))

    assert done.returncode == expected, done.stderr
    assert code in done.stderr
    assert "Traceback" not in done.stderr


def test_an_export_has_every_line_and_what_was_edited_since(folder: Path) -> None:
    out = folder / "journal.xlsx"

    told = document(
        run(folder / "home", "journal", "export", "--out", str(out), "--workbook", str(folder / "mois.xlsm"), "--json")
    )

    book = openpyxl.load_workbook(out, read_only=True)
    assert book.sheetnames == ["Journal", "Modifiées depuis"]
    assert len(list(book["Journal"].iter_rows())) == told["summary"]["lines"] + 1
    assert told["summary"]["edited_rows"] == 0
    book.close()


def test_an_export_is_of_the_days_the_number_and_the_environment_asked_for(tmp_path: Path) -> None:
    home = tmp_path / "home"
    doubt(home, "F-1", Event.LOSE)
    doubt(home, "F-2", Event.LOSE, environment="qualification")

    def count(name: str, *words: str) -> int:
        told = document(run(home, "journal", "export", "--out", str(tmp_path / f"{name}.csv"), "--json", *words))
        return int(told["summary"]["lines"])

    assert count("all") == 4
    assert count("one", "--number", "F-2") == 2
    assert count("environment", "--environment", "production") == 2
    assert count("day", "--since", "2026-11-23", "--until", "23/11/2026") == 4
    assert count("before", "--until", "2026-11-22") == 0
    assert count("after", "--since", "2026-11-24") == 0


def test_a_backup_can_be_verified_and_put_back(folder: Path) -> None:
    home, kept = folder / "home", folder / "sauvegarde.sqlite"
    made = document(run(home, "journal", "backup", "--out", str(kept), "--json"))["summary"]
    verified = run(home, "journal", "verify", str(kept), "--head", made["head"])
    doubt(home, "F-9", Event.LOSE)
    unsure = run(home, "journal", "restore", str(kept))
    done = run(home, "journal", "restore", str(kept), "--yes", "--json")

    assert verified.returncode == ExitCode.DONE, verified.stdout
    assert (unsure.returncode, "CX606" in unsure.stderr, "F-9" in unsure.stderr) == (ExitCode.USAGE, True, True)
    summary = document(done)["summary"]
    assert (summary["missing_lines"], summary["missing_numbers"]) == (2, ["F-9"])
    assert Path(summary["kept_aside"]).is_file()
    assert document(run(home, "journal", "verify", "--json"))["summary"]["head"] == made["head"]


def test_the_procedure_note_says_how_it_is_here(folder: Path) -> None:
    note = folder / "note.md"

    done = run(folder / "home", "journal", "procedure", str(folder / "mois.xlsm"), "--out", str(note))

    text = note.read_text(encoding="utf-8")
    assert done.returncode == ExitCode.DONE, done.stderr
    for word in ("BOI-TVA-DECLA-30-20-30-20", "L. 123-22", "Répétition", SUPPLIER, "CX201", str(folder / "home")):
        assert word in text
    assert re.search(r"Empreinte de tête \| `[0-9a-f]{64}`", text)
    assert "{" not in text
    assert json.dumps(text)
    assert run(folder / "home", "journal", "procedure", str(folder / "mois.xlsm"), "--out", str(note)).returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of our own needs a pseudo-terminal")
@pytest.mark.parametrize(("answer", "expected"), [("oui\n", ExitCode.DONE), ("\n", ExitCode.USAGE)], ids=["yes", "no"])
def test_on_a_terminal_the_person_is_asked(tmp_path: Path, answer: str, expected: ExitCode) -> None:
    import pty  # noqa: PLC0415 - there is none on Windows

    home = tmp_path / "home"
    doubt(home, "F-1", Event.LOSE, Event.MISS)
    ours, theirs = pty.openpty()
    try:
        os.write(ours, answer.encode())
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "chorus_xl", "release", "F-1", "--because", REASON],
            env={**os.environ, "CHORUS_XL_HOME": str(home), "PYTHONIOENCODING": "utf-8"},
            stdin=theirs,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)

    assert done.returncode == expected, done.stderr
    assert done.stderr.index("Envoyée comme") < done.stderr.index("portail.chorus-pro.gouv.fr")
    assert ("est libre" in done.stdout) is (expected is ExitCode.DONE)
