"""The checks of ``doctor``, in the order in which their causes are mended.

Rule 1: a check is a function that gives lines; none can stop the others, whatever it raises.
Rule 2: what a check needs and does not have (no settings, no host, no secret) leaves it out: its cause was told before.
Rule 3: nothing is deposited and nothing is written, but for an empty journal where there is none.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chorus_xl import bootstrap
from chorus_xl.diagnosis import network, pc
from chorus_xl.domain.columns import LAYOUT
from chorus_xl.domain.findings import Severity
from chorus_xl.domain.heads import Printed, head_params, printed_head
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.supplier import Parameters, read_parameters
from chorus_xl.errors import ChorusXlError, SetupError
from chorus_xl.install.machine import Machine
from chorus_xl.journal.chain import Break
from chorus_xl.journal.ledger import open_ledger
from chorus_xl.messages.install import PLACES
from chorus_xl.messages.told import Sign, Told, of_failure
from chorus_xl.settings import PREFIX, Settings
from chorus_xl.steps.office import Office, Surroundings

_SECRETS = ("client_secret", "tech_password")


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found.

    Attributes:
        environment: the one that was examined; ``None`` when settings leave it unknown.
        told: a line or more for each check, in order.
    """

    environment: Environment | None
    told: tuple[Told, ...]


def examine(
    machine: Machine, office_of: Callable[[Settings], Office], file: str = "", on_disk: Path | None = None
) -> Examination:
    """Examine this PC, its settings, the workbook and the way to Chorus Pro.

    Args:
        machine: this PC.
        office_of: furnishes an office from the settings, around the workbook where there is one.
        file: the workbook's name; ``""`` when none is to be examined.
        on_disk: where it lies, for its macros; ``None`` for one whose macros run already.
    """
    told = [*_guarded("versions", pc.versions), *_guarded("interpreter", lambda: pc.interpreter(machine))]
    try:
        settings = bootstrap.read_settings()
        office = office_of(settings)
    except ChorusXlError as error:
        return Examination(None, (*told, of_failure("settings", error)))
    told += _guarded("settings", lambda: pc.home(settings))
    typed: Parameters | None = None
    printed: Printed | None = None
    if file:
        seen, typed, printed = _workbook(office, file, settings)
        told += seen
    parameters = typed or Parameters()
    if on_disk is not None:
        told += _guarded("macros", lambda: pc.macros(on_disk))
    try:
        around = office.surroundings(parameters)
    except ChorusXlError as error:
        return Examination(None, (*told, of_failure("environment", error)))
    case = _Case(settings, office, around, parameters, has_sheet=typed is not None, printed=printed)
    told += _guarded("environment", case.environment)
    told += _guarded("journal", case.journal)
    told += case.platform()
    return Examination(around.environment, tuple(told))


def _workbook(office: Office, file: str, settings: Settings) -> tuple[list[Told], Parameters | None, Printed | None]:
    """The workbook's lines, its parameters where they could be read, and the journal's head that it shows."""
    read: list[tuple[Parameters, Printed | None]] = []

    def check() -> Iterable[Told]:
        sheets = office.workbook.read()
        parameters, findings = read_parameters(sheets.parameters)
        read.append((parameters, printed_head(sheets.press)))
        older = next((finding for finding in sheets.findings if finding.code == "CX443"), None)
        layout = older.params["found"] if older else str(LAYOUT)
        params = {"file": file, "layout": layout, "rows": str(len(sheets.invoices.rows))}
        yield Told("workbook", Sign.FINE, "CX589", params)
        if older:
            yield Told("workbook", Sign.LOOK, older.code, older.params)
        for finding in findings:
            sign = Sign.WRONG if finding.severity is Severity.ERROR else Sign.LOOK
            yield Told("parameters", sign, finding.code, finding.params)
        if not (parameters.supplier_siret or settings.text("supplier_siret")):
            yield Told("parameters", Sign.LOOK, "CX501")

    def lock() -> Iterable[Told]:
        office.workbook.ensure_writable()
        return ()

    told = _guarded("workbook", check)
    if read:
        told += _guarded("lock", lock)
    return told, *(read[0] if read else (None, None))


