"""What every test may use; the watch for secrets (``leaks``); ``--require-all``: a skip is a failure (CI)."""

import shutil
import socket
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.leaks import Watch
from tests.postgres import Postgres, missing

ROOT = Path(__file__).resolve().parent.parent
SWAGGER = ROOT.parent / "shared" / "reference" / "chorus-pro-factures-swagger-2020.json"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--require-all", action="store_true", help="a test that would skip fails instead (for CI)")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "plants_secret(why): puts a secret of the suite into a file on purpose")
    config.pluginmanager.register(Watch(), "leaks")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if item.config.getoption("--require-all") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped under --require-all: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice's command."""
    path = shutil.which("soffice")
    if path is None:
        pytest.skip("LibreOffice (soffice) is not on the path")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL server."""
    if reason := missing():
        pytest.skip(reason)
    with Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def swagger() -> Path:
    """The official swagger of Chorus Pro's invoices, which the project does not carry."""
    if not SWAGGER.is_file():
        pytest.skip("the official swagger file is not beside the project")
    return SWAGGER


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test talks to anything but this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert isinstance(address, tuple)
            assert address[0] in ("127.0.0.1", "::1"), f"a test tried to reach {address}"
        connect(self, address)  # type: ignore[arg-type]  # whatever the caller gave

    monkeypatch.setattr(socket.socket, "connect", guarded)
