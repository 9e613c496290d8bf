"""The macros inside the workbook: which modules, with which source, and what stands around them."""

import importlib.metadata
import re
import struct
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from chorus_xl.build import Content, build_workbook
from chorus_xl.build.ovba import Kind, Module, vba_project
from chorus_xl.build.sheets import CODE_NAMES
from chorus_xl.build.vba import modules, xlwings_folder
from chorus_xl.domain.sheets import Changes, TableChange
from chorus_xl.workbook.closed import ClosedWorkbook
from tests.build.compound import streams
from tests.build.projects import decompressed, records, unmasked
from tests.build.recalculated import Opened

ROOT = Path(__file__).parents[2]
NAMES = ["ThisWorkbook", *CODE_NAMES.values(), "ChorusRibbon", "xlwings", "Dictionary"]
OURS = {module.name: module.source for module in modules(CODE_NAMES.values())}


@pytest.fixture(scope="session")
def project(fresh: Path) -> dict[str, bytes]:
    with ZipFile(fresh) as package:
        return streams(package.read("xl/vbaProject.bin"))


def plain(name: str, lines: int = 1) -> Module:
    return Module(name, Kind.PROCEDURES, f'Attribute VB_Name = "{name}"\r\n' + "Option Explicit\r\n" * lines)


def test_modules_are_those_of_workbook_sheets_ribbon_and_xlwings(project: dict[str, bytes]) -> None:
    modules_streams = {f"VBA/{name}" for name in NAMES}

    assert set(project) == modules_streams | {"VBA/dir", "VBA/_VBA_PROJECT", "PROJECT", "PROJECTwm"}


def test_each_sheet_and_the_workbook_have_the_code_name_of_their_module(book: Opened) -> None:
    code_names = [book.code_name, *(sheet.sheet_properties.codeName for sheet in book.worksheets)]

    assert [module.name for module in modules(CODE_NAMES.values()) if module.kind is Kind.DOCUMENT] == code_names


def test_no_compiled_cache_is_written(project: dict[str, bytes]) -> None:
    assert project["VBA/_VBA_PROJECT"] == bytes.fromhex("CC61FFFF000100")


def test_dir_lists_the_modules_with_source_from_the_first_byte(project: dict[str, bytes]) -> None:
    listed = list(records(decompressed(project["VBA/dir"])))
    identities = [identity for identity, _ in listed]
    head = [0x01, 0x02, 0x14, 0x03, 0x04, 0x05, 0x40, 0x06, 0x3D, 0x07, 0x08, 0x09, 0x0C, 0x3C]
    references = [0x16, 0x3E, 0x0D] * 2
    module = [0x19, 0x47, 0x1A, 0x32, 0x1C, 0x48, 0x31, 0x1E, 0x2C]

    assert identities[: len(head + references)] == head + references
    assert identities[len(head + references) :] == [
        *(0x0F, 0x13),
        *(i for name in NAMES for i in (*module, 0x21 if name in ("ChorusRibbon", "xlwings") else 0x22, 0x2B)),
        0x10,
    ]
    by_identity = {identity: [c for i, c in listed if i == identity] for identity in identities}
    assert by_identity[0x0F] == [struct.pack("<H", len(NAMES))]
    assert by_identity[0x03] == [struct.pack("<H", 1252)]
    assert by_identity[0x31] == [bytes(4)] * len(NAMES)
    for identity, encoding in ((0x19, "ascii"), (0x1A, "ascii"), (0x47, "utf-16-le"), (0x32, "utf-16-le")):
        assert [content.decode(encoding) for content in by_identity[identity]] == NAMES
    for reference in by_identity[0x0D]:
        assert struct.unpack_from("<I", reference)[0] == len(reference) - 10
        assert reference.endswith(bytes(6))


def test_project_stream_names_each_module_by_its_kind(project: dict[str, bytes]) -> None:
    text = project["PROJECT"].decode("ascii")

    assert re.findall(r"^(?:Document|Module|Class)=(\w+)", text, re.MULTILINE) == NAMES
    assert re.findall(r"^Module=(\w+)\r$", text, re.MULTILINE) == ["ChorusRibbon", "xlwings"]
    assert re.findall(r"^Class=(\w+)\r$", text, re.MULTILINE) == ["Dictionary"]
    assert len(re.findall(r"^Document=\w+/&H00000000\r$", text, re.MULTILINE)) == 1 + len(CODE_NAMES)
    assert "\n" not in text.replace("\r\n", "")


def test_the_project_is_neither_protected_nor_hidden(project: dict[str, bytes]) -> None:
    text = project["PROJECT"].decode("ascii")
    fields = dict(re.findall(r'^(\w+)="(.*)"\r$', text, re.MULTILINE))
    key = sum(fields["ID"].encode()) & 0xFF

    assert [unmasked(fields[name], key) for name in ("CMG", "DPB", "GC")] == [bytes(4), b"\0", b"\xff"]


