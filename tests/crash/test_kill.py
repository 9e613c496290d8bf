"""The process is really killed, before and after every effect of a press; then pressed again to the end.

See ``worlds`` for what a world is; ``python -m benchmarks.proof`` counts the same ones, and those of the wrong order.
"""

import sys
from collections.abc import Iterator

import pytest

from chorus_xl import simulator
from tests.crash import waiting
from tests.crash.worlds import BUTTONS, NUMBERS, WHEN, Stage, World, run_worlds, stage
from tests.faults.gestures import OPERATIONS
from tests.invariant import Watch

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is neither SIGKILL nor fork on Windows")

TOKEN, UPLOAD, SUBMIT = "oauth/token", "transverses/v1/ajouter/fichier", "factures/v1/soumettre"
SEARCH = "factures/v1/rechercher/fournisseur"
COMPLETE, ACKNOWLEDGE, RECYCLE = OPERATIONS["SUSPENDUE"], OPERATIONS["REJETEE"], OPERATIONS["A_RECYCLER"]


@pytest.fixture(scope="module")
def place() -> Iterator[Stage]:
    with stage() as made:
        yield made


@pytest.mark.parametrize(
    ("button", "effects"),
    [
        # An intent and an outcome an invoice; an upload more, since one has an attachment; the sheet's own file.
        ("deposit", {TOKEN: 1, UPLOAD: 4, SUBMIT: 3, "commit": 6, "sheet": 1, "file": 1}),
        ("refresh", {TOKEN: 1, SEARCH: 2, "commit": 4, "sheet": 1, "file": 1}),
        # An intent and an outcome an act, what is seen of each before and after it, and that a row was prepared; of
        # the files, one for the archive.
        (
            "act",
            {TOKEN: 1, SEARCH: 7, UPLOAD: 1, COMPLETE: 1, ACKNOWLEDGE: 1, RECYCLE: 1, "commit": 13}
            | {"sheet": 1, "file": 2},
        ),
    ],
)
def test_the_worlds_cover_every_effect_of_a_press(place: Stage, button: str, effects: dict[str, int]) -> None:
    worlds = place.worlds(button)
    names = [world.effect for world in worlds if world.when == "before"]

    assert {name: names.count(name) >= least for name, least in effects.items()} == dict.fromkeys(effects, True)
    assert len(worlds) == len(names) * len(WHEN)


@pytest.mark.parametrize("button", BUTTONS)
def test_a_killed_press_loses_nothing_and_sends_nothing_twice(button: str) -> None:
    counts = run_worlds(buttons=(button,))

    assert counts.violations == {}
    assert counts.acceptances == counts.worlds * len(NUMBERS)
    assert counts.acts == (counts.worlds * len(OPERATIONS) if button == "act" else 0)


def test_the_worlds_see_an_intent_that_is_committed_too_late(place: Stage) -> None:
    submit = next(
        world for world in place.worlds("deposit", "late") if world.effect == SUBMIT and world.when == "after"
    )

    assert place.run(submit, "late") == [
        f"{NUMBERS[0]} was accepted and no journal knows it",
        f"{NUMBERS[0]} was submitted again after its acceptance",
    ]


@pytest.mark.parametrize(("operation", "number"), [(COMPLETE, "F-1"), (ACKNOWLEDGE, "F-2"), (RECYCLE, "F-3")])
def test_the_worlds_see_an_act_that_is_intended_too_late(place: Stage, operation: str, number: str) -> None:
    act = next(world for world in place.worlds("act", "late") if world.effect == operation and world.when == "after")

    found = place.run(act, "late")

    short = operation.rpartition("/")[2]
    assert found[:2] == [
        f"{number} was acted on ({short}) and no journal intends it",
        f"{number} was acted on ({short}) and no journal knows it",
    ]


def test_the_worlds_see_acts_that_were_not_done_and_a_cell_that_was_written_over(place: Stage) -> None:
    place.begin("act")
    typed = place.missing("act")
    waiting.type_in(place.file, {"F-2": {"engagement_number": "BC-2"}})

    assert [line for line in typed if "was answered" in line] == [
        "completer on F-1 was answered with 0 0 times",
        "traiterRejet on F-2 was answered with 0 0 times",
        "recycler on F-3 was answered with 0 0 times",
    ]
    assert place.look(Watch()) == ["engagement_number of F-2 was written over"]


@pytest.mark.plants_secret("the look must find it")
def test_the_worlds_see_a_secret_and_a_token_on_disk(place: Stage) -> None:
    place.begin("deposit")
    place.press("deposit")
    left = b" ".join([*place.tokens(), simulator.TECH_PASSWORD.encode()])
    place.file.with_name("call.log").write_bytes(left)

    found = place.look(Watch())

    assert sorted(found) == [f"call.log shows {shown}" for shown in ("a token", simulator.TECH_PASSWORD)]


def test_a_world_that_is_not_reached_is_said(place: Stage) -> None:
    assert "it did not die, but ended with 0" in place.run(World("deposit", 1_000, "none", "after"), "right")
