"""Whose account this process runs under, as the operating system itself says.

Rule 1: the system is asked, not the environment: ``USERNAME`` and ``LOGNAME`` hold whatever anybody put there, and the
        journal's lines and the second pair of eyes rest on the answer.
Rule 2: only where the system knows no name is the environment believed, and where that is silent too the name is ``?``.
"""

import getpass
import os
import sys

UNKNOWN = "?"


def account_name() -> str:
    """The name of the account."""
    try:
        return _of_the_system()
    except (KeyError, OSError):  # no such account in this system's tables (containers)
        pass
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return UNKNOWN


if sys.platform == "win32":

    def _of_the_system() -> str:
        """GetUserNameW of advapi32: the name without its domain.

        Raises:
            OSError: Windows does not say.
        """
        import ctypes  # noqa: PLC0415 - on Windows alone

        size = ctypes.c_ulong(257)  # UNLEN + 1
        name = ctypes.create_unicode_buffer(size.value)
        if not ctypes.windll.advapi32.GetUserNameW(name, ctypes.byref(size)):
            raise ctypes.WinError()
        return name.value

else:
    import pwd

    def _of_the_system() -> str:
        """The name of the effective user.

        Raises:
            KeyError: the system has no such account.
        """
        return pwd.getpwuid(os.geteuid()).pw_name
