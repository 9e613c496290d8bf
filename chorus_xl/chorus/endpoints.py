"""Where tokens and the API of Chorus Pro are.

Rule 1: secrets cross a plain connection only on this machine itself; anywhere else it is https or nothing.
Rule 2: an address carries no user, password, query or fragment: it is shown in logs and sentences.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import SplitResult, urlsplit, urlunsplit

from chorus_xl.domain.parameters import Environment
from chorus_xl.errors import SetupError

_TOKEN_PATH = "/api/oauth/token"  # noqa: S105 - a path, not a secret
_API_PATH = "/cpro"


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
    try:
        address = urlsplit(url.strip())
        is_plain = not (address.username or address.password or address.query or address.fragment)
        is_named = bool((address.hostname or "").encode("idna")) and address.port != 0
    except ValueError:  # a port that is no number, an unclosed bracket, a name with an empty or a too long part
        raise SetupError("CX315", url=url) from None
    is_private = address.scheme == "https" or (address.scheme == "http" and _is_loopback(address.hostname))
    if not (is_plain and is_named and is_private):
        # Whoever writes a password into an address has it shown by every log: it is not repeated here.
        raise SetupError("CX315", url=url if is_plain else f"{address.scheme}://…")
    return address


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
