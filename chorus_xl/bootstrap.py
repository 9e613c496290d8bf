"""The one place that builds real parts and joins them; clock, sleep and user name come from here.

Rule 1: steps get ports, never the world; whoever needs another world builds another ``Office``.
Rule 2: adapters are imported inside functions, so that a press pays only for what it opens.
Rule 3: this is the only module that reads the clock and the environment, and asks ``account`` who is at the keyboard.
"""

import hashlib
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from chorus_xl.account import account_name
from chorus_xl.domain.budgets import siret_problem
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.parameters import PARAMETERS, Environment
from chorus_xl.domain.supplier import Parameters
from chorus_xl.domain.synced import synced_by
from chorus_xl.errors import SetupError
from chorus_xl.messages.system import in_french
from chorus_xl.settings import PREFIX, Settings, ensure_text, load
from chorus_xl.steps.office import PARIS, Office, Surroundings, never, silent
from chorus_xl.steps.ports import Journal, Platform, Progress, Workbook

_STEPS_BETWEEN_REFRESHES = 3  # far enough for the first suspensions and rejections to show

if TYPE_CHECKING:
    from chorus_xl.chorus.client import Credentials, Endpoints


def now() -> datetime:
    """The moment, aware, UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the place


def sleep(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)  # noqa: TID251 - this is the place


def read_settings() -> Settings:
    """The settings of this user and process, with the home folder made.

    Raises:
        SetupError: a setting is wrong, or the home folder cannot be made.
    """
    settings = load(os.environ)
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError("CX509", path=str(settings.home), detail=in_french(error)) from None
    return settings


def office(
    path: Path,
    settings: Settings,
    *,
    progress: Progress = silent,
    stop: Callable[[], bool] = never,
    time_passes: bool = False,
    clock: Callable[[], datetime] = now,
) -> Office:
    """An office for the closed workbook at ``path``.

    ``time_passes`` lets a few days go by on the embedded stand-in before it is asked, so that a rehearsal of
    Actualiser has something to show.
    """
    from chorus_xl.workbook.closed import ClosedWorkbook  # noqa: PLC0415 - see rule 2

    whose = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]
    backups = settings.home / "copies" / f"{path.stem}-{whose}"
    workbook = ClosedWorkbook(path, backups=backups, today=lambda: clock().astimezone(PARIS).date())
    furnishing = _Furnishing(path.parent, settings, clock, time_passes=time_passes)
    return Office(workbook, furnishing.surroundings, clock, progress, stop)


def live_office(
    workbook: Workbook,
    folder: Path | None,
    settings: Settings,
    *,
    progress: Progress = silent,
    time_passes: bool = False,
    clock: Callable[[], datetime] = now,
) -> Office:
    """An office for a workbook that stands open in Excel.

    Args:
        workbook: the open book.
        folder: the folder that holds it; ``None`` when it is known by an address of the web only.
        settings: as read.
        progress: told as work goes on.
        time_passes: as for ``office``.
        clock: now.
    """
    furnishing = _Furnishing(folder, settings, clock, time_passes=time_passes)
    return Office(workbook, furnishing.surroundings, clock, progress)


@contextmanager
def journal(
    settings: Settings, environment: Environment, siret: str, *, clock: Callable[[], datetime] = now
) -> Iterator[Journal]:
    """The journal of one environment and one supplier.

    Raises:
        JournalError: it cannot be opened.
    """
    from chorus_xl.journal.store import open_journal  # noqa: PLC0415 - see rule 2

    with open_journal(
        settings.journal_url(),
        environment=environment.value,
        supplier_siret=siret,
        now=clock,
        user=account_name(),
        machine=platform.node(),
    ) as opened:
        yield opened


def synced_journal(settings: Settings) -> tuple[Finding, ...]:
    """A warning where the journal's file lies in a folder that a service keeps in step with other PCs."""
    file = settings.journal_file()
    service = synced_place(file, settings) if file else ""
    if not service:
        return ()
    return (Finding("CX608", Severity.WARNING, params={"journal": str(file), "service": service}),)


def synced_place(path: Path, settings: Settings) -> str:
    """The service that keeps a file or a folder in step with other PCs; ``""`` when nothing says so.

    Asked of the path as it is written and of where its links lead: a service follows the one or the other.
    """
    for place in (path.absolute(), Path(os.path.realpath(path))):  # ``resolve`` raises where links go in a circle
        if service := synced_by(place, settings.variables, os.path.exists):
            return service
    return ""


