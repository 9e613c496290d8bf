"""How much longer a piece of work will take, from how long it has taken so far.

Rule 1: time is passed in. Work that is told under other words is another piece of work, and begins anew.
Rule 2: nothing is said before there is something to go by, nor of what is over.
"""

from datetime import datetime, timedelta

_SOON = timedelta(seconds=2)  # of work, before its pace means anything


class Remaining:
    """Watches one piece of work after another."""

    def __init__(self) -> None:
        self._words = ""
        self._done = 0
        self._since: datetime | None = None

    def after(self, done: int, total: int, words: str, now: datetime) -> timedelta | None:
        """What is left when so many of the total are done; ``None`` when it cannot be said."""
        if self._since is None or words != self._words or done < self._done:
            self._words, self._done, self._since = words, done, now
            return None
        worked, pieces = now - self._since, done - self._done
        if pieces == 0 or worked < _SOON or done >= total:
            return None
        return worked / pieces * (total - done)
