"""The procedure note of the reliable audit trail, written from the configuration as it is.

Rule 1: what is not known here (who approves, how an invoice is born) is left to the company, visibly.
Rule 2: no secret, and no identifier of an account, comes into the note.
"""

import platform as pc
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import chorus_xl
from chorus_xl import bootstrap
from chorus_xl.auditing import moments
from chorus_xl.auditing.verifying import label
from chorus_xl.domain.parameters import Environment
from chorus_xl.errors import JournalError, SetupError, UsageError
from chorus_xl.journal.ledger import Ledger, Scope, Verification, open_ledger
from chorus_xl.messages import catalogue
from chorus_xl.messages import procedure as words
from chorus_xl.messages.counted import fill
from chorus_xl.messages.system import in_french
from chorus_xl.settings import Settings
from chorus_xl.steps.judge import Desk, open_desk
from chorus_xl.steps.office import Office

_RULES = "CX2"


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote lines, from where, for which environment."""

    user: str
    machine: str
    scope: Scope


@dataclass(slots=True)
class Presence:
    """How often, from when to when."""

    lines: int = 0
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the note is written from."""

    desk: Desk
    settings: Settings
    workbook: Path
    place: str
    found: Verification
    people: dict[Person, Presence]
    today: str


def gather(office: Office, settings: Settings, workbook: Path) -> Facts:
    """Read the workbook's parameters, the settings and the whole journal.

    Raises:
        WorkbookError: the workbook cannot be read.
        SetupError: its parameters and the settings do not go together.
        JournalError: there is no journal, or it cannot be read.
    """
    desk = open_desk(office)
    with open_ledger(settings.journal_url()) as ledger:
        found, people, place = ledger.verify(), _people(ledger), ledger.place
    return Facts(desk, settings, workbook, place, found, people, f"{office.today():%d/%m/%Y}")


def text(facts: Facts) -> str:
    """The note, in Markdown."""
    around, settings, found = facts.desk.around, facts.settings, facts.found
    kind = "file" if settings.journal_file() else "server"
    rules = list(_rules())
    second_look, second_look_words = words.SECOND_LOOK[around.second_look]
    return words.NOTE.format(
        today=facts.today,
        machine=_cell(pc.node()),
        read=words.READ_ON,
        supplier=around.supplier_siret or words.UNKNOWN,
        environment=around.environment.label,
        platform=_platform(settings, around.environment),
        workbook=_cell(str(facts.workbook.absolute())),
        documents=_cell(facts.desk.parameters.pdf_folder or str(facts.workbook.absolute().parent)),
        home=_cell(str(settings.home)),
        journal=_cell(facts.place),
        kind=words.KINDS[kind],
        archive=_cell(str(settings.archive_folder())),
        second_look=second_look,
        second_look_words=second_look_words,
        settling=f"{around.settling_delay:g}",
        version=chorus_xl.__version__,
        python=pc.python_version(),
        system=f"{pc.system()} {pc.release()}",
        people="\n".join(_person(person, presence) for person, presence in facts.people.items()),
        rule_count=len(rules),
        rules="\n".join(rules),
        lines=found.lines,
        period=moments.period(found.first, found.last),
        verdict=fill(words.VERDICTS[not found.faults], count=len(found.faults)),
        head=found.head or "–",
        backup=words.BACKUPS[kind],
    )


def write(out: Path, note: str) -> None:
    """Write the note to a new file.

    Raises:
        UsageError: the file exists, or its name says that it is something else.
        JournalError: it cannot be written.
    """
    if out.suffix.lower() != ".md":
        raise UsageError("CX614", path=str(out), known=".md")
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(note)
    except FileExistsError:
        raise UsageError("CX611", path=str(out)) from None
    except OSError as error:
        raise JournalError("CX615", path=str(out), detail=in_french(error)) from None


def _people(ledger: Ledger) -> dict[Person, Presence]:
    people: dict[Person, Presence] = defaultdict(Presence)
    for line in ledger.lines():
        scope = Scope(str(line["environment"]), str(line["supplier_siret"]))
        presence = people[Person(str(line["user"]), str(line["machine"]), scope)]
        presence.lines += 1
        presence.last = str(line["at"])
        presence.first = presence.first or presence.last
    return people


def _person(person: Person, presence: Presence) -> str:
    cells = (
        _cell(person.user),
        _cell(person.machine),
        f"{label(person.scope)} ({person.scope.supplier_siret})",
        str(presence.lines),
        moments.told(presence.first),
        moments.told(presence.last),
    )
    return f"| {' | '.join(cells)} |"


def _platform(settings: Settings, environment: Environment) -> str:
    if bootstrap.is_embedded(settings, environment):
        return words.EMBEDDED
    try:
        return bootstrap.endpoints(settings, environment).api_url
    except SetupError:
        return words.UNKNOWN


def _rules() -> Iterator[str]:
    for message in catalogue().values():
        if message.code.startswith(_RULES):
            what = fill(message.what, defaultdict(lambda: "…"))
            effect = ", ".join(words.EFFECTS[severity.value] for severity in message.severities)
            yield f"| {message.code} | {_cell(what)} | {effect} |"


def _cell(value: str) -> str:
    """A text within a cell of a Markdown table."""
    return " ".join(value.split()).replace("|", "\\|")
