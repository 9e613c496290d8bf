"""What a decision asks the journal to say: lines before they have a place in the chain.

Rule 1: a decision sees one number's story as it stands, and is taken again when another process was faster.
Rule 2: nothing here reads or writes a database.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from chorus_xl.domain.acts import ACTABLE, UNSETTLED_ACTS, Act
from chorus_xl.domain.invoice import Passage
from chorus_xl.domain.lifecycle import State
from chorus_xl.journal.fold import EXCHANGE, Story


class Said(NamedTuple):
    """One line to come."""

    event: str
    attempt: int
    details: Mapping[str, str]


Decide = Callable[[Story], Sequence[Said]]
"""The lines that a number's story asks for now; none when there is nothing to say."""


def note(event: str, details: Mapping[str, str], story: Story) -> list[Said]:
    """Something worth remembering, whatever the story."""
    return [Said(event, story.attempt, details)]


def shown_by(evidence: Mapping[str, str] | None, attempt: int) -> list[Said]:
    """The exchange that shows what the line before it says."""
    return [Said(EXCHANGE, attempt, evidence)] if evidence else []


def may_begin(story: Story, act: Act, occasion: str) -> bool:
    """Only an invoice that the platform holds is acted on; an occasion once, and nothing while an act is unsettled."""
    known = story.acts.get((act, occasion))
    if story.state is not State.ACCEPTED or (known is not None and known.state not in ACTABLE):
        return False
    return not any(other.state in UNSETTLED_ACTS for other in story.acts.values())


def of_passage(passage: Passage) -> dict[str, str]:
    """A line of the platform's history as details; to the minute, since its searches and its history differ below."""
    return {
        "chorus_status": passage.status,
        "status_since": passage.at.replace(second=0, microsecond=0).isoformat() if passage.at else "",
        "comment": passage.comment,
        "by": passage.by,
    }
