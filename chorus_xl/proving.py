"""A proof made and checked, for the command and for the button: their parts joined.

Rule 1: making works on a workbook; checking works on the proof alone, and looks at this PC's journal if it has one.
Rule 2: what this PC lacks (settings, a journal, the right to read it) never keeps a proof from being checked.
"""

from datetime import datetime
from pathlib import Path

from chorus_xl import __version__, bootstrap
from chorus_xl.domain.proof import Laws, Period
from chorus_xl.errors import ChorusXlError
from chorus_xl.journal.chain import seal
from chorus_xl.journal.ledger import open_ledger
from chorus_xl.journal.replay import replay
from chorus_xl.messages import of_error
from chorus_xl.messages.told import Told
from chorus_xl.proof import ProofBinder
from chorus_xl.proof import verify as verify_files
from chorus_xl.proof.compare import compare, nothing
from chorus_xl.proof.verify import Checked
from chorus_xl.steps.office import PARIS, Office, Report
from chorus_xl.steps.prove import prove
from chorus_xl.steps.show import meaning

_LAWS = Laws(seal, replay, lambda status: meaning(status).label, f"chorus-xl {__version__}")


def make(office: Office, period: Period, path: Path) -> tuple[Report, str]:
    """Make a proof at a path; the report, and the hash that stands for the whole proof.

    Raises:
        ChorusXlError: as ``steps.prove.prove``; a path that is taken is a ``UsageError``.
    """
    with ProofBinder(path) as binder:
        report = prove(office, period, binder, _LAWS)
    return report, binder.seal


def check(path: Path) -> tuple[list[Told], Checked]:
    """Check a proof: a line each, and all that was found.

    Raises:
        UsageError: there is neither a folder nor a zip.
    """
    checked = verify_files(path, _LAWS)
    told = list(checked.told)
    if checked.chain:
        told.append(_beside_this_journal(checked))
    return told, checked


def free_place(folder: Path, moment: datetime) -> Path:
    """A dated folder that does not exist yet: ``Preuve-2026-11-23`` and, later that day, ``Preuve-2026-11-23-2``."""
    first = candidate = folder / f"Preuve-{moment.astimezone(PARIS):%Y-%m-%d}"
    count = 1
    while candidate.exists():
        count += 1
        candidate = first.with_name(f"{first.name}-{count}")
    return candidate


def _beside_this_journal(checked: Checked) -> Told:
    try:
        with open_ledger(bootstrap.read_settings().journal_url()) as ledger:
            return compare(checked, ledger.lines(), _LAWS)
    except ChorusXlError as error:
        return nothing(of_error(error))
