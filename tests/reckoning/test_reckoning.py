"""What a formula comes to by the program's own reckoning, and what it refuses to reckon."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from openpyxl import load_workbook

from chorus_xl.build import build_workbook
from chorus_xl.reckoning.evaluate import Reckoner
from chorus_xl.reckoning.functions import KNOWN
from chorus_xl.reckoning.values import Broken, Scalar, UnknownValueError, serial_of

UNKNOWN = None

CELLS: dict[tuple[int, int], Scalar] = {
    (1, 1): 10.0,
    (2, 1): 0.1,
    (3, 1): "Eau",
    (4, 1): None,
    (5, 1): Broken("#N/A"),
    (6, 1): Broken(""),
    (7, 1): True,
    (8, 1): "",
    (9, 1): 1e27,
}
TABLE: dict[str, list[Scalar]] = {
    "Budget": ["Eau", "eau", "Ville", None, "", 2026.0, "2026", "E?u"],
    "Montant": [100.0, 50.5, -20.0, 7.0, "sept", 1.0, 2.0, 4.0],
    "Type": ["Facture", "Avoir", "Facture", None, None, None, None, None],
    "Le": [46000.0, 46031.5, None, None, None, None, None, None],
    "Rompu": [1.0, Broken("#DIV/0!"), None, None, None, None, None, None],
    "L'[un]": [1.0, *[None] * 7],
}


class Book:
    """One sheet ``S``: the cells of ``CELLS``, the table from row 20 on, and formulas in column Z."""

    def __init__(self, *texts: str, names: Mapping[str, str] | None = None) -> None:
        self.texts = {(row, 26): text for row, text in enumerate(texts, start=1)}
        self.names = names or {}

    def formulas(self, sheet: str) -> Mapping[tuple[int, int], str]:
        return self.texts if sheet == "S" else {}

    def block(self, sheet: str, top: int, left: int, bottom: int, right: int) -> Sequence[Scalar]:
        if sheet != "S":
            raise UnknownValueError
        columns = list(TABLE.values())
        held = {(20 + line, 1 + at): value for at, column in enumerate(columns) for line, value in enumerate(column)}
        held |= CELLS
        return [held.get((row, column)) for row in range(top, bottom + 1) for column in range(left, right + 1)]

    def column(self, table: str, header: str) -> tuple[str, int, int, int]:
        if table != "tbl" or header not in TABLE:
            raise UnknownValueError
        return "S", list(TABLE).index(header) + 1, 20, 27

    def named(self, name: str) -> str:
        if name not in self.names:
            raise UnknownValueError
        return self.names[name]


def worth(*texts: str, date1904: bool = False, **names: str) -> Scalar:
    """What the first formula comes to, beside the others."""
    return Reckoner(Book(*texts, names=names), date1904=date1904).value("S", 1, 26)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        # precedence, signs, spaces
        ("1+2*3", 7.0),
        ("(1+2)*3-4", 5.0),
        ("-A1+1", -9.0),
        ('1+1&"x"', "2x"),
        ('"a"&1=1&""', False),
        (' IF( 1 = 1 , "oui" , "non" ) ', "oui"),
        ('"il dit ""oui"""', 'il dit "oui"'),
        # kinds of values
        ("A4", 0.0),
        ('A4=""', True),
        ("A4=0", True),
        ('A8=""', True),
        ("A8=0", False),
        ('A3="EAU"', True),
        ("A1<A3", True),
        ("A3<A7", True),
        ("A7", True),
        ("A7+1", 2.0),
        ('A1&"; "&A2&A4', "10; 0,1"),
        ("A5", Broken("#N/A")),
        ('IFERROR(A5,"rien")', "rien"),
        # what binary numbers leave
        ("0.3-0.1-0.2", 0.0),
        ("A2+0.2", 0.3),
        ("ROUND(2.675,2)", 2.68),
        ("ROUND(-2.5,0)", -3.0),
        # lazy ones
        ("IF(1=1,1,A5)", 1.0),
        ("IF(1=2,A6,1)", 1.0),
        ("ISNUMBER(A5)", False),
        ("ISNUMBER(A1)", True),
        ("AND(A1>9,OR(A1>99,A1>5))", True),
        # counting
        ('COUNTIFS(tbl[Budget],"Eau")', 2.0),
        ('COUNTIFS(tbl[Budget],"Eau",tbl[Type],"Avoir")', 1.0),
        ('COUNTIF(tbl[Budget],"")', 2.0),
        ('COUNTIF(tbl[Budget],"?*")', 5.0),
        ('COUNTIF(tbl[Budget],"E~?u")', 1.0),
        ('COUNTIF(tbl[Budget],"E?u")', 3.0),
        ('COUNTIF(tbl[Budget],"2026")', 2.0),
        ('COUNTIF(tbl[Type],"<>Avoir")', 7.0),
        ('COUNTIF(tbl[Montant],">0")', 6.0),
        ('COUNTIF(tbl[Montant],"<=-20")', 1.0),
        ('COUNTIFS(tbl[Le],">="&46001,tbl[Le],"<"&46032)', 1.0),
        ('SUMPRODUCT(COUNTIFS(tbl[Budget],{"Eau","Ville"}))', 3.0),
        ("COUNT(tbl[Montant])", 7.0),
        ("COUNT(A1,A3,A4,A7)", 1.0),
        ("SUMPRODUCT(1-ISBLANK(tbl[Budget])*ISBLANK(tbl[Type]))", 7.0),
        # summing
        ("SUM(tbl[Montant])", 144.5),
        ("SUM(A1:A4)", 10.1),
        ('SUMIFS(tbl[Montant],tbl[Type],"<>Avoir")', 94.0),
        ('SUMPRODUCT(SUMIFS(tbl[Montant],tbl[Budget],{"Eau","Ville"},tbl[Type],"Facture"))', 80.0),
        ('SUMIFS(tbl[Rompu],tbl[Budget],"Ville")', 0.0),
        ('SUMIFS(tbl[Rompu],tbl[Budget],"Eau")', Broken("#DIV/0!")),
        ("SUM(tbl[Rompu])", Broken("#DIV/0!")),
        ("ABS(0-SUM(tbl[L'''[un']]))", 1.0),
        # looking up
        ('INDEX(tbl[Montant],MATCH("ville",tbl[Budget],0))', -20.0),
        ('MATCH("Lac",tbl[Budget],0)', Broken("#N/A")),
        ("INDEX(tbl[Montant],9)", Broken("#REF!")),
        ('INDEX(tbl[Budget],4)&""', ""),
        ("MAX(tbl[Le])", 46031.5),
        # dates
        ("ROUND(A9,2)", UNKNOWN),
        ('LEFT("Production, SIRET 1",FIND(",","Production, SIRET 1")-1)', "Production"),
        ('LEFT("Eau",9)', "Eau"),
        ('LEFT("Eau",-1)', Broken("#VALUE!")),
        ('MID("SIRET 123",FIND("SIRET ","SIRET 123")+6,14)', "123"),
        ('MID("Eau",0,1)', Broken("#VALUE!")),
        ('MID("Eau",4,1)', ""),
        ('FIND("siret","SIRET 123")', Broken("#VALUE!")),
        ('IFERROR(FIND("x","Eau"),"")', ""),
        ('SUBSTITUTE("1 2 3"," ","")', "123"),
        ('SUBSTITUTE("Eau","e","x")', "Eau"),
        ('SUBSTITUTE("Eau","","x")', "Eau"),
        ('UPPER("Répétition")', "RÉPÉTITION"),
        ('UPPER("Straße")', UNKNOWN),
        ('LEFT("😀",1)', UNKNOWN),
        ("DATE(YEAR(46023),MONTH(46023)-1,1)", serial_of(date(2025, 12, 1), date1904=False)),
        ("MONTH(46023)", 1.0),
    ],
)
def test_a_formula_of_the_set_comes_to_what_excel_says(formula: str, expected: Scalar) -> None:
    found = worth(formula)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "TODAY()",
        "NOW()-A1",
        "VLOOKUP(A1,A1:A8,1)",
        "A1/2",
        "A1^2",
        "1E5",
        "A6",  # never worked out
        "SUM(A1:A8)",  # one of them
        "A1:A3",
        "tbl[Montant]",
        "tbl[[#Totals],[Montant]]",
        "tbl[@Montant]",
        "tbl[Absente]",
        "autre[Montant]",
        "Ailleurs!A1",
        "inconnu",
        "A:A",
        "SUM(A1:XFD1048576)",
        "IF(1=1)",
        "ABS(1,2)",
        '"1"+1',
        'COUNTIF(tbl[Budget],"1,5")',  # a number or a text, by the language
        'COUNTIF(tbl[Budget],"1/2")',
        'COUNTIF(tbl[Budget],"VRAI")',
        'COUNTIF(tbl[Budget],">a")',
        'COUNTIF(tbl[Rompu],"<>1")',
        'MATCH("E*",tbl[Budget],0)',
        'COUNTIFS(tbl[Budget],{"a","b"},tbl[Type],{"c","d"})',
        "MONTH(5)",
        "(1",
        "1)",
        "{1}",
        "(" * 500 + "1" + ")" * 500,
        '"' + "a" * 9000 + '"',
        "\0",
    ],
)
def test_what_is_outside_the_set_is_unknown_and_no_error(formula: str) -> None:
    assert worth(formula) is UNKNOWN
    assert worth('IFERROR(Z2,"")', formula) is UNKNOWN  # nor hidden by another one


