"""Addresses are completed, and unsafe ones refused."""

import pytest

from chorus_xl.chorus.endpoints import PISTE, Endpoints
from chorus_xl.domain.parameters import Environment
from chorus_xl.errors import SetupError

API = "https://api.piste.gouv.fr"


@pytest.mark.parametrize(
    ("token_url", "completed"),
    [
        ("https://oauth.piste.gouv.fr", "https://oauth.piste.gouv.fr/api/oauth/token"),
        ("https://oauth.piste.gouv.fr/", "https://oauth.piste.gouv.fr/api/oauth/token"),
        (" https://oauth.piste.gouv.fr/api/oauth/token ", "https://oauth.piste.gouv.fr/api/oauth/token"),
        ("https://proxy.example/piste/token/", "https://proxy.example/piste/token"),
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765/api/oauth/token"),
    ],
)
def test_a_token_address_is_completed(token_url: str, completed: str) -> None:
    assert Endpoints(token_url, API).token_url == completed


@pytest.mark.parametrize(
    ("api_url", "completed"),
    [
        ("https://api.piste.gouv.fr", "https://api.piste.gouv.fr/cpro"),
        ("https://api.piste.gouv.fr/cpro/", "https://api.piste.gouv.fr/cpro"),
        ("https://proxy.example/piste", "https://proxy.example/piste/cpro"),
        ("http://[::1]:8765", "http://[::1]:8765/cpro"),
    ],
)
def test_an_api_address_is_completed(api_url: str, completed: str) -> None:
    endpoints = Endpoints("https://oauth.piste.gouv.fr", api_url)

    assert endpoints.operation("factures/v1/soumettre") == f"{completed}/factures/v1/soumettre"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.piste.gouv.fr",
        "http://127.0.0.1.example",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "127.0.0.1:8765",
        "https://",
        "https://a..example/path",
        "https://[::1",
        "oauth.piste.gouv.fr/api",
        "",
    ],
)
@pytest.mark.parametrize("place", ["token_url", "api_url"])
def test_an_address_that_is_not_private_or_not_plain_is_refused(url: str, place: str) -> None:
    addresses = {"token_url": "https://oauth.piste.gouv.fr", "api_url": API} | {place: url}

    with pytest.raises(SetupError) as raised:
        Endpoints(**addresses)

    assert (raised.value.code, raised.value.params) == ("CX315", {"url": url})


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:hunter2@oauth.piste.gouv.fr", "https://…"),
        ("https://oauth.piste.gouv.fr?key=hunter2", "https://…"),
        ("https://a.fr#hunter2", "https://…"),
        # Something else is wrong with it, too.
        ("https://user:hunter2@host:99999999/token", "https://…"),
        ("https://user:hunter2@[bad/token", "https://…"),
        ("https://user:hunter2@a..example", "https://…"),
        ("https:/user:hunter2@host", "https://…"),
        ("HTTP:\\\\user:hunter2@host", "http://…"),
        ("http://10.0.0.1/a?key=hunter2", "http://…"),
        # What looks like a scheme may be the user, or the password.
        ("user:hunter2@host/token", "…"),
        ("hunter2:@host/token", "…"),
        ("hunter2://user@host", "…"),
        ("ftp://user:hunter2@host", "…"),
        # The sign that would tell the password is missing, or another one stands for it.
        ("https://user:hunter2", "https://…"),
        ("https://user:hunter2/host", "https://…"),
        ("https://user:hunter2%40host", "https://…"),
        ("https://user:hunter2＠host", "https://…"),
        ("https://host:port", "https://…"),
        ("hunter2\nhttps://host", "…"),
    ],
)
def test_what_may_be_a_password_in_an_address_is_refused_and_not_repeated(url: str, shown: str) -> None:
    with pytest.raises(SetupError) as raised:
        Endpoints(url, API)

    assert (raised.value.code, raised.value.params) == ("CX315", {"url": shown})
    assert raised.value.__context__ is None  # what the parser raised names what it could not read


@pytest.mark.parametrize(
    ("api_url", "on_loopback"), [("http://127.0.0.1:1", True), ("http://localhost:1", True), (API, False)]
)
def test_both_addresses_decide_whether_all_is_on_this_machine(api_url: str, *, on_loopback: bool) -> None:
    assert Endpoints("http://127.0.0.1:1", api_url).on_loopback is on_loopback


def test_piste_is_known_for_both_platforms_and_rehearsal_has_none() -> None:
    assert {environment: endpoints.api_url for environment, endpoints in PISTE.items()} == {
        Environment.QUALIFICATION: "https://sandbox-api.piste.gouv.fr/cpro",
        Environment.PRODUCTION: "https://api.piste.gouv.fr/cpro",
    }
