"""A child with little memory and time: ``limited.py workbook|pdf FILE…`` says what each file comes to, as JSON."""

import json
import resource
import sys
import unicodedata
from pathlib import Path

from chorus_xl import messages
from chorus_xl.errors import WorkbookError
from chorus_xl.workbook.closed import ClosedWorkbook
from chorus_xl.workbook.documents import FolderDocuments
from tests.workbook.sample import TODAY

MEMORY = 1_200_000_000  # bytes of address space, what the libraries reserve included
SECONDS = 90  # of the processor, for all files together; beyond, the system ends the process


def workbook(path: Path) -> list[str]:
    """The sentence with which it is refused, or that it was read."""
    try:
        sheets = ClosedWorkbook(path, backups=None, today=lambda: TODAY).read()
    except WorkbookError as error:
        return [error.code, messages.of_error(error)]
    return ["read", ", ".join(sheets.invoices.cells("invoice_number"))]  # type: ignore[arg-type]  # texts, all


def pdf(path: Path) -> list[str]:
    """Its problem, and the start of its text."""
    facts = FolderDocuments(path.parent).look(path.name, read_text=True)
    return [facts.problem, unicodedata.normalize("NFC", facts.text[:40])]


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    look = {"workbook": workbook, "pdf": pdf}[sys.argv[1]]
    print(json.dumps({name: look(Path(name)) for name in sys.argv[2:]}))  # noqa: T201 - what the parent waits for
