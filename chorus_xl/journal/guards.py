"""The triggers that keep lines from being changed or deleted: whether they are all there, as they were made.

Rule 1: a trigger of the right name that does something else, or is switched off, is missing.
Rule 2: what should be there is read off the statements that make a journal of that version (``migrations``).
"""

import re
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, text

from chorus_xl.journal.migrations import statements_of

_TRIGGER = re.compile(r"CREATE TRIGGER (?P<name>\w+) (?P<when>.+?) ON (?P<table>\w+)\b")
_CALL = re.compile(r"EXECUTE FUNCTION (\w+)\(\)")
_FUNCTION = re.compile(r"CREATE FUNCTION (?P<name>\w+)\(\).*?\$\$(?P<body>.*)\$\$")

_BITS = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
"""Of ``pg_trigger.tgtype``."""

_OF_SQLITE = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
_OF_POSTGRESQL = text(
    """
    SELECT t.tgname, c.relname, t.tgtype, p.proname, p.prosrc
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND t.tgrelid IN (to_regclass('entries'), to_regclass('meta'))
    AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL
    """
)


def missing_guards(connection: Connection, version: int) -> tuple[str, ...]:
    """The names of the triggers that a journal of that version should have and has not."""
    dialect = connection.dialect.name
    statements = [_plain(statement) for statement in statements_of(version, dialect)]
    if dialect == "sqlite":
        wanted = _sqlite(statements)
        there = {(name, _plain(sql)) for name, sql in connection.execute(_OF_SQLITE)}
        return tuple(name for name, sql in wanted if (name, sql) not in there)
    found = {(*row[:-1], _plain(row[-1])) for row in connection.execute(_OF_POSTGRESQL)}
    return tuple(str(trigger[0]) for trigger in _postgresql(statements) if trigger not in found)


def _sqlite(statements: Iterable[str]) -> Iterator[tuple[str, str]]:
    for statement in statements:
        trigger = _TRIGGER.match(statement)
        if trigger:
            yield trigger["name"], statement


def _postgresql(statements: Iterable[str]) -> Iterator[tuple[object, ...]]:
    bodies: dict[str, str] = {}
    for statement in statements:
        function, trigger, call = _FUNCTION.match(statement), _TRIGGER.match(statement), _CALL.search(statement)
        if function:
            bodies[function["name"]] = _plain(function["body"])
        elif trigger and call:
            kind = sum(_BITS[word] for word in re.findall(r"BEFORE|INSERT|DELETE|UPDATE|TRUNCATE", trigger["when"]))
            kind += _BITS["ROW"] if "FOR EACH ROW" in statement else 0
            yield trigger["name"], trigger["table"], kind, call[1], bodies[call[1]]


def _plain(statement: str) -> str:
    """The statement, however it is spaced."""
    return " ".join(statement.split())
