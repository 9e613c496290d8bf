"""What makes an invoice that invoice: its number, its date, its type, the invoice it corrects.

Rule 1: a number serves once, in the sheet and in the journal, whatever the year: sources disagree (unique per supplier,
        or per supplier and year), and the stricter one stands.
Rule 2: the sources' two lists of allowed characters differ on the space alone: a space is doubted, the rest refused.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from chorus_xl.domain.batch import Batch
from chorus_xl.domain.columns import CREDIT_NOTE, INVOICE
from chorus_xl.domain.findings import Finding
from chorus_xl.domain.lifecycle import SENDABLE, State
from chorus_xl.domain.rules.facts import Facts, KnownDeposit, at, error, odd_ones, warning
from chorus_xl.domain.texts import day, euros, shown
from chorus_xl.domain.values import Texts

LONGEST_NUMBER = 20
"""Source: AIFE, spécifications externes FE, document Chorus Pro v1.1, §3.2.1.4.2; BR-FR-CPRO-02; read 2026-11-23."""

LONGEST_COMMENT = 200
"""Source: swagger text of soumettreFacture as transcribed by facturation_electronique, read 2026-11-23. Disputed."""
# ASSUMPTION: a comment beyond 200 characters is refused: other clients note 1000 and 2000, and a comment that was cut
# in silence would be worse than one to be shortened.

_ALLOWED = re.compile(r"[A-Za-z0-9+_/-]*")
_FORBIDDEN = re.compile(r"[^A-Za-z0-9+_/ -]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e]")
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_YEAR = timedelta(days=366)
_NAMED = 10  # rows named in one sentence


def number_is_well_formed(batch: Batch, _: Facts) -> Iterator[Finding]:
    """A number has 1 to 20 characters among letters without accent, digits, ``-``, ``_``, ``/`` and ``+``."""
    for index in at(batch.blank("invoice_number")):
        yield error(batch, index, "CX201", "invoice_number")
    for index, number in enumerate(batch.invoice_number.tolist()):
        if len(number) > LONGEST_NUMBER:
            yield error(batch, index, "CX202", "invoice_number", value=shown(number), length=str(len(number)))
        if _ALLOWED.fullmatch(number):
            continue
        forbidden = "".join(dict.fromkeys(_FORBIDDEN.findall(number)))
        if forbidden or "  " in number:
            characters = " ".join(map(shown, forbidden)) or "␣␣"
            yield error(batch, index, "CX203", "invoice_number", value=shown(number), characters=characters)
        else:
            yield warning(batch, index, "CX204", "invoice_number", value=shown(number))


def number_is_alone_in_the_sheet(batch: Batch, _: Facts) -> Iterator[Finding]:
    """Two rows never bear one number; numbers that differ by case alone are most likely one."""
    numbers = batch.invoice_number
    for group in _groups(numbers):
        for index in group:
            others = [other for other in group[: _NAMED + 1] if other != index]
            params = {"value": shown(numbers[index]), "rows": _rows(batch, others, len(group) - 1)}
            yield error(batch, index, "CX205", "invoice_number", **params)
    folded = np.array([number.casefold() for number in numbers.tolist()], dtype=object)
    for group in _groups(folded):
        first = {numbers[index]: index for index in reversed(group)}
        if len(first) == 1:
            continue
        for index in group:
            others = sorted(other for number, other in first.items() if number != numbers[index])
            params = {"value": shown(numbers[index]), "rows": _rows(batch, others[:_NAMED], len(others))}
            yield warning(batch, index, "CX206", "invoice_number", **params)


def number_is_not_another_invoice_of_the_journal(batch: Batch, facts: Facts) -> Iterator[Finding]:
    """A number that was sent, or may have been, stays with the invoice it was sent for."""
    if not facts.deposits:
        return
    for index, number in enumerate(batch.invoice_number.tolist()):
        known = facts.deposits.get(number)
        if known is None or known.state in SENDABLE or known.state is State.CONTRADICTED:
            continue
        issued = batch.issue_date[index].item()
        if issued is not None and known.issue_date and known.issue_date[:4] != str(issued.year):
            old, new = _day(known.issue_date), day(issued)
            yield error(batch, index, "CX208", "invoice_number", value=shown(number), known=old, present=new)
        else:
            for old, new, column in _differences(batch, index, known):
                params = {"value": shown(number), "known": old, "present": new}
                yield error(batch, index, "CX207", column, **params)


def invoice_did_not_leave_under_another_number(batch: Batch, facts: Facts) -> Iterator[Finding]:
    """What left under one number does not leave under another: nobody else would notice that it is the same invoice."""
    sent = {number: known for number, known in facts.deposits.items() if known.state not in SENDABLE}
    if not sent:
        return
    folded = {number.casefold(): number for number in sent}
    by_pdf = {known.pdf_sha256: number for number, known in sent.items() if known.pdf_sha256}
    for index, number in enumerate(batch.invoice_number.tolist()):
        if not number or number in sent:
            continue
        if twin := folded.get(number.casefold()):
            yield warning(batch, index, "CX269", "invoice_number", value=shown(number), known=shown(twin))
        files = (facts.files or {}).get(int(batch.rows[index]))
        pdf = files.pdf if files else None
        if pdf and (other := by_pdf.get(pdf.sha256)):
            params = {"value": shown(pdf.reference), "known": shown(other)}
            if any(_differences(batch, index, sent[other])):
                yield warning(batch, index, "CX279", "pdf_file", **params)
            else:
                yield error(batch, index, "CX278", "pdf_file", **params)


def date_is_plausible(batch: Batch, facts: Facts) -> Iterator[Finding]:
    """An issue date is there, lies between 2000 and 2099 and not after today; one older than a year is doubted."""
    days = batch.issue_date
    missing = np.isnat(days)
    for index in at(missing & ~batch.unreadable["issue_date"]):
        yield error(batch, index, "CX209", "issue_date")
    outside = ~missing & ((days < np.datetime64(_FIRST_DAY)) | (days > np.datetime64(_LAST_DAY)))
    future = ~missing & ~outside & (days > np.datetime64(facts.today))
    old = ~missing & ~outside & (days < np.datetime64(facts.today - _YEAR))
    for index in at(outside):
        yield error(batch, index, "CX211", "issue_date", value=day(days[index].item()))
    for index in at(future):
        yield error(batch, index, "CX210", "issue_date", value=day(days[index].item()), today=day(facts.today))
    for index in at(old):
        yield warning(batch, index, "CX212", "issue_date", value=day(days[index].item()))


def type_and_origin_agree(batch: Batch, _: Facts) -> Iterator[Finding]:
    """A credit note names the invoice that it corrects, an invoice names none."""
    for index in at(batch.blank("invoice_type")):
        yield error(batch, index, "CX213", "invoice_type")
    origin, kind = batch.original_invoice_number, batch.invoice_type
    for index in at((kind == CREDIT_NOTE) & batch.blank("original_invoice_number")):
        yield warning(batch, index, "CX214", "original_invoice_number")
    given = origin != ""
    for index in at((kind == INVOICE) & given):
        yield warning(batch, index, "CX215", "original_invoice_number", value=shown(origin[index]))
    for index in at(given & (origin == batch.invoice_number)):
        yield error(batch, index, "CX216", "original_invoice_number", value=shown(origin[index]))
    for index, value, length in odd_ones(origin.tolist(), lambda text: len(text) > LONGEST_NUMBER and len(text)):
        yield error(batch, index, "CX217", "original_invoice_number", value=shown(value), length=str(length))


def comment_fits(batch: Batch, _: Facts) -> Iterator[Finding]:
    """A comment is never cut in silence."""
    for index, _comment, length in odd_ones(
        batch.comment.tolist(), lambda text: len(text) > LONGEST_COMMENT and len(text)
    ):
        yield error(batch, index, "CX218", "comment", length=str(length))


def texts_have_no_hidden_characters(batch: Batch, _: Facts) -> Iterator[Finding]:
    """Characters that nobody sees, pasted along from elsewhere, make a number another number."""
    for attribute in ("engagement_number", "contract_number", "original_invoice_number", "service_code"):
        for index, value, _found in odd_ones(batch.texts(attribute).tolist(), _CONTROL.search):
            yield error(batch, index, "CX219", attribute, value=shown(value))
    for index, value, _found in odd_ones(batch.comment.tolist(), _CONTROL_BUT_LINES.search):
        yield error(batch, index, "CX219", "comment", value=shown(value))


RULES = (
    number_is_well_formed,
    number_is_alone_in_the_sheet,
    number_is_not_another_invoice_of_the_journal,
    invoice_did_not_leave_under_another_number,
    date_is_plausible,
    type_and_origin_agree,
    comment_fits,
    texts_have_no_hidden_characters,
)


def _groups(values: Texts) -> list[list[int]]:
    """The indexes that share a value, group by group; blanks share nothing."""
    texts = values.tolist()
    repeated = {text for text, count in Counter(texts).items() if count > 1 and text}
    groups: dict[str, list[int]] = {}
    if repeated:
        for index, text in enumerate(texts):
            if text in repeated:
                groups.setdefault(text, []).append(index)
    return list(groups.values())


def _rows(batch: Batch, indexes: list[int], count: int) -> str:
    """Row numbers for a sentence: ``4, 7, 12``; those beyond the first few are only hinted at."""
    named = ", ".join(str(row) for row in batch.rows[indexes[:_NAMED]].tolist())
    return named if count <= _NAMED else f"{named}, …"


def _differences(batch: Batch, index: int, known: KnownDeposit) -> Iterator[tuple[str, str, str]]:
    """What the journal and the row say differently: the former, the latter, the column."""
    issued = batch.issue_date[index].item()
    if known.issue_date and issued is not None and known.issue_date != issued.isoformat():
        yield _day(known.issue_date), day(issued), "issue_date"
    siret = batch.recipient_siret[index]
    if known.recipient_siret and siret and known.recipient_siret != siret:
        yield known.recipient_siret, siret, "recipient_siret"
    total = batch.total_with_vat
    if known.total_with_vat and total.present[index] and Decimal(known.total_with_vat) != total.euros(index):
        cents = int(Decimal(known.total_with_vat).scaleb(2))
        yield euros(cents), euros(int(total.units[index])), "total_with_vat"


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso))