def overridden(settings: Settings, parameters: Parameters, environment: Environment, siret: str) -> tuple[Finding, ...]:
    """A warning for each setting that decides against the sheet's own word; a sheet without a SIRET has none."""
    told = (
        ("environment", environment.label, parameters.environment.label),
        ("supplier_siret", siret, parameters.supplier_siret or siret),
    )
    names = {parameter.attribute: parameter.name for parameter in PARAMETERS}
    found = []
    for attribute, value, sheet in told:
        if value != sheet:
            place = settings.values[attribute][1]
            params = {"name": names[attribute], "value": value, "place": place, "sheet": sheet}
            found.append(Finding("CX554", Severity.WARNING, params=params))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Furnishing:
    """Joins settings with what the sheet's parameters say; ``folder`` is the workbook's own."""

    folder: Path | None
    settings: Settings
    clock: Callable[[], datetime]
    time_passes: bool

    def surroundings(self, parameters: Parameters) -> Surroundings:
        from chorus_xl.archive import FolderArchive  # noqa: PLC0415 - see rule 2
        from chorus_xl.workbook.documents import FolderDocuments  # noqa: PLC0415

        environment = self.settings.environment(parameters.environment)
        siret = self.settings.text("supplier_siret").replace(" ", "") or parameters.supplier_siret
        documents = Path(parameters.pdf_folder)
        if self.folder is not None:
            documents = self.folder / documents
        elif not documents.is_absolute():
            raise SetupError("CX533", value=parameters.pdf_folder)
        return Surroundings(
            environment=environment,
            supplier_siret=siret,
            documents=FolderDocuments(documents),
            open_journal=lambda: journal(self.settings, environment, siret, clock=self.clock),
            connect=lambda: self._connect(environment, siret, parameters.technical_login),
            settling_delay=self.settings.settling_delay(environment),
            longest_call=self.settings.longest_call(environment),
            concurrency=self.settings.concurrency(),
            archive=FolderArchive(self.settings.archive_folder()),
            user=account_name(),
            machine=platform.node(),
            second_look=self.settings.second_look(parameters.second_look),
            warnings=(*overridden(self.settings, parameters, environment, siret), *synced_journal(self.settings)),
        )

    @contextmanager
    def _connect(self, environment: Environment, siret: str, login: str) -> Iterator[Platform]:
        if is_embedded(self.settings, environment):
            with self._embedded(siret) as (where, who), self._client(environment, siret, where, who) as client:
                yield client
        else:
            where, who = endpoints(self.settings, environment), credentials(self.settings, environment, login)
            with self._client(environment, siret, where, who) as client:
                yield client

    @contextmanager
    def _client(
        self, environment: Environment, siret: str, where: "Endpoints", who: "Credentials"
    ) -> Iterator[Platform]:
        from chorus_xl.chorus.client import ChorusClient  # noqa: PLC0415 - see rule 2

        with ChorusClient(
            where,
            who,
            supplier_siret=siret,
            now=self.clock,
            sleep=sleep,
            call_interval=self.settings.call_interval(environment),
            timeout=self.settings.timeout(),
            concurrency=self.settings.concurrency(),
        ) as client:
            yield client

    @contextmanager
    def _embedded(self, siret: str) -> Iterator[tuple["Endpoints", "Credentials"]]:
        """The stand-in in this process, over real HTTP on loopback; its state stays in the home folder."""
        from chorus_xl import simulator  # noqa: PLC0415 - see rule 2
        from chorus_xl.chorus.client import Credentials, Endpoints  # noqa: PLC0415
        from chorus_xl.secret import Secret  # noqa: PLC0415

        known = siret if siret_problem(siret) in (None, "key") else None  # a blank one can still ask the directory
        with simulator.Server(rehearsal_state(self.settings), supplier_siret=known, now=self.clock) as server:
            if self.time_passes:
                server.let_time_pass(_STEPS_BETWEEN_REFRESHES)
            yield (
                Endpoints(server.token_url, server.url),
                Credentials(
                    simulator.CLIENT_ID,
                    Secret(simulator.CLIENT_SECRET),
                    simulator.TECH_LOGIN,
                    Secret(simulator.TECH_PASSWORD),
                ),
            )


def is_embedded(settings: Settings, environment: Environment) -> bool:
    """Whether the platform is the stand-in in this process, which needs no address and no secret."""
    return environment is Environment.REHEARSAL and not settings.text("api_url")


def endpoints(settings: Settings, environment: Environment) -> "Endpoints":
    """Where the platform of that environment is.

    Raises:
        SetupError: its address is missing, or is none that secrets may be sent to.
    """
    from chorus_xl.chorus.client import PISTE, Endpoints  # noqa: PLC0415 - see rule 2

    piste = PISTE.get(environment)
    token_url = settings.text("oauth_url") or (piste.token_url if piste else "")
    api_url = settings.text("api_url") or (piste.api_url if piste else "")
    if not token_url:
        raise SetupError(
            "CX508", name=f"{PREFIX}OAUTH_URL", environment=environment.label, where="variable d'environnement"
        )
    where = Endpoints(token_url, api_url)
    if environment is Environment.REHEARSAL and not where.on_loopback:
        raise SetupError("CX528", url=where.api_url)
    for other, official in PISTE.items():
        if other is not environment and where.hosts & official.hosts:
            raise SetupError("CX529", environment=environment.label, url=where.api_url, other=other.label)
    return where


def credentials(settings: Settings, environment: Environment, login: str) -> "Credentials":
    """Who we are to that platform; ``login`` is the sheet's technical account.

    Raises:
        SetupError: an identifier or a secret is missing, or is no text.
    """
    from chorus_xl.chorus.client import Credentials  # noqa: PLC0415 - see rule 2

    client_id = settings.text("client_id")
    technical_login = settings.text("tech_login") or login
    for name, value, where in (
        ("CLIENT_ID", client_id, "variable d'environnement ou chorus-xl.toml"),
        ("TECH_LOGIN", technical_login, "feuille Paramètres, ligne « Compte technique »"),
    ):
        if not value:
            raise SetupError("CX508", name=PREFIX + name, environment=environment.label, where=where)
    ensure_text("tech_login", technical_login)  # a sheet's may be none
    return Credentials(
        client_id,
        settings.secret("client_secret", environment),
        technical_login,
        settings.secret("tech_password", environment),
    )


def rehearsal_state(settings: Settings) -> Path:
    """Where the embedded stand-in keeps what it accepted, from one command to the next."""
    folder = settings.home / "repetition"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "platform.sqlite"
