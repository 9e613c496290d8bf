"""What stands where in a package: sheets, tables, columns, the layout number, the date system.

Knows OOXML's relationships, its tables and defined names. Refuses to know cells (``sheetxml``) and rows (``frame``).

Rule 1: a table is known by its name and a column by its header, wherever they stand; clerks move both.
Rule 2: headers are compared without case, accents' composition, kinds of space and of apostrophe; nothing looser, since
        a column taken for another would be written to.
Rule 3: the layout is judged before the columns: a newer one may have others, and an older one lacks what came since:
        there such a table or column is found when it stands there, and never missed.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from posixpath import dirname, join, normpath

from lxml import etree

from chorus_xl.domain.columns import LAYOUT, LAYOUT_NAME, OLDEST_LAYOUT, TABLES, TableSpec
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.errors import WorkbookError
from chorus_xl.workbook.opening import Package
from chorus_xl.workbook.sheetxml import column_number

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Placed:
    """A table of ours in this workbook: rows and columns count from 1, as Excel shows them.

    Attributes:
        spec: what we declared, without the columns that this workbook is too old to have.
        part: its XML in the package.
        sheet: the sheet's name.
        sheet_part: the sheet's XML in the package.
        first_row: first row of data.
        last_row: last row of data, ``first_row - 1`` when there is none.
        end_row: last row of the whole table, totals included.
        first_column: where the table starts.
        width: how many columns it has, the clerk's own included.
        offsets: by attribute, how far right of ``first_column`` it stands.
    """

    spec: TableSpec
    part: str
    sheet: str
    sheet_part: str
    first_row: int
    last_row: int
    end_row: int
    first_column: int
    width: int
    offsets: Mapping[str, int]

    def column(self, attribute: str) -> int:
        """The number of the sheet's column that holds the attribute."""
        return self.first_column + self.offsets[attribute]

    def spans(self, column: int) -> bool:
        """Whether that column of the sheet is one of the table's."""
        return 0 <= column - self.first_column < self.width


@dataclass(frozen=True, slots=True)
class Structure:
    """A workbook of ours, its cells still unread.

    Attributes:
        part: the workbook's own XML in the package.
        date1904: whether its dates count from 1904.
        layout: its number.
        tables: ours, by name; all of its layout are there.
        sheets: by name, each sheet's part.
        names: by name, in lower case, what the workbook's defined names stand for.
        parts: by kind (``sharedStrings``, ``styles`` …), what else the workbook points to.
    """

    part: str
    date1904: bool
    layout: int
    tables: Mapping[str, Placed]
    sheets: Mapping[str, str]
    names: Mapping[str, str]
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str


def read_structure(package: Package) -> Structure:
    """Find our tables.

    Raises:
        WorkbookError: the package is damaged, not ours, of another layout, or lacks a sheet, table or column.
    """
    part = next((target for kind, _, target in related(package, "") if kind == "officeDocument"), "xl/workbook.xml")
    root = package.tree(part)
    names = [(element.get("name", ""), element.text or "") for element in root.iter("{*}definedName")]
    layout = layout_of(package.file, names)
    links = list(related(package, part))
    targets = {identifier: target for kind, identifier, target in links if kind == "worksheet"}
    sheets = [
        _Sheet(element.get("name", ""), targets[identifier])
        for element in root.iterfind("{*}sheets/{*}sheet")
        if (identifier := _relationship_id(element)) in targets
    ]
    properties = root.find("{*}workbookPr")
    return Structure(
        part=part,
        date1904=properties is not None and properties.get("date1904") in ("1", "true"),
        layout=layout,
        tables=_our_tables(package, sheets, layout),
        sheets={sheet.name: sheet.part for sheet in sheets},
        names={
            element.get("name", "").lower(): element.text or ""
            for element in root.iter("{*}definedName")
            if element.get("localSheetId") is None
        },
        parts={kind: target for kind, _, target in links},
    )


def header_key(header: str) -> str:
    """What of a header counts when it is compared."""
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), header)
    plain = unicodedata.normalize("NFC", plain).replace("’", "'")
    return " ".join(plain.split()).casefold()  # split() knows NBSP and newlines


def match_headers(spec: TableSpec, headers: Sequence[str], layout: int) -> dict[str, int]:
    """Where each attribute's column stands among the headers, counted from 0.

    A column that came after this layout and is not there is left out.

    Raises:
        WorkbookError: a column is missing, or two answer to its name.
    """
    keys = [header_key(header) for header in headers]
    wanted = {header_key(column.header) for column in spec.columns}
    found = {}
    for column in spec.columns:
        key = header_key(column.header)
        match keys.count(key):
            case 1:
                found[column.attribute] = keys.index(key)
            case 0 if column.since > layout:
                pass
            case 0:
                spare = {other: header for other, header in zip(keys, headers, strict=True) if other not in wanted}
                closest = get_close_matches(key, spare, n=1)
                if closest:
                    near = " ".join(spare[closest[0]].split())
                    raise WorkbookError("CX176", header=column.header, table=spec.name, closest=near)
                raise WorkbookError("CX177", header=column.header, table=spec.name)
            case _:
                raise WorkbookError("CX178", header=column.header, table=spec.name)
    return found


