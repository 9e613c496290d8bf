"""A workbook as LibreOffice calculates it, in a profile of its own."""

import subprocess
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
