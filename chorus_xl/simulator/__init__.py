"""A stand-in of the Chorus Pro API (behind PISTE), over real HTTP, for rehearsal and tests.

Rule 1: nothing here is shared with the client. The wire is spelled a second
time, so that both sides cannot make one mistake together.

Rule 2: what the real platform is known to do, the stand-in does; what is not
known is invented, and every invented answer says so (``SIM_`` in its libelle).

Importing this package is cheap: the web server is loaded when a ``Server`` starts.
"""

from typing import TYPE_CHECKING

from chorus_xl.simulator.identity import CLIENT_ID, CLIENT_SECRET, SUPPLIER_SIRET, TECH_LOGIN, TECH_PASSWORD

if TYPE_CHECKING:
    from chorus_xl.simulator.faults import FaultFileError, FaultScript, load_faults
    from chorus_xl.simulator.server import Server, serve
    from chorus_xl.simulator.store import StateFileError

__all__ = [
    "CLIENT_ID",
    "CLIENT_SECRET",
    "SUPPLIER_SIRET",
    "TECH_LOGIN",
    "TECH_PASSWORD",
    "FaultFileError",
    "FaultScript",
    "Server",
    "StateFileError",
    "load_faults",
    "serve",
]

_HOMES = {
    "FaultFileError": "faults",
    "FaultScript": "faults",
    "Server": "server",
    "StateFileError": "store",
    "load_faults": "faults",
    "serve": "server",
}


def __getattr__(name: str) -> object:
    """Load the heavier names on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415  # only the heavier names need it

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
