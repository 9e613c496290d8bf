"""What the platform and the buyers write, in the clerk's words: which column, which gesture, whom to ask.

Rule 1: an explanation stands beside the text and never in its place; a text that nothing explains is left as it is.
Rule 2: a code explains itself wherever it stands; words count only where the dictionary says who writes them; a number
        (``codeRetour``) counts only for its own operation, and only where the text holds no code.
Rule 3: a code of a family that the platform does not have marks somebody else's text: it is not explained.
Rule 4: what a text denies it does not say: an entry names the phrases that deny it.
Rule 5: the dictionary is facts, ``data/platform_messages.toml``; its first entry that matches is taken.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chorus_xl.domain.texts import fold


class Where(StrEnum):
    """Whose words a text is."""

    DEPOSIT = "deposit"
    UPLOAD = "upload"
    COMPLETE = "complete"
    RECYCLE = "recycle"
    ACKNOWLEDGE = "acknowledge"
    SEARCH = "search"
    FLOW = "flow"
    BUYER = "buyer"


class Kind(StrEnum):
    """How an entry is recognised."""

    CODE = "code"
    PHRASE = "phrase"
    REGEX = "regex"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One entry of the dictionary.

    Attributes:
        kind: what its patterns are.
        patterns: ready to be searched for: in the folded text for a phrase, else in the text as it came.
        unless: what, in the folded text, denies it.
        where: whose words it explains; empty: anybody's.
        return_code: ``codeRetour`` that says the same.
        column: attribute of ``tblFactures`` it is about; ``""`` when none.
        words: French, what it means, without a final full stop.
        gesture: French, what the clerk does.
        redeposit: whether a refused deposit is deposited again once that is done.
        whom: ``body``, ``support``, ``piste``, or ``""``.
        source: French, where it comes from.
    """

    kind: Kind
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    where: frozenset[Where]
    return_code: int | None
    column: str
    words: str
    gesture: str
    redeposit: bool
    whom: str
    source: str


@dataclass(frozen=True, slots=True)
class Dictionary:
    """All entries, and the families of the platform's codes."""

    families: frozenset[str]
    entries: tuple[Explanation, ...]

    def explain(self, text: str, where: Where | None = None, return_code: int | None = None) -> Explanation | None:
        """The entry for a text; ``None`` when nothing explains it.

        Args:
            text: as it came, of any length.
            where: whose words; ``None`` for anybody's.
            return_code: what came with it.
        """
        families = set(_FAMILY.findall(text))
        if families - self.families:
            return None
        folded = _folded(text)
        for entry in self.entries:
            is_meant = where is None or not entry.where or where in entry.where
            if (entry.kind is Kind.CODE or is_meant) and _holds(entry, text, folded):
                return entry
            if where in entry.where and not families and return_code is not None and return_code == entry.return_code:
                return entry
        return None


def read(data: Mapping[str, Any]) -> Dictionary:
    """The dictionary of ``data/platform_messages.toml``."""
    entries = tuple(_entry(line, data["sources"]) for line in data["message"])
    return Dictionary(frozenset(data["families"]), entries)


_FAMILY = re.compile(r"\b([A-Z]{2,5})_MSG_\d")


def _entry(line: Mapping[str, Any], sources: Mapping[str, str]) -> Explanation:
    kind = Kind(line["kind"])
    return Explanation(
        kind,
        tuple(_pattern(kind, pattern) for pattern in line["patterns"]),
        tuple(_pattern(Kind.PHRASE, pattern) for pattern in line.get("unless", ())),
        frozenset(map(Where, line.get("where", ()))),
        line.get("return_code"),
        line.get("column", ""),
        line["words"],
        line["gesture"],
        line.get("redeposit", True),
        line.get("whom", ""),
        " ; ".join(sources[name] for name in line["source"].split(", ")),
    )


def _pattern(kind: Kind, pattern: str) -> re.Pattern[str]:
    match kind:
        case Kind.CODE:
            return re.compile(rf"(?<![A-Za-z0-9_]){re.escape(pattern)}(?![A-Za-z0-9_])")
        case Kind.PHRASE:
            return re.compile(rf"\b{re.escape(_folded(pattern))}\b")
        case Kind.REGEX:
            return re.compile(pattern)


def _folded(text: str) -> str:
    return fold(text.replace("’", "'"))


def _holds(entry: Explanation, text: str, folded: str) -> bool:
    searched = folded if entry.kind is Kind.PHRASE else text
    is_denied = any(pattern.search(folded) for pattern in entry.unless)
    return not is_denied and any(pattern.search(searched) for pattern in entry.patterns)
