"""The workbook that is shipped: where it lies, and a copy of it that Excel trusts.

Rule 1: a copy is written byte by byte and never by the system's own copying, which carries the mark of the web along.
Rule 2: no file is replaced, and none is deleted that is not the copied one to the byte.
"""

import contextlib
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path

from chorus_xl.install.receipt import Receipt
from chorus_xl.messages.told import Sign, Told

NAME = "ChorusInvoices.xlsm"
_STEP = "workbook"


def shipped_workbook() -> Path:
    """The workbook of this package: inside the installed one, beside its source in an editable install."""
    packaged = files("chorus_xl.data").joinpath(NAME)
    if packaged.is_file():
        with as_file(packaged) as path:  # a wheel is always unpacked, so this is the file itself
            return path
    return Path(__file__).parents[2] / "workbooks" / NAME


def copy(folder: Path, receipt: Receipt, home: Path) -> list[Told]:
    """Put a copy into the folder, unless a file of that name is there already.

    Raises:
        OSError: it cannot be written.
    """
    path = folder / NAME
    if path.exists():
        return [Told(_STEP, Sign.FINE, "CX561", {"path": str(path)})]
    content = shipped_workbook().read_bytes()
    receipt.workbooks[str(path)] = sha256(content).hexdigest()
    if not folder.exists():
        receipt.folders.append(str(folder))
    receipt.save(home)
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        try:
            file.write(content)
            file.flush()
        except OSError:
            file.close()
            path.unlink()
            raise
    return [Told(_STEP, Sign.FINE, "CX560", {"path": str(path)})]


def remove(receipt: Receipt) -> list[Told]:
    """Delete the copies that nobody has touched, and the folders made for them when nothing else is in them.

    Raises:
        OSError: a copy cannot be read or deleted.
    """
    told = []
    for name, copied in list(receipt.workbooks.items()):
        path = Path(name)
        if not path.exists():
            pass
        elif sha256(path.read_bytes()).hexdigest() == copied:
            path.unlink()
            told.append(Told(_STEP, Sign.FINE, "CX570", {"path": name}))
        else:
            told.append(Told(_STEP, Sign.LOOK, "CX571", {"path": name}))
        del receipt.workbooks[name]
    for name in receipt.folders:
        with contextlib.suppress(OSError):  # it holds something else by now
            Path(name).rmdir()
    receipt.folders.clear()
    return told
