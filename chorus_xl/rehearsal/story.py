"""The month, played: what the commands do, and between them what the clerk types."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chorus_xl import bootstrap, proving
from chorus_xl.build import build_workbook
from chorus_xl.build.sample import Sample, sample_folder, sample_month, write_sample
from chorus_xl.domain.columns import INVOICES
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.proof import Period
from chorus_xl.domain.sheets import CellValue, Changes, TableChange
from chorus_xl.errors import ExitCode, UsageError, WorkbookError
from chorus_xl.messages.system import in_french
from chorus_xl.settings import Settings
from chorus_xl.steps.act import act
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.fill import fill
from chorus_xl.steps.office import PARIS, Office, Report
from chorus_xl.steps.ports import Progress
from chorus_xl.steps.refresh import refresh
from chorus_xl.steps.validate import validate

_OFFICE = frozenset(
    (
        *("oauth_url", "api_url", "client_id", "tech_login", "supplier_siret"),  # where real invoices go
        *("journal", "archive"),  # kept for ever, by everybody there
        "second_look",  # nobody else is here
    )
)
"""The settings that a rehearsal does without."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a rehearsal did.

    Attributes:
        reports: of the steps, in order: fill, validate, deposit, refresh; then act, refresh twice, prove.
        strayed: rows that did not end as the sample says, as (row, expected, seen).
        proof: the folder of the proof.
        seal: the hash that stands for all of it.
    """

    file: Path
    reports: tuple[Report, ...]
    proof: Path
    seal: str
    strayed: tuple[tuple[int, str, str], ...]

    @property
    def exit_code(self) -> ExitCode:
        """0 when the story went as written, whatever the planted faults ask of the clerk."""
        return ExitCode.BUG if self.strayed else ExitCode.DONE


def make_workbook(path: Path, rows: int) -> Sample | None:
    """A fresh workbook at ``path``, with a sample month of that many rows and its PDFs when not 0.

    Raises:
        UsageError: there is a file of that name already, or it could not be a workbook with macros.
        WorkbookError: the place cannot be written to.
    """
    if path.suffix.lower() != ".xlsm":
        raise UsageError("CX526", path=str(path))
    if path.exists():
        raise UsageError("CX522", path=str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if rows:
            return _write_sample(path, rows)
        build_workbook(path)
    except OSError as error:
        raise WorkbookError("CX527", path=str(path), detail=in_french(error)) from None
    return None


def _write_sample(path: Path, rows: int) -> Sample:
    moment = bootstrap.now().astimezone(PARIS)
    # A number serves once, for ever: each sample has its own series, or a second rehearsal could deposit nothing.
    sample = sample_month(rows, moment.date(), series=f"R{moment:%m%d%H%M%S}")
    write_sample(path, sample)
    return sample


def rehearse(rows: int, out: Path | None, progress: Progress) -> Story:
    """Play the whole month on a fresh sample of ``rows`` invoices.

    Raises:
        ChorusXlError: whatever the commands may raise.
    """
    settings = _at_home(bootstrap.read_settings())
    path = out or _free_name(Path("repetition"))
    sample = make_workbook(path, rows)
    assert sample is not None  # noqa: S101 - rows is at least 1

    def step(run: Callable[[Office], Report], *, time_passes: bool = False) -> Report:
        return run(bootstrap.office(path, settings, progress=progress, time_passes=time_passes))

    reports = [
        step(fill),
        step(validate),
        step(lambda office: deposit(office, lambda _: True)),
        step(refresh, time_passes=True),
    ]
    answer_suspensions(bootstrap.office(path, settings), sample_folder(path))
    reports += [
        step(lambda office: act(office, lambda _: True)),
        step(refresh, time_passes=True),
        step(refresh, time_passes=True),
    ]
    folder = proving.free_place(path.parent, bootstrap.now())
    report, seal = proving.make(bootstrap.office(path, settings, progress=progress), Period(), folder)
    return Story(path, (*reports, report), folder, seal, _strayed(sample, reports))


def answer_suspensions(office: Office, folder: Path) -> None:
    """What a clerk types before Agir: the missing paper in ``Pièces jointes``, a word in ``Commentaire``."""
    sheets = office.workbook.read()
    names = {name: sheets.invoices.cells(name) for name in ("invoice_number", "chorus_status", "attachments")}
    for index, row in enumerate(sheets.invoices.rows.tolist()):
        if not str(names["chorus_status"][index] or "").endswith("(SUSPENDUE)"):
            continue
        number = names["invoice_number"][index]
        paper = folder / f"bon-signe-{number}.txt"
        paper.write_text(f"Bon de livraison signé, facture {number}\n", encoding="utf-8")
        attachments = " ; ".join(filter(None, (str(names["attachments"][index] or ""), paper.name)))
        typed: dict[str, list[CellValue]] = {
            "attachments": [attachments],
            "comment": ["Le bon de livraison signé est joint."],
        }
        office.workbook.write(office.workbook.read(), Changes((TableChange(INVOICES.name, [row], typed),)))


def _at_home(settings: Settings) -> Settings:
    """The same settings, kept from leaving this machine, and from what an office shares and asks of its people."""
    kept = {name: value for name, value in settings.values.items() if name not in _OFFICE}
    return replace(settings, values={**kept, "environment": (Environment.REHEARSAL.value, "rehearse")})


def _free_name(folder: Path) -> Path:
    """``repetition/ChorusInvoices.xlsm`` here, or the first such folder that is free."""
    candidate, count = folder, 1
    while candidate.exists():
        count += 1
        candidate = folder.with_name(f"{folder.name}-{count}")
    return candidate / "ChorusInvoices.xlsm"


def _strayed(sample: Sample, reports: Sequence[Report]) -> tuple[tuple[int, str, str], ...]:
    deposited = reports[2].rows
    return tuple(
        (row.row, expected.ending, seen)
        for row, expected in zip(deposited, sample.rows, strict=True)
        if (seen := f"{row.values['verdict']}, {row.values['deposit_state']}") != expected.ending
    )
