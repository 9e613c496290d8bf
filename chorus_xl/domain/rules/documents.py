"""The PDF and its attachments: there, readable, within the platform's limits.

Rule 1: a name is judged even when nobody looked at the file; the file itself only when someone did.
Rule 2: what the PDF says is compared in ``domain.rules.contents``.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PureWindowsPath

from chorus_xl.domain.batch import Batch
from chorus_xl.domain.files import LARGEST_FILE, MEGABYTE, FileFacts
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.rules.facts import Facts, at, error, warning
from chorus_xl.domain.texts import fold, shown

LARGEST_DOSSIER = 120 * MEGABYTE
"""All files of an invoice together; the source is that of ``LARGEST_FILE``."""

LONGEST_NAME = 50
"""With its extension. Source: OCA l10n_fr_chorus_account and BR-FR-CPRO-41, read 2026-11-23."""

# fmt: off
EXTENSIONS = frozenset((
    "bmp", "bz2", "csv", "doc", "docx", "fax", "gif", "gz", "gzip", "htm", "html", "jpeg", "jpg", "odp", "ods", "odt",
    "p7s", "pdf", "png", "pps", "ppt", "pptx", "rtf", "svg", "tgz", "tif", "tiff", "txt", "xhtml", "xlc", "xlm", "xls",
    "xlsx", "xml", "zip",
))
# fmt: on
"""Source: OCA l10n_fr_chorus_account, branch 16.0, after the same community page, read 2026-11-23."""

FORBIDDEN_IN_NAMES = "%$!&/\\:;«»#@"
"""Source: AIFE, document Chorus Pro v1.1 (for the approved platforms' circuit; doubted in ours), read 2026-11-23."""

_USUAL_NAME = re.compile(rf"[^{re.escape(FORBIDDEN_IN_NAMES)}]{{1,{LONGEST_NAME}}}")
_PROBLEMS = {
    "missing": "CX281",
    "outside": "CX282",
    "encrypted": "CX286",
    "damaged": "CX287",
    "unreadable": "CX298",
    "not_a_file": "CX299",
}


def pdf_is_named(batch: Batch, _: Facts) -> Iterator[Finding]:
    """Every invoice has its PDF, and its name says so."""
    for index in at(batch.blank("pdf_file")):
        yield error(batch, index, "CX280", "pdf_file")
    for index, name in enumerate(batch.pdf_file.tolist()):
        if name and not name.lower().endswith(".pdf"):
            yield error(batch, index, "CX283", "pdf_file", value=shown(name))


def names_are_taken(batch: Batch, _: Facts) -> Iterator[Finding]:
    """Names are short enough, of a known kind, free of characters that upset the platform, and named once."""
    for index, typed in enumerate(batch.pdf_file.tolist()):
        if typed and not _USUAL_NAME.fullmatch(typed):
            yield from _judge_name(batch, index, "pdf_file", _base(typed))
    for index in at(batch.attachments != ""):
        names = [_base(name) for name in batch.attachment_names(index)]
        for name in dict.fromkeys(names):
            yield from _judge_name(batch, index, "attachments", name)
            extension = name.rpartition(".")[2].lower() if "." in name else ""
            if extension not in EXTENSIONS:
                yield error(batch, index, "CX290", "attachments", value=shown(name))
        folded = [fold(name) for name in [_base(batch.pdf_file[index]), *names]]
        for name in dict.fromkeys(name for name in names if folded.count(fold(name)) > 1):
            yield warning(batch, index, "CX292", "attachments", value=shown(name))


def files_are_in_order(batch: Batch, facts: Facts) -> Iterator[Finding]:
    """Files are there, not empty, not locked, and not too large."""
    if facts.files is None:
        return
    for index, row in enumerate(batch.rows.tolist()):
        files = facts.files.get(row)
        if files is None:
            continue
        if files.pdf is not None:
            yield from _judge_file(batch, index, "pdf_file", files.pdf)
        for attachment in files.attachments:
            yield from _judge_file(batch, index, "attachments", attachment)
        total = sum(file.size for file in (files.pdf, *files.attachments) if file is not None)
        if total > LARGEST_DOSSIER:
            yield error(batch, index, "CX291", "attachments", size=_megabytes(total))


def pdf_serves_one_row(batch: Batch, facts: Facts) -> Iterator[Finding]:
    """One PDF on two rows is most likely a slip of the copying hand."""
    if facts.files is None:
        return
    users: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(batch.rows.tolist()):
        files = facts.files.get(row)
        if files is not None and files.pdf is not None and files.pdf.sha256:
            users[files.pdf.sha256].append(index)
    for group in users.values():
        for index in group if len(group) > 1 else ():
            rows = ", ".join(str(batch.rows[other]) for other in group[:11] if other != index)
            yield warning(batch, index, "CX293", "pdf_file", value=shown(batch.pdf_file[index]), rows=rows)


RULES = (pdf_is_named, names_are_taken, files_are_in_order, pdf_serves_one_row)


def _judge_name(batch: Batch, index: int, column: str, name: str) -> Iterator[Finding]:
    if len(name) > LONGEST_NAME:
        # ASSUMPTION: the limit noted for attachments holds for the main PDF, which goes up by the same service.
        yield error(batch, index, "CX288", column, value=shown(name), length=str(len(name)))
    forbidden = [character for character in dict.fromkeys(name) if character in FORBIDDEN_IN_NAMES]
    if forbidden:
        yield warning(batch, index, "CX289", column, value=shown(name), characters=" ".join(forbidden))


def _judge_file(batch: Batch, index: int, column: str, file: FileFacts) -> Iterator[Finding]:
    value = shown(file.reference)
    if file.problem:
        yield Finding(_PROBLEMS[file.problem], Severity.ERROR, int(batch.rows[index]), column, {"value": value})
        if file.problem not in ("encrypted", "damaged"):
            return
    if not file.size:
        yield error(batch, index, "CX284", column, value=value)
    elif file.size > LARGEST_FILE:
        yield error(batch, index, "CX285", column, value=value, size=_megabytes(file.size))


def _base(typed: str) -> str:
    """The file's name, however its path is written."""
    return PureWindowsPath(typed).name


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f} Mo".replace(".", ",")
