"""A journal in a folder of its own, opened as often as a test likes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from chorus_xl.journal import SqlJournal, open_journal

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

OpenJournal = Callable[..., SqlJournal]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def opened(path: Path) -> Iterator[OpenJournal]:
    """Open the journal once more, as another press or another PC would."""
    seconds = count()
    with ExitStack() as stack:

        def open_again(
            url: str = f"sqlite:///{path}",
            environment: str = "repetition",
            supplier_siret: str = "11111111111111",
            now: Callable[[], datetime] = lambda: MORNING + timedelta(seconds=next(seconds)),
            machine: str = "PC-1",
        ) -> SqlJournal:
            return stack.enter_context(
                open_journal(
                    url, environment=environment, supplier_siret=supplier_siret, now=now, user="agnes", machine=machine
                )
            )

        yield open_again


@pytest.fixture
def journal(opened: OpenJournal) -> SqlJournal:
    return opened()
