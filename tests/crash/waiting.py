"""Three invoices that wait for Agir, one for each act; what its worlds must show in the end.

Rule 1: F-1 is suspended, and a file and a comment are typed for it; F-2 is rejected; F-3 has another budget to go to.
Rule 2: each invoice has one occasion, of which the first call for it tells. Whatever the platform says by then, a
        second call was meant for the same one.
Rule 3: each act must have reached the platform once and been done; the journal and each row of the sheet must say so,
        with one row in the place of the rejected one.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from chorus_xl import bootstrap
from chorus_xl.domain.acts import ActState
from chorus_xl.domain.columns import INVOICES, Writer
from chorus_xl.domain.records import Record
from chorus_xl.domain.sheets import CellValue, Changes, Sheets, TableChange
from chorus_xl.messages.acts import replaces
from chorus_xl.workbook.closed import ClosedWorkbook
from tests.bench import EAU, PRINCIPAL, write_pdf
from tests.faults.gestures import OPERATIONS, as_meant

STATUSES: Mapping[str, str] = {"F-1": "SUSPENDUE", "F-2": "REJETEE", "F-3": "A_RECYCLER"}
"""What the buyer puts on each."""

ANSWERS: Mapping[str, Mapping[str, CellValue]] = {
    "F-1": {"attachments": "bon.pdf", "comment": "Bon de commande joint"},
    "F-3": {"budget": "Grand Belfort – Budget principal"},
}
"""What the clerk types about them."""

_SHOWN: Mapping[str, tuple[str, str, str]] = {  # status, recipient, and what is left to be done
    "F-1": ("Complétée (COMPLETEE)", EAU, ""),
    "F-2": ("Rejetée (REJETEE)", EAU, "CX382"),
    "F-3": ("Déposée (DEPOSEE)", PRINCIPAL, ""),
}
_SUCCESSOR = ("F-2", "F-2-R1")
_CLERKS = [column.attribute for column in INVOICES.columns if column.writer is Writer.CLERK]

Cells = Mapping[str, Mapping[str, object]]
"""By number, the cells that are the clerk's."""


def read(file: Path) -> Sheets:
    """A closed workbook."""
    return _closed(file).read()


def type_in(file: Path, cells: Mapping[str, Mapping[str, CellValue]] = ANSWERS) -> None:
    """A clerk's hand: into each row, by its number."""
    write_pdf(file.with_name("bon.pdf"), "Bon")
    sheets = read(file)
    rows = dict(zip(sheets.invoices.cells("invoice_number"), map(int, sheets.invoices.rows), strict=True))
    changes = (
        TableChange(INVOICES.name, [rows[number]], {name: [value] for name, value in own.items()})
        for number, own in cells.items()
    )
    _closed(file).write(sheets, Changes(tuple(changes)))


def typed(sheets: Sheets) -> Cells:
    """What the clerk has typed so far."""
    numbers = sheets.invoices.cells("invoice_number")
    columns = {name: sheets.invoices.cells(name) for name in _CLERKS}
    return {str(number): {name: columns[name][at] for name in _CLERKS} for at, number in enumerate(numbers)}


def overwritten(before: Cells, sheets: Sheets) -> list[str]:
    """The cells that the program changed, nobody having typed since."""
    now = typed(sheets)
    return [
        f"{name} of {number} was written over"
        for number, cells in before.items()
        for name, cell in cells.items()
        if now.get(number, {}).get(name) != cell
    ]


def made(sheets: Sheets) -> list[tuple[str, str]]:
    """The rows that the program made: whom each replaces, and its own number."""
    rows = zip(sheets.invoices.cells("invoice_number"), sheets.invoices.cells("comment"), strict=True)
    return [
        (replaced, str(number))
        for number, comment in rows
        for replaced in STATUSES
        if replaces(replaced) in str(comment or "")
    ]


def meant(acts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The platform's record of acts, each with what it was meant for."""
    occasions: dict[str, str] = {}
    return [{**act, "meant": occasions.setdefault(act["number"], as_meant(act["occasion"]))} for act in acts]


def undone(acts: Sequence[Mapping[str, Any]], records: Mapping[str, Record], sheets: Sheets) -> Iterator[str]:
    """What is missing of the end, by the platform's record of acts, by the journal and by the sheet."""
    calls = Counter((act["number"], act["operation"], act["return_code"]) for act in acts)
    wanted = {(number, OPERATIONS[status].rpartition("/")[2], 0): 1 for number, status in STATUSES.items()}
    for number, operation, code in dict.fromkeys([*wanted, *calls]):
        if calls[number, operation, code] != wanted.get((number, operation, code), 0):
            yield f"{operation} on {number} was answered with {code} {calls[number, operation, code]} times"
    for number in STATUSES:
        if [act.state for act in records[number].acts] != [ActState.DONE]:
            yield f"the journal's acts on {number} are {records[number].acts}"
    if made(sheets) != [_SUCCESSOR]:
        yield f"the rows that replace another are {made(sheets)}"
    columns = (sheets.invoices.cells(name) for name in ("invoice_number", "chorus_status", "recipient_siret"))
    for number, status, recipient, next_action in zip(*columns, sheets.invoices.cells("next_action"), strict=True):
        if number in _SHOWN:
            wanted_status, wanted_recipient, code = _SHOWN[str(number)]
            said = str(next_action or "")
            if (status, recipient) != (wanted_status, wanted_recipient) or bool(said) != bool(code) or code not in said:
                yield f"the sheet says of {number}: {status}, {recipient}, {said!r}"


def _closed(file: Path) -> ClosedWorkbook:
    return ClosedWorkbook(file, backups=None, today=lambda: bootstrap.now().date())