def as_there(spec: TableSpec, offsets: Mapping[str, int]) -> TableSpec:
    """The table without the columns that a workbook of an older layout does not have."""
    columns = tuple(column for column in spec.columns if column.attribute in offsets)
    return spec if len(columns) == len(spec.columns) else replace(spec, columns=columns)


def layout_of(file: str, names: Sequence[tuple[str, str]]) -> int:
    """The layout's number that a workbook's defined names, given with what they refer to, hold.

    Raises:
        WorkbookError: it is not ours, or of a layout that we do not work with.
    """
    text = next((text for name, text in names if name.casefold() == LAYOUT_NAME.casefold()), "").strip().lstrip("=")
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise WorkbookError("CX170", file=file, name=LAYOUT_NAME)
    layout = int(text)
    if not OLDEST_LAYOUT <= layout <= LAYOUT:
        code = "CX171" if layout > LAYOUT else "CX172"
        raise WorkbookError(code, file=file, found=text, known=str(LAYOUT))
    return layout


def of_older_layout(file: str, layout: int) -> tuple[Finding, ...]:
    """What a workbook of an older layout lacks, said once."""
    if layout == LAYOUT:
        return ()
    params = {"file": file, "found": str(layout), "known": str(LAYOUT)}
    return (Finding("CX443", Severity.WARNING, params=params),)


def _our_tables(package: Package, sheets: Sequence[_Sheet], layout: int) -> dict[str, Placed]:
    specs = {spec.name.casefold(): spec for spec in TABLES}
    found: dict[str, list[tuple[_Sheet, str]]] = {name: [] for name in specs}
    for sheet in sheets:
        for kind, _, part in related(package, sheet.part):
            if kind == "table":
                name = package.tree(part).get("name", "").casefold()
                if name in found:
                    found[name].append((sheet, part))
    return {
        spec.name: _placed(package, spec, found[name], sheets, layout)
        for name, spec in specs.items()
        if found[name] or spec.since <= layout
    }


def _placed(
    package: Package, spec: TableSpec, found: list[tuple[_Sheet, str]], sheets: Sequence[_Sheet], layout: int
) -> Placed:
    if not found:
        has_sheet = any(sheet.name.casefold() == spec.sheet.casefold() for sheet in sheets)
        raise WorkbookError("CX174" if has_sheet else "CX173", file=package.file, sheet=spec.sheet, table=spec.name)
    if len(found) > 1:
        named = ", ".join(f"« {sheet.name} »" for sheet, _ in found)
        raise WorkbookError("CX175", file=package.file, table=spec.name, sheets=named)
    [(sheet, part)] = found
    root = package.tree(part)
    place = _RANGE.fullmatch(root.get("ref", ""))
    headers = [column.get("name", "") for column in root.iterfind("{*}tableColumns/{*}tableColumn")]
    counts = [root.get("headerRowCount", "1"), root.get("totalsRowCount", "0")]
    if place is None or not headers or not all(map(str.isdecimal, counts)):
        raise package.damaged(part)
    first_row = int(place[2]) + int(counts[0])
    end_row = int(place[4] or place[2])
    offsets = match_headers(spec, headers, layout)
    return Placed(
        spec=as_there(spec, offsets),
        part=part,
        sheet=sheet.name,
        sheet_part=sheet.part,
        first_row=first_row,
        last_row=max(end_row - int(counts[1]), first_row - 1),
        end_row=end_row,
        first_column=column_number(place[1].encode()),
        width=len(headers),
        offsets=offsets,
    )


def related(package: Package, part: str) -> Iterator[tuple[str, str, str]]:
    """Kind, identifier and target of what the part points to inside the package."""
    folder, _, name = part.rpartition("/")
    rels = join(folder, "_rels", f"{name}.rels")
    if rels not in package:
        return
    for link in package.tree(rels).iterfind("{*}Relationship"):
        if link.get("TargetMode") != "External":
            target = link.get("Target", "")
            inside = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
            yield link.get("Type", "").rpartition("/")[2], link.get("Id", ""), inside


def _relationship_id(element: "etree._Element") -> str:
    return next((str(value) for name, value in element.items() if str(name).endswith("}id")), "")
