"""The habits of the platform that are not settled, each as a switch with its default.

1. A switch is kept in the state, so that it survives a restart and holds for every process on one file.
2. An unknown name or a value of the wrong kind is refused with a sentence; nothing is set then.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Switches:
    """How the stand-in behaves where the real platform is seen to differ."""

    no_result_as_20000: bool = False  # a search without result answers 20000 in place of an empty list
    omit_empty: bool = False  # null members and empty lists are left out of answers
    refusals_as_400: bool = False  # refusals come as HTTP 400 with the same envelope
    bad_request_with_envelope: bool = False  # a malformed request gets an envelope in place of an empty body
    accept_object_attachment: bool = False  # pieceJointePrincipale may be a single object, as the swagger says
    token_lifetime: int = 3600  # seconds; for tokens given from now on
    spurious_invalid_client: int = 0  # every N-th correct token request is answered invalid_client; 0 is never
    search_lag_calls: int = 0  # a fresh invoice is missing from the first N searches that should find it
    search_lag_seconds: int = 0  # a fresh invoice is missing from searches for that long

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "Switches":
        """Build from stored or given values; raises ``ValueError`` with a sentence."""
        kinds: dict[str, type] = {field.name: type(field.default) for field in fields(cls)}
        for name, value in values.items():
            if name not in kinds:
                raise ValueError(f"{name!r} is not a switch; the switches are {', '.join(kinds)}.")
            if type(value) is not kinds[name]:
                raise ValueError(f"The switch {name!r} takes a value of kind {kinds[name].__name__}, not {value!r}.")
            if isinstance(value, int) and not 0 <= value < 2**31:
                raise ValueError(f"The switch {name!r} takes a number from 0 on, not {value!r}.")
        return cls(**values)

    @property
    def search_lag(self) -> timedelta:
        """How long a fresh invoice stays out of searches."""
        return timedelta(seconds=self.search_lag_seconds)

    def as_dict(self) -> dict[str, Any]:
        """All switches by name."""
        return asdict(self)
