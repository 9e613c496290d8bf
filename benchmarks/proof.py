"""Never twice, never lost, in numbers: ``python -m benchmarks.proof [--scripts N] [--rounds N] [--write]``.

Rule 1: everything is counted twice, in the right order and in a deliberately wrong one: a harness that sees nothing
        wrong must be seen to see. Wrong is, for one clerk, the intent committed after the call; for several, a journal
        each.
Rule 2: ``--write`` puts the printed table into ``docs/audit.md``; nothing else writes there. ``--part`` measures one
        line alone and leaves the others as they stand, so that a long run need not repeat the rest; ``--go-on`` adds
        the scripts that follow those which the page counts of the same code.
Rule 3: it ends with 1 when a right order shows a violation, or a wrong one shows none.
Rule 4: each line names the code that was played (``fingerprint``): a figure of another code proves nothing of today's.
"""

import argparse
import math
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from itertools import count
from pathlib import Path

import sqlalchemy

from benchmarks import fault_scripts
from chorus_xl import bootstrap
from tests import postgres
from tests.crash import worlds
from tests.together import rounds

PAGE = Path(__file__).resolve().parent.parent / "docs" / "audit.md"
BEGIN, END = "<!-- counted by python -m benchmarks.proof -->", "<!-- end of the counts -->"
WRONG_SCRIPTS, WRONG_ROUNDS = 500, 3

PLAYED = (
    *(f"chorus_xl/{room}" for room in ("chorus", "domain", "journal", "steps")),
    *(f":!chorus_xl/steps/{module}.py" for module in ("prove", "proof_files")),
)
"""What a deposit and an act pass through, as git names it; not the workbook, the ribbon, nor the proof."""

HEAD = (
    "| preuve | jouées | factures reçues | dont acceptées | violations | violations en mauvais ordre | le | code |",
    "|---|---|---|---|---|---|---|---|",
)


@cache
def fingerprint() -> str:
    """Which code was played, as anybody can work it out from a checkout; ``docs/audit.md`` says with which command."""
    git = shutil.which("git")
    if git is None or _git(git, "status", "--porcelain", "--", *PLAYED):
        return "non enregistré"
    return sha256(_git(git, "ls-files", "--stage", "--", *PLAYED)).hexdigest()[:12]


def _git(git: str, *words: str) -> bytes:
    return subprocess.run([git, *words], cwd=PAGE.parent.parent, check=True, capture_output=True).stdout


@dataclass(frozen=True)
class Line:
    """One line of the table: what was played, what the platform saw, what was violated, and in the wrong order."""

    what: str
    played: int
    submissions: int | None  # None: not counted there
    acceptances: int
    violations: int
    wrong_played: int
    wrong_violations: int

    @property
    def is_proof(self) -> bool:
        """Whether the right order holds, and the harness bites."""
        return not self.violations and self.wrong_violations > 0

    def __str__(self) -> str:
        day = bootstrap.now().strftime("%d/%m/%Y")
        wrong = f"{_grouped(self.wrong_violations)} ({_grouped(self.wrong_played)} jouées)"
        numbers = (self.played, self.submissions, self.acceptances, self.violations)
        return f"| {self.what} | {' | '.join(map(_grouped, numbers))} | {wrong} | {day} | `{fingerprint()}` |"


def _grouped(number: int | None) -> str:
    """As French readers group thousands."""
    return "–" if number is None else f"{number:,}".replace(",", "\u202f")


def killed(wanted: argparse.Namespace) -> list[Line]:
    right, wrong = worlds.run_worlds(workers=wanted.workers), worlds.run_worlds("late", workers=wanted.workers)
    return [
        Line(
            "processus tué (SIGKILL) avant et après chaque effet de Déposer, d'Actualiser et d'Agir, par la ligne de"
            f" commande : {_grouped(right.acts)} gestes reçus",
            right.worlds,
            right.submissions,
            right.acceptances,
            sum(map(len, right.violations.values())),
            wrong.worlds,
            sum(map(len, wrong.violations.values())),
        )
    ]


