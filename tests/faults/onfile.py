"""The same book on a real file: what the closed workbook reads and writes there is what the script goes on with.

Rule 1: before a press the file is made from the book, by the project's own build; after a write the book learns from
        it. The sheet of budgets is the seeded one.
Rule 2: what a hand does while a press is under way is saved into the file before the press writes, as Excel would.
"""

from pathlib import Path

from chorus_xl.build import Content, build_workbook
from chorus_xl.domain.sheets import Changes, Sheets, Written
from chorus_xl.workbook.closed import ClosedWorkbook
from tests.faults.sheet import FIRST_ROW, SPARE_ROWS, Book
from tests.faults.world import START

_LOCK = ",clerk,pc,,;"  # as LibreOffice writes it


class FileBook:
    """Fulfils ``Workbook`` for one press on a book."""

    def __init__(self, book: Book, folder: Path) -> None:
        self._book = book
        self._path = folder / "ChorusInvoices.xlsm"
        self._lock = folder / ".~lock.ChorusInvoices.xlsm#"
        self._closed = ClosedWorkbook(self._path, backups=None, today=START.date)
        self._version = -1
        self._save()

    def read(self) -> Sheets:
        return self._closed.read()

    def ensure_writable(self) -> None:
        self._save()
        self._closed.ensure_writable()

    def write(self, sheets: Sheets, changes: Changes) -> Written:
        self._save()
        written = self._closed.write(sheets, changes)
        for line, row in zip(changes.lines, written.placed, strict=True):
            if row is not None and self._book.is_empty(row - FIRST_ROW):
                self._book.prepare(row - FIRST_ROW, line)
        self._learn()
        return written

    def _save(self) -> None:
        """The file, made from the book where that has changed; and whether somebody has it open."""
        if self._book.version != self._version:
            lines = [dict(row.cells) if row else {} for row in self._book.rows]
            parameters = {name: str(value) for name, value in self._book.template.parameters.items()}
            build_workbook(self._path, Content(lines, parameters=parameters, spare_rows=SPARE_ROWS))
            self._version = self._book.version
        self._lock.unlink(missing_ok=True)
        if self._book.is_open_elsewhere:
            self._lock.write_text(_LOCK, encoding="utf-8")

    def _learn(self) -> None:
        invoices = self._closed.read().invoices
        for attribute in map(str, invoices.columns):
            for number, cell in zip(invoices.rows.tolist(), invoices.cells(attribute), strict=True):
                row = self._book.rows[number - FIRST_ROW]
                assert row is not None
                if row.cells[attribute] != cell:
                    row.cells[attribute] = cell
                    row.by_hand.discard(attribute)
        self._book.touch()
        self._version = self._book.version
