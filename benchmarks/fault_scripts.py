"""Run random fault scripts and count: ``python -m benchmarks.fault_scripts [--scripts N] [--order late]``.

Rule 1: a script is known by its seed alone; ``--first`` says where to begin, so that runs can be continued.
Rule 2: a plain random source draws from the same choices as Hypothesis does in ``tests/faults``: an engine that keeps
        what it drew, to shrink it, would double the time. What is found here is shrunk here, and printed.
"""

import argparse
import gc
import math
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from functools import partial
from multiprocessing import get_context
from random import Random

from tests.faults import actions
from tests.faults.world import Counts, run

CHUNK = 250
SHOWN = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scripts", type=int, default=1_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--order", choices=("right", "late"), default="right")
    wanted = parser.parse_args()
    counts, failed = run_scripts(wanted.scripts, wanted.order, first=wanted.first, workers=wanted.workers, told=print)
    print("; ".join(f"{getattr(counts, each.name)} {each.name}" for each in fields(counts)[:-1]))
    print(f"{len(counts.violations)} violations, in {len(failed)} scripts")
    if wanted.order == "right":
        for seed in failed[:SHOWN]:
            print(f"seed {seed}:", *shrunk(actions.random_script(Random(seed))), sep="\n    ")


def run_scripts(
    scripts: int,
    order: str = "right",
    *,
    first: int = 0,
    workers: int = 1,
    minutes: float = math.inf,
    told: Callable[[str], object] = lambda _: None,
) -> tuple[Counts, list[int]]:
    """The counts of that many scripts, or of those that so many minutes allow, and the seeds of those that failed."""
    end = time.monotonic() + 60 * minutes
    chunks = [range(start, min(start + CHUNK, first + scripts)) for start in range(first, first + scripts, CHUNK)]
    total, failed = Counts(), []
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for done, (counts, seeds) in enumerate(pool.map(partial(_run_chunk, order), chunks), start=1):
            for each in fields(Counts):
                setattr(total, each.name, getattr(total, each.name) + getattr(counts, each.name))
            failed += seeds
            for seed, problem in zip(seeds, counts.violations, strict=False):
                told(f"seed {seed}: {problem}")
            if done % 20 == 0:
                told(f"{total.scripts} scripts, {len(failed)} failed")
            if time.monotonic() > end:
                pool.shutdown(cancel_futures=True)
                break
    return total, failed


def _run_chunk(order: str, seeds: Iterable[int]) -> tuple[Counts, list[int]]:
    total, failed = Counts(), []
    gc.freeze()
    for seed in seeds:
        counts = run(actions.random_script(Random(seed)), order)
        for each in fields(Counts):
            setattr(total, each.name, getattr(total, each.name) + getattr(counts, each.name))
        if counts.violations:
            failed.append(seed)
    return total, failed


def shrunk(script: list[actions.Action]) -> list[actions.Action]:
    """The script without every action that its failure can do without."""
    place = 0
    while place < len(script):
        shorter = script[:place] + script[place + 1 :]
        if run(shorter).violations:
            script = shorter
        else:
            place += 1
    return script


if __name__ == "__main__":
    main()