def test_projectwm_gives_each_name_twice(project: dict[str, bytes]) -> None:
    pairs = b"".join(n.encode() + b"\0" + n.encode("utf-16-le") + b"\0\0" for n in NAMES)

    assert project["PROJECTwm"] == pairs + b"\0\0"


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("xlwings", "Dictionary")])
def test_our_modules_declare_every_variable(name: str) -> None:
    assert "\r\nOption Explicit\r\n" in OURS[name]


@pytest.mark.parametrize("name", NAMES)
def test_sources_are_ascii_with_crlf_and_short_names(name: str) -> None:
    assert OURS[name].isascii()
    assert "\n" not in OURS[name].replace("\r\n", "")
    assert "\r" not in OURS[name].replace("\r\n", "")
    assert len(name) <= 31


def test_xlwings_is_word_for_word_the_installed_one() -> None:
    assert OURS["xlwings"].encode() == (xlwings_folder() / "xlwings.bas").read_bytes()
    _, marker, body = (xlwings_folder() / "addin" / "Dictionary.cls").read_text("ascii").partition("''\n' Dictionary")
    assert marker
    assert OURS["Dictionary"].replace("\r\n", "\n").endswith(marker + body)


def test_both_halves_of_xlwings_are_of_the_pinned_version() -> None:
    installed = importlib.metadata.version("xlwings")
    pins = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]

    assert re.findall(r"^'Version: (.*)\r$", OURS["xlwings"], re.MULTILINE) == [installed]
    assert re.findall(r'XLWINGS_VERSION As String = "(.*)"', OURS["xlwings"]) == [installed]
    assert [pin for pin in pins if pin.startswith("xlwings")] == [f"xlwings=={installed}"]


def test_the_notices_of_what_is_not_ours_travel_along() -> None:
    notice = (ROOT / "chorus_xl" / "build" / "vba" / "NOTICE.txt").read_text("utf-8")
    head = OURS["xlwings"].split("\r\n\r\n")[1]
    licence = [line.lstrip("'") for line in head.splitlines()]

    assert licence[2] == "Copyright (C) 2014-present, Zoomer Analytics LLC."
    assert all(line in notice for line in licence[2:])
    assert "(c) Tim Hall" in OURS["Dictionary"]
    assert "Copyright (c) 2017 Tim Hall\n\nPermission is hereby granted" in notice


def test_making_the_macros_imports_no_xlwings() -> None:
    code = (
        "import sys; from chorus_xl.build.vba import macros_part; macros_part(('shOne',)); "
        "sys.exit('xlwings' in sys.modules)"
    )

    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)  # noqa: S603 - our own arguments


@pytest.mark.parametrize("count", [1, 2, 39, 64, 99, 127, 128, 130, 255, 400])
def test_a_project_of_any_count_of_modules_reads_back(count: int) -> None:
    written = [plain(f"Module{number}", number % 7 * 100) for number in range(count)]
    project = streams(vba_project(written))

    assert {module.name: decompressed(project[f"VBA/{module.name}"]).decode() for module in written} == {
        module.name: module.source for module in written
    }
    listed = [c.decode() for identity, c in records(decompressed(project["VBA/dir"])) if identity == 0x19]
    assert listed == [module.name for module in written]


def test_writing_statuses_keeps_macros_and_ribbon_to_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "month.xlsm"
    build_workbook(path, Content([{"invoice_number": "N1"}], spare_rows=1))
    with ZipFile(path) as package:
        before = {name: package.read(name) for name in package.namelist()}
    book = ClosedWorkbook(path, backups=None, today=lambda: date(2026, 11, 23))
    sheets = book.read()
    book.write(
        sheets, Changes((TableChange("tblFactures", sheets.invoices.rows[:1].tolist(), {"verdict": ["Prête"]}),))
    )
    with ZipFile(path) as package:
        after = {name: package.read(name) for name in package.namelist()}

    changed = {name for name in before if before[name] != after[name]}
    assert changed == {f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 5)}  # the cell, and values of formulas
    assert before.keys() == after.keys() >= {"xl/vbaProject.bin", "customUI/customUI14.xml", "customUI/customUI.xml"}


REFUSED: dict[str, dict[str, Any]] = {
    "long name": {"name": "m" * 32},
    "accent in the name": {"name": "Août"},
    "digit first": {"name": "1m"},
    "accent in the source": {"source": 'Attribute VB_Name = "m"\r\n\' é\r\n'},
    "lone line feed": {"source": 'Attribute VB_Name = "m"\r\nOption Explicit\n'},
    "no attribute": {"source": "Option Explicit\r\n"},
    "another's attribute": {"source": 'Attribute VB_Name = "n"\r\n'},
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_module_that_excel_would_not_take_is_refused(case: str) -> None:
    given: dict[str, Any] = {"name": "m", "source": 'Attribute VB_Name = "m"\r\n', **REFUSED[case]}
    with pytest.raises(ValueError, match=r"name|ASCII"):
        Module(given["name"], Kind.PROCEDURES, given["source"])


@pytest.mark.parametrize("names", [["m", "m"], ["m", "M"], ["dir"]], ids=" ".join)
def test_a_name_taken_twice_is_refused(names: list[str]) -> None:
    with pytest.raises(ValueError, match=r"twice|case"):
        vba_project([plain(name) for name in names])
