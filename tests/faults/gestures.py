"""What is done about invoices after their deposit, on the platform of one world: by its buyer, by us, by hand.

Rule 1: every act that arrives is kept in its order, from the stand-in's own record, with what ``tests.invariant`` must
        know: the journal that it came from, which occasion it was meant for, and whether it is to be pardoned.
Rule 2: an act that arrives again is pardoned where nobody could know. Either another journal's, or somebody's on the
        portal, was done once the press that sent this one had begun; or a call was late while a clock was wrong.
Rule 3: a buyer moves what is still his to move: nothing that is rejected, or on its way to be paid.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from chorus_xl.domain.acts import occasion_of
from chorus_xl.simulator import app, follow
from chorus_xl.simulator.refusals import RefusedError
from chorus_xl.simulator.state import State

BY_HAND = "portal"
"""Where a deposit, or an act, comes from that somebody made on the portal."""

OPERATIONS: Mapping[str, str] = {
    "SUSPENDUE": "factures/v1/completer",
    "REJETEE": "factures/v1/traiterRejet",
    "A_RECYCLER": "factures/v1/recycler",
}
"""What answers each status that waits for the supplier."""

ACTS = frozenset(OPERATIONS.values())
_OVER = frozenset({"REJETEE", "MANDATEE", "MISE_A_DISPOSITION_COMPTABLE", "COMPTABILISEE", "MISE_EN_PAIEMENT"})
_PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Caller:
    """One press on the line.

    Attributes:
        journal: the one that it keeps.
        claimed: the numbers of which its sheet says that they were sent.
        began: when it was pressed.
        meant: by number, the occasion of the act that its journal has under way as the call leaves.
    """

    journal: str
    claimed: frozenset[str] = frozenset()
    began: datetime | None = None
    meant: Mapping[str, str] = field(default_factory=dict)


class _Done(NamedTuple):
    """The first act that answered an occasion."""

    journal: str
    at: datetime
    late: bool


@dataclass
class Gestures:
    """The acts of one platform."""

    state: State
    kept: list[dict[str, Any]] = field(default_factory=list)
    _done: dict[tuple[str, str, str], _Done] = field(default_factory=dict)

    def note(self, caller: Caller, *, late: bool, clocks_agree: bool) -> None:
        """Keep what has arrived since."""
        rows = self.state.store.rows(
            "SELECT operation, number, occasion, return_code FROM act WHERE number IS NOT NULL"
            " ORDER BY id LIMIT -1 OFFSET ?",
            len(self.kept),
        )
        for row in rows:
            number, operation = row["number"], row["operation"]
            meant = caller.meant.get(number) or as_meant(row["occasion"])
            key = (number, operation, meant)
            before = self._done.get(key)
            untimely = not clocks_agree and (late or (before is not None and before.late))
            self.kept.append(
                {
                    "operation": operation,
                    "number": number,
                    "occasion": row["occasion"],
                    "meant": meant,
                    "return_code": row["return_code"],
                    "journal": caller.journal,
                    "by_hand": caller.journal == BY_HAND,
                    "unmeant": number not in caller.meant,
                    "pardoned": untimely or (before is not None and _could_not_know(caller, before)),
                    "untimely": untimely,
                }
            )
            if row["return_code"] == 0 and before is None:
                self._done[key] = _Done(caller.journal, self.state.now(), late)

    def waiting(self) -> dict[str, dict[str, Any]]:
        """The invoices that wait for the supplier, by number."""
        rows = self.state.store.rows("SELECT * FROM invoice WHERE NOT rejection_handled")
        return {row["number"]: dict(row) for row in rows if row["status"] in OPERATIONS}

    def decide(self, number: str, status: str) -> None:
        """The buyer moves an invoice, and says why."""
        held = self.state.store.row("SELECT status FROM invoice WHERE number = ?", number)
        if held is not None and held["status"] not in _OVER:
            follow.set_status(self.state, number, status, "Motif du destinataire")

    def by_hand(self, number: str) -> None:
        """Somebody does on the portal what an invoice waits for."""
        held = self.waiting().get(number)
        if held is None:
            return
        operation = OPERATIONS[held["status"]]
        body: dict[str, Any] = {"identifiantFactureCPP": held["id"]}
        if held["status"] == "REJETEE":
            body = {"listeDemandePaiement": [{"idDemandePaiement": held["id"]}]}
        with suppress(RefusedError):
            app.HANDLERS[operation][0](self.state, body)
        self.note(Caller(BY_HAND), late=False, clocks_agree=True)


def _could_not_know(caller: Caller, before: _Done) -> bool:
    """Whether what was done came from elsewhere, and after this press had begun to look."""
    return caller.began is None or (before.journal != caller.journal and before.at > caller.began)


def as_meant(occasion: str) -> str:
    """A status and its moment, of the stand-in's record, as a journal of ours names them."""
    status, _, since = occasion.partition(" ")
    return occasion_of(status, datetime.fromisoformat(since).astimezone(_PARIS).replace(tzinfo=None))
