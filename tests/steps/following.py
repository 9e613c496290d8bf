"""Following up without a workbook: a journal of accepted deposits, and a platform of rows that counts its calls."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from chorus_xl.domain.invoice import Passage, PlatformInvoice
from chorus_xl.domain.lifecycle import Event
from chorus_xl.domain.records import Record
from chorus_xl.errors import ChorusXlError, InDoubtError
from chorus_xl.journal.store import SqlJournal, open_journal
from chorus_xl.steps.office import Office
from chorus_xl.steps.ports import Platform
from chorus_xl.steps.refresh import Followed, follow, read_histories
from tests.bench import EAU, SUPPLIER, Clock

SETTLING = 600.0
FIRST_ID = 9_100_001
NOON = datetime(2026, 11, 24, 12, 0)  # noqa: DTZ001 - the platform's clock is naive, Paris


def seen(index: int, status: str = "DEPOSEE", **changes: object) -> PlatformInvoice:
    """The platform's row of the index-th invoice."""
    deposited = date(2026, 11, 23)
    amount = Decimal("120.00")
    row = PlatformInvoice(
        FIRST_ID + index, f"F-{index}", SUPPLIER, EAU, "", date(2026, 11, 2), deposited, amount, status, NOON, ""
    )
    return replace(row, **changes)  # type: ignore[arg-type]  # as each test names them


@dataclass
class CountingPlatform:
    """What the platform shows, and every call that was made of it."""

    rows: dict[str, PlatformInvoice]
    histories: dict[int, tuple[Passage, ...]] = field(default_factory=dict)
    errors: dict[str, ChorusXlError] = field(default_factory=dict)  # by call, as ``calls`` spells it
    calls: list[str] = field(default_factory=list)
    hides_from_periods: set[str] = field(default_factory=set)

    def deposited_between(self, first: date, last: date) -> Iterator[PlatformInvoice]:
        shown = [
            row
            for number, row in self.rows.items()
            if number not in self.hides_from_periods and row.deposited_on and first <= row.deposited_on <= last
        ]
        for _ in range(max(1, -(-len(shown) // 100))):
            self._called("search")
        yield from shown

    def find(self, number: str) -> tuple[PlatformInvoice, ...]:
        self._called(f"find {number}")
        return (self.rows[number],) if number in self.rows else ()

    def history(self, chorus_invoice_id: int) -> tuple[Passage, ...]:
        self._called(f"history {chorus_invoice_id - FIRST_ID}")
        row = next((row for row in self.rows.values() if row.chorus_invoice_id == chorus_invoice_id), None)
        if row is None:
            raise InDoubtError("CX421", operation="historique")
        return self.histories.get(chorus_invoice_id, (Passage(row.chorus_status, row.status_since),))

    def _called(self, call: str) -> None:
        self.calls.append(call)
        if error := self.errors.get(call) or self.errors.get(call.split(maxsplit=1)[0]):
            raise error

    def change(self, index: int, status: str, at: datetime = NOON, **changes: object) -> None:
        """Move an invoice."""
        number = f"F-{index}"
        self.rows[number] = replace(self.rows[number], chorus_status=status, status_since=at, **changes)  # type: ignore[arg-type]  # as above


@dataclass
class Desk:
    """Presses of Actualiser, as far as the platform and the journal are concerned."""

    journal: SqlJournal
    platform: Any
    clock: Clock

    def press(self) -> tuple[Followed, frozenset[str]]:
        """What was not found, and whose history was not read."""
        office = Office(cast("Any", None), cast("Any", None), self.clock)
        platform = cast("Platform", self.platform)
        followed = follow(office, platform, self.journal, self.journal.records(), SETTLING)
        return followed, read_histories(office, platform, self.journal, self.journal.records(), followed.missing)

    def calls(self) -> list[str]:
        """The calls of one more press, in order."""
        self.platform.calls.clear()
        self.press()
        return list(self.platform.calls)

    def record(self, index: int) -> Record:
        return self.journal.records([f"F-{index}"])[f"F-{index}"]


def make_journal(folder: Path, clock: Clock) -> SqlJournal:
    return open_journal(
        f"sqlite:///{folder / 'journal.sqlite'}",
        environment="repetition",
        supplier_siret=SUPPLIER,
        now=clock,
        user="clerk",
        machine="pc",
    )


def know(journal: SqlJournal, index: int, deposited_on: date = date(2026, 11, 23), status: str = "DEPOSEE") -> None:
    """Write down that the index-th invoice was deposited."""
    details = {
        "chorus_invoice_id": str(FIRST_ID + index),
        "chorus_status": status,
        "deposited_on": deposited_on.isoformat(),
    }
    journal.record(f"F-{index}", Event.FIND, details)
