"""A proof beside a journal that may be the one it was taken from: does that journal still say the same?

Rule 1: another journal says nothing of a proof; only one that begins alike is compared.
Rule 2: a journal may have grown since; up to the proof's head it must be the same, line by line.
Rule 3: only the journal shows an invoice that was left out whole. What was to be in the proof is chosen again: by its
        days, by its numbers; of a sheet that is gone the rest is only told, and is most often another sheet's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from chorus_xl.domain.proof import Laws, Line
from chorus_xl.domain.records import Record
from chorus_xl.errors import ExitCode
from chorus_xl.messages.told import Sign, Told
from chorus_xl.proof.verify import Checked

_NAME = "this_journal"
_NAMED = 10


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
    period, claimed = checked.pack.period, {number for number, _ in checked.pack.unpresented}
    records: dict[str, Record] = {}
    for number, lines in others.items():
        try:
            records[number] = laws.replay(number, lines)
        except ValueError:
            return _parted(int(lines[0]["sequence"]), f"les lignes de la facture {number} ne peuvent pas se suivre")
    left = sorted(number for number, record in records.items() if period.holds(record))
    is_chosen = period.is_of_the_journal or bool(period.numbers)
    due = left if is_chosen else [number for number in left if number in claimed]
    if due:
        return Told(_NAME, Sign.WRONG, "CX689", _counted(due), ExitCode.WORKBOOK)
    return Told(_NAME, Sign.LOOK, "CX690", _counted(left)) if left else None


def _counted(numbers: Sequence[str]) -> dict[str, str]:
    named = ", ".join(numbers[:_NAMED]) + (", …" if len(numbers) > _NAMED else "")
    return {"count": str(len(numbers)), "numbers": named}


def _parted(sequence: int, detail: str) -> Told:
    params = {"sequence": str(sequence), "detail": detail}
    return Told(_NAME, Sign.WRONG, "CX675", params, ExitCode.WORKBOOK)