@dataclass(frozen=True, slots=True)
class _Case:
    """One environment under examination."""

    settings: Settings
    office: Office
    around: Surroundings
    parameters: Parameters
    has_sheet: bool
    printed: Printed | None  # the head that the workbook shows

    def environment(self) -> Iterable[Told]:
        place = PLACES["sheet" if self.has_sheet else "default"]
        if "environment" in self.settings.values:
            place = self.settings.values["environment"][1]
        yield Told("environment", Sign.FINE, "CX590", {"environment": self.around.environment.label, "place": place})
        siret = self.around.supplier_siret
        for finding in bootstrap.overridden(self.settings, self.parameters, self.around.environment, siret):
            if self.has_sheet:
                yield Told("environment", Sign.LOOK, finding.code, finding.params)

    def journal(self) -> Iterable[Told]:
        with self.around.open_journal() as journal:
            count = len(journal.entries())
        printed = self.printed
        with open_ledger(self.settings.journal_url()) as ledger:
            found = ledger.verify([printed.head] if printed else [])
        faults = [fault for fault in found.faults if fault.kind != Break.HEAD_LOST.value]
        if faults:
            params = {"count": str(len(faults)), "first": str(faults[0].sequence)}
            yield Told("journal", Sign.WRONG, "CX588", params)
        else:
            yield Told("journal", Sign.FINE, "CX587", {"count": str(count)})
        if printed is not None and len(faults) != len(found.faults):
            yield Told("head", Sign.LOOK, "CX640", head_params(printed.details(), found.head))
        if found.unguarded:
            params = {"journal": ledger.place, "names": ", ".join(found.unguarded)}
            yield Told("triggers", Sign.WRONG, "CX641", params)

    def platform(self) -> list[Told]:
        """The way to the platform, one step after the other, as far as it goes."""
        told: list[Told] = []
        if not bootstrap.is_embedded(self.settings, self.around.environment):
            told += _guarded("identity", self._identity)
            told += _guarded("network", self._network)
        if not any(line.sign is Sign.WRONG for line in told):
            told += _guarded("platform", self._call)
        return told

    def _identity(self) -> Iterable[Told]:
        environment, errors = self.around.environment, dict[str, ChorusXlError]()
        for name in _SECRETS:
            try:
                self.settings.secret(name, environment)
            except SetupError as error:
                errors[str(error)] = error
        try:
            bootstrap.credentials(self.settings, environment, self.parameters.technical_login)
        except SetupError as error:
            errors[str(error)] = error  # the same as above when a secret is all that is missing
        if errors:
            return [of_failure("identity", error) for error in errors.values()]
        places = {name: self.settings.variables.get(PREFIX + name.upper()) for name in _SECRETS}
        names = [
            f"{PREFIX}{name.upper()} ({PLACES['variable' if value else 'keyring']})" for name, value in places.items()
        ]
        return [Told("identity", Sign.FINE, "CX591", {"names": ", ".join(names)})]

    def _network(self) -> Iterable[Told]:
        endpoints = bootstrap.endpoints(self.settings, self.around.environment)
        return network.hosts(
            (endpoints.token_url, endpoints.api_url),
            on_loopback=endpoints.on_loopback,
            timeout=self.settings.timeout(),
            now=self.office.now,
        )

    def _call(self) -> Iterable[Told]:
        expiry: date | None = None
        with self.around.connect() as platform:
            try:
                expiry = platform.password_expires_on()
            except SetupError as error:
                # Asked without a SIRET, the platform cannot name our structure; it answered, and that is the question.
                if error.code != "CX314" or self.around.supplier_siret:
                    raise
        is_embedded = bootstrap.is_embedded(self.settings, self.around.environment)
        params = {"platform": PLACES["embedded" if is_embedded else "platform"]}
        yield Told("platform", Sign.FINE, "CX599", params)
        if expiry is not None:
            yield password(expiry, self.office.today())


_REMINDER = 30  # days


def password(expiry: date, today: date) -> Told:
    """What the last day of the technical password means today."""
    days = (expiry - today).days
    params = {"day": f"{expiry:%d/%m/%Y}", "days": str(days)}
    if days < 0:
        return Told("password", Sign.WRONG, "CX552", params)
    return (
        Told("password", Sign.LOOK, "CX551", params)
        if days <= _REMINDER
        else Told("password", Sign.FINE, "CX550", params)
    )


def _guarded(name: str, check: Callable[[], Iterable[Told]]) -> list[Told]:
    told: list[Told] = []
    try:
        told.extend(check())
    except ChorusXlError as error:
        told.append(of_failure(name, error))
    except Exception as error:  # noqa: BLE001 - rule 1: even a bug of a check is a line
        told.append(Told(name, Sign.LOOK, "CX579", {"name": name, "kind": type(error).__name__}))
    return told
