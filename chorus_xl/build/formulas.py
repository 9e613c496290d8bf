"""Counting and summing rows of ``tblFactures``, as text of formulas.

Rule 1: only functions of Excel 2016 and LibreOffice 7: no dynamic array, no ``LET``, no ``XLOOKUP``.
Rule 2: a row counts when it has a number or a budget.
Rule 3: a credit note is taken off the sums, whatever its sign.
"""

from collections.abc import Sequence

from chorus_xl.domain.columns import CREDIT_NOTE, INVOICES, SETTINGS, TableSpec
from chorus_xl.domain.parameters import PARAMETERS
from chorus_xl.domain.statuses import DepositState


def column(attribute: str, spec: TableSpec = INVOICES) -> str:
    """A column of a table as formulas name it."""
    return f"{spec.name}[{spec.column(attribute).header}]"


AMOUNT, TYPE, BUDGET, NUMBER = map(column, ("total_with_vat", "invoice_type", "budget", "invoice_number"))
VERDICT, DEPOSIT, SIRET = map(column, ("verdict", "deposit_state", "recipient_siret"))
STATUS, ACTION = map(column, ("chorus_status", "next_action"))

HAS_INVOICE = f"(1-ISBLANK({NUMBER})*ISBLANK({BUDGET}))"
"""1 for each row that counts, for use within ``SUMPRODUCT``."""

ALL_ROWS = f"SUMPRODUCT({HAS_INVOICE})"
NOT_VALIDATED = f"SUMPRODUCT({HAS_INVOICE}*ISBLANK({VERDICT}))"


def equal(cells: str, word: str) -> str:
    """A condition for ``count`` and ``total``; ``""`` stands for a blank cell."""
    return f'{cells},"{word}"'


def count(*conditions: str) -> str:
    """How many rows meet all conditions."""
    return f"COUNTIFS({','.join(conditions)})"


def total(*conditions: str) -> str:
    """What the rows that meet all conditions amount to, VAT included."""
    met = ",".join((AMOUNT, *conditions, TYPE))
    return f'(SUMIFS({met},"<>{CREDIT_NOTE}")-ABS(SUMIFS({met},"{CREDIT_NOTE}")))'


def count_among(cells: str, words: Sequence[str], *conditions: str) -> str:
    """How many rows hold one of the words in these cells and meet all conditions."""
    return f"SUMPRODUCT(COUNTIFS({','.join((*conditions, cells, _any_of(words)))}))"


def total_among(cells: str, words: Sequence[str], *conditions: str) -> str:
    """The same for amounts."""
    met = ",".join((AMOUNT, *conditions, cells, _any_of(words), TYPE))
    return f'(SUMPRODUCT(SUMIFS({met},"<>{CREDIT_NOTE}"))-ABS(SUMPRODUCT(SUMIFS({met},"{CREDIT_NOTE}"))))'


def _any_of(words: Sequence[str]) -> str:
    return "{" + ",".join(f'"{word}"' for word in words) + "}"


def count_in(state: DepositState, *conditions: str) -> str:
    """How many rows are in that state; one that was never deposited has a blank cell and is still to be deposited."""
    named = count(*conditions, equal(DEPOSIT, state))
    if state is not DepositState.TO_DEPOSIT:
        return named
    blank = count(*conditions, equal(DEPOSIT, "")) if conditions else f"SUMPRODUCT({HAS_INVOICE}*ISBLANK({DEPOSIT}))"
    return f"{named}+{blank}"


def total_in(state: DepositState, *conditions: str) -> str:
    """The same for amounts."""
    named = total(*conditions, equal(DEPOSIT, state))
    return f"{named}+{total(*conditions, equal(DEPOSIT, ''))}" if state is DepositState.TO_DEPOSIT else named


def parameter(attribute: str) -> str:
    """The value of a parameter on the sheet; an error where its line is missing."""
    name = next(one.name for one in PARAMETERS if one.attribute == attribute)
    names, values = (f"{SETTINGS.name}[{SETTINGS.column(each).header}]" for each in ("name", "value"))
    return f'INDEX({values},MATCH("{name}",{names},0))'
