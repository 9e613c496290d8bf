"""A sample month: rows, the PDFs they name, and what each row should come to.

Rule 1: the same rows, day, series and supplier give the same month, byte for byte; the day is handed in.
Rule 2: the first twenty rows tell a story with the faults that clerks know; every further row is good.
Rule 3: each row says what it expects, so that a rehearsal can tell whether the story went as written.
Rule 4: the supplier and all amounts are made up; the budgets are the shipped ones.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum, auto
from pathlib import Path

from chorus_xl.build import Content, Row, build_workbook
from chorus_xl.build.paper import Article, Paper, draw
from chorus_xl.data import load
from chorus_xl.domain.budgets import Budget, seed, siret_problem
from chorus_xl.domain.columns import CREDIT_NOTE, INVOICE, OUTSIDE_CONTRACT, SEVERAL_RATES, UNDER_CONTRACT
from chorus_xl.domain.findings import Verdict
from chorus_xl.domain.statuses import DepositState

SUPPLIER_SIRET = "00000000000018"
"""Fictitious; its key is sound."""

_FULL, _MIDDLE, _LOW = Decimal("0.2"), Decimal("0.1"), Decimal("0.055")
_SLIP = Decimal("0.03")
_DAYS = 26  # the oldest invoice is so old


class Flaw(Enum):
    """What is wrong with a row, on purpose."""

    NONE = auto()
    TOTAL_IS_OFF = auto()
    NO_PDF = auto()
    NUMBER_TOO_LONG = auto()
    FUTURE = auto()
    OTHER_SIRET_ON_PAPER = auto()
    NO_CONTRACT_NUMBER = auto()
    NO_ENGAGEMENT = auto()  # only the directory knows that one is demanded
    NUMBER_OF_ANOTHER = auto()


_DOUBTS = {Flaw.OTHER_SIRET_ON_PAPER, Flaw.NO_CONTRACT_NUMBER}
_HARMLESS = {Flaw.NONE, Flaw.NO_ENGAGEMENT, Flaw.NUMBER_OF_ANOTHER}  # the double is seen among all rows


@dataclass(frozen=True, slots=True)
class _Plan:
    """One row of the story; ``budget`` counts the shipped budgets in their order, ``other`` the story's rows from 1."""

    budget: int
    contract_scope: str
    articles: Sequence[Article]
    flaw: Flaw = Flaw.NONE
    corrects: int = 0
    other: int = 0
    attachment: bool = False


