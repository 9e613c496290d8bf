"""A declared table on its sheet: headers, cells, dropdowns, refusals, help, print set-up.

Rule 1: what a column holds comes from ``domain.columns``; only looks and French warnings are added here.
Rule 2: every rule of entry reaches ``LAST_ROW``, so that rows added later have it too.
Rule 3: the program's columns refuse typing; the sheet itself is never protected, since a protected table cannot grow.
Rule 4: text is written as text: a value that begins with ``=`` or ``http`` stays what was typed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from chorus_xl.build.styles import CLERK_HEADER, NOTE, PROGRAM_HEADER, TITLE, Look, Styles, cell_look, number_look
from chorus_xl.domain.columns import Column, Kind, TableSpec, Writer

TITLE_ROW, NOTE_ROW, BANNER_ROW, HEADER_ROW, FIRST_ROW = range(5)
LAST_ROW = 50_003
"""Zero-based, as XlsxWriter counts: 50,000 rows below the header."""

A3, A4 = 8, 9
_LINE_HEIGHT, _PADDING = 12.75, 2.25  # points, of Arial 10
_SMALL, _CAPITAL = 0.9, 1.3  # average width of a character, in digits
_TITLE_LIMIT = 32  # characters that Excel takes for the title of a message

_REFUSED: Mapping[str, Any] = {
    "validate": "custom",
    "value": "=FALSE",
    "error_title": "Colonne du programme",
    "error_message": "Cette colonne est écrite par les boutons Chorus Pro. Pressez Échap pour laisser la cellule "
    "comme elle était.",
}
_BY_KIND: Mapping[Kind, Mapping[str, Any]] = {
    Kind.DATE: {
        "validate": "date",
        "criteria": "between",
        "minimum": date(2000, 1, 1),
        "maximum": date(2099, 12, 31),
        "error_title": "Ce n'est pas une date",
        "error_message": "Saisissez une vraie date, jj/mm/aaaa, entre 2000 et 2099.",
    },
    Kind.MONEY: {
        "validate": "decimal",
        "criteria": "between",
        "minimum": -999_999_999_999,
        "maximum": 999_999_999_999,
        "error_title": "Ce n'est pas un montant",
        "error_message": "Saisissez un nombre en euros, deux décimales au plus, sans lettre ni symbole.",
    },
    Kind.QUANTITY: {
        "validate": "decimal",
        "criteria": "between",
        "minimum": -999_999_999,
        "maximum": 999_999_999,
        "error_title": "Ce n'est pas un nombre",
        "error_message": "Saisissez une quantité en chiffres, quatre décimales au plus.",
    },
}


def write_title(sheet: Worksheet, styles: Styles, title: str, note: str) -> None:
    """The sheet's title in A1 and one line of instructions under it."""
    sheet.set_row(TITLE_ROW, 26)
    sheet.write_string(TITLE_ROW, 0, title, styles(TITLE))
    sheet.write_string(NOTE_ROW, 0, note, styles(NOTE))


def write_table(
    sheet: Worksheet,
    styles: Styles,
    spec: TableSpec,
    rows: Sequence[Mapping[str, object]],
    spare_rows: int = 0,
    header_row: int = HEADER_ROW,
) -> None:
    """Write the table, its rows first, then blank rows that are formatted only; a table has at least one row."""
    last_row, first_row = header_row + max(len(rows) + spare_rows, 1), header_row + 1
    add_table(sheet, styles, spec, (header_row, 0), last_row - header_row)
    for number, column in enumerate(spec.columns):
        sheet.set_column(number, number, column.width, styles(number_look(column)))
        cell = styles(cell_look(column))
        for row, values in enumerate(rows, start=first_row):
            write_value(sheet, row, number, values.get(column.attribute), cell)
        for row in range(first_row + len(rows), last_row + 1):
            sheet.write_blank(row, number, None, cell)


def add_table(sheet: Worksheet, styles: Styles, spec: TableSpec, at: tuple[int, int], height: int) -> None:
    """Declare the table with so many rows of data below its headers, which start at that row and column."""
    row, column = at
    headers = [{"header": each.header, "header_format": styles(_header_look(each))} for each in spec.columns]
    options = {"name": spec.name, "columns": headers, "style": None}
    sheet.add_table(row, column, row + height, column + len(spec.columns) - 1, options)
    sheet.set_row(row, 32)


