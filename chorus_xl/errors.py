"""What stops a run, split by what one may do next.

::

    ChorusXlError                 not raised itself
    ├── UsageError        exit 2  the command was given something it cannot use
    ├── SetupError        exit 3  credentials or settings: mend them, then press again
    ├── JournalError      exit 3  the journal cannot be read or written: nothing is sent until it can
    ├── WorkbookError     exit 5  the workbook is open elsewhere, unreadable, of another layout …
    ├── PlatformError     exit 4  not raised itself: Chorus Pro or the way to it
    │   ├── NotSentError          proved: no byte of the request left; press again
    │   ├── RefusedError          the platform's own word to a call that is not a deposit
    │   └── InDoubtError          no usable answer; reading calls may be repeated, a deposit must be looked up
    └── BugError          exit 70 ours

Rule 1: an exception carries a message code and the values of its French sentence; ``str()`` is one English line.
Rule 2: a finding in a row is never an exception (``domain.findings``).
Rule 3: no exception ever holds a request header, a body or a secret.
Rule 4: the outcome of a deposit is a value (``domain.invoice.Outcome``), so that it is recorded before it is told.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command ends with (design §3)."""

    DONE = 0
    ROWS_NEED_THE_CLERK = 1
    USAGE = 2
    SETUP = 3
    PLATFORM = 4
    WORKBOOK = 5
    BUG = 70


class ChorusXlError(Exception):
    """The base: catch it at the two doors, ``cli`` and ``ribbon``, and nowhere else."""

    exit_code = ExitCode.BUG

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code = code
        self.params = params


class UsageError(ChorusXlError):
    """The command was given something it cannot use."""

    exit_code = ExitCode.USAGE


class SetupError(ChorusXlError):
    """A setting or a credential is missing or wrong."""

    exit_code = ExitCode.SETUP


class JournalError(ChorusXlError):
    """The journal cannot be read or written, so nothing may be sent."""

    exit_code = ExitCode.SETUP


class WorkbookError(ChorusXlError):
    """The workbook cannot be read or written as it stands."""

    exit_code = ExitCode.WORKBOOK


class PlatformError(ChorusXlError):
    """Chorus Pro, or the way to it."""

    exit_code = ExitCode.PLATFORM


class NotSentError(PlatformError):
    """Proved: no byte of the request left."""


class RefusedError(PlatformError):
    """The platform refused a call that is not a deposit."""


class InDoubtError(PlatformError):
    """No usable answer came back."""


class BugError(ChorusXlError):
    """Ours."""
