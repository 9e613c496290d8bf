"""The journal's tables as they are now, for the queries; how they came about is ``migrations``.

Rule 1: one chain of entries a database, whatever environments and suppliers it holds.
Rule 2: the reservation of a deposit is a unique key in the database, never a lock held over a call (design §4.5).
Rule 3: a line is never changed or deleted, and the journal's version only goes up; triggers say so to whoever tries,
        and who drops the triggers is found by the chain (``chain``).
"""

from sqlalchemy import Column, Integer, MetaData, Table, Text

_metadata = MetaData()

meta = Table("meta", _metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

entries = Table(
    "entries",
    _metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 … without a gap
    Column("at", Text, nullable=False),  # ISO, UTC, microseconds
    Column("environment", Text, nullable=False),
    Column("supplier_siret", Text, nullable=False),
    Column("invoice_number", Text, nullable=False),
    Column("attempt", Integer, nullable=False),  # 0 before the first intent
    Column("event", Text, nullable=False),
    Column("payload", Text, nullable=False),  # canonical JSON
    Column("user", Text, nullable=False),
    Column("machine", Text, nullable=False),
    Column("previous_hash", Text, nullable=False, unique=True),  # unique: the chain cannot fork
    Column("hash", Text, nullable=False, unique=True),
)
