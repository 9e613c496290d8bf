"""What an installation touches on a PC, behind small seams: its folders, its Python, its registry.

Rule 1: ``this_machine`` is the only reader of the real world in this package; everything else gets a ``Machine``.
Rule 2: the registry is asked for HKEY_CURRENT_USER alone: nothing here needs an administrator.
"""

import locale
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

Values = Mapping[str, str | int]
"""Named values of a registry key: text (REG_SZ) and numbers (REG_DWORD)."""


class Registry(Protocol):
    """Keys below HKEY_CURRENT_USER; each method may raise ``OSError``."""

    def get(self, key: str) -> Values | None:
        """The texts and numbers of a key; ``None`` when there is no such key."""

    def set(self, key: str, values: Values) -> None:
        """Make the key where it is missing, and write these values."""

    def delete(self, key: str) -> None:
        """Remove a key without subkeys."""


class System(StrEnum):
    """The operating systems that are told apart; the value is a clerk's word."""

    WINDOWS = "Windows"
    MAC = "Mac"
    OTHER = "ce système"


@dataclass(frozen=True, slots=True)
class Machine:
    """One user's PC.

    Attributes:
        home: the user's own folder (``%USERPROFILE%``).
        documents: the folder Documents, wherever it was moved to.
        python: the interpreter that has this program.
        encoding: that of text files which Excel's macros read: the system's own, whatever Python's UTF-8 mode says.
        registry: there on Windows alone.
    """

    system: System
    home: Path
    documents: Path
    python: str
    encoding: str
    registry: Registry | None = None

    @property
    def xlwings_conf(self) -> Path | None:
        """The ``xlwings.conf`` of this user; ``None`` where there is no Excel.

        Both places as ``GetConfigFilePath`` of xlwings.bas 0.37.8 and ``xlwings.USER_CONFIG_FILE`` have them.
        """
        if self.system is System.WINDOWS:
            return self.home / ".xlwings" / "xlwings.conf"
        if self.system is System.MAC:
            return self.home / "Library" / "Containers" / "com.microsoft.Excel" / "Data" / "xlwings.conf"
        return None

    @property
    def interpreter_key(self) -> str:
        """The name under which that configuration holds the interpreter."""
        return "INTERPRETER_MAC" if self.system is System.MAC else "INTERPRETER_WIN"


def this_machine() -> Machine:
    """The PC that this runs on."""
    import platformdirs  # noqa: PLC0415 - only who installs or examines pays for it

    system = {"Windows": System.WINDOWS, "Darwin": System.MAC}.get(platform.system(), System.OTHER)
    return Machine(
        system,
        Path.home(),
        platformdirs.user_documents_path(),
        sys.executable,
        locale.getencoding(),
        _registry(),
    )


def _registry() -> Registry | None:
    if sys.platform == "win32":
        from chorus_xl.install.registry import WindowsRegistry  # noqa: PLC0415 - Windows alone has it

        return WindowsRegistry()
    else:  # noqa: RET505 - on Windows a type checker finds nothing after the branch
        return None
