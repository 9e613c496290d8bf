"""The three things that an installation does, and that its undoing takes back.

Rule 1: one that fails does not stop the next: it becomes a line with ``✗``.
Rule 2: each is noted in the receipt before it is done; what never happened is found unchanged when undone.
"""

import os
from collections.abc import Callable
from pathlib import Path

from chorus_xl.errors import ChorusXlError
from chorus_xl.install import interpreter, trust, workbook
from chorus_xl.install.machine import Machine
from chorus_xl.install.receipt import Receipt, read_receipt
from chorus_xl.messages.system import in_french
from chorus_xl.messages.told import Sign, Told, of_failure


def install(machine: Machine, home: Path, folder: Path | None) -> tuple[Told, ...]:
    """Copy the workbook, tell Excel where Python is, have Excel trust the folder.

    Args:
        machine: what to change.
        home: our home folder, where the receipt goes.
        folder: where the workbook goes; ``None`` for ``ChorusXL`` in the user's documents.

    Raises:
        SetupError: the receipt of an earlier installation cannot be read, so nothing was changed.
    """
    receipt = read_receipt(home)
    # Made absolute and no more: a substituted drive or a junction must be trusted as Excel spells it.
    target = Path(os.path.abspath(folder or machine.documents / "ChorusXL"))  # noqa: PTH100 - resolve() would follow
    return (
        *_guarded("workbook", lambda: workbook.copy(target, receipt, home)),
        *_guarded("interpreter", lambda: interpreter.point_to_python(machine, receipt, home)),
        *_guarded("trusted_location", lambda: trust.trust(machine, target, receipt, home)),
    )


def undo(machine: Machine, home: Path) -> tuple[Told, ...]:
    """Take back what ``install`` did, as far as it still is as it was left.

    Raises:
        SetupError: the receipt cannot be read, so nothing was changed.
    """
    receipt = read_receipt(home)
    if receipt == Receipt():
        return (Told("undo", Sign.FINE, "CX574"),)

    def keep() -> list[Told]:
        receipt.save(home)
        return []

    return (
        *_guarded("trusted_location", lambda: trust.trust_no_more(machine, receipt)),
        *_guarded("interpreter", lambda: interpreter.restore(machine, receipt)),
        *_guarded("workbook", lambda: workbook.remove(receipt)),
        *_guarded("receipt", keep),
    )


def _guarded(name: str, step: Callable[[], list[Told]]) -> list[Told]:
    try:
        return step()
    except ChorusXlError as error:
        return [of_failure(name, error)]
    except OSError as error:
        params = {"path": str(error.filename or name), "detail": in_french(error)}
    except UnicodeDecodeError as error:
        params = {"path": "xlwings.conf", "detail": error.reason}
    return [Told(name, Sign.WRONG, "CX569", params)]
