"""What the directory of Chorus Pro said of a body, as ``tblBudgets`` remembers it.

Rule 1: an answer names the SIRET that it is about: beside another SIRET it is no fact, and is to be wiped.
Rule 2: an answer names the environment that it was given in: elsewhere it is no fact either. The exercise platform
        invents its bodies, and what it knows says nothing of where a real invoice goes.
Rule 3: an answer has its day; after ``OLD_AFTER`` it is still used, and said to be old.
Rule 4: it is kept in the words of ``Remembered``; any other word is no fact.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chorus_xl.domain.invoice import PublicBody
from chorus_xl.domain.parameters import Environment

OLD_AFTER = timedelta(days=90)
"""Bodies close services and change what they require: three months are a quarter's invoices. No rule of the State."""

MEMORY = ("directory", "service_required", "engagement_required", "checked_on")
"""The columns of ``tblBudgets`` that hold an answer."""


class Remembered(StrEnum):
    """What ``tblBudgets`` keeps of the directory's answer."""

    ACTIVE = "Connu, actif"
    INACTIVE = "Connu, inactif"
    UNKNOWN = "Inconnu"
    YES = "Oui"
    NO = "Non"
    EITHER = "Service ou engagement"


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a line of ``tblBudgets`` remembers.

    Attributes:
        checked_on: the day the directory was asked; ``None``: never, or what stands there is no fact.
        body: what it said; ``None`` with a ``checked_on``: it does not know the SIRET.
        stale: what stands in ``Répertoire`` without being a fact about the line's SIRET; ``""`` when nothing does.
        is_foreign: whether it is one in another environment, or does not say in which.
    """

    checked_on: date | None = None
    body: PublicBody | None = None
    stale: str = ""
    is_foreign: bool = False


_LABELS = "|".join(environment.label for environment in Environment)
_ANSWER = re.compile(
    rf"(?P<word>[^(]+) \((?:(?P<environment>{_LABELS}), )?SIRET (?P<siret>\d{{14}})(?:, (?P<name>.*))?\)", re.DOTALL
)


def remembered(siret: str, body: PublicBody | None, environment: Environment) -> dict[str, str | None]:
    """The cells that keep the directory's answer about a SIRET, by attribute; what ``recall`` makes facts of again."""
    whose = f"{environment.label}, SIRET {siret}"
    if body is None:
        said = f"{Remembered.UNKNOWN} ({whose})"
        return {"directory": said, "service_required": None, "engagement_required": None}
    known = Remembered.ACTIVE if body.is_active else Remembered.INACTIVE
    about = ", ".join(part for part in (whose, " ".join(body.name.split())) if part)
    flags = (body.service_required, body.engagement_required)
    words = (Remembered.EITHER,) * 2 if body.service_or_engagement else tuple(map(_word, flags))
    service, engagement = (word.value if word else None for word in words)
    return {"directory": f"{known} ({about})", "service_required": service, "engagement_required": engagement}


def recall(siret: str, environment: Environment, day: date | None, cells: Mapping[str, object]) -> Recalled:
    """What the environment's directory said of that SIRET when it was last asked, as the sheet remembers it."""
    said = cells["directory"]
    answer = _ANSWER.fullmatch(said) if isinstance(said, str) else None
    word = answer["word"] if answer else None
    known = {Remembered.ACTIVE.value: True, Remembered.INACTIVE.value: False}
    if answer is None or answer["siret"] != siret or day is None or word not in {*known, Remembered.UNKNOWN.value}:
        return Recalled(stale="" if said is None else str(said))
    if answer["environment"] != environment.label:
        return Recalled(stale=answer[0], is_foreign=True)
    if word == Remembered.UNKNOWN:
        return Recalled(day)
    flags: dict[object, bool] = {Remembered.YES.value: True, Remembered.NO.value: False}
    demands = (cells["service_required"], cells["engagement_required"])
    return Recalled(
        day,
        PublicBody(
            siret,
            answer["name"] or "",
            is_active=known[word or ""],
            service_required=flags.get(demands[0]),
            engagement_required=flags.get(demands[1]),
            service_or_engagement=Remembered.EITHER.value in map(str, demands),
        ),
    )


def wiped(remark: object, *, is_foreign: bool) -> dict[str, str | None]:
    """The cells of a line without its answer; that a SIRET took a misprinted one's place stays said while it stands."""
    stays = is_foreign and isinstance(remark, str) and "[CX352]" in remark
    return {**dict.fromkeys(MEMORY), "remark": str(remark) if stays else None}


def is_old(checked_on: date | None, today: date) -> bool:
    """Whether an answer is old by now."""
    return checked_on is not None and today - checked_on > OLD_AFTER


def _word(flag: bool | None) -> Remembered | None:  # noqa: FBT001 - a flag of the directory, which may be unknown
    if flag is None:
        return None
    return Remembered.YES if flag else Remembered.NO
