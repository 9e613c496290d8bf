"""Pictures of a workbook's sheets, as LibreOffice draws them: ``python docs/pictures.py [FILE [FOLDER]]``.

Each sheet's first printed page becomes ``FOLDER/<file>-<sheet>.png`` (default ``docs/img``), formulas calculated
afresh. Without a FILE the pictures of README and of the guide are made again: a rehearsal is run, and of ``Factures``
only the columns that tell the story are drawn, before and after.

Excel fits a row to its wrapped text on opening and LibreOffice does not, so a copy is drawn whose rows are given their
height. Needs soffice, pdftoppm and pdftotext on the path, and the ``docs`` extra. The user's own settings of
LibreOffice are left alone: a profile is made for the run and thrown away.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooter
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image, ImageChops

from chorus_xl import bootstrap
from chorus_xl.build.sample import sample_folder, sample_month, write_sample
from chorus_xl.domain.columns import INVOICES
from chorus_xl.rehearsal.story import answer_suspensions

DOTS_PER_INCH = 150
MARGIN = 0.43  # inches of header and footer, cut off
LINE_HEIGHT = 12.75  # points, of Arial 10
ROWS_DRAWN = 15
SHOWN = (
    *("budget", "contract_scope", "invoice_number", "issue_date", "total_with_vat"),
    *("recipient_siret", "verdict", "findings", "deposit_state", "chorus_status", "next_action"),
)
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>fr-FR</value></prop></item>
</oor:items>
"""


def convert(workbook: Path, kind: str, folder: Path) -> Path:
    """The workbook as ``kind`` (``pdf``, ``xlsx``) in ``folder``, calculated afresh, in a French office."""
    with tempfile.TemporaryDirectory() as profile:
        settings = Path(profile) / "user" / "registrymodifications.xcu"
        settings.parent.mkdir()
        settings.write_text(PROFILE, "utf-8")
        command = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--convert-to", kind]
        subprocess.run([*command, "--outdir", folder, workbook], check=True, capture_output=True, timeout=300)
    return folder / f"{workbook.stem}.{kind}"


def fit_rows(workbook: Path, copy: Path) -> None:
    """Copy the workbook, its rows without a height given the one that their wrapped text needs."""
    sheets = load_workbook(workbook, data_only=True).worksheets
    with ZipFile(workbook) as source, ZipFile(copy, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if found := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name):
                for row, lines in wrapped_lines(sheets[int(found[1]) - 1]).items():
                    height = f' ht="{lines * LINE_HEIGHT + 2:.2f}" customHeight="1"'
                    pattern = rf'(<row r="{row}"(?![^>]* ht=)[^>/]*)'.encode()
                    content = re.sub(pattern, rb"\g<1>" + height.encode(), content, count=1)
            target.writestr(name, content)


def wrapped_lines(sheet: Worksheet) -> dict[int, int]:
    """How many lines of text the rows need that need more than one."""
    needed: dict[int, int] = {}
    groups = sheet.column_dimensions.values()
    widths = {column: group.width for group in groups for column in range(group.min or 0, (group.max or 0) + 1)}
    for cells in sheet.iter_rows(min_row=5):
        for cell in cells:
            if isinstance(cell.value, str) and cell.alignment.wrap_text:
                room = widths[cell.column] * 1.05
                lines = sum(ceil(len(line) / room) or 1 for line in cell.value.split("\n"))
                needed[cell.row] = max(needed.get(cell.row, 1), lines)
    return {row: lines for row, lines in needed.items() if lines > 1}


def pictures(workbook: Path, folder: Path) -> list[Path]:
    """One trimmed picture a sheet, named by what stands at the top left of its first page."""
    folder.mkdir(parents=True, exist_ok=True)
    made: dict[str, Path] = {}
    with tempfile.TemporaryDirectory() as scratch:
        fitted = Path(scratch) / workbook.name
        fit_rows(workbook, fitted)
        pdf = convert(fitted, "pdf", Path(scratch))
        text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
        for number, page in enumerate(text.split("\f")[:-1], start=1):
            sheet = plain(page.split(maxsplit=1)[0])
            if sheet not in made:
                made[sheet] = folder / f"{workbook.stem}-{sheet}.png"
                draw(pdf, number, made[sheet])
    return list(made.values())


