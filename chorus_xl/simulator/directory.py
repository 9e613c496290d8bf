"""The directory: which structures and services the platform knows, and its reference lists.

1. Read from ``data/simulator.toml``, which says for each fact where it comes from, or that it is invented.
2. Knows nothing of invoices and judges nothing; the rules are in ``recipients`` and ``submission``.
3. Service ids follow from the structure's id and the order in the file, so they are the same in every run.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).resolve().parents[1] / "data" / "simulator.toml"
_FIRST_STRUCTURE_ID = 26_000_000


@dataclass(frozen=True, slots=True)
class Service:
    """One service of a structure."""

    id: int
    code: str
    active: bool = True
    engagement_required: bool = False


@dataclass(frozen=True, slots=True)
class Structure:
    """One structure: a public body, or a supplier."""

    id: int
    siret: str
    name: str
    public: bool = True
    status: str = "ACTIVE"
    service_required: bool = False
    engagement_required: bool = False
    service_or_engagement: bool = False
    hides_payment: bool = False
    services: tuple[Service, ...] = ()
    known_engagements: frozenset[str] | None = None

    @property
    def active(self) -> bool:
        """Whether invoices may be sent to it."""
        return self.status == "ACTIVE"

    @property
    def bank_account_id(self) -> int:
        """The one bank account that a supplier has here."""
        return 410_000 + self.id - _FIRST_STRUCTURE_ID

    def service(self, code: str) -> Service | None:
        """The service of that code, active or not."""
        return next((service for service in self.services if service.code == code), None)


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything in the file, ready to be looked up."""

    structures: tuple[Structure, ...]
    vat_rates: tuple[dict[str, Any], ...]
    attachment_types: tuple[dict[str, Any], ...]
    extensions: frozenset[str]
    by_siret: Mapping[str, Structure] = field(init=False)
    by_id: Mapping[int, Structure] = field(init=False)

    def __post_init__(self) -> None:
        """Index the structures; two of one SIRET or id would hide each other."""
        object.__setattr__(self, "by_siret", {structure.siret: structure for structure in self.structures})
        object.__setattr__(self, "by_id", {structure.id: structure for structure in self.structures})
        if not len(self.by_siret) == len(self.by_id) == len(self.structures):
            raise ValueError("simulator.toml names a SIRET or an id twice")


def _services(entry: dict[str, Any]) -> tuple[Service, ...]:
    active = entry.pop("services", [])
    inactive = entry.pop("inactive_services", [])
    asking = entry.pop("engagement_services", [])
    base = (entry["id"] - _FIRST_STRUCTURE_ID) * 100 + 7_000_000
    return tuple(
        Service(base + index, code, active=code in active, engagement_required=code in asking)
        for index, code in enumerate([*active, *inactive], start=1)
    )


@cache
def load() -> Directory:
    """Read the file once per process."""
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    structures = []
    for entry in document["structure"]:
        services = _services(entry)
        known = entry.pop("known_engagements", None)
        engagements = None if known is None else frozenset(known)
        structures.append(Structure(**entry, services=services, known_engagements=engagements))
    return Directory(
        structures=tuple(structures),
        vat_rates=tuple(document["vat_rate"]),
        attachment_types=tuple(document["attachment_type"]),
        extensions=frozenset(document["attachments"]["extensions"]),
    )
