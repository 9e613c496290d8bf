"""Names for files and folders that Windows, macOS and Linux all hold, unpack and spell alike.

Rule 1: plain letters and digits, ``_`` and ``-``, one dot before an extension; no name that Windows keeps for devices.
Rule 2: names that differ by case alone are the same name.
"""

import hashlib
import re
import unicodedata
from collections import Counter

# Source: Microsoft, "Naming Files, Paths, and Namespaces", reserved names; read 2026-11.
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9])(?:\..*)?", re.IGNORECASE)
_LONGEST = 60  # characters: a proof is to be unpacked below long paths too


class Names:
    """Names for files and folders that every system can hold, no two of them alike.

    A name that had to be changed bears the beginning of its own hash, so that it says which one it stands for.
    """

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    def safe(self, text: str) -> str:
        """A name for the text.

        >>> names = Names()
        >>> names.safe("F-1"), names.safe("A/1+b"), names.safe("f-1")
        ('F-1', 'A_1_b-9f9f97', 'f-1-3defc6')
        """
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
        stem, dot, extension = plain.rpartition(".")
        if not stem or not re.fullmatch(r"[A-Za-z0-9]{1,8}", extension):
            stem, dot, extension = plain, "", ""
        stem = re.sub(r"[^A-Za-z0-9_-]+", "_", stem)[:_LONGEST].strip("_") or "sans-nom"
        if _DEVICE.fullmatch(stem):
            stem = f"_{stem}"
        name = f"{stem}{dot}{extension}"
        if name != text or self._taken[name.casefold()]:
            stem = f"{stem}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"
            name = f"{stem}{dot}{extension}"
        count = self._taken[name.casefold()]
        self._taken[name.casefold()] += 1
        return f"{stem}-{count + 1}{dot}{extension}" if count else name
