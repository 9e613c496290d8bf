"""Never twice, never lost: what holds in every world at every moment, written once for all tests.

Rule 1: the platform accepts one (supplier, number) at most once.
Rule 2: a number is not submitted after its acceptance, so that a platform which took duplicates would hold none.
        Pardoned, and marked so by the test that stages it: the journal that held the intent was lost; the platform's
        own search denied, after the acceptance, that it holds the number; a PC's clock was wrong while a call was late.
Rule 3: every acceptance stands in the journal, as deposited or as in doubt; a number of rule 2's pardons may stand as
        free or refused.
Rule 4: the journal intends no number that it knows to be accepted, its chain holds, and no line that was once seen
        changes or disappears.
Rule 5: the sheet says nothing of a deposit that no line of the journal says.
Rule 6: no secret stands in any file, nor in a line of a journal, wherever that is (``tests.leaks`` knows in how many
        ways one can). Each caller says where its files are: forgetting that is not possible.
Rule 7: an occasion (a suspension, a rejection, a wrong address) is acted on no more once an act for it was done, so
        that a platform which took it twice would hold it once. Pardoned, and marked so by the test that stages it: the
        other act came from another journal, or from somebody on the portal, and was done after this press had begun to
        look; a PC's clock was wrong while a call was late.
Rule 8: no act reaches the platform without an intent of its own in the journal that it came from, there as it leaves.
Rule 9: every act that the platform did stands in its journal, as done or as unsettled. Pardoned: an untimely one, that
        is late while a PC's clock was wrong.
Rule 10: the journal intends no act for an occasion for which it knows it to be done.
Rule 11: a rejected invoice has one line of the program's making on a sheet, and no two of those have one number; the
        program changes no cell of the clerk's.

Violations come back as sentences, so that they can be counted; a test asserts that there are none.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from chorus_xl.domain.acts import UNSETTLED_ACTS, Act, ActEvent, ActState
from chorus_xl.domain.lifecycle import Event
from chorus_xl.domain.records import Entry, Record
from chorus_xl.domain.sheets import Sheets
from chorus_xl.domain.statuses import DepositState
from chorus_xl.journal.chain import ChainProblem
from chorus_xl.steps.show import word
from tests.leaks import Search, secrets_in

PlatformRecord = Mapping[str, Sequence[Mapping[str, Any]]]
"""The stand-in's own record, as its lever ``record`` gives it: ``acceptances`` (supplier, number) and ``submissions``
(number, return_code) in their order. A test that knows more may add to an entry: ``journal``, the name of the one that
it came from, ``by_hand`` for an acceptance that somebody on the portal brought about, and ``pardoned``, see rule 2.

