"""What the journal remembers, through its port."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from chorus_xl.domain.canonical import content_hash
from chorus_xl.domain.lifecycle import Event, State
from chorus_xl.domain.records import Record
from chorus_xl.errors import BugError
from chorus_xl.journal import SqlJournal

OpenJournal = Callable[..., SqlJournal]

CONTENT = {"invoice_number": "F1", "total_with_vat": "120.00", "comment": "été « 2026 »"}


def test_an_empty_journal_knows_nothing(journal: SqlJournal) -> None:
    assert journal.records() == {}
    assert journal.records(["F1"]) == {}
    assert journal.entries() == []
    assert journal.head() == ""


def test_the_first_intent_takes_the_number(journal: SqlJournal) -> None:
    assert journal.intend("F1", CONTENT)
    assert not journal.intend("F1", CONTENT)


def test_an_intent_outlives_the_process(journal: SqlJournal, opened: OpenJournal) -> None:
    journal.intend("F1", CONTENT)
    journal.close()

    assert not opened().intend("F1", CONTENT)


def test_a_record_holds_what_was_intended_and_said(journal: SqlJournal, opened: OpenJournal) -> None:
    journal.intend("F1", CONTENT)
    journal.record("F1", Event.ACCEPT, {"chorus_invoice_id": "77", "receipt": "abc"})
    journal.note_status("F1", "DEPOSEE", datetime(2026, 11, 23, 9, 1), "reçue")  # noqa: DTZ001 - Paris time, as the platform gives it

    assert opened().records() == {
        "F1": Record(
            invoice_number="F1",
            state=State.ACCEPTED,
            content=CONTENT,
            details={"chorus_invoice_id": "77", "receipt": "abc"},
            chorus_status="DEPOSEE",
            status_since=datetime(2026, 11, 23, 9, 1),  # noqa: DTZ001 - as above
            status_comment="reçue",
            changed_at=datetime(2026, 11, 23, 8, 0, 1, tzinfo=UTC),
            intended_at=datetime(2026, 11, 23, 8, 0, 0, tzinfo=UTC),
            content_hash=content_hash(CONTENT),
        )
    }


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((Event.ACCEPT,), State.ACCEPTED),
        ((Event.REFUSE,), State.REFUSED),
        ((Event.NOT_SEND,), State.NOT_SENT),
        ((Event.LOSE,), State.IN_DOUBT),
        ((Event.LOSE, Event.MISS), State.MISSED),
        ((Event.LOSE, Event.MISS, Event.SETTLE), State.FREE),
        ((Event.LOSE, Event.MISS, Event.RELEASE), State.FREE),
        ((Event.REFUSE, Event.FIND), State.ACCEPTED),
        ((Event.LOSE, Event.CONTRADICT), State.CONTRADICTED),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else None,
)
@pytest.mark.parametrize("reopens", [False, True], ids=["one_process", "a_process_a_line"])
def test_events_are_replayed(opened: OpenJournal, events: tuple[Event, ...], state: State, reopens: bool) -> None:  # noqa: FBT001 - a parameter
    journal = opened()
    journal.intend("F1", CONTENT)
    for event in events:
        journal = opened() if reopens else journal
        told = journal.record("F1", event, {})

    assert told is state
    assert journal.records()["F1"].state is state


@pytest.mark.parametrize(
    ("event", "may_be_tried_again"),
    [(Event.REFUSE, True), (Event.NOT_SEND, True), (Event.ACCEPT, False), (Event.LOSE, False), (Event.MISS, False)],
)
def test_the_state_decides_whether_a_number_may_leave_again(
    journal: SqlJournal,
    event: Event,
    may_be_tried_again: bool,  # noqa: FBT001 - a parameter
) -> None:
    journal.intend("F1", CONTENT)
    journal.record("F1", event, {})

    assert journal.intend("F1", CONTENT) is may_be_tried_again


def test_an_invoice_found_without_ever_being_sent_from_here_is_accepted(journal: SqlJournal) -> None:
    assert journal.record("F1", Event.FIND, {"chorus_invoice_id": "77"}) is State.ACCEPTED
    assert journal.records()["F1"].content == {}


@pytest.mark.parametrize("event", [Event.ACCEPT, Event.LOSE, Event.RELEASE, Event.SETTLE])
def test_an_impossible_event_is_our_bug_and_writes_nothing(journal: SqlJournal, event: Event) -> None:
    with pytest.raises(BugError) as error:
        journal.record("F1", event, {})

    assert (error.value.code, error.value.params) == ("CX902", {"number": "F1", "state": "new", "event": event})
    assert journal.entries() == []


def test_an_acceptance_that_comes_after_anothers_look_up_is_kept(opened: OpenJournal) -> None:
    ours, theirs = opened(), opened(machine="PC-2")
    ours.intend("F1", CONTENT)
    theirs.record("F1", Event.MISS, {})

    assert ours.record("F1", Event.ACCEPT, {"chorus_invoice_id": "77"}) is State.ACCEPTED


def test_a_duplicate_verdict_does_not_undo_the_acceptance_of_an_earlier_attempt(opened: OpenJournal) -> None:
    slow, quick = opened(), opened(machine="PC-2")
    slow.intend("F1", CONTENT)
    quick.records()
    quick.record("F1", Event.MISS, {})
    quick.record("F1", Event.SETTLE, {})
    quick.intend("F1", {**CONTENT, "total_with_vat": "240.00"})

    assert slow.record("F1", Event.ACCEPT, {"chorus_invoice_id": "77"}) is State.ACCEPTED
    assert quick.record("F1", Event.REFUSE, {"label": "Doublon"}) is State.ACCEPTED

    record = quick.records()["F1"]
    assert record.details == {"chorus_invoice_id": "77"}
    assert record.content == CONTENT
    assert record.content_hash == content_hash(CONTENT)


@pytest.mark.parametrize("late", [Event.REFUSE, Event.NOT_SEND])
def test_a_late_outcome_does_not_open_the_number_over_a_newer_attempt(opened: OpenJournal, late: Event) -> None:
    slow, quick = opened(), opened(machine="PC-2")
    slow.intend("F1", CONTENT)
    quick.record("F1", Event.MISS, {})
    quick.record("F1", Event.SETTLE, {})
    quick.intend("F1", CONTENT)

    assert slow.record("F1", late, {}) is State.INTENDED
    assert not slow.intend("F1", CONTENT)


@pytest.mark.parametrize("late", [Event.MISS, Event.SETTLE])
def test_a_late_look_up_does_not_settle_an_attempt_that_it_did_not_know(opened: OpenJournal, late: Event) -> None:
    slow, quick = opened(), opened(machine="PC-2")
    quick.intend("F1", CONTENT)
    quick.record("F1", Event.LOSE, {})
    quick.record("F1", Event.MISS, {})
    slow.records()
    quick.record("F1", Event.SETTLE, {})
    quick.intend("F1", CONTENT)
    quick.record("F1", Event.LOSE, {})

    assert slow.record("F1", late, {}) is State.IN_DOUBT


def test_a_release_of_an_attempt_that_another_pc_has_overtaken_is_refused(opened: OpenJournal) -> None:
    slow, quick = opened(), opened(machine="PC-2")
    quick.intend("F1", CONTENT)
    quick.record("F1", Event.MISS, {})
    slow.records()
    quick.record("F1", Event.SETTLE, {})
    quick.intend("F1", CONTENT)
    quick.record("F1", Event.MISS, {})

    with pytest.raises(BugError):
        slow.record("F1", Event.RELEASE, {"because": "absente du portail"})


def test_a_new_state_starts_the_details_afresh_and_what_confirms_it_adds_to_them(journal: SqlJournal) -> None:
    journal.intend("F1", CONTENT)
    journal.record("F1", Event.REFUSE, {"label": "Doublon"})
    journal.record("F1", Event.FIND, {"chorus_invoice_id": "77", "deposited_on": "2026-11-23"})
    journal.record("F1", Event.CONTRADICT, {"chorus_invoice_id": "78"})
    journal.record("F1", Event.FIND, {"chorus_invoice_id": "77", "chorus_status": "DEPOSEE"})

    assert journal.records()["F1"].details == {
        "chorus_invoice_id": "77",
        "deposited_on": "2026-11-23",
        "chorus_status": "DEPOSEE",
    }


def test_a_new_intent_forgets_why_the_last_one_failed(journal: SqlJournal) -> None:
    journal.intend("F1", CONTENT)
    journal.record("F1", Event.REFUSE, {"label": "SIRET inconnu"})
    journal.intend("F1", CONTENT)

    assert journal.records()["F1"].details == {}


def test_a_second_miss_does_not_start_the_settling_delay_again(journal: SqlJournal) -> None:
    journal.intend("F1", CONTENT)
    journal.record("F1", Event.MISS, {})
    first = journal.records()["F1"].changed_at
    journal.record("F1", Event.MISS, {})

    assert journal.records()["F1"].changed_at == first


@pytest.mark.parametrize(
    "again",
    [("REJETEE", None, ""), ("DEPOSEE", datetime(2026, 1, 2), ""), ("DEPOSEE", None, "vu")],  # noqa: DTZ001 - Paris time
    ids=["status", "since", "comment"],
)
def test_a_status_is_noted_when_it_differs(journal: SqlJournal, again: tuple[str, datetime | None, str]) -> None:
    assert journal.note_status("F1", "DEPOSEE", None, "")
    assert not journal.note_status("F1", "DEPOSEE", None, "")
    assert journal.note_status("F1", *again)
    assert len(journal.entries()) == 2


def test_a_note_is_kept_and_moves_nothing(journal: SqlJournal) -> None:
    journal.intend("F1", CONTENT)
    journal.note("F1", "typed_over", {"value": "Déposée"})

    assert journal.records()["F1"].state is State.INTENDED
    assert [(entry.event, entry.details) for entry in journal.entries()][1:] == [("typed_over", {"value": "Déposée"})]


@pytest.mark.parametrize("event", [*Event, "status"])
def test_a_note_cannot_pass_for_what_moves_a_deposit(journal: SqlJournal, event: str) -> None:
    with pytest.raises(BugError):
        journal.note("F1", event, {})

    assert journal.entries() == []


def test_entries_say_what_when_by_whom_and_from_where(journal: SqlJournal) -> None:
    journal.intend("F1", CONTENT)

    (entry,) = journal.entries()

    assert (entry.sequence, entry.invoice_number, entry.event, entry.details) == (1, "F1", "intend", CONTENT)
    assert (entry.user, entry.machine, entry.hash) == ("agnes", "PC-1", journal.head())


def test_times_are_kept_in_utc_to_the_microsecond(opened: OpenJournal) -> None:
    there = timezone(timedelta(hours=2))
    journal = opened(now=lambda: datetime(2026, 7, 1, 1, 30, 0, 25, tzinfo=there))
    journal.intend("F1", CONTENT)

    assert journal.entries()[0].at == datetime(2026, 6, 30, 23, 30, 0, 25, tzinfo=UTC)


def test_a_clock_that_jumps_back_does_not_change_the_order(opened: OpenJournal) -> None:
    years = iter((2026, 2025, 2024))
    journal = opened(now=lambda: datetime(next(years), 1, 1, tzinfo=UTC))
    journal.intend("F1", CONTENT)
    journal.record("F1", Event.REFUSE, {})
    journal.intend("F1", CONTENT)

    assert [entry.event for entry in journal.entries()] == ["intend", "refuse", "intend"]
    assert journal.records()["F1"].state is State.INTENDED


def test_environments_and_suppliers_do_not_see_each_other_and_share_one_chain(opened: OpenJournal) -> None:
    here, elsewhere = opened(), opened(environment="production")
    other = opened(supplier_siret="22222222222222")

    assert all(one.intend("F1", CONTENT) for one in (here, elsewhere, other))
    assert [len(one.entries()) for one in (here, elsewhere, other)] == [1, 1, 1]
    assert here.head() == elsewhere.head() == other.entries()[0].hash
    assert here.verify() == ()


@pytest.mark.parametrize("number", ["F'1", 'F"1', "F%1", "F 1", "Ф1", "f1"])
def test_a_number_is_itself_and_no_other(journal: SqlJournal, number: str) -> None:
    journal.intend("F1", CONTENT)

    assert journal.intend(number, CONTENT)
    assert list(journal.records([number])) == [number]


def test_more_numbers_than_one_query_takes(journal: SqlJournal) -> None:
    for number in ("F0", "F600", "F1100"):
        journal.intend(number, CONTENT)
    wanted = [f"F{index}" for index in range(1200)]

    assert list(journal.records(wanted)) == ["F0", "F600", "F1100"]
    assert [entry.sequence for entry in journal.entries(reversed(wanted))] == [1, 2, 3]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_closing_leaves_one_file(journal: SqlJournal, path: Path) -> None:
    journal.intend("F1", CONTENT)
    journal.close()
    journal.close()

    assert list(path.parent.iterdir()) == [path]
