"""Every French sentence that a clerk can read, by stable code.

Rule 1: a sentence has three parts: what (with the value), where (in the sheet's words), what to do; the code is last.
Rule 2: a code is never reused. ``CX1xx`` sheet and reading, ``CX2xx`` rules, ``CX3xx`` answers of Chorus Pro,
        ``CX4xx`` network and doubt, ``CX5xx`` set-up, ``CX6xx`` journal, proof and second pair of eyes, ``CX9xx`` our
        bug. Severity is not in the code.
Rule 3: text of the platform is quoted between « », never paraphrased, and comes in through a parameter.
Rule 4: nothing here decides anything; codes and values come from findings and errors.

``docs/codes.md`` is made from this catalogue, and a test keeps them equal.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from string import Formatter

from chorus_xl.domain.columns import TABLES
from chorus_xl.domain.findings import Finding
from chorus_xl.errors import ChorusXlError
from chorus_xl.messages.counted import fill
from chorus_xl.messages.message import Message

ROOMS = (
    "cells",
    "files",
    "rules",
    "platform",
    "late",
    "acts",
    "directory",
    "setup",
    "misuse",
    "team",
    "second_look",
    "journal",
    "heads",
    "proof",
    "ribbon",
    "install",
)
"""The modules of this package that hold ``MESSAGES``, one a family of codes."""


@cache
def catalogue() -> Mapping[str, Message]:
    """All messages by code, in the order of their codes."""
    rooms = (import_module(f"{__name__}.{room}") for room in ROOMS)  # a press pays when it speaks
    messages = sorted((message for room in rooms for message in room.MESSAGES), key=lambda message: message.code)
    return {message.code: message for message in messages}


def fields(template: str) -> frozenset[str]:
    """The names of the values that a template asks for."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def sentence(code: str, params: Mapping[str, str], where: str = "") -> str:
    """The whole sentence: what (where). What to do. [code]."""
    message = catalogue()[code]
    what = fill(message.what, params)
    gesture = fill(message.gesture, params)
    place = f" ({where})" if where else ""
    return " ".join(part for part in (f"{what}{place}.", gesture, f"[{code}]") if part)


def parts(code: str, params: Mapping[str, str]) -> tuple[str, str]:
    """The two halves apart, for ``Motif`` (what, with the code) and ``À faire`` (the gesture)."""
    message = catalogue()[code]
    return f"{fill(message.what, params)}. [{code}]", fill(message.gesture, params)


def in_row(finding: Finding) -> str:
    """The sentence for a cell of its own row: names the column, not the line, since rows are sorted later."""
    return sentence(finding.code, finding.params, _header(finding))


def in_report(finding: Finding) -> str:
    """The sentence for a list: names the line and the column."""
    line = f"ligne {finding.row}" if finding.row is not None else ""
    return sentence(finding.code, finding.params, ", ".join(part for part in (line, _header(finding)) if part))


def of_row(findings: Iterable[Finding]) -> str:
    """The text of ``Anomalies``: one sentence a line."""
    return "\n".join(in_row(finding) for finding in findings)


def described(message: Message) -> str:
    """A message explained at length, for ``chorus-xl explain`` and the page of codes."""
    blank: defaultdict[str, str] = defaultdict(lambda: "…")
    what, gesture = fill(message.what, blank), fill(message.gesture, blank)
    lines = [f"{message.code} – {what}.", "", f"À faire : {gesture}"]
    if message.why:
        lines += ["", f"Pourquoi : {message.why}"]
    if message.source:
        lines += ["", f"Source : {message.source}"]
    return "\n".join(lines)


def of_error(error: ChorusXlError) -> str:
    """The sentence of an exception."""
    return sentence(error.code, error.params)


def _header(finding: Finding) -> str:
    if finding.column is None:
        return ""
    spec = next(spec for spec in TABLES if spec.name == finding.table)
    return f"« {spec.column(finding.column).header} »"
