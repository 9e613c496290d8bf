"""What a write changes in a workbook, and all that it does not."""

import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from chorus_xl.domain.columns import INVOICES
from chorus_xl.domain.sheets import CellValue, Changes, TableChange, TableReplacement, Written
from chorus_xl.workbook.patch import SheetEdits, patched
from tests.workbook.sample import (
    FACTURES,
    TODAY,
    Sample,
    edit_parts,
    invoice,
    moment,
    opened,
    read_parts,
    swap,
    write_cells,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet as Sheet

BOOK = "xl/workbook.xml"
EXTRA_PARTS = {
    "xl/vbaProject.bin": bytes(range(256)) * 4,
    "customXml/item1.xml": b"<a:b xmlns:a='urn:x'><!-- the clerk's --></a:b>",
    "docProps/thumbnail.jpeg": b"\xff\xd8\xff",
}


def decorated(book: Workbook, sheet: Worksheet) -> None:
    """What a clerk and a build add to a sheet."""
    red = book.add_format({"font_color": "#C00000"})
    sheet.conditional_format("R5:R100", {"type": "cell", "criteria": "==", "value": '"x"', "format": red})
    sheet.data_validation("B5:B100", {"validate": "list", "source": ["Sur marché", "Hors marché"]})
    sheet.write_comment("A5", "à relire")
    sheet.write_rich_string("C2", "un ", red, "titre")
    sheet.freeze_panes(4, 0)
    sheet.autofilter  # noqa: B018 - the table has its own


def second_reader(path: Path, sheet: str = "Factures") -> "Sheet":
    book = openpyxl.load_workbook(path)
    found: Any = book[sheet]
    return found  # type: ignore[no-any-return]


def replace_journal(path: Path, columns: dict[str, list[CellValue]]) -> Written:
    book = opened(path)
    return book.write(book.read(), Changes(replacements=(TableReplacement("tblJournal", columns),)))


def described(path: Path) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(path) as archive:
        return [(e.filename, e.date_time, e.compress_type, e.external_attr) for e in archive.infolist()]


def test_all_other_parts_keep_their_bytes_order_dates_and_attributes(path: Path) -> None:
    Sample(invoices=[invoice("F1"), invoice("F2")], decorate=decorated).save(path)
    edit_parts(path, {BOOK: swap(b' fullCalcOnLoad="1"', b"")}, EXTRA_PARTS)
    before, entries = read_parts(path), described(path)

    write_cells(path, {"verdict": ["Prête", "À corriger"]})
    after = read_parts(path)

    assert {name for name in before if before[name] != after[name]} == {FACTURES, BOOK}
    assert after.keys() == before.keys()
    assert described(path) == entries


def test_in_the_sheet_itself_only_the_cells_change(path: Path) -> None:
    Sample(invoices=[invoice("F1"), invoice("F2")], decorate=decorated).save(path)
    before = read_parts(path)[FACTURES]

    write_cells(path, {"verdict": ["Prête", None]})
    after = read_parts(path)[FACTURES]

    style = re.search(rb'<c r="R5" s="(\d+)"/>', before)
    assert style is not None
    cell = b'<c r="R5" s="%b" t="inlineStr"><is><t xml:space="preserve">Pr\xc3\xaate</t></is></c>' % style[1]
    assert after == before.replace(style[0], cell)


VALUES: dict[str, tuple[str, CellValue]] = {
    "text": ("verdict", "Prête"),
    "text that looks like a formula": ("reason", "=1+1"),
    "text that looks like a number": ("chorus_reference", "00123"),
    "lines": ("findings", "un\ndeux"),
    "markup": ("reason", "<b>&amp;\"'"),
    "day": ("deposited_on", date(2026, 3, 2)),
    "moment": ("status_since", datetime(2026, 3, 2, 10, 30)),  # noqa: DTZ001
    "number": ("reason", 12.5),
    "integer": ("reason", 7),
}


@pytest.mark.parametrize("date1904", [False, True], ids=["1900", "1904"])
@pytest.mark.parametrize(("attribute", "value"), VALUES.values(), ids=VALUES)
def test_two_readers_find_what_was_written(path: Path, attribute: str, value: CellValue, date1904: bool) -> None:  # noqa: FBT001
    Sample(invoices=[invoice("F1")], date1904=date1904).save(path)

    assert write_cells(path, {attribute: [value]}) == Written(1)

    column = 1 + [c.value for c in second_reader(path)[4]].index(header(attribute))
    seen = second_reader(path).cell(5, column).value
    assert opened(path).read().invoices.frame[attribute][0] == value
    assert (seen.date() if isinstance(seen, datetime) and not isinstance(value, datetime) else seen) == value


def header(attribute: str) -> str:
    return INVOICES.column(attribute).header


@pytest.mark.parametrize("value", [None, ""], ids=["none", "no character"])
def test_an_emptied_cell_is_blank_and_keeps_its_style(path: Path, value: CellValue) -> None:
    Sample(invoices=[invoice("F1", deposited_on=date(2026, 3, 1))]).save(path)
    style = second_reader(path)["U5"].number_format

    write_cells(path, {"deposited_on": [value]})

    assert second_reader(path)["U5"].value is None
    assert second_reader(path)["U5"].number_format == style == "dd/mm/yyyy"
    assert opened(path).read().invoices.frame["deposited_on"][0] is None


def test_cells_that_hold_their_value_already_leave_the_file_alone(path: Path, tmp_path: Path) -> None:
    Sample(invoices=[invoice("F1", verdict="Prête", deposited_on=date(2026, 3, 1))]).save(path)
    before = path.stat()

    written = write_cells(path, {"verdict": ["Prête"], "deposited_on": [date(2026, 3, 1)], "reason": [None]})

    assert written == Written(0)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert not (tmp_path / "copies").exists()


def test_writing_the_same_twice_changes_nothing_the_second_time(path: Path) -> None:
    Sample(invoices=[invoice("F1")]).save(path)
    values: dict[str, list[CellValue]] = {"status_since": [datetime(2026, 3, 2, 10, 31, 7)], "findings": ["a\r\nb\x07"]}  # noqa: DTZ001

    assert write_cells(path, values) == Written(2)
    assert write_cells(path, values) == Written(0)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b'<calcPr calcId="191029"/>', b'<calcPr fullCalcOnLoad="1" calcId="191029"/>'),
        (b'<calcPr calcId="1" fullCalcOnLoad="0"/>', b'<calcPr calcId="1" fullCalcOnLoad="1"/>'),
        (b'<calcPr fullCalcOnLoad="true"/>', b'<calcPr fullCalcOnLoad="true"/>'),
        (b"", b'<calcPr fullCalcOnLoad="1"/>'),
    ],
)
def test_formulas_are_worked_out_again_at_the_next_opening(path: Path, said: bytes, expected: bytes) -> None:
    Sample(invoices=[invoice("F1")]).save(path)
    edit_parts(path, {BOOK: lambda xml: re.sub(rb"<calcPr[^>]*>", said, xml)})

    write_cells(path, {"verdict": ["Prête"]})

    assert b"</definedNames>" + expected in read_parts(path)[BOOK]


