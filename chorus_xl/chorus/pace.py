"""Not faster than the platform likes.

Rule 1: calls start at least ``interval`` seconds apart, over all threads; who comes later waits for a later slot.
Rule 2: knows no HTTP; when the platform asks for a pause (``hold``), everybody waits, but nobody longer than
        ``LONGEST_HOLD``: for a longer one no call starts any more, and the clerk comes back later.
Rule 3: a wall clock may jump: when it goes back, slots given before are forgotten instead of waited for.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock

LONGEST_HOLD = 60.0
"""Seconds of pause that are waited for within a press."""


class Pacer:
    """Gives each call its start; one for all threads of a client.

    Args:
        interval: seconds between two starts; 0 lets every call start at once.
        now: aware time.
        sleep: waits that many seconds.
    """

    def __init__(self, interval: float, now: Callable[[], datetime], sleep: Callable[[float], None]) -> None:
        self._interval = interval
        self._now = now
        self._sleep = sleep
        self._lock = Lock()
        self._seen = 0.0
        self._free_at = 0.0
        self._held_until = 0.0
        self._closed_until = 0.0

    def wait(self) -> bool:
        """Return when the next call may start; ``False`` when none may within ``LONGEST_HOLD``.

        A pause that the platform asks for meanwhile holds those too who already wait for their slot.
        """
        start = None
        while True:
            with self._lock:
                now = self._read_clock()
                if now < self._closed_until:
                    return False
                if start is not None and start >= self._held_until:
                    return True
                start = max(now, self._free_at)
                self._free_at = start + self._interval
                if start <= now:
                    return True
            # Sleeping outside the lock: slots are handed out in order, waiting is done side by side.
            self._sleep(start - now)

    def hold(self, seconds: float) -> None:
        """Let no call start for that long: later ones wait, or are turned away when that is too long to wait."""
        with self._lock:
            end = self._read_clock() + seconds
            if seconds > LONGEST_HOLD:
                self._closed_until = max(self._closed_until, end)
            else:
                self._held_until = max(self._held_until, end)
                self._free_at = max(self._free_at, end)

    def _read_clock(self) -> float:
        now = self._now().timestamp()
        if now < self._seen:
            self._free_at = self._held_until = self._closed_until = now
        self._seen = now
        return now


def seconds_to_wait(retry_after: str, now: datetime) -> float | None:
    """What a ``Retry-After`` header asks for, in seconds or as a date; ``None`` when it says nothing usable."""
    if retry_after.isascii() and retry_after.isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:  # "-0000": UTC without saying so
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
