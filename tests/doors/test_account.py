"""Who presses is who the operating system says, whatever a variable says."""

import sys

import pytest

from chorus_xl import account

VARIABLES = ("LOGNAME", "USER", "LNAME", "USERNAME")


@pytest.fixture
def _claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "somebody-else")


@pytest.mark.usefixtures("_claimed")
def test_a_variable_does_not_say_who_is_at_the_keyboard() -> None:
    assert account.account_name() not in ("somebody-else", account.UNKNOWN)


@pytest.mark.usefixtures("_claimed")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows always names the account")
@pytest.mark.parametrize(("variable", "expected"), [("LOGNAME", "somebody-else"), ("", account.UNKNOWN)])
def test_an_account_without_a_name_is_what_the_variables_say_or_unknown(
    monkeypatch: pytest.MonkeyPatch, variable: str, expected: str
) -> None:
    def nobody(_: int) -> None:
        raise KeyError("no such account")

    monkeypatch.setattr(account.pwd, "getpwuid", nobody)  # type: ignore[attr-defined]  # of POSIX
    for name in VARIABLES:
        if name != variable:
            monkeypatch.delenv(name)

    assert account.account_name() == expected
