"""Where the ribbon finds Python: the user's ``xlwings.conf``.

Rule 1: every line that is not ours is kept as it stands, in its place; keys are compared without case, as xlwings does.
Rule 2: the file is written in the system's own alphabet, since Excel's macros read it so; what that cannot spell is
        refused, and so is a quotation mark, which the format has no way to write.
Rule 3: only the interpreter is written: what else our workbook needs stands in its own sheet ``xlwings.conf``, and this
        file serves the user's other workbooks too.
"""

from pathlib import Path

from chorus_xl.errors import SetupError
from chorus_xl.install.machine import Machine, System
from chorus_xl.install.receipt import Receipt
from chorus_xl.messages.told import Sign, Told

_STEP = "interpreter"


def point_to_python(machine: Machine, receipt: Receipt, home: Path) -> list[Told]:
    """Write the interpreter of this program into the configuration.

    Raises:
        SetupError: its path cannot be written there.
        OSError, UnicodeDecodeError: the file cannot be read or written.
    """
    path = machine.xlwings_conf
    if path is None:
        return []  # there is no Excel here; said with the trusted location
    key, text = machine.interpreter_key, _text_of(path, machine.encoding)
    content = _encoded(with_value(text, key, machine.python), machine)
    receipt.note_conf(key, value_in(text, key), machine.python)
    receipt.save(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return [Told(_STEP, Sign.FINE, "CX562", {"python": machine.python, "path": str(path)})]


def restore(machine: Machine, receipt: Receipt) -> list[Told]:
    """Put back what stood in the configuration before, where it still is as it was left.

    Raises:
        OSError, UnicodeDecodeError: the file cannot be read or written.
    """
    path = machine.xlwings_conf
    if path is None or not receipt.conf:
        return []
    text, told = _text_of(path, machine.encoding), []
    for key, (before, written) in receipt.conf.items():
        found, what = value_in(text, key), {"what": f"{path} ({key})"}
        if found == written:
            text = with_value(text, key, before)
            told.append(Told(_STEP, Sign.FINE, "CX572", what))
        elif found != before:
            told.append(Told(_STEP, Sign.LOOK, "CX573", what))
    if text:
        path.write_bytes(_encoded(text, machine))
    else:
        path.unlink(missing_ok=True)
    receipt.conf.clear()
    return told


def interpreter_of(machine: Machine) -> str | None:
    """The Python that the ribbon will start; ``None`` when the configuration does not say.

    Raises:
        OSError, UnicodeDecodeError: the configuration cannot be read.
    """
    path = machine.xlwings_conf
    return value_in(_text_of(path, machine.encoding), machine.interpreter_key) if path else None


def value_in(text: str, key: str) -> str | None:
    """The value of a key's first line; ``None`` when there is none."""
    line = next((line for line in text.splitlines() if _is_of(line, key)), None)
    return None if line is None else line.partition(",")[2].strip().strip('"')


def with_value(text: str, key: str, value: str | None) -> str:
    """The text with that key set, or without it where the value is ``None``."""
    lines = text.splitlines()
    places = [place for place, line in enumerate(lines) if _is_of(line, key)]
    kept = [line for place, line in enumerate(lines) if place not in places]
    if value is not None:
        kept.insert(places[0] if places else len(kept), f'"{key}","{value}"')
    return "".join(f"{line}\n" for line in kept)


def _is_of(line: str, key: str) -> bool:
    return line.partition(",")[0].strip().strip('"').upper() == key


def _text_of(path: Path, encoding: str) -> str:
    try:
        return path.read_text(encoding=encoding)
    except FileNotFoundError:
        return ""


def _encoded(text: str, machine: Machine) -> bytes:
    try:
        content = text.encode(machine.encoding)
    except UnicodeEncodeError:
        raise SetupError("CX563", python=machine.python) from None
    if '"' in machine.python:
        raise SetupError("CX563", python=machine.python)
    return content.replace(b"\n", b"\r\n") if machine.system is System.WINDOWS else content
