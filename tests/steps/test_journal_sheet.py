"""What the sheet ``Journal`` tells of a journal that is longer than a sheet should be."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.records import Entry
from chorus_xl.domain.sheets import CellValue
from chorus_xl.domain.statuses import Change
from chorus_xl.steps.history import LINES_SHOWN, journal_lines

NEWEST = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def lines(event: str, count: int, first: datetime, **details: str) -> list[Entry]:
    """So many lines of one event, a second apart, each of an invoice of its own."""
    return [
        Entry(place, first + timedelta(seconds=place), f"F-{place}", event, details, "clerk", "pc", f"{place:064}")
        for place in range(count)
    ]


def shown(*entries: Sequence[Entry]) -> dict[str, list[CellValue]]:
    history = sorted((entry for each in entries for entry in each), key=lambda entry: entry.at)
    return journal_lines(history, Environment.REHEARSAL)


DEPOSITS = lines("accept", 700, datetime(2026, 10, 2, tzinfo=UTC), chorus_invoice_id="7")
LOOKED_AT = lines("miss", LINES_SHOWN, NEWEST - timedelta(days=1))


def test_a_change_of_the_newest_two_months_is_never_cut_away() -> None:
    table = shown(DEPOSITS, LOOKED_AT)

    assert Counter(table["change"])[Change.DEPOSITED.value] == len(DEPOSITS)
    assert table["at"][:1] == [max(moment for moment in table["at"] if isinstance(moment, datetime))]


def test_what_is_cut_away_is_counted_in_the_last_line() -> None:
    older = lines("accept", 40, datetime(2026, 9, 2, tzinfo=UTC), chorus_invoice_id="7")

    table = shown(older, DEPOSITS, LOOKED_AT)

    kept = len(table["event"]) - 1
    assert kept == LINES_SHOWN, "the newest, once the changes have their place"
    assert table["at"][-1] is None
    left = len(older) + len(DEPOSITS) + len(LOOKED_AT) - kept
    assert f"{left} lignes plus anciennes" in str(table["detail"][-1])
    assert "chorus-xl journal export" in str(table["detail"][-1])


def test_a_journal_that_fits_is_shown_whole_and_says_nothing_of_cuts() -> None:
    table = shown(DEPOSITS)

    assert len(table["event"]) == len(DEPOSITS)
    assert None not in table["at"]
