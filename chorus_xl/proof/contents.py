"""What each file of a proof says, as data: derived from the pack when it is made, and again when it is checked.

Rule 1: the names of files, heads of columns and members below are the format; changing one raises ``FORMAT``. A proof
        of an older format is checked as it was written.
Rule 2: what may be worded otherwise by a later program (``WORDS``) is written for people and is never compared.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from chorus_xl.domain.acts import read_occasion
from chorus_xl.domain.canonical import canonical, parse
from chorus_xl.domain.proof import Case, Line, Link, Pack, Sum, Totals, heard_at, totals
from chorus_xl.domain.records import ActRecord
from chorus_xl.messages import proof_pages as pages
from chorus_xl.messages.words import ACTS, EVENTS
from chorus_xl.proof.texts import Cell, plain

FORMAT = 2
_SINCE = {"first_recipient": 2, "acts": 2, "pdf_size": 2, "other_sizes": 2}
"""The columns of the index that the first format did not have. It named the first recipient alone."""

COVER, LEAFLET, SUMS = "00-Couverture.pdf", "LISEZMOI.txt", "SHA256SUMS"
INDEX_CSV, INDEX_XLSX, TOTALS = "index.csv", "index.xlsx", "totaux.json"
JOURNAL_CSV, JOURNAL_LINES, CHAIN = "journal.csv", "journal.jsonl", "chaine.csv"
DEPOSIT, HISTORY = "depot.json", "historique.csv"

WORDS = frozenset({"status_label", "event_label", "acts"})

_PARIS = ZoneInfo("Europe/Paris")
_WITH_A_STATUS = frozenset({"accept", "find", "status", "passage"})


def index_heads(form: int = FORMAT) -> dict[str, str]:
    """The heads of the index, in their order, by the names of its cells."""
    return {name: words for name, words in pages.INDEX.items() if _SINCE.get(name, 1) <= form}


def index_rows(cases: Iterable[Case], labels: Mapping[str, str], form: int = FORMAT) -> Iterator[dict[str, Cell]]:
    """The index, an invoice a row, by the keys of ``pages.INDEX``."""
    for case in cases:
        said, record, main, others = case.said, case.record, case.copies[:1], case.copies[1:]
        where, sizes = said if form < _SINCE["first_recipient"] else case.sent, case.sizes
        status = record.chorus_status or record.details.get("chorus_status", "")
        yield {
            "invoice_number": case.number,
            "issue_date": _day(said.get("issue_date", "")),
            "invoice_type": said.get("invoice_type", ""),
            "recipient_siret": where.get("recipient_siret", ""),
            "service_code": where.get("service_code", ""),
            "engagement_number": where.get("engagement_number", ""),
            "first_recipient": ", ".join(case.left.values()),
            "acts": "\n".join(_told(act) for act in case.acts),
            "total_with_vat": Decimal(case.cents).scaleb(-2),
            "ending": pages.ENDINGS[case.ending],
            "chorus_invoice_id": record.details.get("chorus_invoice_id", ""),
            "deposited_on": _day(record.details.get("deposited_on", "")),
            "chorus_status": status,
            "status_label": labels.get(status, status),
            "status_since": record.status_since.replace(microsecond=0) if record.status_since else None,
            "heard_at": in_paris(heard_at(case)),
            "status_comment": record.status_comment,
            "pdf_name": "".join(copy.name for copy in main),
            "pdf_sha256": "".join(copy.sha256 for copy in main),
            "pdf_size": sizes.get(main[0].sha256) if main else None,
            "pdf_path": "".join(copy.path or pages.ABSENT for copy in main),
            "other_files": "\n".join(f"{copy.path or f'{pages.ABSENT} {copy.name}'} {copy.sha256}" for copy in others),
            "other_sizes": "\n".join(str(sizes.get(copy.sha256, pages.UNSIZED)) for copy in others),
            "folder": case.folder,
            "journal_lines": ", ".join(str(line["sequence"]) for line in case.lines),
        }


def history_rows(case: Case, labels: Mapping[str, str]) -> Iterator[dict[str, Cell]]:
    """What the platform said of an invoice, and when it was heard, by the keys of ``pages.HISTORY``."""
    for line in case.lines:
        details = parse(str(line["payload"]))
        status = details.get("chorus_status", "")
        if line["event"] not in _WITH_A_STATUS or not status:
            continue
        since = details.get("status_since", "")
        yield {
            "sequence": line["sequence"],
            "event": str(line["event"]),
            "event_label": EVENTS.get(str(line["event"]), str(line["event"])),
            "at": str(line["at"]),
            "at_paris": in_paris(str(line["at"])),
            "status_since": datetime.fromisoformat(since).replace(microsecond=0) if since else None,
            "chorus_status": status,
            "status_label": labels.get(status, status),
            "comment": details.get("comment", ""),
            "by": details.get("by", ""),
            "user": str(line["user"]),
            "machine": str(line["machine"]),
        }


def deposit_document(case: Case) -> dict[str, object]:
    """The life of one deposit, with both sides of each call, for ``depot.json``."""
    return {
        "invoice_number": case.number,
        "ending": case.ending.value,
        "files": [asdict(copy) for copy in case.copies],
        "lines": [
            {
                **{name: value for name, value in line.items() if name != "payload"},
                "details": {name: _readable(name, text) for name, text in parse(str(line["payload"])).items()},
            }
            for line in case.lines
        ],
    }


def totals_document(pack: Pack, form: int = FORMAT) -> dict[str, object]:
    """What a computer reads of the cover, for ``totaux.json``."""
    sums = totals_of(pack)
    sequence, head = pack.head
    batches: dict[str, object] = {}
    if pack.off_sheet is not None:
        batches = {"batches": sorted(pack.batches), "off_sheet": list(pack.off_sheet)}
    return {
        "format": form,
        "environment": pack.environment.value,
        "supplier_siret": pack.supplier_siret,
        "made_at": pack.made_at.isoformat(),
        "made_by": pack.made_by,
        "machine": pack.machine,
        "program": pack.program,
        "since": pack.period.since.isoformat() if pack.period.since else None,
        "until": pack.period.until.isoformat() if pack.period.until else None,
        "numbers": list(pack.period.numbers),
        **batches,
        "head": {"sequence": sequence, "hash": head},
        "lines": sum(len(case.lines) for case in pack.cases),
        "totals": totals_members(sums),
        "hold": sums.hold,
        "invoices": [
            {"invoice_number": case.number, "folder": case.folder, "files": [asdict(copy) for copy in case.copies]}
            for case in pack.cases
        ],
        "unpresented": [{"invoice_number": number, "cents": cents} for number, cents in pack.unpresented],
        "differences": [asdict(difference) for difference in pack.differences],
    }


def totals_of(pack: Pack) -> Totals:
    """The control totals of a pack."""
    return totals(pack.cases, pack.sheet, (cents for _, cents in pack.unpresented))


def totals_members(sums: Totals) -> dict[str, object]:
    """The control totals by name; amounts as text, in euros."""
    named: dict[str, Sum | None] = {name: getattr(sums, name) for name in pages.SUMS}
    return {
        name: {"count": each.count, "total_with_vat": str(Decimal(each.cents).scaleb(-2))}
        for name, each in named.items()
        if each is not None and not (name == "unpresented" and sums.sheet is None)
    }


def lines_text(cases: Iterable[Case]) -> Iterator[str]:
    """The journal's lines in full, in order, for ``journal.jsonl``."""
    return (canonical(dict(line)) for line in lines_of(cases))


