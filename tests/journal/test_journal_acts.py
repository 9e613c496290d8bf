"""Acts in the journal: begun once an occasion, one at a time, and late news never settles what it is not about."""

from collections.abc import Callable

import pytest

from chorus_xl.domain.acts import Act, ActEvent, ActState
from chorus_xl.domain.lifecycle import Event
from chorus_xl.domain.records import Record
from chorus_xl.errors import BugError
from chorus_xl.journal import SqlJournal

OpenJournal = Callable[..., SqlJournal]

FIRST, SECOND = "SUSPENDUE 2026-11-24T08:31:00", "SUSPENDUE 2026-11-26T10:00:00"
CONTENT = {"attachments": "bon.pdf", "comment": "Voici le bon"}


@pytest.fixture
def journal(opened: OpenJournal) -> SqlJournal:
    """One that holds an accepted invoice."""
    journal = opened()
    journal.intend("F1", {"total_with_vat": "120.00"})
    journal.record("F1", Event.ACCEPT, {"chorus_invoice_id": "77"})
    return journal


def record(journal: SqlJournal) -> Record:
    return journal.records()["F1"]


def states(journal: SqlJournal) -> list[tuple[str, ActState]]:
    return [(act.occasion, act.state) for act in record(journal).acts]


def test_an_act_holds_what_was_intended_and_said(journal: SqlJournal, opened: OpenJournal) -> None:
    assert journal.begin_act("F1", Act.COMPLETE, FIRST, CONTENT)
    journal.record_act("F1", ActEvent.ACCEPT, {"return_code": "0"}, {"request": "{}"})

    act = record(opened()).act
    assert act is not None
    assert (act.act, act.occasion, act.state, act.attempt) == (Act.COMPLETE, FIRST, ActState.DONE, 1)
    assert (act.content, act.details) == (CONTENT, {"return_code": "0"})
    assert act.intended_at < act.changed_at  # type: ignore[operator]  # both are there
    assert [line.event for line in journal.entries()][-2:] == ["act_accept", "exchange"]


@pytest.mark.parametrize("told", ["never heard of", "not accepted"])
def test_only_an_accepted_invoice_is_acted_on(opened: OpenJournal, told: str) -> None:
    journal = opened()
    if told == "not accepted":
        journal.intend("F1", {})

    assert not journal.begin_act("F1", Act.COMPLETE, FIRST, CONTENT)
    assert [line.event for line in journal.entries() if line.event == "act_intend"] == []


@pytest.mark.parametrize(
    ("event", "again"),
    [
        (None, False),
        (ActEvent.ACCEPT, False),
        (ActEvent.FIND, False),
        (ActEvent.LOSE, False),
        (ActEvent.REFUSE, True),
        (ActEvent.NOT_SEND, True),
        (ActEvent.SETTLE, True),
    ],
    ids=str,
)
def test_the_state_decides_whether_an_occasion_may_be_tried_again(
    journal: SqlJournal,
    event: ActEvent | None,
    again: bool,  # noqa: FBT001 - a parameter
) -> None:
    journal.begin_act("F1", Act.COMPLETE, FIRST, CONTENT)
    if event:
        journal.record_act("F1", event, {})

    assert journal.begin_act("F1", Act.COMPLETE, FIRST, CONTENT) is again


def test_an_act_done_stays_done_when_another_followed(journal: SqlJournal) -> None:
    for occasion in (FIRST, SECOND):
        assert journal.begin_act("F1", Act.COMPLETE, occasion, CONTENT)
        journal.record_act("F1", ActEvent.ACCEPT, {})

    assert states(journal) == [(FIRST, ActState.DONE), (SECOND, ActState.DONE)]
    assert not journal.begin_act("F1", Act.COMPLETE, FIRST, CONTENT)


@pytest.mark.parametrize("lost", [False, True], ids=["no outcome yet", "in doubt"])
def test_nothing_begins_while_an_act_is_unsettled(journal: SqlJournal, *, lost: bool) -> None:
    journal.begin_act("F1", Act.COMPLETE, FIRST, CONTENT)
    if lost:
        journal.record_act("F1", ActEvent.LOSE, {})

    assert not journal.begin_act("F1", Act.RECYCLE, "A_RECYCLER 2026-11-26T10:00:00", {})
    assert not journal.begin_act("F1", Act.COMPLETE, SECOND, CONTENT)


