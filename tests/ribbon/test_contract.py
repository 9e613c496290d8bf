"""What of xlwings is leaned on: its names exist in the pinned version, and the engine of these tests has them too."""

import re
from importlib.metadata import requires, version
from pathlib import Path

import pytest
import xlwings as xw

import chorus_xl
from tests.ribbon import cells, engine

# By xlwings' class and the engine's: what ``ribbon``, ``workbook.live`` and ``workbook.excel`` call.
SURFACE = [
    (xw.main.App, engine.App, {"books", "status_bar", "screen_updating", "alert"}),
    (xw.main.Books, engine.Books, {"active", "__call__", "__iter__"}),
    (xw.main.Book, engine.Book, {"app", "name", "fullname", "api", "sheets", "names"}),
    (xw.main.Sheets, engine.Sheets, {"__iter__"}),
    (xw.main.Sheet, engine.Sheet, {"name", "tables", "range", "used_range", "select"}),
    (xw.main.Table, engine.Table, {"name", "range", "show_headers", "show_totals", "resize"}),
    (xw.main.Range, cells.Range, {"row", "column", "shape", "raw_value", "formula", "number_format", "get_address"}),
    (xw.main.Range, cells.Range, {"api", "__call__", "__len__"}),
    (xw.main.Names, engine.Names, {"contains", "__call__"}),
    (xw.main.Name, engine.Name, {"refers_to"}),
]
OF_XLWINGS_ALONE = {xw.main.Range: {"value", "last_cell", "__getitem__"}, xw.main.Book: {"caller", "set_mock_caller"}}
SET_IN_INIT = {"app", "name", "fullname", "sheets", "names", "books", "row", "column", "shape", "refers_to"}


@pytest.mark.parametrize(("theirs", "ours", "names"), SURFACE, ids=[theirs.__name__ for theirs, *_ in SURFACE])
def test_xlwings_and_the_engine_have_what_is_called(theirs: type, ours: type, names: set[str]) -> None:
    assert {name for name in names if not hasattr(theirs, name)} == set()
    assert {name for name in names - SET_IN_INIT if not hasattr(ours, name)} == set()


@pytest.mark.parametrize("theirs", OF_XLWINGS_ALONE, ids=lambda theirs: theirs.__name__)
def test_xlwings_has_what_it_adds_by_itself(theirs: type) -> None:
    assert {name for name in OF_XLWINGS_ALONE[theirs] if not hasattr(theirs, name)} == set()


def test_xlwings_is_the_version_that_was_read() -> None:
    pinned = [line for line in requires("chorus-xl") or () if line.startswith("xlwings")]

    assert pinned == [f"xlwings=={version('xlwings')}"]


def test_nothing_of_the_licensed_part_is_used() -> None:
    sources = Path(chorus_xl.__file__).parent.rglob("*.py")

    assert [path.name for path in sources if re.search(r"xlwings\.pro|mode=\"r\"", path.read_text("utf-8"))] == []
