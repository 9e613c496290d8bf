"""What a clerk does each month, one command a button; and the rehearsal of it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chorus_xl.cli.doing import File, Json, agreed, progress_bar, run_step, say
from chorus_xl.domain.parameters import Environment
from chorus_xl.errors import UsageError
from chorus_xl.messages import in_report, sentence
from chorus_xl.messages.counted import counted

if TYPE_CHECKING:
    from chorus_xl.steps.office import Plan

app = typer.Typer()
budgets_app = typer.Typer(help="La feuille Budgets et le répertoire de Chorus Pro.", no_args_is_help=True)
app.add_typer(budgets_app, name="budgets")

Yes = Annotated[bool, typer.Option("--yes", help="Déposer sans demander confirmation.")]
Rows = Annotated[int, typer.Option("--rows", metavar="N", help="Nombre de factures du mois d'exemple.")]

_MOST_ROWS = 50_000


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
    with progress_bar(json=json) as progress:
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
        say(f"Classeur créé : {file}")


@app.command()
def fill(file: File, *, json: Json = False) -> None:
    """Remplir le SIRET et le code service de chaque ligne, d'après la feuille Budgets."""
    from chorus_xl.steps.fill import fill as step  # noqa: PLC0415 - a command pays for what it uses

    run_step(file, step, json=json)


@app.command()
def validate(file: File, *, json: Json = False) -> None:
    """Contrôler chaque ligne, sans rien envoyer."""
    from chorus_xl.steps.validate import validate as step  # noqa: PLC0415 - a command pays for what it uses

    run_step(file, step, json=json)


@app.command()
def deposit(
    file: File,
    *,
    yes: Yes = False,
    control_total: Annotated[
        str, typer.Option("--control-total", metavar="MONTANT", help="Avec le second regard : le total TTC du lot.")
    ] = "",
    json: Json = False,
) -> None:
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
        return step(office, confirm, control_total)

    run_step(file, run, json=json)


@app.command()
def refresh(file: File, *, json: Json = False) -> None:
    """Actualiser : où en est chaque facture déposée."""
    from chorus_xl.steps.refresh import refresh as step  # noqa: PLC0415 - a command pays for what it uses

    run_step(file, step, json=json, time_passes=True)


@app.command()
def act(
    file: File,
    *,
    number: Annotated[
        list[str] | None, typer.Option("--number", metavar="N", help="Cette facture seulement ; peut se répéter.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Agir sans demander confirmation.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Dire ce qui serait fait, et ne rien faire.")] = False,
    json: Json = False,
) -> None:
    """Agir : compléter les suspendues, prendre acte des rejets, recycler ; la ligne dit quoi envoyer."""
    from chorus_xl.steps.act import act as step  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.steps.act_plan import ActPlan  # noqa: PLC0415
    from chorus_xl.steps.office import Office, Report  # noqa: PLC0415

    def confirm(plan: ActPlan) -> bool:
        for line in plan.lines:
            say(f" – {in_report(line.told)}")
        if yes or not sys.stdin.isatty():
            return yes or plan.environment is Environment.REHEARSAL
        return agreed(
            f"{plan.environment.label.upper()} : {counted(len(plan.lines), 'geste|gestes')} à faire ? (oui/non)"
        )

    def run(office: Office) -> Report:
        return step(office, confirm, number, preview=preview)

    run_step(file, run, json=json)


@budgets_app.command("check")
def budgets_check(
    file: File,
    *,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept", help="En Production, remplacer un SIRET mal imprimé par celui que le répertoire connaît."
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Comparer la feuille Budgets avec le répertoire de Chorus Pro."""
    from chorus_xl.steps.check_budgets import check_budgets  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.steps.office import Office, Report  # noqa: PLC0415

    def run(office: Office) -> Report:
        return check_budgets(office, accept=accept)

    run_step(file, run, json=json)


def _ask(plan: "Plan") -> bool:
    """Ask the person at the terminal."""
    if not plan.directory_reached:
        say(sentence("CX413", {}))
    invoices = counted(plan.count, "facture|factures")
    return agreed(f"{plan.environment.label.upper()} : déposer {invoices}, {plan.total} TTC ? (oui/non)")


def _check_rows(rows: int) -> None:
    if not 1 <= rows <= _MOST_ROWS:
        raise UsageError("CX524", value=str(rows), least="1", most=str(_MOST_ROWS))
