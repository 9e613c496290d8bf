"""A platform in memory on which a supplier can act, and an office whose acts can be cut off."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from chorus_xl.domain.invoice import Document, Outcome, Passage, PlatformInvoice, Result, Uploaded
from chorus_xl.errors import InDoubtError
from chorus_xl.steps.act import act
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.office import Report
from chorus_xl.steps.ports import Journal, Platform
from chorus_xl.steps.refresh import refresh
from tests.bench import Bench, ChorusInMemory, Fuse, Fused, make_bench

MORNING = datetime(2026, 11, 24, 8, 30, 12)  # noqa: DTZ001 - the platform's clock is naive, Paris


def agree(_: object) -> bool:
    """A clerk who says yes."""
    return True


@dataclass
class ActingChorus(ChorusInMemory):
    """As ``scripted`` for deposits, ``acts_scripted`` says what becomes of each act: ``do``, ``lose_after``,
    ``lose_before``, ``refuse``, ``not_sent``; each act that was done is in ``done``."""

    lives: dict[str, list[Passage]] = field(default_factory=dict)
    handled: set[str] = field(default_factory=set)
    acts_scripted: list[str] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    done: list[tuple[str, str]] = field(default_factory=list)
    completed_with: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    uploaded: list[Document] = field(default_factory=list)
    lags: bool = False  # what is done from now on is shown to nobody yet
    _stale: dict[str, tuple[list[Passage], bool]] = field(default_factory=dict)

    def move(self, number: str, status: str, comment: str = "") -> None:
        """What the buyer does."""
        life = self.lives.setdefault(number, [Passage("DEPOSEE", MORNING)])
        life.append(Passage(status, MORNING + timedelta(minutes=len(life)), comment))

    def upload(self, document: Document) -> Uploaded:
        self.uploaded.append(document)
        return Uploaded(document.name, 7)

    def history(self, chorus_invoice_id: int) -> tuple[Passage, ...]:
        if self.search_is_down:
            raise InDoubtError("CX402")
        return tuple(self._seen(self._number(chorus_invoice_id))[0])

    def _all(self) -> list[PlatformInvoice]:
        return [self._shown(seen) for seen in super()._all()]

    def _shown(self, seen: PlatformInvoice) -> PlatformInvoice:
        life, handled = self._seen(seen.invoice_number)
        now = life[-1]
        return PlatformInvoice(
            seen.chorus_invoice_id,
            seen.invoice_number,
            seen.supplier_siret,
            seen.recipient_siret,
            seen.service_code,
            seen.issue_date,
            seen.deposited_on,
            seen.total_with_vat,
            now.status,
            now.at,
            now.comment,
            handled,
        )

    def _seen(self, number: str) -> tuple[list[Passage], bool]:
        if self.lags and number in self._stale:
            return self._stale[number]
        return self.lives.get(number, [Passage("DEPOSEE", MORNING)]), number in self.handled

    def _number(self, chorus_invoice_id: int) -> str:
        return self.accepted[chorus_invoice_id - 9_000_001].invoice_number

    def _act(self, name: str, chorus_invoice_id: int, needs: str, not_after: datetime) -> Outcome:
        assert not_after > self.clock()
        number = self._number(chorus_invoice_id)
        self.calls.append((name, number))
        word = self.acts_scripted.pop(0) if self.acts_scripted else "do"
        if word == "not_sent":
            return Outcome(Result.NOT_SENT, "connect_error")
        may = self.lives[number][-1].status == needs
        if word == "refuse" or not may:
            return Outcome(Result.REFUSED, "refused", 200, 20002, "GDP_MSG_11.033")
        if word != "lose_before":
            self._stale[number] = (list(self.lives[number]), number in self.handled)
            self.done.append((name, number))
            if name == "acknowledge":
                self.handled.add(number)
            else:
                self.move(number, "COMPLETEE" if name == "complete" else "DEPOSEE")
        if word.startswith("lose"):
            return Outcome(Result.IN_DOUBT, "read_timeout")
        return Outcome(Result.ACCEPTED, "accepted", 200, 0, "GCU_MSG_01_000")

    def complete(
        self,
        chorus_invoice_id: int,
        attachments: Sequence[Uploaded],
        attachment_type: str,
        comment: str,
        *,
        not_after: datetime,
    ) -> Outcome:
        self.completed_with.append((tuple(attachment.name for attachment in attachments), comment))
        return self._act("complete", chorus_invoice_id, "SUSPENDUE", not_after)

    def acknowledge_rejection(self, chorus_invoice_id: int, *, not_after: datetime) -> Outcome:
        return self._act("acknowledge", chorus_invoice_id, "REJETEE", not_after)

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
        self.completed_with.append(((recipient_siret, service_code, engagement_number), comment))
        return self._act("recycle", chorus_invoice_id, "A_RECYCLER", not_after)


class ActingBench(Bench):
    """A bench whose fuse also cuts the effects of an act."""

    platform: ActingChorus

    @contextmanager
    def _journal(self, fuse: Fuse | None) -> Iterator[Journal]:
        with self.open_journal() as journal:
            effects = frozenset({"begin_act", "record_act", "note"})
            yield Fused(journal, fuse, effects) if fuse else journal  # type: ignore[misc]  # Fused answers for any port

    @contextmanager
    def _connect(self, fuse: Fuse | None) -> Iterator[Platform]:
        effects = frozenset({"upload", "complete", "acknowledge_rejection", "recycle"})
        yield Fused(self.platform, fuse, effects) if fuse else self.platform  # type: ignore[misc]  # the same


_TEMPLATES: dict[str, ActingBench] = {}
_KEPT = TemporaryDirectory()  # of the templates; making a world takes longer than living in it


def deposited(folder: Path, *rows: dict[str, object], scripted: Sequence[str] = (), **statuses: str) -> ActingBench:
    """A bench whose rows were deposited, and stand where the buyer put them (by number, ``_`` for ``-``)."""
    if any(folder.iterdir()):  # files that leave with the deposit
        return _made(folder, rows, scripted, statuses)
    key = repr((rows, scripted, statuses))
    if key not in _TEMPLATES:
        place = Path(_KEPT.name) / str(len(_TEMPLATES))
        place.mkdir()
        _TEMPLATES[key] = _made(place, rows, scripted, statuses)
    return copied(_TEMPLATES[key], folder)


def _made(
    folder: Path, rows: Sequence[dict[str, object]], scripted: Sequence[str], statuses: dict[str, str]
) -> ActingBench:
    made = make_bench(folder, *rows)
    bench = ActingBench(made.folder, made.clock, ActingChorus(made.clock), made.file)
    bench.platform.scripted = list(scripted)
    deposit(bench.office(), agree)
    for number, status in statuses.items():
        bench.platform.move(number.replace("_", "-"), status, "Motif du destinataire")
    press_refresh(bench)
    return bench


def copied(bench: ActingBench, folder: Path) -> ActingBench:
    """The same world once more, to be lived otherwise."""
    shutil.copytree(bench.folder, folder, dirs_exist_ok=True)
    platform = deepcopy(bench.platform)
    return ActingBench(folder, platform.clock, platform, folder / bench.file.name)


def press_refresh(bench: Bench) -> Report:
    """Actualiser."""
    return refresh(bench.office())


def press(bench: Bench, *numbers: str, **how: object) -> Report:
    """Agir, agreed to."""
    return act(bench.office(**how), agree, numbers or None)  # type: ignore[arg-type]  # how is office's own words


def codes(report: Report) -> list[str]:
    """The codes of what was found, row by row."""
    return [finding.code for row in report.rows for finding in row.findings]
