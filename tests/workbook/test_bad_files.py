"""Every workbook that cannot be read or written as it stands is refused with its own code, and nothing is changed."""

import errno
import io
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from chorus_xl import messages
from chorus_xl.domain.columns import INVOICES, LAYOUT
from chorus_xl.domain.sheets import Changes, TableChange
from chorus_xl.errors import WorkbookError
from tests.workbook.sample import (
    FACTURES,
    Formula,
    Sample,
    edit_parts,
    invoice,
    opened,
    read_parts,
    swap,
    write_cells,
)

CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
MACROS, NO_MACROS = b"vnd.ms-excel.sheet.macroEnabled", b"vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE = "xl/tables/table1.xml"
BOOK = "xl/workbook.xml"

Make = Callable[[Path], Path]


def sample(**others: object) -> Make:
    return lambda path: Sample(invoices=[invoice("F1")], **others).save(path)  # type: ignore[arg-type]  # a table


def content(data: bytes) -> Make:
    def make(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return make


def renamed(suffix: str) -> Make:
    return lambda path: sample()(path).rename(path.with_suffix(suffix))


def edited(part: str, old: bytes, new: bytes) -> Make:
    return lambda path: edit_parts(sample()(path), {part: swap(old, new)})


def without_part(part: str) -> Make:
    def make(path: Path) -> Path:
        parts = read_parts(sample()(path))
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in parts.items():
                if name != part:
                    archive.writestr(name, data)
        return path

    return make


def cut(share: float) -> Make:
    def make(path: Path) -> Path:
        data = sample()(path).read_bytes()
        path.write_bytes(data[: int(len(data) * share)])
        return path

    return make


def with_a_bomb(path: Path) -> Path:
    sample()(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(25_000_000))
    return path


def with_a_size_that_lies(path: Path) -> Path:
    """The directory of the archive says ten bytes; the stream goes on."""
    sample()(path)
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02", data.index(FACTURES.encode()))
    while FACTURES.encode() not in data[entry : entry + 46 + 64]:
        entry = data.index(b"PK\x01\x02", entry + 4)
    data[entry + 24 : entry + 28] = struct.pack("<I", 10)
    path.write_bytes(data)
    return path


def in_utf16(xml: bytes) -> bytes:
    """Well-formed, but calamine 0.9 makes an empty sheet of it without a word."""
    return xml.replace(b"UTF-8", b"UTF-16").decode().encode("utf-16")


def with_one_name_twice(path: Path) -> Path:
    sample()(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(FACTURES.upper(), b"")
    return path


def with_the_table_twice(path: Path) -> Path:
    """As a tool that copies sheets without care leaves it."""
    sample()(path)
    rels = b'<Relationship Id="rId9" Type="http://x/table" Target="../tables/table1.xml"/></Relationships>'
    return edit_parts(path, {"xl/worksheets/_rels/sheet3.xml.rels": swap(b"</Relationships>", rels)})


def with_a_formula_of_the_clerk(path: Path) -> Path:
    return Sample(invoices=[invoice("F1"), invoice("F2", verdict=Formula("=1"))]).save(path)


def with_a_formula_in_the_journal(path: Path) -> Path:
    return Sample(journal=[{"detail": "x"}, {"detail": Formula("=1")}]).save(path)


def with_a_far_cell(path: Path) -> Path:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    edits = {FACTURES: swap(b"</sheetData>", far)}
    return edit_parts(sample()(path), edits)


BAD = {
    "missing": (lambda path: path, "CX150"),
    "folder": (lambda path: path.mkdir() or path, "CX151"),
    "xlsx": (renamed(".xlsx"), "CX152"),
    "ods": (renamed(".ods"), "CX153"),
    "csv": (renamed(".csv"), "CX153"),
    "no suffix": (renamed(""), "CX153"),
    "encrypted": (content(CFB + "EncryptedPackage".encode("utf-16-le")), "CX154"),
    "old xls": (content(CFB + "Workbook".encode("utf-16-le")), "CX167"),
    "xlsx renamed": (edited("[Content_Types].xml", MACROS, NO_MACROS), "CX168"),
    "empty": (content(b""), "CX155"),
    "not a zip": (content(b"Budget;SIRET\n"), "CX155"),
    "header of a zip only": (content(b"PK\x03\x04"), "CX155"),
    "no workbook part": (without_part(BOOK), "CX155"),
    "no content types": (without_part("[Content_Types].xml"), "CX155"),
    "no sheet part": (without_part(FACTURES), "CX155"),
    "no table part": (without_part(TABLE), "CX155"),
    "no shared strings": (without_part("xl/sharedStrings.xml"), "CX155"),
    "workbook is no XML": (edited(BOOK, b"</workbook>", b""), "CX155"),
    "workbook with a document type": (edited(BOOK, b"<workbook", b"<!DOCTYPE x [<!ENTITY a 'b'>]><workbook"), "CX155"),
    "sheet is no XML": (edited(FACTURES, b"</sheetData>", b""), "CX155"),
    "table without a place": (edited(TABLE, b'ref="A4', b'ref="'), "CX155"),
    "table with odd counts": (edited(TABLE, b"<table ", b'<table headerRowCount="x" '), "CX155"),
    "string index out of range": (edited(FACTURES, b"<v>2</v>", b"<v>999999</v>"), "CX155"),
    "size that lies": (with_a_size_that_lies, "CX155"),
    "sheet in UTF-16": (lambda path: edit_parts(sample()(path), {FACTURES: in_utf16}), "CX155"),
    "one name twice": (with_one_name_twice, "CX155"),
    "bomb": (with_a_bomb, "CX156"),
    "no layout": (sample(layout=None), "CX170"),
    "layout is no number": (sample(layout='"un"'), "CX170"),
    "newer layout": (sample(layout=str(LAYOUT + 1)), "CX171"),
    "older layout": (sample(layout="0"), "CX172"),
    "sheet missing": (sample(sheets={"Lignes": None}), "CX173"),
    "table missing": (sample(tables={"tblJournal": "Tableau4"}), "CX174"),
    "two tables of one name": (with_the_table_twice, "CX175"),
    "column renamed": (sample(headers={"total_vat": "Montant de TVA"}), "CX176"),
    "column missing": (sample(without=["comment"]), "CX177"),
    "two columns of one header": (sample(extra={"date\u00a0": 1}), "CX178"),
    "formula in our column": (with_a_formula_of_the_clerk, "CX179"),
    "formula in the journal": (with_a_formula_in_the_journal, "CX179"),
    "far cell": (with_a_far_cell, "CX180"),
    "parameter twice": (sample(parameters=[("Environnement", "Répétition"), ("environnement", "Production")]), "CX182"),
}


@pytest.mark.parametrize(("make", "code"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_in_reading_with_its_sentence(path: Path, make: Make, code: str) -> None:
    made = make(path)

    with pytest.raises(WorkbookError) as refused:
        opened(made).read()

    assert refused.value.code == code
    assert messages.of_error(refused.value).endswith(f"[{code}]")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_file_cut_short_is_refused(path: Path, share: float) -> None:
    cut(share)(path)

    with pytest.raises(WorkbookError) as refused:
        opened(path).read()

    assert refused.value.code == "CX155"


def test_bytes_changed_anywhere_are_read_or_refused_but_never_a_traceback(path: Path) -> None:
    data = sample()(path).read_bytes()
    for place in range(0, len(data), 97):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
        try:
            opened(path).read()
        except WorkbookError as error:
            assert error.code != ""  # noqa: PT017 - the other outcome is as good


DETAILS = {
    "CX176": (sample(headers={"total_vat": "Montant de TVA"}), {"header": "Montant TVA", "closest": "Montant de TVA"}),
    "CX175": (with_the_table_twice, {"table": "tblFactures", "sheets": "« Factures », « Lignes »"}),
    "CX179": (
        with_a_formula_of_the_clerk,
        {"cell": "R6", "header": "Contrôle", "sheet": "Factures"},
    ),
    "CX180": (with_a_far_cell, {"cell": "XFD1048576"}),
}


@pytest.mark.parametrize(("make", "params"), DETAILS.values(), ids=DETAILS)
def test_the_sentence_names_what_it_is_about(path: Path, make: Make, params: dict[str, str]) -> None:
    with pytest.raises(WorkbookError) as refused:
        opened(make(path)).read()

    assert params.items() <= refused.value.params.items()


def excel_owner(name: str) -> bytes:
    ansi = bytes([len(name)]) + name.encode("cp1252").ljust(54)
    return ansi + struct.pack("<H", len(name)) + name.encode("utf-16-le").ljust(108, b" ")


OWNERS = {
    "Excel": ("~$ChorusInvoices.xlsm", excel_owner("Zoé Martin"), "CX157", "Zoé Martin"),
    "Excel, ANSI only": ("~$ChorusInvoices.xlsm", b"\x05Marie", "CX157", "Marie"),
    "Excel, empty": ("~$ChorusInvoices.xlsm", b"", "CX158", None),
    "LibreOffice": (".~lock.ChorusInvoices.xlsm#", b",marie,pc-12,23.11.2026 09:00,file:///x;", "CX157", "marie"),
    "LibreOffice, empty": (".~lock.ChorusInvoices.xlsm#", b",,,,;", "CX158", None),
}


@pytest.mark.parametrize(("name", "owner", "code", "user"), OWNERS.values(), ids=OWNERS)
def test_a_workbook_open_elsewhere_is_not_written(
    path: Path, name: str, owner: bytes, code: str, user: str | None
) -> None:
    before = sample()(path).read_bytes()
    path.with_name(name).write_bytes(owner)

    with pytest.raises(WorkbookError) as refused:
        write_cells(path, {"verdict": ["Prête"]})

    assert (refused.value.code, refused.value.params.get("user")) == (code, user)
    assert path.read_bytes() == before


def test_a_file_marked_read_only_is_not_replaced(path: Path) -> None:
    before = sample()(path).read_bytes()
    path.chmod(0o444)

    with pytest.raises(WorkbookError, match="CX160"):
        write_cells(path, {"verdict": ["Prête"]})

    assert path.read_bytes() == before


def test_whether_a_write_could_succeed_is_known_beforehand(path: Path) -> None:
    sample()(path)
    opened(path).ensure_writable()
    path.chmod(0o444)

    with pytest.raises(WorkbookError, match="CX160"):
        opened(path).ensure_writable()
    with pytest.raises(WorkbookError, match="CX150"):
        opened(path.with_name("Absent.xlsm")).ensure_writable()


def refuse(error: OSError) -> Callable[..., None]:
    def raising(*_: object, **__: object) -> None:
        raise error

    return raising


SYSTEM = {
    "sharing violation": (os, "replace", PermissionError(13, "x", "a", None, "b"), "CX159"),
    "folder refuses": (tempfile, "mkstemp", PermissionError(13, "x", "a"), "CX161"),
    "read-only disk": (tempfile, "mkstemp", OSError(errno.EROFS, "x"), "CX161"),
    "full disk": (os, "fsync", OSError(errno.ENOSPC, "x"), "CX162"),
    "share gone": (os, "replace", OSError(errno.EIO, "x"), "CX163"),
}


@pytest.mark.parametrize(("module", "function", "error", "code"), SYSTEM.values(), ids=SYSTEM)
def test_what_the_system_refuses_leaves_the_file_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch, module: object, function: str, error: OSError, code: str
) -> None:
    before = sample()(path).read_bytes()
    monkeypatch.setattr(module, function, refuse(error))

    with pytest.raises(WorkbookError) as refused:
        write_cells(path, {"verdict": ["Prête"]})

    assert refused.value.code == code
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_file_saved_by_another_while_we_write_is_not_replaced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample()(path)
    fsync = os.fsync

    def save_meanwhile(handle: int) -> None:
        fsync(handle)
        Sample(invoices=[invoice("F9")]).save(path)

    monkeypatch.setattr(os, "fsync", save_meanwhile)

    with pytest.raises(WorkbookError, match="CX164"):
        write_cells(path, {"verdict": ["Prête"]})

    assert opened(path).read().invoices.frame["invoice_number"].tolist() == ["F9"]


def test_a_copy_that_cannot_be_kept_stops_the_write(path: Path) -> None:
    before = sample()(path).read_bytes()
    in_the_way = path.with_name("sauvegardes")
    in_the_way.write_text("un fichier")
    book = opened(path, backups=in_the_way)
    sheets = book.read()

    with pytest.raises(WorkbookError, match="CX165"):
        book.write(sheets, Changes(cells=(TableChange(INVOICES.name, [5], {"verdict": ["Prête"]}),)))

    assert path.read_bytes() == before


def test_a_formula_met_only_in_writing_stops_the_write(path: Path) -> None:
    """The clerk may have typed it since the reading, in another row."""
    Sample(invoices=[invoice("F1")], lines=[{"invoice_number": "F1", "label": Formula("=1")}]).save(path)
    before = path.read_bytes()
    book = opened(path)
    sheets = book.read()

    with pytest.raises(WorkbookError) as refused:
        book.write(sheets, Changes(cells=(TableChange("tblLignes", [2], {"label": ["x"]}),)))

    assert (refused.value.code, refused.value.params["cell"]) == ("CX179", "B2")
    assert path.read_bytes() == before


def test_the_sample_of_a_lying_size_really_lies(path: Path) -> None:
    with_a_size_that_lies(path)

    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert archive.getinfo(FACTURES).file_size == 10
        with pytest.raises((zipfile.BadZipFile, zlib.error)):
            archive.read(FACTURES)
