"""What concerns this PC: diagnosis, installation, secrets, the stand-in; and what a code means."""

from pathlib import Path
from typing import Annotated

import typer

from chorus_xl.cli.doing import Json, say, tell_checks, tell_lines
from chorus_xl.domain.parameters import Environment
from chorus_xl.errors import UsageError

app = typer.Typer()


@app.command()
def explain(
    code: Annotated[str, typer.Argument(help="Par exemple CX204, SUSPENDUE ou GDP_MSG_11.033.")], *, json: Json = False
) -> None:
    """Expliquer le code d'une phrase, un statut ou un code de Chorus Pro."""
    from chorus_xl.messages.explaining import explained  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.telling import print_json  # noqa: PLC0415

    found = explained(code)
    if found is None:
        raise UsageError("CX521", value=code)
    spelled, text = found
    if json:
        summary = {"code": spelled, "text": text}
        print_json({"command": "explain", "environment": None, "rows": [], "summary": summary})
    else:
        typer.echo(text)


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
        tell_lines("doctor", {"assumptions": found}, diagnosis.lines(found), json=json)
        return
    from chorus_xl import bootstrap  # noqa: PLC0415 - as above
    from chorus_xl.diagnosis.examination import examine  # noqa: PLC0415
    from chorus_xl.install import this_machine  # noqa: PLC0415

    path = file or Path("ChorusInvoices.xlsm")
    name = file.name if file else ""
    examination = examine(this_machine(), lambda settings: bootstrap.office(path, settings), name, file)
    tell_checks("doctor", examination.told, json=json, environment=examination.environment)


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
    tell_checks("install", install.undo(machine, home) if undo else install.install(machine, home, folder), json=json)


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
        say(f"Environnement : {which.label}. Ce que vous tapez ne s'affiche pas.")
        words = {"client_secret": "Secret de l'application PISTE", "tech_password": "Mot de passe du compte technique"}
        told = keys.keep(
            settings,
            which,
            {
                name: Secret(typer.prompt(words[name], hide_input=True, err=True, prompt_suffix=" : "))
                for name in keys.SECRETS
            },
        )
    tell_checks("login", told, json=json, environment=which)


@app.command()
def simulate(
    host: Annotated[str, typer.Option("--host", help="Adresse d'écoute.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port d'écoute.")] = 8765,
    faults: Annotated[Path | None, typer.Option("--faults", help="Script de pannes (JSON).")] = None,
) -> None:
    """Servir la plateforme d'exercice sur un port, pour des essais sans Chorus Pro."""
    from chorus_xl import rehearsal  # noqa: PLC0415 - a command pays for what it uses

    rehearsal.serve_stand_in(host, port, faults, say)
