"""A real PostgreSQL of the tests' own: a cluster in a temporary folder, on a loopback port, a database a test."""

import os
import re
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

OWNER, CLERK = "chorus_owner", "chorus_clerk"
KEEPER = "office_owner"  # owns a database without being the cluster's superuser, as ``OWNER`` is
_TEAM = Path(__file__).resolve().parents[1] / "docs" / "team.md"
# fsync: what the operating system was told survives a crash of the server, and no test pulls the plug.
_SETTINGS = """
fsync = off
listen_addresses = '127.0.0.1'
max_connections = 60
shared_buffers = 16MB
autovacuum = off
log_min_messages = fatal
"""

# Ends the server when its standard input does: even when the tests were killed.
_KEEPER = 'read _; folder="$1"; shift; cd /; "$@" -s -m immediate stop; rm -rf "$folder"'


def missing() -> str:
    """Why there can be no server here; ``""`` when there can."""
    if _binaries() is None:
        return "no PostgreSQL server is installed (initdb, pg_ctl)"
    return "" if find_spec("psycopg") else "psycopg is not installed"


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _binaries() -> Path | None:
    """The folder of the newest server's programs; Debian keeps them off the path."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent  # a link may be all that is on the path
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    return next((folder for folder in reversed(folders) if (folder / "initdb").is_file()), None)


def _program(name: str) -> tuple[str, ...]:
    """A program of the server, as the user that it wants."""
    binaries = _binaries()
    assert binaries is not None, missing()
    as_somebody = ("runuser", "-u", "postgres", "--") if _is_root() else ()  # it refuses to run as root
    return (*as_somebody, str(binaries / name))


class Postgres:
    """A running server; the owner of its databases, and every clerk, log in with a password."""

    def __init__(self) -> None:
        self.password = f"hush-{secrets.token_hex(4)}"
        self.port = 0
        self._folder = Path()
        self.names = count(1)
        self._keeper: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        if _is_root():
            shutil.chown(self._folder, "postgres")
        pwfile = self._folder / "password"
        pwfile.write_text(self.password)
        pwfile.chmod(0o644)
        self._run(
            "initdb",
            *("--pgdata", str(self._data), "--username", OWNER, "--pwfile", str(pwfile), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C", "--no-sync"),
        )
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        with (self._data / "postgresql.conf").open("a") as conf:
            conf.write(f"{_SETTINGS}port = {self.port}\nunix_socket_directories = '{self._folder}'\n")
        self._control("start")
        self._keeper = subprocess.Popen(  # noqa: S603 - our own script
            ["/bin/sh", "-c", _KEEPER, "keeper", str(self._folder), *_program("pg_ctl"), "-D", str(self._data)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self.query(f"CREATE ROLE {CLERK} LOGIN PASSWORD '{self.password}'")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._keeper is not None
        self._keeper.communicate(timeout=60)

    def new_database(self, encoding: str = "UTF8") -> str:
        """The address of an empty database, as its owner uses it."""
        name = f"journal_{next(self.names)}"
        self.query(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}'")
        return self.url(name)

    def emptied(self, name: str = "journal") -> str:
        """The address of a database that is as new, whatever it was before; sooner done than a new one."""
        if not self.query(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):  # noqa: S608 - our own name
            self.query(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        self.break_connections(name)
        self.query(f"ALTER DATABASE {name} CONNECTION LIMIT -1; ALTER DATABASE {name} RESET ALL")
        self.query(
            "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC", name
        )
        return self.url(name)

    def url(self, database: str, *, user: str = OWNER, port: int = 0, password: str = "") -> str:
        """An address of this server."""
        who = f"{user}:{password or self.password}"
        return f"postgresql+psycopg://{who}@127.0.0.1:{port or self.port}/{database}"

    def query(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Do something as the owner, who is the cluster's superuser."""
        import psycopg  # noqa: PLC0415 - only where there is a server

        address = self.url(database).replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def break_connections(self, database: str) -> int:
        """End every session on a database, as an administrator or a failing network would; how many there were."""
        ended = self.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "  # noqa: S608 - our own name
            f"WHERE datname = '{database}' AND pid <> pg_backend_pid()"
        )
        return len(ended)

    def restart(self) -> None:
        """As after a crash: no session is ended in good order, and what was not committed is gone."""
        self._control("restart", "-m", "immediate")

    def stop(self) -> None:
        """Be away, until ``start``."""
        self._control("stop", "-m", "fast")

    def start(self) -> None:
        """Be there again."""
        self._control("start")

    def tool(self, program: str, *arguments: str, user: str = OWNER, cwd: Path | None = None) -> None:
        """A client's program, such as ``pg_dump``, as that role."""
        binaries = _binaries()
        assert binaries is not None, missing()
        of_ours = {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": user, "PGPASSWORD": self.password}
        subprocess.run(  # noqa: S603 - the server's own programs
            [str(binaries / program), *arguments], cwd=cwd, env={**os.environ, **of_ours}, check=True, timeout=60
        )

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-w", "-s", "-l", str(self._folder / "log"), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603 - the server's own programs
            [*_program(program), *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would stay open as long as the server runs
            check=True,
            timeout=60,
        )


class Dumped:
    """An office's journal on a server, dumped and restored by the very commands of the page for teams.

    Args:
        postgres: the server.
        folder: for the dump.
    """

    def __init__(self, postgres: Postgres, folder: Path) -> None:
        self._postgres, self._folder = postgres, folder
        number = next(postgres.names)
        self._ours = {"chorus_restauree": f"restored_{number}", "chorus_owner": KEEPER, "chorus": f"office_{number}"}

    def office(self) -> str:
        """The address of the empty database that is to be dumped, as its owner uses it."""
        if not self._postgres.query(f"SELECT 1 FROM pg_roles WHERE rolname = '{KEEPER}'"):  # noqa: S608 - our own name
            self._postgres.query(f"CREATE ROLE {KEEPER} LOGIN PASSWORD '{self._postgres.password}'")
        self._do(OWNER, *on_the_page("sh", "createdb"))
        return self._postgres.url(self._ours["chorus"], user=KEEPER)

    def give_rights(self) -> None:
        """To the clerks, once the journal has its tables."""
        self._postgres.query("\n".join(on_the_page("sql rights")), self._ours["chorus"])

    def dump(self) -> None:
        """Into a file."""
        self._do(KEEPER, *on_the_page("sh backup", "pg_dump"))

    def restore(self, *, as_administrator: bool) -> str:
        """From that file into an empty database; its address, as its owner uses it."""
        self._do(OWNER, *on_the_page("sh restore", "createdb"))
        self._do(OWNER if as_administrator else KEEPER, *on_the_page("sh restore", "pg_restore"))
        return self._postgres.url(self._ours["chorus_restauree"], user=KEEPER)

    def _do(self, user: str, *commands: str) -> None:
        for command in commands:
            words = [re.sub(rf"\b({'|'.join(self._ours)})\b(?!-)", self._name, word) for word in shlex.split(command)]
            self._postgres.tool(*words, user=user, cwd=self._folder)

    def _name(self, found: re.Match[str]) -> str:
        return self._ours[found[0]]


def on_the_page(kind: str, program: str = "") -> list[str]:
    """The lines of the page for teams, in its blocks of that kind, that begin with that program."""
    blocks = re.findall(rf"^```{kind}\n(.*?)^```", _TEAM.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    found = [line for block in blocks for line in block.splitlines() if line.startswith(program)]
    assert found, f"{_TEAM.name} has no {program} in a block {kind!r}"
    return found
