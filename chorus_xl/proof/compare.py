"""A proof beside a journal that may be the one it was taken from: does that journal still say the same?

Rule 1: another journal says nothing of a proof; only one that begins alike is compared.
Rule 2: a journal may have grown since; up to the proof's head it must be the same, line by line.
Rule 3: only the journal shows an invoice that was left out whole. What was to be in the proof is chosen again: by its
        days, by its numbers; of a sheet by the batches with which its rows left, whose names stand in the intents.
        Another sheet's invoices are none of its business.
Rule 4: nothing tells whether a sheet held an invoice without a batch (an older journal; one that was only found). It is
        told, no more than that, and only when it left on a day on which the proof's own did.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from chorus_xl.domain.proof import BATCH, Laws, Line, counted, day_of, newest_intent
from chorus_xl.domain.records import Record
from chorus_xl.errors import ExitCode
from chorus_xl.messages.told import Sign, Told
from chorus_xl.proof.verify import Checked

_NAME = "this_journal"


def compare(checked: Checked, journal: Iterable[Line], laws: Laws) -> Told:
    """What a journal, read from its beginning, says of a proof that was checked."""
    extract = {int(line["sequence"]) for line in checked.lines}
    numbers = {line["invoice_number"] for line in checked.lines}
    whose = (checked.manifest.get("environment"), checked.manifest.get("supplier_siret"))
    others: dict[str, list[Line]] = defaultdict(list)
    reached = 0
    lines = iter(journal)
    for (sequence, _, own), line in zip(checked.chain, lines, strict=False):
        if line["hash"] != own and sequence == 1:
            return nothing("il ne commence pas de même, c'est un autre journal")
        if line["hash"] != own:
            return _parted(sequence, "une ligne y est autre")
        is_ours = (line["environment"], line["supplier_siret"]) == whose
        if is_ours and line["invoice_number"] not in numbers:
            others[str(line["invoice_number"])].append(line)
        elif is_ours and sequence not in extract:
            return _parted(sequence, f"cette ligne de la facture {line['invoice_number']} manque dans le dossier")
        reached = sequence
    if not reached:
        return nothing("il est vide")
    if reached < len(checked.chain):
        return _parted(reached + 1, f"sa fin manque, le dossier va jusqu'à la ligne {len(checked.chain)}")
    return _left_out(checked, others, laws) or Told(_NAME, Sign.FINE, "CX673", {"sequence": str(reached)})


def nothing(detail: str) -> Told:
    """There is no journal to compare with, or another one."""
    return Told(_NAME, Sign.FINE, "CX674", {"detail": detail})


def _left_out(checked: Checked, others: Mapping[str, Sequence[Line]], laws: Laws) -> Told | None:
    """The invoices that the journal holds up to the proof's head, and the proof does not."""
    if checked.pack is None:  # it cannot be read, which was told
        return None
    pack, period = checked.pack, checked.pack.period
    records: dict[str, Record] = {}
    for number, lines in others.items():
        try:
            records[number] = laws.replay(number, lines)
        except ValueError:
            return _parted(int(lines[0]["sequence"]), f"les lignes de la facture {number} ne peuvent pas se suivre")
    left = sorted(number for number, record in records.items() if period.holds(record))
    batches = {number: newest_intent(others[number]).get(BATCH, "") for number in left}
    claimed = {number for number, _ in pack.unpresented}
    mine, admitted = pack.batches, set(pack.off_sheet or ())
    ours = {number for number in left if batches[number] in mine} - admitted
    due = [number for number in left if number in ours | claimed] if period.is_of_the_sheet else left
    if due:
        return Told(_NAME, Sign.WRONG, "CX689", counted(due), ExitCode.WORKBOOK)
    days = {day_of(case.record) for case in pack.cases}
    unsure = [number for number in left if not batches[number] and day_of(records[number]) in days]
    return Told(_NAME, Sign.LOOK, "CX690", counted(unsure)) if unsure else None


def _parted(sequence: int, detail: str) -> Told:
    params = {"sequence": str(sequence), "detail": detail}
    return Told(_NAME, Sign.WRONG, "CX675", params, ExitCode.WORKBOOK)