def test_a_formula_rests_on_the_new_value_of_another_one() -> None:
    assert worth("Z2+1", "SUM(Z3:Z4)", "2", "A1") == 13


def test_formulas_in_a_ring_are_unknown() -> None:
    assert worth("Z2+1", "Z1+1") is UNKNOWN


def test_a_long_row_of_formulas_ends() -> None:
    assert worth(*(f"Z{row + 2}+1" for row in range(2000))) is UNKNOWN


def test_a_defined_name_stands_for_its_formula() -> None:
    assert worth("nom&1", nom="INDEX(tbl[Budget],1)") == "Eau1"
    assert worth("nom", nom="nom") is UNKNOWN


def test_dates_follow_the_date_system_of_the_workbook() -> None:
    assert worth("YEAR(0)", date1904=True) == 1904
    assert worth("DATE(2026,1,1)", date1904=True) == worth("DATE(2026,1,1)") - 1462  # type: ignore[operator]


def test_the_set_is_what_the_sheets_use_and_no_more(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("set") / "fresh.xlsm"
    build_workbook(path)
    book = load_workbook(path)
    formulas = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    formulas += [name.attr_text for name in book.defined_names.values()]
    unquoted = [re.sub(r'"[^"]*"', "", formula) for formula in formulas]

    assert {name for formula in unquoted for name in re.findall(r"\b([A-Z][A-Z0-9.]*)\(", formula)} == KNOWN
