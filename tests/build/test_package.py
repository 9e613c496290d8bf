"""The package around the sheets: macro-enabled, the same bytes everywhere, with room for macros."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from chorus_xl.build import Content, build_workbook
from chorus_xl.build.__main__ import COMMITTED, main
from chorus_xl.build.package import Part, write_package
from chorus_xl.build.sheets import make

ROOT = Path(__file__).parents[2]
BUILD = "import sys; from pathlib import Path; from chorus_xl.build import build_workbook as b; b(Path(sys.argv[1]))"


def test_two_builds_are_the_same_bytes(fresh: Path, tmp_path: Path) -> None:
    build_workbook(tmp_path / "again.xlsm")

    assert fresh.read_bytes() == (tmp_path / "again.xlsm").read_bytes()


@pytest.mark.parametrize(
    "setting",
    [{"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "1"}, {"TZ": "America/Lima", "PYTHONHASHSEED": "2", "LC_ALL": "C"}],
    ids=lambda setting: setting["TZ"],
)
def test_zone_locale_and_hash_seed_do_not_show(fresh: Path, tmp_path: Path, setting: dict[str, str]) -> None:
    path = tmp_path / "elsewhere.xlsm"
    command = [sys.executable, "-c", BUILD, str(path)]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **setting})  # noqa: S603 - our own arguments

    assert fresh.read_bytes() == path.read_bytes()


def test_the_committed_workbook_is_a_build(fresh: Path) -> None:
    assert COMMITTED.read_bytes() == fresh.read_bytes(), "run python -m chorus_xl.build"


def test_check_sees_a_changed_workbook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("chorus_xl.build.__main__.COMMITTED", tmp_path / COMMITTED.name)
    before = main(["--check"])
    main([])
    after = main(["--check"])
    (tmp_path / COMMITTED.name).write_bytes(b"another")

    assert (before, after, main(["--check"])) == (1, 0, 1)


def test_the_package_is_stored_undated_and_macro_enabled(fresh: Path) -> None:
    with ZipFile(fresh) as package:
        infos = package.infolist()
        types = package.read("[Content_Types].xml").decode()

    assert {(ZIP_STORED, (1980, 1, 1, 0, 0, 0), 0)} == {
        (info.compress_type, info.date_time, info.create_system) for info in infos
    }
    assert infos[0].filename == "[Content_Types].xml"
    assert "application/vnd.ms-excel.sheet.macroEnabled.main+xml" in types
    assert "spreadsheetml.sheet.main+xml" not in types


def test_a_part_comes_in_with_its_type_and_relationship(tmp_path: Path) -> None:
    parts = (
        Part("xl/vbaProject.bin", b"macros", "application/x-macros", "urn:macros", owner="xl/workbook.xml"),
        Part("customUI/customUI14.xml", b"<ribbon/>", "application/xml", "urn:ribbon"),
    )
    write_package(make(Content()), tmp_path / "with.xlsm", parts)

    with ZipFile(tmp_path / "with.xlsm") as package:
        assert package.read("xl/vbaProject.bin") == b"macros"
        assert '"/xl/vbaProject.bin" ContentType="application/x-macros"' in package.read("[Content_Types].xml").decode()
        assert 'Type="urn:macros" Target="vbaProject.bin"' in package.read("xl/_rels/workbook.xml.rels").decode()
        assert 'Type="urn:ribbon" Target="customUI/customUI14.xml"' in package.read("_rels/.rels").decode()
