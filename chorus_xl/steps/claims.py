"""Rows that say they were sent, of which this PC's journal knows nothing: another PC's copy, or typed over.

Rule 1: such a row is looked up before anything else is done with it, by Déposer and by Actualiser alike.
Rule 2: found and ours: the journal learns it. Found and not ours: contradicted. Not found: missed, so that only a
        second look-up, a settling delay later, sets the number free.
Rule 3: as long as no look-up has answered, the row keeps what it says, and does not leave.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.lifecycle import Event
from chorus_xl.domain.records import Record
from chorus_xl.domain.statuses import DepositState
from chorus_xl.steps.judge import Desk
from chorus_xl.steps.ports import Journal, Platform
from chorus_xl.steps.reconcile import contradiction, note_found, recognise

_CLAIMS_NOTHING = frozenset({"", DepositState.TO_DEPOSIT.value, DepositState.REFUSED.value})


def claims(desk: Desk, records: Mapping[str, Record]) -> Iterator[tuple[int, str, str]]:
    """Index, number and words of each row that claims more than the journal has ever heard of."""
    batch = desk.batch
    for index, number in enumerate(batch.invoice_number.tolist()):
        claim = batch.chorus_reference[index] or batch.deposit_state[index]
        if number and number not in records and claim not in _CLAIMS_NOTHING:
            yield index, number, claim


def look_up_claims(
    desk: Desk, platform: Platform, journal: Journal, records: Mapping[str, Record]
) -> dict[int, tuple[Finding, ...]]:
    """Look up every claim; what there is to say of each, by row. None of these rows leaves with this press.

    Raises:
        SetupError, PlatformError: what was not looked up stays a claim.
        JournalError: the journal cannot be written.
    """
    said: dict[int, tuple[Finding, ...]] = {}
    for index, number, claim in claims(desk, records):
        found = platform.find(number)
        content = identity(desk, index)
        ours = recognise(found, content)
        if ours is not None:
            note_found(journal, ours, content)
        elif found:
            journal.record(number, Event.CONTRADICT, contradiction(found[0], content))
        else:
            journal.record(number, Event.MISS, content)
        code = "CX407" if found else "CX408"
        row = int(desk.batch.rows[index])
        said[row] = (Finding(code, Severity.WARNING, row, "deposit_state", {"number": number, "value": claim}),)
    return said


def identity(desk: Desk, index: int) -> dict[str, str]:
    """What tells a row's invoice from another under the same number, as text; blank where the row has none."""
    batch = desk.batch
    amounts, day = batch.total_with_vat, batch.issue_date[index]
    return {
        "supplier_siret": desk.around.supplier_siret,
        "recipient_siret": batch.recipient_siret[index],
        "issue_date": "" if np.isnat(day) else str(day),
        "total_with_vat": str(amounts.euros(index)) if amounts.present[index] else "",
    }


def identities(desk: Desk) -> dict[str, dict[str, str]]:
    """``identity`` of every row that has a number, by number."""
    numbers = desk.batch.invoice_number.tolist()
    return {number: identity(desk, index) for index, number in enumerate(numbers) if number}
