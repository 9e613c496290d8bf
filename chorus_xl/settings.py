"""Settings: environment, folders, addresses, secrets; the strongest source wins.

Rule 1: strongest first: environment variable, ``chorus-xl.toml`` in the home folder, the workbook's ``Paramètres``.
Rule 2: secrets come from the environment or the operating system's keyring, and from nowhere else; one found in
        ``chorus-xl.toml`` is refused, since that file is copied around.
Rule 3: what is set wrongly is told with the place where it was set, and stops the run.
Rule 4: this module hands values out; opening what they name is ``bootstrap``'s.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chorus_xl.domain.lifecycle import LONGEST_START
from chorus_xl.domain.parameters import Environment
from chorus_xl.errors import SetupError
from chorus_xl.messages.system import in_french
from chorus_xl.secret import Secret

PREFIX = "CHORUS_XL_"
TOML_NAME = "chorus-xl.toml"
KEYRING_SERVICE = "chorus-xl"

_PLAIN = (
    "environment",
    "supplier_siret",
    "oauth_url",
    "api_url",
    "client_id",
    "tech_login",
    "journal",
    "archive",
    "call_interval",
    "concurrency",
    "timeout",
    "settling_delay",
    "second_look",
)
_SECRET = ("client_secret", "tech_password")
# As SQLAlchemy reads an address: the user ends at the first colon, the password at an @, whatever else it holds.
_PASSWORD_IN_ADDRESS = re.compile(r"://[^/:]*:[^@]+@|[?&]\w*password=", re.IGNORECASE)

# ASSUMPTION: PISTE publishes no quota for Chorus Pro; one call start a second is the pace at which a production client
# saw no more sporadic 401 (platform notes, §1.5, one live source).
_PISTE_CALL_INTERVAL = 1.0

# ASSUMPTION: the search of Chorus Pro shows a fresh deposit within ten minutes; no source says how long it may lag.
_PISTE_SETTLING_DELAY = 600.0

# Longer than any call to the embedded stand-in can be under way: it ends with the process that makes the call.
_EMBEDDED_LONGEST_CALL = 5.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment and the home folder say, before any workbook is read.

    Attributes:
        home: folder of journal, rehearsal state and copies; never beside a synced workbook.
        values: plain settings by name, each with the place it came from.
        variables: the process environment, for secrets.
    """

    home: Path
    values: Mapping[str, tuple[str, str]]
    variables: Mapping[str, str]

    def text(self, name: str, default: str = "") -> str:
        """The setting as text."""
        return self.values.get(name, (default, ""))[0]

    def number(self, name: str, default: float, *, least: float = 0.0) -> float:
        """The setting as a number of at least ``least``.

        Raises:
            SetupError: it is set to something else.
        """
        if name not in self.values:
            return default
        text, place = self.values[name]
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not least <= value < float("inf"):
            raise SetupError("CX502", name=name, value=text, place=place)
        return value

    def environment(self, on_the_sheet: Environment) -> Environment:
        """The environment in force: the setting when there is one, else the sheet's.

        Raises:
            SetupError: the setting names none that exists.
        """
        if "environment" not in self.values:
            return on_the_sheet
        text, place = self.values["environment"]
        try:
            return Environment(text.strip().lower())
        except ValueError:
            known = ", ".join(environment.value for environment in Environment)
            raise SetupError("CX503", value=text, place=place, known=known) from None

    def second_look(self, on_the_sheet: str) -> bool:
        """Whether who prepares a batch may not release it; a setting is stronger than the sheet.

        Raises:
            SetupError: the setting is neither ``oui`` nor ``non``.
        """
        text, place = self.values.get("second_look", (on_the_sheet, ""))
        if text.strip().lower() not in ("oui", "non"):
            raise SetupError("CX687", value=text, place=place)
        return text.strip().lower() == "oui"

    def call_interval(self, environment: Environment) -> float:
        """Seconds between two call starts."""
        return self.number("call_interval", 0.0 if environment is Environment.REHEARSAL else _PISTE_CALL_INTERVAL)

    def settling_delay(self, environment: Environment) -> float:
        """Seconds after a fruitless look-up before a second one may free a number."""
        default = 0.0 if environment is Environment.REHEARSAL else _PISTE_SETTLING_DELAY
        # A call of another PC may still be under way: never settle before it is surely over.
        return max(self.number("settling_delay", default), self.longest_call(environment))

    def longest_call(self, environment: Environment) -> float:
        """Seconds that one deposit may be under way, here or on another PC.

        It starts in time or never (``LONGEST_START``). The time-out is then that of a free connection, of connecting,
        of agreeing on keys, of writing and of reading.
        """
        embedded = environment is Environment.REHEARSAL and not self.text("api_url")
        return _EMBEDDED_LONGEST_CALL if embedded else LONGEST_START.total_seconds() + 5 * self.timeout()

    def timeout(self) -> float:
        """Seconds that one call may last."""
        return self.number("timeout", 60.0, least=0.001)

    def concurrency(self) -> int:
        """How many calls may be under way together."""
        return int(self.number("concurrency", 4.0, least=1.0))

    def archive_folder(self) -> Path:
        """Where the files that left are kept."""
        return Path(self.text("archive") or self.home / "archive")

    def journal_url(self) -> str:
        """Where the journal is, as an address of SQLAlchemy: a file in the home folder, unless set otherwise."""
        return self.text("journal") or f"sqlite:///{self.home / 'journal.sqlite'}"

    def journal_file(self) -> Path | None:
        """The file of the journal; ``None`` when it is on a server."""
        scheme, _, rest = self.journal_url().partition(":///")
        return Path(rest.partition("?")[0]) if scheme.startswith("sqlite") and rest else None

    def secret(self, name: str, environment: Environment) -> Secret:
        """A secret from the environment, else from the keyring.

        Raises:
            SetupError: there is none, or it is no text.
        """
        value = self.variables.get(PREFIX + name.upper(), "") or _from_keyring(f"{environment.value}/{name}")
        if not value:
            raise SetupError("CX504", name=PREFIX + name.upper(), environment=environment.label)
        ensure_text(name, value)
        return Secret(value)


