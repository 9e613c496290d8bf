"""Reading a JSON body against the shape of its operation.

1. A missing required member, a member of the wrong kind, and a member that the
   operation does not have are malformed. (Refusing unknown members is seen on
   one operation of the real platform; for the others it is an ASSUMPTION that
   serves a rehearsal well, because it shows a misspelt member.)
2. ``null`` is the same as absent.
3. Numbers are read as decimals, never as floats, and must fit decimal(19,6);
   identifiers must fit int64. A SIRET may come as a bare number.
4. What comes out has the shape: the code behind it asks no more questions.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias

from chorus_xl.simulator.refusals import MalformedError

_SURROGATE = re.compile("[\ud800-\udfff]")  # half a sign: JSON can spell it, UTF-8 cannot
_SIRET_DIGITS = 14
_WHOLE_DIGITS = 13
_DECIMALS = 6


class Kind(Enum):
    """The kinds of plain members."""

    TEXT = "a string"
    SIRET = "a SIRET"
    WHOLE = "an int64 number"
    NUMBER = "a decimal(19,6) number"
    FLAG = "true or false"


@dataclass(frozen=True, slots=True)
class Many:
    """An array of one shape; ``or_one`` where a switch may allow a lone object."""

    of: "Spec"
    or_one: bool = False


Spec: TypeAlias = "Kind | Many | Mapping[str, Spec]"
Shape: TypeAlias = Mapping[str, Spec]


def read(body: bytes, shape: Shape, *, lone_objects: bool = False) -> dict[str, Any]:
    """Parse and check a body; raises ``MalformedError``."""
    try:
        document = json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise MalformedError(f"the body is not JSON: {error}") from error
    return _object(document, shape, "body", lone_objects=lone_objects)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _object(value: object, shape: Shape, where: str, *, lone_objects: bool) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedError(f"{where}: an object is expected")
    specs = {key.rstrip("!"): spec for key, spec in shape.items()}
    unknown = sorted(key for key in value if key not in specs)
    if unknown:
        raise MalformedError(f"{where}: {', '.join(unknown)} is not a member of this operation")
    given = {key: item for key, item in value.items() if item is not None}
    for key in shape:
        if key.endswith("!") and key[:-1] not in given:
            raise MalformedError(f"{where}: {key[:-1]} is required")
    return {key: _value(item, specs[key], key, lone_objects=lone_objects) for key, item in given.items()}


def _value(value: object, spec: Spec, where: str, *, lone_objects: bool) -> object:
    if isinstance(spec, Kind):
        return _PLAIN[spec](value, where)
    if isinstance(spec, Many):
        if spec.or_one and lone_objects and isinstance(value, dict):
            value = [value]
        if not isinstance(value, list):
            raise MalformedError(f"{where}: an array is expected")
        return [_value(item, spec.of, where, lone_objects=lone_objects) for item in value]
    return _object(value, spec, where, lone_objects=lone_objects)


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or "\0" in value or not (value.isascii() or _SURROGATE.search(value) is None):
        raise MalformedError(f"{where}: {Kind.TEXT.value} is expected")
    return value


def _siret(value: object, where: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**_SIRET_DIGITS:
        return str(value).zfill(_SIRET_DIGITS)
    return _text(value, where)


def _whole(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise MalformedError(f"{where}: {Kind.WHOLE.value} is expected")
    return value


def _number(value: object, where: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise MalformedError(f"{where}: {Kind.NUMBER.value} is expected")
    number = Decimal(value)
    if number and (number.adjusted() >= _WHOLE_DIGITS or _decimals(number) > _DECIMALS):
        raise MalformedError(f"{where}: {Kind.NUMBER.value} is expected")
    return number


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise MalformedError(f"{where}: {Kind.FLAG.value} is expected")
    return value


_PLAIN = {Kind.TEXT: _text, Kind.SIRET: _siret, Kind.WHOLE: _whole, Kind.NUMBER: _number, Kind.FLAG: _flag}
