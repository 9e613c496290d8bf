"""What all answers share: the envelope, and the position in a list.

Rule 1: an envelope is read wherever it stands, whatever the HTTP status; what it means for a call is decided elsewhere.
Rule 2: a list that is absent, null or empty is an empty list; anything else that is no list is unreadable.
"""

from dataclasses import dataclass

from chorus_xl.chorus.wire.values import Members, integer, members, text

RETURN_CODE, LABEL = "codeRetour", "libelle"
_POSITION, _PAGES, _TOTAL = "parametresRetour", "pages", "total"

_NOTHING_FOUND_CODE = 20000
_NOTHING_FOUND_LABEL = "TRA_MSG_00.015"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The platform's own word; ``return_code`` is ``None`` when there is none, 0 when all is well."""

    return_code: int | None
    label: str


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page stands; ``None`` for what the platform does not say."""

    pages: int | None
    total: int | None


def envelope(answer: Members) -> Envelope:
    """The envelope; a refusal without a label is labelled by its code."""
    code = integer(answer.get(RETURN_CODE))
    return Envelope(code, text(answer.get(LABEL)) or (f"{RETURN_CODE} {code}" if code else ""))


def found_nothing(answer: Members) -> bool:
    """Whether a search says that it has no result, which is spelled as a refusal.

    The code alone does not tell: 20000 means other things to other operations (API notes §8, PASTELL in production).
    """
    word = envelope(answer)
    return word.return_code == _NOTHING_FOUND_CODE and _NOTHING_FOUND_LABEL in word.label


def position(answer: Members) -> Position:
    """Where a page stands in its list."""
    said = members(answer.get(_POSITION))
    return Position(integer(said.get(_PAGES)), integer(said.get(_TOTAL)))


def rows(answer: Members, key: str) -> list[Members] | None:
    """The objects of a list; ``None`` when there is something there that is no list of objects."""
    value = answer.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        return None
    return value
