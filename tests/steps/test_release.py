"""Libérer un numéro: only a number in doubt that was looked up, on a person's word, and nothing is sent."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chorus_xl.domain.lifecycle import State
from chorus_xl.errors import UsageError
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.release import Known, release
from tests.bench import Bench, make_bench, row

REASON = "Cherchée sur le portail le 23/11, absente"


def press(bench: Bench) -> None:
    deposit(bench.office(), lambda _: True)


def in_doubt(bench: Bench) -> None:
    """Sent, perhaps; nobody has looked yet."""
    bench.platform.scripted = ["lose_before"]
    press(bench)


def missed(bench: Bench) -> None:
    """Sent, perhaps; looked up once and not found."""
    in_doubt(bench)
    bench.clock.pass_(400)
    press(bench)


def contradicted(bench: Bench) -> None:
    """Another invoice stands under the number."""
    press(bench)
    (bench.folder / "journal.sqlite").unlink()
    for name, value in {"deposit_state": None, "chorus_reference": None, "total_without_vat": 200.0}.items():
        bench.type_into(name, [value])
    bench.type_into("total_vat", [40.0])
    bench.type_into("total_with_vat", [240.0])
    press(bench)


def refused(bench: Bench) -> None:
    bench.platform.scripted = ["refuse"]
    press(bench)


def state(bench: Bench) -> State | None:
    with bench.open_journal() as journal:
        record = journal.records().get("F-1")
    return record.state if record else None


def try_to_release(bench: Bench, because: str = REASON, confirm: Callable[[Known], bool] = lambda _: True) -> str:
    """The code that it ends with, ``""`` when the number was released."""
    try:
        with bench.open_journal() as journal:
            release(journal, "F-1", because, confirm)
    except UsageError as error:
        return error.code
    return ""


def declined_to(asked: list[Known]) -> Callable[[Known], bool]:
    """A person who is asked, and says no."""

    def decline(known: Known) -> bool:
        asked.append(known)
        return False

    return decline


@pytest.mark.parametrize(
    ("prepare", "expected"),
    [
        (missed, ""),
        (contradicted, ""),
        (in_doubt, "CX603"),
        (press, "CX602"),
        (refused, "CX602"),
        (lambda _: None, "CX601"),
    ],
    ids=["missed", "contradicted", "not looked up", "deposited", "refused", "unknown"],
)
def test_only_a_doubt_that_was_looked_up_is_released(
    tmp_path: Path, prepare: Callable[[Bench], None], expected: str
) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    prepare(bench)
    before, tried = state(bench), bench.platform.deposits_tried

    assert try_to_release(bench) == expected
    assert state(bench) is (before if expected else State.FREE)
    assert bench.platform.deposits_tried == tried, "releasing sends nothing"


def test_a_released_number_leaves_with_the_next_press_and_only_once(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    missed(bench)
    try_to_release(bench)

    press(bench)
    press(bench)

    assert bench.platform.deposits_tried == 2
    assert [invoice.invoice_number for invoice in bench.platform.accepted] == ["F-1"]
    assert bench.column("deposit_state") == ["Déposée"]
    bench.check_invariant()


def test_who_released_it_and_why_stands_in_the_journal(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    missed(bench)
    try_to_release(bench, f"  {REASON}\n")

    with bench.open_journal() as journal:
        line = journal.entries(["F-1"])[-1]

    assert (line.event, dict(line.details), line.user, line.machine) == ("release", {"reason": REASON}, "clerk", "pc")


@pytest.mark.parametrize("reason", ["", "   ", "vu", "ok ok ok", "vu   \n   "], ids=repr)
def test_a_reason_that_says_nothing_is_refused_before_anybody_is_asked(tmp_path: Path, reason: str) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    missed(bench)
    asked: list[Known] = []

    assert try_to_release(bench, reason, declined_to(asked)) == "CX605"
    assert asked == []
    assert state(bench) is State.MISSED


def test_the_person_sees_what_the_journal_knows_and_may_decline(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    missed(bench)
    asked: list[Known] = []

    assert try_to_release(bench, confirm=declined_to(asked)) == "CX606"
    (known,) = asked
    assert (known.record.content["total_with_vat"], known.record.content["pdf_file"]) == ("120.00", "F-1.pdf")
    assert [entry.event for entry in known.entries if entry.event != "exchange"] == ["intend", "lose", "miss"]
    assert state(bench) is State.MISSED


def test_a_number_that_was_found_while_the_person_read_is_not_released(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = ["lose_after"]
    press(bench)
    bench.platform.hidden = {"F-1"}
    bench.clock.pass_(400)
    press(bench)
    assert state(bench) is State.MISSED

    def meanwhile(_: Known) -> bool:
        bench.platform.hidden = set()
        press(bench)
        return True

    assert try_to_release(bench, confirm=meanwhile) == "CX602"
    assert state(bench) is State.ACCEPTED


def test_a_number_looked_up_again_while_the_person_read_is_shown_again(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    missed(bench)

    def meanwhile(_: Known) -> bool:
        with bench.open_journal() as journal:
            journal.note("F-1", "note", {"comment": "vue sur le portail"})
        return True

    assert try_to_release(bench, confirm=meanwhile) == "CX607"
    assert state(bench) is State.MISSED
