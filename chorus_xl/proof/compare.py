"""A proof beside a journal that may be the one it was taken from: does that journal still say the same?

Rule 1: another journal says nothing of a proof; only one that begins alike is compared.
Rule 2: a journal may have grown since; up to the proof's head it must be the same, line by line.
"""

from collections.abc import Iterable

from chorus_xl.domain.proof import Line
from chorus_xl.errors import ExitCode
from chorus_xl.messages.told import Sign, Told
from chorus_xl.proof.verify import Checked

_NAME = "this_journal"


def compare(checked: Checked, journal: Iterable[Line]) -> Told:
    """What a journal, read from its beginning, says of a proof that was checked."""
    extract = {int(line["sequence"]) for line in checked.lines}
    numbers = {line["invoice_number"] for line in checked.lines}
    whose = (checked.manifest.get("environment"), checked.manifest.get("supplier_siret"))
    reached = 0
    lines = iter(journal)
    for (sequence, _, own), line in zip(checked.chain, lines, strict=False):
        if line["hash"] != own and sequence == 1:
            return nothing("il ne commence pas de même, c'est un autre journal")
        if line["hash"] != own:
            return _parted(sequence, "une ligne y est autre")
        is_ours = (line["environment"], line["supplier_siret"]) == whose and line["invoice_number"] in numbers
        if is_ours and sequence not in extract:
            return _parted(sequence, f"cette ligne de la facture {line['invoice_number']} manque dans le dossier")
        reached = sequence
    if not reached:
        return nothing("il est vide")
    if reached < len(checked.chain):
        return _parted(reached + 1, f"sa fin manque, le dossier va jusqu'à la ligne {len(checked.chain)}")
    return Told(_NAME, Sign.FINE, "CX673", {"sequence": str(reached)})


def nothing(detail: str) -> Told:
    """There is no journal to compare with, or another one."""
    return Told(_NAME, Sign.FINE, "CX674", {"detail": detail})


def _parted(sequence: int, detail: str) -> Told:
    params = {"sequence": str(sequence), "detail": detail}
    return Told(_NAME, Sign.WRONG, "CX675", params, ExitCode.WORKBOOK)
