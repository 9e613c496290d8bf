"""What a proof of deposits holds, and the sums that must agree in it; where its files stand is the adapter's.

Rule 1: an invoice is counted once, under the one ending that the journal's lines lead to.
Rule 2: what was prepared is counted from the newest intents, what was sent and what became of it from the state that
        all lines lead to, what the sheet says from its rows: readings that must agree in number and in amount.
Rule 3: amounts are in cents, with VAT; a credit note is deducted.
Rule 4: an invoice is where it was sent to last, and counts for what was deposited; an act moves no amount.
Rule 5: what is not there is listed with what is: a file without its bytes, a row that was never handed over, a row
        that says otherwise now, an invoice that left with these and whose row is gone.
Rule 6: a proof of a sheet is about its batches: one press of Déposer hands over one batch, and each intent bears its
        name, so that the journal shows later what belongs together, and another sheet's invoices do not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import zip_longest
from pathlib import PureWindowsPath
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chorus_xl.domain.acts import ActEvent, ActState
from chorus_xl.domain.canonical import parse
from chorus_xl.domain.columns import CREDIT_NOTE
from chorus_xl.domain.lifecycle import Event, State
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.records import ActRecord, Record
from chorus_xl.domain.sent import RECYCLED, as_sent

Line = Mapping[str, str | int]
"""One line of the journal in full, by column."""

Link = tuple[int, str, str]
"""What a line is in the chain: its sequence, the hash before it, its own."""

BATCH = "batch"
"""The member of an intent that names the press with which the invoice left; older journals lack it."""

_PARIS = ZoneInfo("Europe/Paris")
_NAMED = 10  # numbers in one sentence
_MOST_DIGITS = 15  # of an amount or a size: more is none, and would keep a computer busy


class Laws(NamedTuple):
    """What only others may say of a proof: the journal of its lines, this program of its words.

    Attributes:
        seal: the hash of a line.
        replay: the record of a number, from its lines; raises ``ValueError`` when they cannot follow each other.
        label: the French words of a status of the platform.
        program: name and version of who checks: a proof that it made itself is compared word by word.
    """

    seal: Callable[[Line], str]
    replay: Callable[[str, Sequence[Line]], Record]
    label: Callable[[str], str]
    program: str


class Ending(StrEnum):
    """What became of an invoice, as far as is known."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    CONTRADICTED = "contradicted"  # Chorus Pro holds another invoice under this number
    NOT_SENT = "not_sent"


_ENDINGS: Mapping[State, Ending] = {
    State.ACCEPTED: Ending.ACCEPTED,
    State.REFUSED: Ending.REFUSED,
    State.INTENDED: Ending.IN_DOUBT,
    State.IN_DOUBT: Ending.IN_DOUBT,
    State.MISSED: Ending.IN_DOUBT,
    State.CONTRADICTED: Ending.CONTRADICTED,
    State.NEW: Ending.NOT_SENT,
    State.NOT_SENT: Ending.NOT_SENT,
    State.FREE: Ending.NOT_SENT,
}


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that was sent with an invoice.

    Attributes:
        reference: as the row named it.
        sha256: as the journal kept it before the file left; ``""`` where an older journal did not.
        path: in the proof; ``""`` when its bytes were found nowhere.
    """

    reference: str
    sha256: str
    path: str = ""

    @property
    def name(self) -> str:
        """Its name without a path, however that was typed."""
        return PureWindowsPath(self.reference.strip().strip('"')).name


@dataclass(frozen=True, slots=True)
class Case:
    """All that is known of one invoice.

    Attributes:
        folder: its place in the proof, safe on every system.
        record: what its lines lead to.
        lines: all of them, oldest first.
        copies: the files that were sent, the PDF of the deposit that stands first.
    """

    number: str
    folder: str
    record: Record
    lines: tuple[Line, ...]
    copies: tuple[Copy, ...] = ()

    @property
    def ending(self) -> Ending:
        """What became of it; a refusal that may be the platform's verdict on our own earlier deposit is a doubt."""
        if self.record.state is State.REFUSED and self.record.details.get("look_again"):
            return Ending.IN_DOUBT
        return _ENDINGS[self.record.state]

    @property
    def said(self) -> Mapping[str, str]:
        """What was deposited; of an invoice that was only found on the platform, what it was recognised by."""
        return self.record.content or self.record.details

    @property
    def sent(self) -> Mapping[str, str]:
        """What the platform was told up to now: what was deposited, changed by each act that was done."""
        return as_sent(self.record) or self.record.details

    @property
    def left(self) -> Mapping[str, str]:
        """Of what recycling changes, what the deposit said; empty when the invoice is still where it was sent first."""
        first, now = self.said, self.sent
        moved = any(first.get(name, "") != now.get(name, "") for name in RECYCLED)
        return {name: first[name] for name in RECYCLED if first.get(name)} if moved else {}

    @property
    def acts(self) -> tuple[ActRecord, ...]:
        """What was done about it since, in that order."""
        return tuple(act for act in self.record.acts if act.state is ActState.DONE)

    @property
    def sizes(self) -> Mapping[str, int]:
        """Bytes of each file by its hash, as the lines hold them; older lines hold none."""
        files = (file for content in _intents(self.lines) for file in _files(content))
        return {sha256: int(size) for _, sha256, size in files if size.isdecimal() and len(size) < _MOST_DIGITS}

    @property
    def cents(self) -> int:
        """The amount of what was deposited."""
        return cents_of(self.said)

    @property
    def prepared(self) -> Mapping[str, str] | None:
        """What the newest intent said; of a number that was only found, what it was recognised by; else ``None``."""
        newest = newest_intent(self.lines)
        if newest:
            return newest
        return None if self.record.state is State.NEW else self.record.details

    @property
    def batch(self) -> str:
        """The batch with which it was last handed over; ``""`` where the journal does not say."""
        return newest_intent(self.lines).get(BATCH, "")

    @property
    def missing(self) -> tuple[Copy, ...]:
        """The files whose bytes are not in the proof."""
        return tuple(copy for copy in self.copies if not copy.path)


