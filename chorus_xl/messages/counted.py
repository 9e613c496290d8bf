"""Counts in French sentences: one word for one, another for several.

Rule 1: a template says both where it counts: ``{count} {count:ligne|lignes}``; no sentence holds « ligne(s) ».
Rule 2: in French none is one: « 0 ligne », « 1 ligne », « 2 lignes ». What is no number is taken for several.
"""

from collections.abc import Mapping
from string import Formatter


class _Counting(Formatter):
    """Templates whose fields may hold two words, of which the value picks one."""

    def format_field(self, value: object, format_spec: str) -> str:
        if "|" in format_spec:
            return agreeing(format_spec, value)
        return str(super().format_field(value, format_spec))


_COUNTING = _Counting()


def fill(template: str, values: Mapping[str, object] | None = None, /, **named: object) -> str:
    """A template with its values, given together or by name, counted words agreeing with theirs.

    >>> [fill("{count} {count:ligne lue|lignes lues}", count=count) for count in (0, "1", 2)]
    ['0 ligne lue', '1 ligne lue', '2 lignes lues']
    """
    values = named if values is None else values
    if "|" not in template:  # nearly all of them, and ten times as fast
        return template.format_map(values)
    return _COUNTING.vformat(template, (), values)


def agreeing(words: str, count: object) -> str:
    """That of two words, ``singular|plural``, which goes with a count.

    >>> agreeing("facture|factures", 1), agreeing("facture|factures", "…")
    ('facture', 'factures')
    """
    one, _, several = words.partition("|")
    try:
        return one if abs(int(str(count))) < 2 else several  # noqa: PLR2004 - rule 2
    except ValueError:
        return several


def counted(count: object, words: str) -> str:
    """A count and its word.

    >>> counted(1, "jour|jours"), counted(3, "jour|jours")
    ('1 jour', '3 jours')
    """
    return f"{count} {agreeing(words, count)}"
