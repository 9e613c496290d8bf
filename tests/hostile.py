"""Texts that the platform may send and no spreadsheet may take for more than texts."""

from chorus_xl.domain.columns import Kind, TableSpec, Writer

TEXTS: dict[str, str] = {
    "equals": "=1+1",
    "plus": "+33 3 84 00 00 00",
    "minus": "-1",
    "at": "@SUM(A1:A9)",
    "tab": "\t=1+1",
    "carriage return": "\r=1+1",
    "newline": "\n=1+1",
    "full-width equals": "\uff1d1+1",
    "apostrophe": "'=1+1",
    "a command": "=cmd|'/C calc'!A0",
    "a link": '=HYPERLINK("https://exemple.fr";"ici")',
    "a number": "0012",
    "a date": "01/02/2026",
    "true": "VRAI",
    "an error": "#REF!",
    "markup": "]]></t></is></c><c><f>1+1</f></c><!-- &lt; &#61;1",
    "escaped": "_x003D_1+1",
    "emoji": "😀 payée 👩‍💼",
    "right to left": "\u202e=1+1",
    "lines": "un\r\ndeux\rtrois\n\nquatre",
    "no characters of XML": "a\x00b\x07c\x1f\ufffe\ud800d",
    "as long as a cell": "é" * 32_767,
    "longer than a cell": "=" + "x" * 40_000,
    "longer than a cell, in pairs": "😀" * 20_000,
}


def columns_of_the_program(spec: TableSpec) -> list[str]:
    """Attributes of its columns that the program writes texts into."""
    texts = (Kind.CODE, Kind.TEXT, Kind.CHOICE)
    return [column.attribute for column in spec.columns if column.writer is not Writer.CLERK and column.kind in texts]