def test_the_cells_follow_columns_that_the_clerk_moved(path: Path) -> None:
    sample = Sample(invoices=[invoice("F1"), invoice("F2")], order=sorted, extra={"Ma note": "à moi"})
    sample.save(path)

    write_cells(path, {"verdict": ["Prête", "À vérifier"], "reason": [None, "x"]})

    frame = opened(path).read().invoices.frame
    assert frame["verdict"].tolist() == ["Prête", "À vérifier"]
    assert frame["reason"].tolist() == [None, "x"]
    assert [second_reader(path).cell(row, 1).value for row in (4, 5, 6)] == ["Ma note", "à moi", "à moi"]


def test_budgets_are_written_where_the_caller_says(path: Path) -> None:
    Sample(budgets=[{"label": "Eau", "siret": "1"}, {"label": "Déchets"}]).save(path)

    write_cells(path, {"siret": ["20006905200096", None], "checked_on": [TODAY, TODAY]}, "tblBudgets")

    frame = opened(path).read().budgets.frame
    assert frame["siret"].tolist() == ["20006905200096", None]


# ── rows that moved between reading and writing ──


def after_a_change(path: Path, *, then: Sample, now: Sample, rows: list[int]) -> tuple[Written, list[object]]:
    """Read one workbook, write to the other that stands in its place by then."""
    book = opened(then.save(path))
    sheets = book.read()
    now.save(path)
    values = [f"ligne {row}" for row in rows]
    written = book.write(sheets, Changes(cells=(TableChange("tblFactures", rows, {"verdict": values}),)))
    return written, opened(path).read().invoices.frame["verdict"].tolist()


