"""The sample invoices on paper: modest PDFs with a text layer, the same bytes every time.

Rule 1: what is printed comes from a ``Paper``, which may differ from the row on purpose.
Rule 2: no clock and no font file: the creation date is the invoice's, the fonts are those every reader has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from fpdf import FPDF
from fpdf.enums import XPos, YPos

SUPPLIER = "Fournitures Exemple SARL"
_LEFT, _RIGHT = 20, 190  # millimetres
_COLUMNS = ((90, "L"), (20, "R"), (30, "R"), (30, "R"))


@dataclass(frozen=True, slots=True)
class Article:
    """One line of an invoice."""

    label: str
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal  # 0.2 is 20 %

    @property
    def base(self) -> Decimal:
        """Without VAT, to the cent."""
        return _cents(self.quantity * self.unit_price)

    @property
    def vat(self) -> Decimal:
        """VAT, to the cent."""
        return _cents(self.base * self.vat_rate)


@dataclass(frozen=True, slots=True)
class Paper:
    """What one PDF says."""

    title: str  # « Facture » or « Avoir »
    number: str
    issued_on: date
    supplier_siret: str
    recipient: str
    recipient_siret: str
    service_code: str
    engagement_number: str
    contract_number: str
    original_invoice_number: str
    articles: Sequence[Article]

    @property
    def base(self) -> Decimal:
        """Total without VAT."""
        return sum((article.base for article in self.articles), Decimal(0))

    @property
    def vat(self) -> Decimal:
        """Total VAT."""
        return sum((article.vat for article in self.articles), Decimal(0))


def draw(paper: Paper) -> bytes:
    """The invoice as a PDF of one page."""
    pdf = FPDF()
    pdf.core_fonts_encoding = "windows-1252"
    pdf.set_creation_date(datetime.combine(paper.issued_on, time(8), UTC))
    pdf.set_title(f"{paper.title} {paper.number}")
    pdf.set_author(SUPPLIER)
    pdf.set_margins(_LEFT, 20)
    pdf.add_page()
    _write(pdf, SUPPLIER, style="B", size=14, height=7)
    for text in (
        "12 rue de l'Exemple, 90000 Belfort",
        f"SIRET : {spaced(paper.supplier_siret)}",
        "SARL au capital de 10 000 €, document d'exemple sans valeur",
    ):
        _write(pdf, text)
    pdf.ln(8)
    _write(pdf, f"{paper.title} n° {paper.number}", style="B", size=16, height=9)
    _write(pdf, f"Date : {paper.issued_on:%d/%m/%Y}")
    pdf.ln(4)
    _write(pdf, "Destinataire", style="B")
    facts = (
        ("", paper.recipient),
        ("SIRET : ", spaced(paper.recipient_siret)),
        ("Code service : ", paper.service_code),
        ("Engagement n° : ", paper.engagement_number),
        ("Marché n° : ", paper.contract_number),
        ("Corrige la facture ", paper.original_invoice_number),
    )
    for label, value in facts:
        if value:
            _write(pdf, f"{label}{value}")
    pdf.ln(6)
    _write_articles(pdf, paper.articles)
    for label, amount in (("Total HT", paper.base), ("Total TVA", paper.vat)):
        _write(pdf, f"{label} : {_euros(amount)} €", align="R")
    _write(pdf, f"Total TTC : {_euros(paper.base + paper.vat)} €", style="B", size=12, height=7, align="R")
    pdf.ln(10)
    _write(pdf, "Paiement à 30 jours par virement. Facture déposée sur Chorus Pro.")
    return bytes(pdf.output())


def spaced(siret: str) -> str:
    """A SIRET as people print it."""
    return f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"


def _write(pdf: FPDF, text: str, *, style: str = "", size: int = 10, height: float = 5.5, align: str = "L") -> None:
    pdf.set_font("Helvetica", style, size)
    pdf.cell(_RIGHT - _LEFT, height, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _write_articles(pdf: FPDF, articles: Sequence[Article]) -> None:
    pdf.set_fill_color(31, 78, 121)
    pdf.set_text_color(255)
    _write_row(pdf, ("Désignation", "Qté", "Prix HT", "Montant HT"), style="B", fill=True)
    pdf.set_text_color(0)
    for article in articles:
        label = f"{article.label} (TVA {_percent(article.vat_rate)})"
        amounts = (_euros(article.unit_price), _euros(article.base))
        _write_row(pdf, (label, f"{article.quantity:f}".replace(".", ","), *amounts))
    pdf.ln(3)


def _write_row(pdf: FPDF, cells: Sequence[str], *, style: str = "", fill: bool = False) -> None:
    pdf.set_font("Helvetica", style, 10)
    for text, (width, align) in zip(cells, _COLUMNS, strict=True):
        pdf.cell(width, 7, text, border="B", align=align, fill=fill)
    pdf.ln()


def _euros(amount: Decimal) -> str:
    return f"{amount:,.2f}".replace(",", " ").replace(".", ",")


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f} %".replace(".", ",")


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
