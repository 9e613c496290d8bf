"""The table of a deposit's life, walked in full, and its safety searched for in the graph."""

from collections.abc import Iterator
from itertools import product

import pytest

from chorus_xl.domain.lifecycle import (
    SENDABLE,
    TRANSITIONS,
    UNSETTLED,
    Event,
    IllegalEventError,
    State,
    advance,
    confirms,
)

GRID = """
             NEW          INTENDED     IN_DOUBT     MISSED       CONTRADICTED FREE         REFUSED      NOT_SENT     ACCEPTED
INTEND       INTENDED     -            -            -            -            INTENDED     INTENDED     INTENDED     -
ACCEPT       -            ACCEPTED     ACCEPTED     ACCEPTED     ACCEPTED     ACCEPTED     ACCEPTED     ACCEPTED     ACCEPTED
REFUSE       -            REFUSED      IN_DOUBT     MISSED       CONTRADICTED REFUSED      REFUSED      -            ACCEPTED
NOT_SEND     -            NOT_SENT     IN_DOUBT     MISSED       CONTRADICTED NOT_SENT     -            NOT_SENT     ACCEPTED
LOSE         -            IN_DOUBT     IN_DOUBT     IN_DOUBT     CONTRADICTED IN_DOUBT     IN_DOUBT     IN_DOUBT     ACCEPTED
FIND         ACCEPTED     ACCEPTED     ACCEPTED     ACCEPTED     ACCEPTED     ACCEPTED     ACCEPTED     ACCEPTED     ACCEPTED
MISS         MISSED       MISSED       MISSED       MISSED       CONTRADICTED FREE         REFUSED      NOT_SENT     ACCEPTED
SETTLE       -            -            MISSED       FREE         CONTRADICTED FREE         REFUSED      NOT_SENT     ACCEPTED
CONTRADICT   CONTRADICTED CONTRADICTED CONTRADICTED CONTRADICTED CONTRADICTED CONTRADICTED CONTRADICTED CONTRADICTED ACCEPTED
RELEASE      -            -            -            FREE         FREE         -            -            -            -
"""  # noqa: E501 - a table

EVENTS_OF_A_CALL = (Event.ACCEPT, Event.REFUSE, Event.NOT_SEND, Event.LOSE)


def cells() -> Iterator[tuple[State, Event, State | None]]:
    header, *rows = GRID.strip().splitlines()
    states = [State[name] for name in header.split()]
    for row in rows:
        event, *after = row.split()
        for state, name in zip(states, after, strict=True):
            yield state, Event[event], None if name == "-" else State[name]


CELLS = tuple(cells())


def test_the_grid_names_every_state_and_event_once() -> None:
    assert sorted((state, event) for state, event, _ in CELLS) == sorted(product(State, Event))


@pytest.mark.parametrize(
    ("state", "event", "after"), [pytest.param(*cell, id=f"{cell[0]}-{cell[1]}") for cell in CELLS if cell[2]]
)
def test_a_cell_leads_where_the_grid_says(state: State, event: Event, after: State) -> None:
    assert advance(state, event) is after


@pytest.mark.parametrize(
    ("state", "event"), [pytest.param(*cell[:2], id=f"{cell[0]}-{cell[1]}") for cell in CELLS if not cell[2]]
)
def test_a_missing_cell_is_an_error(state: State, event: Event) -> None:
    with pytest.raises(IllegalEventError, match=f"{state} on {event}$"):
        advance(state, event)


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        TRANSITIONS[State.NEW] = {}  # type: ignore[index]  # that it is refused is the point


def test_a_send_is_possible_from_these_states_alone() -> None:
    assert frozenset({State.NEW, State.FREE, State.REFUSED, State.NOT_SENT}) == SENDABLE
    assert not SENDABLE & UNSETTLED


def test_only_an_intent_leads_to_intended() -> None:
    assert {event for state, event, after in CELLS if after is State.INTENDED} == {Event.INTEND}


@pytest.mark.parametrize("state", [state for state in State if state is not State.NEW])
@pytest.mark.parametrize("event", [Event.ACCEPT, Event.FIND])
def test_an_acceptance_is_never_lost_once_something_was_tried(state: State, event: Event) -> None:
    assert advance(state, event) is State.ACCEPTED
    assert advance(state, event, overtaken=True) is State.ACCEPTED


@pytest.mark.parametrize(
    ("start", "opened_by"),
    [
        (State.ACCEPTED, frozenset[Event]()),
        (State.CONTRADICTED, frozenset({Event.RELEASE})),
        (State.MISSED, frozenset({Event.SETTLE, Event.RELEASE})),
        (State.IN_DOUBT, frozenset({Event.SETTLE, Event.RELEASE})),
        (State.INTENDED, frozenset({Event.SETTLE, Event.RELEASE, Event.REFUSE, Event.NOT_SEND})),
    ],
)
def test_no_path_leads_to_a_send_but_through_these(start: State, opened_by: frozenset[Event]) -> None:
    assert not _reachable(start, without=opened_by) & SENDABLE