_PLAYED_BEFORE = re.compile(
    r"hasard : (\d+) pressions, (\d+) pannes[^|]*\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|[^|]*\|[^|]*\| `(\w+)` \|"
)


def _played_before() -> tuple[int, ...]:
    """Presses, faults, scripts, submissions, acceptances and violations of the line that stands, if of this code."""
    found = _PLAYED_BEFORE.search(PAGE.read_text(encoding="utf-8").replace("\u202f", ""))
    if found is None or found[7] != fingerprint():
        sys.exit("no line of this code stands there to be continued")
    return tuple(int(each) for each in found.groups()[:6])


def scripted(wanted: argparse.Namespace) -> list[Line]:
    presses, faults, scripts, submissions, acceptances, violations = _played_before() if wanted.go_on else (0,) * 6
    right, _ = fault_scripts.run_scripts(
        wanted.scripts, first=scripts, workers=wanted.workers, minutes=wanted.minutes, told=_tell
    )
    wrong, _ = fault_scripts.run_scripts(WRONG_SCRIPTS, "late", workers=wanted.workers)
    shown = f"{_grouped(presses + right.presses)} pressions, {_grouped(faults + right.faults)} pannes"
    return [
        Line(
            f"suites d'événements au hasard : {shown}, éditions, copies, horloges",
            scripts + right.scripts,
            submissions + right.submissions,
            acceptances + right.acceptances,
            violations + len(right.violations),
            wrong.scripts,
            len(wrong.violations),
        )
    ]


def together(wanted: argparse.Namespace) -> list[Line]:
    lines = []
    with tempfile.TemporaryDirectory() as name:
        numbers = count()
        lines.append(_rounds("un fichier SQLite", wanted, lambda: f"sqlite:///{name}/{next(numbers)}.sqlite"))
    if why := postgres.missing():
        _tell(f"without PostgreSQL: {why}")
        return lines
    with postgres.Postgres() as server:
        lines.append(_rounds("PostgreSQL", wanted, server.emptied, server.new_database))
    return lines


def _rounds(
    where: str, wanted: argparse.Namespace, journal: Callable[[], str], another: Callable[[], str] | None = None
) -> Line:
    right = rounds.run_rounds(wanted.rounds, journal)
    wrong = rounds.run_rounds(WRONG_ROUNDS, another or journal, shares_a_journal=False)
    what = f"deux postes qui pressent Déposer ensemble, journal commun sur {where}"
    return Line(what, right.rounds, None, right.acceptances, len(right.violations), wrong.rounds, len(wrong.violations))


PARTS: dict[str, Callable[[argparse.Namespace], list[Line]]] = {
    "killed": killed,
    "scripts": scripted,
    "together": together,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scripts", type=int, default=2_000)
    parser.add_argument("--minutes", type=float, default=math.inf, help="count what so many allow, of the scripts")
    parser.add_argument("--go-on", action="store_true", help="add the next scripts to those that the page counts")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--part", choices=PARTS, action="append", help="measure this alone; may be repeated")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.name}")
    wanted = parser.parse_args()
    _tell(f"code {fingerprint()}")  # now: what is edited while this runs was not played
    lines = [line for part in wanted.part or PARTS for line in PARTS[part](wanted)]
    print("\n".join((*HEAD, *map(str, lines))))
    if wanted.write:
        write(lines)
    sys.exit(not all(line.is_proof for line in lines))


def write(lines: Sequence[Line]) -> None:
    """Put the lines in the place of those that say the same of an earlier run."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    old, _, after = rest.partition(END)
    rows = {_kind(row): row for row in old.splitlines() if row.startswith("| ") and _kind(row) != "preuve"}
    rows |= {_kind(str(line)): str(line) for line in lines}
    where = (
        f"Dernier comptage : {platform.system()}, Python {platform.python_version()}, "
        f"httpx {version('httpx')}, SQLAlchemy {sqlalchemy.__version__}."
    )
    table = "\n".join((*HEAD, *rows.values()))
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n\n{where}\n{END}{after}", encoding="utf-8", newline="\n")


def _kind(row: str) -> str:
    """What a row is about, without its numbers."""
    return row.split("|")[1].partition(":")[0].strip()


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()
