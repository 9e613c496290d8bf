"""The VAT rates that an invoice may bear.

Rule 1: the list is a fact (``data/vat_rates.toml``), handed in; this file only knows its shape.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class VatRates:
    """Rates in basis points: 2000 is 20 %."""

    current: frozenset[int]
    obsolete: frozenset[int]


def vat_rates(data: Mapping[str, Any]) -> VatRates:
    """The rates as ``data/vat_rates.toml`` lists them."""
    current = frozenset(rate for rates in data["current"].values() for rate in rates)
    return VatRates(current, frozenset(data["obsolete"]["rates"]))
