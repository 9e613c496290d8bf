"""What others make of the macros and the ribbon: olevba, olefile, libgsf, LibreOffice, the Open XML SDK."""

import io
import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring
from zipfile import ZipFile

import pytest

from chorus_xl.build import Content
from chorus_xl.build.package import Part, write_package
from chorus_xl.build.sheets import CODE_NAMES, make
from chorus_xl.build.vba import macros_part, modules
from tests.build.compound import streams
from tests.build.projects import olefile, olevba

MODULES = {module.name: module for module in modules(CODE_NAMES.values())}
VERSIONS = ["Microsoft365", "Office2016"]


def run(command: Sequence[str]) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(command, capture_output=True, check=False, timeout=120)  # noqa: S603 - our arguments


@pytest.fixture(scope="session")
def vba(fresh: Path) -> bytes:
    with ZipFile(fresh) as package:
        return package.read("xl/vbaProject.bin")


def test_olevba_gives_back_the_source_of_every_module(fresh: Path) -> None:
    parser = olevba().VBA_Parser(str(fresh))
    found = {stream.removeprefix("VBA/"): code for _, stream, _, code in parser.extract_macros()}
    parser.close()

    assert found == {name: module.source for name, module in MODULES.items()}


def test_olefile_sees_no_defect(vba: bytes) -> None:
    with olefile.OleFileIO(io.BytesIO(vba), raise_defects=olefile.DEFECT_UNSURE) as compound:
        assert {path[-1] for path in compound.listdir() if path[0] == "VBA"} == {*MODULES, "dir", "_VBA_PROJECT"}


def test_libgsf_reads_the_same_bytes_of_each_stream(gsf: str, vba: bytes, tmp_path: Path) -> None:
    (tmp_path / "vbaProject.bin").write_bytes(vba)
    listed = run([gsf, "list", str(tmp_path / "vbaProject.bin")])
    names = [line.split()[2] for line in listed.stdout.decode().splitlines() if line.startswith("f ")]

    assert listed.stderr == b""
    assert {name: run([gsf, "cat", str(tmp_path / "vbaProject.bin"), name]).stdout for name in names} == streams(vba)


def test_libgsf_finds_the_modules_in_dir(gsf: str, fresh: Path) -> None:
    """Its decompressor loses its way after 4096 bytes of input, in the workbooks that xlwings ships as well."""
    told = run([str(Path(gsf).with_name("gsf-vba-dump")), str(fresh)]).stdout.decode("utf-8", "replace")
    found = dict(re.findall(r'<module name="(\w+)">\n<!\[CDATA\[(.*?)\]\]>', told, re.DOTALL))

    assert found.keys() == MODULES.keys()
    for name in MODULES.keys() - {"xlwings", "Dictionary"}:
        assert found[name].startswith(MODULES[name].source), name


@pytest.mark.libreoffice
def test_libreoffice_takes_every_module_for_what_it_is(soffice: str, fresh: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    run([soffice, profile, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), str(fresh)])
    kinds, sources = {}, {}
    with ZipFile(tmp_path / f"{fresh.stem}.ods") as package:
        for name in package.namelist():
            if re.fullmatch(r"Basic/ChorusXl/(?!script-lb)\w+\.xml", name):
                element = fromstring(package.read(name))  # noqa: S314 - LibreOffice's own
                kinds[Path(name).stem] = element.get("{http://openoffice.org/2000/script}moduleType")
                sources[Path(name).stem] = element.text or ""

    words = {"Module": "normal", "Class": "class", "Document": "document"}
    assert kinds == {name: words[module.kind.value] for name, module in MODULES.items()}
    for name, module in MODULES.items():
        body = re.sub(r"^Attribute .*\n", "", module.source.replace("\r\n", "\n"), flags=re.MULTILINE)
        added, _, rest = sources[name].partition("Option VBASupport 1\n")
        assert added.startswith("Rem Attribute VBA_ModuleType="), name
        assert rest.removeprefix("Option ClassModule\n").strip() == body.strip(), name


def errors(validator: str, version: str, path: Path) -> list[dict[str, Any]]:
    told = run([validator, "--officeVersion", version, str(path)])
    report = json.loads(told.stdout)
    assert (told.returncode == 0) == report["ok"]
    found: list[dict[str, Any]] = report["errors"]
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_the_open_xml_sdk_finds_no_error(validator: str, version: str, fresh: Path) -> None:
    assert errors(validator, version, fresh) == []


def test_the_open_xml_sdk_would_find_a_wrong_ribbon(validator: str, fresh: Path, tmp_path: Path) -> None:
    """So that its silence means something."""
    with ZipFile(fresh) as package:
        ribbon = package.read("customUI/customUI14.xml").replace(b'size="large"', b'size="huge"', 1)
    link = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
    wrong = (macros_part(tuple(CODE_NAMES.values())), Part("customUI/customUI14.xml", ribbon, "application/xml", link))
    write_package(make(Content(spare_rows=1)), tmp_path / "wrong.xlsm", wrong)

    assert len(errors(validator, VERSIONS[0], tmp_path / "wrong.xlsm")) == 1
