"""One text and one hash for equal data, today and on an auditor's machine in ten years.

Rule 1: canonical JSON has sorted keys, no spaces and unescaped UTF-8; nothing else that JSON allows is used.
Rule 2: numbers are integers: amounts and dates are text long before they come here.
"""

import json
from collections.abc import Mapping
from hashlib import sha256


def canonical(value: Mapping[str, str] | Mapping[str, str | int]) -> str:
    """Canonical JSON text; a lone surrogate, which UTF-8 cannot hold, keeps its JSON escape."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def parse(text: str) -> dict[str, str]:
    """The mapping that a canonical text stands for.

    Raises:
        ValueError: it is no JSON object.
    """
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("a canonical text is a JSON object")  # noqa: TRY004 - wrong data, not a wrong call
    return value


def text_hash(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, hexadecimal."""
    return sha256(text.encode("utf-8")).hexdigest()


def content_hash(content: Mapping[str, str]) -> str:
    """The hash by which two contents of an invoice are the same."""
    return text_hash(canonical(content))
