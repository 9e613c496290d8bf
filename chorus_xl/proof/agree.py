"""Does every page of a proof say what its pack says? The pack was told again from the journal's lines.

Rule 1: what a page holds is compared cell by cell, as text. What is worded for people (``contents.WORDS``, leaflet,
        cover) is compared only with the words of the same program and version: another may word it otherwise.
Rule 2: of any cover the words are looked for that nobody may change: whose it is, of which platform and of no other,
        the head, the totals, on its first page, and each amount; of any leaflet the platform and the head.
Rule 3: a page that cannot be read disagrees; one that is not there was told before.
"""

import io
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.proof import Pack
from chorus_xl.domain.texts import euros
from chorus_xl.messages import proof_pages as pages
from chorus_xl.messages.counted import counted
from chorus_xl.proof import contents
from chorus_xl.proof.files import leaflet
from chorus_xl.proof.reading import Files
from chorus_xl.proof.sheet import held
from chorus_xl.proof.texts import Cell, plain, read_csv, read_json

Disagreement = tuple[str, str]
"""A file, and what of it disagrees."""


def disagreements(pack: Pack, manifest: Mapping[str, Any], files: Files, *, exact: bool) -> Iterator[Disagreement]:
    """Every page that says otherwise, and where; ``exact`` when this very program made the proof."""
    free = frozenset() if exact else contents.WORDS
    form = manifest["format"]
    told = json.loads(json.dumps(contents.totals_document(pack, form)))
    for name in sorted(told.keys() | manifest.keys()):
        if told.get(name) != manifest.get(name):
            yield contents.TOTALS, f"« {name} »"
    heads, index = contents.index_heads(form), list(contents.index_rows(pack.cases, pack.labels, form))
    yield from _table(files, contents.INDEX_CSV, heads, index, free)
    yield from _index_workbook(files, heads, index, free)
    journal = [dict(zip(pages.JOURNAL, row, strict=True)) for row in contents.journal_rows(pack.cases)]
    yield from _table(files, contents.JOURNAL_CSV, pages.JOURNAL, journal, free)
    for case in pack.cases:
        history = list(contents.history_rows(case, pack.labels))
        yield from _table(files, f"{case.folder}/{contents.HISTORY}", pages.HISTORY, history, free)
        document = f"{case.folder}/{contents.DEPOSIT}"
        if document in files.hashes and _json(files, document) != json.loads(
            json.dumps(contents.deposit_document(case))
        ):
            yield document, f"facture {case.number}"
    yield from _leaflet(files, pack, exact=exact)
    yield from _cover(files, pack, exact=exact)


def _table(
    files: Files, name: str, headers: Mapping[str, str], expected: Sequence[Mapping[str, Cell]], free: AbstractSet[str]
) -> Iterator[Disagreement]:
    content = files.read(name)
    if content is None:
        return
    try:
        rows = read_csv(content)
    except ValueError:
        rows = []
    wanted = [[plain(row[column]) for column in headers] for row in expected]
    yield from _rows(name, headers, rows, wanted, free)


def _rows(
    name: str,
    headers: Mapping[str, str],
    found: Sequence[Sequence[str]],
    wanted: Sequence[Sequence[str]],
    free: AbstractSet[str],
) -> Iterator[Disagreement]:
    """Where a table with its header says something else."""
    if not found or list(found[0]) != list(headers.values()):
        yield name, "ses colonnes ne sont pas les siennes"
        return
    if len(found) - 1 != len(wanted):
        yield name, f"il a {counted(len(found) - 1, 'ligne|lignes')}, il en faudrait {len(wanted)}"
        return
    for place, (row, right) in enumerate(zip(found[1:], wanted, strict=True), start=2):
        cells = zip(headers.items(), row, right, strict=False)
        wrong = [words for (column, words), cell, its in cells if cell != its and column not in free]
        if wrong or len(row) != len(right):
            yield name, f"ligne {place}, {', '.join(f'« {words} »' for words in wrong)}"


