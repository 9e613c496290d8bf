"""Which category a company is of, and since when it must deposit on Chorus.

Rule 1: limits and dates are facts of ``data/obligations.toml``; this file knows how they are applied.
Rule 2: amounts are millions of euros, the headcount is in annual work units and may have decimals.
Rule 3: the sheet ``Aide`` does the same sums with formulas; a test holds both to one table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

Number = int | float | Decimal


class Category(StrEnum):
    """The categories of décret 2008-1354, as ``tblParametres`` spells them."""

    MICRO = "Microentreprise"
    SME = "PME"
    MID_CAP = "ETI"
    LARGE = "GE"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One category: who is in it, and what it has had to do since when.

    Attributes:
        category: which one.
        name: French, as the leaflet prints it.
        headcount_below: work units, limit excluded; ``None`` for the category that takes the rest.
        turnover_at_most: M€ without VAT, limit included.
        balance_at_most: M€, limit included.
        obliged_since: electronic invoices to public bodies.
        approved_platform_since: invoices leave through an approved platform, not through Chorus Pro's own API.
    """

    category: Category
    name: str
    headcount_below: int | None
    turnover_at_most: int | None
    balance_at_most: int | None
    obliged_since: date
    approved_platform_since: date

    @property
    def limits(self) -> tuple[int | None, int | None, int | None]:
        """Headcount, turnover, balance."""
        return self.headcount_below, self.turnover_at_most, self.balance_at_most

    def takes(self, headcount: Number, turnover_meur: Number, balance_meur: Number) -> bool:
        """Whether a company that no smaller category took is of this one."""
        if self.headcount_below is None or self.turnover_at_most is None or self.balance_at_most is None:
            return True
        return headcount < self.headcount_below and (
            turnover_meur <= self.turnover_at_most or balance_meur <= self.balance_at_most
        )


def obligations(data: Mapping[str, Any]) -> tuple[Obligation, ...]:
    """The categories of ``data/obligations.toml``, smallest first."""
    return tuple(
        Obligation(
            Category(line["code"]),
            line["name"],
            line.get("headcount_below"),
            line.get("turnover_at_most"),
            line.get("balance_at_most"),
            line["obliged_since"],
            line["approved_platform_since"],
        )
        for line in data["categories"]
    )


def category(headcount: Number, turnover_meur: Number, balance_meur: Number, known: Iterable[Obligation]) -> Obligation:
    """The company's category, with its dates: the smallest that takes it."""
    return next(obligation for obligation in known if obligation.takes(headcount, turnover_meur, balance_meur))
