"""Clerks who press Déposer at the same moment: real processes, copies of one workbook, one journal, one Chorus Pro.

Rule 1: a round is a fresh journal, a fresh platform and fresh copies. The clerks press together, each after a jitter of
        its own, while the platform answers late or loses an answer; then they press until nothing is left to do.
Rule 2: at its end ``tests.invariant`` holds, every invoice was accepted once, and every row of every copy says so.
Rule 3: what happened is counted, so that a benchmark can tell of a thousand rounds; a test asserts no violation.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from threading import Event, Thread, Timer
from typing import Any, Self

from chorus_xl import bootstrap, simulator
from chorus_xl.build import Content, build_workbook
from chorus_xl.domain.sheets import Sheets
from chorus_xl.journal import SqlJournal, open_journal
from chorus_xl.settings import load
from chorus_xl.steps.fill import fill
from chorus_xl.workbook.closed import ClosedWorkbook
from tests.bench import row, write_pdf
from tests.invariant import Watch
from tests.leaks import tokens_given_out
from tests.together.clerk import Answer, Press

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = ("F-1", "F-2", "F-3")
_TIMEOUT = 5  # seconds of a call
_LATER = (1000, 2000, 3000, 4000)  # by how much the clocks are ahead when the clerks press again: all delays are over
_JITTER = 0.15  # seconds
_PAUSE = 0.2  # seconds at most between two disturbances: a press lasts longer
_PATIENCE = 300  # seconds until a clerk that says nothing is ended
_DEPOSIT = "factures/v1/soumettre"
_PLATFORM = "platform.sqlite"  # a file, so that its tokens can be searched for

Disturb = Callable[[str], object]
"""Does something to the journal at this address, while the clerks press."""


@dataclass
class Counts:
    """What the rounds came to."""

    rounds: int = 0
    acceptances: int = 0
    stopped: int = 0  # presses that the journal or the platform stopped
    violations: list[str] = field(default_factory=list)

    def add(self, other: Self) -> None:
        """Both together."""
        self.rounds += other.rounds
        self.acceptances += other.acceptances
        self.stopped += other.stopped
        self.violations += other.violations


def run_rounds(
    count: int,
    journal_url: Callable[[], str],
    *,
    clerks: int = 2,
    disturb: Disturb | None = None,
    shares_a_journal: bool = True,
    seed: int = 0,
) -> Counts:
    """Let clerks press together that many times.

    Args:
        count: how many rounds.
        journal_url: makes an empty journal's address, asked once a round.
        clerks: how many processes press.
        disturb: called again and again while they press together; afterwards all is calm.
        shares_a_journal: False gives each clerk a journal of its own, to show that the harness would see it.
        seed: another one gives other jitters and other faults.
    """
    counts, random = Counts(), Random(seed)  # noqa: S311 - chance, no secret
    with house(clerks) as place:
        for _ in range(count):
            urls = [journal_url()] * clerks if shares_a_journal else [journal_url() for _ in range(clerks)]
            counts.add(place.round(urls, random, disturb))
    return counts


@dataclass
class House:
    """A platform and some clerks' PCs, used for all rounds."""

    folder: Path
    template: Path
    server: simulator.Server
    processes: Sequence["subprocess.Popen[str]"]

    def round(self, urls: Sequence[str], random: Random, disturb: Disturb | None) -> Counts:
        """Press together, then to the end."""
        self.begin()
        fault = _fault(random)
        if fault:
            self._lever("fault", fault)
        with _while_pressing(disturb, urls[0], Random(random.random())):  # noqa: S311 - as above
            answers = self.press("deposit", urls, jitter=lambda: random.uniform(0, _JITTER))
        self._lever("faults/clear")
        must_be_calm = disturb is None and fault is None and len(set(urls)) == 1
        problems = [answer.stopped for answer in answers if answer.stopped and must_be_calm]
        watch = Watch()
        problems += self.look(watch, urls)
        problems += self.press_to_the_end(urls, answers)
        problems += self.look(watch, urls)
        sheets = [read(file) for file in self.files()]
        accepted = [acceptance["number"] for acceptance in self.record()["acceptances"]]
        problems += [f"{number} was never accepted" for number in NUMBERS if number not in accepted]
        problems += [f"a copy says {words} in the end" for words in map(words_of, sheets) if set(words) != {"Déposée"}]
        return Counts(1, len(accepted), sum(1 for answer in answers if answer.stopped), problems)

    def look(self, watch: Watch, urls: Sequence[str]) -> list[str]:
        """What of the invariant does not hold now."""
        with ExitStack() as stack:
            journals = {url: stack.enter_context(open_it(url)) for url in set(urls)}
            sheets = [read(file) for file in self.files()]
            return watch.look(self.record(), journals, folders=[self.folder], sheets=sheets, tokens=self.tokens())

    def begin(self) -> None:
        """A platform that knows nothing, and copies that say nothing."""
        self._lever("reset")
        for file in self.files():
            shutil.copyfile(self.template, file)

    def record(self) -> Any:  # noqa: ANN401 - JSON
        """The platform's own record."""
        return self._lever("record", method="GET")

    def tokens(self) -> frozenset[bytes]:
        """What the platform gave out."""
        return frozenset(tokens_given_out(self.folder / _PLATFORM))

    def press_to_the_end(self, urls: Sequence[str], answers: list[Answer]) -> list[str]:
        """Actualiser, and Déposer where a row still waits; a sentence for each press that failed otherwise."""
        for later in _LATER:
            answers += self.press("refresh", urls, later=later)
            if all(set(words_of(read(file))) == {"Déposée"} for file in self.files()):
                break
            answers += self.press("deposit", urls, later=later)
        return [answer.crashed for answer in answers if answer.crashed]

    def press(
        self,
        button: str,
        urls: Sequence[str],
        *,
        jitter: Callable[[], float] = lambda: 0.0,
        later: float = 0.0,
        concurrency: int = 4,
    ) -> list[Answer]:
        """All clerks at once."""
        for process, file, url in zip(self.processes, self.files(), urls, strict=True):
            journal = {"CHORUS_XL_JOURNAL": url, "CHORUS_XL_CONCURRENCY": str(concurrency)}
            variables = {**_variables(self.server, file.parent), **journal}
            asked = Press(button, str(file), variables, jitter(), later)
            assert process.stdin is not None
            process.stdin.write(json.dumps(asdict(asked)) + "\n")
            process.stdin.flush()
        with ExitStack() as stack:
            for process in self.processes:
                patience = Timer(_PATIENCE, process.kill)
                patience.start()
                stack.callback(patience.cancel)
            return [Answer(**json.loads(_hear(process))) for process in self.processes]

    def files(self) -> list[Path]:
        """The clerks' copies."""
        return [self.folder / f"PC-{place}" / self.template.name for place, _ in enumerate(self.processes)]

    def _lever(self, name: str, given: object = None, method: str = "POST") -> Any:  # noqa: ANN401 - JSON
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.server.url}/_sim/{name}",
            json.dumps(given or {}).encode() if method == "POST" else None,
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            return json.load(answer)


