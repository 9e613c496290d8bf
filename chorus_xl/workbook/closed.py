"""A workbook on disk that no Excel has open: read in one go, written cell by cell.

Knows the order in which the modules of this package work. Refuses to know XML, and what the rows mean.

Rule 1: whatever would make writing impossible is refused at reading already, before an invoice leaves (a formula in one
        of the program's columns, a table that is missing); only locks may still come in between.
Rule 2: cells that hold their value already are not touched; with nothing to change the file is not touched.
Rule 3: reading is allowed while Excel has the file open; writing is not.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from chorus_xl.domain.sheets import Changes, Sheets, Written
from chorus_xl.errors import WorkbookError
from chorus_xl.workbook.content import Content
from chorus_xl.workbook.locks import refuse_if_open
from chorus_xl.workbook.opening import fingerprint, fingerprint_of, read_file
from chorus_xl.workbook.pending import Pending
from chorus_xl.workbook.saving import keep_copy, refuse_if_folder_is_closed, refuse_if_read_only, replace_parts


class ClosedWorkbook:
    """Fulfils ``steps.ports.Workbook`` for a file.

    Args:
        path: the workbook.
        backups: where the first copy of a day goes, a folder of this workbook's own; ``None`` keeps none.
        today: the day in Paris.
    """

    def __init__(self, path: Path, *, backups: Path | None, today: Callable[[], date]) -> None:
        self._path = path
        self._backups = backups
        self._today = today
        self._read: Content | None = None

    def read(self) -> Sheets:
        """All tables in one go; see ``steps.ports.Workbook``."""
        self._read = Content(read_file(self._path), self._path.name)
        return self._read.sheets

    def ensure_writable(self) -> None:
        """Find out early whether a write could succeed; see ``steps.ports.Workbook``."""
        path = self._path.resolve()
        refuse_if_open(path)
        refuse_if_read_only(path)
        refuse_if_folder_is_closed(path)

    def write(self, sheets: Sheets, changes: Changes) -> Written:
        """Write the program's cells, all or none; see ``steps.ports.Workbook``."""
        path = self._path.resolve()  # a link to the workbook stays a link
        refuse_if_open(path)
        content = self._content(path)
        work = Pending(content, sheets)
        for change in changes.cells:
            work.change(change)
        for replacement in changes.replacements:
            work.replace(replacement)
        for line in changes.lines:
            work.add(line)
        parts, count = work.parts()
        written = Written(count, tuple(work.moved), tuple(work.placed))
        if not parts:
            return written
        refuse_if_read_only(path)
        if self._backups is not None:
            keep_copy(content.raw, path, self._backups, self._today())

        def may_replace() -> None:
            refuse_if_open(path)
            if fingerprint(path) != content.fingerprint:
                raise WorkbookError("CX164", file=path.name)

        replace_parts(path, content.package.archive, parts, may_replace)
        return written

    def _content(self, path: Path) -> Content:
        """The workbook as it stands; what was read of the same bytes is not read again."""
        before, self._read = self._read, None
        raw = read_file(path)
        if before is not None and before.fingerprint == fingerprint_of(raw):
            return before
        return Content(raw, path.name)
