"""Secrets into a keyring that lives in memory, and out again; and a PC that has none."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import PasswordDeleteError
from typer.testing import CliRunner

from chorus_xl import login
from chorus_xl.cli import app
from chorus_xl.domain.parameters import Environment
from chorus_xl.errors import SetupError
from chorus_xl.secret import Secret
from chorus_xl.settings import load

TYPED = {"client_secret": Secret("s3cret-of-piste"), "tech_password": Secret("s3cret:of=chorus")}


class InMemory(KeyringBackend):
    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError("there is none")
        del self.kept[service, username]


@pytest.fixture
def ring() -> Iterator[InMemory]:
    before, backend = keyring.get_keyring(), InMemory()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.mark.usefixtures("ring")
def test_settings_find_what_login_kept_in_its_environment_alone(tmp_path: Path) -> None:
    settings = load({"CHORUS_XL_HOME": str(tmp_path)})

    told = login.keep(settings, Environment.QUALIFICATION, TYPED)

    assert [line.code for line in told] == ["CX575"]
    for name, secret in TYPED.items():
        assert settings.secret(name, Environment.QUALIFICATION).reveal() == secret.reveal()
        with pytest.raises(SetupError, match="CX504"):
            settings.secret(name, Environment.PRODUCTION)


def test_forgetting_removes_them_and_twice_does_no_harm(ring: InMemory, tmp_path: Path) -> None:
    login.keep(load({"CHORUS_XL_HOME": str(tmp_path)}), Environment.PRODUCTION, TYPED)
    login.keep(load({"CHORUS_XL_HOME": str(tmp_path)}), Environment.QUALIFICATION, TYPED)

    told = [login.forget(Environment.PRODUCTION), login.forget(Environment.PRODUCTION)]

    assert [line.code for lines in told for line in lines] == ["CX576", "CX576"]
    assert sorted(name for _, name in ring.kept) == ["qualification/client_secret", "qualification/tech_password"]


@pytest.mark.usefixtures("ring")
def test_a_variable_that_is_stronger_is_told(tmp_path: Path) -> None:
    settings = load({"CHORUS_XL_HOME": str(tmp_path), "CHORUS_XL_TECH_PASSWORD": "s3cret-of-before"})

    told = login.keep(settings, Environment.PRODUCTION, TYPED)

    assert [line.code for line in told] == ["CX575", "CX578"]
    assert told[1].params == {"name": "CHORUS_XL_TECH_PASSWORD"}


def test_what_is_typed_and_is_no_text_is_refused_and_nothing_is_kept(ring: InMemory, tmp_path: Path) -> None:
    typed = TYPED | {"tech_password": Secret("s3cret-of-chorus\udcff")}

    with pytest.raises(SetupError, match=r"CX553.*CHORUS_XL_TECH_PASSWORD") as caught:
        login.keep(load({"CHORUS_XL_HOME": str(tmp_path)}), Environment.PRODUCTION, typed)

    assert "s3cret" not in str(caught.value)
    assert ring.kept == {}


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring], ids=["none at all", "one that forgets"])
def test_a_pc_without_a_keyring_is_told_the_other_way(
    ring: InMemory, tmp_path: Path, backend: type[KeyringBackend]
) -> None:
    keyring.set_keyring(backend())

    with pytest.raises(SetupError, match="CX577") as caught:
        login.keep(load({"CHORUS_XL_HOME": str(tmp_path)}), Environment.PRODUCTION, TYPED)

    assert "s3cret" not in str(caught.value)
    assert ring.kept == {}


def test_what_is_typed_is_kept_and_not_shown(ring: InMemory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHORUS_XL_HOME", str(tmp_path))

    done = CliRunner().invoke(app, ["login", "--environment", "qualification"], input="s3cret-one\ns3cret-two\n")

    assert done.exit_code == 0, done.output
    assert set(ring.kept.values()) == {"s3cret-one", "s3cret-two"}
    assert "s3cret" not in done.output
    assert "CX575" in done.stdout


def test_the_command_on_a_pc_without_a_keyring_ends_with_3(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chorus_xl", "login", "--forget"],
        env={
            "CHORUS_XL_HOME": str(tmp_path),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "PYTHONIOENCODING": "utf-8",
        },
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

    assert done.returncode == 3
    assert "CHORUS_XL_CLIENT_SECRET" in done.stderr
