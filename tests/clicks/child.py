"""What ``RunPython`` starts here instead of its own line: the same command, with xlwings over LibreOffice.

Arguments: the folder of ``driver``, in which the command stands.
"""

import builtins
import sys
from pathlib import Path

import uno  # type: ignore[import-not-found]  # Debian's package python3-uno, lent to this environment by ``conftest``
import xlwings as xw

from tests.clicks.calc import open_calc
from tests.clicks.driver import connect

builtins.__import__ = uno._builtin_import  # uno's own way to import would change the errors that packages look for

folder = Path(sys.argv[1])
calc, book = open_calc(connect(f"pipe,name={folder.name};urp;"), folder / "words")
engine = xw.main.Engine(impl=calc)
xw.engines.add(engine)
engine.activate()
book.set_mock_caller()
exec((folder / "command").read_text("utf-8"))  # noqa: S102 - as ``python -c`` does
