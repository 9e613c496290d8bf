"""The command line: what the ribbon does, without Excel; for batches, servers and tests.

Rule 1: a command reads its words, furnishes an office, runs one step, tells its report; it decides nothing else.
Rule 2: this is one of the two places that turn exceptions into words; no traceback reaches a person.
Rule 3: ``--json`` puts one document on stdout; everything else goes to stderr.
"""

import contextlib
import gc
import io
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chorus_xl.domain.parameters import Environment
from chorus_xl.errors import BugError, ChorusXlError, ExitCode, UsageError
from chorus_xl.messages import of_error, sentence

if TYPE_CHECKING:
    from chorus_xl.messages.told import Told
    from chorus_xl.steps.office import Plan

app = typer.Typer(
    help="Déposer les factures du mois sur Chorus Pro, depuis un classeur Excel.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
budgets_app = typer.Typer(help="La feuille Budgets et le répertoire de Chorus Pro.", no_args_is_help=True)
app.add_typer(budgets_app, name="budgets")

File = Annotated[Path, typer.Argument(metavar="FICHIER", help="Le classeur ChorusInvoices.xlsm.")]
Json = Annotated[bool, typer.Option("--json", help="Un document JSON sur la sortie standard.")]
Yes = Annotated[bool, typer.Option("--yes", help="Déposer sans demander confirmation.")]
Rows = Annotated[int, typer.Option("--rows", metavar="N", help="Nombre de factures du mois d'exemple.")]

_MOST_ROWS = 50_000

_ALLOCATIONS_A_COLLECTION = 100_000
"""How often cycles are looked for. At Python's own 700, a short command spends a tenth of its time on finding none:
what modules and columns are made of lives to its end."""


def main() -> None:
    """Run the command line; every way out is an exit code of design §3."""
    gc.set_threshold(_ALLOCATIONS_A_COLLECTION)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # ✓ into a file of Windows' own code page is a ?, not a crash
    try:
        app()
    except ChorusXlError as error:
        sys.exit(_tell_error(error))
    except Exception as error:  # noqa: BLE001 - the last door: a bug is told, never shown as a traceback
        sys.exit(_tell_error(_as_bug(error)))


@app.command()
def rehearse(
    rows: Rows = 20,
    out: Annotated[Path | None, typer.Option("--out", metavar="FICHIER", help="Où laisser le classeur.")] = None,
    *,
    json: Json = False,
) -> None:
    """Répéter tout un mois sur la plateforme d'exercice : remplir, contrôler, déposer, actualiser."""
    from chorus_xl import rehearsal  # noqa: PLC0415 - a command pays for what it uses

    _check_rows(rows)
    with _progress(json=json) as progress:
        story = rehearsal.rehearse(rows, out, progress)
    rehearsal.tell(story, as_json=json)
    raise typer.Exit(story.exit_code)


@app.command()
def new(
    file: File,
    *,
    sample: Annotated[bool, typer.Option("--sample", help="Avec un mois d'exemple et ses PDF.")] = False,
    rows: Rows = 20,
    json: Json = False,
) -> None:
    """Créer un classeur neuf."""
    from chorus_xl import rehearsal  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.telling import print_json  # noqa: PLC0415

    _check_rows(rows)
    rehearsal.make_workbook(file, rows if sample else 0)
    if json:
        print_json({"command": "new", "environment": None, "rows": [], "summary": {"file": str(file)}})
    else:
        _say(f"Classeur créé : {file}")


@app.command()
def fill(file: File, *, json: Json = False) -> None:
    """Remplir le SIRET et le code service de chaque ligne, d'après la feuille Budgets."""
    from chorus_xl.steps.fill import fill as step  # noqa: PLC0415 - a command pays for what it uses

    _run(file, step, json=json)


@app.command()
def validate(file: File, *, json: Json = False) -> None:
    """Contrôler chaque ligne, sans rien envoyer."""
    from chorus_xl.steps.validate import validate as step  # noqa: PLC0415 - a command pays for what it uses

    _run(file, step, json=json)


@app.command()
def deposit(file: File, *, yes: Yes = False, json: Json = False) -> None:
    """Déposer sur Chorus Pro les lignes prêtes, chacune une seule fois."""
    from chorus_xl.steps.deposit import deposit as step  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.steps.office import Office, Plan, Report  # noqa: PLC0415

    def confirm(plan: Plan) -> bool:
        if yes:
            return True
        if not sys.stdin.isatty():
            return plan.environment is Environment.REHEARSAL and plan.directory_reached
        return _ask(plan)

    def run(office: Office) -> Report:
        return step(office, confirm)

    _run(file, run, json=json)


@app.command()
def refresh(file: File, *, json: Json = False) -> None:
    """Actualiser : où en est chaque facture déposée."""
    from chorus_xl.steps.refresh import refresh as step  # noqa: PLC0415 - a command pays for what it uses

    _run(file, step, json=json, time_passes=True)


@budgets_app.command("check")
def budgets_check(
    file: File,
    *,
    accept: Annotated[
        bool, typer.Option("--accept", help="Remplacer un SIRET mal imprimé par celui que le répertoire connaît.")
    ] = False,
    json: Json = False,
) -> None:
    """Comparer la feuille Budgets avec le répertoire de Chorus Pro."""
    from chorus_xl.steps.check_budgets import check_budgets  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.steps.office import Office, Report  # noqa: PLC0415

    def run(office: Office) -> Report:
        return check_budgets(office, accept=accept)

    _run(file, run, json=json)


@app.command()
def explain(code: Annotated[str, typer.Argument(help="Par exemple CX204.")], *, json: Json = False) -> None:
    """Expliquer le code d'une phrase."""
    from chorus_xl.messages import catalogue, described  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.telling import print_json  # noqa: PLC0415

    message = catalogue().get(code.strip().strip("[]").upper())
    if message is None:
        raise UsageError("CX521", value=code)
    if json:
        summary = {"code": message.code, "text": described(message)}
        print_json({"command": "explain", "environment": None, "rows": [], "summary": summary})
    else:
        typer.echo(described(message))


@app.command()
def doctor(
    file: Annotated[
        Path | None, typer.Argument(metavar="FICHIER", show_default=False, help="Le classeur à examiner aussi.")
    ] = None,
    *,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="Ce que le programme suppose sans preuve.")
    ] = False,
    json: Json = False,
) -> None:
    """Examiner ce PC, les réglages, le classeur et l'accès à Chorus Pro ; dire quoi faire."""
    from chorus_xl import diagnosis  # noqa: PLC0415 - a command pays for what it uses

    if assumptions:
        found = diagnosis.assumptions()
        _tell_lines("doctor", {"assumptions": found}, diagnosis.lines(found), json=json)
        return
    from chorus_xl import bootstrap  # noqa: PLC0415 - as above
    from chorus_xl.diagnosis.examination import examine  # noqa: PLC0415
    from chorus_xl.install import this_machine  # noqa: PLC0415

    path = file or Path("ChorusInvoices.xlsm")
    name = file.name if file else ""
    examination = examine(this_machine(), lambda settings: bootstrap.office(path, settings), name, file)
    _tell_checks("doctor", examination.told, json=json, environment=examination.environment)


