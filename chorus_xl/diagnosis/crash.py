"""The file left by a bug of ours.

Rule 1: frames only: no value of a variable, and not the words of the exception, which may hold one.
"""

import sys
import tempfile
import traceback
from pathlib import Path

import chorus_xl


def write_crash(error: Exception) -> Path:
    """Leave the traceback of our bug in a file of its own; frames only, no values."""
    text = "".join(traceback.format_tb(error.__traceback__))
    with tempfile.NamedTemporaryFile("w", prefix="chorus-xl-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write(f"chorus-xl {chorus_xl.__version__}, Python {sys.version}\n{text}{type(error).__name__}\n")
    return Path(file.name)
