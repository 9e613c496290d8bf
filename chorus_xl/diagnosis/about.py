"""What the code takes for true without proof.

Rule 1: assumptions are found where they are made: each stands in the source behind the mark ``ASSUMPTION``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import chorus_xl

_MARK = re.compile(r"# ASSUMPTION: (?P<text>.+(?:\n\s*#.+)*)")


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


def lines(found: Iterable[Mapping[str, str]]) -> list[str]:
    """Assumptions as lines for a terminal."""
    return [f"{assumption['where']}\n    {assumption['text']}" for assumption in found]