F1, F2, F3 = invoice("F1"), invoice("F2"), invoice("F3")
MOVES = {
    "sorted": ([F1, F2, F3], [F3, F2, F1], (), ["ligne 7", "ligne 6", "ligne 5"]),
    "inserted": ([F1, F2, F3], [invoice("F0"), F1, {}, F2, F3], (), [None, "ligne 5", "ligne 6", "ligne 7"]),
    "deleted": ([F1, F2, F3], [F1, F3], (6,), ["ligne 5", "ligne 7"]),
    "renumbered": ([F1, F2, F3], [F1, invoice("F2-BIS"), F3], (6,), ["ligne 5", None, "ligne 7"]),
    "doubled since": ([F1, F2, F3], [F1, F2, F2, F3], (6,), ["ligne 5", None, None, "ligne 7"]),
    "doubled before": ([F1, F2, F2], [F2, F1, F3], (6, 7), [None, "ligne 5", None]),
    "without number": ([F1, invoice(None), F3], [invoice(None), F1, F3], (6,), [None, "ligne 5", "ligne 7"]),
    "number as a number": ([invoice(1), F2, F3], [F2, invoice("1 "), F3], (), ["ligne 6", "ligne 5", "ligne 7"]),
}


@pytest.mark.parametrize(("then", "now", "moved", "expected"), MOVES.values(), ids=MOVES)
def test_a_row_is_found_again_by_its_number_or_left_alone(
    path: Path, then: list[Any], now: list[Any], moved: tuple[int, ...], expected: list[object]
) -> None:
    written, verdicts = after_a_change(path, then=Sample(invoices=then), now=Sample(invoices=now), rows=[5, 6, 7])

    assert written == Written(3 - len(moved), moved)
    assert verdicts == expected


def test_in_an_unchanged_file_rows_of_one_number_are_told_apart_by_place(path: Path) -> None:
    Sample(invoices=[F1, F1]).save(path)

    assert write_cells(path, {"verdict": ["un", "deux"]}) == Written(2)
    assert opened(path).read().invoices.frame["verdict"].tolist() == ["un", "deux"]


def test_a_budget_is_found_again_by_its_label(path: Path) -> None:
    book = opened(Sample(budgets=[{"label": "Eau"}, {"label": "Déchets"}]).save(path))
    sheets = book.read()
    Sample(budgets=[{"label": "Déchets"}, {"label": "Eau"}]).save(path)

    book.write(sheets, Changes(cells=(TableChange("tblBudgets", [2], {"siret": ["1"]}),)))

    assert opened(path).read().budgets.frame["siret"].tolist() == [None, "1"]


# ── the journal's table, rewritten whole ──


def journal(height: int) -> dict[str, list[CellValue]]:
    return {
        "at": [moment(1 + line % 28) for line in range(height)],
        "invoice_number": [f"F{line}" for line in range(height)],
        "detail": [None] * height,
    }


@pytest.mark.parametrize("before", [0, 3, 12])
@pytest.mark.parametrize("height", [0, 1, 3, 40])
def test_a_table_is_rewritten_to_its_new_height(path: Path, before: int, height: int) -> None:
    old = [{"at": moment(1), "invoice_number": "VIEUX", "detail": "vieux"}] * before
    Sample(journal=old, invoices=[invoice("F1")]).save(path)

    replace_journal(path, journal(height))

    sheet = second_reader(path, "Journal")
    last = max(height, 1) + 1
    assert sheet.tables["tblJournal"].ref == f"A1:L{last}"
    assert sheet.tables["tblJournal"].autoFilter.ref == f"A1:L{last}"
    numbers: list[str | None] = [f"F{line}" for line in range(height)]
    assert [sheet.cell(row, 2).value for row in range(2, last + 1)] == (numbers or [None])
    assert [cell.value for row in sheet.iter_rows(min_row=last + 1) for cell in row if cell.value is not None] == []
    assert opened(path).read().invoices.rows.tolist() == [5]


