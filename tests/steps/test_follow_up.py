"""Following up: how few calls it takes, what a dead process leaves to the next press, and a platform that is odd."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from chorus_xl.domain.acts import Act, ActEvent
from chorus_xl.domain.invoice import Passage
from chorus_xl.domain.lifecycle import State
from chorus_xl.errors import InDoubtError, RefusedError, SetupError
from chorus_xl.steps import show
from tests.bench import Clock, PowerCutError
from tests.steps.following import NOON, CountingPlatform, Desk, know, make_journal, seen

LONG_AGO = date(2026, 3, 2)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Three deposits, made an hour ago."""
    yield from desk_of(tmp_path, 3)


def desk_of(folder: Path, count: int) -> Iterator[Desk]:
    clock = Clock()
    with make_journal(folder, clock) as journal:
        for index in range(count):
            know(journal, index)
        clock.pass_(3600)
        yield Desk(journal, CountingPlatform({f"F-{index}": seen(index) for index in range(count)}), clock)


def test_the_first_press_reads_each_history_and_the_next_ones_none(desk: Desk) -> None:
    assert sorted(desk.calls()) == ["history 0", "history 1", "history 2", "search"]
    assert desk.calls() == ["search"]


def test_what_changed_is_read_and_nothing_else(desk: Desk) -> None:
    desk.press()
    desk.platform.change(1, "SUSPENDUE", NOON + timedelta(days=1), status_comment="Bon de livraison manquant")

    assert desk.calls() == ["search", "history 1"]
    assert (desk.record(1).chorus_status, desk.record(1).status_comment) == ("SUSPENDUE", "Bon de livraison manquant")


def test_a_press_that_changes_nothing_writes_no_line(desk: Desk) -> None:
    desk.press()
    head = desk.journal.head()

    desk.press()

    assert desk.journal.head() == head


@pytest.mark.parametrize("status", ["MISE_EN_PAIEMENT", "ABANDONNEE", "SUPPRIMEE"])
def test_what_is_finished_is_asked_for_no_more(desk: Desk, status: str) -> None:
    for index in range(3):
        desk.platform.change(index, status)
    desk.press()

    assert desk.calls() == []


def test_a_booked_invoice_is_asked_for_until_its_payment_may_be_thought_not_reported(desk: Desk) -> None:
    for index in range(3):
        desk.platform.change(index, "COMPTABILISEE")
    desk.press()
    desk.clock.pass_(60 * 86_400)
    assert desk.calls() == ["search"]

    desk.clock.pass_(2 * 86_400)

    assert desk.calls() == []


@pytest.mark.parametrize("status", ["MANDATEE", "MISE_A_DISPOSITION", "SUSPENDUE", "NON_CONFORME", "EN_LEVITATION"])
def test_what_may_still_change_is_asked_for(desk: Desk, status: str) -> None:
    for index in range(3):
        desk.platform.change(index, status)
    desk.press()

    assert desk.calls() == ["search"]


def test_a_rejection_is_asked_for_until_the_platform_says_it_was_acknowledged(desk: Desk) -> None:
    for index in range(3):
        desk.platform.change(index, "REJETEE")
    desk.press()
    assert desk.calls() == ["search"]
    for index in range(3):
        desk.platform.change(index, "REJETEE", rejection_handled=True)

    assert desk.calls() == ["search"]
    assert desk.calls() == []
    assert show.is_handled(desk.record(0))


def test_a_rejection_that_we_acknowledged_ourselves_is_asked_for_no_more(desk: Desk) -> None:
    for index in range(3):
        desk.platform.change(index, "REJETEE")
    desk.press()
    for index in range(3):
        desk.journal.begin_act(f"F-{index}", Act.ACKNOWLEDGE, show.occasion(desk.record(index)), {})
        desk.journal.record_act(f"F-{index}", ActEvent.ACCEPT, {})

    assert desk.calls() == []


def test_an_acknowledgement_holds_for_its_own_rejection_alone(desk: Desk) -> None:
    desk.platform.change(0, "REJETEE", rejection_handled=True)
    desk.press()
    desk.journal.note_status("F-0", "REJETEE", NOON + timedelta(days=3), "")

    assert not show.is_handled(desk.record(0))


# A process that dies, a history that fails.


def test_a_history_that_failed_is_read_at_the_next_press(desk: Desk) -> None:
    desk.platform.errors["history 1"] = InDoubtError("CX421", operation="historique")

    _, unread = desk.press()
    desk.platform.errors.clear()

    assert unread == {"F-1"}
    assert desk.record(1).chorus_status == "DEPOSEE"
    assert desk.calls() == ["search", "history 1"]


def test_a_history_that_failed_is_read_even_when_the_invoice_is_finished_by_then(desk: Desk) -> None:
    for index in range(3):
        desk.platform.change(index, "MISE_EN_PAIEMENT")
    desk.platform.errors["history 2"] = InDoubtError("CX421", operation="historique")
    desk.press()
    desk.platform.errors.clear()

    assert desk.calls() == ["history 2"]
    assert desk.calls() == []