``acts``, where there are any, in their order: operation, number, return_code, and the ``occasion`` that the call found.
May be added: ``journal`` and ``by_hand`` as above, ``meant``, the occasion that it was sent for as the journal names
it, ``unmeant``, that its journal held no such intent as the call left, ``pardoned``, see rule 7, and ``untimely``, see
rule 9."""

_ACTS = {"completer": Act.COMPLETE, "traiterRejet": Act.ACKNOWLEDGE, "recycler": Act.RECYCLE}
_ACT_DONE = {ActEvent.ACCEPT.value, ActEvent.FIND.value}

_DEPOSITED = {Event.ACCEPT.value, Event.FIND.value}
_KNOWN = {DepositState.DEPOSITED, DepositState.IN_DOUBT}


class Readable(Protocol):
    """What is asked of a journal."""

    def records(self) -> dict[str, Record]: ...

    def entries(self) -> Sequence[Entry]: ...

    def verify(self) -> tuple[ChainProblem, ...]: ...


@dataclass
class Watch:
    """One world, looked at again and again; remembers every line of a journal that it has seen.

    >>> assert Watch().look(record, {"journal": journal}, sheets=[sheets], folders=[home]) == []
    """

    _seen: dict[str, dict[int, str]] = field(default_factory=dict)

    def look(
        self,
        record: PlatformRecord,
        journals: Mapping[str, Readable],
        *,
        folders: Iterable[Path],
        sheets: Iterable[Sheets] = (),
        tokens: frozenset[bytes] = frozenset(),
        made: Iterable[Sequence[tuple[str, str]]] = (),
        overwritten: Iterable[str] = (),
    ) -> list[str]:
        """Every violation there is now.

        Args:
            record: the platform's.
            journals: by name, the names being those of ``PlatformRecord``.
            folders: where no secret may be found.
            sheets: copies of the workbook.
            tokens: given out by a stand-in that keeps its state elsewhere; secrets too.
            made: the lines of each sheet that the program made and no hand renamed: invoice replaced, its own number.
            overwritten: sentences on cells of the clerk's that the program changed.
        """
        records = {name: journal.records() for name, journal in journals.items()}
        entries = {name: journal.entries() for name, journal in journals.items()}
        said = Sayings.of(entry for lines in entries.values() for entry in lines)
        return [
            *accepted_twice(record),
            *submitted_again(record),
            *lost(record, records),
            *(problem for name, lines in entries.items() for problem in self.shown(name, lines, tokens)),
            *(problem for name, lines in entries.items() for problem in self.changed(name, lines)),
            *(problem for name, lines in entries.items() for problem in intended_again(name, lines)),
            *acted_again(record),
            *unintended(record, entries),
            *lost_acts(record, records),
            *(problem for name, lines in entries.items() for problem in intended_an_act_again(name, lines)),
            *(problem for each in made for problem in prepared_twice(each)),
            *overwritten,
            *(f"the chain of {name} is broken: {found}" for name in journals for found in journals[name].verify()),
            *(problem for each in sheets for problem in said_too_much(each, said)),
            *(problem for folder in folders for problem in Search(tokens).folder(folder)),
        ]

    def shown(self, name: str, lines: Iterable[Entry], tokens: frozenset[bytes]) -> Iterator[str]:
        """Secrets in lines that were not seen earlier."""
        seen = self._seen.get(name, {})
        for line in lines:
            if line.sequence not in seen:
                found = secrets_in(repr(line).encode(), tokens)
                yield from (f"line {line.sequence} of {name} shows {secret}" for secret in found)

    def changed(self, name: str, lines: Iterable[Entry]) -> Iterator[str]:
        """Lines seen earlier that are not there any more as they were."""
        seen = self._seen.setdefault(name, {})
        now = {line.sequence: line.hash for line in lines}
        yield from (f"line {place} of {name} was changed or lost" for place in seen if now.get(place) != seen[place])
        seen.update(now)


def accepted_twice(record: PlatformRecord) -> Iterator[str]:
    """Rule 1."""
    held = [(each["supplier"], each["number"]) for each in record["acceptances"]]
    yield from (f"{number} was accepted twice" for _, number in sorted({key for key in held if held.count(key) > 1}))


def submitted_again(record: PlatformRecord) -> Iterator[str]:
    """Rule 2."""
    accepted: set[tuple[str, str]] = set()
    for submission in record["submissions"]:
        key = (submission.get("journal", ""), submission["number"])
        if key in accepted and not submission.get("pardoned"):
            yield f"{submission['number']} was submitted again after its acceptance"
        if submission["return_code"] == 0:
            accepted.add(key)


def lost(record: PlatformRecord, records: Mapping[str, Mapping[str, Record]]) -> Iterator[str]:
    """Rule 3."""
    for acceptance in record["acceptances"]:
        name, number = acceptance.get("journal"), acceptance["number"]
        if acceptance.get("by_hand"):
            continue
        known = [each[number] for each in ([records[name]] if name else records.values()) if number in each]
        if not known:
            yield f"{number} was accepted and no journal knows it"
        elif not acceptance.get("pardoned") and not any(word(each) in _KNOWN for each in known):
            yield f"{number} was accepted and stands as {known[0].state}"


def intended_again(name: str, lines: Iterable[Entry]) -> Iterator[str]:
    """Rule 4, as far as one journal's own lines tell."""
    accepted: set[str] = set()
    for line in lines:
        if line.event in _DEPOSITED:
            accepted.add(line.invoice_number)
        elif line.event == Event.INTEND and line.invoice_number in accepted:
            yield f"{name} intends {line.invoice_number} again, which it knows to be accepted"


def acted_again(record: PlatformRecord) -> Iterator[str]:
    """Rule 7."""
    done: set[tuple[str, str, str]] = set()
    for act in _acts(record):
        key = (act["number"], act["operation"], act.get("meant") or act["occasion"])
        if key in done and not (act.get("pardoned") or act.get("by_hand")):
            yield f"{act['number']} was acted on again ({act['operation']}) after it was done"
        if act["return_code"] == 0:
            done.add(key)


def unintended(record: PlatformRecord, entries: Mapping[str, Sequence[Entry]]) -> Iterator[str]:
    """Rule 8: as many intents as calls, journal by journal where it is known which one a call came from."""
    ours = [act for act in _acts(record) if not act.get("by_hand")]
    if not ours:
        return
    for act in ours:
        if act.get("unmeant"):
            yield f"{act['number']} was acted on ({act['operation']}) before its journal intended it"
    intents = Counter(
        (journal, line.invoice_number, line.details["act"])
        for name, lines in entries.items()
        for line in lines
        if line.event == ActEvent.INTEND
        for journal in (name, None)
    )
    calls = Counter((act.get("journal"), act["number"], act["operation"]) for act in ours)
    for (name, number, operation), count in calls.items():
        if count > intents[name, number, _ACTS[operation].value]:
            yield f"{number} was acted on ({operation}) and no journal intends it"


