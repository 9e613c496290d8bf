"""What this program rests on here: versions, folders, assumptions; and the file left by a bug.

Rule 1: no secret, no request and no cell of a workbook is ever shown or written here.
Rule 2: assumptions are found where they are made: each stands in the source behind the mark ``ASSUMPTION``.
"""

import re
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

import chorus_xl

_MARK = re.compile(r"# ASSUMPTION: (?P<text>.+(?:\n\s*#.+)*)")


def facts() -> dict[str, object]:
    """Versions and folders."""
    from chorus_xl.bootstrap import read_settings  # noqa: PLC0415 - crashes are written without it

    settings = read_settings()
    return {
        "chorus_xl": chorus_xl.__version__,
        "python": sys.version.split()[0],
        "interpreter": sys.executable,
        "xlwings": version("xlwings"),
        "home": str(settings.home),
        "settings": {name: place for name, (_, place) in sorted(settings.values.items())},
    }


def assumptions() -> list[dict[str, str]]:
    """Everything that the code assumes without proof: where, and what."""
    root = Path(chorus_xl.__file__).parent
    return [
        {"where": f"chorus_xl/{path.relative_to(root).as_posix()}:{line}", "text": text}
        for path in sorted(root.rglob("*.py"))
        for line, text in _marks(path.read_text(encoding="utf-8"))
    ]


def _marks(source: str) -> Iterator[tuple[int, str]]:
    for match in _MARK.finditer(source):
        text = " ".join(line.strip().removeprefix("#").strip() for line in match["text"].splitlines())
        if not text.startswith("(?P"):
            yield source.count("\n", 0, match.start()) + 1, text


def lines(summary: Mapping[str, object]) -> list[str]:
    """A summary as lines for a terminal."""
    told = []
    for name, value in summary.items():
        if isinstance(value, list):
            told += [f"{item['where']}\n    {item['text']}" for item in value]
        else:
            told.append(f"{name}: {value}")
    return told


def write_crash(error: Exception) -> Path:
    """Leave the traceback of our bug in a file of its own; frames only, no values."""
    text = "".join(traceback.format_tb(error.__traceback__))
    with tempfile.NamedTemporaryFile("w", prefix="chorus-xl-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write(f"chorus-xl {chorus_xl.__version__}, Python {sys.version}\n{text}{type(error).__name__}\n")
    return Path(file.name)
