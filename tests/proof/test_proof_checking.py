"""Checking a proof: each planted change is found, with its file, whether or not ``SHA256SUMS`` was made again."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from chorus_xl.errors import ExitCode, UsageError
from chorus_xl.journal.chain import seal
from chorus_xl.messages.told import Sign, exit_code
from chorus_xl.proof import verify
from chorus_xl.proof.compare import compare
from tests.bench import row, write_pdf
from tests.proof.conftest import LAWS, Month, deposited

PDF, OTHER_PDF = "factures/F-1/F-1.pdf", "factures/F-2/F-2.pdf"


def found(proof: Path) -> set[tuple[str, str]]:
    """Code and file of each thing that does not hold."""
    wrong = (line for line in verify(proof, LAWS).told if line.sign is Sign.WRONG)
    return {(line.code, line.params.get("file", "")) for line in wrong}


def forge(proof: Path) -> None:
    """Make ``SHA256SUMS`` again, as a forger would."""
    files = sorted(path for path in proof.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    sums = [f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.relative_to(proof).as_posix()}\n" for f in files]
    (proof / "SHA256SUMS").write_text("".join(sums), encoding="ascii")


def replaced(name: str, before: str, after: str) -> Callable[[Path], None]:
    """Another text in a file, in one place."""

    def spoil(proof: Path) -> None:
        content = (proof / name).read_bytes()
        assert before.encode() in content
        (proof / name).write_bytes(content.replace(before.encode(), after.encode(), 1))

    return spoil


def with_lines(change: Callable[[list[Any]], object]) -> Callable[[Path], None]:
    """Other lines of the journal's extract."""

    def spoil(proof: Path) -> None:
        path = proof / "journal.jsonl"
        lines = [json.loads(text) for text in path.read_text("utf-8").splitlines()]
        change(lines)
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")

    return spoil


def with_rows(name: str, change: Callable[[list[str]], object]) -> Callable[[Path], None]:
    """Other lines of a text file."""

    def spoil(proof: Path) -> None:
        lines = (proof / name).read_text("utf-8").splitlines()
        change(lines)
        (proof / name).write_bytes("\r\n".join([*lines, ""]).encode())

    return spoil


def with_totals(change: Callable[[Any], object]) -> Callable[[Path], None]:
    def spoil(proof: Path) -> None:
        document = json.loads((proof / "totaux.json").read_text("utf-8"))
        change(document)
        (proof / "totaux.json").write_text(json.dumps(document), "utf-8")

    return spoil


def swap(proof: Path) -> None:
    one, other = (proof / PDF).read_bytes(), (proof / OTHER_PDF).read_bytes()
    (proof / PDF).write_bytes(other)
    (proof / OTHER_PDF).write_bytes(one)


def edit_index_workbook(proof: Path) -> None:
    book = openpyxl.load_workbook(proof / "index.xlsx")
    book.worksheets[0]["G3"] = 999.0
    book.save(proof / "index.xlsx")


def resealed(line: dict[str, Any]) -> None:
    line["payload"] = line["payload"].replace('"240.00"', '"200.00"')
    line["hash"] = seal(line)


def of_another(lines: list[Any]) -> None:
    for line in lines:
        line["supplier_siret"] = "73282932000074"


def hide_the_pdf(proof: Path) -> None:
    (proof / PDF).unlink()
    with_totals(lambda told: told["invoices"][1]["files"][0].update(path=""))(proof)


# Changes by accident: SHA256SUMS stays as it was.