@app.command()
def install(
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="DOSSIER", help="Où copier le classeur.", show_default=False)
    ] = None,
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Défaire une installation.")] = False,
    json: Json = False,
) -> None:
    """Copier le classeur, dire à Excel où est Python, déclarer le dossier de confiance (sans administrateur)."""
    from chorus_xl import bootstrap, install  # noqa: PLC0415 - a command pays for what it uses

    machine, home = install.this_machine(), bootstrap.read_settings().home
    _tell_checks("install", install.undo(machine, home) if undo else install.install(machine, home, folder), json=json)


@app.command()
def login(
    environment: Annotated[
        Environment | None,
        typer.Option("--environment", help="L'environnement de ces secrets.", show_default=False),
    ] = None,
    *,
    forget: Annotated[bool, typer.Option("--forget", help="Retirer les secrets du trousseau.")] = False,
    json: Json = False,
) -> None:
    """Ranger dans le trousseau de ce PC le secret de PISTE et le mot de passe technique."""
    from chorus_xl import bootstrap  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl import login as keys  # noqa: PLC0415
    from chorus_xl.secret import Secret  # noqa: PLC0415

    settings = bootstrap.read_settings()
    which = environment or settings.environment(Environment.PRODUCTION)
    if forget:
        told = keys.forget(which)
    else:
        _say(f"Environnement : {which.label}. Ce que vous tapez ne s'affiche pas.")
        words = {"client_secret": "Secret de l'application PISTE", "tech_password": "Mot de passe du compte technique"}
        told = keys.keep(
            settings,
            which,
            {
                name: Secret(typer.prompt(words[name], hide_input=True, err=True, prompt_suffix=" : "))
                for name in keys.SECRETS
            },
        )
    _tell_checks("login", told, json=json, environment=which)


