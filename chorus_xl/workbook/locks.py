"""Who has the workbook open, by the file that Excel or LibreOffice leaves beside it.

Rule 1: an owner file is believed: better one press too many than a save that loses the clerk's typing.
Rule 2: a name that cannot be read is no reason to let go.
"""

from pathlib import Path

from chorus_xl.errors import WorkbookError

_ANSI_NAME = 54  # bytes after the length in which Excel puts the name, in the ANSI code page
_UTF16_NAME = 55  # where its length in UTF-16 units stands, two bytes, the name after it
_LENGTH = 2


def refuse_if_open(path: Path) -> None:
    """Let a closed workbook through.

    Raises:
        WorkbookError: another program has it open, as far as its owner file says.
    """
    for lock, reader in (
        (path.with_name(f"~${path.name}"), _excel_user),
        (path.with_name(f".~lock.{path.name}#"), _libreoffice_user),
    ):
        try:
            content = lock.read_bytes()
        except FileNotFoundError:
            continue
        except OSError:  # Excel holds it closed to others
            content = b""
        user = reader(content)
        if user:
            raise WorkbookError("CX157", file=path.name, user=user, lock=lock.name)
        raise WorkbookError("CX158", file=path.name, lock=lock.name)


# ASSUMPTION: Excel's owner file holds a length byte, the user's name in the ANSI code page up to byte 54, then its
# length and the name again in UTF-16; no published specification was found, only files described by others.
def _excel_user(content: bytes) -> str:
    length = int.from_bytes(content[_UTF16_NAME : _UTF16_NAME + _LENGTH], "little")
    start = _UTF16_NAME + _LENGTH
    if 0 < length <= _ANSI_NAME and len(content) >= start + 2 * length:
        return _printable(content[start : start + 2 * length].decode("utf-16-le", "replace"))
    return _printable(content[1 : 1 + content[0]].decode("cp1252", "replace")) if content else ""


def _libreoffice_user(content: bytes) -> str:
    """The first field that says something: full name, login, machine."""
    fields = content.decode("utf-8", "replace").split(",")[:3]
    return next((name for name in map(_printable, fields) if name), "")


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()
