"""Whether a journal holds, said in French.

Rule 1: each fault is a line of its own: sequence, moment, invoice; heads that are missed come with their hash.
Rule 2: of a text that names heads as such (« tête », ``head``), only those are taken; else every hash in it is one. Of
        a workbook, the head that ``Accueil`` shows.
Rule 3: triggers that are gone, and heads that a press missed, are said beside a chain that holds.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from chorus_xl.auditing import moments
from chorus_xl.domain.heads import head_params, printed_head
from chorus_xl.domain.parameters import Environment
from chorus_xl.errors import UsageError
from chorus_xl.journal.chain import Break
from chorus_xl.journal.ledger import Fault, Missed, Scope, Verification
from chorus_xl.messages.counted import fill
from chorus_xl.messages.journal import FAULTS, LINES, PLACES
from chorus_xl.messages.system import in_french
from chorus_xl.messages.told import Sign, Told
from chorus_xl.workbook.content import Content
from chorus_xl.workbook.opening import read_file

_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", re.IGNORECASE)
_HEAD = re.compile(r"t[eê]te|head", re.IGNORECASE)
_MOST_TOLD = 50
_WORKBOOKS = (".xlsm", ".xlsx")


def tell(found: Verification, place: str) -> list[Told]:
    """The verdict, as lines: that the chain holds, or each fault, the first ones of many; and what stands beside it."""
    beside = [*_unguarded(found, place), *map(_missed, found.missed[:_MOST_TOLD])]
    if found.faults:
        return [*(_fault(fault) for fault in found.faults[:_MOST_TOLD]), *beside]
    params = {"journal": place, "lines": str(found.lines), "period": moments.period(found.first, found.last)}
    return [Told("journal", Sign.FINE, "CX610", params), *beside]


def lines(found: Verification) -> list[str]:
    """What goes with the verdict: whose lines there are, how many faults are not told, and the head."""
    told = [
        fill(LINES["scope"], environment=label(scope), supplier=scope.supplier_siret, lines=count)
        for scope, count in sorted(found.scopes.items())
    ]
    if len(found.faults) > _MOST_TOLD:
        told.append(fill(LINES["more_faults"], count=len(found.faults) - _MOST_TOLD))
    return [f"   {line}" for line in (*told, LINES["head"].format(head=found.head or "–"))]


def document(found: Verification, place: str) -> dict[str, object]:
    """For JSON."""
    return {
        "journal": place,
        "holds": not found.faults,
        "lines": found.lines,
        "first": found.first or None,
        "last": found.last or None,
        "head": found.head or None,
        "scopes": [
            {"environment": scope.environment, "supplier_siret": scope.supplier_siret, "lines": count}
            for scope, count in sorted(found.scopes.items())
        ],
        "faults": [
            {
                "sequence": fault.sequence,
                "kind": fault.kind,
                "at": fault.at or None,
                "invoice_number": fault.invoice_number or None,
                "hash": fault.hash,
            }
            for fault in found.faults
        ],
        "missing_triggers": list(found.unguarded),
        "missed_heads": [
            {"sequence": missed.sequence, "at": missed.at, "user": missed.by, **missed.details}
            for missed in found.missed
        ],
    }


def label(scope: Scope) -> str:
    """The environment in the clerk's word, where it is one."""
    known = {environment.value: environment.label for environment in Environment}
    return known.get(scope.environment, scope.environment)


def heads_of(words: Iterable[str]) -> list[str]:
    """Hashes given one by one.

    Raises:
        UsageError: one is none.
    """
    heads = []
    for word in words:
        if not _HASH.fullmatch(word.strip()):
            raise UsageError("CX616", value=word)
        heads.append(word.strip().lower())
    return heads


def heads_from(file: Path) -> list[str]:
    """The heads in a text that was kept (a verification, an extract of a proof), or the one that a workbook shows.

    Raises:
        UsageError: it cannot be read, or has none.
        WorkbookError: it is a workbook, and cannot be read as one of ours.
    """
    if file.suffix.lower() in _WORKBOOKS:
        printed = printed_head(Content(read_file(file), file.name).sheets.press)
        if printed is None:
            raise UsageError("CX616", value=str(file))
        return [printed.head]
    try:
        text = file.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise UsageError("CX615", path=str(file), detail=in_french(error)) from None
    named = [hash_ for line in text.splitlines() if _HEAD.search(line) for hash_ in _HASH.findall(line)]
    heads = [hash_.lower() for hash_ in named or _HASH.findall(text)]
    if not heads:
        raise UsageError("CX616", value=str(file))
    return heads


def _unguarded(found: Verification, place: str) -> list[Told]:
    if not found.unguarded:
        return []
    return [Told("triggers", Sign.WRONG, "CX641", {"journal": place, "names": ", ".join(found.unguarded)})]


def _missed(missed: Missed) -> Told:
    params = {"sequence": str(missed.sequence), "noted": moments.told(missed.at), "by": missed.by}
    params |= head_params(missed.details, missed.details.get("newest", ""))
    return Told("head_unknown", Sign.LOOK, "CX642", params)


def _fault(fault: Fault) -> Told:
    if fault.kind == Break.HEAD_LOST.value:
        return Told("head", Sign.WRONG, "CX613", {"head": fault.hash})
    place = PLACES["line"].format(at=moments.told(fault.at), number=fault.invoice_number)
    params = {"sequence": str(fault.sequence), "place": place, "fault": FAULTS[fault.kind]}
    return Told(fault.kind, Sign.WRONG, "CX612", params)
