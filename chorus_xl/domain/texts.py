"""Values as a clerk reads them in a sentence, and texts as they are compared.

Rule 1: whatever a cell may hold can be shown: this never raises, and never shows more than ``SHOWN_LENGTH`` characters.
Rule 2: a character that cannot be seen is shown by its number, so that it can be looked for.
Rule 3: folding serves to compare and to propose; what is kept is always what was typed, or a declared choice.
"""

import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from chorus_xl.domain.sheets import BadCell

SHOWN_LENGTH = 80

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")


def shown(value: object) -> str:
    """The value as the sheet's reader would recognise it.

    >>> shown(20261001.0), shown(2.13e13), shown(0.1 + 0.2), shown(True)
    ('20261001', '21300000000000', '0,3', 'VRAI')
    >>> shown("F\u200b1")
    'F⟨U+200B⟩1'
    """
    match value:
        case None:
            text = ""
        case bool():
            text = "VRAI" if value else "FAUX"
        case str():
            text = value
        case float() | int():
            text = _number(value)
        case datetime():
            text = value.strftime("%d/%m/%Y %H:%M").removesuffix(" 00:00")
        case date():
            text = value.strftime("%d/%m/%Y")
        case time() | timedelta():
            text = str(value)
        case BadCell():
            text = value.text
        case _:
            text = f"({type(value).__name__})"
    visible = "".join(map(_visible, text))
    return visible if len(visible) <= SHOWN_LENGTH else visible[: SHOWN_LENGTH - 1] + "…"


def _number(value: float) -> str:
    try:
        text = format(value, ".15g")
    except OverflowError:  # an integer beyond floats: no sheet holds one, but nothing here may raise
        return "plus de 300 chiffres"
    if "e" not in text:
        return text.replace(".", ",")
    return format(Decimal(text), "f") if abs(value) >= 1 and abs(value) < 1e21 else text.replace(".", ",").upper()  # noqa: PLR2004 - beyond, the digits are noise


def _visible(character: str) -> str:
    hidden = unicodedata.category(character) in {"Cc", "Cf", "Co", "Cn", "Cs"}
    return f"⟨U+{ord(character):04X}⟩" if hidden and character != "\n" else character


def fold(text: str) -> str:
    """What is left when case, accents, spacing and kinds of dash do not count.

    >>> fold("  Grand  Belfort - Déchets\u00a0ménagers") == fold("GRAND BELFORT – dechets menagers")
    True
    """
    plain = unicodedata.normalize("NFD", text.translate(_DASHES)).casefold()
    return " ".join("".join(character for character in plain if not unicodedata.combining(character)).split())


def euros(cents: int) -> str:
    """An amount with its two decimals.

    >>> euros(123456), euros(-5)
    ('1 234,56 €', '-0,05 €')
    """
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole:,},{rest:02d} €".replace(",", " ", f"{whole:,}".count(","))


def percent(basis_points: int) -> str:
    """A rate in percent.

    >>> percent(2000), percent(550), percent(105)
    ('20 %', '5,5 %', '1,05 %')
    """
    text = f"{basis_points / 100:.2f}".rstrip("0").rstrip(".")
    return f"{text.replace('.', ',')} %"


def decimal_comma(number: Decimal) -> str:
    """A number as it is typed in a French Excel.

    >>> decimal_comma(Decimal("1234.50"))
    '1234,50'
    """
    return format(number, "f").replace(".", ",")


def day(value: date) -> str:
    """A day as it is typed in a French Excel."""
    return value.strftime("%d/%m/%Y")
