"""The files of a proof but those that were sent: each one's bytes, and the list of all hashes.

Rule 1: ``SHA256SUMS`` is what ``sha256sum -c`` reads: a hash, two spaces, a path, an end of line without return.
Rule 2: every path is plain ASCII, so that no system spells it otherwise.
"""

from collections.abc import Iterator, Mapping

from chorus_xl.domain.proof import Pack
from chorus_xl.messages import proof_pages as pages
from chorus_xl.proof import contents
from chorus_xl.proof.texts import Cell, csv_bytes, encoded, plain

_BESIDE = 8  # files that every proof has, ``SHA256SUMS`` left out
_OF_AN_INVOICE = 2


def files_of(pack: Pack, documents: int) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every file that says something of the others; ``documents`` is how many were added already."""
    from chorus_xl.proof.cover import draw  # noqa: PLC0415 - fpdf2 is for who makes a proof, not for who checks one
    from chorus_xl.proof.sheet import index_workbook  # noqa: PLC0415 - so is xlsxwriter

    for case in pack.cases:
        yield f"{case.folder}/{contents.DEPOSIT}", encoded(contents.as_json(contents.deposit_document(case)))
        history = list(contents.history_rows(case, pack.labels))
        yield f"{case.folder}/{contents.HISTORY}", _table(pages.HISTORY, history)
    index = list(contents.index_rows(pack.cases, pack.labels))
    yield contents.INDEX_CSV, _table(contents.index_heads(), index)
    yield contents.INDEX_XLSX, index_workbook(contents.index_heads(), index, pack.made_at)
    yield contents.JOURNAL_CSV, csv_bytes(list(pages.JOURNAL.values()), contents.journal_rows(pack.cases))
    yield contents.JOURNAL_LINES, encoded("".join(f"{line}\n" for line in contents.lines_text(pack.cases)))
    yield contents.CHAIN, csv_bytes(pages.CHAIN, contents.chain_rows(pack.chain))
    yield contents.TOTALS, encoded(contents.as_json(contents.totals_document(pack)))
    yield contents.COVER, draw(pack)
    yield contents.LEAFLET, leaflet(pack, documents)


def sums_of(hashes: Mapping[str, str]) -> bytes:
    """``SHA256SUMS``."""
    return "".join(f"{sha256}  {path}\n" for path, sha256 in sorted(hashes.items())).encode("ascii")


def _table(headers: Mapping[str, str], rows: list[dict[str, Cell]]) -> bytes:
    return csv_bytes(list(headers.values()), ([row[name] for name in headers] for row in rows))


def leaflet(pack: Pack, documents: int) -> bytes:
    """``LISEZMOI.txt``, for Notepad too: a byte order mark and its ends of lines; ``documents`` as above."""
    words = pages.LEAFLET.format(
        supplier=pack.supplier_siret,
        environment=pack.environment.label.upper(),
        made=plain(contents.in_paris(pack.made_at.isoformat())),
        count=documents + _OF_AN_INVOICE * len(pack.cases) + _BESIDE,
        head=pack.head[1],
    )
    return encoded("\ufeff" + words.replace("\n", "\r\n"))
