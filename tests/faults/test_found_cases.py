"""What fault scripts have found, each as it was shrunk, and what keeps the scripts honest."""

from datetime import timedelta
from pathlib import Path

import pytest

from chorus_xl import simulator
from chorus_xl.steps import act_settle, batch_run, deposit
from tests.faults import actions, world
from tests.faults.actions import DAY, CopyOver, Decide, Effect, Fault, LoseHome, Portal, Press, SetClock, Type, Wait
from tests.faults.sheet import Book
from tests.faults.world import World, run

SUBMIT, SEARCH = "factures/v1/soumettre", "factures/v1/rechercher/fournisseur"
COMPLETE, ACKNOWLEDGE, RECYCLE = actions.WAITING.values()
ANSWERS: dict[str, tuple[str, tuple[str, object]]] = {
    COMPLETE: ("SUSPENDUE", ("comment", "Voici le bon")),
    ACKNOWLEDGE: ("REJETEE", ("comment", "Livraison d'octobre")),
    RECYCLE: ("A_RECYCLER", ("budget", "Belfort – Budget principal")),
}


def waiting(operation: str, copy: int = 0) -> list[actions.Action]:
    """F-1 is deposited and waits for that act, and its line says what to send."""
    status, cell = ANSWERS[operation]
    return [Press("deposit", pc=1, copy=copy), Decide("F-1", status), Type(copy, place=0, cells=(cell,))]


FOUND: dict[str, list[actions.Action]] = {
    "an intent of a PC whose clock is ahead is not waited for until that day": [
        SetClock(pc=2, seconds=400 * DAY),
        Press("deposit", pc=2, copy=0, effect=Effect(SUBMIT, 1, "before")),
    ],
    "a miss of a PC whose clock is ahead is not waited for until that day": [
        Fault(SUBMIT, "write_timeout", nth=1),
        Press("deposit", pc=1, copy=0),
        SetClock(pc=2, seconds=400 * DAY),
        Press("refresh", pc=2, copy=0),
    ],
    "a refusal in doubt of a PC whose clock is ahead is not waited for until that day": [
        Portal("F-1", "other"),
        SetClock(pc=2, seconds=400 * DAY),
        Fault(SEARCH, "status_503", nth=1, times=6),
        Press("deposit", pc=2, copy=0),
        Portal("F-1", "gone"),
    ],
    "a sheet that says what this journal, which knows of a refusal, does not know": [
        Press("deposit", pc=3, copy=0),
        Press("deposit", pc=1, copy=1, effect=Effect(SEARCH, 1, "before")),
    ],
    "killed between a refusal and the look behind it, the sheet saying in doubt": [
        Type(copy=1, place=0, cells=(("deposit_state", "Envoi incertain"),)),
        Portal("F-1", "other"),
        Press("deposit", pc=1, copy=0, effect=Effect("record", 1, "after")),
        CopyOver(onto=0),
    ],
    "killed between a refusal of what another PC had deposited and the look behind it": [
        Press("deposit", pc=3, copy=1),
        Press("deposit", pc=1, copy=0, effect=Effect("record", 1, "after")),
        Type(copy=0, place=0, cells=(("deposit_state", "Envoi incertain"),)),
    ],
    "another PC's doubt, on a sheet whose own journal knows only that nothing had left": [
        Fault(SUBMIT, "connect_error", nth=1),
        Press("deposit", pc=2, copy=0),
        Fault(SUBMIT, "status_403", nth=1),
        Press("deposit", pc=3, copy=1),
        Press("deposit", pc=1, copy=1, effect=Effect(SUBMIT, 1, "meanwhile", Portal("F-1", "other"))),
    ],
    "a reference that only another PC's journal knows, the state typed over": [
        Fault(SUBMIT, "connect_timeout", nth=1, times=2),
        Press("deposit", pc=2, copy=0),
        Press("deposit", pc=3, copy=1),
        Type(copy=1, place=0, cells=(("deposit_state", "À déposer"),)),
        Press("deposit", pc=1, copy=1, effect=Effect("record_act", 1, "after")),
    ],
    "ours is taken off, and what a stranger deposits under its number is suspended": [
        Press("deposit", pc=1, copy=0),
        Portal("F-1", "gone"),
        Press("deposit", pc=3, copy=1),
        Decide("F-1", "SUSPENDUE"),
    ],
    **{
        f"an act of a PC whose clock is ahead is not waited for until that day: {operation}": [
            *waiting(operation),
            SetClock(pc=2, seconds=400 * DAY),
            Press("act", pc=2, copy=0, effect=Effect(operation, 1, "before")),
        ]
        for operation in ANSWERS
    },
}


