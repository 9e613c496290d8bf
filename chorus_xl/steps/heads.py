"""The head that ``Accueil`` shows, looked for in the journal before a press prints another over it.

Rule 1: a journal that goes on from what it was has the line; one that has not lost its end, is an older copy, or is
        another one. Which of them, nobody can tell here: all are said.
Rule 2: it is looked for before the press adds lines of its own, so that the newest one is what the journal was left
        with; and committed to the journal, once for each head, since the sheet will show it no more.
"""

from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.heads import HEAD_UNKNOWN, Printed, head_params, printed_head
from chorus_xl.steps.judge import Desk
from chorus_xl.steps.ports import Journal


def unknown_head(desk: Desk, journal: Journal) -> tuple[Finding, ...]:
    """What there is to say of the head that the workbook shows; nothing is written.

    Raises:
        JournalError: the journal cannot be read.
    """
    missed = _missed(desk, journal)
    return () if missed is None else _say(missed, journal.head())


def note_unknown_head(desk: Desk, journal: Journal) -> tuple[Finding, ...]:
    """The same, and commit it to the journal where it is not yet.

    Raises:
        JournalError: the journal cannot be read or written.
    """
    missed = _missed(desk, journal)
    if missed is None:
        return ()
    newest = journal.head()
    noted = {entry.details.get("head") for entry in journal.entries([""]) if entry.event == HEAD_UNKNOWN}
    if missed.head not in noted:
        journal.note("", HEAD_UNKNOWN, missed.details() | {"newest": newest})
    return _say(missed, newest)


def _missed(desk: Desk, journal: Journal) -> Printed | None:
    """The head that the workbook shows, where no line of the journal has it."""
    printed = printed_head(desk.sheets.press)
    return printed if printed is not None and not journal.has_line(printed.head) else None


def _say(missed: Printed, newest: str) -> tuple[Finding, ...]:
    return (Finding("CX640", Severity.ERROR, params=head_params(missed.details(), newest)),)