ACCIDENTS: dict[str, tuple[Callable[[Path], object], set[tuple[str, str]]]] = {
    "a byte of a pdf": (lambda p: (p / PDF).write_bytes((p / PDF).read_bytes()[:-1] + b"x"), {("CX663", PDF)}),
    "a pdf gone": (lambda p: (p / PDF).unlink(), {("CX664", PDF)}),
    "a folder gone": (lambda p: shutil.rmtree(p / "factures/F-3"), {("CX664", "factures/F-3/depot.json")}),
    "a pdf renamed": (
        lambda p: (p / PDF).rename(p / "factures/F-1/G.pdf"),
        {("CX664", PDF), ("CX665", "factures/F-1/G.pdf")},
    ),
    "a file added": (lambda p: (p / "factures/note.txt").write_text("x"), {("CX665", "factures/note.txt")}),
    "two pdfs swapped": (swap, {("CX663", PDF), ("CX663", OTHER_PDF), ("CX669", PDF), ("CX669", OTHER_PDF)}),
    "the cover gone": (lambda p: (p / "00-Couverture.pdf").unlink(), {("CX664", "00-Couverture.pdf")}),
    "the sums gone": (lambda p: (p / "SHA256SUMS").unlink(), {("CX664", "SHA256SUMS"), ("CX665", PDF)}),
    "the sums emptied": (lambda p: (p / "SHA256SUMS").write_text(""), {("CX665", PDF), ("CX665", "totaux.json")}),
    "a sum changed": (replaced("SHA256SUMS", "a", "b"), set()),
    "a word in the sums": (lambda p: (p / "SHA256SUMS").write_text("hello\n"), {("CX676", "SHA256SUMS")}),
    "the totals gone": (lambda p: (p / "totaux.json").unlink(), {("CX664", "totaux.json")}),
    "the lines gone": (lambda p: (p / "journal.jsonl").unlink(), {("CX664", "journal.jsonl")}),
    "an index that is none": (
        lambda p: (p / "index.xlsx").write_bytes(b"x"),
        {("CX663", "index.xlsx"), ("CX671", "index.xlsx")},
    ),
}


@pytest.mark.parametrize("name", ACCIDENTS)
def test_what_was_changed_is_told_with_its_file(proof: Path, name: str) -> None:
    spoil, expected = ACCIDENTS[name]
    spoil(proof)

    told = found(proof)

    assert told
    assert expected <= told


# Changes on purpose: SHA256SUMS is made again.

