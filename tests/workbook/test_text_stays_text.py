"""Whatever the platform says goes into a closed file as text, in each column that the program writes."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from chorus_xl.domain.columns import BUDGETS, INVOICES, JOURNAL, TableSpec
from chorus_xl.domain.sheets import Changes, TableChange, TableReplacement
from chorus_xl.workbook.cells import clean_text
from tests.hostile import TEXTS, columns_of_the_program
from tests.workbook.sample import Sample, invoice, opened, read_parts


def test_there_is_something_to_write_into() -> None:
    assert {"chorus_status", "reason", "next_action", "findings"} <= set(columns_of_the_program(INVOICES))
    assert {"detail", "event"} <= set(columns_of_the_program(JOURNAL))


@pytest.mark.parametrize("spec", [INVOICES, BUDGETS, JOURNAL], ids=lambda spec: spec.name)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_of_the_platform_is_a_text_in_the_file(path: Path, spec: TableSpec, text: str) -> None:
    Sample(invoices=[invoice("F1")], budgets=[{"label": "Budget"}], journal=[{"event": "x"}]).save(path)
    formulas_before = b"".join(read_parts(path).values()).count(b"<f")
    columns = {attribute: [text] for attribute in columns_of_the_program(spec)}
    book = opened(path)
    sheets = book.read()
    if spec is JOURNAL:
        changes = Changes(replacements=(TableReplacement(spec.name, columns),))
    else:
        table = sheets.invoices if spec is INVOICES else sheets.budgets
        changes = Changes((TableChange(spec.name, [int(table.rows[0])], columns),))

    book.write(sheets, changes)

    sheet = openpyxl.load_workbook(path)[spec.sheet]
    place = sheet.tables[spec.name].ref.partition(":")[0]
    top, left = sheet[place].row, sheet[place].column
    headers = [sheet.cell(top, left + offset).value for offset in range(len(spec.columns))]
    for attribute in columns:
        cell = sheet.cell(top + 1, left + headers.index(spec.column(attribute).header))
        assert (unescape(str(cell.value)), cell.data_type) == (clean_text(text), "s"), attribute
    assert b"".join(read_parts(path).values()).count(b"<f") == formulas_before
    opened(path).read()  # a formula in one of these columns would be refused