def test_a_settlement_in_doubt_is_only_the_first_look_up() -> None:
    assert not _reachable(State.IN_DOUBT, without=frozenset({Event.MISS, Event.SETTLE, Event.RELEASE})) & SENDABLE
    state = State.NEW
    for event in (Event.INTEND, Event.LOSE, Event.MISS, Event.LOSE, Event.SETTLE):
        state = advance(state, event)

    assert state is State.MISSED


def _reachable(start: State, without: frozenset[Event]) -> set[State]:
    seen, todo = {start}, [start]
    while todo:
        state = todo.pop()
        following = {after for event, after in TRANSITIONS[state].items() if event not in without}
        todo += following - seen
        seen |= following
    return seen


def test_three_attempts_from_any_pc_never_send_over_an_unsettled_one() -> None:
    """Search every world of at most three attempts: calls under way, late outcomes and look-ups in any order.

    A world is the state, the newest attempt, whether the platform was ever known to hold the invoice, and for each
    attempt: None when its call ended in the platform's or the socket's word, else how many look-ups came in vain
    since it was sent or lost (2 is enough), and whether it is still under way.
    """
    worlds: set[World] = {(State.NEW, 0, False, ())}
    todo = list(worlds)
    while todo:
        for world in _next_worlds(*todo.pop()):
            if world not in worlds:
                worlds.add(world)
                todo.append(world)
    assert {state for state, *_ in worlds} == set(State)


Attempt = tuple[int, bool] | None
World = tuple[State, int, bool, tuple[Attempt, ...]]


def _next_worlds(state: State, newest: int, held: bool, attempts: tuple[Attempt, ...]) -> Iterator[World]:  # noqa: FBT001 - a tuple's member
    if state in SENDABLE and newest < 3:
        assert not held, "sent over an acceptance"
        assert all(one is None or one[0] >= 2 for one in attempts), f"sent over an unsettled attempt: {attempts}"
        yield advance(state, Event.INTEND), newest + 1, held, (*attempts, (0, True))
    for number, one in enumerate(attempts, start=1):
        if one is None or not one[1]:
            continue
        for event in EVENTS_OF_A_CALL:
            ended = (0, False) if event is Event.LOSE else None
            after = advance(state, event, overtaken=number < newest)
            known = held or event is Event.ACCEPT
            yield after, newest, known, (*attempts[: number - 1], ended, *attempts[number:])
    for event, seen in product((Event.FIND, Event.MISS, Event.SETTLE, Event.CONTRADICT, Event.RELEASE), (1, 2, 3)):
        if seen > newest:
            continue
        try:
            after = advance(state, event, overtaken=seen < newest)
        except IllegalEventError:
            assert event in (Event.SETTLE, Event.RELEASE)
            continue
        looked_up = attempts
        if seen == newest and event in (Event.MISS, Event.SETTLE):
            looked_up = tuple(one and (min(one[0] + 1, 2), one[1]) for one in attempts)
        if event is Event.RELEASE:
            looked_up = tuple(one and (2, one[1]) for one in attempts)
        yield after, newest, held or event is Event.FIND, looked_up


@pytest.mark.parametrize("event", [Event.REFUSE, Event.NOT_SEND, Event.MISS, Event.SETTLE])
def test_news_of_an_overtaken_attempt_does_not_settle_the_newer_one(event: Event) -> None:
    assert advance(State.INTENDED, event, overtaken=True) is State.INTENDED


def test_an_overtaken_lost_answer_is_a_new_doubt() -> None:
    assert advance(State.REFUSED, Event.LOSE, overtaken=True) is State.IN_DOUBT


@pytest.mark.parametrize("event", [Event.INTEND, Event.RELEASE])
def test_an_overtaken_decision_is_an_error(event: Event) -> None:
    with pytest.raises(IllegalEventError, match="overtaken"):
        advance(State.FREE if event is Event.INTEND else State.MISSED, event, overtaken=True)


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (Event.FIND, State.ACCEPTED),
        (Event.ACCEPT, State.ACCEPTED),
        (Event.MISS, State.MISSED),
        (Event.LOSE, State.IN_DOUBT),
    ],
)
def test_an_event_that_leads_to_a_state_confirms_it(event: Event, state: State) -> None:
    assert confirms(event, state)


@pytest.mark.parametrize("event", [Event.REFUSE, Event.LOSE, Event.MISS, Event.CONTRADICT])
def test_what_an_acceptance_absorbs_does_not_confirm_it(event: Event) -> None:
    assert not confirms(event, State.ACCEPTED)
