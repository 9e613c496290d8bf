"""What the steps need of the outside, as protocols; ``bootstrap`` hands out what fulfils them.

Rule 1: a port speaks domain types only: no path of an API, no cell address, no SQL.
Rule 2: each method says which exceptions of ``chorus_xl.errors`` it raises; it raises no other.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from chorus_xl.domain.acts import Act, ActEvent, ActState
from chorus_xl.domain.files import FileFacts
from chorus_xl.domain.invoice import (
    Document,
    Invoice,
    Outcome,
    Passage,
    PlatformInvoice,
    PublicBody,
    Uploaded,
)
from chorus_xl.domain.lifecycle import Event, State
from chorus_xl.domain.proof import Line, Pack
from chorus_xl.domain.records import Entry, Record
from chorus_xl.domain.sheets import Changes, Sheets, Written

Clock = Callable[[], datetime]
"""Now, aware, UTC."""

Progress = Callable[[int, int, str], None]
"""Told (done, total, French words) as work goes on."""


class Workbook(Protocol):
    """The clerk's workbook, open in Excel or closed on disk."""

    def read(self) -> Sheets:
        """All tables in one go.

        Raises:
            WorkbookError: the file or a table cannot be read as it stands.
        """

    def ensure_writable(self) -> None:
        """Find out before a deposit leaves whether its outcome could be written.

        Raises:
            WorkbookError: it is open elsewhere, or read-only.
        """

    def write(self, sheets: Sheets, changes: Changes) -> Written:
        """Write the program's cells, all or none of them.

        ``sheets`` is what the changes were worked out from: where the workbook has changed since, rows are found
        again by what identifies them, and those that cannot be are reported, not guessed.

        Raises:
            WorkbookError: nothing was written.
        """


class Documents(Protocol):
    """The files that the sheet names."""

    def look(self, reference: str, *, read_text: bool) -> FileFacts:
        """Facts of one file; never raises for what a clerk may have typed."""

    def load(self, reference: str) -> Document:
        """The file's bytes, fixed from here on.

        Raises:
            WorkbookError: the file is gone or unreadable by now.
        """

    def find(self, hashes: Collection[str]) -> dict[str, str]:
        """References of the files in the folder, and below it, that have these SHA-256, by hash; never raises."""


class Journal(Protocol):
    """What must never be forgotten, for one environment and one supplier."""

    def records(self, numbers: Iterable[str] | None = None) -> dict[str, Record]:
        """What is known, by number; all numbers when none are named.

        Raises:
            JournalError: it cannot be read, or its schema is newer than this program.
        """

    def intend(self, invoice_number: str, content: Mapping[str, str]) -> bool:
        """Commit the intent to deposit, before any byte leaves.

        Returns:
            False when another press took the number first, or its state forbids a deposit: nothing was written.

        Raises:
            JournalError: it cannot be written, so nothing may be sent.
        """

    def record(
        self, invoice_number: str, event: Event, details: Mapping[str, str], evidence: Mapping[str, str] | None = None
    ) -> State:
        """Commit what happened, and with it the exchange that shows it; the state it leads to.

        Raises:
            JournalError: it cannot be written.
        """

    def note_status(self, invoice_number: str, status: str, since: datetime | None, comment: str) -> bool:
        """Commit a status of the platform when it differs from the last one; whether it did."""

    def note_passages(self, invoice_number: str, passages: Sequence[Passage]) -> int:
        """Commit the lines of the platform's history that are new; how many were."""

    def note(self, invoice_number: str, event: str, details: Mapping[str, str]) -> None:
        """Commit something worth remembering that moves no state (a hand-typed status put back …)."""

    def note_all(self, notes: Sequence[tuple[str, str, Mapping[str, str]]]) -> None:
        """Commit many notes (number, event, details), all of them or none."""

    def begin_act(self, invoice_number: str, act: Act, occasion: str, content: Mapping[str, str]) -> bool:
        """Commit the intent to act on a deposited invoice, before any byte leaves.

        Returns:
            False when another press began it first, it is done, or another act is unsettled: nothing was written.

        Raises:
            JournalError: it cannot be written, so nothing may be sent.
        """

    def record_act(
        self,
        invoice_number: str,
        event: ActEvent,
        details: Mapping[str, str],
        evidence: Mapping[str, str] | None = None,
    ) -> ActState:
        """Commit what became of an act; the state it leads to.

        Raises:
            JournalError: it cannot be written.
        """

    def entries(self, numbers: Iterable[str] | None = None) -> Sequence[Entry]:
        """The journal's lines, oldest first."""

    def head(self) -> str:
        """The hash of the newest line, ``""`` when there is none."""

    def has_line(self, own_hash: str) -> bool:
        """Whether a line of the whole database has that hash, whoever's it is.

        Raises:
            JournalError: it cannot be read.
        """

    def lines(self) -> Iterator[Line]:
        """Every line of the whole database in full, oldest first, other environments and suppliers included.

        Raises:
            JournalError: it cannot be read.
        """


