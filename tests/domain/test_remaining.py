"""The time that is left is told from the pace so far, once there is one, in round words."""

from datetime import UTC, datetime, timedelta

import pytest

from chorus_xl.domain.remaining import Remaining
from chorus_xl.messages.words import time_left

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

# Calls of one press: seconds since the start, done, total, words; what is left, in seconds.
PRESS = [
    (0, 1, 100, "Dépôt", None),  # the first one done starts the clock: what came before it was no work
    (1, 2, 100, "Dépôt", None),  # too soon
    (2, 3, 100, "Dépôt", 97),
    (4, 3, 100, "Dépôt", 194),
    (98, 99, 100, "Dépôt", 1),
    (99, 100, 100, "Dépôt", None),
    (100, 5, 10, "Recherche", None),  # another piece of work
    (105, 5, 10, "Recherche", None),  # nothing done yet by which to tell
    (110, 6, 10, "Recherche", 40),
    (111, 1, 10, "Recherche", None),  # the same words again, from the beginning
    (108, 2, 10, "Recherche", None),  # a clock set back
]


def test_what_is_left_follows_from_the_pace_so_far() -> None:
    remaining = Remaining()

    for seconds, done, total, words, expected in PRESS:
        left = remaining.after(done, total, words, START + timedelta(seconds=seconds))
        assert (left and left.total_seconds()) == expected, (seconds, done)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "encore environ 10 s"),
        (10, "encore environ 10 s"),
        (11, "encore environ 20 s"),
        (89, "encore environ 90 s"),
        (91, "encore environ 2 min"),
        (121, "encore environ 3 min"),
        (59 * 60, "encore environ 59 min"),
        (3601, "encore environ 1 h 10"),
        (2 * 3600, "encore environ 2 h 00"),
        (7 * 3600 + 61 * 60 - 1, "encore environ 8 h 10"),
    ],
)
def test_what_is_left_is_told_in_round_words(seconds: float, words: str) -> None:
    assert time_left(timedelta(seconds=seconds)) == words
