"""Colour and contrast, measured on the built file."""

from collections.abc import Iterator

import pytest

from tests.build.recalculated import Opened

WHITE = "FFFFFF"


def rgb(color: Opened, default: str) -> str:
    return color.rgb[-6:] if color is not None and isinstance(color.rgb, str) else default


def luminance(color: str) -> float:
    """WCAG 2.1, relative luminance."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pairs(sheet: Opened) -> Iterator[tuple[str, str]]:
    for row in sheet.iter_rows():
        for cell in row:
            filled = cell.fill.patternType == "solid"
            yield rgb(cell.font.color, "000000"), rgb(cell.fill.fgColor, WHITE) if filled else WHITE
    for rule in rules(sheet):
        if rule.dxf.font is not None:
            yield rgb(rule.dxf.font.color, "000000"), rgb(rule.dxf.fill.bgColor, WHITE) if rule.dxf.fill else WHITE


def rules(sheet: Opened) -> list[Opened]:
    return [rule for formatting in sheet.conditional_formatting for rule in formatting.rules]


@pytest.mark.parametrize(("one", "other", "ratio"), [("000000", WHITE, 21.0), ("767676", WHITE, 4.54)])
def test_the_measure_itself(one: str, other: str, ratio: float) -> None:
    assert ratio == pytest.approx(contrast(one, other), abs=0.01)


def test_text_and_background_contrast_everywhere(book: Opened) -> None:
    used = {pair for sheet in book.worksheets for pair in pairs(sheet)}
    poor = {pair: round(contrast(*pair), 2) for pair in used if contrast(*pair) < 4.5}

    assert len(used) > 15
    assert poor == {}


def test_a_coloured_word_of_the_program_also_has_a_sign(book: Opened) -> None:
    coloured = [
        rule for rule in rules(book["Factures"]) if rule.dxf.fill and "chorus_environment" not in rule.formula[0]
    ]

    assert len(coloured) == 3 + 6 + 5
    for rule in coloured:
        assert rule.dxf.numFmt.formatCode[0] == '"'
        assert rule.dxf.numFmt.formatCode.endswith('"@'), rule.formula


def test_headers_tell_clerk_from_program(book: Opened) -> None:
    sheet = book["Factures"]

    assert {"1F4E79"} == {rgb(cell.fill.fgColor, "") for cell in sheet["A4:O4"][0]}
    assert {"595959"} == {rgb(cell.fill.fgColor, "") for cell in sheet["P4:Z4"][0]}
