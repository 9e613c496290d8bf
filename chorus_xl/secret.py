"""A password or key that cannot be shown by accident.

Rule 1: not a ``str``: joining, formatting, slicing or encoding it shows nothing or fails.
Rule 2: only ``reveal`` gives it out, so that ``grep reveal`` lists every place where a secret is used.
Rule 3: it is never written: copying and pickling are refused.
"""

from typing import NoReturn


class Secret:
    """Holds a secret text; every way of printing it gives ``Secret(***)``."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is neither copied nor pickled")