@pytest.mark.parametrize("script", FOUND.values(), ids=FOUND)
def test_what_a_script_found_stays_mended(script: list[actions.Action]) -> None:
    assert run(script).violations == []


def met_by(operation: str) -> dict[str, list[actions.Action]]:
    """What an act on F-1 may meet."""
    return {
        "is done": [Press("act", pc=1, copy=0)],
        "is lost before": [Press("act", pc=1, copy=0, effect=Effect(operation, 1, "before"))],
        "is lost after": [Press("act", pc=1, copy=0, effect=Effect(operation, 1, "after"))],
        "arrives minutes after the PC died": [
            Press("act", pc=1, copy=0, effect=Effect(operation, 1, "late")),
            *[Press("act", pc=2, copy=0)] * 3,
        ],
        "arrives minutes after the journal was lost": [
            Press("act", pc=1, copy=0, effect=Effect(operation, 1, "late")),
            LoseHome(pc=1),
            Press("deposit", pc=1, copy=0),
            Press("act", pc=1, copy=0),
            Wait(601),
        ],
        "is done by another PC between the intent and the call": [
            Press("act", pc=1, copy=0, effect=Effect(operation, 1, "meanwhile", Press("act", pc=2, copy=0))),
        ],
        "is done by a stranger meanwhile": [
            Press("deposit", pc=3, copy=0),
            Press("act", pc=1, copy=0, effect=Effect(operation, 1, "meanwhile", Press("act", pc=3, copy=0))),
        ],
        "is done on the portal meanwhile": [
            Press("act", pc=1, copy=0, effect=Effect(operation, 1, "meanwhile", Portal("F-1", "acts"))),
        ],
        "is taken off meanwhile": [
            Press("act", pc=1, copy=0, effect=Effect(operation, 1, "meanwhile", Portal("F-1", "gone"))),
        ],
        "is overtaken by the buyer": [
            Press("act", pc=1, copy=0, effect=Effect(operation, 1, "meanwhile", Decide("F-1", "REJETEE"))),
        ],
        "dies before the sheet is written": [Press("act", pc=1, copy=0, effect=Effect("write", 1, "before"))],
        "dies once the sheet is written": [Press("act", pc=1, copy=0, effect=Effect("write", 1, "after"))],
        "another PC writes first": [
            Press("act", pc=1, copy=0, effect=Effect("write", 1, "meanwhile", Press("act", pc=2, copy=0))),
        ],
    }


STAGED: dict[str, list[actions.Action]] = {
    "a call arrives minutes after the PC died": [
        Press("deposit", pc=1, copy=0, effect=Effect(SUBMIT, 1, "late")),
        *[Press("deposit", pc=2, copy=1)] * 3,
    ],
    "another PC presses while a call is under way": [
        Press("deposit", pc=1, copy=0, effect=Effect(SUBMIT, 1, "meanwhile", Press("deposit", pc=2, copy=1))),
    ],
    "another PC presses between the intent and the call": [
        Press("deposit", pc=1, copy=0, effect=Effect("record", 1, "meanwhile", Press("deposit", pc=2, copy=1))),
    ],
    **{
        f"a PC sleeps before {effect}, and another looks twice": [
            Press("deposit", pc=1, copy=0, effect=Effect(effect, 1, "asleep", Press("deposit", pc=2, copy=1))),
        ]
        for effect in ("oauth/token", "intend", SUBMIT, "record", "write")
    },
    **{
        f"a PC sleeps before {effect} of an act, and another looks twice": [
            *waiting(COMPLETE),
            Press("act", pc=1, copy=0, effect=Effect(effect, 1, "asleep", Press("act", pc=2, copy=0))),
        ]
        for effect in ("begin_act", COMPLETE, "record_act")
    },
    "the journal is lost after a deposit": [
        Press("deposit", pc=1, copy=0),
        LoseHome(pc=1),
        Press("deposit", pc=1, copy=0),
    ],
    "a stranger deposits from a copy that was never written to": [
        Press("deposit", pc=1, copy=0),
        Press("deposit", pc=3, copy=1),
    ],
    **{
        f"{operation}: {name}": [*waiting(operation), *what]
        for operation in ANSWERS
        for name, what in met_by(operation).items()
    },
    "a second suspension is completed again": [
        *waiting(COMPLETE),
        Press("act", pc=1, copy=0),
        Decide("F-1", "SUSPENDUE"),
        Type(copy=0, place=0, cells=(("attachments", "bon.pdf"),)),
        Press("act", pc=2, copy=0),
    ],
    "two rejections and room for one line": [*waiting(ACKNOWLEDGE), Decide("F-2", "REJETEE")],
    "somebody deposits the same number by hand": [Portal("F-1", "same")],
    "somebody deposits another invoice under the same number": [Portal("F-1", "other")],
}


