"""What can be said of the files that a row names, without judging them."""

from dataclasses import dataclass

MEGABYTE = 1_000_000
LARGEST_FILE = 10 * MEGABYTE
"""Each file below 10 MB. Source: Chorus Pro community page "Pièces jointes … quelques règles à respecter" as OCA
l10n_fr_chorus_account cites it, read 2026-11-23."""
# ASSUMPTION: the platform's megabytes are decimal, the smaller reading.


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file.

    Attributes:
        reference: the text typed on the sheet.
        name: the file's name with its extension, no path.
        problem: ``""``, or one of ``missing``, ``not_a_file``, ``unreadable``, ``outside`` (a path trick),
            ``encrypted``, ``damaged`` (PDF only).
        size: bytes; 0 when there is no file.
        sha256: hexadecimal, ``""`` when there is no file, or when it is larger than can be sent.
        text: the PDF's text layer, ``""`` when it has none or was not asked.
    """

    reference: str
    name: str
    problem: str = ""
    size: int = 0
    sha256: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RowFiles:
    """The files of one row; no ``pdf`` when none is named."""

    pdf: FileFacts | None = None
    attachments: tuple[FileFacts, ...] = ()
