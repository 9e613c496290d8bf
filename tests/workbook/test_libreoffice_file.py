"""Workbooks that went through LibreOffice, there and back."""

import subprocess
from datetime import date, datetime
from pathlib import Path

import pytest

from chorus_xl.domain.sheets import BadCell, CellValue
from tests.workbook.sample import Formula, Sample, invoice, opened, write_cells

pytestmark = pytest.mark.libreoffice


def saved_by_libreoffice(soffice: str, path: Path) -> Path:
    out = path.parent / "enregistré"
    profile = f"-env:UserInstallation={(path.parent / 'profil').as_uri()}"
    kind = "xlsm:Calc MS Excel 2007 VBA XML"
    subprocess.run(  # noqa: S603 - the fixture's own command
        [soffice, profile, "--headless", "--convert-to", kind, "--outdir", str(out), str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return out / path.name


def test_a_workbook_is_read_written_and_opened_again_by_libreoffice(path: Path, soffice: str) -> None:
    rows = [
        invoice("F1", comment="", attachments=Formula("=NA()", "#N/A")),
        invoice("F2", verdict="Prête", deposited_on=date(2026, 3, 2)),
    ]
    Sample(invoices=rows, parameters=[("Environnement", "Répétition")], extra={"Ma note": "à moi"}).save(path)

    saved = saved_by_libreoffice(soffice, path)
    sheets = opened(saved).read()

    assert sheets.invoices.frame["invoice_number"].tolist() == ["F1", "F2"]
    assert sheets.invoices.frame["attachments"].tolist() == [BadCell("#N/A"), None]
    assert sheets.invoices.frame["deposited_on"].tolist() == [None, date(2026, 3, 2)]
    assert sheets.parameters == {"environment": "Répétition"}

    moment = datetime(2026, 3, 2, 10, 30)  # noqa: DTZ001
    columns: dict[str, list[CellValue]] = {
        "verdict": ["À corriger", "Prête"],
        "status_since": [moment, None],
        "findings": ["=a\n<b>", None],
    }
    written = write_cells(saved, columns)
    again = opened(saved_by_libreoffice(soffice, saved)).read().invoices.frame

    assert written.cells == 3
    assert again["verdict"].tolist() == ["À corriger", "Prête"]
    assert again["findings"].tolist() == ["=a\n<b>", None]
    assert again["status_since"].tolist() == [moment, None]