def load(variables: Mapping[str, str]) -> Settings:
    """Read the settings of this user.

    Raises:
        SetupError: ``chorus-xl.toml`` cannot be read, holds a secret, or holds a name that is no setting; a variable
            is no text.
    """
    home = Path(variables.get(PREFIX + "HOME") or _default_home())
    values = {name: (str(value), str(home / TOML_NAME)) for name, value in _toml(home / TOML_NAME).items()}
    for name in _PLAIN:
        variable = PREFIX + name.upper()
        if variables.get(variable):
            ensure_text(name, variables[variable])
            values[name] = (variables[variable], variable)
    return Settings(home, values, variables)


def ensure_text(name: str, value: str) -> None:
    """See that a setting can be sent, written and shown; its value is in no sentence, since it may be a secret.

    Raises:
        SetupError: it holds what Python makes of a byte that is no UTF-8, in a variable or typed.
    """
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise SetupError("CX553", name=PREFIX + name.upper())


def _toml(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            content = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SetupError("CX505", path=str(path), detail=in_french(error)) from None
    except tomllib.TOMLDecodeError as error:
        raise SetupError("CX505", path=str(path), detail=str(error)) from None
    for name, value in content.items():
        if name in _SECRET or (name == "journal" and _PASSWORD_IN_ADDRESS.search(str(value))):
            raise SetupError("CX506", path=str(path), name=name)
        if name not in _PLAIN:
            raise SetupError("CX507", path=str(path), name=name, known=", ".join(_PLAIN))
    return content


def _default_home() -> str:
    import platformdirs  # noqa: PLC0415 - not needed where CHORUS_XL_HOME is set

    return platformdirs.user_data_dir("chorus-xl", appauthor=False)


def _from_keyring(name: str) -> str:
    """The keyring's word; a machine without a keyring has none."""
    import keyring  # noqa: PLC0415 - slow to import, and not needed in rehearsal
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        return keyring.get_password(KEYRING_SERVICE, name) or ""
    except KeyringError:
        return ""
