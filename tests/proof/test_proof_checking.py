"""Checking a proof: each planted change is found, with its file, whether or not ``SHA256SUMS`` was made again."""

import hashlib
import io
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from fpdf import FPDF
from openpyxl.comments import Comment
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.proof import Period, Sum
from chorus_xl.errors import ExitCode, JournalError, UsageError
from chorus_xl.journal.chain import seal
from chorus_xl.messages.told import Sign, exit_code
from chorus_xl.proof import ProofBinder, verify
from chorus_xl.proof.compare import compare
from chorus_xl.proof.contents import FORMAT
from chorus_xl.proof.files import files_of
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.prove import prove
from tests.bench import ABSENT, EAU, PRINCIPAL, make_bench, row, write_pdf
from tests.proof.conftest import LAWS, Month, deposited

PDF, OTHER_PDF = "factures/F-1/F-1.pdf", "factures/F-2/F-2.pdf"
FORMAT_1 = Path(__file__).with_name("format_1.zip")
"""Written by the program as it was before format 2: F-1 with an attachment, accepted and recycled; F-2 refused."""


def found(proof: Path) -> set[tuple[str, str]]:
    """Code and file of each thing that does not hold."""
    wrong = (line for line in verify(proof, LAWS).told if line.sign is Sign.WRONG)
    return {(line.code, line.params.get("file", "")) for line in wrong}


def told_of(proof: Path, code: str) -> list[dict[str, str]]:
    """What is said under a code."""
    return [dict(line.params) for line in verify(proof, LAWS).told if line.code == code]


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


def second_sheet(proof: Path) -> None:
    book = openpyxl.load_workbook(proof / "index.xlsx")
    book.create_sheet("Factures")
    book.save(proof / "index.xlsx")


def bind_pages(proof: Path, *, first: bool) -> None:
    cover, page = proof / "00-Couverture.pdf", proof.parent / "page.pdf"
    write_pdf(page, "TOUT EST PAYE")
    writer = PdfWriter()
    for path in (page, cover) if first else (cover, page):
        writer.append(path)
    writer.write(cover)


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
    "a newer format": (with_totals(lambda told: told.update(format=FORMAT + 1)), ("CX676", "totaux.json")),
    "a format before the first": (with_totals(lambda told: told.update(format=0)), ("CX676", "totaux.json")),
    "an older format": (with_totals(lambda told: told.update(format=1)), ("CX671", "index.csv")),
    "another batch": (with_totals(lambda told: told.update(batches=[])), ("CX671", "totaux.json")),
    "batches of an older format": (with_totals(lambda told: told.pop("off_sheet")), ("CX671", "totaux.json")),
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
    "the papers of an invoice": (lambda p: shutil.rmtree(p / "factures/F-1"), ("CX664", PDF)),
    "the life of an invoice": (
        lambda p: (p / "factures/F-1/depot.json").unlink(),
        ("CX664", "factures/F-1/depot.json"),
    ),
    "the history of an invoice": (
        lambda p: (p / "factures/F-1/historique.csv").unlink(),
        ("CX664", "factures/F-1/historique.csv"),
    ),
    "a file of no invoice": (lambda p: write_pdf(p / "factures/F-9.pdf", "F-9"), ("CX688", "factures/F-9.pdf")),
    "a member twice": (
        replaced("factures/F-2/depot.json", "{", '{"ending": "accepted", '),
        ("CX671", "factures/F-2/depot.json"),
    ),
    "a line that does not end": (
        lambda p: (p / "journal.jsonl").write_bytes((p / "journal.jsonl").read_bytes() + b'{"event": "accept"}'),
        ("CX676", "journal.jsonl"),
    ),
    "no sequence": (with_lines(lambda lines: lines[0].update(sequence=None)), ("CX676", "journal.jsonl")),
    "a sequence without end": (
        with_lines(lambda lines: lines[0].update(sequence=float("inf"))),
        ("CX676", "journal.jsonl"),
    ),
    "a sequence beyond any": (with_lines(lambda lines: lines[0].update(sequence=10**30)), ("CX676", "journal.jsonl")),
    "an attempt that is an object": (
        with_lines(lambda lines: lines[0].update(attempt={"a": 1})),
        ("CX676", "journal.jsonl"),
    ),
    "an attempt that is yes": (with_lines(lambda lines: lines[0].update(attempt=True)), ("CX676", "journal.jsonl")),
    "an attempt as 1e309": (replaced("journal.jsonl", '"attempt":1', '"attempt":1e309'), ("CX676", "journal.jsonl")),
    "a payload without end": (
        with_lines(lambda lines: lines[1].update(payload="[" * 100_000)),
        ("CX671", "journal.jsonl"),
    ),
    "an answer without end": (
        with_lines(lambda lines: lines[1].update(payload=json.dumps({"answer": "[" * 100_000}))),
        ("CX667", "journal.jsonl"),
    ),
    "a payload of numbers": (
        with_lines(lambda lines: lines[1].update(payload='{"chorus_status": 7}')),
        ("CX671", "journal.jsonl"),
    ),
    "a moment before all": (
        with_lines(lambda lines: lines[1].update(at="0001-01-01T00:00:00+23:59")),
        ("CX671", "journal.jsonl"),
    ),
    "an amount beyond any": (
        with_lines(lambda lines: lines[0].update(payload=lines[0]["payload"].replace('"240.00"', '"1e9999"'))),
        ("CX667", "journal.jsonl"),
    ),
    "a status in other words": (replaced("index.csv", ";Service fait;", ";Payée;"), ("CX671", "index.csv")),
    "an event in other words": (
        replaced("factures/F-1/historique.csv", ";accept;", ";accept;Payée"),
        ("CX671", "factures/F-1/historique.csv"),
    ),
    "a sheet beside the index": (second_sheet, ("CX671", "index.xlsx")),
    "a page before the cover": (lambda p: bind_pages(p, first=True), ("CX671", "00-Couverture.pdf")),
    "a page behind the cover": (lambda p: bind_pages(p, first=False), ("CX671", "00-Couverture.pdf")),
    "a leaflet that knows the head": (
        replaced("LISEZMOI.txt", "DOSSIER DE PREUVE", "TOUT EST PAYÉ"),
        ("CX671", "LISEZMOI.txt"),
    ),
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


