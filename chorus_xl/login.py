"""Secrets into the operating system's keyring, and out of it again.

Rule 1: this module writes where ``settings`` reads, and nowhere else; a secret is never shown,
        logged or kept in a file.
Rule 2: a keyring that does not give back what it was given is none: it is told, with the other way.
"""

from collections.abc import Mapping

import keyring
from keyring.errors import KeyringError, PasswordDeleteError

from chorus_xl.domain.parameters import Environment
from chorus_xl.errors import SetupError
from chorus_xl.messages.told import Sign, Told
from chorus_xl.secret import Secret
from chorus_xl.settings import KEYRING_SERVICE, PREFIX, TOML_NAME, Settings, ensure_text

SECRETS = ("client_secret", "tech_password")
"""What is asked for, by the names of ``settings``."""


def keep(settings: Settings, environment: Environment, secrets: Mapping[str, Secret]) -> tuple[Told, ...]:
    """Store the secrets of an environment.

    Raises:
        SetupError: this PC has no keyring that can be used, or a secret is no text; nothing was kept.
    """
    for name, secret in secrets.items():
        ensure_text(name, secret.reveal())
    try:
        for name, secret in secrets.items():
            keyring.set_password(KEYRING_SERVICE, f"{environment.value}/{name}", secret.reveal())
        is_kept = all(_found(environment, name) == secret.reveal() for name, secret in secrets.items())
    except KeyringError:
        is_kept = False
    if not is_kept:
        raise SetupError("CX577", backend=_backend())
    params = {"environment": environment.label, "toml": str(settings.home / TOML_NAME)}
    stronger = [PREFIX + name.upper() for name in secrets if settings.variables.get(PREFIX + name.upper())]
    return (
        Told("login", Sign.FINE, "CX575", params),
        *(Told("login", Sign.LOOK, "CX578", {"name": name}) for name in stronger),
    )


def forget(environment: Environment) -> tuple[Told, ...]:
    """Remove the secrets of an environment.

    Raises:
        SetupError: this PC has no keyring that can be used.
    """
    for name in SECRETS:
        try:
            if _found(environment, name) is not None:
                keyring.delete_password(KEYRING_SERVICE, f"{environment.value}/{name}")
        except PasswordDeleteError:
            pass  # somebody else removed it meanwhile
        except KeyringError:
            raise SetupError("CX577", backend=_backend()) from None
    return (Told("login", Sign.FINE, "CX576", {"environment": environment.label}),)


def _found(environment: Environment, name: str) -> str | None:
    return keyring.get_password(KEYRING_SERVICE, f"{environment.value}/{name}")


def _backend() -> str:
    return type(keyring.get_keyring()).__module__
