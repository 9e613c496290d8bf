"""Draw the lives of a deposit and of an act into ``docs/audit.md`` from their tables: ``python docs/lifecycle.py``."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from chorus_xl.domain import acts
from chorus_xl.domain.lifecycle import SENDABLE, TRANSITIONS, UNSETTLED
from chorus_xl.domain.statuses import SHOWN_AS
from chorus_xl.messages.words import EVENTS

PAGE = Path(__file__).with_name("audit.md")
BEGIN, END = "<!-- drawn by docs/lifecycle.py -->\n", "<!-- end -->\n"
BEGIN_ACTS = "<!-- acts, drawn by docs/lifecycle.py -->\n"

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


def diagram(table: Mapping[S, Mapping[E, S]]) -> Iterator[str]:
    """The lines of a diagram; what leads nowhere else is left out."""
    yield from ("```mermaid", "stateDiagram-v2", f"    [*] --> {next(iter(table))}")
    for state, row in table.items():
        for target in dict.fromkeys(row.values()):
            events = [EVENTS[event] for event, after in row.items() if after is target]
            if target is not state:
                yield f"    {state} --> {target} : {' / '.join(events)}"
    yield "```"


def drawing() -> str:
    """The life of a deposit and its legend, as Markdown."""
    lines = [*diagram(TRANSITIONS), "", "| état | colonne « Dépôt » | peut partir | à rechercher d'abord |"]
    lines.append("|---|---|---|---|")
    for state in TRANSITIONS:
        sendable, unsettled = ("oui" if state in states else "non" for states in (SENDABLE, UNSETTLED))
        lines.append(f"| `{state}` | {SHOWN_AS[state]} | {sendable} | {unsettled} |")
    return "\n".join(lines) + "\n"


def drawing_of_acts() -> str:
    """The life of an act and its legend, as Markdown."""
    lines = [*diagram(acts.TRANSITIONS), "", "| état | peut être fait | à vérifier d'abord |", "|---|---|---|"]
    for state in acts.TRANSITIONS:
        actable, unsettled = ("oui" if state in states else "non" for states in (acts.ACTABLE, acts.UNSETTLED_ACTS))
        lines.append(f"| `{state}` | {actable} | {unsettled} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The page with its drawings renewed."""
    text = PAGE.read_text(encoding="utf-8")
    for begin, drawn in ((BEGIN, drawing()), (BEGIN_ACTS, drawing_of_acts())):
        head, _, rest = text.partition(begin)
        text = head + begin + drawn + END + rest.partition(END)[2]
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
