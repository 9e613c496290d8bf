"""Measure the ratios of design §6, each beside its rival in one run: ``python -m benchmarks.run [--write]``.

Rule 1: a figure is a ratio of two things measured here and now, or a count; never a bare time.
Rule 2: the better of several runs counts, for both sides alike, which take turns, so that a busy machine slows both.
Rule 3: ``--write`` puts the printed table into ``docs/performance.md``; nothing else writes that page.
"""

import os
import platform
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
from python_calamine import load_workbook

from benchmarks import press
from chorus_xl.build import Content, build_workbook
from chorus_xl.data import load
from chorus_xl.domain.batch import read_batch
from chorus_xl.domain.budgets import read_budgets
from chorus_xl.domain.lifecycle import Event
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.rules import Facts, check
from chorus_xl.domain.sheets import CellValue, Changes, TableChange
from chorus_xl.domain.supplier import read_parameters
from chorus_xl.domain.vat import vat_rates
from chorus_xl.journal import open_journal
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.refresh import refresh
from chorus_xl.steps.show import DEPOSIT_COLUMNS
from chorus_xl.workbook.closed import ClosedWorkbook
from tests.bench import SUPPLIER, make_bench, row

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
TODAY = date(2026, 11, 23)
LATENCY = 0.2  # seconds a call


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    what: str
    figure: str
    wanted: str


def best(run: Callable[[], object], times: int = 5) -> float:
    """The least time of several runs, in seconds."""
    [taken] = race(run, times=times)
    return taken


def race(*runs: Callable[[], object], times: int = 5) -> list[float]:
    """The least time of each, in seconds, taken in turn."""
    taken = [float("inf")] * len(runs)
    for _ in range(times):
        for place, run in enumerate(runs):
            start = time.perf_counter()
            run()
            taken[place] = min(taken[place], time.perf_counter() - start)
    return taken


def peak(run: Callable[[], object]) -> int:
    """The most memory that a run held at once, in bytes, as Python counts it."""
    tracemalloc.start()
    run()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def month(folder: Path, rows: int) -> Path:
    """A filled workbook of that many rows, good but for their PDFs, which are not there: each earns a sentence."""
    file = folder / f"{rows}.xlsm"
    sirets = {"Grand Belfort – Eau": "20006905200096", "Belfort – Budget principal": "21900010600019"}
    invoices = [
        row(
            f"F-{number:06}",
            budget=budget,
            issue_date=TODAY - timedelta(days=number % 40 + 1),
            recipient_siret=siret,
            service_code="FACTURES_HORS_MARCHE",
        )
        for number, (budget, siret) in ((n, list(sirets.items())[n % 2]) for n in range(rows))
    ]
    build_workbook(file, Content(invoices=invoices, parameters={"supplier_siret": SUPPLIER}, spare_rows=0))
    return file


def closed(file: Path) -> ClosedWorkbook:
    """The file as the steps see it, without daily copies."""
    return ClosedWorkbook(file, backups=None, today=lambda: TODAY)


def command(*words: str, home: Path) -> Callable[[], object]:
    """A whole process."""
    env = {**os.environ, "CHORUS_XL_HOME": str(home)}
    return lambda: subprocess.run([sys.executable, *words], env=env, capture_output=True, check=False)


