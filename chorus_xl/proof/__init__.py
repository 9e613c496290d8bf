"""A proof as files: put together in a folder or a zip, and checked again years later, on any PC.

Rule 1: what is written is derived from a ``Pack`` by ``contents``, and ``verify`` derives it again from the journal's
        lines in the folder: no file of a proof is believed for itself.
Rule 2: checking needs the folder and nothing else: no workbook, no journal, no network.
Rule 3: the same pack gives the same bytes.
Rule 4: only ``domain``, ``messages`` and ``errors`` are imported; what a line's hash is over, and what lines lead to,
        is the journal's to say and is handed in (``domain.proof.Laws``).
"""

from chorus_xl.proof.binder import ProofBinder
from chorus_xl.proof.verify import verify

__all__ = ["ProofBinder", "verify"]