@dataclass(frozen=True, slots=True)
class Sum:
    """How many invoices, and what they come to."""

    count: int = 0
    cents: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.count + other.count, self.cents + other.cents)


@dataclass(frozen=True, slots=True)
class Totals:
    """The control totals: sheet = prepared + unpresented, prepared = sent + not sent, and sent = the four endings.

    Attributes:
        sheet: the rows of the sheet; ``None`` where the proof is not about a sheet.
        unpresented: those of them that were never handed over for deposit.
    """

    prepared: Sum = Sum()
    sent: Sum = Sum()
    accepted: Sum = Sum()
    refused: Sum = Sum()
    in_doubt: Sum = Sum()
    contradicted: Sum = Sum()
    not_sent: Sum = Sum()
    sheet: Sum | None = None
    unpresented: Sum = Sum()

    @property
    def hold(self) -> bool:
        """Whether all of them agree, in number and in amount."""
        return (
            (self.sheet is None or self.sheet == self.prepared + self.unpresented)
            and self.prepared == self.sent + self.not_sent
            and self.sent == self.accepted + self.refused + self.in_doubt + self.contradicted
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that says now what was not deposited."""

    number: str
    column: str  # attribute of ``domain.columns``
    deposited: str
    now: str


@dataclass(frozen=True, slots=True)
class Period:
    """Which invoices a proof is about; nothing named is the sheet's.

    Attributes:
        since: first day, in Paris, on which the deposit was intended; ``until`` is the last; ``None`` has no end.
        numbers: only these.
    """

    since: date | None = None
    until: date | None = None
    numbers: tuple[str, ...] = ()

    @property
    def is_of_the_journal(self) -> bool:
        """Whether all of the journal is looked through, and not the sheet's rows alone."""
        return self.since is not None or self.until is not None

    @property
    def is_of_the_sheet(self) -> bool:
        """Whether it is about the rows of a sheet, and the batches with which they left."""
        return not (self.is_of_the_journal or self.numbers)

    def holds(self, record: Record) -> bool:
        """Whether a record was handed over for deposit, on a day of the period, and is not left out by its number."""
        if record.state is State.NEW or (self.numbers and record.invoice_number not in self.numbers):
            return False
        day = day_of(record)
        if not self.is_of_the_journal or day is None:
            return not self.is_of_the_journal
        return (self.since or date.min) <= day <= (self.until or date.max)


@dataclass(frozen=True, slots=True)
class Pack:
    """A proof, before it is written.

    Attributes:
        made_at: aware, UTC.
        program: name and version.
        chain: of the whole journal, other environments and suppliers included; its last link is the head.
        labels: the French words of each status of the platform that is named.
        sheet: what the rows of the sheet come to; ``None`` where the proof is not about a sheet.
        unpresented: the rows that were never handed over for deposit, and what each comes to, in cents.
        differences: rows that were changed since they left.
        off_sheet: of a sheet, the numbers that left with its batches and that it does not hold any more; ``None`` in a
            proof that an older program made, which did not look.
    """

    environment: Environment
    supplier_siret: str
    made_at: datetime
    made_by: str
    machine: str
    program: str
    period: Period
    cases: tuple[Case, ...]
    chain: tuple[Link, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    sheet: Sum | None = None
    unpresented: tuple[tuple[str, int], ...] = ()
    differences: tuple[Difference, ...] = ()
    off_sheet: tuple[str, ...] | None = ()

    @property
    def batches(self) -> frozenset[str]:
        """The batches that a proof of a sheet is about; none in any other."""
        named = {case.batch for case in self.cases} if self.period.is_of_the_sheet else set()
        return frozenset(named - {""})

    @property
    def head(self) -> tuple[int, str]:
        """Sequence and hash of the journal's newest line; ``(0, "")`` when there is none."""
        return (self.chain[-1][0], self.chain[-1][2]) if self.chain else (0, "")

    @property
    def missing(self) -> tuple[tuple[str, Copy], ...]:
        """Number and file, of each file without its bytes."""
        return tuple((case.number, copy) for case in self.cases for copy in case.missing)

    @property
    def statuses_read_at(self) -> str:
        """When the newest status was heard, ISO, UTC; ``""`` when none was."""
        return max((heard_at(case) for case in self.cases), default="")


def totals(cases: Iterable[Case], sheet: Sum | None = None, unpresented: Iterable[int] = ()) -> Totals:
    """The control totals; ``unpresented`` are the amounts of the sheet's rows that never were."""
    sums: dict[str, Sum] = {}
    for case in cases:
        counted = [(case.ending.value, case.cents)]
        if case.prepared is not None:
            counted.append(("prepared", cents_of(case.prepared)))
        if case.ending is not Ending.NOT_SENT:
            counted.append(("sent", case.cents))
        for name, cents in counted:
            sums[name] = sums.get(name, Sum()) + Sum(1, cents)
    left = list(unpresented)
    return Totals(**sums, sheet=sheet, unpresented=Sum(len(left), sum(left)))


def cents_of(content: Mapping[str, str]) -> int:
    """The amount with VAT, a credit note deducted; 0 where none was said."""
    try:
        euros = Decimal(content.get("total_with_vat") or "0")
        amount = int(euros.scaleb(2)) if euros.adjusted() < _MOST_DIGITS else 0
    except (InvalidOperation, ValueError, OverflowError):
        return 0
    return -amount if content.get("invoice_type") == CREDIT_NOTE else amount


def counted(numbers: Sequence[str]) -> dict[str, str]:
    """How many numbers, and the first of them, as a message names them."""
    named = ", ".join(numbers[:_NAMED]) + (", …" if len(numbers) > _NAMED else "")
    return {"count": str(len(numbers)), "numbers": named}


def newest_intent(lines: Iterable[Line]) -> dict[str, str]:
    """What the newest intent among these lines said; empty when there is none."""
    newest = ""
    for line in lines:
        if line["event"] == Event.INTEND:
            newest = str(line["payload"])
    return parse(newest) if newest else {}


def day_of(record: Record) -> date | None:
    """The day, in Paris, on which the deposit was last intended, or else found; ``None`` when neither was."""
    moment = record.intended_at or record.changed_at
    return moment.astimezone(_PARIS).date() if moment else None


_HEARD = frozenset({"status", "passage", Event.ACCEPT.value, Event.FIND.value})


def heard_at(case: Case) -> str:
    """When the journal last learnt where the invoice stands on the platform, ISO, UTC; ``""`` when never."""
    return max((str(line["at"]) for line in case.lines if line["event"] in _HEARD), default="")


def copies_of(lines: Sequence[Line]) -> tuple[Copy, ...]:
    """The files that left with any attempt of an invoice, or with an act on it; the newest deposit's PDF first.

    Raises:
        ValueError: a line does not hold what the journal writes.
    """
    copies: dict[str, Copy] = {}
    for content in _intents(lines):
        for reference, sha256, _ in _files(content):
            if reference or sha256:  # an older journal did not keep the hash of an attachment: known by its name
                copies.setdefault(sha256 or f"? {reference}", Copy(reference, sha256))
    return tuple(copies.values())


def _intents(lines: Sequence[Line]) -> Iterator[Mapping[str, str]]:
    """What was to leave: with each deposit, the newest first, then with each act."""
    yield from (parse(str(line["payload"])) for line in reversed(lines) if line["event"] == Event.INTEND)
    yield from (parse(str(line["payload"])) for line in lines if line["event"] == ActEvent.INTEND)


def _files(content: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Reference, hash and size of each file of an intent, as text; the PDF of a deposit first."""
    yield content.get("pdf_file", ""), content.get("pdf_sha256", ""), content.get("pdf_size", "")
    lists = (content.get(f"attachments{each}", "").split(";") for each in ("", "_sha256", "_size"))
    yield from zip_longest(*lists, fillvalue="")
