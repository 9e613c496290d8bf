r"""The folder that Excel trusts: a key below ``Trusted Locations`` of this user's Excel.

Rule 1: the newest Office of this user is told, 16.0 (2016 and all since) before 15.0 (2013).
Rule 2: where there is no registry the clerk is told what that means on this system.
"""

from pathlib import Path

from chorus_xl.install.machine import Machine, System
from chorus_xl.install.receipt import Receipt
from chorus_xl.messages.told import Sign, Told

_STEP = "trusted_location"
_EXCELS = (r"Software\Microsoft\Office\16.0\Excel", r"Software\Microsoft\Office\15.0\Excel")


def trust(machine: Machine, folder: Path, receipt: Receipt, home: Path) -> list[Told]:
    """Register the folder as a trusted location, its subfolders included.

    Raises:
        OSError: the registry cannot be read or written.
    """
    if machine.system is System.MAC:
        return [Told(_STEP, Sign.LOOK, "CX566")]
    if machine.registry is None:
        return [Told(_STEP, Sign.FINE, "CX567", {"system": machine.system.value})]
    registry = machine.registry
    excel = next((key for key in _EXCELS if registry.get(key) is not None), None)
    if excel is None:
        return [Told(_STEP, Sign.LOOK, "CX565", {"folder": str(folder)})]
    # ASSUMPTION: Excel takes a trusted location with the backslash at its end that its own dialogue writes, and knows
    # a user's location by any name of its key, not by Location1, Location2 … alone.
    values: dict[str, str | int] = {
        "Path": str(folder).rstrip("\\/") + "\\",
        "AllowSubFolders": 1,
        "Description": "chorus-xl",
    }
    key = rf"{excel}\Security\Trusted Locations\ChorusXL"
    receipt.note_registry(key, registry.get(key), values)
    receipt.save(home)
    registry.set(key, values)
    told = [Told(_STEP, Sign.FINE, "CX564", {"version": excel.split("\\")[3], "folder": str(folder)})]
    if str(folder).startswith("\\\\"):
        told.append(Told(_STEP, Sign.LOOK, "CX568", {"folder": str(folder)}))
    return told


def trust_no_more(machine: Machine, receipt: Receipt) -> list[Told]:
    """Put back the key as it was before, where it still is as it was left.

    Raises:
        OSError: the registry cannot be read or written.
    """
    registry, told = machine.registry, []
    if registry is None:
        return []
    for key, (before, written) in list(receipt.registry.items()):
        found = registry.get(key)
        if found == written:
            registry.delete(key)
            if before is not None:
                registry.set(key, before)
            told.append(Told(_STEP, Sign.FINE, "CX572", {"what": key}))
        elif found != before:
            told.append(Told(_STEP, Sign.LOOK, "CX573", {"what": key}))
        del receipt.registry[key]
    return told
