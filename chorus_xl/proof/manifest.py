"""``totaux.json`` read back: what the proof says of itself, and the pack that it was written from.

Rule 1: it is believed for what nothing else can show (who made it, when, of which sheet), and for nothing else.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.proof import Case, Copy, Difference, Link, Pack, Period, Sum
from chorus_xl.proof import contents
from chorus_xl.proof.reading import Files
from chorus_xl.proof.texts import read_json


class UnreadableError(Exception):
    """A file of the proof cannot be made sense of; its arguments are the file and what is wrong with it."""


def read_manifest(files: Files) -> Mapping[str, Any]:
    """``totaux.json``, when it is one of a proof that this program knows.

    Raises:
        UnreadableError: it is not.
    """
    try:
        manifest = read_json(files.read(contents.TOTALS) or b"")
    except ValueError as error:
        raise UnreadableError(contents.TOTALS, f"ce n'est pas du JSON ({type(error).__name__})") from None
    if not isinstance(manifest, dict) or type(manifest.get("format")) is not int or manifest["format"] < 1:
        raise UnreadableError(contents.TOTALS, "ce n'est pas celui d'un dossier de preuve")
    if manifest["format"] > contents.FORMAT:
        raise UnreadableError(contents.TOTALS, "le dossier est d'une version plus récente du programme")
    return manifest


def listed(manifest: Mapping[str, Any]) -> dict[str, tuple[str, tuple[Copy, ...]]]:
    """Folder and files of each invoice, as ``totaux.json`` says."""
    with _in_words():
        return {
            str(each["invoice_number"]): (str(each["folder"]), tuple(map(_copy, each["files"])))
            for each in manifest["invoices"]
        }
    raise AssertionError  # unreachable: what goes wrong is raised


def pack_of(manifest: Mapping[str, Any], cases: tuple[Case, ...], chain: tuple[Link, ...]) -> Pack:
    """The pack that the proof was written from, but for words that only people read."""
    with _in_words():
        sheet = manifest["totals"].get("sheet")
        return Pack(
            environment=Environment(manifest["environment"]),
            supplier_siret=str(manifest["supplier_siret"]),
            made_at=datetime.fromisoformat(manifest["made_at"]),
            made_by=manifest["made_by"],
            machine=manifest["machine"],
            program=manifest["program"],
            period=Period(_day(manifest["since"]), _day(manifest["until"]), tuple(map(str, manifest["numbers"]))),
            cases=cases,
            chain=chain,
            sheet=Sum(int(sheet["count"]), int(Decimal(sheet["total_with_vat"]).scaleb(2))) if sheet else None,
            unpresented=tuple((str(each["invoice_number"]), int(each["cents"])) for each in manifest["unpresented"]),
            differences=tuple(Difference(**each) for each in manifest["differences"]),
            off_sheet=tuple(map(str, manifest["off_sheet"])) if "off_sheet" in manifest else None,
        )
    raise AssertionError  # unreachable: as above


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise UnreadableError(contents.TOTALS, f"il y manque ce qu'il faut ({type(error).__name__})") from None


def _copy(told: Mapping[str, Any]) -> Copy:
    return Copy(str(told["reference"]), str(told["sha256"]), str(told["path"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
