"""A workbook as LibreOffice calculates it, in a profile of its own."""

import subprocess
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from openpyxl import load_workbook

Opened: TypeAlias = Any
"""What openpyxl opened: its stubs make nearly every part of a workbook optional."""

ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""


def recalculated(soffice: str, workbook: Path, folder: Path) -> Opened:
    """The values that every formula comes to."""
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(ALWAYS_RECALCULATE, "utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder), str(workbook)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 - our own arguments
    return load_workbook(folder / f"{workbook.stem}.xlsx", data_only=True)


def kept_values(workbook: Path) -> dict[str, object]:
    """By sheet and cell, the value kept beside each formula: what a reader who does not calculate sees."""
    formulas, values = load_workbook(workbook), load_workbook(workbook, data_only=True)
    return {
        f"{sheet.title}!{cell.coordinate}": values[sheet.title][cell.coordinate].value
        for sheet in formulas.worksheets
        for cell in chain.from_iterable(sheet.iter_rows())
        if cell.data_type == "f"
    }


def disagreements(soffice: str, workbook: Path, folder: Path) -> dict[str, tuple[object, object]]:
    """The formulas whose kept value is not what LibreOffice makes of them."""
    book, kept = recalculated(soffice, workbook, folder), kept_values(workbook)
    pairs = {
        place: (value, book[place.partition("!")[0]][place.partition("!")[2]].value) for place, value in kept.items()
    }
    return {place: pair for place, pair in pairs.items() if _plain(pair[0]) != _plain(pair[1])}


def _plain(value: object) -> object:
    """A value to be compared; openpyxl reads a text without a character as nothing."""
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else round(value, 4) if isinstance(value, float) else value
