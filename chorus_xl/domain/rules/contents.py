"""What the PDF says, against what the row says.

Rule 1: only a clear contradiction is a finding, and a warning at that: a text layer is read in no certain order.
Rule 2: a value is contradicted when the PDF labels another one as such and the row's is nowhere beside a label.
Rule 3: a PDF without a text layer, or without labels, says nothing.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from chorus_xl.domain.batch import Batch
from chorus_xl.domain.budgets import SIREN_LENGTH, siret_problem
from chorus_xl.domain.findings import Finding
from chorus_xl.domain.rules.facts import Facts, warning
from chorus_xl.domain.texts import euros, shown

_GAP = r"[ \t\u00a0\u2009\u202f]"
_NUMBER_SIGN = r"(?:n[°ºo]|num[ée]ro)"
_REFERENCE = r"([A-Z0-9][A-Z0-9+_/-]*)"
# Fourteen digits, spaced as people do, neither part of a longer run (an IBAN, a telephone) nor of a word.
_SIRET = re.compile(rf"(?<![\w+])(?<!\d{_GAP})(?:\d{_GAP}?){{13}}\d(?!\w|{_GAP}\d)")
_INVOICE_NUMBERS = (
    re.compile(rf"\b(?:facture|avoir)\s*{_NUMBER_SIGN}\s*:?\s*{_REFERENCE}", re.IGNORECASE),
    re.compile(
        rf"\b{_NUMBER_SIGN}\s*(?:de\s+(?:la\s+)?|d['’]\s*)?(?:facture|avoir)\s*:?\s*{_REFERENCE}", re.IGNORECASE
    ),
)
_ENGAGEMENTS = (
    re.compile(rf"\bengagement(?:\s+juridique)?\s*{_NUMBER_SIGN}?\s*:?\s*{_REFERENCE}", re.IGNORECASE),
    re.compile(rf"\bbon\s+de\s+commande\s*{_NUMBER_SIGN}?\s*:?\s*{_REFERENCE}", re.IGNORECASE),
)
_AMOUNT = r"(\d{1,3}(?:[ .\u00a0\u2009\u202f]\d{3})+[.,]\d{2}|\d+[.,]\d{2})(?!\d)"
_TOTALS = re.compile(rf"\b(?:TTC|net{_GAP}+[àa]{_GAP}+payer)\b[^\d\n]{{0,20}}{_AMOUNT}", re.IGNORECASE)


def pdf_agrees_with_the_row(batch: Batch, facts: Facts) -> Iterator[Finding]:
    """SIRET, number, engagement and total of the PDF's text are those of the row."""
    if facts.files is None:
        return
    supplier = facts.parameters.supplier_siret
    for index, row in enumerate(batch.rows.tolist()):
        files = facts.files.get(row)
        if files is None or files.pdf is None or not files.pdf.text:
            continue
        text = files.pdf.text
        for code, attribute, present, found in (
            ("CX294", "recipient_siret", batch.recipient_siret[index], _other_sirets(batch, index, text, supplier)),
            ("CX295", "invoice_number", batch.invoice_number[index], _numbers(batch, index, text)),
            ("CX296", "engagement_number", batch.engagement_number[index], _labelled(_ENGAGEMENTS, text)),
            ("CX297", "total_with_vat", _total(batch, index), _totals(text)),
        ):
            if present and found and present not in found:
                params = {"value": shown(present), "found": shown(", ".join(found))}
                yield warning(batch, index, code, attribute, **params)


RULES = (pdf_agrees_with_the_row,)


def _other_sirets(batch: Batch, index: int, text: str, supplier: str) -> list[str]:
    """Sound SIRETs of the text that are none of the supplier's own, when the recipient's is nowhere."""
    if batch.recipient_siret[index] in re.sub(r"\s", "", text):
        return []
    sirets = dict.fromkeys(re.sub(r"\D", "", found) for found in _SIRET.findall(text))
    own = supplier[:SIREN_LENGTH]
    return [siret for siret in sirets if siret_problem(siret) is None and not (own and siret.startswith(own))]


def _numbers(batch: Batch, index: int, text: str) -> list[str]:
    """What the text calls the number of the invoice; a credit note also names the invoice that it corrects."""
    number, origin = batch.invoice_number[index], batch.original_invoice_number[index]
    return [] if number in text else [found for found in _labelled(_INVOICE_NUMBERS, text) if found != origin]


def _labelled(patterns: Iterable[re.Pattern[str]], text: str) -> list[str]:
    """References that follow a label; one without a digit is a word of the sentence."""
    found = dict.fromkeys(reference for pattern in patterns for reference in pattern.findall(text))
    return [reference for reference in found if any(map(str.isdigit, reference))]


def _totals(text: str) -> list[str]:
    cents = (int(Decimal(re.sub(r"\D", "", amount))) for amount in _TOTALS.findall(text))
    return [euros(amount) for amount in dict.fromkeys(cents)]


def _total(batch: Batch, index: int) -> str:
    total = batch.total_with_vat
    return euros(int(total.units[index])) if total.present[index] else ""
