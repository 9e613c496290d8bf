"""Where tokens and the API of Chorus Pro are.

Rule 1: secrets cross a plain connection only on this machine itself; anywhere else it is https or nothing.
Rule 2: an address carries no user, password, query or fragment: it is shown in logs and sentences.
Rule 3: one that is refused is repeated only where it can hold no password, whatever else is wrong with it: its text
        decides, since what no parser can read may hold one too.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import SplitResult, urlsplit, urlunsplit

from chorus_xl.domain.parameters import Environment
from chorus_xl.errors import SetupError

_TOKEN_PATH = "/api/oauth/token"  # noqa: S105 - a path, not a secret
_API_PATH = "/cpro"

# A scheme, a name or numbers, a port, a path: after a colon that begins no port, a password may stand.
_HARMLESS = re.compile(r"(?:[a-z]+://)?(?:[\w.-]*|\[[\da-f:.]*\]?)(?::\d{1,5})?(?:/[\w./~-]*)?", re.IGNORECASE)
_KNOWN_SCHEME = re.compile(r"https?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where tokens and the API are; both are completed with their usual paths when these are missing.

    >>> Endpoints("https://oauth.piste.gouv.fr", "https://api.piste.gouv.fr/cpro/").token_url
    'https://oauth.piste.gouv.fr/api/oauth/token'

    Raises:
        SetupError: an address is not https (plain http is for loopback alone), or is no plain address.
    """

    token_url: str
    api_url: str

    def __post_init__(self) -> None:
        token, api = _address(self.token_url), _address(self.api_url)
        token_path = token.path.rstrip("/") or _TOKEN_PATH
        api_path = api.path.rstrip("/").removesuffix(_API_PATH) + _API_PATH
        # Frozen for everybody else: an address is completed once, here.
        object.__setattr__(self, "token_url", urlunsplit(token._replace(path=token_path)))
        object.__setattr__(self, "api_url", urlunsplit(api._replace(path=api_path)))

    def operation(self, path: str) -> str:
        """The address of an operation, such as ``factures/v1/soumettre``."""
        return f"{self.api_url}/{path}"

    @property
    def hosts(self) -> frozenset[str | None]:
        """The names of both machines."""
        return frozenset(urlsplit(url).hostname for url in (self.token_url, self.api_url))

    @property
    def on_loopback(self) -> bool:
        """Whether both are on this machine."""
        return all(_is_loopback(host) for host in self.hosts)


def _address(url: str) -> SplitResult:
    address = _read(url)
    if address is None:  # said out here: what the parser raised names what it could not read
        raise SetupError("CX315", url=_shown(url))
    return address


def _read(url: str) -> SplitResult | None:
    """The address; ``None`` for one that is not private, not plain, or none at all."""
    try:
        address = urlsplit(url.strip())
        is_plain = not (address.username or address.password or address.query or address.fragment)
        is_named = bool((address.hostname or "").encode("idna")) and address.port != 0
    except ValueError:  # a port that is no number, an unclosed bracket, a name with an empty or a too long part
        return None
    is_private = address.scheme == "https" or (address.scheme == "http" and _is_loopback(address.hostname))
    return address if is_plain and is_named and is_private else None


def _shown(url: str) -> str:
    """What of a refused address a sentence may repeat: whoever writes a password into one has every log show it."""
    if _HARMLESS.fullmatch(url.strip()):
        return url
    scheme = _KNOWN_SCHEME.match(url.strip())
    return f"{scheme[0].lower()}//…" if scheme else "…"


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


PISTE: Mapping[Environment, Endpoints] = MappingProxyType(
    {
        # API notes §1.1, agreed by five clients at work (read 2026-11).
        Environment.QUALIFICATION: Endpoints(
            "https://sandbox-oauth.piste.gouv.fr/api/oauth/token", "https://sandbox-api.piste.gouv.fr/cpro"
        ),
        Environment.PRODUCTION: Endpoints(
            "https://oauth.piste.gouv.fr/api/oauth/token", "https://api.piste.gouv.fr/cpro"
        ),
    }
)
