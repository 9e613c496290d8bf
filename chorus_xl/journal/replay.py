"""What lines lead to, for whoever holds lines and no database: a proof that is checked on another PC.

Rule 1: it is the journal's own fold, so that a proof says what the journal says.
"""

from collections.abc import Iterable

from chorus_xl.domain.lifecycle import IllegalEventError
from chorus_xl.domain.proof import Line
from chorus_xl.domain.records import Record
from chorus_xl.journal.fold import Story


def replay(number: str, lines: Iterable[Line]) -> Record:
    """The record of a number, from all its lines, oldest first.

    Raises:
        ValueError: a line cannot follow those before it, or does not hold what the journal writes.
    """
    story = Story(number)
    for line in lines:
        try:
            story.tell(str(line["at"]), int(line["attempt"]), str(line["event"]), str(line["payload"]))
        except IllegalEventError as error:
            raise ValueError(str(error)) from None
    return story.record()
