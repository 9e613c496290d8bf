"""Calls start apart, over all threads, and wait when asked to."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock

import pytest

from chorus_xl.chorus.pace import LONGEST_HOLD, Pacer, seconds_to_wait
from tests.chorus.app import FakeTime

NOW = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)


def test_calls_start_at_least_an_interval_apart() -> None:
    time = FakeTime()
    pacer = Pacer(1.0, time.now, time.sleep)

    for _ in range(4):
        pacer.wait()

    assert time.slept == [1.0, 1.0, 1.0]


def test_time_that_has_passed_by_itself_is_not_waited_for_again() -> None:
    time = FakeTime()
    pacer = Pacer(1.0, time.now, time.sleep)

    pacer.wait()
    time.moment += timedelta(seconds=0.75)
    pacer.wait()

    assert time.slept == [0.25]


def test_threads_are_given_slots_of_their_own() -> None:
    slept: list[float] = []
    lock = Lock()

    def sleep(seconds: float) -> None:
        with lock:
            slept.append(seconds)

    pacer = Pacer(1.0, lambda: NOW, sleep)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(8):
            pool.submit(pacer.wait)

    assert sorted(slept) == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]


def test_without_an_interval_nothing_waits() -> None:
    time = FakeTime()
    pacer = Pacer(0.0, time.now, time.sleep)

    for _ in range(3):
        pacer.wait()

    assert time.slept == []


@pytest.mark.parametrize("asked", [20.0, LONGEST_HOLD])
def test_a_pause_asked_for_holds_everybody(asked: float) -> None:
    time = FakeTime()
    pacer = Pacer(0.0, time.now, time.sleep)

    pacer.hold(asked)

    assert pacer.wait()
    assert time.slept == [asked]


def test_a_pause_too_long_to_wait_turns_everybody_away_until_it_is_over() -> None:
    time = FakeTime()
    pacer = Pacer(0.0, time.now, time.sleep)

    pacer.hold(LONGEST_HOLD + 1)
    during = [pacer.wait(), pacer.wait()]
    time.moment += timedelta(seconds=LONGEST_HOLD + 1)

    assert (during, pacer.wait()) == ([False, False], True)
    assert time.slept == []


@dataclass
class Meanwhile:
    """A clock that only sleeping moves; in the middle of the first sleep, something else happens."""

    time: FakeTime
    happen: Callable[[], None]
    is_over: bool = False

    def sleep(self, seconds: float) -> None:
        if not self.is_over:
            self.is_over = True
            self.happen()
        self.time.sleep(seconds)


def test_a_call_that_waits_for_its_start_waits_out_a_pause_that_is_asked_for_meanwhile() -> None:
    time = FakeTime()
    meanwhile = Meanwhile(time, lambda: pacer.hold(20.0))
    pacer = Pacer(1.0, time.now, meanwhile.sleep)

    pacer.wait()
    began = [pacer.wait(), pacer.wait()]

    assert began == [True, True]
    assert time.slept == [1.0, 19.0, 1.0], "one starts when the pause ends, the next an interval later"


def test_a_call_that_waits_for_its_start_is_turned_away_by_a_long_pause_that_is_asked_for_meanwhile() -> None:
    time = FakeTime()
    meanwhile = Meanwhile(time, lambda: pacer.hold(LONGEST_HOLD + 1))
    pacer = Pacer(1.0, time.now, meanwhile.sleep)

    pacer.wait()

    assert pacer.wait() is False
    assert time.slept == [1.0]


def test_a_clock_set_back_an_hour_is_not_waited_for() -> None:
    time = FakeTime()
    pacer = Pacer(1.0, time.now, time.sleep)

    pacer.wait()
    time.moment -= timedelta(hours=1)
    pacer.wait()
    pacer.wait()

    assert time.slept == [1.0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("20", 20.0),
        ("Mon, 03 Nov 2025 09:00:30 GMT", 30.0),
        ("Mon, 03 Nov 2025 09:00:30 -0000", 30.0),
        ("Mon, 03 Nov 2025 08:59:00 GMT", 0.0),
        ("", None),
        ("bientôt", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
    ],
)
def test_retry_after_is_read_in_both_its_forms(header: str, seconds: float | None) -> None:
    assert seconds_to_wait(header, NOW) == seconds