FORGERIES: dict[str, tuple[Callable[[Path], object], tuple[str, str]]] = {
    "another pdf": (lambda p: write_pdf(p / PDF, "F-9"), ("CX669", PDF)),
    "two pdfs swapped": (swap, ("CX669", PDF)),
    "a pdf hidden": (hide_the_pdf, ("CX671", "index.csv")),
    "an amount in the index": (replaced("index.csv", "240,00", "200,00"), ("CX671", "index.csv")),
    "a recipient in the index": (replaced("index.csv", ";20006905200096;", ";20006905200013;"), ("CX671", "index.csv")),
    "a row less in the index": (with_rows("index.csv", lambda rows: rows.pop()), ("CX671", "index.csv")),
    "a column of the index": (replaced("index.csv", "Montant TTC", "Montant"), ("CX671", "index.csv")),
    "an amount in the workbook": (edit_index_workbook, ("CX671", "index.xlsx")),
    "the answer of the platform": (
        replaced("factures/F-2/depot.json", "90012", "0"),
        ("CX671", "factures/F-2/depot.json"),
    ),
    "a status less": (
        with_rows("factures/F-1/historique.csv", lambda rows: rows.pop()),
        ("CX671", "factures/F-1/historique.csv"),
    ),
    "another moment": (
        replaced("factures/F-1/historique.csv", "2026-11-23T09", "2026-11-22T09"),
        ("CX671", "factures/F-1/historique.csv"),
    ),
    "a cell of the journal": (replaced("journal.csv", "clerk", "nobody"), ("CX671", "journal.csv")),
    "a line of the journal": (with_lines(lambda lines: lines[0].update(user="nobody")), ("CX667", "journal.jsonl")),
    "a line sealed again": (with_lines(lambda lines: resealed(lines[0])), ("CX667", "journal.jsonl")),
    "a line less": (with_lines(lambda lines: lines.pop()), ("CX671", "totaux.json")),
    "an intent less": (with_lines(lambda lines: lines.pop(0)), ("CX671", "journal.jsonl")),
    "a line twice": (with_lines(lambda lines: lines.append(lines[-1])), ("CX667", "journal.jsonl")),
    "lines in another order": (with_lines(lambda lines: lines.reverse()), ("CX667", "journal.jsonl")),
    "another supplier's lines": (with_lines(of_another), ("CX667", "journal.jsonl")),
    "a line that is none": (with_lines(lambda lines: lines[0].pop("hash")), ("CX676", "journal.jsonl")),
    "a moment that is none": (with_lines(lambda lines: lines[0].update(at="hier")), ("CX671", "journal.jsonl")),
    "a payload that is none": (with_lines(lambda lines: lines[1].update(payload="[")), ("CX671", "journal.jsonl")),
    "json without an end": (lambda p: (p / "totaux.json").write_text("[" * 200_000), ("CX676", "totaux.json")),
    "a number as text": (with_lines(lambda lines: lines[0].update(attempt="1")), ("CX676", "journal.jsonl")),
    "the chain in another order": (
        with_rows("chaine.csv", lambda rows: rows.insert(1, rows.pop(2))),
        ("CX667", "chaine.csv"),
    ),
    "the chain cut": (with_rows("chaine.csv", lambda rows: rows.pop()), ("CX667", "chaine.csv")),
    "the chain grown": (
        with_rows("chaine.csv", lambda rows: rows.append(f"99;{'0' * 64};{'1' * 64}")),
        ("CX667", "chaine.csv"),
    ),
    "a chain that is none": (with_rows("chaine.csv", lambda rows: rows.append("x")), ("CX676", "chaine.csv")),
    "a total": (with_totals(lambda told: told["totals"]["accepted"].update(count=3)), ("CX671", "totaux.json")),
    "the head": (with_totals(lambda told: told["head"].update(hash="0" * 64)), ("CX667", "chaine.csv")),
    "an invoice less": (with_totals(lambda told: told["invoices"].pop()), ("CX671", "totaux.json")),
    "another hash": (
        with_totals(lambda told: told["invoices"][1]["files"][0].update(sha256="0" * 64)),
        ("CX671", "totaux.json"),
    ),
    "another supplier": (with_totals(lambda told: told.update(supplier_siret="1")), ("CX667", "journal.jsonl")),
    "a newer format": (with_totals(lambda told: told.update(format=2)), ("CX676", "totaux.json")),
    "totals without members": (with_totals(lambda told: told.pop("invoices")), ("CX676", "totaux.json")),
    "a number for a supplier": (with_totals(lambda told: told.update(supplier_siret=7)), ("CX671", "totaux.json")),
    "a number for a path": (
        with_totals(lambda told: told["invoices"][1]["files"][0].update(path=7)),
        ("CX671", "totaux.json"),
    ),
    "totals of another kind": (lambda p: (p / "totaux.json").write_text("[]"), ("CX676", "totaux.json")),
    "totals that are no json": (lambda p: (p / "totaux.json").write_text("{"), ("CX676", "totaux.json")),
    "another cover": (lambda p: write_pdf(p / "00-Couverture.pdf", "F-9"), ("CX671", "00-Couverture.pdf")),
    "no cover at all": (lambda p: (p / "00-Couverture.pdf").unlink(), ("CX664", "00-Couverture.pdf")),
    "another leaflet": (lambda p: (p / "LISEZMOI.txt").write_text("Tout va bien."), ("CX671", "LISEZMOI.txt")),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_what_was_forged_is_told_with_its_file(proof: Path, name: str) -> None:
    spoil, expected = FORGERIES[name]
    spoil(proof)
    forge(proof)

    told = found(proof)

    assert expected in told
    assert not {code for code, _ in told} & {"CX663", "CX665"}


@pytest.mark.parametrize("which", range(0, 4096, 256))
def test_no_byte_of_any_file_may_change(played: tuple[Month, Path], tmp_path: Path, which: int) -> None:
    proof = shutil.copytree(played[1], tmp_path / "Preuve")
    files = sorted(path for path in proof.rglob("*") if path.is_file())
    file = files[which // 256 % len(files)]
    content = bytearray(file.read_bytes())
    content[which % len(content)] ^= 1
    file.write_bytes(content)

    assert found(proof)


# What holds


def test_a_proof_holds_anywhere(proof: Path) -> None:
    checked = verify(proof, LAWS)

    assert [line.code for line in checked.told] == ["CX662", "CX666", "CX668", "CX670"]
    assert exit_code(checked.told) == ExitCode.DONE
    assert checked.seal == hashlib.sha256((proof / "SHA256SUMS").read_bytes()).hexdigest()


def test_what_the_system_leaves_in_a_folder_is_not_of_the_proof(proof: Path) -> None:
    (proof / "factures" / "Thumbs.db").write_bytes(b"x")
    (proof / ".DS_Store").write_bytes(b"x")

    assert found(proof) == set()


@pytest.mark.parametrize("inside", ["", "Preuve/"], ids=["its files", "the folder"])
def test_a_zip_made_by_hand_holds_too(proof: Path, tmp_path: Path, inside: str) -> None:
    with ZipFile(tmp_path / "hand.zip", "w", ZIP_DEFLATED) as package:
        for path in proof.rglob("*"):
            package.write(path, inside + path.relative_to(proof).as_posix())

    assert found(tmp_path / "hand.zip") == set()


def test_a_folder_unpacked_into_a_folder_holds_too(proof: Path, tmp_path: Path) -> None:
    shutil.move(proof, tmp_path / "outer" / "inner")

    assert found(tmp_path / "outer") == set()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_in_a_zip_is_told(played: tuple[Month, Path], tmp_path: Path) -> None:
    played[0].prove(tmp_path / "Preuve.zip")
    with ZipFile(tmp_path / "Preuve.zip", "a") as package:
        package.writestr("index.csv", b"another")

    assert ("CX665", "index.csv") in found(tmp_path / "Preuve.zip")


def test_a_zip_cut_in_the_middle_is_told(played: tuple[Month, Path], tmp_path: Path) -> None:
    played[0].prove(tmp_path / "Preuve.zip")
    content = (tmp_path / "Preuve.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(content[: len(content) // 2])

    with pytest.raises(UsageError, match="CX661"):
        verify(tmp_path / "cut.zip", LAWS)


def test_a_damaged_member_of_a_zip_is_told(played: tuple[Month, Path], tmp_path: Path) -> None:
    played[0].prove(tmp_path / "Preuve.zip")
    with ZipFile(tmp_path / "Preuve.zip") as package:
        member = package.getinfo("chaine.csv")
    content = bytearray((tmp_path / "Preuve.zip").read_bytes())
    content[member.header_offset + 30 + len("chaine.csv") + 5] ^= 255
    (tmp_path / "Preuve.zip").write_bytes(content)

    assert ("CX676", "chaine.csv") in found(tmp_path / "Preuve.zip")


@pytest.mark.parametrize("name", ["absent", "text.txt"])
def test_what_is_no_proof_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.txt").write_text("x")

    with pytest.raises(UsageError, match="CX661"):
        verify(tmp_path / name, LAWS)


def test_a_link_is_not_followed(proof: Path, tmp_path: Path) -> None:
    shutil.copy(proof / PDF, tmp_path / "elsewhere.pdf")
    (proof / PDF).unlink()
    (proof / PDF).symlink_to(tmp_path / "elsewhere.pdf")

    assert ("CX676", PDF) in found(proof)


def test_an_empty_folder_proves_nothing(tmp_path: Path) -> None:
    assert ("CX664", "SHA256SUMS") in found(tmp_path)


# Beside a journal


def beside(proof: Path, month: Month) -> tuple[Sign, str]:
    with month.bench.open_journal() as journal:
        told = compare(verify(proof, LAWS), journal.lines())
    return told.sign, told.code


def bend(month: Month, *statements: str) -> None:
    """What whoever holds the file may do to a journal."""
    with closing(sqlite3.connect(month.bench.folder / "journal.sqlite", isolation_level=None)) as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            database.execute(statement)


def test_the_journal_that_it_was_taken_from_agrees_even_when_it_has_grown(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"))
    month.prove(tmp_path / "Preuve")
    with month.bench.open_journal() as journal:
        journal.note("F-1", "note", {"comment": "later"})

    assert beside(tmp_path / "Preuve", month) == (Sign.FINE, "CX673")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM entries WHERE sequence = (SELECT max(sequence) FROM entries)",
        "UPDATE entries SET hash = 'x' WHERE sequence = 2",
        "DELETE FROM entries WHERE sequence = 2",
    ],
    ids=["cut", "changed", "a line removed"],
)
def test_a_journal_that_was_bent_since_is_told(tmp_path: Path, statement: str) -> None:
    month = deposited(tmp_path, row("F-1"), row("F-2"))
    month.prove(tmp_path / "Preuve")
    bend(month, statement)

    assert beside(tmp_path / "Preuve", month) == (Sign.WRONG, "CX675")


def test_a_line_that_the_proof_keeps_back_is_told(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"))
    with month.bench.open_journal() as journal:
        journal.note("F-1", "note", {"comment": "kept back"})
    month.prove(tmp_path / "Preuve")
    with_lines(lambda lines: lines.pop())(tmp_path / "Preuve")

    assert beside(tmp_path / "Preuve", month) == (Sign.WRONG, "CX675")


def test_another_journal_says_nothing(proof: Path, tmp_path: Path) -> None:
    other = deposited(tmp_path / "other", row("G-1"))

    assert beside(proof, other) == (Sign.FINE, "CX674")


def test_an_empty_journal_says_nothing(proof: Path) -> None:
    assert compare(verify(proof, LAWS), iter(())).code == "CX674"
