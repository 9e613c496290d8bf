"""What is wrong, or doubtful, in a row: data, never raised.

Rule 1: a finding holds a code and the values of its sentence; the sentence itself lives in ``chorus_xl.messages``.
Rule 2: only what is certain is an ``ERROR``; what could refuse a good row is a ``WARNING``.
Rule 3: a verdict is derived from findings and from nothing else.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How sure we are that the platform, or the law, would refuse."""

    ERROR = "error"
    WARNING = "warning"


class Verdict(StrEnum):
    """The word in ``Contrôle``."""

    READY = "Prête"
    CHECK = "À vérifier"
    CORRECT = "À corriger"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in one place.

    Attributes:
        code: key in ``chorus_xl.messages``, such as ``CX204``.
        severity: ``ERROR`` keeps the row from leaving, ``WARNING`` does not.
        row: row number as Excel shows it; ``None`` when it concerns the whole workbook.
        column: attribute in ``domain.columns``; ``None`` when it concerns the row.
        params: the values of the sentence, already text.
        table: name of the Excel table.
    """

    code: str
    severity: Severity
    row: int | None = None
    column: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    table: str = "tblFactures"


def by_row(findings: Iterable[Finding], table: str = "tblFactures") -> dict[int, list[Finding]]:
    """Findings of that table's rows by row number, in the order found; those of the whole workbook are left out."""
    grouped: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.table == table and finding.row is not None:
            grouped[finding.row].append(finding)
    return grouped


def verdict(findings: Iterable[Finding]) -> Verdict:
    """The row's verdict: any error means correct, any warning means check."""
    worst = Verdict.READY
    for finding in findings:
        if finding.severity is Severity.ERROR:
            return Verdict.CORRECT
        worst = Verdict.CHECK
    return worst
