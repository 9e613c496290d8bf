"""What an auditor asks, and what only a person may decide: the journal as a whole, and the release of a number."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from chorus_xl.cli.doing import File, Json, agreed, progress_bar, say, tell_lines
from chorus_xl.domain.parameters import Environment
from chorus_xl.errors import ExitCode, UsageError
from chorus_xl.messages.counted import fill
from chorus_xl.messages.journal import KNOWN, LINES

app = typer.Typer()
journal_app = typer.Typer(
    help="Le journal : le vérifier, l'exporter, le sauvegarder, décrire la procédure.", no_args_is_help=True
)
app.add_typer(journal_app, name="journal")

In = Annotated[
    Environment | None, typer.Option("--environment", help="L'environnement de ces dépôts.", show_default=False)
]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"], metavar="JOUR", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", help="Ne pas demander confirmation.")]


@app.command()
def release(
    number: Annotated[str, typer.Argument(metavar="NUMÉRO", help="Le N° facture.")],
    *,
    because: Annotated[str, typer.Option("--because", metavar="RAISON", help="Ce qui a été vu, où et quand.")],
    environment: In = None,
    supplier: Annotated[str, typer.Option("--supplier", metavar="SIRET", help="Le SIRET du fournisseur.")] = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Libérer un numéro en doute, après l'avoir cherché sur le portail ; n'envoie rien."""
    from chorus_xl import bootstrap  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.auditing import releasing  # noqa: PLC0415
    from chorus_xl.auditing.verifying import label  # noqa: PLC0415
    from chorus_xl.journal.ledger import open_ledger  # noqa: PLC0415
    from chorus_xl.steps.release import Known  # noqa: PLC0415
    from chorus_xl.steps.release import release as step  # noqa: PLC0415

    settings, number = bootstrap.read_settings(), number.strip()
    if environment is None and "environment" in settings.values:
        environment = settings.environment(Environment.PRODUCTION)
    siret = (supplier or settings.text("supplier_siret")).replace(" ", "")
    with open_ledger(settings.journal_url()) as ledger:
        scope = releasing.scope_of(number, ledger.records(number), environment.value if environment else "", siret)

    def confirm(known: Known) -> bool:
        if yes:
            return True
        say("\n".join(releasing.lines(known, scope)))
        return sys.stdin.isatty() and agreed(KNOWN["question"])

    which = Environment(scope.environment)
    with bootstrap.journal(settings, which, scope.supplier_siret) as journal:
        step(journal, number, because, confirm)
    summary = {"invoice_number": number, "supplier_siret": scope.supplier_siret, "exit_code": int(ExitCode.DONE)}
    told = LINES["released"].format(number=number, environment=label(scope))
    tell_lines("release", summary, [told], json=json, environment=which)


