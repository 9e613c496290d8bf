"""The table of an act's life, walked in full."""

from collections.abc import Iterator
from datetime import datetime
from itertools import product

import pytest

from chorus_xl.domain.acts import (
    ACTABLE,
    READ_OFF,
    TRANSITIONS,
    UNSETTLED_ACTS,
    Act,
    ActEvent,
    ActState,
    advance_act,
    occasion_of,
    read_occasion,
)
from chorus_xl.domain.columns import INVOICES
from chorus_xl.domain.lifecycle import IllegalEventError

GRID = """
           NONE      INTENDED  DONE      REFUSED   NOT_SENT  IN_DOUBT  FREE
INTEND     INTENDED  -         -         INTENDED  INTENDED  -         INTENDED
ACCEPT     -         DONE      DONE      DONE      DONE      DONE      DONE
REFUSE     -         REFUSED   DONE      REFUSED   NOT_SENT  IN_DOUBT  FREE
NOT_SEND   -         NOT_SENT  DONE      REFUSED   NOT_SENT  IN_DOUBT  FREE
LOSE       -         IN_DOUBT  DONE      IN_DOUBT  IN_DOUBT  IN_DOUBT  IN_DOUBT
FIND       -         DONE      DONE      DONE      DONE      DONE      DONE
SETTLE     -         FREE      DONE      REFUSED   NOT_SENT  FREE      FREE
"""


def cells() -> Iterator[tuple[ActState, ActEvent, ActState | None]]:
    header, *rows = GRID.strip().splitlines()
    states = [ActState[name] for name in header.split()]
    for row in rows:
        event, *after = row.split()
        for state, name in zip(states, after, strict=True):
            yield state, ActEvent[event], None if name == "-" else ActState[name]


CELLS = tuple(cells())


def test_the_grid_names_every_state_and_event_once() -> None:
    assert sorted((state, event) for state, event, _ in CELLS) == sorted(product(ActState, ActEvent))


@pytest.mark.parametrize(
    ("state", "event", "after"), [pytest.param(*cell, id=f"{cell[0]}-{cell[1]}") for cell in CELLS if cell[2]]
)
def test_a_cell_leads_where_the_grid_says(state: ActState, event: ActEvent, after: ActState) -> None:
    assert advance_act(state, event) is after


@pytest.mark.parametrize(
    ("state", "event"), [pytest.param(*cell[:2], id=f"{cell[0]}-{cell[1]}") for cell in CELLS if not cell[2]]
)
def test_a_missing_cell_is_an_error(state: ActState, event: ActEvent) -> None:
    with pytest.raises(IllegalEventError, match=f"{state} on {event}$"):
        advance_act(state, event)


def test_an_act_may_be_tried_from_these_states_alone() -> None:
    assert frozenset({ActState.NONE, ActState.REFUSED, ActState.NOT_SENT, ActState.FREE}) == ACTABLE
    assert not ACTABLE & UNSETTLED_ACTS


def test_nothing_leads_away_from_done() -> None:
    assert set(TRANSITIONS[ActState.DONE].values()) == {ActState.DONE}


def test_only_a_look_up_or_the_platforms_yes_ends_a_doubt() -> None:
    ends = {event for event, after in TRANSITIONS[ActState.IN_DOUBT].items() if after is not ActState.IN_DOUBT}

    assert ends == {ActEvent.ACCEPT, ActEvent.FIND, ActEvent.SETTLE}


@pytest.mark.parametrize(("state", "event"), [cell[:2] for cell in CELLS if cell[2]], ids=str)
def test_late_news_of_an_overtaken_attempt_counts_only_when_it_was_done(state: ActState, event: ActEvent) -> None:
    after = advance_act(state, event, overtaken=True)

    assert after is (ActState.DONE if event in (ActEvent.ACCEPT, ActEvent.FIND) else state)


@pytest.mark.parametrize("since", [None, datetime(2026, 11, 5, 9, 14, 2)])  # noqa: DTZ001 - Paris, as the platform says
def test_an_occasion_can_be_read_again(since: datetime | None) -> None:
    assert read_occasion(occasion_of("SUSPENDUE", since)) == ("SUSPENDUE", since)


def test_two_suspensions_within_a_second_are_two_occasions() -> None:
    moment = datetime(2026, 11, 5, 9, 14, 2, 777_000)  # noqa: DTZ001 - as above

    assert occasion_of("SUSPENDUE", moment) != occasion_of("SUSPENDUE", moment.replace(microsecond=0))


def test_every_act_is_read_off_columns_of_the_sheet() -> None:
    assert set(READ_OFF) == set(Act)
    for name in frozenset().union(*READ_OFF.values()):
        assert INVOICES.column(name).attribute == name