def test_a_row_that_excel_shows_for_insertion_becomes_a_row(path: Path) -> None:
    part = "xl/tables/table4.xml"
    edit_parts(Sample().save(path), {part: swap(b"<table ", b'<table insertRow="1" ')})

    replace_journal(path, journal(1))

    assert b"insertRow" not in read_parts(path)[part]


def test_columns_that_are_not_named_are_emptied(path: Path) -> None:
    Sample(journal=[{"detail": "vieux", "hash": "vieux"}] * 3).save(path)

    replace_journal(path, {"detail": ["neuf"]})

    rows = [[cell.value for cell in row] for row in second_reader(path, "Journal").iter_rows(min_row=2)]
    assert [value for row in rows for value in row if value is not None] == ["neuf"]


def test_new_rows_take_the_style_of_the_first(path: Path) -> None:
    Sample(journal=[{"at": moment(1)}]).save(path)

    replace_journal(path, journal(5))

    sheet = second_reader(path, "Journal")
    assert {sheet.cell(row, 1).number_format for row in range(2, 7)} == {"dd/mm/yyyy hh:mm"}
    assert sheet["A6"].value == moment(5)


def test_what_stands_beside_and_above_a_rewritten_table_stays(path: Path) -> None:
    Sample(journal=[{"detail": "vieux"}]).save(path)
    note = b'<c r="N2" t="inlineStr"><is><t>ma note</t></is></c></row>'
    part = "xl/worksheets/sheet5.xml"
    edit_parts(path, {part: lambda xml: xml[: xml.rindex(b"</row>")] + note + xml[xml.rindex(b"</row>") + 6 :]})

    replace_journal(path, journal(3))

    sheet = second_reader(path, "Journal")
    assert sheet["N2"].value == "ma note"
    assert sheet["B1"].value == "N° facture"
    assert sheet.dimensions == "A1:N4"


def test_a_sort_and_a_row_of_totals_go_with_the_old_rows(path: Path) -> None:
    Sample(journal=[{"detail": "a"}, {"detail": "Total"}]).save(path)
    sort = b'<sortState ref="A2:L2"><sortCondition ref="A2:A2"/></sortState><tableColumns'
    part = "xl/tables/table4.xml"
    totals = b'totalsRowCount="1" '
    edit_parts(path, {part: lambda xml: xml.replace(b"<tableColumns", sort).replace(b"totalsRowShown", totals + b"x")})

    replace_journal(path, journal(4))

    table = read_parts(path)[part]
    assert b"sortState" not in table
    assert b"totalsRowCount" not in table
    assert b'ref="A1:L5"' in table


# ── shapes of sheets that other programs write ──


def without_references(xml: bytes) -> bytes:
    return re.sub(rb'<(c|row) r="[A-Z]*\d+"', rb"<\1", xml)


def with_r_last(xml: bytes) -> bytes:
    return re.sub(rb'<(c|row) (r="[A-Z]*\d+")([^>/]*)', rb"<\1\3 \2", xml)


def prefixed(xml: bytes) -> bytes:
    for old, new in (
        (b"</", b"</x:"),
        (b"<", b"<x:"),
        (b"<x:/x:", b"</x:"),
        (b"<x:?", b"<?"),
        (b"xmlns=", b"xmlns:x="),
    ):
        xml = xml.replace(old, new)
    return xml


SHAPES = {
    "as written": bytes,
    "prefix": prefixed,
    "single quotes": lambda xml: xml.replace(b'"', b"'"),
    "r last": with_r_last,
    "a comment that looks like a row": swap(b"<sheetData>", b'<sheetData><!-- <row r="5"></row> -->'),
    "one row in single quotes": swap(b'<row r="6"', b"<row r='6'"),
    "newlines between": lambda xml: xml.replace(b"><c ", b">\n  <c ").replace(b"<row", b"\n<row"),
    "row missing": lambda xml: re.sub(rb'<row r="6".*?</row>', b"", xml),
    "last row missing": lambda xml: re.sub(rb'<row r="7".*?</row>', b"", xml),
    "row empty": lambda xml: re.sub(rb'<row r="6".*?</row>', b'<row r="6" spans="1:3"/>', xml),
    "cells missing": lambda xml: re.sub(rb'<c r="[R-Z]6".*?/>', b"", xml),
    "all our cells missing": lambda xml: re.sub(rb'<c r="[P-Z][567]".*?/>', b"", xml),
}