def test_two_presses_begin_one_act(journal: SqlJournal, opened: OpenJournal) -> None:
    assert [each.begin_act("F1", Act.COMPLETE, FIRST, CONTENT) for each in (journal, opened(machine="PC-2"))] == [
        True,
        False,
    ]


def test_the_outcome_that_comes_after_anothers_look_up_is_kept(journal: SqlJournal, opened: OpenJournal) -> None:
    journal.begin_act("F1", Act.COMPLETE, FIRST, CONTENT)
    other = opened(machine="PC-2")
    other.records()
    other.record_act("F1", ActEvent.SETTLE, {})

    assert journal.record_act("F1", ActEvent.ACCEPT, {}) is ActState.DONE


@pytest.mark.parametrize("late", [ActEvent.REFUSE, ActEvent.NOT_SEND, ActEvent.LOSE])
def test_a_late_outcome_does_not_open_a_newer_attempt(journal: SqlJournal, opened: OpenJournal, late: ActEvent) -> None:
    slow, quick = journal, opened(machine="PC-2")
    slow.begin_act("F1", Act.COMPLETE, FIRST, CONTENT)
    quick.records()
    quick.record_act("F1", ActEvent.SETTLE, {})
    assert quick.begin_act("F1", Act.COMPLETE, FIRST, CONTENT)

    slow.record_act("F1", late, {})

    assert states(quick) == [(FIRST, ActState.INTENDED)]


def test_a_late_look_up_does_not_settle_an_attempt_that_it_did_not_know(
    journal: SqlJournal, opened: OpenJournal
) -> None:
    slow, quick = opened(machine="PC-2"), journal
    quick.begin_act("F1", Act.COMPLETE, FIRST, CONTENT)
    quick.record_act("F1", ActEvent.LOSE, {})
    slow.records()
    quick.records()
    quick.record_act("F1", ActEvent.SETTLE, {})
    quick.begin_act("F1", Act.COMPLETE, FIRST, CONTENT)

    slow.record_act("F1", ActEvent.SETTLE, {})

    assert states(quick) == [(FIRST, ActState.INTENDED)]


def test_a_late_yes_to_an_older_act_moves_that_one_alone(journal: SqlJournal, opened: OpenJournal) -> None:
    slow, quick = journal, opened(machine="PC-2")
    slow.begin_act("F1", Act.RECYCLE, "A_RECYCLER 2026-11-24T08:31:00", {"recipient_siret": "1"})
    quick.records()
    quick.record_act("F1", ActEvent.SETTLE, {})
    quick.begin_act("F1", Act.COMPLETE, SECOND, CONTENT)

    assert slow.record_act("F1", ActEvent.ACCEPT, {}) is ActState.DONE

    assert [act.state for act in record(quick).acts] == [ActState.DONE, ActState.INTENDED]
    assert record(quick).act == record(quick).acts[1]


def test_a_doubt_that_comes_late_is_looked_up_before_the_newest_act(journal: SqlJournal, opened: OpenJournal) -> None:
    slow, quick = journal, opened(machine="PC-2")
    slow.begin_act("F1", Act.COMPLETE, FIRST, CONTENT)
    quick.records()
    quick.record_act("F1", ActEvent.SETTLE, {})
    quick.begin_act("F1", Act.COMPLETE, SECOND, CONTENT)
    slow.record_act("F1", ActEvent.LOSE, {})

    looking = opened(machine="PC-3")
    unsettled = record(looking).unsettled_act
    looking.record_act("F1", ActEvent.FIND, {})

    assert unsettled is not None
    assert unsettled.occasion == FIRST
    assert states(looking) == [(FIRST, ActState.DONE), (SECOND, ActState.INTENDED)]


@pytest.mark.parametrize("event", [event for event in ActEvent if event is not ActEvent.INTEND])
def test_an_event_of_no_act_is_our_bug_and_writes_nothing(journal: SqlJournal, event: ActEvent) -> None:
    before = len(journal.entries())

    with pytest.raises(BugError):
        journal.record_act("F1", event, {})

    assert len(journal.entries()) == before


def test_the_deposits_own_state_is_not_touched_by_acts(journal: SqlJournal) -> None:
    before = record(journal)
    journal.begin_act("F1", Act.COMPLETE, FIRST, CONTENT)
    journal.record_act("F1", ActEvent.LOSE, {})

    after = record(journal)
    assert (after.state, after.content, after.details, after.changed_at) == (
        before.state,
        before.content,
        before.details,
        before.changed_at,
    )
