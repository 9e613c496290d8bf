"""A month as typed columns: what the sheet says, in the units that rules and the wire reckon with.

Rule 1: line ``i`` of every column is the row ``rows[i]`` of the sheet; nothing is dropped, however odd.
Rule 2: texts are ``str`` (``""``: none), days ``datetime64[D]`` (``NaT``: none), amounts whole cents with a mask.
Rule 3: a detail line belongs to the first row that bears its number; a line without a row is an orphan.
Rule 4: reading judges cells, never invoices: that is ``domain.rules``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chorus_xl.domain.columns import CREDIT_NOTE, INVOICES, LINES
from chorus_xl.domain.decimals import NO_RATE, SEVERAL, Amounts, Rates, read_amounts, read_rates
from chorus_xl.domain.findings import Finding
from chorus_xl.domain.invoice import Invoice, VatShare
from chorus_xl.domain.sheets import Sheets, Table
from chorus_xl.domain.supplier import Parameters
from chorus_xl.domain.texts import shown
from chorus_xl.domain.values import Cells, Days, Mask, Reading, Texts, read_choices, read_days, read_sirets, read_texts

UNIT_PRICE_DECIMALS = 6
"""Unit prices may have six decimals. Source: Factur-X, BT-146 with its Chorus Pro note, read 2026-11-23."""

QUANTITY_DECIMALS = 4
"""Quantities may have four decimals. Source: Factur-X, BT-129 with its Chorus Pro note, read 2026-11-23."""

_REQUIRED = frozenset(
    {"budget", "contract_scope", "invoice_number", "issue_date", "invoice_type", "vat_rate", "pdf_file"}
    | {"total_without_vat", "total_vat", "total_with_vat"}
)


@dataclass(frozen=True, slots=True)
class Lines:
    """``tblLignes``; ``positions[j]`` is the index in the batch of line ``j``'s invoice, -1 for an orphan."""

    rows: NDArray[np.int64]
    invoice_number: Texts
    quantity: Amounts
    unit_price: Amounts
    total_without_vat: Amounts
    vat_rate: Rates
    total_vat: Amounts
    positions: NDArray[np.int64]

    @property
    def complete(self) -> Mask:
        """Lines that weigh in their invoice's VAT: both totals and one rate are there."""
        return self.total_without_vat.present & self.total_vat.present & (self.vat_rate.basis_points >= 0)


@dataclass(frozen=True, slots=True)
class Shares:
    """Complete lines summed by invoice and rate, in the order of invoices, then of rates; amounts in cents."""

    positions: NDArray[np.int64]
    basis_points: NDArray[np.int64]
    base: NDArray[np.int64]
    vat: NDArray[np.int64]
    lines: NDArray[np.int64]  # how many lines were summed

    def of(self, position: int) -> slice:
        """The shares of one invoice."""
        first, last = np.searchsorted(self.positions, [position, position + 1])
        return slice(int(first), int(last))


@dataclass(frozen=True, slots=True)
class Batch:
    """``tblFactures`` and its detail lines, made sense of.

    Attributes:
        deposit_state: shown as it stands on the sheet; the journal alone knows better.
        chorus_reference: the same.
        unreadable: by attribute, the cells of which reading had its say.
    """

    rows: NDArray[np.int64]
    budget: Texts
    contract_scope: Texts
    invoice_number: Texts
    issue_date: Days
    invoice_type: Texts
    total_without_vat: Amounts
    vat_rate: NDArray[np.int64]
    total_vat: Amounts
    total_with_vat: Amounts
    engagement_number: Texts
    contract_number: Texts
    pdf_file: Texts
    attachments: Texts
    original_invoice_number: Texts
    comment: Texts
    recipient_siret: Texts
    service_code: Texts
    deposit_state: Texts
    chorus_reference: Texts
    unreadable: Mapping[str, Mask]
    lines: Lines
    shares: Shares

    def __len__(self) -> int:
        return len(self.rows)

    def texts(self, attribute: str) -> Texts:
        """The column of texts of that attribute."""
        column: Texts = getattr(self, attribute)
        return column

    def blank(self, attribute: str) -> Mask:
        """Rows where a text is missing and reading has not said why."""
        missing: Mask = (self.texts(attribute) == "") & ~self.unreadable[attribute]
        return missing

    def attachment_names(self, index: int) -> tuple[str, ...]:
        """The files named in ``Pièces jointes``."""
        names = (name.strip() for name in self.attachments[index].split(";"))
        return tuple(name for name in names if name)

    def invoice(self, index: int, parameters: Parameters) -> Invoice:
        """The invoice of a row without an error; nothing is checked again."""
        shares = self._vat_shares(index, parameters)
        # ASSUMPTION: a motive of exemption is given only when no share of the invoice bears VAT.
        is_exempt = bool(shares) and all(share.rate == 0 for share in shares)
        return Invoice(
            row=int(self.rows[index]),
            supplier_siret=parameters.supplier_siret,
            invoice_number=self.invoice_number[index],
            issue_date=self.issue_date[index].item(),
            is_credit_note=self.invoice_type[index] == CREDIT_NOTE,
            recipient_siret=self.recipient_siret[index],
            service_code=self.service_code[index],
            engagement_number=self.engagement_number[index],
            contract_number=self.contract_number[index],
            original_invoice_number=self.original_invoice_number[index],
            total_without_vat=self.total_without_vat.euros(index),
            total_vat=self.total_vat.euros(index),
            total_with_vat=self.total_with_vat.euros(index),
            vat_shares=shares,
            pdf_file=self.pdf_file[index],
            attachments=self.attachment_names(index),
            comment=self.comment[index],
            billing_framework=parameters.billing_framework,
            validator_siret=parameters.validator_siret,
            vat_regime=parameters.vat_regime,
            exemption_reason=parameters.exemption_reason if is_exempt else "",
            payment_means=parameters.payment_means,
            attachment_type=parameters.attachment_type,
        )

    def _vat_shares(self, index: int, parameters: Parameters) -> tuple[VatShare, ...]:
        rate = int(self.vat_rate[index])
        if rate == NO_RATE or (rate == 0 and not parameters.exemption_reason):
            return ()
        if rate != SEVERAL:
            return (VatShare(_percent(rate), self.total_without_vat.euros(index), self.total_vat.euros(index)),)
        mine, shares = self.shares.of(index), self.shares
        return tuple(
            VatShare(_percent(rate), Decimal(base).scaleb(-2), Decimal(vat).scaleb(-2))
            for rate, base, vat in zip(
                shares.basis_points[mine].tolist(), shares.base[mine].tolist(), shares.vat[mine].tolist(), strict=True
            )
        )


