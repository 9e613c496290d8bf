"""What a step works with, and what it hands back.

Rule 1: an ``Office`` holds ports, never adapters; ``bootstrap`` furnishes it, tests furnish their own.
Rule 2: the environment and the supplier are known only once the sheet is read, hence ``surroundings``.
Rule 3: a ``Report`` says what happened in values; it holds no sentence and decides no exit code.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.late import Due
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.sheets import CellValue, Written
from chorus_xl.domain.supplier import Parameters
from chorus_xl.domain.texts import euros
from chorus_xl.errors import ChorusXlError
from chorus_xl.steps.ports import Archive, Clock, Documents, Journal, Platform, Progress, Workbook

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What settings and the sheet's parameters decide together.

    Attributes:
        settling_delay: seconds after a fruitless look-up before a second one may free a number.
        longest_call: seconds that one call may be under way, on this PC or another.
        concurrency: how many deposits may be under way together.
        archive: keeps the bytes that leave; ``None`` where nothing ever leaves (tests).
        user: who presses, as the operating system says.
        machine: and on which PC.
        second_look: who prepares a batch may not release it.
        warnings: what the clerk is to know about this PC, told by every press.
    """

    environment: Environment
    supplier_siret: str
    documents: Documents
    open_journal: Callable[[], AbstractContextManager[Journal]]
    connect: Callable[[], AbstractContextManager[Platform]]
    settling_delay: float
    longest_call: float
    concurrency: int = 1
    archive: Archive | None = None
    user: str = "?"
    machine: str = "?"
    second_look: bool = False
    warnings: tuple[Finding, ...] = ()


def silent(done: int, total: int, words: str) -> None:
    """Progress that nobody watches."""


def never() -> bool:
    """Nobody asks to stop."""
    return False


@dataclass(frozen=True, slots=True)
class Office:
    """A workbook on the desk and the means to work on it.

    Attributes:
        stop: whether the clerk asked to stop; what is under way is finished first.
    """

    workbook: Workbook
    surroundings: Callable[[Parameters], Surroundings]
    now: Clock
    progress: Progress = silent
    stop: Callable[[], bool] = never

    def today(self) -> date:
        """The day in Paris, whatever the PC's own time zone."""
        return self.now().astimezone(PARIS).date()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deposit is about to send, for the clerk's consent; credit notes are deducted.

    Attributes:
        directory_reached: whether the directory could be asked what the recipients require.
    """

    environment: Environment
    count: int
    total_with_vat: Decimal
    directory_reached: bool = True

    @property
    def total(self) -> str:
        """The sum as the clerk writes it."""
        return euros(int(self.total_with_vat.scaleb(2)))


@dataclass(frozen=True, slots=True)
class RowReport:
    """One row after a step: what the sheet says of it now, and what was found."""

    row: int
    invoice_number: str
    values: Mapping[str, CellValue]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Press:
    """One press that opened the journal, and what the journal's newest line was when it ended.

    Attributes:
        head: that line's hash; ``""`` for a journal without a line.
    """

    command: str
    at: datetime
    user: str
    machine: str
    environment: Environment
    supplier_siret: str
    head: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a step did.

    Attributes:
        counts: by stable English name, in the order to be told.
        notices: findings that concern the workbook rather than a row of ``tblFactures``.
        in_doubt: deposits that are uncertain when the step ends, on this sheet or off it.
        not_sent: rows whose last deposit did not leave, or was turned away at the door.
        stopped: what cut the step short, after something worth telling was already done.
        late: invoices that are not paid in time, or were not, the latest first.
        press: ``None`` for a step that leaves the journal alone.
    """

    command: str
    environment: Environment | None
    rows: tuple[RowReport, ...]
    counts: Mapping[str, int | str]
    written: Written = field(default_factory=lambda: Written(0))
    notices: tuple[Finding, ...] = ()
    in_doubt: int = 0
    not_sent: int = 0
    stopped: ChorusXlError | None = None
    late: tuple[Due, ...] = ()
    press: Press | None = None

    @property
    def needs_the_clerk(self) -> bool:
        """Whether a row, or the workbook, waits for a gesture."""
        findings = (*self.notices, *(finding for row in self.rows for finding in row.findings))
        return any(finding.severity is Severity.ERROR for finding in findings)