def refuse_typing(sheet: Worksheet, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
    """Cells that only the program writes."""
    sheet.data_validation(first_row, first_column, last_row, last_column, dict(_REFUSED))


def write_value(sheet: Worksheet, row: int, column: int, value: object, cell: Format) -> None:
    """Write one value by its own type; ``None`` leaves a blank cell with its format."""
    match value:
        case None:
            sheet.write_blank(row, column, None, cell)
        case str():
            sheet.write_string(row, column, value, cell)
        case datetime() | date():
            sheet.write_datetime(row, column, value, cell)
        case int() | float() | Decimal():
            sheet.write_number(row, column, value, cell)
        case _:
            raise TypeError(f"no cell can hold {type(value).__name__}")


def add_entry_rules(
    sheet: Worksheet, spec: TableSpec, special: Mapping[str, Mapping[str, Any]], first_row: int = FIRST_ROW
) -> None:
    """Dropdowns, refusals and help for each column; ``special`` holds, by attribute, what the kind does not tell."""
    for number, column in enumerate(spec.columns):
        if column.writer is not Writer.CLERK:
            rule = dict(_REFUSED)
        elif column.attribute in special:
            rule = dict(special[column.attribute])
        elif column.choices:
            rule = {"validate": "list", "source": list(column.choices), **choice_error(column.header)}
        else:
            rule = dict(_BY_KIND.get(column.kind, {"validate": "any"}))
        if column.help:
            rule |= {"input_title": column.header[:_TITLE_LIMIT], "input_message": column.help}
        if rule["validate"] != "any" or column.help:
            sheet.data_validation(first_row, number, LAST_ROW, number, rule)


def warning(title: str, message: str) -> dict[str, str]:
    """What is asked when a doubtful value is typed; the clerk may keep it."""
    return {"error_type": "warning", "error_title": title, "error_message": message}


def siret_rule(cell: str) -> dict[str, Any]:
    """Fourteen digits, spaces apart."""
    message = "Ce que vous avez saisi n'a pas 14 chiffres. Le gardez-vous ?"
    value = f'=LEN(SUBSTITUTE({cell}," ",""))=14'
    return {"validate": "custom", "value": value, **warning("Un SIRET a 14 chiffres", message)}


def choice_error(header: str) -> dict[str, str]:
    """What is said when something outside the list is typed."""
    return {
        "error_title": header[:_TITLE_LIMIT],
        "error_message": "Choisissez dans la liste : pressez Alt + flèche vers le bas.",
    }


def column_of(spec: TableSpec, attribute: str) -> int:
    """The zero-based column of the attribute: tables start in column A."""
    return spec.columns.index(spec.column(attribute))


def text_height(texts: Iterable[tuple[str, float]]) -> float:
    """The height, in points, of a row with these wrapped texts in columns of these widths.

    Only for text that nobody edits: Excel fits other rows by itself on opening, LibreOffice does not.
    """
    lines = (sum(ceil(_digits(line) / width) or 1 for line in text.split("\n")) for text, width in texts)
    return _LINE_HEIGHT * max(lines, default=1) + _PADDING


def set_up_page(sheet: Worksheet, *, paper: int, header_row: int | None = HEADER_ROW) -> None:
    """Landscape, one page wide, header repeated where there is one, sheet name and page numbers on each page."""
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    if header_row is not None:
        sheet.repeat_rows(header_row)
    sheet.set_header('&L&"Arial,Bold"&A&R&F')
    sheet.set_footer("&LImprimé le &D&RPage &P / &N")


def _header_look(column: Column) -> Look:
    return CLERK_HEADER if column.writer is Writer.CLERK else PROGRAM_HEADER


def _digits(line: str) -> float:
    """How wide a line is, in digits."""
    capitals = sum(character.isupper() or character == "_" for character in line)
    return _CAPITAL * capitals + _SMALL * (len(line) - capitals)
