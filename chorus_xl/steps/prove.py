"""Dossier de preuve: what was deposited, with all that shows it, put together for whoever was not there.

Rule 1: nothing is asked of the platform and nothing is written in the workbook: sheet, journal and kept files suffice.
Rule 2: a file goes in only if its bytes have the hash that the journal took down before they left. What is found
        nowhere is named in the proof, never left out silently.
Rule 3: the journal is read as it stood at one line, its head: what came later is another proof's.
Rule 4: nothing is proved by a journal whose chain does not hold.
Rule 5: of a sheet, what left with the same batches and has no row any more is named too: checking finds it again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chorus_xl.domain.canonical import parse
from chorus_xl.domain.columns import CREDIT_NOTE
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.lifecycle import Event
from chorus_xl.domain.proof import (
    BATCH,
    Case,
    Difference,
    Ending,
    Laws,
    Line,
    Link,
    Pack,
    Period,
    Sum,
    counted,
    newest_intent,
    totals,
)
from chorus_xl.domain.records import Record
from chorus_xl.domain.sent import as_sent
from chorus_xl.errors import JournalError, SetupError, UsageError
from chorus_xl.messages.proof_pages import in_words, shown
from chorus_xl.steps import show
from chorus_xl.steps.claims import identity
from chorus_xl.steps.judge import Desk, open_desk
from chorus_xl.steps.office import Office, Report, RowReport
from chorus_xl.steps.ports import Binder, Journal
from chorus_xl.steps.proof_files import add_files, cases_of

_TRIES = 100  # a press of another PC appends a line now and then; so many in a row is no press


def prove(office: Office, period: Period, binder: Binder, laws: Laws) -> Report:
    """Put the proof together.

    Args:
        office: the workbook and what it works with.
        period: which invoices.
        binder: where the proof goes.
        laws: what a line of the journal must be, and who makes the proof.

    Raises:
        WorkbookError: the workbook cannot be read, or the proof cannot be written.
        SetupError: the supplier is not known, or the journal is another supplier's.
        JournalError: the journal cannot be read, contradicts itself, or its chain does not hold.
        UsageError: there is nothing to prove.
    """
    desk = open_desk(office)
    if not desk.around.supplier_siret:
        raise SetupError("CX501")
    rows = _rows(desk)
    with desk.around.open_journal() as journal:
        told = _read(journal, desk, period, [] if period.is_of_the_journal else [*rows, *period.numbers], laws)
    _refuse_broken(told)
    if not told.records:
        raise _nothing(desk, told)
    cases = tuple(add_files(office, desk, binder, cases_of(told.records, told.lines)))
    is_sheet = period.is_of_the_sheet
    wanted = rows if is_sheet else period.numbers
    unpresented = tuple((number, rows.get(number, 0)) for number in wanted if number not in told.records)
    pack = Pack(
        desk.around.environment,
        desk.around.supplier_siret,
        office.now(),
        desk.around.user,
        desk.around.machine,
        laws.program,
        period,
        cases,
        told.chain,
        _labels(cases),
        Sum(len(rows), sum(rows.values())) if is_sheet else None,
        unpresented,
        tuple(_differences(desk, told.records)),
    )
    pack = replace(pack, off_sheet=_off_sheet(told, pack.batches))
    binder.bind(pack)
    return _report(desk, pack)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the journal says, as it stood at its head."""

    records: Mapping[str, Record]
    lines: Mapping[str, Sequence[Line]]
    chain: tuple[Link, ...]
    unsealed: tuple[int, ...]  # lines that do not say what their hash vouches for
    batches: Mapping[str, str]  # of the numbers in no record, the batch with which each was last handed over
    others: frozenset[tuple[str, str]]  # environments and suppliers whose lines it holds beside


def _rows(desk: Desk) -> dict[str, int]:
    """The sheet's numbers, and what each comes to in cents; a number that stands twice counts as it stands first."""
    batch = desk.batch
    rows: dict[str, int] = {}
    for index, number in enumerate(batch.invoice_number.tolist()):
        if number and number not in rows:
            cents = int(batch.total_with_vat.units[index])
            rows[number] = -cents if batch.invoice_type[index] == CREDIT_NOTE else cents
    return rows


def _read(journal: Journal, desk: Desk, period: Period, numbers: Sequence[str], laws: Laws) -> _Told:
    """The records in question, their lines, and the chain, all as of one head."""
    for _ in range(_TRIES):
        head = journal.head()
        known = journal.records(None if period.is_of_the_journal else numbers)
        if journal.head() == head:
            break
    else:
        raise JournalError("CX678")
    records = {number: record for number, record in known.items() if period.holds(record)}
    mine = (desk.around.environment.value, desk.around.supplier_siret)
    lines: dict[str, list[Line]] = defaultdict(list)
    chain: list[Link] = []
    unsealed: list[int] = []
    batches: dict[str, str] = {}
    others: set[tuple[str, str]] = set()
    for line in journal.lines() if head else ():
        chain.append((int(line["sequence"]), str(line["previous_hash"]), str(line["hash"])))
        is_sealed = laws.seal(line) == line["hash"]
        if not is_sealed:
            unsealed.append(int(line["sequence"]))
        whose = (str(line["environment"]), str(line["supplier_siret"]))
        if whose != mine:
            others.add(whose)
        elif line["invoice_number"] in records:
            lines[str(line["invoice_number"])].append(line)
        elif is_sealed and line["event"] == Event.INTEND and period.is_of_the_sheet:
            batches[str(line["invoice_number"])] = newest_intent([line]).get(BATCH, "")
        if line["hash"] == head:
            break
    return _Told(records, lines, tuple(chain), tuple(unsealed), batches, frozenset(others))


