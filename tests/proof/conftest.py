"""A month on the real stand-in, and its proof: accepted, refused, in doubt, and a row that never left."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from chorus_xl import simulator
from chorus_xl.archive import FolderArchive
from chorus_xl.chorus.client import ChorusClient, Credentials, Endpoints
from chorus_xl.domain.invoice import Invoice, Outcome, Uploaded
from chorus_xl.domain.proof import Laws, Period
from chorus_xl.domain.supplier import Parameters
from chorus_xl.journal.chain import seal
from chorus_xl.journal.replay import replay
from chorus_xl.proof import ProofBinder
from chorus_xl.secret import Secret
from chorus_xl.simulator.faults import FaultRule, FaultScript
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.office import Office, Report, Surroundings
from chorus_xl.steps.ports import Platform
from chorus_xl.steps.prove import prove
from chorus_xl.steps.refresh import refresh
from chorus_xl.steps.show import meaning
from tests.bench import ABSENT, SUPPLIER, Bench, make_bench, row, write_pdf

LAWS = Laws(seal, replay, lambda status: meaning(status).label, "chorus-xl test")
AMOUNTS = {"total_without_vat": 200.0, "total_vat": 40.0, "total_with_vat": 240.0}


@dataclass
class Month:
    """A bench, its archive, and what a clerk does with it."""

    bench: Bench
    archive: FolderArchive | None

    def office(self, **changes: object) -> Office:
        office = self.bench.office()

        def surroundings(parameters: Parameters) -> Surroundings:
            around = replace(office.surroundings(parameters), archive=self.archive, user="clerk", machine="pc")
            return replace(around, **changes)  # type: ignore[arg-type]  # as the test says

        return replace(office, surroundings=surroundings)

    def prove(self, path: Path, period: Period | None = None) -> Report:
        with ProofBinder(path) as binder:
            return prove(self.office(), period or Period(), binder, LAWS)


class ClosedSince(ChorusClient):
    """The platform as it is when the service of ``F-2`` was closed after the directory was asked."""

    def __init__(self, client: ChorusClient) -> None:
        self.__dict__ = client.__dict__

    def deposit(
        self, invoice: Invoice, pdf: Uploaded, attachments: Sequence[Uploaded], *, not_after: datetime
    ) -> Outcome:
        if invoice.invoice_number == "F-2":
            invoice = replace(invoice, service_code="FERME")
        return super().deposit(invoice, pdf, attachments, not_after=not_after)


def deposited(folder: Path, *rows: dict[str, object], scripted: tuple[str, ...] = (), archived: bool = True) -> Month:
    """A month on a platform in memory, deposited in the order of its rows."""
    folder.mkdir(exist_ok=True)
    bench = make_bench(folder, *rows)
    bench.platform.scripted = list(scripted)
    month = Month(bench, FolderArchive(folder / "home" / "archive") if archived else None)
    deposit(month.office(concurrency=1), lambda _: True)
    return month


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Month, Path]:
    """The month of all endings, over real HTTP, and its proof; not to be changed."""
    folder = tmp_path_factory.mktemp("proof")
    write_pdf(folder / "bon.pdf", "bon de livraison")
    bench = make_bench(
        folder,
        row("F-1", **AMOUNTS),
        row("F-2"),
        row("F-3"),
        row("A/4+b", invoice_type="Avoir", original_invoice_number="F-1", pdf_file="avoir.pdf", attachments="bon.pdf"),
        row("F-5", pdf_file=ABSENT),
    )
    month = Month(bench, FolderArchive(folder / "home" / "archive"))
    faults = FaultScript((FaultRule(on="factures/v1/soumettre", do="die_before", nth=3),))
    with simulator.Server(faults=faults, now=bench.clock, supplier_siret=SUPPLIER) as server:

        @contextmanager
        def connect() -> Iterator[Platform]:
            account = Credentials(
                simulator.CLIENT_ID,
                Secret(simulator.CLIENT_SECRET),
                simulator.TECH_LOGIN,
                Secret(simulator.TECH_PASSWORD),
            )
            with ChorusClient(
                Endpoints(server.token_url, server.url),
                account,
                supplier_siret=SUPPLIER,
                now=bench.clock,
                sleep=lambda _: None,
                call_interval=0.0,
                timeout=10.0,
            ) as client:
                yield ClosedSince(client)

        office = month.office(connect=connect, concurrency=1)
        deposit(office, lambda _: True)
        server.let_time_pass(3)
        bench.clock.pass_(
            601
        )  # the search has had its time: what was refused is, what was lost is looked up again later
        refresh(office)
    path = folder / "Preuve"
    month.prove(path)
    return month, path


@pytest.fixture
def proof(played: tuple[Month, Path], tmp_path: Path) -> Path:
    """A copy of that proof, to be spoilt."""
    return shutil.copytree(played[1], tmp_path / "Preuve")