@contextmanager
def house(clerks: int) -> Iterator[House]:
    """A platform and as many PCs, for as long as the block lasts."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="together-", ignore_cleanup_errors=True)))
        server = stack.enter_context(simulator.Server(folder / _PLATFORM))
        template = folder / "ChorusInvoices.xlsm"
        rows = [row(number) for number in NUMBERS]
        build_workbook(template, Content(rows, parameters={"supplier_siret": simulator.SUPPLIER_SIRET}, spare_rows=0))
        for place in range(clerks):
            (folder / f"PC-{place}").mkdir()
            for number in NUMBERS:
                write_pdf(folder / f"PC-{place}" / f"{number}.pdf", number)
        fill(bootstrap.office(template, load(_variables(server, folder))))
        processes = [stack.enter_context(_clerk()) for _ in range(clerks)]
        for process in processes:
            assert _hear(process) == "ready"
        yield House(folder, template, server, processes)


@contextmanager
def _clerk() -> Iterator["subprocess.Popen[str]"]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CHORUS_XL_")}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.together.clerk"],
        cwd=ROOT,
        env=clean,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _hear(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@contextmanager
def _while_pressing(disturb: Disturb | None, url: str, random: Random) -> Iterator[None]:
    if disturb is None:
        yield
        return
    over = Event()

    def keep_at_it() -> None:
        while not over.wait(random.uniform(0, _PAUSE)):
            disturb(url)

    thread = Thread(target=keep_at_it)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _fault(random: Random) -> dict[str, object] | None:
    """What the platform does wrong in this round: nothing, mostly."""
    at = {"on": _DEPOSIT, "nth": random.randint(1, len(NUMBERS))}
    return random.choice(
        (
            None,
            {"on": _DEPOSIT, "every": 1, "do": "delay", "seconds": round(random.uniform(0, 0.1), 3)},
            {**at, "do": "die_after"},
            {**at, "do": "die_before"},
            {**at, "do": "half_reply"},
            {**at, "do": "status_after", "code": 503},
        )
    )


def _variables(server: simulator.Server, home: Path) -> dict[str, str]:
    return {
        "CHORUS_XL_HOME": str(home),
        "CHORUS_XL_OAUTH_URL": server.token_url,
        "CHORUS_XL_API_URL": server.url,
        "CHORUS_XL_CLIENT_ID": simulator.CLIENT_ID,
        "CHORUS_XL_CLIENT_SECRET": simulator.CLIENT_SECRET,
        "CHORUS_XL_TECH_LOGIN": simulator.TECH_LOGIN,
        "CHORUS_XL_TECH_PASSWORD": simulator.TECH_PASSWORD,
        "CHORUS_XL_TIMEOUT": str(_TIMEOUT),
    }


def open_it(url: str) -> SqlJournal:
    """The clerks' journal; made, where there is none."""
    return open_journal(
        url,
        environment="repetition",
        supplier_siret=simulator.SUPPLIER_SIRET,
        now=bootstrap.now,
        user="test",
        machine="test",
    )


def read(file: Path) -> Sheets:
    """What a copy says."""
    return ClosedWorkbook(file, backups=None, today=lambda: bootstrap.now().date()).read()


def words_of(sheets: Sheets) -> list[str]:
    """The column « Dépôt »."""
    return [str(cell) for cell in sheets.invoices.cells("deposit_state")]
