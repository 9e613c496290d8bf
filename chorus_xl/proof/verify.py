"""Is a proof what it was when it was made, and does every page of it say what the journal's lines say?

Rule 1: ``SHA256SUMS`` shows what was changed by accident. Who changes a file on purpose changes it too: so all that is
        said anywhere is derived again from the lines, and lines are held by their own hashes and by the chain.
Rule 2: every defect is told, each with its file; one never hides another.
Rule 3: what the proof itself says to be missing is no defect of it, and is told all the same.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from chorus_xl.domain.canonical import parse
from chorus_xl.domain.proof import Case, Copy, Laws, Line, Link, Pack, copies_of, counted
from chorus_xl.errors import ExitCode
from chorus_xl.messages import proof_pages as pages
from chorus_xl.messages.told import Sign, Told
from chorus_xl.proof import contents
from chorus_xl.proof.agree import disagreements
from chorus_xl.proof.drawn import redrawn
from chorus_xl.proof.manifest import UnreadableError, listed, pack_of, read_manifest
from chorus_xl.proof.reading import Files, open_files
from chorus_xl.proof.texts import read_csv, read_json

_SUM = re.compile(r"([0-9a-f]{64})  (\S.*)")
_NUMBERS = frozenset({"sequence", "attempt"})
_LARGEST = 2**63 - 1  # of a number of the journal, whatever database holds it
_ALWAYS = (
    contents.COVER,
    contents.LEAFLET,
    contents.SUMS,
    contents.INDEX_CSV,
    contents.INDEX_XLSX,
    contents.TOTALS,
    contents.JOURNAL_CSV,
    contents.JOURNAL_LINES,
    contents.CHAIN,
)


@dataclass(slots=True)
class Checked:
    """What checking found.

    Attributes:
        told: a line each, for people.
        manifest: ``totaux.json``; empty when it cannot be read.
        seal: the hash of ``SHA256SUMS``; ``""`` when it is not there.
        pack: what the proof was written from, as far as it shows; ``None`` when it cannot be read.
    """

    told: list[Told] = field(default_factory=list)
    manifest: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    chain: tuple[Link, ...] = ()
    seal: str = ""
    pack: Pack | None = None

    def fine(self, name: str, code: str, **params: str) -> None:
        """Something holds."""
        self.told.append(Told(name, Sign.FINE, code, params))

    def look(self, name: str, code: str, **params: str) -> None:
        """Something that the proof itself admits."""
        self.told.append(Told(name, Sign.LOOK, code, params))

    def wrong(self, name: str, code: str, **params: str) -> None:
        """Something does not hold."""
        self.told.append(Told(name, Sign.WRONG, code, params, ExitCode.WORKBOOK))

    @property
    def defects(self) -> int:
        """How many things do not hold."""
        return sum(1 for line in self.told if line.sign is Sign.WRONG)


def verify(path: Path, laws: Laws) -> Checked:
    """Check the proof at that path.

    Raises:
        UsageError: there is neither a folder nor a zip.
    """
    checked = Checked()
    with open_files(path) as files:
        _check_sums(files, checked)
        try:
            checked.manifest = read_manifest(files)
            checked.lines, checked.chain = _lines(files), _chain(files)
            _check_places(files, checked)
            _check_chain(checked, laws)
            _check_cases(files, checked, laws)
        except UnreadableError as error:
            file, detail = error.args
            if file in files.hashes:  # that it is missing was told before
                checked.wrong("unreadable", "CX676", file=file, detail=detail)
    return checked


def _check_sums(files: Files, checked: Checked) -> None:
    """Each file that is listed is there and unchanged, and there is no other."""
    content = files.read(contents.SUMS)
    checked.seal = files.hashes.get(contents.SUMS, "")
    listed: dict[str, str] = {}
    for line in (content or b"").decode("utf-8", "replace").splitlines():
        found = _SUM.fullmatch(line)
        if found is None:
            detail = f"la ligne « {line[:40]} » n'y a pas sa place"
            checked.wrong("unreadable", "CX676", file=contents.SUMS, detail=detail)
        else:
            listed[found[2]] = found[1]
    for name in sorted({*listed, *_ALWAYS}):
        if name not in files.hashes:
            checked.wrong("missing", "CX664", file=name)
        elif not files.hashes[name]:
            checked.wrong("unreadable", "CX676", file=name, detail="il est abîmé")
        elif name in listed and files.hashes[name] != listed[name]:
            checked.wrong("changed", "CX663", file=name)
    for name in (*sorted(set(files.hashes) - set(listed) - {contents.SUMS}), *files.doubled):
        checked.wrong("added", "CX665", file=name)
    if not checked.defects:
        checked.fine("files", "CX662", count=str(len(listed)), hash=checked.seal)
    if files.of_the_system:
        checked.look("system", "CX693", files=", ".join(files.of_the_system))


def _check_places(files: Files, checked: Checked) -> None:
    """Each invoice has its own files, and every file is an invoice's or the proof's, whatever ``SHA256SUMS`` names."""
    told = {line.params["file"] for line in checked.told if line.sign is Sign.WRONG}
    places = set(_ALWAYS)
    for folder, copies in listed(checked.manifest).values():
        places |= {f"{folder}/{contents.DEPOSIT}", f"{folder}/{contents.HISTORY}"}
        places |= {copy.path for copy in copies if copy.path}
    for name in sorted(places - set(files.hashes) - told):
        checked.wrong("missing", "CX664", file=name)
    for name in sorted(set(files.hashes) - places - told):
        checked.wrong("added", "CX688", file=name)


def _lines(files: Files) -> tuple[Line, ...]:
    lines = []
    for place, text in enumerate((files.read(contents.JOURNAL_LINES) or b"").removesuffix(b"\n").split(b"\n"), start=1):
        try:
            line = read_json(text)
        except ValueError:
            line = None
        if not _is_line(line):
            raise UnreadableError(contents.JOURNAL_LINES, f"sa ligne {place} n'est pas une ligne du journal")
        lines.append(line)
    return tuple(lines)


def _is_line(line: object) -> bool:
    """Whether it has the columns of the journal and nothing else, each of its type."""
    if not isinstance(line, dict) or set(line) != set(pages.JOURNAL):
        return False
    numbers = [line[name] for name in _NUMBERS]
    texts = [value for name, value in line.items() if name not in _NUMBERS]
    return all(type(each) is int and 0 <= each <= _LARGEST for each in numbers) and all(
        isinstance(each, str) for each in texts
    )


def _chain(files: Files) -> tuple[Link, ...]:
    try:
        rows = read_csv(files.read(contents.CHAIN) or b"")[1:]
        return tuple((int(sequence), previous, own) for sequence, previous, own in rows)
    except ValueError:
        raise UnreadableError(contents.CHAIN, "ce n'est pas une suite d'empreintes") from None


def _check_chain(checked: Checked, laws: Laws) -> None:
    """Each line bears its own hash, and stands in a chain without a break that ends at the head."""
    before = checked.defects

    def broken(file: str, sequence: int, detail: str) -> None:
        checked.wrong("chain", "CX667", file=file, sequence=str(sequence), detail=detail)

    expected, previous = 1, ""
    for sequence, link, own in checked.chain:
        if sequence != expected or link != previous:
            broken(contents.CHAIN, sequence, "elle ne suit pas celle d'avant")
        expected, previous = sequence + 1, own
    head = checked.manifest.get("head")
    if head != {"sequence": expected - 1, "hash": previous}:
        broken(contents.CHAIN, expected - 1, "ce n'est pas la tête que dit totaux.json")
    _check_lines(checked, laws, broken)
    if checked.defects == before:
        count = str(len(checked.lines))
        checked.fine("chain", "CX666", count=count, head=str(expected - 1), hash=previous)


def _check_lines(checked: Checked, laws: Laws, broken: Callable[[str, int, str], None]) -> None:
    """Each line bears its own hash, is of this supplier, and stands in the chain in its place."""
    links = {sequence: (link, own) for sequence, link, own in checked.chain}
    whose = (checked.manifest.get("environment"), checked.manifest.get("supplier_siret"))
    reached = 0
    for line in checked.lines:
        sequence = int(line["sequence"])
        if laws.seal(line) != line["hash"]:
            broken(contents.JOURNAL_LINES, sequence, "son contenu n'est plus celui de son empreinte")
        if (line["environment"], line["supplier_siret"]) != whose:
            theirs = f"{line['supplier_siret']} ({line['environment']})"
            broken(contents.JOURNAL_LINES, sequence, f"elle est du journal d'un autre fournisseur, {theirs}")
        if links.get(sequence) != (line["previous_hash"], line["hash"]):
            broken(contents.JOURNAL_LINES, sequence, "elle n'est pas dans la chaîne")
        if sequence <= reached:
            broken(contents.JOURNAL_LINES, sequence, "elle n'est pas à sa place")
        reached = sequence


def _check_cases(files: Files, checked: Checked, laws: Laws) -> None:
    """The files are those that left, the totals are those of the lines, and every page says what the lines say."""
    cases = _cases(checked, laws)
    _check_documents(files, checked, cases)
    before = checked.defects
    pack = replace(pack_of(checked.manifest, cases, checked.chain), labels=_labels(cases, laws))
    checked.pack = pack
    is_ours = pack.program == laws.program and checked.manifest["format"] == contents.FORMAT
    for file, detail in disagreements(pack, checked.manifest, files, exact=is_ours):
        checked.wrong("disagrees", "CX671", file=file, detail=detail)
    if not is_ours:
        checked.look("words", "CX692", made=str(pack.program), checked=laws.program)
    elif checked.defects == before:
        for file in redrawn(pack, files):
            checked.look("drawn", "CX696", file=file)
    if pack.off_sheet:
        checked.look("off_sheet", "CX695", **counted(pack.off_sheet))
    sums = contents.totals_of(pack)
    words = pages.in_words(sums)
    if not sums.hold:
        checked.look("totals", "CX659", words=words)
    elif checked.defects == before:
        checked.fine("totals", "CX670", words=words)


def _check_documents(files: Files, checked: Checked, cases: Sequence[Case]) -> None:
    """The files are those that left, by the hashes that the lines hold."""
    before = checked.defects
    present = 0
    for case in cases:
        for copy in case.copies:
            if not copy.path:
                name, sha256 = copy.name or "?", copy.sha256 or pages.UNHASHED
                checked.look("absent", "CX672", number=case.number, file=name, hash=sha256)
            elif files.hashes.get(copy.path, copy.sha256) != copy.sha256:
                checked.wrong("document", "CX669", number=case.number, file=copy.path)
            else:
                present += copy.path in files.hashes
        if _without_paths(case.copies) != _without_paths(copies_of(case.lines)):
            detail = f"les fichiers de la facture {case.number} ne sont pas ceux de ses lignes"
            checked.wrong("document", "CX671", file=contents.TOTALS, detail=detail)
    if checked.defects == before:
        checked.fine("documents", "CX668", count=str(present))


def _cases(checked: Checked, laws: Laws) -> tuple[Case, ...]:
    """The invoices of the proof, as their lines tell them; those that cannot be told are a defect."""
    lines: dict[str, list[Line]] = {}
    for line in checked.lines:
        lines.setdefault(str(line["invoice_number"]), []).append(line)
    invoices = listed(checked.manifest)
    for number in sorted(set(lines) - set(invoices)):
        checked.wrong("invoice", "CX671", file=contents.TOTALS, detail=f"la facture {number} y manque")
    cases = []
    for number, (folder, copies) in invoices.items():
        mine = tuple(lines.get(number, ()))
        try:
            _refuse_nonsense(mine)
            case = Case(number, folder, laws.replay(number, mine), mine, copies)
            list(contents.history_rows(case, {}))
        except (ValueError, RecursionError, OverflowError):
            detail = f"les lignes de la facture {number} manquent ou ne peuvent pas se suivre"
            checked.wrong("invoice", "CX671", file=contents.JOURNAL_LINES, detail=detail)
            continue
        cases.append(case)
    return tuple(cases)


def _labels(cases: Sequence[Case], laws: Laws) -> dict[str, str]:
    """The words of each status that a line names."""
    named = {parse(str(line["payload"])).get("chorus_status", "") for case in cases for line in case.lines}
    return {status: laws.label(status) for status in sorted(named - {""})}


def _refuse_nonsense(lines: Sequence[Line]) -> None:
    """See to it that every line can be told.

    Raises:
        ValueError: there is none, or one does not hold what the journal writes.
        OverflowError: its moment is beyond any calendar.
        RecursionError: what it holds is nested without an end.
    """
    if not lines:
        raise ValueError("no line")
    for line in lines:
        if not all(isinstance(value, str) for value in parse(str(line["payload"])).values()):
            raise ValueError("a payload holds texts")
        contents.in_paris(str(line["at"]))


def _without_paths(copies: Sequence[Copy]) -> list[tuple[str, str]]:
    return [(copy.reference, copy.sha256) for copy in copies]
