"""The shape of one message."""

from dataclasses import dataclass

from chorus_xl.domain.findings import Severity

ERROR = (Severity.ERROR,)
WARNING = (Severity.WARNING,)
EITHER = (Severity.ERROR, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence of the catalogue.

    Attributes:
        code: ``CX`` and three digits.
        what: what was found, with its value, as a template without its final full stop.
        gesture: what the clerk does now, one or two sentences with their full stops.
        why: cause or background for ``chorus-xl explain`` and the codes page; may be "".
        source: for a rule of the State or the platform: document, section, date read; "" for our own.
        severities: what a finding of this code may be; empty for messages that are not findings of a row.
    """

    code: str
    what: str
    gesture: str
    why: str = ""
    source: str = ""
    severities: tuple[Severity, ...] = ()
