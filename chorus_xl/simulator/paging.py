"""Pages of a list, as every search of the platform cuts them.

1. Pages count from 1 and hold 10 unless the request says otherwise; no upper limit is known, so none is set.
2. A page beyond the last one is empty, not an error.
3. ASSUMPTION: a list without results has one (empty) page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chorus_xl.simulator.refusals import MalformedError

DEFAULT_SIZE = 10


@dataclass(frozen=True, slots=True)
class Page:
    """Which slice of the list is asked for."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """How many results come before this page."""
        return (self.number - 1) * self.size

    def pages(self, total: int) -> int:
        """How many pages a list of that many results has."""
        return max(1, -(-total // self.size))

    def members(self, total: int) -> dict[str, int]:
        """The ``parametresRetour`` object."""
        return {
            "pageCourante": self.number,
            "pages": self.pages(total),
            "nbResultatsParPage": self.size,
            "total": total,
        }


def read(
    parameters: Mapping[str, Any] | None,
    number_key: str = "pageResultatDemandee",
    size_key: str = "nbResultatsParPage",
) -> Page:
    """Read the page asked for; a number below 1 is malformed."""
    given = parameters or {}
    page = Page(given.get(number_key, 1), given.get(size_key, DEFAULT_SIZE))
    if page.number < 1 or page.size < 1 or page.offset > 2**62 or page.size > 2**62:
        raise MalformedError(f"{number_key}, {size_key}: a page counts from 1")
    return page
