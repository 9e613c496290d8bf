"""What was said and what was answered in one call, as text that may be kept for ten years.

Rule 1: headers are never part of it: they hold every secret of a call. A body with a file in it is never part of it.
Rule 2: an answer that reflected a secret was already found unreadable (``answer``), and an unreadable one is not kept.
Rule 3: what is longer than ``LONGEST`` is cut, and says so.
"""

import json
from decimal import Decimal

from chorus_xl.chorus import wire
from chorus_xl.chorus.answer import Answer, Failure

LONGEST = 20_000
"""Characters of one side; a deposit's request is some 2,000."""


def evidence(operation: str, request: wire.JsonObject, end: Answer | Failure) -> dict[str, str]:
    """Both sides of a call, by name; no side is empty."""
    said = {"operation": operation, "request": _cut(wire.encode(request))}
    if isinstance(end, Failure):
        return said | {"end": end.cause}
    answered = json.dumps(end.members, ensure_ascii=False, default=_plain) if end.members else end.content.value
    return said | {"end": f"HTTP {end.status}", "answer": _cut(answered)}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"


def _plain(value: object) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)