def dress_up(proof: Path) -> None:
    """As a real deposit, by who has this program: the pages that people read, and a version that may word otherwise."""
    pack = verify(proof, LAWS).pack
    assert pack is not None
    dressed = replace(pack, environment=Environment.PRODUCTION)
    for name, content in files_of(dressed, sum(len(case.copies) for case in pack.cases)):
        if name in ("00-Couverture.pdf", "LISEZMOI.txt"):
            (proof / name).write_bytes(content)
    with_totals(lambda told: told.update(program="chorus-xl 99"))(proof)


def test_an_exercise_that_is_dressed_up_as_a_deposit_does_not_hold(proof: Path) -> None:
    dress_up(proof)
    forge(proof)

    assert found(proof) == {("CX671", "00-Couverture.pdf"), ("CX671", "LISEZMOI.txt")}


def lay_over(proof: Path) -> None:
    """White paint over the whole first page of the cover."""
    cover, paint = proof / "00-Couverture.pdf", FPDF()
    paint.add_page()
    paint.set_fill_color(255)
    paint.rect(0, 0, 210, 297, style="F")
    writer = PdfWriter(clone_from=cover)
    writer.pages[0].merge_page(PdfReader(io.BytesIO(bytes(paint.output()))).pages[0])
    writer.write(cover)


def pin_a_note(proof: Path) -> None:
    cover = proof / "00-Couverture.pdf"
    writer = PdfWriter(clone_from=cover)
    writer.add_annotation(0, FreeText(text="PAYE", rect=(50, 50, 300, 300)))
    writer.write(cover)


def hide_a_row(proof: Path) -> None:
    book = openpyxl.load_workbook(proof / "index.xlsx")
    book.worksheets[0].row_dimensions[3].hidden = True
    book.save(proof / "index.xlsx")


def comment_a_cell(proof: Path) -> None:
    book = openpyxl.load_workbook(proof / "index.xlsx")
    book.worksheets[0]["A2"].comment = Comment("Payée", "x")
    book.save(proof / "index.xlsx")


@pytest.mark.parametrize(
    ("add", "file"),
    [
        (lay_over, "00-Couverture.pdf"),
        (pin_a_note, "00-Couverture.pdf"),
        (hide_a_row, "index.xlsx"),
        (comment_a_cell, "index.xlsx"),
    ],
)
def test_what_was_drawn_over_the_words_is_to_be_looked_at(proof: Path, add: Callable[[Path], None], file: str) -> None:
    add(proof)
    forge(proof)

    told = verify(proof, LAWS).told

    assert [(line.sign, line.code, line.params.get("file")) for line in told if line.sign is not Sign.FINE] == [
        (Sign.LOOK, "CX696", file)
    ]
    assert exit_code(told) == ExitCode.ROWS_NEED_THE_CLERK


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
    assert told_of(proof, "CX693") == [{"files": ".DS_Store, factures/Thumbs.db"}]


def test_what_is_no_file_is_told(proof: Path) -> None:
    os.mkfifo(proof / "fifo.pdf")

    assert ("CX665", "fifo.pdf") in found(proof)


