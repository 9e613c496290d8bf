"""``00-Couverture.pdf``: the page that is read first, and perhaps alone, and the list of invoices behind it.

Rule 1: no font file: the fonts are those every reader has, and hold what Windows' western code page holds. Of any other
        character its plain letter is shown, else its number, never a blank.
Rule 2: no clock: the page bears the moment at which the proof was made.
Rule 3: red is never alone: what does not hold says so in words.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from chorus_xl.domain.columns import INVOICES
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.proof import Case, Pack, Period, Sum
from chorus_xl.domain.texts import euros
from chorus_xl.messages import proof_pages as pages
from chorus_xl.messages.counted import fill
from chorus_xl.proof import contents
from chorus_xl.proof.texts import plain

_PARIS = ZoneInfo("Europe/Paris")
_ENCODING = "cp1252"
_LEFT, _WIDTH = 18, 174  # millimetres, as all lengths here
_BLUE, _GREY, _RED, _AMBER = (31, 78, 121), (90, 90, 90), (170, 20, 20), (255, 217, 102)
_MOST_TOLD = 8  # lines of what is to be reported: the cover stays one page
_COLUMNS = ((36, "L"), (18, "L"), (28, "L"), (25, "R"), (22, "L"), (28, "L"), (50, "L"), (38, "L"))
_GAP = 2


class _Paper(FPDF):
    """Pages with their number at the foot."""

    siret = ""

    def footer(self) -> None:
        """Who, what, and which page of how many."""
        self.set_y(-12)
        self.set_font("Helvetica", "", 8)
        self.set_text_color(*_GREY)
        words = pages.PAGE.format(title=pages.TITLE, siret=self.siret, page=self.page_no())
        self.cell(0, 5, words, align="C")
        self.set_text_color(0)


def draw(pack: Pack) -> bytes:
    """The cover, and the list of invoices."""
    pdf = _Paper()
    pdf.core_fonts_encoding = "windows-1252"
    pdf.set_creation_date(pack.made_at)
    pdf.set_title(f"{pages.TITLE} {pack.supplier_siret}")
    pdf.set_author(pack.program)
    pdf.set_lang("fr-FR")
    pdf.set_margins(_LEFT, 16)
    pdf.set_auto_page_break(auto=True, margin=18)
    pdf.siret = spaced(pack.supplier_siret)
    pdf.add_page()
    _head(pdf, pack)
    _facts(pdf, pack)
    _totals(pdf, pack)
    _attention(pdf, pack)
    _checking(pdf)
    _list(pdf, pack)
    return bytes(pdf.output())


def printable(text: str) -> str:
    r"""The text in the characters that the page's fonts have.

    >>> printable("Été à 5 €"), printable("Łódź"), printable("\u2713 \U0001f600"), printable("a\nb")
    ('Été à 5 €', '[U+0141]ódz', '[U+2713] [U+1F600]', 'a b')
    """
    return "".join(map(_printable, text))


def _printable(character: str) -> str:
    if character.isspace() or unicodedata.category(character) == "Cc":
        return " "
    for candidate in (character, unicodedata.normalize("NFKD", character)[:1]):
        try:
            candidate.encode(_ENCODING)
        except UnicodeEncodeError:
            continue
        return candidate
    return f"[U+{ord(character):04X}]"


def spaced(siret: str) -> str:
    """A SIRET as people print it."""
    return " ".join(part for part in (siret[:3], siret[3:6], siret[6:9], siret[9:]) if part)


def scope(period: Period) -> str:
    """Which invoices, in words."""
    if period.is_of_the_journal:
        key = "period" if period.since and period.until else "since" if period.since else "until"
        return pages.SCOPES[key].format(since=plain(period.since), until=plain(period.until))
    return fill(pages.SCOPES["numbers" if period.numbers else "sheet"], count=len(period.numbers))


def _head(pdf: FPDF, pack: Pack) -> None:
    pdf.set_text_color(*_BLUE)
    _line(pdf, pages.TITLE, style="B", size=24, height=11)
    pdf.set_text_color(*_GREY)
    _line(pdf, pages.SUBTITLE, size=12, height=6)
    pdf.set_text_color(0)
    pdf.ln(2)
    if pack.environment is not Environment.PRODUCTION:
        pdf.set_fill_color(*_AMBER)
        _line(pdf, pages.BANNERS[pack.environment.value], style="B", size=10, height=9, fill=True)
        pdf.ln(2)


def _facts(pdf: FPDF, pack: Pack) -> None:
    heard, (sequence, head) = pack.statuses_read_at, pack.head
    statuses = pages.STATUSES.format(moment=_moment(contents.in_paris(heard))) if heard else pages.NO_STATUS
    present = sum(1 for case in pack.cases for copy in case.copies if copy.path)
    values = {
        "supplier": spaced(pack.supplier_siret),
        "environment": pack.environment.label.upper(),
        "scope": scope(pack.period),
        "made": _moment(pack.made_at.astimezone(_PARIS)),
        "by": f"{pack.made_by} ({pack.machine})",
        "program": pack.program,
        "statuses": statuses,
        "files": fill(pages.FILES, count=present, missing=len(pack.missing)),
        "head": pages.HEAD.format(sequence=sequence),
    }
    for name, words in pages.FACTS.items():
        pdf.set_text_color(*_GREY)
        pdf.set_font("Helvetica", "", 9.5)
        pdf.cell(40, 5.2, words)
        pdf.set_text_color(0)
        pdf.set_font("Helvetica", "B" if name in ("supplier", "environment") else "", 9.5)
        _fit(pdf, values[name], _WIDTH - 40, 5.2)
        pdf.ln()
    pdf.set_font("Courier", "B", 10)
    pdf.cell(_WIDTH, 5.5, head, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(3)


def _totals(pdf: FPDF, pack: Pack) -> None:
    sums = contents.totals_of(pack)
    _title(pdf, "Totaux de contrôle")
    pdf.set_draw_color(200)
    for name, words in pages.SUMS.items():
        value: Sum | None = getattr(sums, name)
        is_of_a_sheet, is_rare = name == "unpresented", name == "contradicted"
        if value is None or (is_of_a_sheet and sums.sheet is None) or (is_rare and not value.count):
            continue
        is_total = name in ("sheet", "prepared", "sent")
        pdf.set_font("Helvetica", "B" if is_total else "", 10)
        pdf.cell(106, 6, ("" if is_total else "     ") + words, border="B")
        pdf.cell(24, 6, str(value.count), border="B", align="R")
        pdf.cell(44, 6, euros(value.cents), border="B", align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(1.5)
    pdf.set_text_color(*(0, 0, 0) if sums.hold else _RED)
    _line(pdf, pages.HOLDS if sums.hold else pages.FAILS, style="B", size=10 if sums.hold else 11)
    pdf.set_font("Helvetica", "", 8.5)
    for numbers, amounts in pages.equations(sums, is_of_an_older_proof=pack.off_sheet is None):
        pdf.set_text_color(*_RED if pages.INSTEAD_OF in numbers + amounts else (0, 0, 0))
        pdf.cell(96, 4.6, numbers)
        pdf.cell(78, 4.6, amounts, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_text_color(0)
    pdf.ln(2)


def _attention(pdf: FPDF, pack: Pack) -> None:
    _title(pdf, pages.ATTENTION)
    told = to_report(pack)
    for words in told[:_MOST_TOLD] or [pages.NOTHING_TO_REPORT]:
        pdf.set_font("Helvetica", "", 9)
        pdf.multi_cell(_WIDTH, 4.6, printable(words)[:300], new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
    if len(told) > _MOST_TOLD:
        _line(pdf, fill(pages.MORE, count=len(told) - _MOST_TOLD), style="B", size=9)
    pdf.ln(2)


def to_report(pack: Pack) -> list[str]:
    """What is not there or does not agree, a sentence each."""
    told = [
        pages.MISSING.format(file=copy.name or "?", number=number, hash=copy.sha256[:16] or pages.UNHASHED)
        for number, copy in pack.missing
    ]
    told += [
        pages.DIFFERS.format(
            number=each.number,
            now=pages.shown(each.column, each.now),
            deposited=pages.shown(each.column, each.deposited),
            column=INVOICES.column(each.column).header,
        )
        for each in pack.differences
    ]
    if pack.unpresented:
        told.append(pages.UNPRESENTED.format(numbers=", ".join(number for number, _ in pack.unpresented)))
    if pack.off_sheet:
        told.append(pages.OFF_SHEET.format(numbers=", ".join(pack.off_sheet)))
    return told


def _checking(pdf: FPDF) -> None:
    _title(pdf, pages.CHECKING)
    for words in pages.CHECKS:
        pdf.set_font("Helvetica", "", 9)
        pdf.multi_cell(_WIDTH, 4.6, words, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")


def _list(pdf: FPDF, pack: Pack) -> None:
    pdf.add_page(orientation="landscape")
    pdf.set_text_color(*_BLUE)
    _line(pdf, pages.LIST, style="B", size=16, height=9)
    _list_head(pdf)
    for case in pack.cases:
        if pdf.will_page_break(6):
            pdf.add_page(orientation="landscape")
            _list_head(pdf)
        pdf.set_font("Helvetica", "", 8.5)
        for text, (width, align) in zip(_cells(case, pack), _COLUMNS, strict=True):
            _fit(pdf, text, width, 6, align=align, border="B")
            pdf.cell(_GAP, 6, border="B")
        pdf.ln()


def _list_head(pdf: FPDF) -> None:
    pdf.set_fill_color(*_BLUE)
    pdf.set_text_color(255)
    pdf.set_font("Helvetica", "B", 8.5)
    for words, (width, align) in zip(pages.COVER_COLUMNS, _COLUMNS, strict=True):
        pdf.cell(width + _GAP, 7, f"{words}   " if align == "R" else words, align=align, fill=True)
    pdf.ln()
    pdf.set_text_color(0)
    pdf.set_draw_color(200)


def _cells(case: Case, pack: Pack) -> Sequence[str]:
    [row] = contents.index_rows([case], pack.labels)
    main = case.copies[0] if case.copies else None
    short = f"{main.sha256[:16]}..." if main and main.sha256 else "-"
    return (
        case.number,
        plain(row["issue_date"]),
        plain(row["recipient_siret"]),
        euros(case.cents),
        plain(row["ending"]),
        plain(row["chorus_invoice_id"]),
        plain(row["status_label"]),
        short if main and main.path else f"{pages.ABSENT} {short}",
    )


def _title(pdf: FPDF, words: str) -> None:
    pdf.set_text_color(*_BLUE)
    _line(pdf, words, style="B", size=12, height=7)
    pdf.set_text_color(0)


def _line(pdf: FPDF, text: str, *, style: str = "", size: float = 10, height: float = 5.5, fill: bool = False) -> None:
    pdf.set_font("Helvetica", style, size)
    pdf.cell(0, height, printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT, fill=fill)


def _fit(pdf: FPDF, text: str, width: float, height: float, *, align: str = "L", border: str = "") -> None:
    """One cell; a text that is too long for it is cut, and shows that."""
    shown = printable(text[:200])
    if pdf.get_string_width(shown) > width - 2.2:
        while shown and pdf.get_string_width(f"{shown}...") > width - 2.2:
            shown = shown[:-1]
        shown += "..."
    pdf.cell(width, height, shown, align=align, border=border or 0)


def _moment(moment: datetime | None) -> str:
    return f"{moment:%d/%m/%Y à %H:%M}" if moment else ""
