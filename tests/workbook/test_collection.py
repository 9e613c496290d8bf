"""Reading a workbook puts off the search for cycles, and only while it reads."""

import gc
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineError, CalamineWorkbook

from chorus_xl.errors import WorkbookError
from chorus_xl.workbook import content
from chorus_xl.workbook.closed import ClosedWorkbook

WORKBOOK = Path(__file__).parents[2] / "workbooks" / "ChorusInvoices.xlsm"


@pytest.fixture(params=[True, False], ids=["on", "off"])
def was_on(request: pytest.FixtureRequest) -> Iterator[bool]:
    (gc.enable if request.param else gc.disable)()
    yield request.param
    gc.enable()


def test_the_collector_is_left_as_it_was_found(was_on: bool) -> None:  # noqa: FBT001 - a fixture
    ClosedWorkbook(WORKBOOK, backups=None, today=lambda: date(2026, 11, 23)).read()

    assert gc.isenabled() is was_on


def test_the_collector_comes_back_after_a_workbook_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def fail(_: object) -> CalamineWorkbook:
        seen.append(gc.isenabled())
        raise CalamineError("damaged")

    monkeypatch.setattr(content, "load_workbook", fail)

    with pytest.raises(WorkbookError):
        ClosedWorkbook(WORKBOOK, backups=None, today=lambda: date(2026, 11, 23)).read()

    assert (seen, gc.isenabled()) == ([False], True)
