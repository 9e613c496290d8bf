"""Checks of this PC: versions, the Python that Excel starts, the macros that start it, the home folder.

Rule 1: what keeps a folder in step with other PCs is recognised by ``domain.synced``; no service is asked.
"""

import platform
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import chorus_xl
from chorus_xl.bootstrap import synced_journal, synced_place
from chorus_xl.diagnosis.macros import xlwings_in
from chorus_xl.install.interpreter import interpreter_of
from chorus_xl.install.machine import Machine, System
from chorus_xl.messages.install import PLACES
from chorus_xl.messages.told import Sign, Told
from chorus_xl.settings import Settings


def versions() -> Iterable[Told]:
    """Ours, Python's and xlwings'."""
    params = {
        "chorus_xl": chorus_xl.__version__,
        "python": platform.python_version(),
        "interpreter": sys.executable,
        "xlwings": version("xlwings"),
        "system": f"{platform.system()} {platform.release()}",
    }
    yield Told("versions", Sign.FINE, "CX580", params)


def interpreter(machine: Machine) -> Iterable[Told]:
    """Whether the ribbon would start the Python that runs this; nothing where there is no Excel."""
    path = machine.xlwings_conf
    if path is None:
        return
    found = interpreter_of(machine)
    params = {"python": machine.python, "path": str(path), "found": found or PLACES["none"]}
    if found is None:
        yield Told("interpreter", Sign.LOOK, "CX582", params)
    elif _is_same(found, machine):
        yield Told("interpreter", Sign.FINE, "CX581", params)
    elif Path(found).is_file():
        yield Told("interpreter", Sign.LOOK, "CX583", params)
    else:
        yield Told("interpreter", Sign.WRONG, "CX582", params)


def macros(file: Path) -> Iterable[Told]:
    """Whether the workbook's macros go with the xlwings of this Python; nothing where the file cannot be read."""
    found, expected = xlwings_in(file), version("xlwings")
    if found is not None and found != expected:
        params = {"file": file.name, "found": found or PLACES["absent"], "expected": expected}
        yield Told("macros", Sign.LOOK, "CX584", params)


def _is_same(found: str, machine: Machine) -> bool:
    if machine.system is System.WINDOWS:
        return found.casefold() == machine.python.casefold()
    return found == machine.python


def home(settings: Settings) -> Iterable[Told]:
    """The home folder, and which settings come from outside the workbook."""
    places = [f"{name} ({place})" for name, (_, place) in sorted(settings.values.items())]
    params = {"home": str(settings.home), "settings": ", ".join(places) or PLACES["none"]}
    yield Told("settings", Sign.FINE, "CX585", params)
    service = synced_place(settings.home, settings)
    if service:
        yield Told("settings", Sign.LOOK, "CX586", {"home": str(settings.home), "service": service})
    for finding in () if service else synced_journal(settings):
        yield Told("settings", Sign.LOOK, finding.code, finding.params)
