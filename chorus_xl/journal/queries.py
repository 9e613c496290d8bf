"""Every statement of the journal, built once: a write is to cost the disk's time, not the query builder's.

Rule 1: the lines of one environment and one supplier are asked for by the parameters ``environment`` and
        ``supplier_siret``; those that end in ``_OF`` by ``numbers`` too.
Rule 2: lines come oldest first.
Rule 3: ``ANY`` and ``PLACES`` are of the whole database; what ``ANY`` is asked for as ``""`` it does not ask for.
"""

from typing import Any

from sqlalchemy import Column, Select, Text, bindparam, func, insert, or_, select

from chorus_xl.journal.schema import entries

_lines = entries.c


def _mine(*columns: Column[Any]) -> Select[Any]:
    """Those columns of one supplier's lines, oldest first."""
    query = select(*columns).order_by(_lines.sequence)
    return query.where(
        _lines.environment == bindparam("environment"), _lines.supplier_siret == bindparam("supplier_siret")
    )


def _named(query: Select[Any]) -> Select[Any]:
    return query.where(_lines.invoice_number.in_(bindparam("numbers", expanding=True)))


TOLD = _mine(_lines.invoice_number, _lines.at, _lines.attempt, _lines.event, _lines.payload).where(
    _lines.event != "exchange",  # long, and no record needs it
    _lines.invoice_number != "",  # of the journal itself: no record is made of it
)
TOLD_OF = _named(TOLD)
SHOWN = _mine(
    _lines.sequence,
    _lines.at,
    _lines.invoice_number,
    _lines.event,
    _lines.payload,
    _lines.user,
    _lines.machine,
    _lines.hash,
)
SHOWN_OF = _named(SHOWN)
NEWEST = select(_lines.sequence, _lines.hash).order_by(_lines.sequence.desc()).limit(1)
HAS = select(_lines.sequence).where(_lines.hash == bindparam("hash")).limit(1)
WHOLE = select(entries).order_by(_lines.sequence).execution_options(yield_per=1000)
ANY = (
    select(entries)
    .where(
        or_(bindparam("environment", type_=Text) == "", _lines.environment == bindparam("environment", type_=Text)),
        or_(bindparam("number", type_=Text) == "", _lines.invoice_number == bindparam("number", type_=Text)),
        _lines.at >= bindparam("since"),
        _lines.at < bindparam("until"),
    )
    .order_by(_lines.sequence)
    .execution_options(yield_per=1000)
)
COUNT = select(func.count()).select_from(entries)
PLACES = select(_lines.sequence, _lines.at, _lines.invoice_number).where(
    _lines.sequence.in_(bindparam("sequences", expanding=True))
)
ADD = insert(entries)