def narrow(workbook: Path, copy: Path, kept: Sequence[str]) -> None:
    """Copy the workbook with only some columns of ``Factures`` in sight, and only the first rows."""
    book = load_workbook(workbook)
    sheet = book["Factures"]
    for number, column in enumerate(INVOICES.columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.min = dimension.max = number  # neighbours of one width share an entry
        dimension.width, dimension.hidden = column.width, column.attribute not in kept
    sheet.HeaderFooter = HeaderFooter()
    for row in range(ROWS_DRAWN + 5, sheet.max_row + 1):
        sheet.row_dimensions[row].hidden = True
    book.save(copy)


def readme(folder: Path) -> None:
    """The pictures of README and of the guide, from a fresh month taken from its deposit to its payment and proof."""
    with tempfile.TemporaryDirectory() as scratch:
        month = Path(scratch) / "mois.xlsm"
        write_sample(month, sample_month(20, datetime.now(UTC).date(), series="F2026"))
        story(month, Path(scratch) / "avant", folder / "factures-avant.png")
        os.environ["CHORUS_XL_HOME"] = str(Path(scratch) / "home")
        press(month, "fill", "validate", "deposit", "refresh")
        story(month, Path(scratch) / "apres", folder / "factures-apres.png")
        answer_suspensions(bootstrap.office(month, bootstrap.read_settings()), sample_folder(month))
        press(month, "act", "refresh", "refresh", "refresh")
        story(month, Path(scratch) / "fin", folder / "factures-fin.png")
        proof = Path(scratch) / "preuve"
        press(month, f"prove --out {proof}")
        draw(proof / "00-Couverture.pdf", 1, folder / "preuve.png", margin=0)
        for picture in pictures(month, Path(scratch) / "autres"):
            sheet = picture.stem.removeprefix("mois-")
            if sheet in {"accueil", "budgets", "journal", "parametres"}:
                shutil.copy(picture, folder / f"{sheet}.png")


def press(workbook: Path, *steps: str) -> None:
    """Run commands on the workbook one after the other; a command's options follow it after a space."""
    for step in steps:
        command, *options = step.split()
        subprocess.run([sys.executable, "-m", "chorus_xl", command, workbook, *options], check=False, timeout=300)


def story(workbook: Path, scratch: Path, target: Path) -> None:
    """One picture of ``Factures``, narrow enough to be read."""
    scratch.mkdir()
    narrow(workbook, scratch / workbook.name, SHOWN)
    made = pictures(scratch / workbook.name, scratch)
    shutil.copy(next(picture for picture in made if "factures" in picture.name), target)


def draw(pdf: Path, number: int, target: Path, margin: float = MARGIN) -> None:
    """Draw one page without its header and footer lines, and cut its white margin."""
    page = ["-f", str(number), "-l", str(number), "-singlefile", "-r", str(DOTS_PER_INCH), "-png"]
    subprocess.run(["pdftoppm", *page, pdf, target.with_suffix("")], check=True)
    with Image.open(target) as opened:
        picture = opened.convert("RGB")
    width, height = picture.size
    cut = int(margin * DOTS_PER_INCH)
    picture = picture.crop((0, cut, width, height - cut))
    edges = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
    picture.crop(edges).save(target, optimize=True)


def plain(name: str) -> str:
    """A sheet's name without accents, for a file name."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()


if __name__ == "__main__":
    out = Path(sys.argv[2]) if sys.argv[2:] else Path(__file__).parent / "img"
    out.mkdir(parents=True, exist_ok=True)
    if sys.argv[1:]:
        pictures(Path(sys.argv[1]), out)
    else:
        readme(out)
