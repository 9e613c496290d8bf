"""``Contrôle`` and ``Anomalies`` typed over by hand: put back by the next judgement, and said where that can be known.

Rule 1: the judgement itself never reads these cells: a word typed over them lets nothing leave.
Rule 2: the program writes both cells in one go, and its sentences bear their codes. So three things can be known: a
        verdict that is none of our words; sentences of which none bears a code; a verdict that is milder than the
        sentences beside it.
Rule 3: nothing else is said. No journal knows verdicts: « Prête » with an emptied ``Anomalies`` may be ours, of a row
        that was good when it was judged and was edited since, and a clerk who only edits must not be accused. A cell
        that was emptied claims nothing.
"""

import re
from collections.abc import Iterator

from chorus_xl.domain.findings import Finding, Severity, Verdict
from chorus_xl.domain.texts import shown
from chorus_xl.messages import catalogue
from chorus_xl.messages.message import ERROR
from chorus_xl.steps.judge import Desk

_WORDS = frozenset(verdict.value for verdict in Verdict)
_CODE = re.compile(r"\[(CX\d{3})\]$", re.MULTILINE)


def typed_over(desk: Desk) -> dict[int, tuple[Finding, ...]]:
    """What there is to say of each row whose verdict, or whose sentences, a hand has written; by row."""
    table, said = desk.sheets.invoices, {}
    cells = zip(desk.batch.rows.tolist(), table.cells("verdict"), table.cells("findings"), strict=True)
    for row, verdict, sentences in cells:
        if found := tuple(_of_row(int(row), _text(verdict), _text(sentences))):
            said[int(row)] = found
    return said


def _of_row(row: int, verdict: str, sentences: str) -> Iterator[Finding]:
    codes = _CODE.findall(sentences)
    if verdict and (verdict not in _WORDS or _is_milder(verdict, sentences, codes)):
        yield _finding(row, "verdict", verdict)
    if sentences and not codes and not sentences.endswith("…"):  # what Excel's longest cell cut off is ours
        yield _finding(row, "findings", sentences)


def _is_milder(verdict: str, sentences: str, codes: list[str]) -> bool:
    """Whether the sentences that stand beside a verdict of ours cannot have led to it."""
    if verdict == Verdict.READY:
        return bool(sentences)
    known = (catalogue().get(code) for code in codes)
    return verdict == Verdict.CHECK and any(message is not None and message.severities == ERROR for message in known)


def _finding(row: int, column: str, value: str) -> Finding:
    return Finding("CX139", Severity.WARNING, row, column, {"value": shown(value)})


def _text(cell: object) -> str:
    return str(cell).strip() if cell is not None else ""
