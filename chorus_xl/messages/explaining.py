"""One code explained: of ours, of the platform's statuses, or of the platform's texts.

Rule 1: our codes first; then a status; then whatever the dictionary of the platform's words knows.
"""

from chorus_xl.data import load
from chorus_xl.domain import platform_words, statuses
from chorus_xl.domain.columns import INVOICES
from chorus_xl.domain.platform_words import Explanation
from chorus_xl.domain.statuses import StatusMeaning
from chorus_xl.messages import catalogue, described
from chorus_xl.messages.words import WHOM

_NOTHING_TO_DO = "rien."


def explained(asked: str) -> tuple[str, str] | None:
    """The code as it is spelled, and what it means at length; ``None`` when nobody knows it."""
    code = asked.strip().strip("[]«» ")
    if message := catalogue().get(code.upper()):
        return message.code, described(message)
    if status := statuses.meanings(load("statuses")).get(code.upper()):
        return status.code, _of_status(status)
    if found := platform_words.read(load("platform_messages")).explain(code):
        return code, _of_words(code, found)
    return None


def _of_status(status: StatusMeaning) -> str:
    gesture = status.gesture or _NOTHING_TO_DO
    return f"{status.code} – {status.label}. {status.meaning}\n\nÀ faire : {gesture}"


def _of_words(code: str, found: Explanation) -> str:
    where = f" (« {INVOICES.column(found.column).header} »)" if found.column else ""
    gesture = " ".join(part for part in (found.gesture, WHOM.get(found.whom, "")) if part)
    return f"{code} – {found.words}{where}.\n\nÀ faire : {gesture}\n\nSource : {found.source}"
