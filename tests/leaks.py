"""No file, log, error or output of the whole suite shows one of the suite's secrets.

Rule 1: searched are all files below pytest's base folder when the session ends, what tests printed and logged, and what
        their child processes said. Archives, compressed streams and PDFs are searched inflated.
Rule 2: a secret is searched for in plain, in UTF-16, as a form encodes it, and in base64 at each of the three places
        where it may stand in a longer text: ``cpro-account`` holds the password after the login.
Rule 3: tokens that a stand-in gave out are secrets too, for everybody but the stand-in: they are read from its own
        state and searched for in all other files.
Rule 4: a test that puts a secret into a file on purpose, to see it refused, says why:
        ``@pytest.mark.plants_secret("…")``. Its folder is then left out.
"""

import io
import re
import sqlite3
import subprocess
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest

from chorus_xl import simulator
from tests.chorus import app

SECRETS = (
    "s3cret",  # how every invented secret of the suite begins
    simulator.CLIENT_SECRET,
    simulator.TECH_PASSWORD,
    app.CLIENT_SECRET,
    app.PASSWORD,
    app.TOKEN.partition("{")[0],
)
MOST = 64 * 1024 * 1024
"""Bytes of one file or archive member that are searched: a bomb is not inflated further."""

_TOKEN = re.compile(rb"(?<![\w-])[\w-]{54}(?![\w-])")
_STREAM = re.compile(rb"stream\r?\n")
_DATABASE = b"SQLite format 3\x00"


def forms(secret: str) -> set[bytes]:
    """How the secret may be written."""
    plain = secret.encode()
    return {plain, secret.encode("utf-16-le"), quote_plus(secret).encode(), *map(bytes, _in_base64(plain))}


def _in_base64(plain: bytes) -> Iterator[bytes]:
    """What of the base64 of any text that holds it depends on nothing else of that text."""
    for before in range(3):
        bits = 8 * before, 8 * (before + len(plain))
        yield b64encode(bytes(before) + plain)[-(-bits[0] // 6) : bits[1] // 6]


_FORMS = {form: secret for secret in SECRETS for form in forms(secret)}
_ANY = re.compile(b"|".join(map(re.escape, sorted(_FORMS, key=len, reverse=True))))


def secrets_in(data: bytes, tokens: frozenset[bytes] = frozenset()) -> list[str]:
    """The secrets that the bytes show."""
    found = {_FORMS[hit[0]] for hit in _ANY.finditer(data)}
    if tokens and not tokens.isdisjoint(_TOKEN.findall(data)):
        found.add("a token")
    return sorted(found)


@dataclass
class Search:
    """One search through a folder; equal parts are looked at once."""

    tokens: frozenset[bytes] = frozenset()
    _seen: set[tuple[int, int]] = field(default_factory=set)

    def folder(self, folder: Path, left_out: Iterable[Path] = ()) -> Iterator[str]:
        """Where a secret was found, and which."""
        files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
        kept = [path for path in files if not any(path.is_relative_to(other) for other in left_out)]
        self.tokens |= frozenset(token for path in kept for token in tokens_given_out(path))
        for path in kept:
            with suppress(OSError):  # a lock, a file that another user owns
                with path.open("rb") as stream:
                    data = stream.read(MOST)
                tokens = frozenset[bytes]() if _is_stand_in(data, path) else self.tokens
                for name, secret in self._file(data, tokens):
                    yield f"{path.relative_to(folder)}{name} shows {secret}"

    def _file(self, data: bytes, tokens: frozenset[bytes], name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
        mark = zlib.crc32(data), len(data)
        if mark in self._seen:
            return
        self._seen.add(mark)
        yield from ((name, secret) for secret in secrets_in(data, tokens))
        for member, content in _inside(data) if depth < 3 else ():  # a workbook in a pack in a pack
            yield from self._file(content, tokens, f"{name}!{member}", depth + 1)


def _inside(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What an archive, a compressed stream or a PDF holds; of a damaged one, what can be read."""
    if data.startswith(b"PK\x03\x04"):
        with suppress(Exception), zipfile.ZipFile(io.BytesIO(data)) as archive:  # tests make archives of every badness
            for entry in archive.infolist():
                with suppress(Exception), archive.open(entry) as member:
                    yield entry.filename, member.read(MOST)
    elif data.startswith(b"\x1f\x8b"):
        with suppress(zlib.error):
            yield "gzip", zlib.decompressobj(31).decompress(data, MOST)
    elif b"%PDF-" in data[:1024]:
        for number, start in enumerate(_STREAM.finditer(data)):
            with suppress(zlib.error):
                yield f"stream {number}", zlib.decompressobj().decompress(data[start.end() :], MOST)


def _is_stand_in(data: bytes, path: Path) -> bool:
    """Whether this is the state of a stand-in, which must know its own tokens: the platform's side, not ours."""
    beside = path.name.removesuffix("-wal").removesuffix("-shm")
    return path.name != beside or (data.startswith(_DATABASE) and b"CREATE TABLE token" in data)


def tokens_given_out(path: Path) -> list[bytes]:
    """By the stand-in that keeps its state there; none where it is anything else."""
    with path.open("rb") as stream:
        if stream.read(len(_DATABASE)) != _DATABASE:
            return []
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        return [value.encode() for (value,) in db.execute("SELECT value FROM token")]
    return []


class Watch:
    """The plugin: what tests say is searched as they run, what they wrote when all is over."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._planted: list[Path] = []

    @pytest.fixture(autouse=True)
    def _watched_children(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        """Child processes are heard; a test that plants a secret is noted."""
        if marker := request.node.get_closest_marker("plants_secret"):
            assert marker.args, "say why"
            if "tmp_path" in request.fixturenames:
                self._planted.append(request.getfixturevalue("tmp_path"))
            return
        communicate = subprocess.Popen.communicate

        def heard(process: "subprocess.Popen[Any]", *args: Any, **kwargs: Any) -> tuple[Any, Any]:  # noqa: ANN401
            said = communicate(process, *args, **kwargs)
            for words in said:
                self._hear(request.node.nodeid, "a child process", words or "")
            return said

        monkeypatch.setattr(subprocess.Popen, "communicate", heard)

    def _hear(self, test: str, who: str, words: str | bytes) -> None:
        data = words.encode("utf-8", "replace") if isinstance(words, str) else words
        self.found += [f"{test}: {who} shows {secret}" for secret in secrets_in(data)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What the test printed and logged."""
        for section, words in report.sections:
            self._hear(report.nodeid, section, words)

    @pytest.hookimpl(tryfirst=True)  # before pytest clears folders away
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Search what was written, and fail the session for what is found."""
        factory: pytest.TempPathFactory = session.config._tmp_path_factory  # type: ignore[attr-defined]  # no public way
        if factory._basetemp is not None:
            self.found += Search().folder(factory._basetemp, self._planted)
        if self.found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name each place."""
        if self.found:
            terminalreporter.section("secrets shown", red=True)
            for line in self.found:
                terminalreporter.line(line)
