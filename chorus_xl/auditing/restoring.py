"""A backup put back, said in French: what it has, what it has not, where the other one is kept."""

from pathlib import Path

from chorus_xl.auditing import moments
from chorus_xl.journal.backup import Comparison
from chorus_xl.messages.counted import fill
from chorus_xl.messages.journal import LINES

_NAMED = 20


def lines_before(found: Comparison, file: Path) -> list[str]:
    """What is about to happen, and what the backup has not."""
    told = [fill(LINES["backup"], path=file, lines=found.backup.lines, period=_period(found))]
    if found.present is None:
        told.append(LINES["unreadable"])
    elif found.missing:
        named = ", ".join(found.numbers[:_NAMED]) + (", …" if len(found.numbers) > _NAMED else "")
        told.append(fill(LINES["missing"], lines=found.missing, numbers=named))
    return told


def lines_after(found: Comparison, file: Path, aside: Path | None) -> list[str]:
    """What was done, and what to do now."""
    told = [fill(LINES["restored"], path=file, lines=found.backup.lines, period=_period(found))]
    if aside is not None:
        told.append(LINES["aside"].format(path=aside))
    return [*told, LINES["look_up"]]


def _period(found: Comparison) -> str:
    return moments.period(found.backup.first, found.backup.last)
