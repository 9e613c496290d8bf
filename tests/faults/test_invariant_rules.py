"""Each rule of ``tests.invariant`` says no where it is broken, and nothing where it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chorus_xl import simulator
from chorus_xl.domain.acts import Act, ActEvent, ActState
from chorus_xl.domain.lifecycle import Event, State
from chorus_xl.domain.records import ActRecord, Entry, Record
from chorus_xl.domain.sheets import Changes, NewLine, TableChange
from chorus_xl.journal.chain import Break, ChainProblem
from tests.faults.sheet import FIRST_ROW, Book, rows_of, sheets_of
from tests.invariant import PlatformRecord, Watch

HELD = {"supplier": "1", "number": "F-1"}
TAKEN, DUPLICATE = {"number": "F-1", "return_code": 0}, {"number": "F-1", "return_code": 20_000}
ONCE: PlatformRecord = {"acceptances": [HELD], "submissions": [TAKEN]}


def line(sequence: int, event: Event, **details: str) -> Entry:
    return Entry(
        sequence, datetime(2026, 11, 23, tzinfo=UTC), "F-1", event.value, details, "clerk", "pc", f"{sequence}"
    )


OCCASION = "SUSPENDUE 2026-11-24T10:00:00.000"
COMPLETED = {"number": "F-1", "operation": "completer", "occasion": OCCASION, "return_code": 0}


def acted(*acts: Mapping[str, object]) -> PlatformRecord:
    return {**ONCE, "acts": acts}


def act_line(sequence: int, event: ActEvent, occasion: str = OCCASION) -> Entry:
    details = {"act": Act.COMPLETE.value, "occasion": occasion}
    return replace(line(sequence, Event.INTEND, **details), event=event.value)


@dataclass
class Journal:
    """What a journal says, and what is wrong with its chain."""

    state: State | None = State.ACCEPTED
    lines: Sequence[Entry] = (
        line(1, Event.INTEND),
        line(2, Event.ACCEPT, chorus_invoice_id="9", chorus_status="DEPOSEE"),
    )
    breaks: tuple[ChainProblem, ...] = field(default=())
    acts: tuple[ActRecord, ...] = field(default=())

    def records(self) -> dict[str, Record]:
        return {"F-1": Record("F-1", self.state, acts=self.acts)} if self.state else {}

    def entries(self) -> Sequence[Entry]:
        return self.lines

    def verify(self) -> tuple[ChainProblem, ...]:
        return self.breaks


GOOD = Journal()
AGAIN = Journal(lines=(*GOOD.lines, line(3, Event.INTEND)))
TORN = Journal(breaks=(ChainProblem(2, Break.CHANGED, "2"),))


@pytest.mark.parametrize(
    ("record", "journal", "said"),
    [
        (ONCE, GOOD, []),
        ({**ONCE, "acceptances": [HELD, HELD]}, GOOD, ["F-1 was accepted twice"]),
        ({**ONCE, "submissions": [TAKEN, DUPLICATE]}, GOOD, ["F-1 was submitted again after its acceptance"]),
        ({**ONCE, "submissions": [DUPLICATE, TAKEN]}, GOOD, []),
        ({**ONCE, "submissions": [TAKEN, {**DUPLICATE, "pardoned": True}]}, GOOD, []),
        ({**ONCE, "submissions": [TAKEN, {**DUPLICATE, "journal": "another"}]}, GOOD, []),
        (ONCE, Journal(state=None), ["F-1 was accepted and no journal knows it"]),
        (ONCE, Journal(state=State.FREE), ["F-1 was accepted and stands as free"]),
        (ONCE, Journal(state=State.MISSED), []),
        ({**ONCE, "acceptances": [{**HELD, "by_hand": True}]}, Journal(state=None), []),
        (ONCE, AGAIN, ["journal intends F-1 again, which it knows to be accepted"]),
        (ONCE, TORN, [f"the chain of journal is broken: {TORN.breaks[0]}"]),
    ],
)
def test_a_broken_rule_is_said(record: PlatformRecord, journal: Journal, said: list[str]) -> None:
    assert Watch().look(record, {"journal": journal}, folders=()) == said


def knowing(state: ActState, *more: Entry) -> Journal:
    """A journal that intended to complete F-1 once, and how that stands."""
    lines = (*GOOD.lines, act_line(3, ActEvent.INTEND), *more)
    return Journal(lines=lines, acts=(ActRecord(Act.COMPLETE, OCCASION, state, 1),))


ACTED = knowing(ActState.DONE, act_line(4, ActEvent.ACCEPT))
TWICE = knowing(ActState.DONE, act_line(4, ActEvent.ACCEPT), act_line(5, ActEvent.INTEND))
TRIED_AGAIN = knowing(ActState.DONE, act_line(4, ActEvent.REFUSE), act_line(5, ActEvent.INTEND))
NEXT = knowing(ActState.DONE, act_line(4, ActEvent.ACCEPT), act_line(5, ActEvent.INTEND, "SUSPENDUE 2026-11-30"))
AGAIN_SAID = "F-1 was acted on again (completer) after it was done"
REFUSED = {**COMPLETED, "return_code": 20_002}


@pytest.mark.parametrize(
    ("record", "journal", "said"),
    [
        (acted(COMPLETED), ACTED, []),
        (acted(COMPLETED), knowing(ActState.INTENDED), []),
        (acted(COMPLETED), knowing(ActState.IN_DOUBT), []),
        (acted(COMPLETED), knowing(ActState.FREE), ["F-1 was acted on (completer) and the act stands as free"]),
        (acted({**COMPLETED, "untimely": True}), knowing(ActState.FREE), []),
        (acted(REFUSED), knowing(ActState.FREE), []),
        (
            acted(COMPLETED),
            GOOD,
            [
                "F-1 was acted on (completer) and no journal intends it",
                "F-1 was acted on (completer) and no journal knows it",
            ],
        ),
        (acted(REFUSED), GOOD, ["F-1 was acted on (completer) and no journal intends it"]),
        (acted({**COMPLETED, "by_hand": True}), GOOD, []),
        (acted({**COMPLETED, "by_hand": True, "unmeant": True}), GOOD, []),
        (acted({**COMPLETED, "unmeant": True}), ACTED, ["F-1 was acted on (completer) before its journal intended it"]),
        (
            acted({**COMPLETED, "meant": "SUSPENDUE 2026"}),
            ACTED,
            ["F-1 was acted on (completer) and no journal knows it"],
        ),
        (acted(COMPLETED, COMPLETED), TRIED_AGAIN, [AGAIN_SAID]),
        (acted(COMPLETED, REFUSED), TRIED_AGAIN, [AGAIN_SAID]),
        (acted(REFUSED, COMPLETED), TRIED_AGAIN, []),
        (acted(COMPLETED, {**REFUSED, "pardoned": True}), TRIED_AGAIN, []),
        (acted(COMPLETED, {**COMPLETED, "by_hand": True}), ACTED, []),
        (acted(COMPLETED, {**COMPLETED, "occasion": "SUSPENDUE 2026-11-30"}), NEXT, []),
        (
            acted({**COMPLETED, "journal": "journal"}, {**REFUSED, "occasion": "COMPLETEE", "journal": "journal"}),
            ACTED,
            ["F-1 was acted on (completer) and no journal intends it"],
        ),
        (acted(COMPLETED), TWICE, ["journal intends to act on F-1 again (complete), which it knows to be done"]),
        (acted({**COMPLETED, "number": None}), GOOD, []),
    ],
)
def test_a_broken_rule_about_acts_is_said(record: PlatformRecord, journal: Journal, said: list[str]) -> None:
    assert Watch().look(record, {"journal": journal}, folders=()) == said


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ([("F-1", "F-1-R1"), ("F-2", "F-2-R1")], []),
        ([("F-1", "F-1-R1"), ("F-1", "F-1-R2")], ["2 lines were made to replace F-1"]),
        ([("F-1", "F-1-R1"), ("F-2", "F-1-R1")], ["2 lines were made under F-1-R1"]),
    ],
)
def test_a_line_that_is_prepared_twice_is_said(made: list[tuple[str, str]], said: list[str]) -> None:
    assert Watch().look(ONCE, {"journal": GOOD}, folders=(), made=[made]) == said


def test_a_cell_of_the_clerks_that_the_program_writes_is_said() -> None:
    book = Book(sheets_of([{"invoice_number": "F-1"}], [], {}), [], [])
    book.rows = [*rows_of(book.template.invoices)]
    book.write(book.read(), Changes((TableChange("tblFactures", [FIRST_ROW], {"comment": ["Bonjour"]}),)))
    book.prepare(0, NewLine("tblFactures", {"invoice_number": "F-1-R1", "comment": ""}))

    said = Watch().look(ONCE, {"journal": GOOD}, folders=(), overwritten=book.overwritten)

    assert said == ["comment of F-1 was written over", "F-1-R1 was written over a line of the clerk's"]


@pytest.mark.parametrize(
    "bent",
    [GOOD.lines[:1], (GOOD.lines[0], replace(GOOD.lines[1], hash="another"))],
    ids=["lost", "changed"],
)
def test_a_line_that_was_seen_is_missed(bent: Sequence[Entry]) -> None:
    watch = Watch()
    watch.look(ONCE, {"journal": GOOD}, folders=())

    seen = watch.look(ONCE, {"journal": Journal(lines=bent)}, folders=())

    assert seen == ["line 2 of journal was changed or lost"]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"deposit_state": "Déposée", "chorus_reference": "9", "chorus_status": "Déposée (DEPOSEE)"}, ""),
        ({"chorus_status": "DEPOSEE"}, ""),
        ({"invoice_number": "F-2", "deposit_state": "Déposée"}, "deposit_state"),
        ({"deposit_state": "Refusée"}, "deposit_state"),
        ({"chorus_reference": "10"}, "chorus_reference"),
        ({"chorus_status": "Mise en paiement (MISE_EN_PAIEMENT)"}, "chorus_status"),
    ],
)
def test_a_sheet_that_says_more_than_the_journal_is_said(cells: Mapping[str, object], column: str) -> None:
    sheets = sheets_of([{"invoice_number": "F-1", **cells}], [], {})

    said = Watch().look(ONCE, {"journal": GOOD}, folders=(), sheets=[sheets])

    assert [f" in {column}," in problem for problem in said] == [True] * bool(column)


@pytest.mark.plants_secret("the watch must find it")
def test_a_secret_on_disk_is_said(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(f"le mot de passe : {simulator.TECH_PASSWORD}", encoding="utf-8")

    assert len(Watch().look(ONCE, {"journal": GOOD}, folders=[tmp_path])) == 1


TOKEN = "t" * 54


@pytest.mark.plants_secret("the watch must find it")
@pytest.mark.parametrize(
    ("detail", "shown"),
    [(simulator.TECH_PASSWORD, simulator.TECH_PASSWORD), (f"Bearer {TOKEN}", "a token"), ("Bearer Secret(***)", "")],
)
def test_a_secret_in_a_line_of_a_journal_is_said_once(detail: str, shown: str) -> None:
    watch, journal = Watch(), Journal(lines=(*GOOD.lines, line(3, Event.FIND, chorus_label=detail)))

    first, second = (
        watch.look(ONCE, {"journal": journal}, folders=(), tokens=frozenset({TOKEN.encode()})) for _ in range(2)
    )

    assert first == ([f"line 3 of journal shows {shown}"] if shown else [])
    assert second == []
