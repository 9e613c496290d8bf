"""Whatever the platform says goes into an open book as text, in each column that the program writes."""

import pytest
import xlwings as xw

from chorus_xl.domain.columns import INVOICES, JOURNAL
from chorus_xl.domain.sheets import Changes, TableChange, TableReplacement
from chorus_xl.workbook.cells import clean_text
from chorus_xl.workbook.live import LiveWorkbook
from tests.hostile import TEXTS, columns_of_the_program
from tests.ribbon.live_books import place, shown


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_of_the_platform_is_a_text_in_the_book(book: xw.Book, text: str) -> None:
    live = LiveWorkbook(book)
    sheets = live.read()
    columns = {attribute: [text] for attribute in columns_of_the_program(INVOICES)}
    history = {attribute: [text] for attribute in columns_of_the_program(JOURNAL)}
    row = int(sheets.invoices.rows[0])

    live.write(
        sheets,
        Changes(
            (TableChange(INVOICES.name, [row], columns),),
            (TableReplacement(JOURNAL.name, history),),
        ),
    )

    sheet = book.impl.workbook["Factures"]
    for attribute in columns:
        assert shown(book, attribute)[0] == clean_text(text), attribute
        assert sheet.cell(row, place(sheet, INVOICES.column(attribute).header)).number_format == "@", attribute
    live.read()  # a formula in one of these columns would be refused
