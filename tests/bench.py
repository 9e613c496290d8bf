"""An office for tests: a real workbook and a real journal, a Chorus Pro in memory, a clock that is set by hand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from fpdf import FPDF
from python_calamine import load_workbook

from chorus_xl.build import Content, build_workbook
from chorus_xl.domain.columns import TABLES
from chorus_xl.domain.invoice import (
    Document,
    Invoice,
    Outcome,
    Passage,
    PlatformInvoice,
    PublicBody,
    Result,
    Service,
    Uploaded,
)
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.sheets import CellValue, Changes, Sheets, TableChange, Written
from chorus_xl.errors import ChorusXlError, InDoubtError
from chorus_xl.journal.store import SqlJournal, open_journal
from chorus_xl.steps.fill import fill
from chorus_xl.steps.office import Office, Surroundings
from chorus_xl.steps.ports import Journal, Platform
from chorus_xl.workbook.closed import ClosedWorkbook
from chorus_xl.workbook.documents import FolderDocuments
from tests.invariant import PlatformRecord, Watch

SUPPLIER = "00000000000018"
EAU, PRINCIPAL = "20006905200096", "20006905200013"
ABSENT = "absent.pdf"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """Time moves when told to."""

    moment: datetime = START

    def __call__(self) -> datetime:
        return self.moment

    def pass_(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class ChorusInMemory:
    """A platform that keeps what it accepts, and does what ``scripted`` says at each deposit, in order.

    ``scripted`` holds words: ``accept``, ``lose_after`` (accepted, the answer is lost), ``lose_before`` (not
    accepted, the answer is lost), ``refuse``, ``not_sent``. When it runs out, deposits are accepted.
    """

    clock: Clock
    scripted: list[str] = field(default_factory=list)
    accepted: list[Invoice] = field(default_factory=list)
    deposits_tried: int = 0
    directory_is_down: bool = False
    search_is_down: bool = False
    hidden: set[str] = field(default_factory=set)  # numbers that the search does not show yet
    refusal: str = "Le code service est obligatoire"
    status: str = "DEPOSEE"
    since: datetime = datetime(2026, 11, 24, 8, 30, 12, 777_000)  # noqa: DTZ001 - the platform's clock is naive, Paris
    comment: str = ""
    rejection_handled: bool = False
    histories: dict[int, tuple[Passage, ...]] = field(default_factory=dict)  # where it is not the status alone
    history_error: ChorusXlError | None = None

    def supplier_id(self) -> int:
        return 1

    def password_expires_on(self) -> date | None:
        return None

    def public_body(self, siret: str, service_codes: Sequence[str] = ()) -> PublicBody | None:
        if self.directory_is_down:
            raise InDoubtError("CX402")
        services = {code: Service(code, code, is_active=True) for code in service_codes}
        return PublicBody(siret, "COMMUNE FICTIVE", services=services)

    def upload(self, document: Document) -> Uploaded:
        return Uploaded(document.name, 7)

    def deposit(
        self, invoice: Invoice, pdf: Uploaded, attachments: Sequence[Uploaded], *, not_after: datetime
    ) -> Outcome:
        assert not_after > self.clock()
        self.deposits_tried += 1
        word = self.scripted.pop(0) if self.scripted else "accept"
        if word == "not_sent":
            return Outcome(Result.NOT_SENT, "connect_error")
        if word == "refuse":
            return Outcome(Result.REFUSED, "refused", 200, 20013, self.refusal)
        duplicate = any(known.invoice_number == invoice.invoice_number for known in self.accepted)
        if word != "lose_before" and not duplicate:
            self.accepted.append(invoice)
        if word.startswith("lose"):
            return Outcome(Result.IN_DOUBT, "read_timeout")
        if duplicate:
            return Outcome(Result.REFUSED, "refused", 200, 20099, "Doublon")
        return Outcome(
            Result.ACCEPTED,
            "accepted",
            200,
            0,
            "GCU_MSG_01_000",
            9_000_000 + len(self.accepted),
            "DEPOSEE",
            self.clock().date(),
        )

    def find(self, invoice_number: str) -> tuple[PlatformInvoice, ...]:
        if self.search_is_down:
            raise InDoubtError("CX402")
        return tuple(seen for seen in self._all() if seen.invoice_number == invoice_number)

    def deposited_between(self, first: date, last: date) -> Iterator[PlatformInvoice]:
        if self.search_is_down:
            raise InDoubtError("CX402")
        yield from self._all()

    def history(self, chorus_invoice_id: int) -> tuple[Passage, ...]:
        if self.history_error is not None:
            raise self.history_error
        now = Passage(self.status, self.since.replace(second=0, microsecond=0), self.comment)
        return self.histories.get(chorus_invoice_id, (now,))

    def _all(self) -> list[PlatformInvoice]:
        return [
            PlatformInvoice(
                9_000_001 + index,
                invoice.invoice_number,
                invoice.supplier_siret,
                invoice.recipient_siret,
                invoice.service_code,
                invoice.issue_date,
                START.date(),
                invoice.total_with_vat,
                self.status,
                self.since,
                self.comment,
                self.rejection_handled,
            )
            for index, invoice in enumerate(self.accepted)
            if invoice.invoice_number not in self.hidden
        ]


class PowerCutError(BaseException):
    """Nothing catches this: the process is gone."""


def cut_power() -> None:
    """End it here."""
    raise PowerCutError


class Fuse:
    """Dies at the n-th effect, before it or after it: a power cut that can be repeated."""

    def __init__(self, at: int | None = None, *, after: bool = False, die: Callable[[], None] = cut_power) -> None:
        self.at, self.after, self.die, self.count = at, after, die, 0

    def effect(self, act: Callable[[], object]) -> object:
        self.count += 1
        blown = self.count == self.at
        if blown and not self.after:
            self.die()
        result = act()
        if blown:
            self.die()
        return result


class Fused:
    """Any port, its named methods behind a fuse."""

    def __init__(self, port: object, fuse: Fuse, names: frozenset[str]) -> None:
        self._port, self._fuse, self._names = port, fuse, names

    def __getattr__(self, name: str) -> object:
        method = getattr(self._port, name)
        if name not in self._names:
            return method
        return lambda *args, **kwargs: self._fuse.effect(lambda: method(*args, **kwargs))


@dataclass
class Bench:
    """A workbook file, its journal and its platform, and offices over them."""

    folder: Path
    clock: Clock
    platform: ChorusInMemory
    file: Path

    def office(self, *, fuse: Fuse | None = None, file: Path | None = None, stop: bool = False) -> Office:
        path = file or self.file
        workbook: object = ClosedWorkbook(path, backups=None, today=lambda: self.clock().date())
        if fuse:
            workbook = Fused(workbook, fuse, frozenset({"write"}))
        return Office(
            workbook,  # type: ignore[arg-type]  # Fused answers for any port
            lambda parameters: Surroundings(
                Environment.REHEARSAL,
                parameters.supplier_siret,
                FolderDocuments(path.parent),
                lambda: self._journal(fuse),
                lambda: self._connect(fuse),
                settling_delay=600,
                longest_call=420,
                concurrency=1 if fuse else 4,
            ),
            self.clock,
            stop=lambda: stop,
        )

    @contextmanager
    def _journal(self, fuse: Fuse | None) -> Iterator[Journal]:
        with self.open_journal() as journal:
            yield Fused(journal, fuse, frozenset({"intend", "record"})) if fuse else journal  # type: ignore[misc]

    @contextmanager
    def _connect(self, fuse: Fuse | None) -> Iterator[Platform]:
        yield Fused(self.platform, fuse, frozenset({"upload", "deposit"})) if fuse else self.platform  # type: ignore[misc]

    def open_journal(self) -> AbstractContextManager[SqlJournal]:
        return open_journal(
            f"sqlite:///{self.folder / 'journal.sqlite'}",
            environment="repetition",
            supplier_siret=SUPPLIER,
            now=self.clock,
            user="clerk",
            machine="pc",
        )

    def sheets(self, file: Path | None = None) -> Sheets:
        return ClosedWorkbook(file or self.file, backups=None, today=lambda: self.clock().date()).read()

    def column(self, attribute: str, file: Path | None = None) -> list[object]:
        """The cells of one column of ``tblFactures``, as they stand in the file now."""
        return list(self.sheets(file).invoices.frame[attribute])

    def table(self, name: str) -> dict[str, list[object]]:
        """Any table of the file, read by another reader, its columns by attribute."""
        spec = next(spec for spec in TABLES if spec.name == name)
        rows = load_workbook(self.file, load_tables=True).get_table_by_name(name).to_python()
        return {column.attribute: [line[place] for line in rows] for place, column in enumerate(spec.columns)}

    def type_into(self, attribute: str, values: Sequence[CellValue]) -> Written:
        """What a hand does: cells of any column, top to bottom."""
        workbook = ClosedWorkbook(self.file, backups=None, today=lambda: self.clock().date())
        sheets = workbook.read()
        rows = [int(row) for row in sheets.invoices.rows]
        change = TableChange("tblFactures", rows, {attribute: list(values)})
        return workbook.write(sheets, Changes((change,)))

    def check_invariant(self) -> None:
        """What ``tests.invariant`` says of every world holds of this one."""
        held = [{"supplier": each.supplier_siret, "number": each.invoice_number} for each in self.platform.accepted]
        record: PlatformRecord = {"acceptances": held, "submissions": []}
        with self.open_journal() as journal:
            # A platform in memory gives out no token and knows no secret.
            assert Watch().look(record, {"journal": journal}, folders=(), sheets=[self.sheets()]) == []


def row(number: str, **changes: object) -> dict[str, object]:
    """A good row of ``tblFactures``; name what differs."""
    good: dict[str, object] = {
        "budget": "Grand Belfort – Eau",
        "contract_scope": "Hors marché",
        "invoice_number": number,
        "issue_date": date(2026, 11, 2),
        "invoice_type": "Facture",
        "total_without_vat": 100.0,
        "vat_rate": 0.2,
        "total_vat": 20.0,
        "total_with_vat": 120.0,
        "engagement_number": "BC-1",
        "pdf_file": f"{number}.pdf",
    }
    return good | changes


def make_bench(folder: Path, *rows: Mapping[str, object]) -> Bench:
    """A bench whose workbook holds these rows, already filled."""
    clock = Clock()
    file = folder / "ChorusInvoices.xlsm"
    build_workbook(file, Content(invoices=rows, parameters={"supplier_siret": SUPPLIER}, spare_rows=2))
    for number, name in {str(line["invoice_number"]): str(line["pdf_file"]) for line in rows}.items():
        if name != ABSENT:
            write_pdf(folder / name, number)
    bench = Bench(folder, clock, ChorusInMemory(clock), file)
    fill(bench.office())
    return bench


def write_pdf(path: Path, number: str) -> None:
    """A small real PDF that says no more than its number."""
    pdf = FPDF()
    pdf.set_creation_date(START)
    pdf.set_font("helvetica")
    pdf.add_page()
    pdf.cell(text=f"Facture {number}")
    path.write_bytes(bytes(pdf.output()))
