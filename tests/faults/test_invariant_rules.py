"""Each rule of ``tests.invariant`` says no where it is broken, and nothing where it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chorus_xl import simulator
from chorus_xl.domain.lifecycle import Event, State
from chorus_xl.domain.records import Entry, Record
from chorus_xl.journal.chain import Break, ChainProblem
from tests.faults.sheet import sheets_of
from tests.invariant import PlatformRecord, Watch

HELD = {"supplier": "1", "number": "F-1"}
TAKEN, DUPLICATE = {"number": "F-1", "return_code": 0}, {"number": "F-1", "return_code": 20_000}
ONCE: PlatformRecord = {"acceptances": [HELD], "submissions": [TAKEN]}


def line(sequence: int, event: Event, **details: str) -> Entry:
    return Entry(
        sequence, datetime(2026, 11, 23, tzinfo=UTC), "F-1", event.value, details, "clerk", "pc", f"{sequence}"
    )


@dataclass
class Journal:
    """What a journal says, and what is wrong with its chain."""

    state: State | None = State.ACCEPTED
    lines: Sequence[Entry] = (
        line(1, Event.INTEND),
        line(2, Event.ACCEPT, chorus_invoice_id="9", chorus_status="DEPOSEE"),
    )
    breaks: tuple[ChainProblem, ...] = field(default=())

    def records(self) -> dict[str, Record]:
        return {"F-1": Record("F-1", self.state)} if self.state else {}

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
    assert Watch().look(record, {"journal": journal}) == said


@pytest.mark.parametrize(
    "bent",
    [GOOD.lines[:1], (GOOD.lines[0], replace(GOOD.lines[1], hash="another"))],
    ids=["lost", "changed"],
)
def test_a_line_that_was_seen_is_missed(bent: Sequence[Entry]) -> None:
    watch = Watch()
    watch.look(ONCE, {"journal": GOOD})

    assert watch.look(ONCE, {"journal": Journal(lines=bent)}) == ["line 2 of journal was changed or lost"]


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

    said = Watch().look(ONCE, {"journal": GOOD}, sheets=[sheets])

    assert [f" in {column}," in problem for problem in said] == [True] * bool(column)


@pytest.mark.plants_secret("the watch must find it")
def test_a_secret_on_disk_is_said(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(f"le mot de passe : {simulator.TECH_PASSWORD}", encoding="utf-8")

    assert len(Watch().look(ONCE, {"journal": GOOD}, folders=[tmp_path])) == 1
