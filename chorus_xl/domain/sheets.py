"""What was read off a workbook, and what is to be written back, without a word on how.

Rule 1: tables hold raw cells as columns named by attribute; making sense of a cell is ``domain.values``.
Rule 2: a row is known by its number as Excel shows it at the moment of reading, beside what identifies it.
Rule 3: three kinds of nothing are kept apart: ``None`` (blank), ``""`` (text without a character), ``0``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chorus_xl.domain.findings import Finding

if TYPE_CHECKING:
    import pandas as pd

CellValue = str | float | int | date | datetime | None
"""What the program writes into a cell; ``None`` empties it. ``date`` and ``datetime`` are naive, Paris."""


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that Excel itself shows as broken.

    Attributes:
        text: what the clerk sees (``#N/A``), or ``""`` for a formula that was never calculated.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table as read: ``rows[i]`` is the Excel row number of line ``i`` of every column.

    Attributes:
        columns: raw cells by attribute, in the order of the declared columns; a frame of them serves as well.
    """

    name: str
    columns: "Mapping[str, NDArray[np.object_]] | pd.DataFrame"
    rows: NDArray[np.int64]

    def cells(self, attribute: str) -> list[object]:
        """One column, top to bottom."""
        return self.columns[attribute].tolist()

    @property
    def frame(self) -> "pd.DataFrame":
        """All columns as a pandas frame of ``object`` columns, made anew at each call."""
        import pandas as pd  # noqa: PLC0415 - half the start-up of a press that reads columns one at a time

        return pd.DataFrame(self.columns, dtype=object)


@dataclass(frozen=True, slots=True)
class Sheets:
    """A workbook as read at one moment.

    Attributes:
        invoices: ``tblFactures``; wholly empty lines are left out.
        lines: ``tblLignes``, the same.
        budgets: ``tblBudgets``, the same.
        parameters: ``tblParametres``, by attribute of ``domain.parameters``; raw cells.
        findings: what reading itself had to say (rows below the table, a layout older than ours …).
        press: ``tblPression``; ``None`` in a workbook too old to have it.
        fingerprint: identifies the file's content at reading, so that a later write sees that it changed.
    """

    invoices: Table
    lines: Table
    budgets: Table
    parameters: Mapping[str, object]
    findings: tuple[Finding, ...] = ()
    fingerprint: str = ""
    press: Table | None = None


@dataclass(frozen=True, slots=True)
class TableChange:
    """Cells to write: ``columns[attribute][i]`` goes to row ``rows[i]`` of the table."""

    table: str
    rows: Sequence[int]
    columns: Mapping[str, Sequence[CellValue]]


@dataclass(frozen=True, slots=True)
class TableReplacement:
    """A table rewritten whole (``tblJournal``): its columns top to bottom, all of one length."""

    table: str
    columns: Mapping[str, Sequence[CellValue]]


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line for the first empty one of a table, unless what identifies it stands there already."""

    table: str
    cells: Mapping[str, CellValue]


@dataclass(frozen=True, slots=True)
class Changes:
    """All that one press writes, in one go."""

    cells: tuple[TableChange, ...] = ()
    replacements: tuple[TableReplacement, ...] = ()
    lines: tuple[NewLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did.

    Attributes:
        cells: how many cells changed.
        moved: row numbers (as read) whose row could no longer be found when writing, so nothing was written there.
        placed: for each new line, the number of the row on which it stands now; ``None``: no line was empty.
    """

    cells: int
    moved: tuple[int, ...] = field(default=())
    placed: tuple[int | None, ...] = ()
