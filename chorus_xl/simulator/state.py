"""The platform as one object: its directory, its state file, its clock, and whose account is calling.

1. Everything that an operation may look at hangs here; operations keep nothing between two calls.
2. The clock is passed in. The default, the real one, is read in one place: ``real_clock``.
3. The technical account is attached to the fictitious supplier, and to one more SIRET when that is asked for.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from chorus_xl.simulator import dates, directory
from chorus_xl.simulator.directory import Structure
from chorus_xl.simulator.identity import SUPPLIER_SIRET
from chorus_xl.simulator.store import Store
from chorus_xl.simulator.switches import Switches

_SIRET = re.compile(r"\d{14}", re.ASCII)
_PASSWORD_LIFETIME = timedelta(days=424)  # as seen on technical accounts by two clients in production


def real_clock() -> datetime:
    """The real time; the stand-in is the platform here, and the platform has its own clock."""
    return datetime.now(UTC)  # noqa: TID251  # the stand-in is a process world of its own


class State:
    """What the platform knows, at this moment."""

    def __init__(
        self,
        path: Path | None,
        *,
        now: Callable[[], datetime] | None = None,
        supplier_siret: str | None = None,
    ) -> None:
        if supplier_siret is not None and not _SIRET.fullmatch(supplier_siret):
            raise ValueError(f"A supplier's SIRET has 14 digits: {supplier_siret!r} has not.")
        self._clock = now or real_clock
        self.directory = directory.load()
        self.store = Store(path)
        self.by_siret: dict[str, Structure] = dict(self.directory.by_siret)
        self.by_id: dict[int, Structure] = dict(self.directory.by_id)
        if supplier_siret is not None and supplier_siret not in self.by_siret:
            self._add_supplier(supplier_siret)
        opened_at = dates.stored(self.now())
        self.store.db.execute("INSERT OR IGNORE INTO fact VALUES ('opened_at', ?)", (opened_at,))
        attached = dict.fromkeys((SUPPLIER_SIRET, supplier_siret or SUPPLIER_SIRET))
        self.suppliers: tuple[Structure, ...] = tuple(self.by_siret[siret] for siret in attached)

    def _add_supplier(self, siret: str) -> None:
        with self.store.writing() as db:
            if self.store.row("SELECT id FROM supplier WHERE siret = ?", siret) is None:
                db.execute("INSERT INTO supplier (siret) VALUES (?)", (siret,))
        row = self.store.rows("SELECT id FROM supplier WHERE siret = ?", siret)[0]
        supplier = Structure(row["id"], siret, f"FOURNISSEUR {siret} (REPETITION)", public=False)
        self.by_siret[siret] = supplier
        self.by_id[supplier.id] = supplier

    def now(self) -> datetime:
        """This moment, in UTC."""
        return self._clock().astimezone(UTC)

    def today(self) -> date:
        """The day in Paris."""
        return self.now().astimezone(dates.PARIS).date()

    def password_expires_at(self) -> datetime:
        """When the technical account's password ends, counted from the first use of this state."""
        opened_at = self.store.rows("SELECT value FROM fact WHERE name = 'opened_at'")[0]["value"]
        return dates.from_stored(opened_at) + _PASSWORD_LIFETIME

    def supplier(self, structure_id: int) -> Structure | None:
        """The supplier of that id, if the account is attached to it."""
        return next((supplier for supplier in self.suppliers if supplier.id == structure_id), None)

    def attachment(self, attachment_id: int) -> sqlite3.Row | None:
        """What is remembered of an uploaded file."""
        return self.store.row("SELECT * FROM attachment WHERE id = ?", attachment_id)

    def switches(self) -> Switches:
        """The switches as they stand now."""
        rows = self.store.rows("SELECT name, value FROM switch")
        return Switches.read({row["name"]: json.loads(row["value"]) for row in rows})

    def set_switches(self, values: Mapping[str, Any]) -> Switches:
        """Set some switches, or none of them; raises ``ValueError`` with a sentence."""
        switches = Switches.read({**self.switches().as_dict(), **values})
        with self.store.writing() as db:
            for name, value in values.items():
                db.execute("INSERT OR REPLACE INTO switch VALUES (?, ?)", (name, json.dumps(value)))
        return switches

    def close(self) -> None:
        """Let go of the state file."""
        self.store.close()