class Archive(Protocol):
    """The bytes that were sent, kept by their hash."""

    def keep(self, document: Document) -> None:
        """Keep a file, before it leaves; keeping it twice does no harm.

        Raises:
            JournalError: it cannot be kept, so nothing may be sent.
        """

    def fetch(self, sha256: str) -> bytes | None:
        """The bytes of that hash; ``None`` when they are not there, or no longer what they were."""


class Binder(Protocol):
    """Puts a proof together: it is there whole in the end, or not at all."""

    def add(self, path: str, content: bytes) -> None:
        """Add a file that was sent.

        Raises:
            WorkbookError: the place cannot be written to.
        """

    def bind(self, pack: Pack) -> None:
        """Add all that is said of the files, and finish.

        Raises:
            WorkbookError: as above.
        """


class Platform(Protocol):
    """Chorus Pro, for one supplier."""

    def supplier_id(self) -> int:
        """``idFournisseur`` of the supplier's own structure.

        Raises:
            SetupError: the technical account is not attached to that SIRET, or credentials are refused.
            PlatformError: no answer that can be used.
        """

    def password_expires_on(self) -> date | None:
        """The last day of the technical account's password; ``None`` when the platform does not say.

        Raises:
            SetupError, PlatformError: as above.
        """

    def public_body(self, siret: str, service_codes: Sequence[str] = ()) -> PublicBody | None:
        """What the directory says of a body; ``None`` when it does not know it.

        The named services are asked whether they require an engagement.

        Raises:
            SetupError: credentials are refused.
            PlatformError: no answer that can be used.
        """

    def upload(self, document: Document) -> Uploaded:
        """Hand over a file; safe to repeat.

        Raises:
            SetupError, PlatformError: as above; ``RefusedError`` holds the platform's word.
        """

    def deposit(
        self, invoice: Invoice, pdf: Uploaded, attachments: Sequence[Uploaded], *, not_after: datetime
    ) -> Outcome:
        """Deposit once, never repeated by itself; every end is an ``Outcome``, nothing is raised but our bugs.

        A call that could not start before ``not_after`` is not made: nothing was sent.
        """

    def find(self, invoice_number: str) -> tuple[PlatformInvoice, ...]:
        """All invoices of the supplier under exactly this number, over all pages.

        Raises:
            SetupError, PlatformError: as above; then nothing is known.
        """

    def deposited_between(self, first: date, last: date) -> Iterator[PlatformInvoice]:
        """All invoices of the supplier deposited in the period, both days included, page by page.

        Raises:
            SetupError, PlatformError: as above.
        """

    def history(self, chorus_invoice_id: int) -> tuple[Passage, ...]:
        """The platform's own history of an invoice, over all pages, oldest first.

        Raises:
            SetupError, PlatformError: as above; then nothing is known.
        """

    def complete(
        self,
        chorus_invoice_id: int,
        attachments: Sequence[Uploaded],
        attachment_type: str,
        comment: str,
        *,
        not_after: datetime,
    ) -> Outcome:
        """Give a suspended invoice what it lacks, once; like ``deposit``, every end is an ``Outcome``."""

    def acknowledge_rejection(self, chorus_invoice_id: int, *, not_after: datetime) -> Outcome:
        """Tell the platform that a rejection was seen, once; every end is an ``Outcome``."""

    def recycle(
        self,
        chorus_invoice_id: int,
        recipient_siret: str,
        service_code: str,
        engagement_number: str,
        comment: str,
        *,
        not_after: datetime,
    ) -> Outcome:
        """Send an invoice to another recipient, service or engagement under its number, once; as above."""
