"""Rows that say more than this PC's journal knows: another PC's copy, an old backup put back, or typed over.

Rule 1: such a row is looked up before anything else is done with it, by Déposer and by Actualiser alike.
Rule 2: found and ours: the journal learns it. Found and not ours: contradicted. Not found: missed, so that only a
        second look-up, a settling delay later, sets the number free.
Rule 3: as long as no look-up has answered, the row keeps what it says, and does not leave.
Rule 4: a row that says it is deposited, or in doubt, or bears a reference of the platform, whose number the journal
        holds to be free, is looked up too: the journal may be an older one, put back, or the doubt or the deposit
        another PC's. Not found, it is what the journal says; it may leave with the press after.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.lifecycle import SENDABLE, Event, State
from chorus_xl.domain.records import Record
from chorus_xl.domain.statuses import DepositState
from chorus_xl.steps.judge import Desk
from chorus_xl.steps.ports import Journal, Platform
from chorus_xl.steps.reconcile import contradiction, is_unsure, note_found, recognise

_SAYS_MORE_THAN = {
    DepositState.DEPOSITED.value: SENDABLE - {State.NEW},
    # The doubt is another PC's. A number that was refused, or freed by look-ups, was doubted here too, and looked up.
    DepositState.IN_DOUBT.value: frozenset({State.NOT_SENT}),
}

_CLAIMS_NOTHING = frozenset({"", DepositState.TO_DEPOSIT.value, DepositState.REFUSED.value})


def claims(desk: Desk, records: Mapping[str, Record]) -> Iterator[tuple[int, str, str]]:
    """Index, number and words of each row that claims more than the journal has ever heard of."""
    batch = desk.batch
    for index, number in enumerate(batch.invoice_number.tolist()):
        claim = batch.chorus_reference[index] or batch.deposit_state[index]
        if number and claim not in _CLAIMS_NOTHING and not was_tried(records.get(number)):
            yield index, number, claim


def claims_of_deposit(desk: Desk, records: Mapping[str, Record]) -> Iterator[tuple[int, str, str]]:
    """Index, number and words of each row that says more than the journal, which holds its number to be free."""
    for index, number in enumerate(desk.batch.invoice_number.tolist()):
        record, reference = records.get(number), desk.batch.chorus_reference[index]
        claim = DepositState.DEPOSITED.value if reference else desk.batch.deposit_state[index]
        if record is not None and record.state in _SAYS_MORE_THAN.get(claim, ()) and not is_unsure(record):
            yield index, number, reference or claim


def was_tried(record: Record | None) -> bool:
    """Whether the journal knows of more than notes about this number."""
    return record is not None and record.state is not State.NEW


def look_up_claims(
    desk: Desk, platform: Platform, journal: Journal, records: Mapping[str, Record]
) -> dict[int, tuple[Finding, ...]]:
    """Look up every claim; what there is to say of each, by row. None of these rows leaves with this press.

    Raises:
        SetupError, PlatformError: what was not looked up stays a claim.
        JournalError: the journal cannot be written.
    """
    said: dict[int, tuple[Finding, ...]] = {}
    for index, number, claim in (*claims(desk, records), *claims_of_deposit(desk, records)):
        found = platform.find(number)
        content = identity(desk, index)
        ours = recognise(found, content)
        if ours is not None:
            note_found(journal, ours, content)
        elif found:
            journal.record(number, Event.CONTRADICT, contradiction(found[0], content))
        else:
            journal.record(number, Event.MISS, content)
        code = "CX407" if found else "CX130" if was_tried(records.get(number)) else "CX408"
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
        "invoice_type": batch.invoice_type[index],
    }


def identities(desk: Desk) -> dict[str, dict[str, str]]:
    """``identity`` of every row that has a number, by number."""
    numbers = desk.batch.invoice_number.tolist()
    return {number: identity(desk, index) for index, number in enumerate(numbers) if number}
