"""What must never be forgotten: each intent, outcome, look-up and status, in an append-only chain of lines.

Rule 1: nothing is sent before its intent is committed here, and nothing is shown before its outcome is.
Rule 2: no secret and no answer of the platform in full ever comes here; the caller chooses what is kept, as text.
Rule 3: only ``domain`` and ``errors`` are imported; SQL stands in ``schema``, ``queries``, ``migrations``, ``engine``,
        ``store`` and ``backup`` alone.
"""

from chorus_xl.journal.store import SqlJournal, open_journal

__all__ = ["SqlJournal", "open_journal"]
