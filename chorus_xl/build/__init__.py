"""Makes ``ChorusInvoices.xlsm`` from the declared columns, without Excel.

Rule 1: the same content gives the same bytes, on any machine, in any time zone, on any day.
Rule 2: what a table holds is declared in ``domain.columns`` and ``domain.parameters``; facts come from ``data``.
Rule 3: French sentences of a sheet stand in that sheet's module; sentences with a code come from ``messages``.
Rule 4: nothing here reads a workbook.
Rule 5: every workbook has the ribbon and its macros, a fresh one and a sample month alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Row = Mapping[str, object]
"""Values of one row by attribute of ``domain.columns``: text, number, ``Decimal``, date, or ``None``."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a new workbook holds besides its seeded budgets.

    Attributes:
        invoices: rows of ``tblFactures``.
        lines: rows of ``tblLignes``.
        parameters: values of ``tblParametres`` by attribute, in place of their defaults.
        spare_rows: blank rows after the given ones in ``tblFactures``, ``tblLignes`` and ``tblJournal``.
    """

    invoices: Sequence[Row] = ()
    lines: Sequence[Row] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    spare_rows: int = 200


def build_workbook(path: Path, content: Content | None = None) -> None:
    """Write a workbook to ``path``, in place of what stands there."""
    # importing chorus_xl.build costs no XlsxWriter
    from chorus_xl.build.package import write_package  # noqa: PLC0415
    from chorus_xl.build.ribbon import ribbon_parts  # noqa: PLC0415
    from chorus_xl.build.sheets import CODE_NAMES, make  # noqa: PLC0415
    from chorus_xl.build.vba import macros_part  # noqa: PLC0415

    macros = macros_part(tuple(CODE_NAMES.values()))
    write_package(make(content or Content()), path, (macros, *ribbon_parts()))
