"""Write ``docs/codes.md`` from the catalogue: ``python docs/codes.py``; ``--check`` fails when it differs."""

import sys
from collections import defaultdict
from pathlib import Path

from chorus_xl.messages import catalogue
from chorus_xl.messages.counted import fill
from chorus_xl.messages.message import Message

PAGE = Path(__file__).with_name("codes.md")

PARTS = {
    "CX1": "Le classeur et ses cellules",
    "CX2": "Les règles d'une facture",
    "CX3": "Les réponses de Chorus Pro",
    "CX4": "Le réseau et les envois incertains",
    "CX5": "Les réglages et le journal",
    "CX6": "Le journal, la preuve et le travail à plusieurs",
    "CX9": "Nos propres défauts",
}

SEVERITIES = {"error": "À corriger", "warning": "À vérifier"}


def page() -> str:
    """The whole page, as Markdown."""
    lines = [
        "# Les codes",
        "",
        (
            "Chaque phrase que ce programme adresse à un comptable se termine par un code entre crochets. "
            "Cette page est faite de `chorus_xl/messages/` par `python docs/codes.py` : ne la modifiez pas à la main."
        ),
        "`chorus-xl explain CX204` dit la même chose dans un terminal.",
    ]
    seen = ""
    for code, message in catalogue().items():
        if code[:3] != seen:
            seen = code[:3]
            lines += ["", f"## {seen}xx – {PARTS[seen]}"]
        lines += ["", *_entry(message)]
    return "\n".join(lines) + "\n"


def _entry(message: Message) -> list[str]:
    blank: defaultdict[str, str] = defaultdict(lambda: "…")
    verdicts = " ou ".join(SEVERITIES[severity.value] for severity in message.severities)
    lines = [f"### {message.code}", "", f"**{fill(message.what, blank)}.**"]
    if verdicts:
        lines += ["", f"Contrôle : {verdicts}."]
    lines += ["", f"À faire : {fill(message.gesture, blank)}"]
    if message.why:
        lines += ["", f"Pourquoi : {message.why}"]
    if message.source:
        lines += ["", f"Source : {message.source}"]
    return lines


def main() -> int:
    """Write the page, or compare it."""
    if "--check" in sys.argv[1:]:
        return 0 if PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
