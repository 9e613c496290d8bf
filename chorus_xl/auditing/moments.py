"""Moments of journal lines as people read them, in Paris.

Rule 1: a line may have been bent: what is no moment is shown as it stands.
"""

from datetime import datetime

from chorus_xl.messages.journal import LINES
from chorus_xl.steps.office import PARIS


def in_paris(at: str) -> datetime | None:
    """A line's moment by the clock of Paris, naive; ``None`` when it is no moment."""
    try:
        moment = datetime.fromisoformat(at)
        return moment.astimezone(PARIS).replace(tzinfo=None) if moment.tzinfo else None
    except (OverflowError, ValueError):
        return None


def told(at: str) -> str:
    """A line's moment for a sentence."""
    moment = in_paris(at)
    return f"{moment:%d/%m/%Y à %H:%M:%S}" if moment else at


def period(first: str, last: str) -> str:
    """From the first line to the last one, for a sentence."""
    return LINES["period"].format(first=told(first), last=told(last)) if first else LINES["empty"]
