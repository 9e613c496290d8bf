"""What every command shares: its words, one step run and told, progress, a first Ctrl-C that lets work finish."""

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chorus_xl.domain.parameters import Environment

if TYPE_CHECKING:
    from chorus_xl.messages.told import Told

File = Annotated[Path, typer.Argument(metavar="FICHIER", help="Le classeur ChorusInvoices.xlsm.")]
Json = Annotated[bool, typer.Option("--json", help="Un document JSON sur la sortie standard.")]


def run_step(file: Path, step: Callable[..., object], *, json: bool, time_passes: bool = False) -> None:
    """Furnish an office, run one step, tell its report, leave with its exit code."""
    from chorus_xl import bootstrap, telling  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.steps.office import Report  # noqa: PLC0415

    settings = bootstrap.read_settings()
    with progress_bar(json=json) as progress, stop_on_interrupt() as stop:
        office = bootstrap.office(file, settings, progress=progress, stop=stop, time_passes=time_passes)
        report = step(office)
    assert isinstance(report, Report)  # noqa: S101 - for the type checker
    if json:
        telling.print_json(telling.as_document(report))
    else:
        from chorus_xl.terminal import print_report  # noqa: PLC0415 - a document does not wait for it

        print_report(report)
    raise typer.Exit(telling.exit_code(report))


def tell_checks(command: str, told: "Sequence[Told]", *, json: bool, environment: Environment | None = None) -> None:
    """Tell lines with a sign, and leave with what they end a command with."""
    from chorus_xl.messages.told import exit_code  # noqa: PLC0415 - a command pays for what it uses

    code = exit_code(told)
    summary = {"checks": [line.document() for line in told], "exit_code": int(code)}
    tell_lines(command, summary, [line.line() for line in told], json=json, environment=environment)
    raise typer.Exit(code)


def tell_lines(
    command: str,
    summary: Mapping[str, object],
    lines: Iterable[str],
    *,
    json: bool,
    environment: Environment | None = None,
) -> None:
    """A summary: as one document, or as its lines."""
    from chorus_xl.telling import print_json  # noqa: PLC0415 - a command pays for what it uses

    if json:
        told = environment.value if environment else None
        print_json({"command": command, "environment": told, "rows": [], "summary": summary})
    else:
        typer.echo("\n".join(lines))


@contextlib.contextmanager
def progress_bar(*, json: bool) -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar on a terminal; silence elsewhere."""
    if json or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console  # noqa: PLC0415 - only where somebody watches
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)

    def tell(done: int, total: int, words: str) -> None:
        if not bar.tasks or bar.tasks[-1].description != words:
            bar.add_task(words, total=total)
            bar.start()
        bar.update(bar.tasks[-1].id, completed=done)
        if done == total:
            bar.stop()  # a question may follow, and a bar would draw over it

    try:
        yield tell
    finally:
        bar.stop()


@contextlib.contextmanager
def stop_on_interrupt() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C asks to stop after what is under way; a second one interrupts."""
    asked = threading.Event()

    def ask(_signal: int, _frame: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)  # who started us may have had it ignored
        say("Arrêt demandé : ce qui est en cours se termine.")

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def agreed(question: str) -> bool:
    """Ask the person at the terminal; Ctrl-C says no."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        answer: str = typer.prompt(question, default="non", err=True)
    except typer.Abort:
        return False
    finally:
        signal.signal(signal.SIGINT, before)
    return answer.strip().lower() in {"o", "oui"}


def say(text: str) -> None:
    """A line for the person at the terminal, apart from any document on stdout."""
    typer.echo(text, err=True)
