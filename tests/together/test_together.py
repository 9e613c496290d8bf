"""Two at once: however clerks press, each invoice is deposited once; and no journal, no deposit."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import count
from pathlib import Path

import pytest

from chorus_xl import simulator
from chorus_xl.journal import engine as database
from tests.invariant import Watch
from tests.journal.cut_line import CutLine, Moment
from tests.postgres import CLERK, Postgres
from tests.together.rounds import NUMBERS, House, house, open_it, read, run_rounds, words_of

ROUNDS = 12  # of two clerks, for each kind of journal; ``benchmarks`` runs a thousand
FEWER = 5  # where a round takes longer

NewJournal = Callable[[], str]


def _files(folder: Path) -> NewJournal:
    numbers = count()
    return lambda: f"sqlite:///{folder / f'journal-{next(numbers)}.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def new_journal(request: pytest.FixtureRequest, tmp_path: Path) -> NewJournal:
    """Makes the address of an empty journal."""
    if request.param == "sqlite":
        return _files(tmp_path)
    server: Postgres = request.getfixturevalue("postgres")
    return server.emptied


@pytest.fixture(scope="module")
def one_clerk() -> Iterator[House]:
    with house(1) as place:
        yield place


@pytest.mark.parametrize(("clerks", "rounds"), [(2, ROUNDS), (3, FEWER)], ids=["two_clerks", "three_clerks"])
def test_clerks_who_press_together_deposit_each_invoice_once(new_journal: NewJournal, clerks: int, rounds: int) -> None:
    counts = run_rounds(rounds, new_journal, clerks=clerks)

    assert counts.violations == []
    assert (counts.rounds, counts.acceptances) == (rounds, rounds * len(NUMBERS))


def test_the_harness_sees_clerks_who_do_not_share_a_journal(tmp_path: Path) -> None:
    counts = run_rounds(1, _files(tmp_path), shares_a_journal=False)

    assert any("submitted again after its acceptance" in violation for violation in counts.violations)


@pytest.mark.plants_secret("the look must find it")
def test_the_harness_sees_a_secret_and_a_token_on_a_pc(one_clerk: House, tmp_path: Path) -> None:
    url = _files(tmp_path)()
    one_clerk.begin()
    one_clerk.press("deposit", [url])
    log = one_clerk.files()[0].with_name("call.log")
    log.write_bytes(b" ".join([*one_clerk.tokens(), simulator.TECH_PASSWORD.encode()]))

    found = one_clerk.look(Watch(), [url])
    log.unlink()

    place = log.relative_to(one_clerk.folder)
    assert sorted(found) == [f"{place} shows {shown}" for shown in ("a token", simulator.TECH_PASSWORD)]


def test_sessions_that_are_ended_in_the_middle_lose_nothing_and_send_nothing_twice(postgres: Postgres) -> None:
    counts = run_rounds(
        ROUNDS, postgres.emptied, disturb=lambda url: postgres.break_connections(url.rpartition("/")[2])
    )

    assert counts.violations == []
    assert (counts.acceptances, counts.stopped > 0) == (ROUNDS * len(NUMBERS), True)


def test_a_server_that_crashes_in_the_middle_loses_nothing_and_sends_nothing_twice(postgres: Postgres) -> None:
    counts = run_rounds(FEWER, postgres.emptied, disturb=lambda _: postgres.restart())

    assert counts.violations == []
    assert (counts.acceptances, counts.stopped > 0) == (FEWER * len(NUMBERS), True)


@contextmanager
def _held(url: str) -> Iterator[None]:
    """Somebody else writes, and does not come to an end."""
    engine = database.connect(url)
    try:
        with database.transaction(engine, write=True) as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE entries IN EXCLUSIVE MODE")
            yield
    finally:
        engine.dispose()


@contextmanager
def _away(postgres: Postgres) -> Iterator[None]:
    postgres.stop()
    try:
        yield
    finally:
        postgres.start()


def _expect_nothing_sent(one_clerk: House, url: str, code: str, trouble: AbstractContextManager[None]) -> None:
    """A press while the journal is in trouble sends nothing; the next one deposits everything."""
    one_clerk.begin()
    with trouble:
        (answer,) = one_clerk.press("deposit", [url])
        record = one_clerk.record()

    assert (answer.stopped, answer.crashed) == (code, "")
    assert (record["submissions"], record["acceptances"]) == ([], [])


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("sqlite:///file:{path}?mode=ro&uri=true", "CX515"),
        ("sqlite:///{path}?timeout=0.05", "CX514"),
        ("sqlite:///{path}.gone/journal.sqlite", "CX516"),
    ],
    ids=["read_only", "held", "gone"],
)
def test_without_a_file_to_write_nothing_leaves(one_clerk: House, tmp_path: Path, address: str, code: str) -> None:
    path = tmp_path / "journal.sqlite"
    open_it(f"sqlite:///{path}").close()

    trouble = _held(f"sqlite:///{path}") if code == "CX514" else nullcontext()
    _expect_nothing_sent(one_clerk, address.format(path=path), code, trouble)

    assert one_clerk.press("deposit", [f"sqlite:///{path}"])[0].stopped == ""
    assert len(one_clerk.record()["acceptances"]) == len(NUMBERS)


@pytest.mark.parametrize("trouble", ["held", "away", "may_only_read", "may_not_even_read"])
def test_without_a_server_to_write_to_nothing_leaves(one_clerk: House, postgres: Postgres, trouble: str) -> None:
    url = postgres.emptied()
    open_it(url).close()
    name = url.rpartition("/")[2]
    as_clerk = postgres.url(name, user=CLERK)
    if trouble == "may_only_read":
        postgres.query(f"GRANT SELECT ON entries, meta TO {CLERK}", name)

    cases: dict[str, tuple[str, str, AbstractContextManager[None]]] = {
        "held": (f"{url}?options=-c%20lock_timeout%3D50ms", "CX514", _held(url)),
        "away": (url, "CX621", _away(postgres)),
        "may_only_read": (as_clerk, "CX623", nullcontext()),
        "may_not_even_read": (as_clerk, "CX623", nullcontext()),
    }
    address, code, staged = cases[trouble]
    _expect_nothing_sent(one_clerk, address, code, staged)

    assert one_clerk.press("deposit", [url])[0].stopped == ""
    assert len(one_clerk.record()["acceptances"]) == len(NUMBERS)


@pytest.mark.parametrize("moment", ["before", "during", "after"])
def test_an_intent_whose_commit_is_lost_does_not_leave_and_is_deposited_once_in_the_end(
    one_clerk: House, postgres: Postgres, moment: Moment
) -> None:
    url = postgres.emptied()
    with CutLine(postgres.port) as line:
        line.cut(moment)
        over_the_line = postgres.url(url.rpartition("/")[2], port=line.port)
        open_it(url).close()
        one_clerk.begin()

        (answer,) = one_clerk.press("deposit", [over_the_line], concurrency=1)

    assert (answer.stopped, answer.crashed) == ("CX625", "")
    assert one_clerk.record()["submissions"] == []
    assert one_clerk.press_to_the_end([url], []) == []
    assert sorted(submission["number"] for submission in one_clerk.record()["submissions"]) == list(NUMBERS)


@pytest.mark.parametrize("moment", ["before", "during", "after"])
def test_an_outcome_whose_commit_is_lost_costs_the_clerk_nothing(
    one_clerk: House, postgres: Postgres, moment: Moment
) -> None:
    url = postgres.emptied()
    open_it(url).close()
    one_clerk.begin()
    with CutLine(postgres.port) as line:
        line.cut(None, moment)  # the intent's commit arrives, the outcome's is lost

        (answer,) = one_clerk.press("deposit", [postgres.url(url.rpartition("/")[2], port=line.port)], concurrency=1)

    assert (answer.stopped, answer.crashed) == ("", "")
    assert words_of(read(one_clerk.files()[0])) == ["Déposée"] * len(NUMBERS)
    assert sorted(submission["number"] for submission in one_clerk.record()["submissions"]) == list(NUMBERS)
