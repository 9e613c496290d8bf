"""A server's journal is dumped and restored by the commands of the page for teams, and is then the journal it was.

What becomes of the numbers that it does not know any more: ``tests/together/test_restored.py``.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import IntegrityError

from chorus_xl.domain.lifecycle import Event, State
from chorus_xl.errors import JournalError
from chorus_xl.journal import SqlJournal
from chorus_xl.journal import engine as database
from chorus_xl.journal.ledger import open_ledger
from tests.postgres import CLERK, Dumped, Postgres

OpenJournal = Callable[..., SqlJournal]


@pytest.fixture
def dumped(postgres: Postgres, tmp_path: Path) -> Dumped:
    return Dumped(postgres, tmp_path)


@pytest.fixture
def url(dumped: Dumped) -> str:
    """Of the office's journal, as its owner sees it: a role like any other."""
    return dumped.office()


@pytest.fixture(params=["the owner", "an administrator"])
def restored(request: pytest.FixtureRequest, dumped: Dumped, opened: OpenJournal) -> str:
    """The same journal, restored; the database that was dumped has gone on."""
    journal = opened()
    dumped.give_rights()
    journal.intend("F1", {})
    journal.record("F1", Event.ACCEPT, {"chorus_invoice_id": "9", "label": "Déposée \u2013 « 20 € »"})
    opened(supplier_siret="22222222222222").intend("F1", {})
    dumped.dump()
    journal.intend("F2", {})
    return dumped.restore(as_administrator=request.param == "an administrator")


def test_every_line_comes_back_and_the_chain_holds(url: str, restored: str, opened: OpenJournal) -> None:
    with open_ledger(restored) as ledger:
        found = ledger.verify()

    assert (found.lines, found.faults) == (3, ())
    assert opened(restored).entries() == opened(url).entries()[:2]
    assert found.head == opened(restored, supplier_siret="22222222222222").entries()[0].hash


def test_a_deposit_continues_the_chain_by_the_rights_that_came_back(
    postgres: Postgres, restored: str, opened: OpenJournal
) -> None:
    clerk = opened(postgres.url(str(make_url(restored).database), user=CLERK))

    assert not clerk.intend("F1", {})
    assert clerk.intend("F2", {})
    assert clerk.record("F2", Event.ACCEPT, {}) is State.ACCEPTED
    with open_ledger(restored) as ledger:
        found = ledger.verify()
    assert (found.lines, found.faults) == (5, ())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET attempt = attempt",
        "DELETE FROM entries",
        "TRUNCATE entries",
        "DELETE FROM meta",
        "TRUNCATE meta",
        "UPDATE meta SET value = '1'",
    ],
)
def test_what_was_written_can_be_changed_as_little_as_before(
    postgres: Postgres, restored: str, opened: OpenJournal, statement: str
) -> None:
    clerk, owner = postgres.url(str(make_url(restored).database), user=CLERK), restored

    for address, refusal in ((owner, IntegrityError), (clerk, JournalError)):
        journal = opened(address)
        with pytest.raises(refusal), database.transaction(journal._engine, write=True) as connection:
            connection.exec_driver_sql(statement)

    assert opened(restored).verify() == ()