@dataclass(frozen=True, slots=True)
class _Month:
    """What all rows share."""

    rows: int
    today: date
    series: str
    supplier_siret: str
    budgets: Sequence[Budget]

    def number(self, index: int) -> str:
        """The number of the row at that place, counted from 0."""
        return f"{self.series}-{index + 1:04}"

    def day(self, index: int) -> date:
        """Its date: the month goes by from the first row to the last."""
        return self.today - timedelta(days=_DAYS - index * _DAYS // self.rows)


def _article(label: str, quantity: str, price: str, rate: Decimal = _FULL) -> Article:
    return Article(label, Decimal(quantity), Decimal(price), rate)


_UNDER, _OUTSIDE = UNDER_CONTRACT, OUTSIDE_CONTRACT
_PRINCIPAL, _WATER, _SEWERS, _WASTE, _TOWN, _CFA, _KITCHEN, _THIRD = range(8)
_STORY: Sequence[_Plan] = (
    _Plan(_PRINCIPAL, _UNDER, [_article("Ramettes de papier A4", "120", "4.35"), _article("Cartouches", "6", "71.90")]),
    _Plan(_PRINCIPAL, _OUTSIDE, [_article("Fauteuils de bureau", "4", "189.00")]),
    _Plan(_WATER, _OUTSIDE, [_article("Pose de compteur", "3", "145.20", _LOW)]),
    _Plan(_SEWERS, _UNDER, [_article("Entretien de réseau, forfait", "1", "2480.00", _MIDDLE)]),
    _Plan(_WASTE, _OUTSIDE, [_article("Bacs roulants 240 L", "25", "38.40")]),
    _Plan(_TOWN, _UNDER, [_article("Mobilier scolaire", "30", "64.75")]),
    _Plan(_TOWN, _OUTSIDE, [_article("Gerbes et décorations", "2", "95.00", _MIDDLE)], attachment=True),
    _Plan(_THIRD, _OUTSIDE, [_article("Maintenance d'imprimante", "1.5", "82.00")]),
    _Plan(_PRINCIPAL, _OUTSIDE, [_article("Livres", "14", "21.80", _LOW), _article("Étagère", "1", "139.00")]),
    _Plan(_PRINCIPAL, _UNDER, [_article("Reprise de cartouches", "1", "71.90")], corrects=1),
    _Plan(_WATER, _UNDER, [_article("Vannes DN 100", "8", "212.50")], Flaw.NO_ENGAGEMENT),
    _Plan(_CFA, _UNDER, [_article("Outillage d'atelier", "10", "45.60")]),
    _Plan(_KITCHEN, _UNDER, [_article("Bacs gastronormes", "40", "12.15")]),
    _Plan(_WASTE, _UNDER, [_article("Composteurs", "60", "31.25")], Flaw.TOTAL_IS_OFF),
    _Plan(_SEWERS, _OUTSIDE, [_article("Tampons de regard", "5", "158.00")], Flaw.NO_PDF),
    _Plan(_TOWN, _UNDER, [_article("Signalisation", "12", "47.30")], Flaw.NUMBER_TOO_LONG),
    _Plan(_THIRD, _OUTSIDE, [_article("Abonnement annuel", "1", "360.00")], Flaw.FUTURE),
    _Plan(_TOWN, _OUTSIDE, [_article("Petit matériel", "9", "18.90")], Flaw.OTHER_SIRET_ON_PAPER),
    _Plan(_PRINCIPAL, _UNDER, [_article("Écrans 24 pouces", "7", "134.00")], Flaw.NO_CONTRACT_NUMBER),
    _Plan(_WASTE, _OUTSIDE, [_article("Sacs de tri", "50", "6.20")], Flaw.NUMBER_OF_ANOTHER, other=5),
)


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One row with its paper and what should become of it.

    Attributes:
        values: the clerk's columns, by attribute.
        lines: its rows of ``tblLignes``.
        paper: what its PDF says; ``None`` when there is no such file.
        attachments: further files, by name.
        flaw: what is wrong with it, on purpose.
        expected_verdict: ``Contrôle`` after Remplir and Contrôler.
        expected_at_deposit: the same once the stand-in's directory was asked; what is not ``À corriger`` is deposited.
    """

    values: Row
    lines: Sequence[Row]
    paper: Paper | None
    attachments: Mapping[str, bytes]
    flaw: Flaw
    expected_verdict: Verdict
    expected_at_deposit: Verdict

    @property
    def ending(self) -> str:
        """``Contrôle`` and ``Dépôt`` after Déposer, as « Prête, Déposée »."""
        stays = self.expected_at_deposit is Verdict.CORRECT
        return f"{self.expected_at_deposit}, {DepositState.TO_DEPOSIT if stays else DepositState.DEPOSITED}"


@dataclass(frozen=True, slots=True)
class Sample:
    """A month of invoices."""

    rows: Sequence[SampleRow]
    supplier_siret: str

    @property
    def lines(self) -> list[Row]:
        """The rows of ``tblLignes``."""
        return [line for row in self.rows for line in row.lines]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The files that the rows name, one after the other: drawing one takes about 1.5 ms."""
        for row in self.rows:
            if row.paper is not None:
                yield str(row.values["pdf_file"]), draw(row.paper)
            yield from row.attachments.items()


def sample_month(rows: int, today: date, series: str = "", supplier_siret: str = SUPPLIER_SIRET) -> Sample:
    """A month of that many invoices, dated from 26 days before ``today`` on, numbered ``<series>-0001`` and so on.

    Without a ``series`` the year serves: ``F2026-0001``. More than 14 characters would make numbers too long.
    """
    month = _Month(rows, today, series or f"F{today.year}", supplier_siret, seed(load("budgets")))
    plans = [_STORY[index] if index < len(_STORY) else _good(index) for index in range(rows)]
    made = [_row(plan, index, month) for index, plan in enumerate(plans)]
    numbers = Counter(row.values["invoice_number"] for row in made)
    return Sample([_judged(row, alone=numbers[row.values["invoice_number"]] == 1) for row in made], supplier_siret)


def sample_folder(workbook_path: Path) -> Path:
    """Where the files of a sample month are: ``<stem>-pdf`` beside its workbook."""
    return workbook_path.with_name(f"{workbook_path.stem}-pdf")


def write_sample(workbook_path: Path, sample: Sample) -> None:
    """Write the month's workbook and its files."""
    folder = sample_folder(workbook_path)
    folder.mkdir(exist_ok=True)
    for name, content in sample.files():
        (folder / name).write_bytes(content)
    parameters = {"supplier_siret": sample.supplier_siret, "pdf_folder": folder.name}
    build_workbook(workbook_path, Content([row.values for row in sample.rows], sample.lines, parameters))


def _good(index: int) -> _Plan:
    """A row like any other, over the budgets whose SIRET is sound."""
    budget = (_PRINCIPAL, _WATER, _SEWERS, _WASTE, _TOWN, _THIRD)[index % 6]
    price = str(Decimal(900 + index * 37 % 20_000) / 100)
    return _Plan(budget, (_UNDER, _OUTSIDE)[index % 2], [_article("Fournitures", str(1 + index % 40), price)])


def _row(plan: _Plan, index: int, month: _Month) -> SampleRow:
    budget, number, scope = month.budgets[plan.budget], month.number(index), plan.contract_scope
    issued_on = month.day(index)
    match plan.flaw:
        case Flaw.NUMBER_TOO_LONG:
            number = f"{number}-SIGNALISATION"
        case Flaw.FUTURE:
            issued_on = month.today + timedelta(days=10)
        case _:
            pass
    paper = Paper(
        title=CREDIT_NOTE if plan.corrects else INVOICE,
        number=number,
        issued_on=issued_on,
        supplier_siret=month.supplier_siret,
        recipient=budget.label,
        recipient_siret=budget.siret,
        service_code=budget.service(scope),
        engagement_number="" if plan.flaw is Flaw.NO_ENGAGEMENT else str(4_500_010_000 + index),
        contract_number=f"{month.today.year}M{1 + plan.budget:03}" if scope == UNDER_CONTRACT else "",
        original_invoice_number=month.number(plan.corrects - 1) if plan.corrects else "",
        articles=plan.articles,
    )
    slip = f"bon-livraison-{index + 1:04}.txt"
    attachments = {slip: f"Bon de livraison, facture {number}\n".encode()} if plan.attachment else {}
    verdict = _expected(plan, budget)
    row = SampleRow(
        values=_values(paper, budget, plan, list(attachments)),
        lines=_lines(paper) if _rate(plan.articles) == SEVERAL_RATES else (),
        paper=paper,
        attachments=attachments,
        flaw=plan.flaw,
        expected_verdict=verdict,
        expected_at_deposit=Verdict.CORRECT if plan.flaw is Flaw.NO_ENGAGEMENT else verdict,
    )
    return _with_flaw(row, paper, plan, month)


def _with_flaw(row: SampleRow, paper: Paper, plan: _Plan, month: _Month) -> SampleRow:
    """The row, or its paper, with what is wrong between the two on purpose."""
    match plan.flaw:
        case Flaw.TOTAL_IS_OFF:
            total = paper.base + paper.vat + _SLIP
            return replace(row, values={**row.values, "total_with_vat": total})
        case Flaw.NO_PDF:
            return replace(row, paper=None)
        case Flaw.OTHER_SIRET_ON_PAPER:
            other = month.budgets[_PRINCIPAL]
            return replace(row, paper=replace(paper, recipient=other.label, recipient_siret=other.siret))
        case Flaw.NO_CONTRACT_NUMBER:
            return replace(row, values={**row.values, "contract_number": None})
        case Flaw.NUMBER_OF_ANOTHER:
            return replace(row, values={**row.values, "invoice_number": month.number(plan.other - 1)})
        case _:
            return row


def _judged(row: SampleRow, *, alone: bool) -> SampleRow:
    """Two rows under one number are both wrong: which one is not for the program to say."""
    return row if alone else replace(row, expected_verdict=Verdict.CORRECT, expected_at_deposit=Verdict.CORRECT)


def _values(paper: Paper, budget: Budget, plan: _Plan, attachments: Sequence[str]) -> Row:
    return {
        "budget": budget.label,
        "contract_scope": plan.contract_scope,
        "invoice_number": paper.number,
        "issue_date": paper.issued_on,
        "invoice_type": paper.title,
        "total_without_vat": paper.base,
        "vat_rate": _rate(paper.articles),
        "total_vat": paper.vat,
        "total_with_vat": paper.base + paper.vat,
        "engagement_number": paper.engagement_number or None,
        "contract_number": paper.contract_number or None,
        "pdf_file": f"{paper.number}.pdf",
        "attachments": " ; ".join(attachments) or None,
        "original_invoice_number": paper.original_invoice_number or None,
    }


def _lines(paper: Paper) -> list[Row]:
    return [
        {
            "invoice_number": paper.number,
            "label": article.label,
            "quantity": article.quantity,
            "unit_price": article.unit_price,
            "total_without_vat": article.base,
            "vat_rate": article.vat_rate,
            "total_vat": article.vat,
        }
        for article in paper.articles
    ]


def _rate(articles: Sequence[Article]) -> Decimal | str:
    rates = {article.vat_rate for article in articles}
    return rates.pop() if len(rates) == 1 else SEVERAL_RATES


def _expected(plan: _Plan, budget: Budget) -> Verdict:
    if siret_problem(budget.siret) is not None:
        return Verdict.CORRECT
    if plan.flaw in _DOUBTS:
        return Verdict.CHECK
    return Verdict.READY if plan.flaw in _HARMLESS else Verdict.CORRECT
