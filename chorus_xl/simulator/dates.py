"""The date forms of the wire, each exactly where the real platform uses it.

1. Moments are aware UTC inside; days and hours on the wire are Paris time.
2. ``day`` for deposits and invoices, ``minute`` for history and treatments,
   ``instant`` for the moment of the current status. Nothing else is written.
3. Readers raise ``ValueError``; what that means is for the caller to say.
"""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def day(moment: datetime) -> str:
    """``2025-11-03``, the day in Paris."""
    return f"{moment.astimezone(PARIS):%Y-%m-%d}"


def minute(moment: datetime) -> str:
    """``2025-11-03 17:55``, Paris time."""
    return f"{moment.astimezone(PARIS):%Y-%m-%d %H:%M}"


def instant(moment: datetime) -> str:
    """``2025-11-03T17:55:10.120+01:00``, Paris time."""
    return moment.astimezone(PARIS).isoformat(timespec="milliseconds")


def stored(moment: datetime) -> str:
    """The form kept in the state: UTC, fixed width, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_stored(text: str) -> datetime:
    """The reverse of ``stored``."""
    return datetime.fromisoformat(text)


def read_day(text: str) -> date:
    """Read ``YYYY-MM-DD`` and no other form."""
    if not _DAY.fullmatch(text):
        raise ValueError(f"{text!r} is not of the form YYYY-MM-DD")
    return date.fromisoformat(text)


def read_bound(text: str, *, upper: bool) -> datetime:
    """Read one end of a period, a day or a moment, in Paris time unless it says otherwise; an upper day is whole."""
    moment = datetime.fromisoformat(text)
    if upper and _DAY.fullmatch(text):
        moment += timedelta(days=1, microseconds=-1)
    return moment if moment.tzinfo else moment.replace(tzinfo=PARIS)
