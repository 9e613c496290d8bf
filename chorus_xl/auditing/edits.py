"""What was edited in a workbook since it left, for the export's second sheet."""

from chorus_xl.steps import edited
from chorus_xl.steps.edited import Change
from chorus_xl.steps.judge import open_desk
from chorus_xl.steps.office import Office


def edits_of(office: Office) -> list[Change]:
    """Every cell and file that is no longer what was sent.

    Raises:
        WorkbookError: the workbook cannot be read.
        SetupError: its parameters and the settings do not go together.
        JournalError: the journal cannot be read.
    """
    desk = open_desk(office)
    with desk.around.open_journal() as journal:
        records = journal.records([number for number in desk.batch.invoice_number.tolist() if number])
    return list(edited.changes(desk.batch, desk.parameters, desk.around.documents, records))
