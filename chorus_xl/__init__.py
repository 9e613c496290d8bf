"""chorus-xl: an Excel workbook that deposits a supplier's month of invoices on Chorus Pro.

The promised interface is the command line, the columns of the sheet, the journal's format and what ``__all__`` names
here; everything else may move between versions. Importing this package reads no file and starts nothing.
"""

from typing import Any

__all__ = ["__version__"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562
    """The version, from the installed package's metadata: read when asked for, since a press does not need it."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version  # noqa: PLC0415 - see above

    return version("chorus-xl")