@pytest.mark.parametrize("edit", SHAPES.values(), ids=SHAPES)
def test_a_sheet_of_any_shape_is_written_in_the_right_places(path: Path, edit: Any) -> None:  # noqa: ANN401
    """Rows are given by place here, since some of the shapes leave one without its number."""
    Sample(invoices=[invoice("F1", comment="c1"), {"comment": "c2"}, {"comment": "c3"}], decorate=decorated).save(path)
    edit_parts(path, {FACTURES: edit})
    kept = {
        c.coordinate: c.value for row in second_reader(path).iter_rows(max_col=17) for c in row if c.value is not None
    }

    edits = SheetEdits(date1904=False, style_from={18: 5, 26: 5})
    for row in (5, 6, 7):
        edits.put(row, 18, f"v{row}")
        edits.put(row, 26, f"z{row}")
    edit_parts(path, {FACTURES: lambda xml: patched(xml, edits)})

    sheet = second_reader(path)
    assert [sheet.cell(row, 18).value for row in (5, 6, 7)] == ["v5", "v6", "v7"]
    assert [sheet.cell(row, 26).value for row in (5, 6, 7)] == ["z5", "z6", "z7"]
    assert {c.coordinate: c.value for row in sheet.iter_rows(max_col=17) for c in row if c.value is not None} == kept
    assert in_order(read_parts(path)[FACTURES])


def in_order(xml: bytes) -> bool:
    """Whether rows and cells stand in the order that Excel wants, each once."""
    places = [(int(row), len(column), column) for column, row in re.findall(rb'<c r="([A-Z]+)(\d+)"', xml)]
    rows = [int(row) for row in re.findall(rb'<row r="(\d+)"', xml)]
    return places == sorted(set(places)) and rows == sorted(set(rows))


def test_cells_without_references_are_numbered_before_they_are_written() -> None:
    main = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    cells = b"<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    sheet = b"<worksheet %b><sheetData>%b</sheetData></worksheet>" % (main, cells)
    edits = SheetEdits(date1904=False, style_from={2: 1})
    edits.put(1, 2, 5)
    edits.put(2, 2, 6)

    rows = patched(sheet, edits).partition(b"<sheetData>")[2].partition(b"</sheetData>")[0]

    assert rows == (
        b'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>5</v></c></row>'
        b'<row r="2"><c r="A2"><v>3</v></c><c r="B2"><v>6</v></c></row>'
    )


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (b'<c r="R5" s="3" t="s"><v>0</v></c>', b'<c r="R5" s="3"><v>1</v></c>'),
        (b'<c r="R5" s="3" t="b" cm="1" vm="2" ph="1"><v>1</v></c>', b'<c r="R5" s="3"><v>1</v></c>'),
        (b'<c r="R5" t="e"><v>#N/A</v></c>', b'<c r="R5"><v>1</v></c>'),
        (b'<c r="R5"/>', b'<c r="R5"><v>1</v></c>'),
        (
            b'<c r="R5" t="inlineStr"><is><r><rPr><family val="2"/></rPr><t>a</t></r></is></c>',
            b'<c r="R5"><v>1</v></c>',
        ),
        (b'<c r="R5" t="inlineStr"><is><rPh sb="0" eb="1"><t>b</t></rPh></is></c>', b'<c r="R5"><v>1</v></c>'),
    ],
)
def test_a_changed_cell_keeps_its_style_and_nothing_else(cell: bytes, expected: bytes) -> None:
    row = b'<row r="5" spans="1:26"><c r="Q5"/>%b<c r="S5"/></row>'
    around = b'<worksheet xmlns="x"><sheetData>' + row + b"</sheetData></worksheet>"
    edits = SheetEdits(date1904=False, style_from={18: 5})
    edits.put(5, 18, 1)

    assert patched(around % cell, edits) == around % expected