def lost_acts(record: PlatformRecord, records: Mapping[str, Mapping[str, Record]]) -> Iterator[str]:
    """Rule 9."""
    for act in _acts(record):
        if act["return_code"] != 0 or act.get("by_hand") or act.get("untimely"):
            continue
        name, number, kind, meant = act.get("journal"), act["number"], _ACTS[act["operation"]], act.get("meant")
        knowing = [each[number] for each in ([records[name]] if name else records.values()) if number in each]
        known = [own for each in knowing for own in each.acts if own.act is kind and meant in (None, own.occasion)]
        if not known:
            yield f"{number} was acted on ({act['operation']}) and no journal knows it"
        elif not any(own.state in (ActState.DONE, *UNSETTLED_ACTS) for own in known):
            yield f"{number} was acted on ({act['operation']}) and the act stands as {known[0].state}"


def intended_an_act_again(name: str, lines: Iterable[Entry]) -> Iterator[str]:
    """Rule 10."""
    done: set[tuple[str, str, str]] = set()
    for line in lines:
        if line.event in _ACT_DONE:
            done.add((line.invoice_number, line.details["act"], line.details["occasion"]))
        elif line.event == ActEvent.INTEND:
            key = (line.invoice_number, line.details["act"], line.details["occasion"])
            if key in done:
                yield f"{name} intends to act on {key[0]} again ({key[1]}), which it knows to be done"


def prepared_twice(made: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Rule 11, for one sheet."""
    for replaced, count in Counter(replaced for replaced, _ in made).items():
        if count > 1:
            yield f"{count} lines were made to replace {replaced}"
    for number, count in Counter(number for _, number in made).items():
        if count > 1:
            yield f"{count} lines were made under {number}"


def _acts(record: PlatformRecord) -> Iterator[Mapping[str, Any]]:
    """The acts on an invoice that the platform knows."""
    return (act for act in record.get("acts", ()) if act["number"] is not None)


@dataclass
class Sayings:
    """What the lines of the journals say of each number, for rule 5."""

    events: set[tuple[str, str]] = field(default_factory=set)
    details: set[tuple[str, str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Sayings":
        sayings = cls()
        for entry in entries:
            sayings.events.add((entry.invoice_number, entry.event))
            sayings.details |= {(entry.invoice_number, *detail) for detail in entry.details.items()}
        return sayings

    def deposited(self, number: str, _: str) -> bool:
        return any((number, event) in self.events for event in _DEPOSITED)

    def refused(self, number: str, _: str) -> bool:
        return (number, Event.REFUSE.value) in self.events

    def reference(self, number: str, cell: str) -> bool:
        return (number, "chorus_invoice_id", cell) in self.details

    def status(self, number: str, cell: str) -> bool:
        code = cell.rpartition("(")[2].rstrip(")")  # « Mise à disposition (MISE_A_DISPOSITION) », or the bare code
        return (number, "chorus_status", code) in self.details

    def day(self, number: str, cell: str) -> bool:
        return (number, "deposited_on", cell[:10]) in self.details


_CLAIMS: tuple[tuple[str, str, Callable[[Sayings, str, str], bool]], ...] = (
    ("deposit_state", DepositState.DEPOSITED.value, Sayings.deposited),
    ("deposit_state", DepositState.REFUSED.value, Sayings.refused),
    ("chorus_reference", "", Sayings.reference),
    ("chorus_status", "", Sayings.status),
    ("deposited_on", "", Sayings.day),
)
"""Column, the word in question (``""``: whatever it says), and whether a line says so."""


def said_too_much(sheets: Sheets, said: Sayings) -> Iterator[str]:
    """Rule 5; leave out of ``sheets`` what a hand typed there."""
    numbers = [text_of(cell) for cell in sheets.invoices.cells("invoice_number")]
    for column, claim, is_known in _CLAIMS:
        for number, cell in zip(numbers, map(text_of, sheets.invoices.cells(column)), strict=True):
            if cell and cell == (claim or cell) and not is_known(said, number, cell):
                yield f"the sheet says {cell!r} of {number} in {column}, and no journal does"


def text_of(cell: object) -> str:
    """A cell as the journal would write it."""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
