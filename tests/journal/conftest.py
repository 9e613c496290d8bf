"""A journal in a database of its own, a file's or a server's, opened as often as a test likes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from chorus_xl.journal import SqlJournal, open_journal
from tests.postgres import Postgres

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

OpenJournal = Callable[..., SqlJournal]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, path: Path) -> str:
    """The address of an empty database; a module of tests that are about one kind has its own."""
    if request.param == "sqlite":
        return f"sqlite:///{path}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.emptied()


@pytest.fixture
def opened(url: str) -> Iterator[OpenJournal]:
    """Open the journal once more, as another press or another PC would."""
    seconds = count()
    with ExitStack() as stack:

        def open_again(
            url: str = url,
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
