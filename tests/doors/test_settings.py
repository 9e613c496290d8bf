"""Settings: which source wins, and what is refused."""

from pathlib import Path

import pytest

from chorus_xl.domain.parameters import Environment
from chorus_xl.errors import SetupError
from chorus_xl.settings import load


def written(home: Path, text: str) -> dict[str, str]:
    """The variables of a home folder whose settings file holds that text."""
    home.mkdir(exist_ok=True)
    (home / "chorus-xl.toml").write_text(text, encoding="utf-8")
    return {"CHORUS_XL_HOME": str(home)}


def test_a_variable_is_stronger_than_the_file_and_the_file_than_the_sheet(tmp_path: Path) -> None:
    variables = written(tmp_path, 'environment = "qualification"')

    by_file = load(variables).environment(Environment.REHEARSAL)
    by_variable = load({**variables, "CHORUS_XL_ENVIRONMENT": "production"}).environment(Environment.REHEARSAL)
    by_sheet = load({"CHORUS_XL_HOME": str(tmp_path / "empty")}).environment(Environment.QUALIFICATION)

    assert (by_file, by_variable, by_sheet) == (
        Environment.QUALIFICATION,
        Environment.PRODUCTION,
        Environment.QUALIFICATION,
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('client_secret = "x"', "CX506"),
        ('tech_password = "x"', "CX506"),
        ('journal = "postgresql+psycopg://clerk:x@server/db"', "CX506"),
        ('journal = "postgresql+psycopg://server/db?user=clerk&password=x"', "CX506"),
        ('enviroment = "production"', "CX507"),
        ("environment = ", "CX505"),
    ],
    ids=["secret", "password", "journal address", "journal query", "misspelt", "not TOML"],
)
def test_a_settings_file_that_cannot_be_trusted_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(SetupError, match=code) as caught:
        load(written(tmp_path, text))

    assert '"x"' not in str(caught.value)


@pytest.mark.parametrize("value", ["soon", "-1", "nan", "inf", ""])
def test_a_number_that_is_none_is_refused_with_its_place(tmp_path: Path, value: str) -> None:
    settings = load({"CHORUS_XL_HOME": str(tmp_path), "CHORUS_XL_CALL_INTERVAL": value})

    if value:
        with pytest.raises(SetupError, match=r"CX502.*CHORUS_XL_CALL_INTERVAL"):
            settings.call_interval(Environment.PRODUCTION)
    else:
        assert settings.call_interval(Environment.PRODUCTION) == 1.0


@pytest.mark.parametrize("asked", ["0", "1", "100000"])
def test_a_number_is_never_freed_while_a_call_may_be_under_way(tmp_path: Path, asked: str) -> None:
    settings = load({"CHORUS_XL_HOME": str(tmp_path), "CHORUS_XL_SETTLING_DELAY": asked})

    for environment in Environment:
        assert settings.settling_delay(environment) >= settings.longest_call(environment)


def test_a_secret_comes_from_the_environment_and_does_not_show(tmp_path: Path) -> None:
    settings = load({"CHORUS_XL_HOME": str(tmp_path), "CHORUS_XL_CLIENT_SECRET": "s3cret-of-nobody"})

    secret = settings.secret("client_secret", Environment.PRODUCTION)

    assert secret.reveal() == "s3cret-of-nobody"
    assert "s3cret" not in f"{secret} {secret!r}"
