"""One world of a script: PCs, copies of the workbook, the platform, one time for all; and what must hold of it.

Rule 1: the steps, the client, the journal on SQLite and the stand-in are the real ones; the workbook, the documents and
        the socket are in memory.
Rule 2: PCs 1 and 2 keep one journal between them; PC 3 is a stranger with a journal of its own. A lost home folder
        leaves an empty journal.
Rule 3: a press that dies does nothing more, whichever of its threads would: each effect asks first whether it lives.
Rule 4: ``tests.invariant`` holds after each action. At the end of a script, with all faults mended and enough presses,
        every line is deposited once, or stands with a sentence, every act is done or free, and what waits for one says
        why: nothing is silently stuck.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from sqlalchemy import Engine

from chorus_xl import simulator
from chorus_xl.chorus.client import ChorusClient, Credentials, Endpoints
from chorus_xl.chorus.exchange import FIRST_BYTE
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.sheets import Sheets
from chorus_xl.domain.supplier import Parameters
from chorus_xl.errors import BugError, ChorusXlError
from chorus_xl.journal import engine
from chorus_xl.journal.store import SqlJournal, open_journal
from chorus_xl.secret import Secret
from chorus_xl.simulator.operations import operation_of
from chorus_xl.steps.act import act
from chorus_xl.steps.check_budgets import check_budgets
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.fill import fill
from chorus_xl.steps.office import Office, Report, Surroundings
from chorus_xl.steps.ports import Journal, Platform, Workbook
from chorus_xl.steps.refresh import refresh
from chorus_xl.steps.validate import validate
from tests.bench import EAU, PowerCutError, row
from tests.crash.late import LateJournal
from tests.faults import actions
from tests.faults.deeds import DEEDS
from tests.faults.ending import idle, is_settled, stuck, unprepared, unsettled
from tests.faults.gestures import ACTS, Caller
from tests.faults.line import Line
from tests.faults.papers import Documents
from tests.faults.sheet import Book, rows_of, sheets_of
from tests.invariant import Watch

# Where files cost no disk, on systems that have such a place: power cuts are the subject of ``tests/crash``.
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
_PLACE = tempfile.TemporaryDirectory(prefix="chorus-xl-", dir=_MEMORY if _MEMORY.is_dir() else None)
Finalize(None, _PLACE.cleanup, exitpriority=1)  # workers of a pool end without the usual clearing up
_FOLDER = Path(_PLACE.name)  # of one world after the other
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SETTLING, LONGEST_CALL = 600.0, 420.0
_SHARED, _STRANGE = "journal", "stranger"
_WHERE = Endpoints("http://127.0.0.1:8080", "http://127.0.0.1:8080")
_WHO = Credentials(
    simulator.CLIENT_ID,
    Secret(simulator.CLIENT_SECRET),
    simulator.TECH_LOGIN,
    Secret(simulator.TECH_PASSWORD),
)
_READS = frozenset({"records", "entries", "head", "verify"})  # of a journal; whatever else it does, it commits
_BUDGETS = {"Grand Belfort – Eau": EAU, "Belfort – Budget principal": "21900010600019"}
_ROUNDS = 4  # presses that suffice to settle whatever can be settled

STEPS: Mapping[str, Callable[[Office], Report]] = {
    "deposit": lambda office: deposit(office, lambda _: True),
    "refresh": refresh,
    "act": lambda office: act(office, lambda _: True),
    "validate": validate,
    "fill": fill,
    "budgets": lambda office: check_budgets(office, accept=False),
}


@dataclass
class Time:
    """The world's own."""

    moment: datetime = START

    def pass_(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Pc:
    """A clerk's machine: which journal it keeps, and how far its clock is off."""

    journal: str
    off: float = 0.0


@dataclass
class Counts:
    """What a script came to."""

    scripts: int = 0
    presses: int = 0
    faults: int = 0
    submissions: int = 0
    acceptances: int = 0
    acts: int = 0
    violations: list[str] = field(default_factory=list)


@dataclass
class Life:
    """One press under way, and what is to happen at one of its effects."""

    world: "World"
    effect: actions.Effect | None
    count: int = 0
    is_over: bool = False

    def do(self, on: str, act: Callable[[], Any], *, late: Callable[[], object] = lambda: None) -> Any:  # noqa: ANN401
        """An effect; ``late`` does it when nobody is there any more to hear of it."""
        if self.is_over:
            raise PowerCutError
        if self.effect is None or on != self.effect.on:
            return act()
        self.count += 1
        if self.count != self.effect.nth:
            return act()
        if self.effect.how in ("meanwhile", "asleep"):
            for seconds in (LONGEST_CALL + 1, SETTLING + 1) if self.effect.how == "asleep" else (0.0,):
                self.world.time.pass_(seconds)
                self.world.do(self.effect.meanwhile)  # type: ignore[arg-type]  # an action, as ``actions`` makes it
            return act()
        self.is_over = True
        self.world.counts.faults += 1
        if self.effect.how == "late":
            late()
        if self.effect.how == "after":
            act()
        raise PowerCutError


class Mortal:
    """Any port: its methods are effects, those that only read apart."""

    def __init__(self, port: object, life: Life, reads: frozenset[str]) -> None:
        self._port, self._life, self._reads = port, life, reads

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the port has
        method = getattr(self._port, name)
        if name in self._reads:
            return method
        return lambda *words, **named: self._life.do(name, lambda: method(*words, **named))


class Wire(httpx.BaseTransport):
    """The way of one press to the platform."""

    def __init__(self, line: Line, life: Life, caller: Caller, meant: Callable[[], Mapping[str, str]]) -> None:
        self._line, self._life, self._caller, self._meant = line, life, caller, meant

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        operation, caller = operation_of(request.url.path) or "", self._caller
        if operation in ACTS:
            caller = replace(caller, meant=self._meant())

        def call() -> httpx.Response:
            request.extensions["trace"](FIRST_BYTE, {})  # as the real transport does
            return self._line.call(request, caller)

        answer: httpx.Response = self._life.do(
            operation,
            call,
            late=lambda: self._line.send_late(request, caller, 300),
        )
        return answer


def _in_memory(book: Book, _: Path) -> Workbook:
    return book


class World:
    """Does actions, and looks after each that the invariant holds.

    Args:
        order: ``right``, or ``late``: the intent is committed after the call, to show that it would be seen.
        workbook: what a press works on, from a copy and a folder for files.
    """

    def __init__(self, order: str = "right", workbook: Callable[[Book, Path], Workbook] = _in_memory) -> None:
        self._workbook = workbook
        self.time = Time()
        self.line = Line(self.time)
        self.documents = Documents()
        self.counts = Counts(scripts=1)
        self._order = order
        self._journals: dict[str, Engine] = {}
        self._watch = Watch()
        template = _template()
        self.copies = [Book(template, [*rows_of(template.invoices)], rows_of(template.budgets)) for _ in range(2)]
        self.good = rows_of(template.invoices)[0]
        self.pcs = {1: Pc(_SHARED), 2: Pc(_SHARED), 3: Pc(_STRANGE)}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.line.state.close()
        for journal in self._journals.values():
            journal.dispose()
        for path in _FOLDER.iterdir():
            path.unlink()

    def run(self, script: list[actions.Action]) -> Counts:
        """The script, then presses to the end; stops at the first violation."""
        for action in script:
            self.do(action)
            if isinstance(action, actions.Press) and (self._look() or self.counts.violations):
                break
        else:
            self._press_to_the_end()
        if not self.counts.violations:
            self._look(on_disk=True)
        record = self.line.record()
        self.counts.faults += self.line.struck + self.line.desk.struck
        self.counts.submissions = len(record["submissions"])
        self.counts.acts = sum(1 for each in record["acts"] if each["return_code"] == 0 and not each["by_hand"])
        self.counts.acceptances = sum(1 for each in record["submissions"] if each["return_code"] == 0)
        return self.counts

    def do(self, action: actions.Action) -> None:
        """One action."""
        if isinstance(action, actions.Press):
            self.press(action)
        else:
            DEEDS[type(action)](self, action)

    def press(self, action: actions.Press) -> Report | None:
        """A button; what it reports, ``None`` when it died or said why it cannot."""
        self.counts.presses += 1
        life = Life(self, action.effect)
        try:
            return STEPS[action.step](self._office(life, self.pcs[action.pc], self.copies[action.copy]))
        except PowerCutError:
            return None
        except BugError as error:
            self.counts.violations.append(f"our bug: {error}")
            return None
        except ChorusXlError:
            return None
        except Exception as error:  # noqa: BLE001 - told as a violation, whatever it is
            self.counts.violations.append(f"a press crashed: {error!r}")
            return None

    def _office(self, life: Life, pc: Pc, copy: Book) -> Office:
        def now() -> datetime:
            return self.time.moment + timedelta(seconds=pc.off)

        caller = Caller(pc.journal, copy.claimed(), self.time.moment)

        def meant() -> dict[str, str]:
            records = self._journal(pc.journal, now).records()
            acts = {number: record.unsettled_act for number, record in records.items()}
            return {number: under_way.occasion for number, under_way in acts.items() if under_way is not None}

        @contextmanager
        def keep() -> Iterator[Journal]:
            yield Mortal(self._journal(pc.journal, now), life, _READS)

        @contextmanager
        def connect() -> Iterator[Platform]:
            with ChorusClient(
                _WHERE,
                _WHO,
                supplier_siret=simulator.SUPPLIER_SIRET,
                now=now,
                sleep=self.time.pass_,
                call_interval=0,
                timeout=60,
                transport=Wire(self.line, life, caller, meant),
            ) as client:
                yield client

        def surroundings(parameters: Parameters) -> Surroundings:
            return Surroundings(
                Environment.REHEARSAL,
                parameters.supplier_siret,
                self.documents,
                keep,
                connect,
                settling_delay=SETTLING,
                longest_call=LONGEST_CALL,
            )

        workbook = Mortal(self._workbook(copy, _FOLDER), life, frozenset({"read", "ensure_writable"}))
        return Office(workbook, surroundings, now)

    def new_home(self) -> str:
        """The name of a journal that does not exist yet."""
        return f"home {len(self._journals)}"

    def _journal(self, name: str, now: Callable[[], datetime]) -> SqlJournal:
        if name not in self._journals:
            (_FOLDER / f"{name}.sqlite").write_bytes(_empty_journal())
            self._journals[name] = _engine(name)
        kind = SqlJournal if self._order == "right" else LateJournal
        return kind(
            self._journals[name],
            environment="repetition",
            supplier_siret=simulator.SUPPLIER_SIRET,
            now=now,
            user="clerk",
            machine="pc",
        )

    def _look(self, *, on_disk: bool = False) -> bool:
        """Whether something is wrong; it is written down."""
        found = self._watch.look(
            self.line.record(),
            {name: self._journal(name, lambda: self.time.moment) for name in self._journals},
            sheets=[copy.said() for copy in self.copies],
            folders=[_FOLDER] if on_disk else [],
            tokens=self.line.tokens(),
            made=[copy.made() for copy in self.copies],
            overwritten=[problem for copy in self.copies for problem in copy.overwritten],
        )
        self.counts.violations += found
        return bool(found)

    def _press_to_the_end(self) -> None:
        """All faults mended, all clocks right; a clerk presses until nothing changes."""
        self.line.mend()
        self.documents.missing.clear()
        for pc in self.pcs.values():
            pc.off = 0
        for number, copy in enumerate(self.copies):
            copy.is_open_elsewhere = False
            if number and copy.version == copy.first_version:
                continue  # nobody has ever worked on it
            for _ in range(_ROUNDS):
                self.time.pass_(SETTLING + 1)
                report = self.press(actions.Press("deposit", 1, number))
                if all(map(is_settled, copy.rows)):
                    break
            if self._look():
                return
            if report is None or report.stopped is not None:
                self.counts.violations.append(f"with all mended, Déposer ends in {report and report.stopped}")
            self._act_to_the_end(number, copy)
            records = self._journal(self.pcs[1].journal, lambda: self.time.moment).records()
            held, gone = self.line.held(), self.line.struck_out
            problems = (stuck(line, records, held, gone) for line in copy.rows if line)
            self.counts.violations += filter(None, problems)

    def _act_to_the_end(self, number: int, copy: Book) -> None:
        """Where something waits for Agir, it is pressed until nothing changes, then Déposer for the new lines."""
        journal = self._journal(self.pcs[1].journal, lambda: self.time.moment)
        gone = self.line.struck_out
        if not self.line.gestures.waiting() and not unsettled(journal.records(), gone):
            return
        for _ in range(_ROUNDS):
            self.time.pass_(SETTLING + 1)
            report = self.press(actions.Press("act", 1, number))
            if report is None or report.stopped is not None:
                self.counts.violations.append(f"with all mended, Agir ends in {report and report.stopped}")
                return
            records, waiting = journal.records(), self.line.gestures.waiting()
            left = [*unsettled(records, gone), *unprepared(copy, records)]
            left += filter(None, (idle(row, records, waiting) for row in report.rows))
            if not left:
                break
        self.counts.violations += left
        if any(row and row.made is not None and row.cells["verdict"] is None for row in copy.rows):
            self.press(actions.Press("deposit", 1, number))


def run(
    script: list[actions.Action],
    order: str = "right",
    workbook: Callable[[Book, Path], Workbook] = _in_memory,
) -> Counts:
    """A script in a world of its own."""
    with World(order, workbook) as world:
        return world.run(script)


@cache
def _template() -> Sheets:
    """A filled sheet of two good lines."""
    lines = [row(number, recipient_siret=EAU, service_code="FACTURES_HORS_MARCHE") for number in actions.NUMBERS]
    budgets = [
        {
            "label": label,
            "body": label,
            "siret": siret,
            "service_under_contract": "FACTURES_SUR_MARCHE",
            "service_outside_contract": "FACTURES_HORS_MARCHE",
        }
        for label, siret in _BUDGETS.items()
    ]
    return sheets_of(lines, budgets, {"supplier_siret": simulator.SUPPLIER_SIRET})


@cache
def _engine(name: str) -> Engine:
    """The way to a journal file; kept from world to world, since it keeps what it has learnt of our statements."""
    return engine.connect(f"sqlite:///{_FOLDER / name}.sqlite")


@cache
def _empty_journal() -> bytes:
    """A journal with its schema and no line."""
    path = _FOLDER / "empty.sqlite"
    open_journal(
        f"sqlite:///{path}",
        environment="repetition",
        supplier_siret=simulator.SUPPLIER_SIRET,
        now=lambda: START,
        user="clerk",
        machine="pc",
    ).close()
    return path.read_bytes()
