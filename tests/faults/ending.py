"""What must be true of every line of a sheet once all faults are mended and enough was pressed."""

from collections.abc import Mapping
from typing import Any

from chorus_xl.domain.acts import REPLACEMENT, Act, ActState
from chorus_xl.domain.findings import Verdict
from chorus_xl.domain.lifecycle import State
from chorus_xl.domain.records import Record
from chorus_xl.domain.statuses import DepositState
from chorus_xl.steps.office import RowReport
from tests.faults.sheet import Book, Row

DEPOSITED, REFUSED, IN_DOUBT = (
    state.value for state in (DepositState.DEPOSITED, DepositState.REFUSED, DepositState.IN_DOUBT)
)


def is_settled(line: Row | None) -> bool:
    """Whether another press would change nothing."""
    if line is None or line.cells["verdict"] == Verdict.CORRECT.value:
        return True
    return line.cells["deposit_state"] in (DEPOSITED, REFUSED)


def stuck(line: Row, records: Mapping[str, Record], held: Mapping[str, Mapping[str, Any]], gone: set[str]) -> str:
    """What is wrong with a line; ``""`` when it is deposited once, or says why it is not.

    Args:
        line: of the sheet.
        records: of the journal that the last presses kept.
        held: what the platform holds, by number.
        gone: what somebody had taken off the platform.
    """
    cells = line.cells
    number, state = str(cells["invoice_number"]), cells["deposit_state"]
    says_why = bool(cells["reason"] and cells["next_action"])
    wrong = ""
    if all(cell is None for cell in cells.values()):
        pass
    elif cells["verdict"] == Verdict.CORRECT.value:
        wrong = "" if cells["findings"] else "is to be corrected and nothing says why"
    elif state == DEPOSITED:
        wrong = "" if number in held or number in gone else "is shown as deposited, and nobody holds it"
    elif state not in (REFUSED, IN_DOUBT):
        wrong = f"is never sent, and stands as {state}"
    elif not says_why:
        wrong = f"stands as {state} without a sentence"
    elif state == REFUSED and _is_held(cells, held.get(number)):
        wrong = "is shown as refused, and the platform holds it"
    elif state == IN_DOUBT and records[number].state is not State.CONTRADICTED:
        wrong = f"stays {records[number].state} for ever"
    return wrong and f"{number} {wrong}"


def _is_held(cells: Mapping[str, object], held: Mapping[str, Any] | None) -> bool:
    """Whether what the platform holds is the invoice of this line."""
    return held is not None and (held["buyer_siret"], held["issued_on"], held["with_vat"]) == (
        cells["recipient_siret"],
        str(cells["issue_date"]),
        cells["total_with_vat"],
    )


def idle(row: RowReport, records: Mapping[str, Record], waiting: Mapping[str, Mapping[str, Any]]) -> str:
    """What is wrong with a line after Agir; ``""`` when nothing waits any more, or it says why it does.

    Args:
        row: as the last press of Agir tells of it.
        records: of the journal that this press kept.
        waiting: what the platform waits for the supplier to act on, by number.
    """
    record, held = records.get(row.invoice_number), waiting.get(row.invoice_number)
    if record is None or held is None or record.state is not State.ACCEPTED or row.findings:
        return ""
    if str(held["id"]) != record.details.get("chorus_invoice_id"):
        return ""  # ours was taken off, and a stranger deposited another under its number: Actualiser misses ours
    return f"{row.invoice_number} waits as {held['status']}, and Agir says nothing of it"


def unsettled(records: Mapping[str, Record], gone: set[str]) -> list[str]:
    """The acts that are neither done nor free, by number; of what is gone from the platform, nothing can be known."""
    return [
        f"the act on {number} stays {record.unsettled_act.state} for ever"
        for number, record in records.items()
        if record.unsettled_act is not None and number not in gone
    ]


def unprepared(copy: Book, records: Mapping[str, Record]) -> list[str]:
    """The rejections that were acknowledged and have no line for the new invoice."""
    numbers = [str(row.cells["invoice_number"]) for row in copy.rows if row]
    return [
        f"{number} was acknowledged, and nothing takes its place"
        for number in numbers
        if (record := records.get(number)) is not None
        and any(act.act is Act.ACKNOWLEDGE and act.state is ActState.DONE for act in record.acts)
        and REPLACEMENT not in record.notes
    ]
