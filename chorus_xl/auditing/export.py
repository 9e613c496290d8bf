"""The journal as a table that an auditor opens: a workbook or a text, one line of the journal a row.

Rule 1: no cell ever counts as a formula: a text that begins like one is marked as a text, in a workbook by Excel's own
        mark, in a CSV by an apostrophe.
Rule 2: control characters are left out; a text longer than a cell of Excel may hold is cut and says so.
Rule 3: a journal of ten years need not fit into memory; no file is overwritten, none is left half-written.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from chorus_xl.auditing.rows import COLUMNS, HEADERS, Cell, Row, headers, row_of
from chorus_xl.errors import JournalError, UsageError
from chorus_xl.journal.chain import Line
from chorus_xl.messages.journal import EXPORT
from chorus_xl.messages.system import in_french
from chorus_xl.steps.edited import Change

LONGEST = 32_767
"""Characters that a cell of Excel holds, in UTF-16 units. Source: Microsoft, "Excel specifications and limits"."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDE = {"hash": 68, "previous_hash": 68, "pdf_sha256": 68, "payload": 80, "utc": 34, "paris": 20, "event": 24}


def write(
    path: Path, lines: Iterable[Line], edits: Iterable[Change] | None = None, count: Callable[[int], None] | None = None
) -> int:
    """Write lines to a workbook or a CSV, by the file's ending; how many there were.

    Args:
        path: ends in ``.xlsx`` or ``.csv``.
        lines: of the journal, as they come.
        edits: for a second sheet of a workbook: what was edited since it left.
        count: told how many lines are written, as work goes on.

    Raises:
        UsageError: the file exists, has another ending, or would need a second sheet that a CSV has not.
        JournalError: the journal cannot be read, or the file cannot be written.
    """
    ending = path.suffix.lower()
    known = (".xlsx",) if edits is not None else (".xlsx", ".csv")
    if ending not in known:
        raise UsageError("CX614", path=str(path), known=", ".join(known))
    if path.exists():
        raise UsageError("CX611", path=str(path))
    written = 0

    def counted() -> Iterator[Row]:
        nonlocal written
        for line in lines:
            written += 1
            if count is not None:
                count(written)
            yield row_of(line)

    with _finished(path) as partial:
        if ending == ".csv":
            _write_csv(partial, counted())
        else:
            _write_workbook(partial, counted(), edits)
    return written


@contextmanager
def _finished(path: Path) -> Iterator[Path]:
    """A file that gets its name when it is whole."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        yield partial
        partial.replace(path)
    except OSError as error:
        raise JournalError("CX615", path=str(path), detail=in_french(error)) from error
    finally:
        partial.unlink(missing_ok=True)


def _write_csv(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(headers())
        writer.writerows([_as_text(cell) for cell in row] for row in rows)


def _as_text(cell: Cell) -> str:
    """A cell as a French Excel reads it from a CSV."""
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell:%d/%m/%Y %H:%M:%S}"
        case date():
            return f"{cell:%d/%m/%Y}"
        case Decimal():
            return str(cell).replace(".", ",")
        case int():
            return str(cell)
        case str():
            text = clean(cell)
            return f"'{text}" if text.startswith(_LIKE_A_FORMULA) else text


def _write_workbook(path: Path, rows: Iterable[Row], edits: Iterable[Change] | None) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - only for who asks for a workbook

    book = Workbook(write_only=True)
    widths = [_WIDE.get(name, 16) for name in COLUMNS]
    with closing(book.create_sheet(EXPORT["sheet"])) as sheet:
        _fill(sheet, headers(), widths, rows)
    if edits is not None:
        heads = [HEADERS[name] for name in ("row", "invoice_number", "column", "then", "now")]
        cells = ((edit.row, edit.invoice_number, edit.header, edit.then, edit.now) for edit in edits)
        with closing(book.create_sheet(EXPORT["edited"])) as sheet:
            _fill(sheet, heads, [16, 20, 24, 50, 50], cells)
    book.save(path)


def _fill(sheet: Any, heads: Sequence[str], widths: Sequence[int], rows: Iterable[Row]) -> None:  # noqa: ANN401 - openpyxl's write-only sheet has no type of its own
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as above
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"

    def shaped(value: Cell) -> object:
        """A cell, with a style where it needs one: others cost nothing."""
        if isinstance(value, str):
            text = clean(value)
            if not text.startswith(_LIKE_A_FORMULA):
                return text
            cell = WriteOnlyCell(sheet, text)
            cell.data_type, cell.quotePrefix = "s", True
            return cell
        if value is None or isinstance(value, int):
            return value
        cell = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]  # its stubs know neither decimals nor days
        cell.number_format = _FORMATS[type(value)]
        return cell

    bold = []
    for head in heads:
        cell = WriteOnlyCell(sheet, head)
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    count = 1
    for row in rows:
        sheet.append([shaped(cell) for cell in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{count}"


_FORMATS: Mapping[type, str] = {Decimal: "#,##0.00", date: "dd/mm/yyyy", datetime: "dd/mm/yyyy hh:mm:ss"}


def clean(text: str) -> str:
    """A text as any cell can hold it (rule 2)."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    wide = text.encode("utf-16-le")
    if len(wide) <= 2 * LONGEST:
        return text
    room = LONGEST - len(EXPORT["cut"]) - len(str(len(text)))
    kept = wide[: 2 * room].decode("utf-16-le", "ignore")  # half a character at the end is left out
    return kept + EXPORT["cut"].format(count=len(text) - len(kept))
