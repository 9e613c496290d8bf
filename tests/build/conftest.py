"""One fresh workbook, built once and opened by openpyxl."""

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