def presses(folder: Path) -> list[Figure]:
    """Start-up included: what a clerk waits for. The journal holds another month, as most presses find it."""
    file, sample = month(folder, 200), folder / "sample" / "sample.xlsm"
    sample.parent.mkdir()
    with open_journal(
        f"sqlite:///{folder / 'journal.sqlite'}",
        environment=Environment.REHEARSAL.value,
        supplier_siret=SUPPLIER,
        now=lambda: datetime.now(UTC),  # noqa: TID251 - no rule is under measure
        user="",
        machine="",
    ) as journal:
        for number in range(200):
            journal.intend(f"E-{number:06}", {})
            journal.record(f"E-{number:06}", Event.ACCEPT, {})
    command("-m", "chorus_xl", "new", str(sample), "--sample", "--rows", "200", home=folder)()
    rival, fill, validate, with_pdfs = race(
        command("-c", "import pandas, xlwings", home=folder),
        command("-m", "chorus_xl", "fill", str(file), "--json", home=folder),
        command("-m", "chorus_xl", "validate", str(file), "--json", home=folder),
        command("-m", "chorus_xl", "validate", str(sample), "--json", home=folder),
        times=15,
    )
    return [
        Figure("a press of Remplir on 200 rows ÷ `python -c 'import pandas, xlwings'`", f"{fill / rival:.2f}", "≤ 1.5"),
        Figure("a press of Contrôler on 200 rows ÷ the same", f"{validate / rival:.2f}", "≤ 1.5"),
        Figure("the same where 200 PDFs are there, and their text is read by pypdf", f"{with_pdfs / rival:.2f}", "–"),
    ]


def bare(file: Path) -> object:
    """The cells as python-calamine alone gives them."""
    workbook = load_workbook(file)
    return [workbook.get_sheet_by_name(name).to_python() for name in ("Factures", "Lignes", "Budgets", "Paramètres")]


def reading(file: Path) -> Figure:
    """The typed batch against bare cells."""
    ours, theirs = race(lambda: read_batch(closed(file).read()), lambda: bare(file), times=10)
    return Figure(
        "reading 10,000 rows into the typed batch ÷ python-calamine's own reading", f"{ours / theirs:.2f}", "≤ 1.5"
    )


def validating(file: Path) -> Figure:
    """Rules alone, without files."""
    sheets = closed(file).read()
    batch, _ = read_batch(sheets)
    parameters, _ = read_parameters(sheets.parameters)
    budgets, _ = read_budgets(sheets.budgets, Environment.REHEARSAL)
    facts = Facts(TODAY, Environment.REHEARSAL, parameters, budgets, vat_rates(load("vat_rates")))
    taken = best(lambda: check(batch, facts))
    return Figure("rows judged a second, without PDFs, 10,000 rows", f"{len(batch) / taken:,.0f}", "≥ 200,000")


def writing(file: Path) -> list[Figure]:
    """The nine status columns of every row, reading included, against a whole load and save.

    Memory is what Python's own allocations come to at most: what python-calamine and lxml hold beside is not in it, nor
    is what openpyxl's parser holds. The file is stored, not deflated, and ours holds those bytes throughout.
    """

    def ours() -> object:
        workbook = closed(file)
        sheets = workbook.read()
        rows = [int(number) for number in sheets.invoices.rows]
        flip[0] += 1
        columns: dict[str, list[CellValue]] = {
            name: [f"{name} {flip[0]} {number}" for number in rows]
            for name in ("verdict", "findings", *DEPOSIT_COLUMNS)
        }
        return workbook.write(sheets, Changes((TableChange("tblFactures", rows, columns),)))

    def theirs() -> None:
        workbook = openpyxl.load_workbook(file, keep_vba=True)
        sheet = workbook["Factures"]
        for number in range(5, 10_005):
            for column in range(18, 27):
                sheet.cell(number, column, f"{column} {number}")
        workbook.save(file.with_name("rival.xlsm"))

    flip = [0]
    taken, taken_by_rival = race(ours, theirs, times=3)
    return [
        Figure(
            "writing the status cells of 10,000 rows ÷ openpyxl, time",
            f"{taken / taken_by_rival:.2f}",
            "≤ 0.35",
        ),
        Figure("the same, memory", f"{peak(ours) / peak(theirs):.2f}", "≤ 0.5"),
    ]


