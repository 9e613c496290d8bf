"""The search for secrets bites: each way of writing one, each place to hide it, and the whole session."""

import gzip
import sqlite3
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from fpdf import FPDF

from chorus_xl import simulator
from chorus_xl.secret import Secret
from tests.leaks import SECRETS, Search, secrets_in

PLANTED = "s3cret-that-is-planted"
ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.plants_secret("to see it found")


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "TECH_1_2@cpro.fr:"], ids=len)
@pytest.mark.parametrize("after", ["", "z", "zy", "zyx"], ids=len)
def test_a_secret_is_found_in_the_base64_of_any_longer_text(secret: str, before: str, after: str) -> None:
    assert secrets_in(b"-" + b64encode(f"{before}{secret}{after}".encode()) + b"-") == [secret]


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "UTF-16": lambda secret: secret.encode("utf-16"),
    "a form": lambda secret: urlencode({"client_secret": secret}).encode(),
    "cpro-account": lambda secret: b64encode(f"TECH_1@cpro.fr:{secret}".encode()),
}


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_found_however_it_is_written(secret: str, write: Callable[[str], bytes]) -> None:
    assert secrets_in(b"{" + write(secret) + b"}") == [secret]


def test_what_is_not_a_secret_is_not_found() -> None:
    assert secrets_in(f"{Secret(PLANTED)} {simulator.CLIENT_ID} {simulator.TECH_LOGIN}".encode()) == []
    assert secrets_in(b64encode(bytes(range(256)) * 40)) == []


def as_text(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def in_a_workbook_in_a_pack(path: Path, content: bytes) -> None:
    inner = path.with_suffix(".inner")
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", content * 9)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(inner, "ChorusInvoices.xlsm")
    inner.unlink()


def gzipped(path: Path, content: bytes) -> None:
    path.write_bytes(gzip.compress(content))


def in_a_pdf(path: Path, content: bytes) -> None:
    paper = FPDF()
    paper.set_font("helvetica")
    paper.add_page()
    paper.cell(text=content.decode())
    path.write_bytes(bytes(paper.output()))


def in_a_journal(path: Path, content: bytes) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE entry (detail TEXT)")
        db.execute("INSERT INTO entry VALUES (?)", (content.decode(),))
    db.close()


PLACES = (as_text, in_a_workbook_in_a_pack, gzipped, in_a_pdf, in_a_journal)


@pytest.mark.parametrize("plant", PLACES, ids=lambda plant: plant.__name__)
def test_a_secret_is_found_where_it_is_hidden(tmp_path: Path, plant: Callable[[Path, bytes], None]) -> None:
    (tmp_path / "folder").mkdir()
    plant(tmp_path / "folder" / "planted", PLANTED.encode())

    [found] = Search().folder(tmp_path)

    assert found.startswith(str(Path("folder/planted")))
    assert found.endswith("shows s3cret")


def test_a_token_is_a_secret_everywhere_but_at_the_platform(tmp_path: Path) -> None:
    with simulator.Server(tmp_path / "platform.sqlite") as server:
        answer = subprocess.run(  # noqa: S603 - a caller of its own: what it writes is ours
            [sys.executable, "-c", FETCH, server.token_url], capture_output=True, text=True, check=True
        )
        (tmp_path / "call.log").write_text(f"Authorization: Bearer {answer.stdout.strip()}\n", encoding="utf-8")
        found = list(Search().folder(tmp_path))

    assert found == ["call.log shows a token"]


FETCH = f"""
import sys, httpx
form = {{"grant_type": "client_credentials", "client_id": "{simulator.CLIENT_ID}",
        "client_secret": "{simulator.CLIENT_SECRET}"}}
print(httpx.post(sys.argv[1], data=form).json()["access_token"])
"""

CONFTEST = """
import pytest
from tests.leaks import Watch

def pytest_configure(config):
    config.addinivalue_line("markers", "plants_secret(why): on purpose")
    config.pluginmanager.register(Watch(), "leaks")
"""
SESSION = """
import logging, subprocess, sys, pytest
SECRET = "s3" + "cret-of-a-session"

def test_writes(tmp_path):
    (tmp_path / "left.log").write_text(SECRET)

def test_prints():
    print(SECRET)

def test_logs():
    logging.getLogger("httpx").warning(SECRET)

def test_starts_a_child():
    subprocess.run([sys.executable, "-c", "print('s3' + 'cret')"], capture_output=True)

@pytest.mark.plants_secret("to see it refused")
def test_plants(tmp_path):
    (tmp_path / "planted.toml").write_text(SECRET)

def test_is_innocent(tmp_path):
    (tmp_path / "innocent.log").write_text("Secret(***)")
    print("Secret(***)")
"""


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ("writes", ["left.log shows s3cret"]),
        ("prints", ["test_prints: Captured stdout call shows s3cret"]),
        ("logs", ["test_logs: Captured log call shows s3cret"]),
        ("child", ["test_starts_a_child: a child process shows s3cret"]),
        ("plants or innocent", []),
    ],
)
def test_a_session_that_shows_a_secret_fails_and_says_where(tmp_path: Path, chosen: str, shown: list[str]) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (tmp_path / "test_session.py").write_text(SESSION, encoding="utf-8")

    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "pytest", "-q", "-k", chosen, "--rootdir", str(tmp_path), "--basetemp", "base", "."],
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == (1 if shown else 0), done.stdout + done.stderr
    assert ("secrets shown" in done.stdout) == bool(shown)
    assert all(line in done.stdout for line in shown)
