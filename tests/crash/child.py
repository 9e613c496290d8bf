"""A press of Déposer as a process of its own, killed at its n-th effect: ``child.py FILE AT before|after ORDER``.

``ORDER`` is ``right``, or ``late``: then the intent is committed only after the call, as peers do, to show that the
harness would see it. With ``AT`` 0 nothing is cut and the number of effects is printed.
"""

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from chorus_xl import bootstrap
from chorus_xl.domain.lifecycle import Event, State
from chorus_xl.domain.supplier import Parameters
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.office import Surroundings
from chorus_xl.steps.ports import Journal, Platform
from tests.bench import Fuse, Fused

PLATFORM = frozenset({"supplier_id", "upload", "deposit"})
JOURNAL = frozenset({"intend", "record"})


class LateIntent:
    """A journal that commits the intent with the outcome, after the call: the order that loses invoices."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._contents: dict[str, Mapping[str, str]] = {}

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the journal has
        return getattr(self._journal, name)

    def intend(self, number: str, content: Mapping[str, str]) -> bool:
        self._contents[number] = content
        return True

    def record(self, number: str, event: Event, details: Mapping[str, str]) -> State:
        if number in self._contents:
            self._journal.intend(number, self._contents.pop(number))
        return self._journal.record(number, event, details)


def main(file: str, at: str, when: str, order: str) -> None:
    """Press once."""
    fuse = Fuse(int(at) or None, after=when == "after", die=lambda: os.kill(os.getpid(), signal.SIGKILL))
    office = bootstrap.office(Path(file), bootstrap.read_settings())
    furnish = office.surroundings

    def surroundings(parameters: Parameters) -> Surroundings:
        around = furnish(parameters)

        @contextmanager
        def connect() -> Iterator[Platform]:
            with around.connect() as platform:
                yield Fused(platform, fuse, PLATFORM)  # type: ignore[misc]  # Fused answers for any port

        @contextmanager
        def open_journal() -> Iterator[Journal]:
            opened: AbstractContextManager[Journal] = around.open_journal()
            with opened as journal:
                kept = journal if order == "right" else LateIntent(journal)
                yield Fused(kept, fuse, JOURNAL)  # type: ignore[misc]  # the same

        return replace(around, connect=connect, open_journal=open_journal, concurrency=1)

    really = os.replace
    os.replace = lambda *paths, **how: fuse.effect(lambda: really(*paths, **how))  # type: ignore[assignment]
    workbook = Fused(office.workbook, fuse, frozenset({"write"}))
    deposit(replace(office, workbook=workbook, surroundings=surroundings), lambda _: True)  # type: ignore[arg-type]
    print(fuse.count)  # noqa: T201 - what the parent waits for


if __name__ == "__main__":
    main(*sys.argv[1:])