def _refuse_broken(told: _Told) -> None:
    """Prove nothing by a journal that would not hold when the proof is checked.

    Raises:
        JournalError: a line does not bear its own hash, or does not follow the one before it.
    """
    before = ((0, "", ""), *told.chain)
    unlinked = (link[0] for last, link in zip(before, told.chain, strict=False) if link[:2] != (last[0] + 1, last[2]))
    for sequence in sorted({*told.unsealed, *unlinked})[:1]:
        raise JournalError("CX691", sequence=str(sequence))


def _nothing(desk: Desk, told: _Told) -> SetupError | UsageError:
    """Why there is nothing to prove: nothing was handed over, or this journal is somebody else's."""
    environment, siret = desk.around.environment, desk.around.supplier_siret
    suppliers = sorted({other for _, other in told.others} - {siret})
    if told.others and len(suppliers) > 0:
        return SetupError("CX652", siret=siret, environment=environment.label, others=counted(suppliers)["numbers"])
    return UsageError("CX653", environment=environment.label)


def _labels(cases: Iterable[Case]) -> dict[str, str]:
    """The French words of each status that a line names."""
    codes = {show.status_of(case.record) for case in cases}
    for case in cases:
        for line in case.lines:
            codes.add(parse(str(line["payload"])).get("chorus_status", ""))
    return {code: show.meaning(code).label for code in sorted(codes - {""})}


def _off_sheet(told: _Told, batches: Collection[str]) -> tuple[str, ...]:
    """What left with these batches and has no row any more."""
    return tuple(sorted(number for number, batch in told.batches.items() if batch in batches))


_COMPARED = ("issue_date", "recipient_siret", "total_with_vat", "invoice_type")


def _differences(desk: Desk, records: Mapping[str, Record]) -> Iterator[Difference]:
    """What rows say now and was deposited otherwise."""
    for index, number in enumerate(desk.batch.invoice_number.tolist()):
        record = records.get(number)
        if record is None:
            continue
        sent = as_sent(record) or record.details
        now = identity(desk, index)
        for name in _COMPARED:
            if sent.get(name) and sent[name] != now[name]:
                yield Difference(number, name, sent[name], now[name])


def _report(desk: Desk, pack: Pack) -> Report:
    sums = totals(pack.cases, pack.sheet, (cents for _, cents in pack.unpresented))
    rows = dict(zip(desk.batch.invoice_number.tolist(), desk.batch.rows.tolist(), strict=True))
    reports = tuple(
        RowReport(
            rows.get(case.number, 0),
            case.number,
            {
                "deposit_state": show.word(case.record).value,
                "chorus_reference": case.record.details.get("chorus_invoice_id") or None,
                "chorus_status": show.status_of(case.record) or None,
                "folder": case.folder,
            },
            tuple(_said_of(case, rows.get(case.number), pack.differences)),
        )
        for case in pack.cases
    )
    notices: list[Finding] = [*desk.around.warnings]
    if not sums.hold:
        notices.append(Finding("CX659", Severity.ERROR, params={"words": in_words(sums)}))
    if pack.unpresented:
        notices.append(Finding("CX657", Severity.WARNING, params=counted([n for n, _ in pack.unpresented])))
    if pack.off_sheet:
        notices.append(Finding("CX694", Severity.WARNING, params=counted(pack.off_sheet)))
    return Report(
        "prove",
        pack.environment,
        reports,
        {
            "proved": len(pack.cases),
            "proved_accepted": sums.accepted.count,
            "proved_refused": sums.refused.count,
            "proved_in_doubt": sums.in_doubt.count + sums.contradicted.count,
            "proved_not_sent": sums.not_sent.count,
            "files": sum(1 for case in pack.cases for copy in case.copies if copy.path),
            "files_missing": len(pack.missing),
            "unpresented": len(pack.unpresented),
        },
        notices=tuple(notices),
        in_doubt=sum(1 for case in pack.cases if case.ending in (Ending.IN_DOUBT, Ending.CONTRADICTED)),
    )


def _said_of(case: Case, row: int | None, differences: Iterable[Difference]) -> Iterator[Finding]:
    """What the clerk is to know of one invoice of the proof."""
    for copy in case.missing:
        params = {"number": case.number, "file": copy.name or "?", "hash": copy.sha256[:16] or "?"}
        yield Finding("CX656", Severity.ERROR, row, "pdf_file", params)
    for difference in differences:
        if difference.number == case.number:
            params = {
                "number": case.number,
                "deposited": shown(difference.column, difference.deposited),
                "now": shown(difference.column, difference.now),
            }
            yield Finding("CX658", Severity.ERROR, row, difference.column, params)
