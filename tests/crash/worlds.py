"""Worlds in which a press is really killed, at one effect, before it or after it; then pressed again to the end.

Rule 1: a world is a button, an effect and a moment; there is one for each effect that a whole press has.
Rule 2: the batch is three invoices, one with an attachment. Before Actualiser is killed, two are deposited, the answer
        for the third was lost, and the platform has moved them on. Before Agir is, all three wait for it (``waiting``).
Rule 3: the stand-in answers over real HTTP from a process that outlives the killed one; ``tests.invariant`` is asked
        right after the death, and after each press that follows.
"""

import json
import shutil
import signal
import sqlite3
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from chorus_xl import bootstrap, simulator
from chorus_xl.build import Content, build_workbook
from chorus_xl.domain.statuses import DepositState
from chorus_xl.journal.store import SqlJournal, open_journal
from chorus_xl.settings import load
from chorus_xl.steps.fill import fill
from tests.bench import row, write_pdf
from tests.crash import waiting
from tests.crash.child import Asked, Ended
from tests.crash.pressing import children, variables
from tests.invariant import Watch
from tests.leaks import tokens_given_out

NUMBERS = ("F-1", "F-2", "F-3")
BUTTONS = ("deposit", "refresh", "act")
WHEN = ("before", "after")
_GOES_ON = {"deposit": ("deposit", "refresh"), "refresh": ("deposit", "refresh"), "act": ("act", "refresh")}
_LATER = (0, 500, 1_200)  # at once; when no call can be under way any more; a settling delay after that
_NAME = "ChorusInvoices.xlsm"
_PLATFORM = "platform.sqlite"  # a file, so that its tokens can be searched for


class World(NamedTuple):
    """Where a press dies."""

    button: str
    at: int
    effect: str
    when: str

    def __str__(self) -> str:
        return f"{self.button}, {self.when} effect {self.at} ({self.effect})"


@dataclass
class Counts:
    """What the worlds came to."""

    worlds: int = 0
    submissions: int = 0
    acceptances: int = 0
    acts: int = 0
    violations: dict[str, list[str]] = field(default_factory=dict)  # by world


def run_worlds(order: str = "right", *, workers: int = 2, buttons: Sequence[str] = BUTTONS) -> Counts:
    """Every world of these buttons, once."""
    with stage() as one:
        worlds = [world for button in buttons for world in one.worlds(button, order)]
    shares = [worlds[first::workers] for first in range(workers)]
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        total = Counts()
        for counts in pool.map(partial(_run_share, order), shares):
            total.worlds += counts.worlds
            total.submissions += counts.submissions
            total.acceptances += counts.acceptances
            total.acts += counts.acts
            total.violations |= counts.violations
    return total


def _run_share(order: str, worlds: Sequence[World]) -> Counts:
    counts = Counts()
    with stage() as place:
        for world in worlds:
            if violations := place.run(world, order):
                counts.violations[str(world)] = violations
            record = place.record()
            counts.worlds += 1
            counts.submissions += len(record["submissions"])
            counts.acceptances += len(record["acceptances"])
            counts.acts += len(record["acts"])
    return counts


