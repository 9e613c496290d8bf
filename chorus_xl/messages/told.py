"""One line of ``install``, ``login`` or ``doctor``: a sign, a sentence, a code.

Rule 1: the sign is never alone: ``!`` and ``✗`` come with the gesture that mends it.
Rule 2: the exit code of a whole list is that of its first ``✗``; else 1 where a gesture is left, else 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chorus_xl.errors import ChorusXlError, ExitCode
from chorus_xl.messages import parts, sentence


class Sign(StrEnum):
    """How a thing stands; the value is its word in JSON."""

    FINE = "ok"
    LOOK = "warning"
    WRONG = "error"

    @property
    def mark(self) -> str:
        """What a terminal shows."""
        return {"ok": "✓", "warning": "!", "error": "✗"}[self.value]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing done or found.

    Attributes:
        name: stable English name of the step or check, for JSON.
        code: of the sentence.
        params: its values; never a secret.
        exit_code: what a ``WRONG`` one ends the command with.
    """

    name: str
    sign: Sign
    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    exit_code: ExitCode = ExitCode.SETUP

    def line(self) -> str:
        """For a terminal."""
        words = parts(self.code, self.params)[0] if self.sign is Sign.FINE else sentence(self.code, self.params)
        return f" {self.sign.mark} {words}"

    def document(self) -> dict[str, object]:
        """For JSON."""
        return {
            "name": self.name,
            "state": self.sign.value,
            "code": self.code,
            "message": sentence(self.code, self.params),
            "params": dict(self.params),
        }


def of_failure(name: str, error: ChorusXlError) -> Told:
    """What stopped a check or a step, as a line."""
    return Told(name, Sign.WRONG, error.code, error.params, error.exit_code)


def exit_code(told: Iterable[Told]) -> ExitCode:
    """What a list of lines ends its command with."""
    lines = list(told)
    wrong = next((line for line in lines if line.sign is Sign.WRONG), None)
    if wrong is not None:
        return wrong.exit_code
    return ExitCode.ROWS_NEED_THE_CLERK if any(line.sign is Sign.LOOK for line in lines) else ExitCode.DONE
