"""What the rules need to know of the world, handed in; and the words in which they speak.

Rule 1: ``None`` means not asked, never "fine": a rule that needs the answer is silent without it.
Rule 2: findings are built for the rows at fault alone; everything else is done on whole columns or distinct values.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import numpy as np

from chorus_xl.domain.batch import Batch
from chorus_xl.domain.budgets import Budget
from chorus_xl.domain.files import RowFiles
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.invoice import PublicBody
from chorus_xl.domain.lifecycle import State
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.supplier import Parameters
from chorus_xl.domain.values import Mask
from chorus_xl.domain.vat import VatRates

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class KnownDeposit:
    """What the journal knows of a number; texts as it keeps them: an ISO date, an amount with a dot, or ``""``."""

    state: State
    issue_date: str = ""
    recipient_siret: str = ""
    total_with_vat: str = ""
    pdf_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The world on the day of the check.

    Attributes:
        today: the day in Paris.
        budgets: ``tblBudgets`` by label, with what it remembers of the directory.
        vat_rates: ``data/vat_rates.toml``.
        bodies: the directory's answers by SIRET; ``None``: it does not know it; a missing key: not asked.
        directory_reached: whether the directory answered; ``None``: it was not asked.
        files: facts of each row's files by row number; ``None``: nobody looked.
        deposits: what the journal knows, by invoice number.
    """

    today: date
    environment: Environment
    parameters: Parameters
    budgets: Mapping[str, Budget]
    vat_rates: VatRates
    bodies: Mapping[str, PublicBody | None] = field(default_factory=dict)
    directory_reached: bool | None = None
    files: Mapping[int, RowFiles] | None = None
    deposits: Mapping[str, KnownDeposit] = field(default_factory=dict)

    @property
    def key_severity(self) -> Severity:
        """How sure we are that a wrong key is refused: the qualification platform invents SIRETs that fail it."""
        return Severity.WARNING if self.environment is Environment.QUALIFICATION else Severity.ERROR


Rule = Callable[[Batch, Facts], Iterator[Finding]]


def at(mask: Mask) -> list[int]:
    """The indexes that a mask marks."""
    indexes: list[int] = np.flatnonzero(mask).tolist()
    return indexes


def error(batch: Batch, index: int, code: str, column: str | None, **params: str) -> Finding:
    """A finding that keeps the row from leaving."""
    return Finding(code, Severity.ERROR, int(batch.rows[index]), column, params)


def warning(batch: Batch, index: int, code: str, column: str | None, **params: str) -> Finding:
    """A finding that lets the row leave."""
    return Finding(code, Severity.WARNING, int(batch.rows[index]), column, params)


def odd_ones(values: Iterable[K], judge: Callable[[K], V | None]) -> Iterator[tuple[int, K, V]]:
    """Judge each distinct value once; the index, the value and the judgement wherever there is one."""
    values = list(values)
    judged = {value: judgement for value in dict.fromkeys(values) if (judgement := judge(value))}
    if judged:
        for index, value in enumerate(values):
            if value in judged:
                yield index, value, judged[value]