def lines_of(cases: Iterable[Case]) -> list[Line]:
    """All lines of a proof in the order of the journal."""
    return sorted((line for case in cases for line in case.lines), key=lambda line: int(line["sequence"]))


def journal_rows(cases: Iterable[Case]) -> Iterator[list[Cell]]:
    """The same for people, for ``journal.csv``."""
    return ([line[name] for name in pages.JOURNAL] for line in lines_of(cases))


def chain_rows(chain: Iterable[Link]) -> Iterator[list[Cell]]:
    """The chain, for ``chaine.csv``."""
    return (list(link) for link in chain)


def as_json(document: object) -> str:
    """A document that people can read too."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def in_paris(moment: str) -> datetime | None:
    """A moment of the journal as a clock in Paris showed it, to the second."""
    if not moment:
        return None
    return datetime.fromisoformat(moment).astimezone(_PARIS).replace(tzinfo=None, microsecond=0)


def _told(act: ActRecord) -> str:
    """An act, and what it answered."""
    try:
        status, since = read_occasion(act.occasion)
    except ValueError:  # not as the journal writes it: told as it stands
        status, since = act.occasion, None
    words = pages.ACT.format(act=ACTS[act.act], status=status)
    return words + (pages.ACT_SINCE.format(moment=plain(since.replace(microsecond=0))) if since else "")


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _readable(name: str, text: str) -> object:
    """Both sides of a call as what they are, where they are JSON in full."""
    if name in ("request", "answer"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text
