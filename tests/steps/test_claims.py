"""A row that says it is deposited is believed by nobody, and sent by nobody before it was looked up."""

from pathlib import Path

import pytest

from chorus_xl.domain.lifecycle import Event, State
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.office import Report
from chorus_xl.steps.refresh import refresh
from tests.bench import Bench, make_bench, row


def press(bench: Bench) -> Report:
    return deposit(bench.office(), lambda _: True)


@pytest.fixture(params=["refuse", "not_sent"])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    """A deposited row, and the journal of before: there the number is free."""
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = [request.param]
    press(bench)
    backup = (tmp_path / "journal.sqlite").read_bytes()
    press(bench)
    assert bench.column("deposit_state") == ["Déposée"]
    (tmp_path / "journal.sqlite").write_bytes(backup)
    return bench


@pytest.mark.parametrize("step", [press, lambda bench: refresh(bench.office())], ids=["deposit", "refresh"])
def test_an_older_journal_learns_what_the_sheet_says_without_sending_again(older: Bench, step: object) -> None:
    assert callable(step)
    report = step(older)

    assert older.platform.deposits_tried == 2
    assert older.column("deposit_state") == ["Déposée"]
    assert [finding.code for finding in report.rows[0].findings] == ["CX407"]
    with older.open_journal() as journal:
        assert journal.records()["F-1"].state is State.ACCEPTED
        assert journal.entries()[-1].event in {Event.FIND, "status", "history"}


def test_a_search_that_is_down_leaves_the_claim_and_sends_nothing(older: Bench) -> None:
    older.platform.search_is_down = True

    report = refresh(older.office())

    assert report.stopped is not None
    assert older.column("deposit_state") == ["Déposée"], "no look-up has answered: the claim stays to be looked up"
    assert older.platform.deposits_tried == 2


def test_what_was_typed_over_a_free_number_is_put_back_and_leaves_with_the_press_after(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = ["refuse"]
    press(bench)
    bench.type_into("deposit_state", ["Déposée"])

    report = press(bench)
    after_one = (bench.column("deposit_state"), bench.platform.deposits_tried)
    press(bench)

    assert [finding.code for finding in report.rows[0].findings] == ["CX130"]
    assert after_one == (["Refusée"], 1)
    assert (bench.column("deposit_state"), bench.platform.deposits_tried) == (["Déposée"], 2)
