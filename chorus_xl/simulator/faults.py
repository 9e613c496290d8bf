"""Fault scripts: which call goes wrong, and how.

1. A script is an ordered list of rules. Each rule counts the calls that match its ``on``; of the rules due
   at a call the first wins, but delays add up and let the next rule have its turn.
2. ``nth`` names the first call that fails (1 unless given) and ``times`` how many fail from there on (1 unless
   given); or ``every`` names a rhythm, and ``times`` then limits it.
3. Files are read strictly: whatever is not understood is an error that says where.
4. Counting is per process and starts anew with it. How a connection is really broken is told in ``line``.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from chorus_xl.simulator import operations

BODIES = ("empty", "html", "json")
MOMENTS = ("before", "after")
_LONGEST_DELAY = 3600

# What each kind does, and the keys it takes beside on, nth, every, times, do.
KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "die_before": ("closes the connection, nothing processed", ("reset",)),
        "die_after": ("processes and commits, then closes the connection without an answer", ("reset",)),
        "delay": ("waits some seconds, then goes on", ("seconds",)),
        "status": ("answers an HTTP status, nothing processed", ("code", "retry_after", "body")),
        "status_after": ("processes and commits, then answers an HTTP status", ("code", "retry_after", "body")),
        "empty_400": ("answers HTTP 400 with an empty body, nothing processed", ()),
        "html": ("answers HTTP 200 with a web page, before or after processing", ("when",)),
        "half_reply": ("processes and commits, then sends half of the answer and closes", ()),
        "invalid_client": ("answers a token request as if the credentials were wrong", ()),
        "kill": ("ends the whole process, before or after processing; standalone only", ("when",)),
    },
)
_ALWAYS = ("on", "do", "nth", "every", "times")
_REQUIRED = {"delay": ("seconds",), "status": ("code",), "status_after": ("code",)}


Test = Callable[[object], bool]


def _whole(first: int, last: int) -> Test:
    return lambda value: type(value) is int and first <= value <= last


def _one_of(*allowed: str) -> Test:
    return lambda value: isinstance(value, str) and value in allowed


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_seconds(value: object) -> bool:
    return type(value) in (int, float) and 0 <= float(str(value)) <= _LONGEST_DELAY


_COUNT = (_whole(1, 10**9), "a whole number from 1")
_VALUES: Mapping[str, tuple[Test, str]] = MappingProxyType(
    {
        "do": (_one_of(*KINDS), f"one of {', '.join(KINDS)}"),
        "on": (_one_of("*", *operations.ALL), f'"*" or one of {", ".join(sorted(operations.ALL))}'),
        "nth": _COUNT,
        "every": _COUNT,
        "times": _COUNT,
        "seconds": (_is_seconds, f"a number of seconds up to {_LONGEST_DELAY}"),
        "code": (_whole(200, 599), "an HTTP status from 200 to 599"),
        "retry_after": (_whole(0, 10**9), "a whole number of seconds"),
        "body": (_one_of(*BODIES), f"one of {', '.join(BODIES)}"),
        "when": (_one_of(*MOMENTS), f"one of {', '.join(MOMENTS)}"),
        "reset": (_is_flag, "true or false"),
    },
)


class FaultFileError(ValueError):
    """The fault file cannot be used; the message is a sentence that says what is wrong, and where."""


@dataclass(frozen=True, slots=True)
class FaultRule:
    """One rule of a script."""

    on: str
    do: str
    nth: int | None = None
    every: int | None = None
    times: int | None = None
    seconds: float = 0.0
    code: int = 500
    retry_after: int | None = None
    body: str = "empty"
    when: str = "after"
    reset: bool = False

    def matches(self, operation: str) -> bool:
        """Whether a call of this operation counts."""
        return self.on in ("*", operation)

    def due(self, count: int) -> bool:
        """Whether the count-th matching call (from 1) goes wrong."""
        if self.every is not None:
            turn, beat = divmod(count, self.every)
            return beat == 0 and (self.times is None or turn <= self.times)
        first = self.nth or 1
        return first <= count < first + (self.times or 1)

    @classmethod
    def parse(cls, entry: object, where: str) -> "FaultRule":
        """Read one rule; raises ``FaultFileError``."""
        if not isinstance(entry, dict):
            raise FaultFileError(f"{where} is not an object.")
        kind = entry.get("do")
        if not isinstance(kind, str) or kind not in KINDS:
            raise FaultFileError(f'{where}: "do" is {kind!r}; it must be one of {", ".join(KINDS)}.')
        allowed = (*_ALWAYS, *KINDS[kind][1])
        for key in entry:
            if key not in allowed:
                raise FaultFileError(
                    f'{where}: "{key}" is not a key of a {kind} rule; the keys are {", ".join(allowed)}.'
                )
        for key in ("on", *_REQUIRED.get(kind, ())):
            if key not in entry:
                raise FaultFileError(f'{where}: "{key}" is missing.')
        for key, value in entry.items():
            _check_value(key, value, where)
        if "nth" in entry and "every" in entry:
            raise FaultFileError(f'{where}: "nth" and "every" exclude each other.')
        if kind == "invalid_client" and entry["on"] != operations.TOKEN:
            raise FaultFileError(f'{where}: invalid_client happens on "{operations.TOKEN}" only.')
        return cls(**entry)


def _check_value(key: str, value: object, where: str) -> None:
    is_sound, expected = _VALUES[key]
    if not is_sound(value):
        raise FaultFileError(f'{where}: "{key}" is {value!r}; it must be {expected}.')


@dataclass(frozen=True, slots=True)
class FaultScript:
    """The rules of one rehearsal, in order."""

    rules: tuple[FaultRule, ...] = ()

    @classmethod
    def parse(cls, document: object, where: str = "The fault script") -> "FaultScript":
        """Read a list of rules; raises ``FaultFileError``."""
        if not isinstance(document, list):
            raise FaultFileError(f"{where} is not a list of rules.")
        return cls(
            tuple(FaultRule.parse(entry, f"{where}, rule {index}") for index, entry in enumerate(document, start=1))
        )

    @property
    def kills(self) -> bool:
        """Whether some rule ends the process."""
        return any(rule.do == "kill" for rule in self.rules)


@dataclass(slots=True)
class _Counted:
    rule: FaultRule
    calls: int = 0


class FaultDesk:
    """A running script: the rules, and how often each has matched."""

    def __init__(self, rules: Iterable[FaultRule] = ()) -> None:
        self._rules = [_Counted(rule) for rule in rules]

    def add(self, rule: FaultRule) -> None:
        """Put one more rule at the end."""
        self._rules.append(_Counted(rule))

    def clear(self) -> None:
        """Forget all rules."""
        self._rules.clear()

    def next(self, operation: str) -> tuple[float, FaultRule | None]:
        """Count a call; say how long it waits, and which rule breaks it."""
        seconds, chosen = 0.0, None
        for counted in self._rules:
            rule = counted.rule
            if not rule.matches(operation):
                continue
            counted.calls += 1
            if not rule.due(counted.calls):
                continue
            if rule.do == "delay":
                seconds += rule.seconds
            elif chosen is None:
                chosen = rule
        return seconds, chosen


def load_faults(path: Path) -> FaultScript:
    """Read a fault script from a JSON file.

    Raises:
        FaultFileError: the file cannot be read, or a rule in it cannot be understood.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FaultFileError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FaultFileError(f"{path} is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        raise FaultFileError(f"{path} is not JSON: {error.msg} (line {error.lineno}, column {error.colno}).") from error
    return FaultScript.parse(document, str(path))
