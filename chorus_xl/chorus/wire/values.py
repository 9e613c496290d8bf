"""Single values: written strictly, read leniently.

Rule 1: what cannot be read is ``None`` (``""`` for text), never an exception.
Rule 2: a moment is read as the wall clock of Paris, without a zone, as the sheet shows it.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Context, Decimal, Inexact, InvalidOperation
from zoneinfo import ZoneInfo

Json = str | int | Decimal | Sequence["Json"] | Mapping[str, "Json"]
"""What we send. No float, by type; no null, by rule."""

JsonObject = Mapping[str, Json]

Members = Mapping[str, object]
"""What we receive: nothing is known of a member before it is read."""

_PARIS = ZoneInfo("Europe/Paris")
_CENT = Decimal("0.01")
_EXACT = Context(traps=[Inexact, InvalidOperation])
_SIRET_DIGITS = 14
_INT64_DIGITS = 19


def encode(value: Json) -> str:
    """JSON text whose numbers have the digits of their ``Decimal``.

    The standard library writes no ``Decimal``, and a float would show 1234567.10 as 1234567.1 at best.

    >>> encode({"montantHtTotal": Decimal("1234567.10"), "idFournisseur": 7})
    '{"montantHtTotal":1234567.10,"idFournisseur":7}'
    """
    if isinstance(value, str | int):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(key)}:{encode(member)}" for key, member in value.items()) + "}"
    return "[" + ",".join(encode(item) for item in value) + "]"


def present(**members: str) -> dict[str, Json]:
    """The members that say something; an empty text is left out."""
    return {key: value for key, value in members.items() if value}


def money(value: Decimal) -> Decimal:
    """Euros with two decimals; more decimals than two are our bug, and raise ``decimal.Inexact``."""
    return value.quantize(_CENT, context=_EXACT)


def percent(rate: Decimal) -> Decimal:
    """A rate without idle zeros: 20 and not 20.00, 5.5 and not 5.50."""
    rate = rate.normalize()
    return rate.quantize(Decimal(1)) if rate == rate.to_integral_value() else rate


def day(value: date) -> str:
    """A date as requests spell it, though the swagger types it as a date with its time."""
    return value.isoformat()


def text(value: object) -> str:
    """Text, or a number as text; ``""`` for anything else."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else ""


def integer(value: object) -> int | None:
    """A whole number, or its digits as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    digits = text(value)
    is_whole = digits.isascii() and digits.removeprefix("-").isdecimal() and len(digits) <= _INT64_DIGITS
    return int(digits) if is_whole else None


def identifier(value: object) -> int | None:
    """A technical identifier: a whole number above 0."""
    number = integer(value)
    return number if number is not None and number > 0 else None


def flag(value: object) -> bool | None:
    """True, false, or not said."""
    return value if isinstance(value, bool) else None


def siret(value: object) -> str:
    """A SIRET as 14 digits; samples show some as numbers, which lose their leading zeros."""
    digits = text(value)
    return digits.zfill(_SIRET_DIGITS) if digits.isascii() and digits.isdecimal() else digits


def amount(value: object) -> Decimal | None:
    """Euros; with two decimals unless the platform gave more that count."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        number = Decimal(value)
        return number.quantize(_CENT, context=_EXACT) if number.is_finite() else None
    except Inexact:
        return number
    except InvalidOperation:
        return None


def moment(value: object) -> datetime | None:
    """A date, a date with its time, or ISO 8601 with offset, as Paris time without a zone.

    >>> str(moment("2025-11-05T08:14:02.000Z")), str(moment("2025-11-05 09:14")), str(moment("2025-11-05"))
    ('2025-11-05 09:14:02', '2025-11-05 09:14:00', '2025-11-05 00:00:00')
    """
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value.strip())
        return read.astimezone(_PARIS).replace(tzinfo=None) if read.tzinfo is not None else read
    except (ValueError, OverflowError):
        return None


def calendar_day(value: object) -> date | None:
    """The day in Paris of a date in any of its forms."""
    read = moment(value)
    return read.date() if read is not None else None


def members(value: object) -> Members:
    """A JSON object, empty when it is none."""
    return value if isinstance(value, dict) else {}
