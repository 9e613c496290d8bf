"""Draw the life of a deposit into ``docs/audit.md`` from its table: ``python docs/lifecycle.py``."""

from pathlib import Path

from chorus_xl.domain.lifecycle import SENDABLE, TRANSITIONS, UNSETTLED
from chorus_xl.domain.statuses import SHOWN_AS
from chorus_xl.messages.words import EVENTS

PAGE = Path(__file__).with_name("audit.md")
BEGIN, END = "<!-- drawn by docs/lifecycle.py -->\n", "<!-- end -->\n"


def drawing() -> str:
    """The diagram and its legend, as Markdown."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> new"]
    for state, row in TRANSITIONS.items():
        for target in dict.fromkeys(row.values()):
            events = [EVENTS[event] for event, after in row.items() if after is target]
            if target is not state:
                lines.append(f"    {state} --> {target} : {' / '.join(events)}")
    lines += ["```", "", "| état | colonne « Dépôt » | peut partir | à rechercher d'abord |", "|---|---|---|---|"]
    for state in TRANSITIONS:
        sendable, unsettled = ("oui" if state in states else "non" for states in (SENDABLE, UNSETTLED))
        lines.append(f"| `{state}` | {SHOWN_AS[state]} | {sendable} | {unsettled} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The page with its drawing renewed."""
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return head + BEGIN + drawing() + END + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
