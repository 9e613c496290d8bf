"""Any text a status may hold goes into a cell and comes back as it can stand there."""

import zipfile
from datetime import date, datetime, timedelta
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import load_workbook

from chorus_xl.domain.sheets import CellValue
from chorus_xl.workbook.cells import MAX_TEXT, clean_text, ending, holds, serial

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
DAYS = st.dates(date(1904, 1, 2), date(2999, 12, 31)).filter(lambda day: day > date(1900, 3, 1))


def read_back(cell: bytes) -> object:
    """What calamine makes of a workbook with this one cell."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        link = (
            f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/%s" Target="%s"/></Relationships>'
        )
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", link % ("officeDocument", "xl/workbook.xml"))
        archive.writestr("xl/_rels/workbook.xml.rels", link % ("worksheet", "worksheets/sheet1.xml"))
        sheets = '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheets}</workbook>')
        rows = b'<worksheet xmlns="%b"><sheetData><row r="1">%b</row></sheetData></worksheet>' % (MAIN.encode(), cell)
        archive.writestr("xl/worksheets/sheet1.xml", rows)
    content.seek(0)
    return load_workbook(content).get_sheet_by_name("S").to_python(skip_empty_area=False)[0][0]


@given(st.text(st.characters(), min_size=1))
@example("=1+1")
@example("  devant et derrière  ")
@example("_x000D_ et _x0041_ tels quels")
@example("__x000D_x000D__x")
@example("\x00\x01\x07\x0b\x1f")
@example("un\r\ndeux\rtrois\n\n")
@example("😀 \ud800 seul")
@example("\ufffe\uffff")
@example("]]> <![CDATA[ &lt; <!-- -->")
@example("\u2028\u0085\u00a0\u202f")
def test_a_text_comes_back_as_a_cell_can_hold_it(text: str) -> None:
    kept = clean_text(text)
    cell = b'<c r="A1"' + ending(text, date1904=False)
    ET.fromstring(cell)  # noqa: S314 - our own output: it must be well-formed

    assert (read_back(cell) if kept else None) == (kept or None)
    assert holds(kept, text, date1904=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x07b\x00", "ab"),
        ("x" * MAX_TEXT, "x" * MAX_TEXT),
        ("x" * (MAX_TEXT + 1), "x" * (MAX_TEXT - 1) + "…"),
        ("😀" * 20_000, "😀" * 16_383 + "…"),
        ("\x07" * 40_000 + "a", "a"),
    ],
    ids=["newlines", "controls", "just fits", "too long", "too long in pairs", "long by controls only"],
)
def test_a_text_is_made_to_fit(text: str, expected: str) -> None:
    assert clean_text(text) == expected
    assert len(clean_text(text).encode("utf-16-le")) <= 2 * MAX_TEXT


@pytest.mark.parametrize(
    ("day", "in_1900", "in_1904"),
    [
        (date(1904, 1, 1), 1462, 0),
        (date(2026, 3, 1), 46082, 44620),
        (datetime(2026, 3, 1, 12), 46082.5, 44620.5),  # noqa: DTZ001
        (datetime(2026, 3, 1), 46082, 44620),  # noqa: DTZ001
    ],
    ids=str,
)
def test_a_day_has_its_number_in_each_date_system(day: date, in_1900: float, in_1904: float) -> None:
    assert serial(day, date1904=False) == in_1900
    assert serial(day, date1904=True) == in_1904


@given(st.one_of(DAYS, st.datetimes(datetime(1904, 1, 2), datetime(2999, 1, 1))), st.booleans())  # noqa: DTZ001
def test_a_moment_read_back_to_the_millisecond_is_the_same(day: date, date1904: bool) -> None:  # noqa: FBT001
    read = day + timedelta(microseconds=400) if isinstance(day, datetime) else day

    assert holds(read, day, date1904=date1904)
    assert holds(float(serial(day, date1904=date1904)), day, date1904=date1904)
    assert not holds(day + timedelta(days=1), day, date1904=date1904)


HELD: list[tuple[object, CellValue, bool]] = [
    (None, None, True),
    ("", None, True),
    (None, "", True),
    (None, "\x07", True),
    (0.0, None, False),
    ("x", None, False),
    ("x", "x", True),
    ("x", "y", False),
    (12.0, "12", False),
    ("12", 12, False),
    (12.0, 12, True),
    (True, 1, False),
    (None, 0, False),
    ("01/03/2026", date(2026, 3, 1), False),
    (46082.0, date(2026, 3, 1), True),
    (date(2026, 3, 1), 46082, True),
]


@pytest.mark.parametrize(("current", "value", "expected"), HELD, ids=str)
def test_a_cell_holds_a_value_or_it_does_not(current: object, value: CellValue, expected: bool) -> None:  # noqa: FBT001
    assert holds(current, value, date1904=False) is expected


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_no_cell_can_hold_is_our_bug(value: float) -> None:
    with pytest.raises(ValueError, match="a cell cannot hold"):
        ending(value, date1904=False)
