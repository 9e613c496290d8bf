"""The values of ``Accueil``'s and ``Journal``'s formulas, as they come to after a write that no Excel sees.

Knows which sheets carry formulas of ours, and what a write changes. Refuses to know what a formula means.

Rule 1: each write renews the values of all formulas on these sheets, and of the chart: a reader who does not calculate
        (Protected View, a previewer, pandas) never sees an old one. What cannot be reckoned is left out, not kept.
Rule 2: a clerk's own formulas elsewhere are not touched; where one fills a column of a table, what Excel last made of
        it counts, as it does for every step.
Rule 3: nothing here makes a write fail.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, time, timedelta

from chorus_xl.domain.columns import DUES, JOURNAL, PRESS, TABLES
from chorus_xl.domain.sheets import BadCell
from chorus_xl.reckoning.evaluate import Reckoner
from chorus_xl.reckoning.grammar import parsed
from chorus_xl.reckoning.values import Broken, Scalar, UnknownValueError
from chorus_xl.workbook.cells import clean_text, serial
from chorus_xl.workbook.content import Content
from chorus_xl.workbook.formulas import formulas_of, in_digits, sheet_of, with_values
from chorus_xl.workbook.patch import SheetEdits
from chorus_xl.workbook.sheetxml import SheetXml, UnexpectedShapeError
from chorus_xl.workbook.structure import header_key, related

_DAY = timedelta(days=1)
_CACHE = re.compile(
    rb"(<(?P<ns>(?:\w+:)?)numRef>\s*<(?P=ns)f>(?P<f>[^<]*)</(?P=ns)f>\s*)"
    rb"<(?P=ns)numCache>(?P<head>\s*(?:<(?P=ns)formatCode>[^<]*</(?P=ns)formatCode>)?).*?</(?P=ns)numCache>",
    re.DOTALL,
)


def reckoned(
    content: Content, parts: Mapping[str, bytes], edits: Mapping[str, SheetEdits], ends: Mapping[str, int]
) -> dict[str, bytes]:
    """The parts that hold values of formulas, renewed.

    Args:
        content: the workbook before the write.
        parts: what the write changes, by part.
        edits: the cells that it changes, by sheet's part.
        ends: the last row of data of the tables that it makes shorter or longer.
    """
    names = {part: name for name, part in content.structure.sheets.items()}
    sheets = {}
    for part in _ours(content):
        with suppress(UnexpectedShapeError):  # a sheet without any cell has no formula either
            sheets[names[part]] = sheet_of(parts[part] if part in parts else content.package.read(part))
    source = _Written(content, sheets, edits, ends)
    reckoner = Reckoner(source, date1904=content.structure.date1904)
    renewed = {}
    for name, sheet in sheets.items():
        values = {place: reckoner.value(name, *place) for place in source.formulas(name)}
        part = content.structure.sheets[name]
        renewed[part] = with_values(sheet, values)
        for chart in _charts(content, part):
            renewed[chart] = _with_numbers(content.package.read(chart), reckoner, name)
    return {part: data for part, data in renewed.items() if part in parts or data != content.package.read(part)}


def _ours(content: Content) -> list[str]:
    """The parts of the sheets whose formulas the build made: they hold its tables, and ``Accueil`` by its name."""
    structure = content.structure
    tables = [
        structure.tables[spec.name].sheet_part for spec in (PRESS, DUES, JOURNAL) if spec.name in structure.tables
    ]
    return list(dict.fromkeys([*tables, *(part for name, part in structure.sheets.items() if name == PRESS.sheet)]))


def _charts(content: Content, sheet_part: str) -> Iterator[str]:
    for kind, _, drawing in related(content.package, sheet_part):
        if kind == "drawing":
            for inner, _, chart in related(content.package, drawing):
                if inner == "chart" and chart in content.package:
                    yield chart


def _with_numbers(chart: bytes, reckoner: Reckoner, sheet: str) -> bytes:
    """The chart with the numbers that it shows where its cells are not read; without them when one is unknown."""

    def renewed(found: "re.Match[bytes]") -> bytes:
        try:
            [place] = parsed(found["f"].decode()).places
            numbers = reckoner.numbers(sheet, place)
        except (UnknownValueError, ValueError):
            return found[1]
        ns = found["ns"]
        points = b"".join(
            b'<%bpt idx="%d"><%bv>%b</%bv></%bpt>' % (ns, index, ns, in_digits(number).encode(), ns, ns)
            for index, number in enumerate(numbers)
            if number is not None
        )
        count = b'<%bptCount val="%d"/>' % (ns, len(numbers))
        return b"%b<%bnumCache>%b%b%b</%bnumCache>" % (found[1], ns, found["head"], count, points, ns)

    return _CACHE.sub(renewed, chart)


class _Written:
    """The workbook as it will be: ``reckoning.evaluate.Source``."""

    def __init__(
        self,
        content: Content,
        sheets: Mapping[str, SheetXml],
        edits: Mapping[str, SheetEdits],
        ends: Mapping[str, int],
    ) -> None:
        self._structure = content.structure
        self._edits = edits
        self._ends = ends
        self._formulas = {name: formulas_of(sheet) for name, sheet in sheets.items()}
        texts = " ".join(text for formulas in self._formulas.values() for text in formulas.values())
        texts += " ".join(self._structure.names.values())
        tables = [placed.sheet_part for name, placed in self._structure.tables.items() if f"{name}[" in texts]
        self._grids = content.grids(dict.fromkeys((*tables, *(self._structure.sheets[name] for name in sheets))))

    def formulas(self, sheet: str) -> Mapping[tuple[int, int], str]:
        """See ``reckoning.evaluate.Source``."""
        return self._formulas.get(sheet, {})

    def column(self, table: str, header: str) -> tuple[str, int, int, int]:
        """See ``reckoning.evaluate.Source``."""
        placed, key = self._structure.tables.get(table), header_key(header)
        for spec in TABLES:
            for column in spec.columns:
                if placed is not None and spec.name == table and header_key(column.header) == key:
                    if column.attribute not in placed.offsets:
                        break
                    last = self._ends.get(table, placed.last_row)
                    return placed.sheet, placed.column(column.attribute), placed.first_row, last
        raise UnknownValueError

    def named(self, name: str) -> str:
        """See ``reckoning.evaluate.Source``."""
        try:
            return self._structure.names[name.lower()].removeprefix("=")
        except KeyError:
            raise UnknownValueError from None

    def block(self, sheet: str, top: int, left: int, bottom: int, right: int) -> Sequence[Scalar]:
        """See ``reckoning.evaluate.Source``."""
        part = self._structure.sheets.get(sheet, "")
        if part not in self._grids:
            raise UnknownValueError
        grid = self._grids[part]
        edited = self._edits[part].cells if part in self._edits else {}
        cells: list[Scalar] = []
        for row in range(top, bottom + 1):
            changed = edited.get(row, {})
            for column in range(left, right + 1):
                value: object = changed[column] if column in changed else grid.cell(row, column)
                if column in changed and isinstance(value, str):
                    value = clean_text(value) or None
                cells.append(self._scalar(value))
        return cells

    def _scalar(self, value: object) -> Scalar:
        if isinstance(value, str | bool):
            return value
        if isinstance(value, float | int):
            return float(value)
        if isinstance(value, date):  # a datetime is one
            return float(serial(value, date1904=self._structure.date1904))
        if isinstance(value, time):
            value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
        if isinstance(value, timedelta):
            return value / _DAY
        return Broken(value.text) if isinstance(value, BadCell) else None
