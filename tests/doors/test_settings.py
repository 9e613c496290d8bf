"""Settings: which source wins, and what is refused."""

from pathlib import Path

import pytest

from chorus_xl import bootstrap
from chorus_xl.bootstrap import credentials
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.supplier import Parameters
from chorus_xl.errors import SetupError
from chorus_xl.settings import load
from tests.bench import EAU

NO_TEXT = "\udcff"  # what Python makes of a byte that is no UTF-8, in a variable or typed


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


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://clerk:s3cret@server/db",
        "postgresql://clerk:s3/cret@server/db",
        "postgresql://clerk:/s3cret@server/db",
        "postgresql://clerk:s3:c?r#et@server/db",
        "postgresql://clerk@office:s3cret@server/db",
        "postgresql://:s3cret@server/db",
        "postgresql://clerk@server/db?sslmode=verify-full&password=s3cret",
        "postgresql://clerk@server/db?sslpassword=s3cret",
        "postgresql://clerk@server/db?PassWord=s3cret",
    ],
)
@pytest.mark.plants_secret("a password in the settings file is refused")
def test_a_password_in_the_journal_s_address_is_refused_wherever_it_stands(tmp_path: Path, address: str) -> None:
    with pytest.raises(SetupError, match="CX506") as caught:
        load(written(tmp_path, f"journal = '{address}'"))

    assert "s3" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://clerk@server:5432/db?sslmode=verify-full",
        "postgresql+psycopg://server/db",
        "postgresql://clerk@/db?host=/run/postgresql",
        "postgresql://clerk@[2001:db8::1]:5432/db",
        "sqlite:///C:/Users/clerk@office/journal.sqlite",
        "sqlite:////home/clerk:1@office/journal.sqlite",
    ],
)
def test_a_journal_s_address_without_a_password_may_stand_in_the_file(tmp_path: Path, address: str) -> None:
    assert load(written(tmp_path, f'journal = "{address}"')).journal_url() == address


@pytest.mark.parametrize(
    ("text", "variables", "told"),
    [
        ("", {}, []),
        ('environment = "repetition"', {}, []),
        ('environment = "production"', {}, [("Environnement", "Production", "chorus-xl.toml", "Répétition")]),
        (
            "",
            {"CHORUS_XL_ENVIRONMENT": "qualification"},
            [("Environnement", "Qualification", "CHORUS_XL_", "Répétition")],
        ),
        ("", {"CHORUS_XL_SUPPLIER_SIRET": "732 829 320 00074"}, []),
        ("", {"CHORUS_XL_SUPPLIER_SIRET": EAU}, [("SIRET du fournisseur", EAU, "CHORUS_XL_", "73282932000074")]),
    ],
    ids=["nothing", "the same", "file", "variable", "the same SIRET", "another SIRET"],
)
def test_a_setting_that_gives_the_lie_to_the_sheet_is_said_with_its_place(
    tmp_path: Path, text: str, variables: dict[str, str], told: list[tuple[str, str, str, str]]
) -> None:
    settings = load({**written(tmp_path, text), **variables})
    office = bootstrap.office(tmp_path / "b.xlsm", settings)

    warnings = office.surroundings(Parameters(supplier_siret="73282932000074")).warnings

    said = [finding.params for finding in warnings if finding.code == "CX554"]
    assert [(each["name"], each["value"], each["sheet"]) for each in said] == [(a, b, d) for a, b, _, d in told]
    assert all(place in each["place"] for each, (_, _, place, _) in zip(said, told, strict=True))


def test_a_sheet_that_names_no_supplier_is_not_contradicted(tmp_path: Path) -> None:
    settings = load({"CHORUS_XL_HOME": str(tmp_path), "CHORUS_XL_SUPPLIER_SIRET": EAU})

    assert bootstrap.office(tmp_path / "b.xlsm", settings).surroundings(Parameters()).warnings == ()


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


@pytest.mark.parametrize("name", ["CLIENT_ID", "TECH_LOGIN", "SUPPLIER_SIRET", "OAUTH_URL", "JOURNAL", "ENVIRONMENT"])
def test_a_setting_that_is_no_text_is_refused_and_not_repeated(tmp_path: Path, name: str) -> None:
    with pytest.raises(SetupError) as caught:
        load({"CHORUS_XL_HOME": str(tmp_path), f"CHORUS_XL_{name}": f"abc{NO_TEXT}"})

    assert (caught.value.code, caught.value.params) == ("CX553", {"name": f"CHORUS_XL_{name}"})
    assert caught.value.__context__ is None  # what the codec raised holds the value


@pytest.mark.parametrize("name", ["client_secret", "tech_password"])
@pytest.mark.parametrize("source", ["variable", "keyring"])
def test_a_secret_that_is_no_text_is_refused_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, source: str
) -> None:
    value = f"s3cret-of-nobody{NO_TEXT}"
    variable = f"CHORUS_XL_{name.upper()}"
    monkeypatch.setattr("keyring.get_password", lambda *_: value)
    settings = load({"CHORUS_XL_HOME": str(tmp_path)} | ({variable: value} if source == "variable" else {}))

    with pytest.raises(SetupError) as caught:
        settings.secret(name, Environment.PRODUCTION)

    assert (caught.value.code, caught.value.params) == ("CX553", {"name": variable})
    assert caught.value.__context__ is None


def test_a_technical_account_of_the_sheet_that_is_no_text_is_refused(tmp_path: Path) -> None:
    secrets = {"CHORUS_XL_CLIENT_SECRET": "s3cret-of-nobody", "CHORUS_XL_TECH_PASSWORD": "s3cret-of-nobody"}
    settings = load({"CHORUS_XL_HOME": str(tmp_path), "CHORUS_XL_CLIENT_ID": "client", **secrets})

    with pytest.raises(SetupError, match=r"CX553.*CHORUS_XL_TECH_LOGIN"):
        credentials(settings, Environment.PRODUCTION, f"TECH_1{NO_TEXT}@cpro.fr")
