"""The rehearsal: a sample month through all four steps, on the embedded stand-in, over real HTTP.

Rule 1: a rehearsal never leaves this machine: it forces its environment, whatever is set elsewhere.
Rule 2: the steps are those of the commands, one by one on the file, each with an office of its own.
Rule 3: each sample row says beforehand what must become of it; the story is judged against that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from chorus_xl import bootstrap, telling
from chorus_xl.build import build_workbook
from chorus_xl.build.sample import Sample, sample_month, write_sample
from chorus_xl.domain.columns import INVOICES
from chorus_xl.domain.parameters import Environment
from chorus_xl.errors import ExitCode, SetupError, UsageError, WorkbookError
from chorus_xl.messages import in_row
from chorus_xl.settings import Settings
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.fill import fill
from chorus_xl.steps.office import PARIS, Office, Report, RowReport
from chorus_xl.steps.ports import Progress
from chorus_xl.steps.refresh import refresh
from chorus_xl.steps.validate import validate
from chorus_xl.terminal import cell, new_console


@dataclass(frozen=True, slots=True)
class Story:
    """What a rehearsal did.

    Attributes:
        reports: of the four steps, in order.
        strayed: rows that did not end as the sample says, as (row, expected, seen).
    """

    file: Path
    reports: tuple[Report, ...]
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
        raise WorkbookError("CX527", path=str(path), detail=error.strerror or type(error).__name__) from None
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
        ChorusXlError: whatever the four commands may raise.
    """
    settings = _at_home(bootstrap.read_settings())
    path = out or _free_name(Path("repetition"))
    sample = make_workbook(path, rows)
    assert sample is not None  # noqa: S101 - rows is at least 1

    def step(run: Callable[[Office], Report], *, time_passes: bool = False) -> Report:
        return run(bootstrap.office(path, settings, progress=progress, time_passes=time_passes))

    reports = (
        step(fill),
        step(validate),
        step(lambda office: deposit(office, lambda _: True)),
        step(refresh, time_passes=True),
    )
    return Story(path, reports, _strayed(sample, reports))


def _at_home(settings: Settings) -> Settings:
    """The same settings, kept from leaving this machine."""
    away = ("oauth_url", "api_url", "client_id", "tech_login", "supplier_siret")
    kept = {name: value for name, value in settings.values.items() if name not in away}
    return replace(settings, values={**kept, "environment": (Environment.REHEARSAL.value, "rehearse")})


def _free_name(folder: Path) -> Path:
    """``repetition/ChorusInvoices.xlsm`` here, or the first such folder that is free."""
    candidate, count = folder, 1
    while candidate.exists():
        count += 1
        candidate = folder.with_name(f"{folder.name}-{count}")
    return candidate / "ChorusInvoices.xlsm"


def _strayed(sample: Sample, reports: tuple[Report, ...]) -> tuple[tuple[int, str, str], ...]:
    deposited = reports[2].rows
    return tuple(
        (row.row, expected.ending, seen)
        for row, expected in zip(deposited, sample.rows, strict=True)
        if (seen := f"{row.values['verdict']}, {row.values['deposit_state']}") != expected.ending
    )


def tell(story: Story, *, as_json: bool) -> None:
    """Tell the story to a person, or as one document."""
    if as_json:
        telling.print_json(_document(story))
        return
    console = new_console()
    console.print(Text("Répétition d'un mois, sur la plateforme d'exercice de ce PC", style="bold"))
    for report in story.reports:
        console.print(f"  {telling.summary_line(report)}", markup=False)
    console.print(_table(story))
    console.print(Text("Ce qu'il resterait à faire", style="bold"))
    for row, words in _left_to_do(story):
        console.print(Text(f"  {row.invoice_number or f'ligne {row.row}'} : {words}"))
    for number, expected, seen in story.strayed:
        console.print(Text(f"Ligne {number} : attendu « {expected} », obtenu « {seen} »", style="bold red"))
    console.print(f"Classeur : {story.file.resolve()}", markup=False, soft_wrap=True)


_MOST_TOLD = 40


def _final_rows(story: Story) -> list[tuple[RowReport, Mapping[str, object]]]:
    """Each row with all that the four steps wrote on it."""
    merged: list[tuple[RowReport, Mapping[str, object]]] = []
    for rows in zip(*(report.rows for report in story.reports), strict=True):
        values: dict[str, object] = {}
        for row in rows:
            values |= row.values
        merged.append((replace(rows[2], values=rows[-1].values), values))
    return merged


def _table(story: Story) -> Table:
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    table.add_column("Ligne", justify="right")
    table.add_column(INVOICES.column("invoice_number").header, min_width=16, max_width=16, overflow="fold")
    for name in _SHOWN:
        table.add_column(INVOICES.column(name).header, no_wrap=name in _NARROW)
    for row, values in _final_rows(story)[:_MOST_TOLD]:
        shown = {**values, "chorus_status": str(values.get("chorus_status") or "").partition(" (")[0]}
        table.add_row(str(row.row), row.invoice_number, *(cell(shown.get(name)) for name in _SHOWN))
    return table


_NARROW = ("recipient_siret", "verdict", "deposit_state")
_SHOWN = (*_NARROW, "chorus_status")


def _left_to_do(story: Story) -> list[tuple[RowReport, str]]:
    left = []
    for row, values in _final_rows(story)[:_MOST_TOLD]:
        left += [(row, in_row(finding)) for finding in row.findings]
        if values.get("next_action"):
            left.append((row, str(values["next_action"])))
    return left


def _document(story: Story) -> dict[str, object]:
    return {
        "command": "rehearse",
        "environment": Environment.REHEARSAL.value,
        "rows": [
            {"row": row.row, "invoice_number": row.invoice_number, **values} for row, values in _final_rows(story)
        ],
        "summary": {
            "file": str(story.file),
            "steps": {report.command: dict(report.counts) for report in story.reports},
            "strayed": [{"row": row, "expected": expected, "seen": seen} for row, expected, seen in story.strayed],
            "exit_code": int(story.exit_code),
        },
    }


def serve_stand_in(host: str, port: int, faults: Path | None, say: Callable[[str], None]) -> None:
    """Serve the stand-in until Ctrl-C, on the state that rehearsals use.

    Raises:
        SetupError: the fault script cannot be used, or the address is taken.
    """
    from chorus_xl import simulator  # noqa: PLC0415 - starlette and uvicorn are paid for here

    settings = bootstrap.read_settings()
    try:
        script = simulator.load_faults(faults) if faults else None
    except (OSError, ValueError) as error:
        raise SetupError("CX523", path=str(faults), detail=str(error)) from None

    def ready(url: str) -> None:
        say(f"Plateforme d'exercice ouverte : {url} (Ctrl-C pour arrêter)")
        say(f"CHORUS_XL_OAUTH_URL={url}/api/oauth/token")
        say(f"CHORUS_XL_API_URL={url}")
        say(f"CHORUS_XL_CLIENT_ID={simulator.CLIENT_ID}")
        say(f"CHORUS_XL_CLIENT_SECRET={simulator.CLIENT_SECRET}")
        say(f"CHORUS_XL_TECH_LOGIN={simulator.TECH_LOGIN}")
        say(f"CHORUS_XL_TECH_PASSWORD={simulator.TECH_PASSWORD}")

    siret = settings.text("supplier_siret") or None
    try:
        simulator.serve(host, port, bootstrap.rehearsal_state(settings), script, supplier_siret=siret, on_ready=ready)
    except OSError as error:
        raise SetupError("CX525", host=host, port=str(port), detail=error.strerror or str(error)) from None