def calls(folder: Path) -> list[Figure]:
    """Deposits at a known latency, and how few calls a refresh needs."""
    (folder / "calls").mkdir()
    bench = make_bench(folder / "calls", *(row(f"F-{number}") for number in range(500)))
    quick, upload = bench.platform.deposit, bench.platform.upload

    def slow_deposit(*words: object, **named: object) -> object:
        time.sleep(LATENCY)  # noqa: TID251 - the latency under measure
        return quick(*words, **named)  # type: ignore[arg-type]  # passed on as they came

    def slow_upload(*words: object) -> object:
        time.sleep(LATENCY)  # noqa: TID251 - the latency under measure
        return upload(*words)  # type: ignore[arg-type]  # passed on as they came

    bench.platform.deposit, bench.platform.upload = slow_deposit, slow_upload  # type: ignore[method-assign, assignment]
    taken = best(lambda: deposit(bench.office(), lambda _: True), 1)
    ideal = 500 * 2 * LATENCY / 4
    asked = [0]
    search = bench.platform.find

    def counting(number: str) -> object:
        asked[0] += 1
        return search(number)

    bench.platform.find = counting  # type: ignore[method-assign, assignment]
    refresh(bench.office())
    return [
        Figure(
            "500 deposits of two calls at 200 ms, four at a time ÷ calls × latency ÷ concurrency",
            f"{taken / ideal:.2f}",
            "≤ 1.15",
        ),
        Figure(
            "look-ups by number that a refresh of 500 unchanged invoices needs beside its search", str(asked[0]), "0"
        ),
    ]


def growth(folder: Path) -> list[Figure]:
    """Ten times the rows: how many times the cost, and how much memory at most.

    The memory is Linux's own word of the process, pages of its libraries included. ``ru_maxrss`` would not do: a child
    inherits in it what its parent held when it was started.
    """
    small, large = month(folder, 5_000), month(folder, 50_000)
    script = (
        "import sys\nfrom pathlib import Path\nfrom chorus_xl import bootstrap\n"
        "from chorus_xl.steps.fill import fill\nfrom chorus_xl.steps.validate import validate\n"
        "settings = bootstrap.read_settings()\n"
        "for step in (fill, validate):\n    step(bootstrap.office(Path(sys.argv[1]), settings))\n"
        "lines = Path('/proc/self/status').read_text().splitlines()\n"
        "print(next(int(line.split()[1]) // 1024 for line in lines if line.startswith('VmHWM')))\n"
    )
    env = {**os.environ, "CHORUS_XL_HOME": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", script, str(large)], env=env, capture_output=True, text=True, check=True
    )
    ours, ours_of_ten, theirs, theirs_of_ten = race(
        lambda: read_batch(closed(small).read()),
        lambda: read_batch(closed(large).read()),
        lambda: bare(small),
        lambda: bare(large),
        times=4,
    )
    return [
        Figure("reading 50,000 rows ÷ reading 5,000 rows", f"{ours_of_ten / ours:.1f}", "near 10"),
        Figure("the same, python-calamine alone", f"{theirs_of_ten / theirs:.1f}", "–"),
        Figure("most memory while 50,000 rows are filled and validated, MB", done.stdout.strip(), "≤ 400"),
    ]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ten_thousand = month(folder, 10_000)
        figures = [
            *presses(folder),
            Figure(
                "the button Remplir on 200 rows, reading and writing the sheet apart ÷ `python -c 'import xlwings'`",
                f"{press.ratio():.2f}",
                f"≤ {press.WANTED}",
            ),
            reading(ten_thousand),
            validating(ten_thousand),
            *writing(ten_thousand),
            *calls(folder),
            *growth(folder),
        ]
    lines = ["| measured | figure | wanted |", "|---|---|---|"]
    lines += [f"| {figure.what} | {figure.figure} | {figure.wanted} |" for figure in figures]
    print("\n".join(lines))
    if "--write" in sys.argv[1:]:
        machine = (
            f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
        )
        head = (
            "# Speed\n\nRatios measured side by side in one run by `python -m benchmarks.run --write`, which prints "
            f"this table. No test asserts a time.\n\nLast run on {machine}.\n\n"
        )
        PAGE.write_text(head + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