def test_a_folder_of_a_zip_that_holds_data_is_told(played: tuple[Month, Path], tmp_path: Path) -> None:
    played[0].prove(tmp_path / "Preuve.zip")
    with ZipFile(tmp_path / "Preuve.zip", "a") as package:
        package.writestr("factures/F-9.pdf/", b"data")

    assert ("CX665", "factures/F-9.pdf/") in found(tmp_path / "Preuve.zip")


def test_another_versions_words_are_not_compared_and_that_is_told(proof: Path) -> None:
    told = verify(proof, LAWS._replace(program="chorus-xl next", label=lambda status: f"new {status}")).told

    assert [line.code for line in told] == ["CX662", "CX666", "CX668", "CX692", "CX670"]
    assert told[3].params == {"made": "chorus-xl test", "checked": "chorus-xl next"}


def test_a_proof_of_the_first_format_still_holds_as_it_was_written() -> None:
    told = verify(FORMAT_1, LAWS).told

    assert [line.code for line in told] == ["CX662", "CX666", "CX668", "CX692", "CX670"]


@pytest.mark.parametrize(
    ("before", "after"),
    [(EAU, PRINCIPAL), ("BC-1", "BC-9"), ("120,00", "121,00"), ("SIRET destinataire", "SIRET")],
)
def test_an_index_of_the_first_format_may_say_nothing_else(tmp_path: Path, before: str, after: str) -> None:
    proof = tmp_path / "Preuve"
    with ZipFile(FORMAT_1) as package:
        package.extractall(proof)
    [folder] = [path.parent for path in proof.rglob("SHA256SUMS")]
    replaced("index.csv", before, after)(folder)
    forge(folder)

    assert found(folder) == {("CX671", "index.csv")}


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
        told = compare(verify(proof, LAWS), journal.lines(), LAWS)
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


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE entries SET hash = 'x' WHERE sequence = 2", "CX691"),
        ("UPDATE entries SET user = 'nobody' WHERE sequence = 2", "CX691"),
        ("UPDATE entries SET previous_hash = 'x' WHERE sequence = 3", "CX691"),
        ("DELETE FROM entries WHERE sequence = 2", "CX691"),
    ],
    ids=["a hash", "a word", "a link", "a line removed"],
)
def test_a_journal_that_does_not_hold_proves_nothing(tmp_path: Path, statement: str, code: str) -> None:
    month = deposited(tmp_path, row("F-1"), row("F-2"))
    bend(month, statement)

    with pytest.raises(JournalError, match=code):
        month.prove(tmp_path / "Preuve")

    assert not list(tmp_path.glob("Preuve*"))