@pytest.mark.parametrize("fatal", ["note_passages", "note"])
def test_a_press_killed_around_a_history_loses_nothing(desk: Desk, fatal: str) -> None:
    def cut(*_: object) -> None:
        raise PowerCutError

    keep = getattr(desk.journal, fatal)
    setattr(desk.journal, fatal, cut)
    with pytest.raises(PowerCutError):
        desk.press()
    setattr(desk.journal, fatal, keep)

    assert len(desk.calls()) == 4
    assert all(len(desk.record(index).passages) == 1 for index in range(3))


def test_a_history_that_never_shows_the_status_is_not_asked_for_for_ever(desk: Desk) -> None:
    desk.platform.change(0, "SUSPENDUE", NOON + timedelta(days=1))
    desk.platform.histories[seen(0).chorus_invoice_id] = (Passage("DEPOSEE", NOON),)
    desk.press()

    assert desk.calls() == ["search"]


def test_a_history_that_the_platform_refuses_is_not_asked_for_again(desk: Desk) -> None:
    desk.platform.errors["history 0"] = RefusedError("CX316", label="GDP_MSG_11.008", return_code="20000")
    desk.press()

    assert desk.calls() == ["search"]
    assert desk.record(0).notes["history"]["label"] == "GDP_MSG_11.008"


@pytest.mark.parametrize(
    ("error", "tried"),
    [(InDoubtError("CX421", operation="historique"), 3), (SetupError("CX313", operation="historique"), 1)],
    ids=["no answer", "not entitled"],
)
def test_a_platform_that_gives_no_history_is_not_asked_for_all(
    tmp_path: Path, error: InDoubtError | SetupError, tried: int
) -> None:
    for desk in desk_of(tmp_path, 12):
        desk.platform.errors["history"] = error

        _, unread = desk.press()

        assert len(unread) == 12
        assert sum(call.startswith("history") for call in desk.platform.calls) == tried
        assert all(desk.record(index).chorus_status == "DEPOSEE" for index in range(12))


def test_a_few_histories_that_always_fail_do_not_keep_the_others_waiting_for_ever(tmp_path: Path) -> None:
    for desk in desk_of(tmp_path, 8):
        for index in range(3):
            desk.platform.errors[f"history {index}"] = InDoubtError("CX425", operation="historique")

        for _ in range(8):
            desk.press()
            desk.clock.pass_(61)

        assert [bool(desk.record(index).passages) for index in range(8)] == [False] * 3 + [True] * 5


# What the platform no longer shows, or not yet.


def test_a_deleted_invoice_costs_one_look_up_a_press_and_keeps_its_state(desk: Desk) -> None:
    desk.press()
    del desk.platform.rows["F-1"]

    assert desk.calls() == ["search", "find F-1"]
    assert desk.press()[0].missing == {"F-1"}
    assert (desk.record(1).state, desk.record(1).chorus_status) == (State.ACCEPTED, "DEPOSEE")


def test_an_invoice_that_only_its_number_shows_is_found_by_it(desk: Desk) -> None:
    desk.press()
    desk.platform.change(1, "MANDATEE", NOON + timedelta(days=1))
    desk.platform.hides_from_periods = {"F-1"}

    assert desk.calls() == ["search", "find F-1", "history 1"]
    assert desk.record(1).chorus_status == "MANDATEE"


def test_look_ups_in_vain_are_given_up_and_said(tmp_path: Path) -> None:
    for desk in desk_of(tmp_path, 50):
        desk.platform.rows.clear()

        followed, _ = desk.press()

        assert sum(call.startswith("find") for call in desk.platform.calls) == 20
        assert (len(followed.missing), len(followed.unasked)) == (20, 30)


def test_what_was_deposited_a_moment_ago_is_not_called_missing(desk: Desk) -> None:
    desk.press()
    know(desk.journal, 7)

    followed, _ = desk.press()

    assert (set(followed.late), set(followed.missing)) == ({"F-7"}, set())
    assert not any(call in ("find F-7", "history 7") for call in desk.platform.calls)


def test_another_invoice_under_our_number_is_not_ours(desk: Desk) -> None:
    desk.press()
    desk.platform.change(1, "REJETEE", chorus_invoice_id=5)

    assert desk.press()[0].missing == {"F-1"}
    assert desk.record(1).chorus_status == "DEPOSEE"


# Few calls.


def many(folder: Path) -> Iterator[Desk]:
    """Two hundred and fifty deposits, a day each; all are paid but the last."""
    clock = Clock()
    with make_journal(folder, clock) as journal:
        for index in range(250):
            paid = "MISE_EN_PAIEMENT" if index < 249 else "DEPOSEE"
            know(journal, index, LONG_AGO + timedelta(days=index), paid)
        clock.pass_(3600)
        newest = seen(249, deposited_on=LONG_AGO + timedelta(days=249))
        yield Desk(journal, CountingPlatform({"F-249": newest}), clock)


