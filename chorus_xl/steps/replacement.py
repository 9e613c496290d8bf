"""The new row that takes the place of a rejected one: the clerk's cells under a new number, never prepared twice.

Rule 1: the number is fixed in the journal with the intent to acknowledge, so that a press killed half-way prepares the
        same row at the next one; a row that says whom it replaces, or bears that number, is recognised. For a
        rejection that was acknowledged on the portal, the number is proposed when the row is.
Rule 2: date and PDF are left blank: they are those of a new invoice, which bears the new number. Contrôler asks for
        them.
Rule 3: the row is known as prepared only once it stands on the sheet.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from re import sub

from chorus_xl.domain.acts import REPLACEMENT, Act, ActState, read_occasion
from chorus_xl.domain.columns import INVOICES, Writer
from chorus_xl.domain.lifecycle import State
from chorus_xl.domain.records import ActRecord, Record
from chorus_xl.domain.rules.identity import LONGEST_COMMENT, LONGEST_NUMBER
from chorus_xl.domain.sheets import CellValue, NewLine
from chorus_xl.domain.texts import day
from chorus_xl.messages.acts import replaces
from chorus_xl.steps.judge import Desk
from chorus_xl.steps.show import is_handled, occasion

_LEFT_BLANK = ("issue_date", "pdf_file")


@dataclass(frozen=True, slots=True)
class Replacement:
    """A row to prepare.

    Attributes:
        row: of the rejected invoice.
        number: of the rejected invoice.
        new_number: proposed; the clerk may give another.
        standing: the row on which it stands already.
    """

    row: int
    number: str
    new_number: str
    line: NewLine
    standing: int | None = None


def propose(number: str, taken: Iterable[str]) -> str:
    """A number of the same characters for the invoice that replaces this one.

    >>> propose("FA-2026-0042", []), propose("FA-2026-0042-R1", []), propose("12345678901234567890", [])
    ('FA-2026-0042-R1', 'FA-2026-0042-R2', '12345678901234567-R1')
    """
    folded = {other.casefold() for other in taken}
    stem, times = sub(r"-R\d+$", "", number), 1
    while True:
        suffix = f"-R{times}"
        proposed = stem[: LONGEST_NUMBER - len(suffix)] + suffix
        if proposed != number and proposed.casefold() not in folded:
            return proposed
        times += 1


def taken_numbers(desk: Desk, records: Mapping[str, Record], number: str) -> set[str]:
    """Numbers that stand on the sheet or in the journal, or were proposed for another invoice than that one."""
    others = (record for other, record in records.items() if other != number)
    proposed = {act.content.get(REPLACEMENT, "") for record in others for act in record.acts}
    return {*desk.batch.invoice_number.tolist(), *records, *proposed}


def to_prepare(desk: Desk, records: Mapping[str, Record]) -> Iterator[Replacement]:
    """The rows still to be prepared for rejections that were acknowledged, from here or on the portal."""
    proposed: set[str] = set()
    for index, number in enumerate(desk.batch.invoice_number.tolist()):
        record = records.get(number)
        if record is None or record.state is not State.ACCEPTED or REPLACEMENT in record.notes:
            continue
        act = _acknowledged(record)
        if act is None and not is_handled(record):
            continue
        new_number = act.content.get(REPLACEMENT) if act else None
        new_number = new_number or propose(number, taken_numbers(desk, records, number) | proposed)
        proposed.add(new_number)
        standing = _standing(desk, number, new_number)
        line = NewLine(INVOICES.name, _cells(desk, index, new_number, act.occasion if act else occasion(record)))
        yield Replacement(int(desk.batch.rows[index]), number, new_number, line, standing)


def _acknowledged(record: Record) -> ActRecord | None:
    done = [act for act in record.acts if act.act is Act.ACKNOWLEDGE and act.state is ActState.DONE]
    return done[-1] if done else None


def _standing(desk: Desk, number: str, new_number: str) -> int | None:
    """The row of the sheet that replaces that invoice already."""
    batch, mention = desk.batch, replaces(number)
    lines = zip(batch.rows.tolist(), batch.invoice_number.tolist(), batch.comment.tolist(), strict=True)
    return next((row for row, own, comment in lines if own == new_number or mention in comment), None)


def _cells(desk: Desk, index: int, new_number: str, answered: str) -> dict[str, CellValue]:
    number = desk.batch.invoice_number[index]
    _, since = read_occasion(answered)
    said = f"{replaces(number)} le {day(since)}." if since else f"{replaces(number)}."
    before = desk.batch.comment[index]
    whole = f"{said} {before}".strip()
    cells = {
        column.attribute: _copied(desk.sheets.invoices.cells(column.attribute)[index])
        for column in INVOICES.written_by(Writer.CLERK)
        if column.attribute not in _LEFT_BLANK
    }
    return {**cells, "invoice_number": new_number, "comment": whole if len(whole) <= LONGEST_COMMENT else said}


def _copied(cell: object) -> CellValue:
    """A cell as it stands; what Excel itself shows as broken is left to be typed."""
    return cell if isinstance(cell, str | int | float | date | datetime) else None
