"""The names of the operations, as they stand in paths, fault scripts and records.

1. An operation is named by its path without ``/cpro/`` or ``/api/``.
2. Levers (``/_sim/``) are no operations: they are neither counted nor broken.
"""

from chorus_xl.simulator.shapes import SHAPES

TOKEN = "oauth/token"  # noqa: S105  # the name of a path
HEALTH = "transverses/v1/health-check"
SUBMIT = "factures/v1/soumettre"
PLATFORM = frozenset({*SHAPES, HEALTH})
ALL = frozenset({*PLATFORM, TOKEN})


def operation_of(path: str) -> str | None:
    """The operation that a path asks for, known or not; None for levers and anything else."""
    for prefix in ("/cpro/", "/api/"):
        if path.startswith(prefix):
            return path.removeprefix(prefix)
    return None
