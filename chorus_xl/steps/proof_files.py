"""The files of a proof: which left with each invoice, and where their bytes are today.

Rule 1: bytes are taken from where they were kept, else from where the row said, else from any file of the folder: a PDF
        that was moved or renamed since is the same by its hash.
Rule 2: what bears another hash is another file, whatever its name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from chorus_xl.domain.names import Names
from chorus_xl.domain.proof import Case, Copy, Line, copies_of
from chorus_xl.domain.records import Record
from chorus_xl.errors import WorkbookError
from chorus_xl.steps.judge import Desk
from chorus_xl.steps.office import Office
from chorus_xl.steps.ports import Archive, Binder, Documents

_FILES = "factures"


def cases_of(records: Mapping[str, Record], lines: Mapping[str, Sequence[Line]]) -> Iterator[Case]:
    """A case an invoice, in the order of their numbers."""
    names = Names()
    for number, mine in sorted(lines.items()):
        folder = names.safe(number)
        inside = Names()
        for taken in ("depot.json", "historique.csv"):
            inside.safe(taken)
        copies = tuple(
            replace(copy, path=f"{_FILES}/{folder}/{inside.safe(copy.name or 'piece')}") if copy.sha256 else copy
            for copy in copies_of(mine)
        )
        yield Case(number, f"{_FILES}/{folder}", records[number], tuple(mine), copies)


def add_files(office: Office, desk: Desk, binder: Binder, cases: Iterable[Case]) -> Iterator[Case]:
    """Add the bytes of every file that is found; the path of one that is not is emptied."""
    planned = list(cases)
    missing: set[str] = set()
    for done, case in enumerate(planned, start=1):
        for copy in case.copies:
            content = _bytes_of(copy, desk.around.archive, desk.around.documents)
            if content is not None:
                binder.add(copy.path, content)
            elif copy.path:
                missing.add(copy.sha256)
        office.progress(done, len(planned), "Réunion des fichiers")
    moved = desk.around.documents.find(missing) if missing else {}
    for case in planned:
        copies = []
        for copy in case.copies:
            present = copy
            if copy.sha256 in missing:
                content = _load(desk.around.documents, moved.get(copy.sha256, ""), copy.sha256)
                if content is None:
                    present = replace(copy, path="")
                else:
                    binder.add(copy.path, content)
            copies.append(present)
        yield replace(case, copies=tuple(copies))


def _bytes_of(copy: Copy, archive: Archive | None, documents: Documents) -> bytes | None:
    """The bytes of a file, from those that were kept, else where the row said that it was."""
    if not copy.sha256:
        return None
    kept = archive.fetch(copy.sha256) if archive is not None else None
    return kept if kept is not None else _load(documents, copy.reference, copy.sha256)


def _load(documents: Documents, reference: str, sha256: str) -> bytes | None:
    if reference:
        with suppress(WorkbookError):
            document = documents.load(reference)
            if document.sha256 == sha256:
                return document.content
    return None