def _index_workbook(
    files: Files, heads: Mapping[str, str], index: Sequence[Mapping[str, Cell]], free: AbstractSet[str]
) -> Iterator[Disagreement]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only a proof with an index pays

    content = files.read(contents.INDEX_XLSX)
    if content is None:
        return
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = workbook.get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError):
        yield contents.INDEX_XLSX, "ce n'est pas un classeur"
        return
    if len(workbook.sheet_names) > 1:
        yield contents.INDEX_XLSX, f"il a {len(workbook.sheet_names)} feuilles, il en faudrait 1"
    found = [[_shown(cell) for cell in row] for row in rows]
    wanted = [[_shown(row[column]) for column in heads] for row in index]
    yield from _rows(contents.INDEX_XLSX, heads, found, wanted, free)


def _shown(cell: object) -> str:
    """A cell of the index as both a spreadsheet and we say it."""
    match cell:
        case bool() | None:
            return ""
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M:%S}"
        case date():
            return f"{cell:%Y-%m-%d} 00:00:00"
        case Decimal() | float() | int():
            return f"{cell:.2f}"
        case _:
            return held(str(cell)).replace("\r\n", "\n")


def _json(files: Files, name: str) -> object:
    try:
        return read_json(files.read(name) or b"")
    except ValueError:
        return None


def _leaflet(files: Files, pack: Pack, *, exact: bool) -> Iterator[Disagreement]:
    content = files.read(contents.LEAFLET)
    if content is None:
        return
    if pack.head[1].encode() not in content:
        yield contents.LEAFLET, "la tête du journal"
    elif not _names_its_platform(pack, content.decode("utf-8", "replace"), ""):
        yield contents.LEAFLET, "la plateforme"
    elif exact and content != leaflet(pack, len({copy.path for case in pack.cases for copy in case.copies} - {""})):
        yield contents.LEAFLET, "ce n'est pas le texte de ce programme"


def _cover(files: Files, pack: Pack, *, exact: bool) -> Iterator[Disagreement]:
    content = files.read(contents.COVER)
    if content is None:
        return
    printed = _pages_of(content)
    first, whole = "".join(printed[:1]), "".join(printed)
    sums = contents.totals_of(pack)
    equations = pages.equations(sums, is_of_an_older_proof=pack.off_sheet is None)
    wanted = [("le fournisseur", pack.supplier_siret, first), ("la tête du journal", pack.head[1], first)]
    wanted += [("les totaux", words, first) for equation in equations for words in equation]
    wanted += [(f"le montant de la facture {case.number}", euros(case.cents), whole) for case in pack.cases]
    if not _names_its_platform(pack, first, _squeezed(pages.FACTS["environment"])):
        yield contents.COVER, "la plateforme"
    wrong = dict.fromkeys(what for what, words, where in wanted if _squeezed(words) not in where)
    yield from ((contents.COVER, what) for what in wrong)
    if exact and not wrong:
        from chorus_xl.proof.cover import draw  # noqa: PLC0415 - only a proof with a cover pays

        ours = _pages_of(draw(pack))
        if len(printed) != len(ours):
            yield contents.COVER, f"elle a {counted(len(printed), 'page|pages')}, il en faudrait {len(ours)}"
        elif printed != ours:
            places = [place for place, (its, our) in enumerate(zip(printed, ours, strict=True), 1) if its != our]
            yield contents.COVER, f"ses mots, page {places[0]}"


def _names_its_platform(pack: Pack, text: str, after: str) -> bool:
    """Whether the text names the platform in capitals, and no other one, after these words.

    Elsewhere on a cover they may stand for something else: a PC is called PRODUCTION01, a file QUALIFICATION.pdf.
    """
    named = {one for one in Environment if f"{after}{one.label.upper()}" in text}
    return named == {pack.environment}


def _squeezed(text: str) -> str:
    """Without what a reader of PDF may put between words."""
    return "".join(character for character in text if not character.isspace() and character != "\u20ac")


def _pages_of(content: bytes) -> list[str]:
    """The words of each page, squeezed; no page of what is no PDF."""
    from pypdf import PdfReader  # noqa: PLC0415 - only a proof with a cover pays

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # the finding says what there is to say
    try:
        return [_squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]
    except Exception:  # noqa: BLE001 - pypdf raises what it meets; a cover without its words disagrees
        return []
