"""A formula's text in words, and the cells that it names taken out of it.

Rule 1: two formulas that differ by their cells alone have one shape.
Rule 2: a word outside the set makes the value unknown; no formula is longer than Excel's 8,192 characters.
"""

import re
from typing import NamedTuple

from chorus_xl.reckoning.values import UnknownValueError

MAX_LENGTH = 8_192

_TEXT, _COLUMN = r'"(?:[^"]|"")*"', r"\w+\[(?:[^\[\]'#@]|'.)+\]"
_CORNER, _SHEET = r"\$?[A-Z]{1,3}\$?[1-9]\d{0,6}", r"(?:\w+|'(?:[^']|'')+')!"
_CELL = rf"(?<![\w.])(?:{_SHEET})?{_CORNER}(?::{_CORNER})?(?![\w.(\[!:])"
_HERE = "\0"  # stands for a cell in a formula's shape; no XML can hold it
_SHAPE = re.compile(f"{_TEXT}|{_COLUMN}|({_CELL})")
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<text>{_TEXT})
    |(?P<cell>{_HERE})
    |(?P<number>\d+(?:\.\d+)?(?![\w.]))
    |(?P<column>{_COLUMN})
    |(?P<function>[A-Z][A-Z0-9.]*\()
    |(?P<name>[^\W\d]\w*(?![\w.(\[!]))
    |(?P<sign><>|<=|>=|[-+*&=<>(),{{}}])
    )""",
    re.VERBOSE,
)
_CELLS = re.compile(r"(?:(.+)!)?\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")


class Place(NamedTuple):
    """A range as a formula names it: its sheet's name, ``""`` for the formula's own, and its corners, from 1."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    is_range: bool


def shape_of(formula: str) -> tuple[str, tuple[Place, ...]]:
    """The formula without the cells that it names, and those cells in order."""
    if len(formula) > MAX_LENGTH or _HERE in formula:
        raise UnknownValueError
    places: list[Place] = []

    def shaped(found: "re.Match[str]") -> str:
        if found[1] is None:
            return found[0]
        places.append(_place(found[1]))
        return _HERE

    return _SHAPE.sub(shaped, formula.strip()), tuple(places)


def tokens_of(shape: str) -> tuple[tuple[str, str], ...]:
    """Kind and text of each word; a cell's text is its number among the cells."""
    tokens, at, cells = [], 0, 0
    while at < len(shape):
        found = _TOKEN.match(shape, at)
        if found is None:
            raise UnknownValueError
        kind, word = str(found.lastgroup), str(found[str(found.lastgroup)])
        if kind == "cell":
            word, cells = str(cells), cells + 1
        tokens.append((kind, word))
        at = found.end()
    return tuple(tokens)


def _place(word: str) -> Place:
    found = _CELLS.fullmatch(word)
    if found is None:
        raise UnknownValueError
    sheet = found[1] or ""
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    top, left = int(found[3]), _column_number(found[2])
    if found[4] is None:
        return Place(sheet, top, left, top, left, is_range=False)
    bottom, right = int(found[5]), _column_number(found[4])
    return Place(sheet, min(top, bottom), min(left, right), max(top, bottom), max(left, right), is_range=True)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