@app.command()
def simulate(
    host: Annotated[str, typer.Option("--host", help="Adresse d'écoute.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port d'écoute.")] = 8765,
    faults: Annotated[Path | None, typer.Option("--faults", help="Script de pannes (JSON).")] = None,
) -> None:
    """Servir la plateforme d'exercice sur un port, pour des essais sans Chorus Pro."""
    from chorus_xl import rehearsal  # noqa: PLC0415 - a command pays for what it uses

    rehearsal.serve_stand_in(host, port, faults, _say)


def _run(file: Path, step: Callable[..., object], *, json: bool, time_passes: bool = False) -> None:
    """Furnish an office, run one step, tell its report, leave with its exit code."""
    from chorus_xl import bootstrap, telling  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.steps.office import Report  # noqa: PLC0415

    settings = bootstrap.read_settings()
    with _progress(json=json) as progress, _stop_on_interrupt() as stop:
        office = bootstrap.office(file, settings, progress=progress, stop=stop, time_passes=time_passes)
        report = step(office)
    assert isinstance(report, Report)  # noqa: S101 - for the type checker
    if json:
        telling.print_json(telling.as_document(report))
    else:
        from chorus_xl.terminal import print_report  # noqa: PLC0415 - a document does not wait for it

        print_report(report)
    raise typer.Exit(telling.exit_code(report))


def _tell_checks(command: str, told: "Sequence[Told]", *, json: bool, environment: Environment | None = None) -> None:
    """Tell lines with a sign, and leave with what they end a command with."""
    from chorus_xl.messages.told import exit_code  # noqa: PLC0415 - a command pays for what it uses

    code = exit_code(told)
    summary = {"checks": [line.document() for line in told], "exit_code": int(code)}
    _tell_lines(command, summary, [line.line() for line in told], json=json, environment=environment)
    raise typer.Exit(code)


def _tell_lines(
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


def _ask(plan: "Plan") -> bool:
    """Ask the person at the terminal; Ctrl-C says no."""
    if not plan.directory_reached:
        _say(sentence("CX413", {}))
    question = f"{plan.environment.label.upper()} : déposer {plan.count} facture(s), {plan.total} TTC ? (oui/non)"
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        answer: str = typer.prompt(question, default="non", err=True)
    except typer.Abort:
        return False
    finally:
        signal.signal(signal.SIGINT, before)
    return answer.strip().lower() in {"o", "oui"}


def _check_rows(rows: int) -> None:
    if not 1 <= rows <= _MOST_ROWS:
        raise UsageError("CX524", value=str(rows), least="1", most=str(_MOST_ROWS))


@contextlib.contextmanager
def _progress(*, json: bool) -> Iterator[Callable[[int, int, str], None]]:
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
def _stop_on_interrupt() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C asks to stop after what is under way; a second one interrupts."""
    asked = threading.Event()

    def ask(_signal: int, _frame: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)
        _say("Arrêt demandé : ce qui est en cours se termine.")

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _tell_error(error: ChorusXlError) -> ExitCode:
    """Say what stopped the run; a script that asked for a document gets one."""
    _say(of_error(error))
    if "--json" in sys.argv[1:]:
        from chorus_xl.telling import error_document, print_json  # noqa: PLC0415 - only when it happens

        print_json(error_document(error))
    return error.exit_code


def _as_bug(error: Exception) -> BugError:
    from chorus_xl import diagnosis  # noqa: PLC0415 - only when it happens

    path = diagnosis.write_crash(error)
    return BugError("CX901", kind=type(error).__name__, path=str(path))


def _say(text: str) -> None:
    """A line for the person at the terminal, apart from any document on stdout."""
    typer.echo(text, err=True)