def read_batch(sheets: Sheets) -> tuple[Batch, tuple[Finding, ...]]:
    """The typed batch, and what there is to say of its cells."""
    reader = _Reader(sheets.invoices, {}, [])
    invoice_number = reader.texts("invoice_number")
    lines, line_findings = _read_lines(sheets.lines, invoice_number.tolist())
    batch = Batch(
        rows=sheets.invoices.rows,
        budget=reader.texts("budget"),
        contract_scope=reader.take("contract_scope", read_choices),
        invoice_number=invoice_number,
        issue_date=reader.take("issue_date", read_days),
        invoice_type=reader.take("invoice_type", read_choices),
        total_without_vat=reader.amounts("total_without_vat"),
        vat_rate=reader.rates("vat_rate"),
        total_vat=reader.amounts("total_vat"),
        total_with_vat=reader.amounts("total_with_vat"),
        engagement_number=reader.texts("engagement_number"),
        contract_number=reader.texts("contract_number"),
        pdf_file=reader.texts("pdf_file"),
        attachments=reader.texts("attachments"),
        original_invoice_number=reader.texts("original_invoice_number"),
        comment=reader.texts("comment"),
        recipient_siret=reader.take("recipient_siret", read_sirets),
        service_code=reader.texts("service_code"),
        deposit_state=_as_shown(reader.cells("deposit_state")),
        chorus_reference=_as_shown(reader.cells("chorus_reference")),
        unreadable=reader.unreadable,
        lines=lines,
        shares=_shares(lines),
    )
    return batch, (*reader.findings, *line_findings)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the columns of ``tblFactures`` one after the other, and keeps what there is to say."""

    table: Table
    unreadable: dict[str, Mask]
    findings: list[Finding]

    def cells(self, attribute: str) -> Cells:
        return Cells.of(self.table, INVOICES.column(attribute), required=attribute in _REQUIRED)

    def take(self, attribute: str, read: Callable[[Cells], Reading]) -> NDArray[Any]:
        reading = read(self.cells(attribute))
        self._keep(attribute, reading)
        return reading.values

    def texts(self, attribute: str) -> Texts:
        return self.take(attribute, read_texts)

    def amounts(self, attribute: str) -> Amounts:
        amounts = read_amounts(self.cells(attribute))
        self._keep(attribute, amounts)
        return amounts

    def rates(self, attribute: str) -> NDArray[np.int64]:
        rates = read_rates(self.cells(attribute))
        self._keep(attribute, rates)
        return rates.basis_points

    def _keep(self, attribute: str, reading: Reading | Amounts | Rates) -> None:
        self.unreadable[attribute] = reading.unreadable
        self.findings.extend(reading.findings)


def _read_lines(table: Table, numbers: list[str]) -> tuple[Lines, tuple[Finding, ...]]:
    number = read_texts(Cells.of(table, LINES.column("invoice_number"), required=True))
    quantity = read_amounts(Cells.of(table, LINES.column("quantity")), QUANTITY_DECIMALS)
    unit_price = read_amounts(Cells.of(table, LINES.column("unit_price")), UNIT_PRICE_DECIMALS)
    base = read_amounts(Cells.of(table, LINES.column("total_without_vat"), required=True))
    rate = read_rates(Cells.of(table, LINES.column("vat_rate"), required=True))
    vat = read_amounts(Cells.of(table, LINES.column("total_vat"), required=True))
    first = {number: position for position, number in reversed(list(enumerate(numbers))) if number}
    positions = np.array([first.get(number, -1) for number in number.values], dtype=np.int64)
    lines = Lines(table.rows, number.values, quantity, unit_price, base, rate, vat, positions)
    parts = (number, quantity, unit_price, base, rate, vat)
    return lines, tuple(finding for part in parts for finding in part.findings)


def _shares(lines: Lines) -> Shares:
    kept = np.flatnonzero(lines.complete & (lines.positions >= 0))
    keys = np.stack([lines.positions[kept], lines.vat_rate.basis_points[kept]], axis=1)
    distinct, which = np.unique(keys, axis=0, return_inverse=True)
    sums = np.zeros((3, len(distinct)), dtype=np.int64)
    weights = (lines.total_without_vat.units[kept], lines.total_vat.units[kept], np.ones(len(kept), dtype=np.int64))
    for total, weight in zip(sums, weights, strict=True):
        np.add.at(total, which.ravel(), weight)
    return Shares(distinct[:, 0], distinct[:, 1], *sums)


def _as_shown(cells: Cells) -> Texts:
    array = np.empty(len(cells.raw), dtype=object)
    array[:] = ["" if cell is None else cell if isinstance(cell, str) else shown(cell) for cell in cells.raw]
    return array


def _percent(basis_points: int) -> Decimal:
    """20 for 2000, 5.5 for 550."""
    return Decimal(basis_points) / 100
