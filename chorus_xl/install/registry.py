"""The real registry, below HKEY_CURRENT_USER; imported on Windows alone.

Rule 1: texts and numbers are read and written; what other kinds of values a key holds is none of ours.
"""

import sys

assert sys.platform == "win32"  # noqa: S101 - for the type checker, which has winreg on Windows alone

import winreg  # noqa: E402 - after the line above

from chorus_xl.install.machine import Values  # noqa: E402


class WindowsRegistry:
    """Fulfils ``machine.Registry``."""

    def get(self, key: str) -> Values | None:
        """The texts and numbers of a key; ``None`` when there is no such key."""
        values: dict[str, str | int] = {}
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as handle:
                for index in range(winreg.QueryInfoKey(handle)[1]):
                    name, value, _ = winreg.EnumValue(handle, index)
                    if isinstance(value, str | int):
                        values[name] = value
        except FileNotFoundError:
            return None
        return values

    def set(self, key: str, values: Values) -> None:
        """Make the key where it is missing, and write these values."""
        with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_WRITE) as handle:
            for name, value in values.items():
                kind = winreg.REG_DWORD if isinstance(value, int) else winreg.REG_SZ
                winreg.SetValueEx(handle, name, 0, kind, value)

    def delete(self, key: str) -> None:
        """Remove a key without subkeys."""
        winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)
