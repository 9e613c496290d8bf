"""What a press of Remplir adds to xlwings' own start-up: ``python -m benchmarks.press``.

Rule 1: both sides are fresh processes, taken in turn, so that a busy machine slows both; the better of several counts.
Rule 2: reading and writing the sheet is left out: the press is whole, from the caller to the dialog, on a workbook that
        was read before.
"""

import os
import pickle
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from chorus_xl.build import Content, build_workbook
from chorus_xl.workbook.closed import ClosedWorkbook
from tests.bench import START, SUPPLIER, row

ROWS = 200
TIMES = 15
WANTED = 1.3

RIVAL = "import xlwings"
PRESS = """
import xlwings.utils  # what RunPython does first
import sys, pickle
from types import SimpleNamespace as Thing

from chorus_xl import ribbon
from chorus_xl.domain.sheets import Written
from chorus_xl.workbook import live

class InMemory:
    def __init__(self, book): pass
    def refuse_if_read_only(self): pass
    def read(self): return pickle.load(open(sys.argv[1], "rb"))
    def write(self, sheets, changes):
        return Written(sum(len(change.rows) * len(change.columns) for change in changes.cells))

said = []
app = Thing(alert=lambda *words: said.append(words[0]), status_bar=False, pid=1)
book = Thing(name="ChorusInvoices.xlsm", fullname=sys.argv[1], app=app)
app.books = Thing(active=book)
live.LiveWorkbook = InMemory
ribbon.xw.Book(impl=book).set_mock_caller()
ribbon.fill()
assert "200 lignes, 200 compl" in said[0], said
"""


def once(code: str, *words: str, home: Path) -> float:
    """Seconds that a fresh Python takes for this."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *words], check=True, env={**os.environ, "CHORUS_XL_HOME": str(home)})
    return time.perf_counter() - start


def ratio() -> float:
    """A press of Remplir, its sheet apart, over a bare import of xlwings."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, read = folder / "ChorusInvoices.xlsm", folder / "sheets.pickle"
        rows = [row(f"F-{number}") for number in range(ROWS)]
        build_workbook(file, Content(invoices=rows, parameters={"supplier_siret": SUPPLIER}))
        read.write_bytes(pickle.dumps(ClosedWorkbook(file, backups=None, today=START.date).read()))
        pairs = [(once(RIVAL, home=folder), once(PRESS, str(read), home=folder)) for _ in range(TIMES)]
    return min(press for _, press in pairs) / min(rival for rival, _ in pairs)


if __name__ == "__main__":
    print(f"a press of Remplir on {ROWS} rows, sheet apart | {ratio():.2f} × `{RIVAL}` | ≤ {WANTED}")