def test_a_bent_line_of_another_sheet_is_no_crash(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"), row("F-2"))
    bend(month, "UPDATE entries SET payload = 'x' WHERE event = 'intend' AND invoice_number = 'F-2'")
    month.bench.type_into("invoice_number", ["F-1", "F-3"])

    with pytest.raises(JournalError, match="CX691"):
        month.prove(tmp_path / "Preuve")


def test_a_pc_or_a_file_that_is_called_like_another_platform_is_no_forgery(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"), row("PRODUCTION-1", pdf_file=ABSENT))
    office = month.office(machine="QUALIFICATION01")
    with ProofBinder(tmp_path / "Preuve") as binder:
        prove(office, Period(), binder, LAWS)

    assert found(tmp_path / "Preuve") == set()


def test_a_line_that_the_proof_keeps_back_is_told(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"))
    with month.bench.open_journal() as journal:
        journal.note("F-1", "note", {"comment": "kept back"})
    month.prove(tmp_path / "Preuve")
    with_lines(lambda lines: lines.pop())(tmp_path / "Preuve")

    assert beside(tmp_path / "Preuve", month) == (Sign.WRONG, "CX675")


NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("period", "end"),
    [
        (NOVEMBER, (Sign.WRONG, "CX689")),
        (Period(numbers=("F-1", "F-2")), (Sign.WRONG, "CX689")),
        (Period(), (Sign.WRONG, "CX689")),
    ],
    ids=["month", "numbers", "sheet"],
)
def test_an_invoice_left_out_whole_is_told_by_the_journal_it_came_from(
    tmp_path: Path, period: Period, end: tuple[Sign, str]
) -> None:
    month = deposited(tmp_path, row("F-1"), row("F-2"))
    month.prove(tmp_path / "Preuve", period)
    left_out(tmp_path / "Preuve")

    assert found(tmp_path / "Preuve") == set()
    assert beside(tmp_path / "Preuve", month) == end


def test_an_invoice_that_the_proof_says_was_never_presented_was(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"), row("F-2"))
    month.prove(tmp_path / "Preuve")
    left_out(tmp_path / "Preuve", unpresented=True)

    assert found(tmp_path / "Preuve") == set()
    assert beside(tmp_path / "Preuve", month) == (Sign.WRONG, "CX689")


def another_sheet(month: Month, *rows: dict[str, object]) -> Month:
    """A second workbook on the same PC, a minute later: same journal, same platform."""
    (month.bench.folder / "other").mkdir()
    month.bench.clock.pass_(60)
    its = make_bench(month.bench.folder / "other", *rows)
    shared = replace(its, folder=month.bench.folder, clock=month.bench.clock, platform=month.bench.platform)
    other = Month(shared, month.archive)
    deposit(other.office(concurrency=1), lambda _: True)
    return other


def test_another_sheets_invoices_are_no_business_of_a_sheets_proof(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"), row("F-2"))
    other = another_sheet(month, row("G-1"), row("G-2"))
    month.prove(tmp_path / "Preuve")
    other.prove(tmp_path / "Autre")

    assert beside(tmp_path / "Preuve", month) == beside(tmp_path / "Autre", month) == (Sign.FINE, "CX673")


def test_an_invoice_left_out_is_found_among_another_sheets(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"), row("F-2"))
    another_sheet(month, row("G-1"))
    month.prove(tmp_path / "Preuve")
    left_out(tmp_path / "Preuve")

    with month.bench.open_journal() as journal:
        told = compare(verify(tmp_path / "Preuve", LAWS), journal.lines(), LAWS)

    assert (told.code, told.params) == ("CX689", {"count": "1", "numbers": "F-2"})


def test_a_month_holds_all_sheets_and_misses_one_of_any(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"))
    another_sheet(month, row("G-1"))
    month.prove(tmp_path / "Preuve", NOVEMBER)
    assert beside(tmp_path / "Preuve", month) == (Sign.FINE, "CX673")

    left_out(tmp_path / "Preuve")

    assert beside(tmp_path / "Preuve", month) == (Sign.WRONG, "CX689")


def test_a_row_that_has_left_the_sheet_is_named_by_the_proof_itself(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"), row("F-2"))
    month.bench.type_into("invoice_number", ["F-1", "G-9"])
    report = month.prove(tmp_path / "Preuve")

    assert ("CX694", "F-2") in {(each.code, each.params["numbers"]) for each in report.notices}
    assert found(tmp_path / "Preuve") == set()
    assert told_of(tmp_path / "Preuve", "CX695") == [{"count": "1", "numbers": "F-2"}]
    assert beside(tmp_path / "Preuve", month) == (Sign.FINE, "CX673")


@pytest.mark.parametrize(
    ("days", "end"), [(0, (Sign.LOOK, "CX690")), (40, (Sign.FINE, "CX673"))], ids=["the same day", "another month"]
)
def test_without_batches_only_the_same_days_leave_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, end: tuple[Sign, str]
) -> None:
    monkeypatch.setattr("chorus_xl.steps.deposit.BATCH", "unknown_before")
    month = deposited(tmp_path, row("F-1"))
    month.bench.clock.pass_(days * 86_400)
    another_sheet(month, row("G-1"))
    month.prove(tmp_path / "Preuve")

    assert beside(tmp_path / "Preuve", month) == end


def test_an_invoice_of_another_month_is_not_missed(tmp_path: Path) -> None:
    month = deposited(tmp_path, row("F-1"), row("F-2"), scripted=("accept", "not_sent"))
    month.bench.clock.pass_(10 * 86_400)
    deposit(month.office(), lambda _: True)
    month.prove(tmp_path / "Preuve", NOVEMBER)

    assert beside(tmp_path / "Preuve", month) == (Sign.FINE, "CX673")


def left_out(proof: Path, *, unpresented: bool = False) -> None:
    """The last invoice is left out whole, by who has this program: every file is derived again."""
    checked = verify(proof, LAWS)
    assert checked.pack is not None
    pack = checked.pack
    *kept, gone = pack.cases
    sheet, never = pack.sheet, ((gone.number, gone.cents),) if unpresented else ()
    if sheet is not None and not unpresented:
        sheet = Sum(sheet.count - 1, sheet.cents - gone.cents)
    shutil.rmtree(proof / gone.folder)
    forged = replace(pack, cases=tuple(kept), sheet=sheet, unpresented=never)
    for name, content in files_of(forged, sum(len(case.copies) for case in kept)):
        (proof / name).write_bytes(content)
    forge(proof)


def test_another_journal_says_nothing(proof: Path, tmp_path: Path) -> None:
    other = deposited(tmp_path / "other", row("G-1"))

    assert beside(proof, other) == (Sign.FINE, "CX674")


def test_an_empty_journal_says_nothing(proof: Path) -> None:
    assert compare(verify(proof, LAWS), iter(()), LAWS).code == "CX674"
