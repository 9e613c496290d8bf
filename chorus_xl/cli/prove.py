"""The proof of what was deposited: made for whoever was not there, and checked again."""

from calendar import monthrange
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chorus_xl.cli.doing import Json, progress_bar, say, tell_lines
from chorus_xl.domain.parameters import Environment
from chorus_xl.errors import UsageError

if TYPE_CHECKING:
    from chorus_xl.domain.proof import Period

app = typer.Typer()


@app.command()
def prove(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FICHIER", show_default=False, help="Le classeur dont on prouve les factures."),
    ] = None,
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DOSSIER", show_default=False, help="Où le faire ; un zip si le nom finit ainsi."
        ),
    ] = None,
    verify: Annotated[
        Path | None,
        typer.Option("--verify", metavar="DOSSIER", show_default=False, help="Vérifier un dossier, ou son zip."),
    ] = None,
    month: Annotated[
        str, typer.Option("--month", metavar="AAAA-MM", show_default=False, help="Les dépôts engagés ce mois-là.")
    ] = "",
    since: Annotated[
        str, typer.Option("--since", metavar="JOUR", show_default=False, help="Les dépôts engagés depuis ce jour.")
    ] = "",
    until: Annotated[
        str, typer.Option("--until", metavar="JOUR", show_default=False, help="Les dépôts engagés jusqu'à ce jour.")
    ] = "",
    number: Annotated[
        list[str] | None,
        typer.Option("--number", metavar="NUMÉRO", show_default=False, help="Cette facture ; peut se répéter."),
    ] = None,
    json: Json = False,
) -> None:
    """Réunir la preuve des dépôts : PDF, échanges, statuts, journal, totaux, couverture ; ou vérifier une preuve."""
    if verify is not None and file is None and out is None:
        _verify(verify, json=json)
    elif verify is None and file is not None and out is not None:
        _make(file, out, period(month, since, until, number or ()), json=json)
    else:
        raise UsageError("CX679")


def _verify(path: Path, *, json: bool) -> None:
    from chorus_xl import proving  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.messages.told import exit_code  # noqa: PLC0415

    told, checked = proving.check(path)
    code = exit_code(told)
    summary = {
        "file": str(path),
        "seal": checked.seal,
        "head": checked.manifest.get("head"),
        "defects": checked.defects,
        "checks": [line.document() for line in told],
        "exit_code": int(code),
    }
    known = {each.value for each in Environment}
    environment = checked.manifest.get("environment")
    tell_lines(
        "prove",
        summary,
        [line.line() for line in told],
        json=json,
        environment=Environment(environment) if environment in known else None,
    )
    raise typer.Exit(code)


def _make(file: Path, out: Path, which: "Period", *, json: bool) -> None:
    from chorus_xl import bootstrap, proving, telling  # noqa: PLC0415 - a command pays for what it uses
    from chorus_xl.messages import sentence  # noqa: PLC0415

    settings = bootstrap.read_settings()
    with progress_bar(json=json) as progress:
        office = bootstrap.office(file, settings, progress=progress)
        report, seal = proving.make(office, which, out)
    document = telling.as_document(report)
    if json:
        summary = document["summary"]
        telling.print_json({**document, "summary": {**summary, "file": str(out), "seal": seal}})  # type: ignore[dict-item]  # a mapping
    else:
        from chorus_xl.terminal import print_report  # noqa: PLC0415 - a document does not wait for it

        print_report(report)
        say(sentence("CX660", {"path": str(out), "hash": seal}))
    raise typer.Exit(telling.exit_code(report))


def period(month: str, since: str, until: str, numbers: "tuple[str, ...] | list[str]") -> "Period":
    """Which invoices the words of the command name.

    Raises:
        UsageError: a word is no month or day, or two of them do not go together.
    """
    from chorus_xl.domain.proof import Period  # noqa: PLC0415 - a command pays for what it uses

    if month and (since or until):
        raise UsageError("CX677", value=month, expected="un choix clair à côté de --since ou --until")
    if month:
        first = _day(f"{month}-01", month, "un mois")
        return Period(first, first.replace(day=monthrange(first.year, first.month)[1]), tuple(numbers))
    return Period(
        _day(since, since, "un jour") if since else None,
        _day(until, until, "un jour") if until else None,
        tuple(number.strip() for number in numbers),
    )


def _day(text: str, value: str, expected: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise UsageError("CX677", value=value, expected=expected) from None
