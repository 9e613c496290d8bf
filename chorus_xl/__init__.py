"""chorus-xl: an Excel workbook that deposits a supplier's month of invoices on Chorus Pro.

The promised interface is the command line, the columns of the sheet, the journal's format and what ``__all__``
names here; everything else may move between versions. Importing this package reads no file and starts nothing.
"""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("chorus-xl")
