"""Facts of the outside world, each with its source and the date it was read.

Rule 1: a fact is a TOML file here and nowhere else; what it means is decided by who reads it.
Rule 2: reading gives plain dictionaries and lists; they are shared, so nobody changes them.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """The facts of ``<name>.toml``, such as ``load("statuses")``; read once in a process."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text("utf-8"))