def test_an_old_straggler_is_asked_for_by_number_where_that_is_cheaper(tmp_path: Path) -> None:
    for desk in many(tmp_path):
        know(desk.journal, 500, LONG_AGO)
        desk.platform.rows["F-500"] = seen(500, deposited_on=LONG_AGO)
        desk.clock.pass_(3600)
        desk.press()

        assert desk.calls() == ["search", "find F-500"]


def test_what_was_recognised_a_moment_ago_among_old_ones_is_not_called_late(tmp_path: Path) -> None:
    for desk in many(tmp_path):
        know(desk.journal, 500, LONG_AGO)
        desk.platform.rows["F-500"] = seen(500, deposited_on=LONG_AGO)

        followed, _ = desk.press()

        assert not followed.late | followed.missing


def test_a_row_without_a_status_takes_back_nothing(desk: Desk) -> None:
    desk.platform.change(0, "SUSPENDUE")
    desk.press()
    desk.platform.change(0, "")

    desk.press()

    assert desk.record(0).chorus_status == "SUSPENDUE"


# Both clocks, who, why; and histories that are odd.


def test_a_status_is_kept_with_both_clocks_its_reason_and_who(desk: Desk) -> None:
    at = datetime(2026, 11, 24, 9, 14)  # noqa: DTZ001 - Paris, naive
    desk.platform.change(0, "SUSPENDUE", at, status_comment="Bon de livraison manquant")
    told = Passage("SUSPENDUE", at, "Bon de livraison manquant", "Camille AGENT D'ESSAI")
    desk.platform.histories[seen(0).chorus_invoice_id] = (Passage("DEPOSEE", NOON - timedelta(days=1)), told)

    desk.press()

    lines = {entry.event: entry for entry in desk.journal.entries(["F-0"])}
    assert lines["status"].at == desk.clock()
    assert lines["status"].details["chorus_status"] == "SUSPENDUE"
    assert lines["status"].details["status_since"] == at.isoformat()
    assert lines["status"].details["comment"] == "Bon de livraison manquant"
    assert lines["passage"].at == desk.clock()
    assert lines["passage"].details["by"] == "Camille AGENT D'ESSAI"
    assert desk.record(0).passages[-1] == told


def test_a_status_that_goes_backwards_is_shown_and_kept_as_the_platform_says(desk: Desk) -> None:
    desk.platform.change(0, "MANDATEE", NOON + timedelta(days=9))
    desk.press()
    desk.platform.change(0, "MISE_A_DISPOSITION", NOON + timedelta(days=2))

    desk.press()

    record = desk.record(0)
    assert (record.chorus_status, record.status_since) == ("MISE_A_DISPOSITION", NOON + timedelta(days=2))
    assert [passage.status for passage in record.passages] == ["MISE_A_DISPOSITION", "MANDATEE"]
    seen_ones = [entry.details["chorus_status"] for entry in desk.journal.entries(["F-0"]) if entry.event == "status"]
    assert seen_ones == ["MANDATEE", "MISE_A_DISPOSITION"]


def test_a_history_of_five_hundred_lines_is_kept_whole_and_once(desk: Desk) -> None:
    words = ("SUSPENDUE", "COMPLETEE")
    lines = tuple(Passage(words[index % 2], NOON + timedelta(minutes=index), f"n° {index}") for index in range(500))
    desk.platform.histories[seen(0).chorus_invoice_id] = lines
    desk.press()
    assert desk.record(0).passages == lines
    longer = (*lines, Passage("MANDATEE", NOON + timedelta(days=9)))
    desk.platform.histories[seen(0).chorus_invoice_id] = longer
    desk.platform.change(0, "MANDATEE", NOON + timedelta(days=9))

    desk.press()

    assert desk.record(0).passages == longer
    assert sum(entry.event == "passage" for entry in desk.journal.entries(["F-0"])) == 501


def test_history_lines_of_one_minute_and_status_are_each_kept(desk: Desk) -> None:
    """The history tells minutes: what else a line says is all that tells two of them apart; the same twice is two."""
    reasons = ("Bon absent", "Bon illisible", "Bon illisible", "")
    lines = (*(Passage("SUSPENDUE", NOON, reason) for reason in reasons), Passage("SUSPENDUE", NOON, "", "Zoé D'ESSAI"))
    desk.platform.histories[seen(0).chorus_invoice_id] = lines[:2]
    desk.press()
    desk.platform.histories[seen(0).chorus_invoice_id] = lines
    desk.platform.change(0, "SUSPENDUE", NOON)

    desk.press()
    desk.press()

    assert desk.record(0).passages == lines
    assert sum(entry.event == "passage" for entry in desk.journal.entries(["F-0"])) == len(lines)
