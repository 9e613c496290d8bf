"""A command line that cannot be understood: a French sentence, a code, exit 2, one document where it is asked for."""

import json
import sys
from pathlib import Path

import pytest
import typer

from chorus_xl import cli
from chorus_xl.cli import misuse
from chorus_xl.errors import ExitCode
from tests.doors.test_commands import document, run

ENGLISH = ("Usage", "Error", "Missing", "No such", "Invalid", "Try '", "Show ", "Commands", "default:", "required")

WRONG: list[tuple[str, str, str]] = [
    ("fill", "CX544", "Il manque « FICHIER » à la commande « chorus-xl fill »"),
    ("release 3", "CX544", "Il manque « --because RAISON » à la commande « chorus-xl release »"),
    ("act x --number", "CX544", "Il manque la valeur de --number à la commande « chorus-xl act »"),
    ("rehearse --rows", "CX544", "Il manque la valeur de --rows"),
    ("fill --jso a.xlsm", "CX545", "L'option « --jso » n'existe pas. Vouliez-vous dire --json ?"),
    ("fil", "CX545", "La commande « fil » n'existe pas. Vouliez-vous dire fill ?"),
    ("journal verif", "CX545", "La commande « verif » n'existe pas. Vouliez-vous dire verify ?"),
    ("xyzzy", "CX545", "La commande « xyzzy » n'existe pas. « chorus-xl --help »"),
    ("fill a.xlsm b.xlsm c.xlsm", "CX546", "des mots de trop : « b.xlsm c.xlsm »"),
    (
        "rehearse --rows dix",
        "CX547",
        "donnée à « --rows » ne convient pas : « dix », il faut un nombre entier",
    ),
    ("simulate --port 99999", "CX547", "« --port » ne convient pas : « 99999 », il faut"),
    ("login --environment prod", "CX547", "il faut l'un de ces mots : 'repetition', 'qualification', 'production'"),
    (
        "journal export --out x --since=hier",
        "CX547",
        "« hier », il faut un jour, comme 2026-11-30 ou 30/11/2026",
    ),
    ("fill a.xlsm --json=oui", "CX549", "ne peut pas être comprise"),
]


def use(words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command line."""
    monkeypatch.setattr(sys, "argv", ["chorus-xl", *words.split()])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out, told.err


@pytest.mark.parametrize(("words", "code", "sentence"), WRONG, ids=[row[0] for row in WRONG])
def test_wrong_use_is_told_in_french_with_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str, code: str, sentence: str
) -> None:
    ended, out, err = use(words, monkeypatch, capsys)

    assert (ended, out) == (ExitCode.USAGE, "")
    assert sentence in err
    assert err.rstrip().endswith(f"[{code}]")
    assert code == "CX549" or not [word for word in ENGLISH if word in err]


@pytest.mark.parametrize("words", ["fill --json", "xyzzy --json", "act a.xlsm --numero 3 --json", "journal --json"])
def test_wrong_use_is_one_document_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    ended, out, err = use(words, monkeypatch, capsys)

    stopped = json.loads(out)["summary"]["stopped"]
    assert ended == ExitCode.USAGE
    assert stopped["code"].startswith("CX54")
    assert stopped["message"] in err


def test_words_that_no_table_knows_are_quoted() -> None:
    strange = misuse.in_words(misuse.USAGE_ERROR("Something new."))
    value = misuse.in_words(typer.BadParameter("Something new.", param_hint="--x"))

    assert (strange.code, strange.params["detail"]) == ("CX549", "Something new")
    assert (value.code, value.params["detail"]) == ("CX547", "« Something new »")


@pytest.mark.parametrize(("words", "ended"), [("", 2), ("-h", 0), ("journal", 2), ("release --help", 0)])
def test_a_help_page_is_french(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str, ended: int
) -> None:
    code, out, err = use(words, monkeypatch, capsys)

    assert code == ended
    assert "Afficher cette aide." in out + err
    assert [word for word in ENGLISH if word in out + err] == ["Usage"]  # the same word in French


def test_a_question_that_nobody_answers_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, "login", "--environment", "qualification", "--json")

    assert (done.returncode, document(done)["summary"]["stopped"]["code"]) == (ExitCode.USAGE, "CX548")
