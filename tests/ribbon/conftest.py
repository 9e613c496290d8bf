"""A clerk before an open Excel: a real workbook, its PDFs, the stand-in over real HTTP, a clock set by hand."""

import functools
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

from chorus_xl import bootstrap
from chorus_xl.build import Content, build_workbook
from chorus_xl.domain.columns import INVOICES, TABLES
from chorus_xl.workbook.live import LiveWorkbook
from tests.bench import SUPPLIER, Bench, make_bench, row
from tests.ribbon.engine import App, Engine, boundaries, open_book

Cells = Mapping[tuple[str, str], object]


@dataclass
class Desk:
    """The workbook in front of the clerk, and what Excel showed."""

    bench: Bench
    engine: Engine
    book: xw.Book
    turn_to: Callable[[xw.Book], None]

    @property
    def excel(self) -> App:
        [app] = self.engine.apps
        return app

    @property
    def workbook(self) -> openpyxl.Workbook:
        opened: openpyxl.Workbook = self.book.impl.workbook
        return opened

    def press(self, button: Callable[[], None]) -> str:
        """The dialog that a button ends with; Excel must be itself again."""
        before = len(self.excel.said)
        button()
        assert self.excel.status_bar is False
        assert self.excel.screen_updating is True
        said = self.excel.said[before:]
        assert len([words for words in said if words[2] == "ok"]) <= 1, "a press reports in one dialog"
        return said[-1][0] if said else ""

    def column(self, attribute: str) -> list[object]:
        """One column of ``tblFactures`` as it stands on the screen."""
        return list(LiveWorkbook(self.book).read().invoices.frame[attribute])

    def cell(self, attribute: str, line: int, table: str = INVOICES.name) -> openpyxl.cell.cell.Cell:
        """A cell of a table's line, counted from 0."""
        spec = next(spec for spec in TABLES if spec.name == table)
        sheet = self.workbook[spec.sheet]
        left, top, _, _ = boundaries(sheet.tables[table].ref)
        headers = [sheet.cell(top, left + place).value for place in range(len(spec.columns))]
        found = sheet.cell(top + 1 + line, left + headers.index(spec.column(attribute).header))
        assert isinstance(found, openpyxl.cell.cell.Cell)
        return found

    def everything(self) -> Cells:
        """Every cell of every sheet."""
        return {
            (sheet.title, cell.coordinate): cell.value
            for sheet in self.workbook.worksheets
            for line in sheet.iter_rows()
            for cell in line
            if cell.value is not None
        }

    def open_copy(self) -> xw.Book:
        """A copy of the workbook beside it, opened in front."""
        copy = self.bench.folder / "Copie de ChorusInvoices.xlsm"
        shutil.copy(self.bench.file, copy)
        book = open_book(self.engine, copy)
        self.turn_to(book)
        return book


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Two invoices that are ready and one without its number, as a clerk finds them before the first press."""
    bench = make_bench(tmp_path, row("F-1"), row("F-2", total_without_vat=200.0, total_vat=40.0, total_with_vat=240.0))
    monkeypatch.setenv("CHORUS_XL_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(bootstrap, "live_office", functools.partial(bootstrap.live_office, clock=bench.clock))

    def turn_to(book: xw.Book) -> None:
        monkeypatch.setattr(xw.Book, "_mock_caller", book, raising=False)

    engine = Engine()
    monkeypatch.setattr(xw.engines, "active", xw.main.Engine(impl=engine))
    book = open_book(engine, bench.file)
    turn_to(book)
    desk = Desk(bench, engine, book, turn_to)
    for line in range(2):
        for attribute in ("recipient_siret", "service_code"):
            desk.cell(attribute, line).value = None
    return desk


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENVIRONMENT", "SUPPLIER_SIRET", "OAUTH_URL", "API_URL", "JOURNAL"):
        with suppress(KeyError):
            monkeypatch.delenv(f"CHORUS_XL_{name}")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("live") / "ChorusInvoices.xlsm"
    rows = [row(f"F-{number}") for number in range(1, 5)]
    build_workbook(file, Content(invoices=rows, parameters={"supplier_siret": SUPPLIER}, spare_rows=3))
    return file


@pytest.fixture
def path(tmp_path: Path, built: Path) -> Path:
    return Path(shutil.copy(built, tmp_path))


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def book(engine: Engine, path: Path) -> xw.Book:
    return open_book(engine, path)


@pytest.fixture
def app(engine: Engine) -> App:
    [app] = engine.apps
    return app
