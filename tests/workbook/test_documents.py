"""The files that the sheet names: found as clerks type them, and nowhere that a clerk did not mean."""

import hashlib
import os
import tracemalloc
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fpdf import FPDF
from fpdf.enums import EncryptionMethod

from chorus_xl.domain.files import LARGEST_FILE
from chorus_xl.domain.invoice import Document
from chorus_xl.errors import WorkbookError
from chorus_xl.workbook.documents import FolderDocuments
from chorus_xl.workbook.pdf import MAX_PAGES


def pdf(text: str = "Facture F1", *, pages: int = 1, encrypt: dict[str, object] | None = None) -> bytes:
    paper = FPDF()
    paper.set_font("helvetica")
    for page in range(pages):
        paper.add_page()
        paper.cell(text=f"{text} page {page + 1}")
    if encrypt:
        paper.set_encryption(**encrypt)  # type: ignore[arg-type]  # a table of arguments
    return bytes(paper.output())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of PDFs, with a secret beside it and a link to that."""
    home = tmp_path / "factures"
    (home / "mars").mkdir(parents=True)
    (home / "F1.pdf").write_bytes(pdf())
    (home / "mars" / "F2.pdf").write_bytes(pdf())
    (home / unicodedata.normalize("NFD", "Pièce n° 1.txt")).write_bytes(b"x")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (home / "lien.txt").symlink_to(tmp_path / "secret.txt")
    (home / "dehors").symlink_to(tmp_path)
    (home / "boucle").symlink_to(home / "boucle")
    return home


FOUND = {
    "a name": ("F1.pdf", "F1.pdf"),
    "spaces around": ("  F1.pdf ", "F1.pdf"),
    "as the Explorer copies it": ('"F1.pdf"', "F1.pdf"),
    "another case": ("f1.PDF", "F1.pdf"),
    "a path": ("mars/F2.pdf", "F2.pdf"),
    "a path of Windows": (r"mars\F2.pdf", "F2.pdf"),
    "another case in a path": (r"MARS\f2.pdf", "F2.pdf"),
    "there and back": ("mars/../F1.pdf", "F1.pdf"),
    "accents composed": ("Pièce n° 1.txt", "Pièce n° 1.txt"),
    "accents composed, another case": ("pièce N° 1.TXT", "Pièce n° 1.txt"),
}


@pytest.mark.parametrize(("reference", "name"), FOUND.values(), ids=FOUND)
def test_a_file_is_found_as_it_is_typed(folder: Path, reference: str, name: str) -> None:
    facts = FolderDocuments(folder).look(reference, read_text=False)

    assert (facts.reference, facts.name, facts.problem) == (reference, name, "")
    assert facts.size > 0


def test_a_full_path_is_the_clerks_own_word(folder: Path, tmp_path: Path) -> None:
    facts = FolderDocuments(folder).look(str(tmp_path / "SECRET.txt"), read_text=False)

    assert (facts.name, facts.problem, facts.size) == ("secret.txt", "", 6)
    assert facts.sha256 == hashlib.sha256(b"secret").hexdigest()


PROBLEMS = {
    "": "missing",
    "   ": "missing",
    "absent.pdf": "missing",
    "absent/F1.pdf": "missing",
    "F1.pdf/x": "missing",
    "boucle": "missing",
    "x" * 5000: "missing",
    r"C:\Factures\F1.pdf": "missing",
    "mars": "not_a_file",
    ".": "not_a_file",
    "..": "outside",
    "../secret.txt": "outside",
    r"..\secret.txt": "outside",
    "mars/../../secret.txt": "outside",
    "lien.txt": "outside",
    "dehors/secret.txt": "outside",
    r"\\serveur\partage\F1.pdf": "outside",
    "//serveur/partage/F1.pdf": "outside",
    r"\\?\C:\F1.pdf": "outside",
    r"\\.\COM1": "outside",
    r"\F1.pdf": "outside",
    "C:F1.pdf": "outside",
    "F1.pdf:flux": "outside",
    "CON": "outside",
    "nul.pdf": "outside",
    "mars/COM1.txt": "outside",
    "F1.pdf\x00.txt": "outside",
    "F1\n.pdf": "outside",
    "nul .pdf": "outside",
    "aux.": "outside",
    "LPT9.tar.gz": "outside",
    "com³": "outside",
    "F1.pdf.": "outside",
    "F1.pdf::$DATA": "outside",
    "mars /F2.pdf": "outside",
    "mars./F2.pdf": "outside",
    ".../F1.pdf": "outside",
    "lien/../F1.pdf": "missing",
    r"\/serveur/partage/F1.pdf": "outside",
    r"/\serveur\partage\F1.pdf": "outside",
    r"\??\C:\F1.pdf": "outside",
    "//?/UNC/serveur/partage/F1.pdf": "outside",
    "//./PhysicalDrive0": "outside",
    "\ud800.pdf": "missing",
    "\u202efdp.1F": "missing",
    "~/F1.pdf": "missing",
    "%TEMP%/F1.pdf": "missing",
    "http://exemple.fr/F1.pdf": "outside",
    "file:///etc/passwd": "outside",
    "mailto:x@exemple.fr": "outside",
}


@pytest.mark.parametrize(("reference", "problem"), PROBLEMS.items(), ids=lambda text: repr(text[:30]))
def test_a_reference_that_leads_nowhere_good_has_its_problem(folder: Path, reference: str, problem: str) -> None:
    facts = FolderDocuments(folder).look(reference, read_text=True)

    assert (facts.problem, facts.size, facts.sha256, facts.text) == (problem, 0, "", "")


@pytest.mark.parametrize(
    "reference", [ref for ref in PROBLEMS if PROBLEMS[ref] != "not_a_file"], ids=lambda t: repr(t[:30])
)
def test_what_cannot_be_looked_at_cannot_be_loaded(folder: Path, reference: str) -> None:
    with pytest.raises(WorkbookError, match="CX190"):
        FolderDocuments(folder).load(reference)


def test_two_names_that_differ_by_case_only_are_not_guessed_between(folder: Path) -> None:
    (folder / "f1.PDF").write_bytes(b"%PDF- autre")

    assert FolderDocuments(folder).look("F1.pdf", read_text=False).size == len(pdf())
    assert FolderDocuments(folder).look("F1.Pdf", read_text=False).problem == "missing"


def test_a_file_added_later_is_found(folder: Path) -> None:
    documents = FolderDocuments(folder)
    assert documents.look("f9.PDF", read_text=False).problem == "missing"
    (folder / "F9.pdf").write_bytes(pdf())
    os.utime(folder, ns=(1, 1))  # as if the clock had moved

    assert documents.look("f9.PDF", read_text=False).problem == ""


def test_a_pipe_is_not_read(folder: Path) -> None:
    os.mkfifo(folder / "tuyau.pdf")

    assert FolderDocuments(folder).look("tuyau.pdf", read_text=True).problem == "not_a_file"
    with pytest.raises(WorkbookError, match="CX191"):
        FolderDocuments(folder).load("tuyau.pdf")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/stdin", "/dev/null"])
def test_a_device_is_not_read_by_its_full_path_and_not_by_a_link(folder: Path, device: str) -> None:
    (folder / "zero.pdf").symlink_to(device)
    documents = FolderDocuments(folder)

    assert documents.look(device, read_text=True).problem == "not_a_file"
    assert documents.look("zero.pdf", read_text=True).problem == "outside"


def test_a_file_that_only_the_system_holds_open_is_not_waited_for(folder: Path) -> None:
    """Files below /proc say that they are empty, and some never end, or never begin."""
    assert FolderDocuments(folder).look("/proc/kmsg", read_text=True).size == 0


def test_a_folder_on_a_share_is_the_clerks_choice_and_a_cell_that_leaves_for_one_is_not(tmp_path: Path) -> None:
    share = tmp_path / "serveur" / "partage"  # what Windows calls \\serveur\partage is a folder like another here
    share.mkdir(parents=True)
    (share / "F1.pdf").write_bytes(pdf())

    assert FolderDocuments(share).look("F1.pdf", read_text=False).problem == ""
    assert FolderDocuments(share).look(r"\\serveur\partage\F1.pdf", read_text=False).problem == "outside"


def test_a_file_of_ten_gigabytes_is_measured_and_not_read(folder: Path) -> None:
    with (folder / "grand.pdf").open("wb") as stream:
        stream.truncate(10_000_000_000)
    documents = FolderDocuments(folder)

    with memory_counted() as used:
        facts = documents.look("grand.pdf", read_text=True)
        with pytest.raises(WorkbookError, match="CX185"):
            documents.load("grand.pdf")

    assert (facts.problem, facts.size, facts.sha256) == ("", 10_000_000_000, "")
    assert max(used) < 3 * LARGEST_FILE


def test_a_file_as_large_as_can_be_sent_is_read(folder: Path) -> None:
    (folder / "juste.txt").write_bytes(bytes(LARGEST_FILE))

    facts = FolderDocuments(folder).look("juste.txt", read_text=False)

    assert facts.sha256 == hashlib.sha256(bytes(LARGEST_FILE)).hexdigest()
    assert len(FolderDocuments(folder).load("juste.txt").content) == LARGEST_FILE


@contextmanager
def memory_counted() -> Iterator[list[int]]:
    """The most bytes that Python held meanwhile."""
    used: list[int] = []
    tracemalloc.start()
    try:
        yield used
    finally:
        used.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()


AES = {"owner_password": "o", "user_password": "u", "encryption_method": EncryptionMethod.AES_256}
PDFS = {
    "sound": (pdf(), ""),
    "behind a few bytes": (b"\n\n" + pdf(), ""),
    "encrypted": (pdf(encrypt={"owner_password": "o", "user_password": "u"}), "encrypted"),
    "encrypted by AES": (pdf(encrypt=AES), "encrypted"),
    "restricted, opens without a password": (pdf(encrypt={"owner_password": "o"}), ""),
    "no PDF": (b"PK\x03\x04 renamed", "damaged"),
    "broken off": (pdf()[:-300], "damaged"),
    "only its last line missing": (pdf()[:-40], ""),
    "empty": (b"", ""),
}


@pytest.mark.parametrize("read_text", [False, True], ids=["not asked", "text asked"])
@pytest.mark.parametrize(("content", "problem"), PDFS.values(), ids=PDFS)
def test_a_pdf_says_what_is_wrong_with_it(folder: Path, content: bytes, problem: str, read_text: bool) -> None:  # noqa: FBT001
    (folder / "X.pdf").write_bytes(content)

    facts = FolderDocuments(folder).look("X.pdf", read_text=read_text)

    assert (facts.problem, facts.size) == (problem, len(content))
    assert facts.sha256 == hashlib.sha256(content).hexdigest()


def test_the_text_layer_is_read_when_asked(folder: Path) -> None:
    documents = FolderDocuments(folder)

    assert documents.look("F1.pdf", read_text=False).text == ""
    assert documents.look("F1.pdf", read_text=True).text == "Facture F1 page 1"


def test_the_text_of_the_first_pages_is_enough(folder: Path) -> None:
    (folder / "long.pdf").write_bytes(pdf(pages=MAX_PAGES + 2))

    text = FolderDocuments(folder).look("long.pdf", read_text=True).text

    assert f"page {MAX_PAGES}" in text
    assert f"page {MAX_PAGES + 1}" not in text


def test_pdfs_broken_anywhere_never_raise(folder: Path) -> None:
    content = pdf()
    documents = FolderDocuments(folder)
    for place in range(0, len(content), 53):
        (folder / "X.pdf").write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])

        assert documents.look("X.pdf", read_text=True).problem in ("", "damaged", "encrypted")


def test_a_document_is_loaded_with_its_hash(folder: Path) -> None:
    content = (folder / "F1.pdf").read_bytes()

    assert FolderDocuments(folder).load("f1.pdf") == Document("F1.pdf", content, hashlib.sha256(content).hexdigest())


def test_a_folder_is_no_document(folder: Path) -> None:
    with pytest.raises(WorkbookError, match="CX191"):
        FolderDocuments(folder).load("mars")


def test_a_missing_folder_of_pdfs_makes_every_file_missing(tmp_path: Path) -> None:
    assert FolderDocuments(tmp_path / "nulle part").look("F1.pdf", read_text=True).problem == "missing"