@dataclass
class Stage:
    """A platform, a workbook and a home folder, made anew for each world."""

    folder: Path
    template: Path
    server: simulator.Server
    ask: Callable[[Asked], Ended]
    _typed: waiting.Cells = field(default_factory=dict)  # how the clerk left the sheet

    @property
    def file(self) -> Path:
        return self.folder / "world" / _NAME

    def worlds(self, button: str, order: str = "right") -> list[World]:
        """One for each effect of a whole press, and each moment."""
        self.begin(button)
        effects = self.press(button, order=order).effects
        return [World(button, at, name, when) for at, name in enumerate(effects, start=1) for when in WHEN]

    def run(self, world: World, order: str) -> list[str]:
        """Die there, press to the end, and say what was violated."""
        self.begin(world.button)
        watch = Watch()
        ended = self.press(world.button, world.at, world.when, order)
        violations = [] if ended.status == -signal.SIGKILL else [f"it did not die, but ended with {ended.status}"]
        violations += self.look(watch)
        for later, button in product(_LATER, _GOES_ON[world.button]):
            self.press(button, order=order, later=later)
            violations += self.look(watch)
            if not self.missing(world.button):
                break
        return list(dict.fromkeys([*violations, *self.missing(world.button)]))

    def begin(self, button: str) -> None:
        """As it stands before that button is pressed."""
        home, kept = self.file.parent, self.folder / "waiting"
        is_kept = button == "act" and kept.exists()
        self._lever("reset")
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(kept if is_kept else self.template, home)
        if is_kept:
            _copy_state(kept.with_suffix(".sqlite"), self.folder / _PLATFORM)
        elif button == "refresh":
            self._lever("fault", {"on": "factures/v1/soumettre", "nth": len(NUMBERS), "do": "die_after"})
            self.press("deposit")
            self._lever("faults/clear")
            self._lever("advance", {"steps": 2})
        elif button == "act":
            self.press("deposit")
            for number, status in waiting.STATUSES.items():
                self._lever("status", {"number": number, "status": status, "comment": "Motif du destinataire"})
            self.press("refresh")
            waiting.type_in(self.file)
            shutil.copytree(home, kept)
            _copy_state(self.folder / _PLATFORM, kept.with_suffix(".sqlite"))
        self._typed = waiting.typed(waiting.read(self.file))

    def press(self, button: str, at: int = 0, when: str = "before", order: str = "right", later: float = 0) -> Ended:
        """The command, in a process of its own."""
        words = [button, str(self.file), "--json", *([] if button == "refresh" else ["--yes"])]
        return self.ask(Asked(words, variables(self.server, self.folder / "world" / "home"), at, when, order, later))

    def look(self, watch: Watch) -> list[str]:
        """What is violated at this moment."""
        sheets, record = waiting.read(self.file), self.record()
        with self._journal() as journal:
            return watch.look(
                {**record, "acts": waiting.meant(record["acts"])},
                {"journal": journal},
                folders=[self.file.parent],
                sheets=[sheets],
                tokens=self.tokens(),
                made=[waiting.made(sheets)],
                overwritten=waiting.overwritten(self._typed, sheets),
            )

    def missing(self, button: str) -> list[str]:
        """What is not yet as it must be in the end."""
        sheets, record = waiting.read(self.file), self.record()
        accepted = [each["number"] for each in record["acceptances"]]
        found = [f"{number} was never accepted" for number in NUMBERS if number not in accepted]
        states = dict(zip(*map(sheets.invoices.cells, ("invoice_number", "deposit_state")), strict=True))
        if {states[number] for number in NUMBERS} != {DepositState.DEPOSITED.value}:
            found.append(f"in the end the sheet says {states}")
        if button == "act":
            with self._journal() as journal:
                found += waiting.undone(record["acts"], journal.records(), sheets)
        return found

    def record(self) -> Any:  # noqa: ANN401 - JSON
        """The platform's own record."""
        return self._lever("record", method="GET")

    def tokens(self) -> frozenset[bytes]:
        """What the platform gave out."""
        return frozenset(tokens_given_out(self.folder / _PLATFORM))

    def _journal(self) -> SqlJournal:
        return open_journal(
            f"sqlite:///{self.file.parent / 'home' / 'journal.sqlite'}",
            environment="repetition",
            supplier_siret=simulator.SUPPLIER_SIRET,
            now=bootstrap.now,
            user="test",
            machine="test",
        )

    def _lever(self, name: str, given: object = None, method: str = "POST") -> Any:  # noqa: ANN401 - JSON
        body = json.dumps(given or {}).encode() if method == "POST" else None
        request = urllib.request.Request(f"{self.server.url}/_sim/{name}", body, method=method)  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            return json.load(answer)


@contextmanager
def stage() -> Iterator[Stage]:
    """A place for worlds, for as long as the block lasts."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="crash-")))
        server = stack.enter_context(simulator.Server(folder / _PLATFORM))
        ask = stack.enter_context(children())
        template = folder / "template"
        (template / "home").mkdir(parents=True)
        rows = [row(number) for number in NUMBERS]
        rows[-1]["attachments"] = "plan.pdf"
        parameters = {"supplier_siret": simulator.SUPPLIER_SIRET}
        build_workbook(template / _NAME, Content(rows, parameters=parameters, spare_rows=1))
        for number in NUMBERS:
            write_pdf(template / f"{number}.pdf", number)
        write_pdf(template / "plan.pdf", "Plan")
        fill(bootstrap.office(template / _NAME, load(variables(server, template / "home"))))
        yield Stage(folder, template, server, ask)


def _copy_state(source: Path, target: Path) -> None:
    """A platform's whole state onto another's, whose server may be running."""
    with closing(sqlite3.connect(source)) as then, closing(sqlite3.connect(target)) as now:
        then.backup(now)
