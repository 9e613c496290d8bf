"""A server's journal is put back as it was last night: what was deposited since is found again, and not sent twice."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from chorus_xl.domain.lifecycle import State
from tests.doors.test_commands import run
from tests.invariant import Watch
from tests.postgres import Dumped, Postgres
from tests.together.rounds import NUMBERS, House, house, open_it, read, words_of

LAST_NIGHT, TODAY = NUMBERS[:1], NUMBERS[1:]


@pytest.fixture(scope="module")
def one_clerk() -> Iterator[House]:
    with house(1) as place:
        yield place


@pytest.fixture
def restored(one_clerk: House, postgres: Postgres, tmp_path: Path) -> str:
    """The address of a journal that knows of last night's deposits; the platform and the sheet know of all."""
    dumped = Dumped(postgres, tmp_path)
    url = dumped.office()
    open_it(url).close()
    one_clerk.begin()
    papers = [one_clerk.files()[0].with_name(f"{number}.pdf") for number in TODAY]
    for paper in papers:
        shutil.move(paper, tmp_path)
    one_clerk.press("deposit", [url])
    dumped.dump()
    for paper in papers:
        shutil.move(tmp_path / paper.name, paper)
    one_clerk.press("deposit", [url])

    address = dumped.restore(as_administrator=True)
    with open_it(address) as journal:
        assert list(journal.records()) == list(LAST_NIGHT)
    assert _submitted(one_clerk) == list(NUMBERS)
    return address


def _submitted(one_clerk: House) -> list[str]:
    return sorted(submission["number"] for submission in one_clerk.record()["submissions"])


def _expect_all_known(one_clerk: House, url: str, tmp_path: Path) -> None:
    accepted = [acceptance["number"] for acceptance in one_clerk.record()["acceptances"]]
    assert sorted(accepted) == list(NUMBERS)
    assert set(words_of(read(one_clerk.files()[0]))) == {"Déposée"}
    with open_it(url) as journal:
        assert {number: record.state for number, record in journal.records().items()} == dict.fromkeys(
            NUMBERS, State.ACCEPTED
        )
    done = run(tmp_path / "home", "journal", "verify", env={"CHORUS_XL_JOURNAL": url})
    assert "chaîne intacte" in done.stdout, done.stdout + done.stderr
    # A sheet that came through shows a head that the dump does not have; one that is as lost as the journal shows none.
    assert ("[CX642]" in done.stdout, done.returncode) in ((True, 1), (False, 0))


@pytest.mark.parametrize("button", ["deposit", "refresh"])
def test_what_the_sheet_calls_deposited_is_found_again_and_never_sent(
    one_clerk: House, restored: str, tmp_path: Path, button: str
) -> None:
    (answer,) = one_clerk.press(button, [restored])

    assert (answer.stopped, answer.crashed) == ("", "")
    assert _submitted(one_clerk) == list(NUMBERS)
    assert one_clerk.look(Watch(), [restored]) == []
    _expect_all_known(one_clerk, restored, tmp_path)


def test_what_the_sheet_has_forgotten_too_is_refused_as_a_duplicate_and_recognised(
    one_clerk: House, restored: str, tmp_path: Path
) -> None:
    shutil.copyfile(one_clerk.template, one_clerk.files()[0])

    (answer,) = one_clerk.press("deposit", [restored])

    assert (answer.stopped, answer.crashed) == ("", "")
    assert one_clerk.press_to_the_end([restored], []) == []
    assert _submitted(one_clerk) == sorted([*NUMBERS, *TODAY])
    _expect_all_known(one_clerk, restored, tmp_path)