@journal_app.command()
def verify(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FICHIER", show_default=False, help="Une sauvegarde, au lieu du journal en place."),
    ] = None,
    *,
    head: Annotated[
        list[str] | None,
        typer.Option("--head", metavar="EMPREINTE", help="Une empreinte relevée plus tôt.", show_default=False),
    ] = None,
    heads_from: Annotated[
        list[Path] | None,
        typer.Option(
            "--heads-from", metavar="FICHIER", help="Un texte qui en contient, ou un classeur.", show_default=False
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Relire toute la chaîne : dire toute ligne changée, retirée, ajoutée ou déplacée, et où."""
    from chorus_xl import bootstrap  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.auditing import verifying  # noqa: PLC0415
    from chorus_xl.journal.ledger import address_of, open_ledger  # noqa: PLC0415
    from chorus_xl.messages.told import exit_code  # noqa: PLC0415

    heads = verifying.heads_of(head or ())
    heads += [each for text in heads_from or () for each in verifying.heads_from(text)]
    with open_ledger(address_of(file) if file else bootstrap.read_settings().journal_url()) as ledger:
        found = ledger.verify(heads)
    told = verifying.tell(found, ledger.place)
    code = exit_code(told)
    summary = {
        **verifying.document(found, ledger.place),
        "checks": [line.document() for line in told],
        "exit_code": int(code),
    }
    tell_lines("journal verify", summary, [*(line.line() for line in told), *verifying.lines(found)], json=json)
    raise typer.Exit(code)


@journal_app.command()
def export(
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FICHIER", help="En .xlsx ou en .csv.")],
    environment: In = None,
    number: Annotated[str, typer.Option("--number", metavar="NUMÉRO", help="D'une seule facture.")] = "",
    since: Day = None,
    until: Day = None,
    workbook: Annotated[
        Path | None,
        typer.Option(
            "--workbook",
            metavar="CLASSEUR",
            help="Ajouter la feuille des lignes de ce classeur modifiées depuis leur envoi.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Exporter le journal, tous environnements et fournisseurs, pour Excel."""
    from chorus_xl import bootstrap  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.auditing.export import write  # noqa: PLC0415
    from chorus_xl.journal.ledger import open_ledger  # noqa: PLC0415

    settings = bootstrap.read_settings()
    with open_ledger(settings.journal_url()) as ledger, progress_bar(json=json) as progress:
        total = ledger.count()
        lines = ledger.lines(
            environment=environment.value if environment else "",
            number=number.strip(),
            since=_midnight(since),
            until=_midnight(until, 1) or "9999",
        )
        edits = None
        if workbook is not None:
            from chorus_xl.auditing.edits import edits_of  # noqa: PLC0415 - as above

            edits = edits_of(bootstrap.office(workbook, settings))
        written = write(out, lines, edits, lambda done: progress(done, total, "Export"))
    summary: dict[str, object] = {"file": str(out), "lines": written, "exit_code": int(ExitCode.DONE)}
    told = [fill(LINES["exported"], lines=written, path=out)]
    if edits is not None:
        summary["edited_rows"] = len({edit.row for edit in edits})
        told.append(fill(LINES["edited"], rows=summary["edited_rows"]))
    tell_lines("journal export", summary, told, json=json, environment=environment)


@journal_app.command()
def backup(
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FICHIER", help="Où écrire la copie.")],
    json: Json = False,
) -> None:
    """Copier le journal, même en service, et relire la copie."""
    from chorus_xl import bootstrap  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.auditing import moments  # noqa: PLC0415
    from chorus_xl.journal.backup import back_up  # noqa: PLC0415

    found = back_up(bootstrap.read_settings().journal_url(), out)
    summary = {"file": str(out), "lines": found.lines, "head": found.head, "exit_code": int(ExitCode.DONE)}
    period = moments.period(found.first, found.last)
    told = [fill(LINES["backed_up"], path=out, lines=found.lines, period=period)]
    told.append(LINES["head"].format(head=found.head or "–"))
    tell_lines("journal backup", summary, told, json=json)


@journal_app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="SAUVEGARDE")],
    *,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Remettre une sauvegarde à la place du journal, qui est gardé à côté."""
    from chorus_xl import bootstrap  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.auditing.restoring import lines_after, lines_before  # noqa: PLC0415
    from chorus_xl.journal import backup as keeping  # noqa: PLC0415

    url = bootstrap.read_settings().journal_url()
    found = keeping.compare(url, file)
    before = lines_before(found, file)
    say("\n".join(before))
    if not yes and not (sys.stdin.isatty() and agreed(LINES["question"])):
        raise UsageError("CX606", what=f"La remise en place de {file}")
    aside = keeping.restore(url, file, bootstrap.now())
    summary = {
        "file": str(file),
        "lines": found.backup.lines,
        "head": found.backup.head,
        "kept_aside": str(aside) if aside else None,
        "missing_lines": found.missing,
        "missing_numbers": list(found.numbers),
        "exit_code": int(ExitCode.DONE),
    }
    tell_lines("journal restore", summary, lines_after(found, file, aside), json=json)


@journal_app.command()
def procedure(
    file: File,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="NOTE", help="En .md.")],
    json: Json = False,
) -> None:
    """Écrire la note de procédure de la piste d'audit, d'après les réglages de ce PC et le journal."""
    from chorus_xl import bootstrap  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.auditing import procedure as note  # noqa: PLC0415

    settings = bootstrap.read_settings()
    office = bootstrap.office(file, settings)
    note.write(out, note.text(note.gather(office, settings, file)))
    tell_lines("journal procedure", {"file": str(out), "exit_code": 0}, [LINES["written"].format(path=out)], json=json)


def _midnight(day: datetime | None, later: int = 0) -> str:
    """The beginning of a day in Paris, so many days later, as the journal's lines have it; ``""`` for no day."""
    from chorus_xl.steps.office import PARIS  # noqa: PLC0415 - a command pays for what it uses

    if day is None:
        return ""
    return (day + timedelta(days=later)).replace(tzinfo=PARIS).astimezone(UTC).isoformat(timespec="microseconds")