@pytest.mark.parametrize("script", STAGED.values(), ids=STAGED)
def test_staged_cases_hold(script: list[actions.Action]) -> None:
    assert run(script).violations == []


def test_the_scripts_see_a_doubt_that_is_settled_while_its_call_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "SETTLING", 0.0)
    monkeypatch.setattr(world, "LONGEST_CALL", 0.0)

    seen = run(STAGED["a call arrives minutes after the PC died"]).violations

    assert seen == ["F-1 was submitted again after its acceptance"]


@pytest.mark.parametrize(
    "case",
    [
        f"a PC sleeps before {SUBMIT}, and another looks twice",
        f"a PC sleeps before {COMPLETE} of an act, and another looks twice",
    ],
    ids=["deposit", "act"],
)
def test_the_scripts_see_a_call_that_starts_long_after_its_intent(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    monkeypatch.setattr(batch_run, "LONGEST_START", timedelta(days=1))

    seen = run(STAGED[case]).violations

    assert [violation for violation in seen if "F-1" in violation and "again" in violation], seen


def test_the_scripts_see_a_sheet_that_nobody_looks_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deposit, "look_up_claims", lambda *_: {})

    seen = run(STAGED["the journal is lost after a deposit"]).violations

    assert "F-1 was submitted again after its acceptance" in seen


@pytest.mark.parametrize("operation", ANSWERS)
def test_the_scripts_see_an_act_whose_intent_is_committed_too_late(operation: str) -> None:
    late = [*waiting(operation), Press("act", pc=1, copy=0, effect=Effect(operation, 1, "after"))]

    short = operation.rpartition("/")[2]
    assert run(late, "late").violations == [
        f"F-1 was acted on ({short}) before its journal intended it",
        f"F-1 was acted on ({short}) and no journal intends it",
        f"F-1 was acted on ({short}) and no journal knows it",
    ]


@pytest.mark.parametrize("operation", ANSWERS)
def test_the_scripts_see_it_even_where_nothing_goes_wrong(operation: str) -> None:
    seen = run(STAGED[f"{operation}: is done"], "late").violations

    assert seen == [f"F-1 was acted on ({operation.rpartition('/')[2]}) before its journal intended it"]


@pytest.mark.parametrize("operation", ANSWERS)
def test_the_scripts_see_an_act_that_is_settled_while_its_call_is_under_way(
    monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    monkeypatch.setattr(world, "SETTLING", 0.0)
    monkeypatch.setattr(world, "LONGEST_CALL", 0.0)

    seen = run(STAGED[f"{operation}: arrives minutes after the PC died"]).violations

    assert f"F-1 was acted on again ({operation.rpartition('/')[2]}) after it was done" in seen


def test_the_scripts_see_an_act_that_nobody_looks_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(act_settle, "_is_done", lambda *_: False)

    seen = run(STAGED[f"{COMPLETE}: is lost after"]).violations

    assert seen == ["F-1 was acted on (completer) and the act stands as free"]


@pytest.mark.parametrize("operation", ANSWERS)
def test_an_act_reaches_the_platform_once(operation: str) -> None:
    with World() as here:
        here.run(STAGED[f"{operation}: is lost after"])
        done = [(act["operation"], act["return_code"]) for act in here.line.record()["acts"]]

    assert done == [(operation.rpartition("/")[2], 0)]


@pytest.mark.plants_secret("the look must find it")
def test_the_scripts_see_a_secret_and_a_token_on_disk() -> None:
    def leave(book: Book, folder: Path) -> Book:
        (folder / "call.log").write_bytes(b" ".join([*here.line.tokens(), simulator.TECH_PASSWORD.encode()]))
        return book

    with World(workbook=leave) as here:
        seen = here.run([Press("deposit", pc=1, copy=0), Press("refresh", pc=1, copy=0)]).violations

    assert sorted(seen) == [f"call.log shows {shown}" for shown in ("a token", simulator.TECH_PASSWORD)]


@pytest.mark.parametrize("kind", sorted(set(actions.KINDS)))
def test_every_kind_of_fault_strikes_the_deposit_it_is_meant_for(kind: str) -> None:
    with World() as here:
        here.do(Fault(SUBMIT, kind, nth=1))
        here.do(Press("deposit", pc=1, copy=0))

        assert here.line.struck + here.line.desk.struck == 1
