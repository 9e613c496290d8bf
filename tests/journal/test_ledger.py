"""The whole journal of a database: every change made behind its back is found, and told where."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from chorus_xl.domain.lifecycle import Event, State
from chorus_xl.errors import JournalError
from chorus_xl.journal import SqlJournal
from chorus_xl.journal.chain import GENESIS, seal
from chorus_xl.journal.engine import connect, transaction
from chorus_xl.journal.ledger import IMPOSSIBLE, Scope, Verification, open_ledger

OpenJournal = Callable[..., SqlJournal]

OURS, OTHER = Scope("repetition", "11111111111111"), Scope("production", "22222222222222")
LINES = 7


@pytest.fixture
def heads(opened: OpenJournal) -> list[str]:
    """A journal of seven lines for two environments and suppliers, closed; the hash of each."""
    journal = opened()
    for number in ("F1", "F2"):
        journal.intend(number, {"total_with_vat": "120.00"})
        journal.record(number, Event.ACCEPT, {"chorus_invoice_id": "77"})
    other = opened(environment=OTHER.environment, supplier_siret=OTHER.supplier_siret)
    other.intend("F1", {})
    other.record("F1", Event.LOSE, {"cause": "read_timeout"})
    other.record("F1", Event.MISS, {})
    heads = [entry.hash for entry in (*journal.entries(), *other.entries())]
    journal.close()
    other.close()
    return heads


def tamper(url: str, *statements: str) -> None:
    """What somebody does who holds the database: first the triggers go."""
    drops = {
        "sqlite": [f"DROP TRIGGER entries_no_{name}" for name in ("update", "delete", "replace")],
        "postgresql": ["DROP TRIGGER entries_append_only ON entries"],
    }
    engine = create_engine(connect(url).url)
    with engine.begin() as connection:
        for statement in (*drops[engine.dialect.name], *statements):
            connection.execute(text(statement))
    engine.dispose()


def verify(url: str, heads: tuple[str, ...] = ()) -> Verification:
    with open_ledger(url) as ledger:
        return ledger.verify(heads)


def faults(url: str, heads: tuple[str, ...] = ()) -> list[tuple[int, str]]:
    return [(fault.sequence, fault.kind) for fault in verify(url, heads).faults]


def test_a_whole_journal_is_told_by_scope_period_and_head(url: str, heads: list[str]) -> None:
    found = verify(url, tuple(heads))

    assert (found.lines, found.head, found.faults) == (LINES, heads[-1], ())
    assert found.scopes == {OURS: 4, OTHER: 3}
    assert found.first.startswith("2026-11-23T08:00:00")
    assert found.last > found.first
    with open_ledger(url) as ledger:
        assert (ledger.head(), ledger.count()) == (heads[-1], LINES)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ('UPDATE entries SET payload = \'{"total_with_vat":"999.00"}\' WHERE sequence = 3', [(3, "changed")]),
        ("UPDATE entries SET machine = 'another' WHERE sequence = 5", [(5, "changed")]),
        ("UPDATE entries SET environment = 'production' WHERE sequence = 4", [(4, "changed"), (4, IMPOSSIBLE)]),
        ("DELETE FROM entries WHERE sequence = 6", [(7, "gap"), (7, "unlinked")]),
        ("DELETE FROM entries WHERE sequence = 1", [(2, "gap"), (2, "unlinked"), (2, IMPOSSIBLE)]),
        (
            "UPDATE entries SET sequence = CASE sequence WHEN 102 THEN 3 ELSE 2 END WHERE sequence > 100",
            [(2, "unlinked"), (2, "changed"), (3, "unlinked"), (3, "changed"), (4, "unlinked")],
        ),
    ],
    ids=["a row changed", "a machine changed", "an environment changed", "removed", "the first removed", "reordered"],
)
def test_what_is_done_to_the_lines_is_found_and_placed(
    url: str, heads: list[str], statement: str, expected: list[tuple[int, str]]
) -> None:
    aside = "UPDATE entries SET sequence = sequence + 100 WHERE sequence IN (2, 3)"
    tamper(url, *([aside] if "100" in statement else []), statement)

    assert faults(url) == expected
    assert heads


def test_a_fault_names_the_moment_and_the_invoice(url: str, heads: list[str]) -> None:
    tamper(url, "UPDATE entries SET attempt = 9 WHERE sequence = 3")

    (fault,) = verify(url).faults

    assert (fault.invoice_number, fault.at[:16], fault.hash) == ("F2", "2026-11-23T08:00", heads[2])


def test_an_inserted_line_is_found(url: str, heads: list[str]) -> None:
    columns = 'environment, supplier_siret, invoice_number, attempt, event, payload, "user", machine'
    tamper(
        url,
        f"INSERT INTO entries (sequence, at, {columns}, previous_hash, hash) "  # noqa: S608 - no outsider's text
        f"SELECT 8, at, {columns}, 'x', 'y' FROM entries WHERE sequence = 4",
    )

    assert faults(url) == [(8, "unlinked"), (8, "changed")]
    assert heads


def test_a_cut_end_is_found_by_heads_printed_earlier(url: str, heads: list[str]) -> None:
    tamper(url, "DELETE FROM entries WHERE sequence > 5")

    assert faults(url) == []
    assert faults(url, (heads[2], heads[6], heads[5])) == [(6, "head_lost"), (6, "head_lost")]
    assert {fault.hash for fault in verify(url, (heads[2], heads[6], heads[5])).faults} == {heads[5], heads[6]}


def test_a_chain_forged_whole_that_tells_an_impossible_story_is_told(url: str, heads: list[str]) -> None:
    """Who holds the file can seal every line again; what it then says must still be possible."""
    with open_ledger(url) as ledger:
        lines = [dict(line) for line in ledger.lines()]
    lines[1]["event"] = "release"  # nobody releases a number that was just intended
    previous = GENESIS
    statements = []
    for line in lines:
        line["previous_hash"] = previous
        previous = line["hash"] = seal(line)
        statements.append(
            f"UPDATE entries SET event = '{line['event']}', previous_hash = '{line['previous_hash']}', "  # noqa: S608 - no outsider's text
            f"hash = '{line['hash']}' WHERE sequence = {line['sequence']}"
        )
    tamper(url, *reversed(statements))

    assert faults(url) == [(2, IMPOSSIBLE)]
    assert faults(url, (heads[-1],)) == [(2, IMPOSSIBLE), (8, "head_lost")]


def test_a_payload_that_is_no_json_breaks_no_reading(url: str, heads: list[str]) -> None:
    tamper(url, "UPDATE entries SET payload = 'no JSON' WHERE sequence IN (1, 4)")

    assert (1, "changed") in faults(url)
    assert (4, "changed") in faults(url)
    assert heads


def test_lines_are_filtered_by_environment_number_and_period(url: str, heads: list[str]) -> None:
    with open_ledger(url) as ledger:
        everything = list(ledger.lines())
        asked: list[dict[str, str]] = [
            {"environment": "production"},
            {"number": "F1"},
            {"number": "F1", "environment": "repetition"},
            {"since": str(everything[5]["at"])},
            {"until": str(everything[2]["at"])},
            {"number": "F9"},
        ]
        found = [[line["sequence"] for line in ledger.lines(**each)] for each in asked]

    assert [line["hash"] for line in everything] == heads
    assert found == [[5, 6, 7], [1, 2, 5, 6, 7], [1, 2], [6, 7], [1, 2], []]


def test_a_number_is_known_wherever_it_stands(url: str, heads: list[str]) -> None:
    with open_ledger(url) as ledger:
        known = ledger.records("F1")

    assert {scope: record.state for scope, record in known.items()} == {OURS: State.ACCEPTED, OTHER: State.MISSED}
    assert heads


def test_a_journal_that_is_not_there_is_said_and_not_made(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite"

    with pytest.raises(JournalError) as error, open_ledger(f"sqlite:///{file}"):
        pass

    assert (error.value.code, file.exists()) == ("CX600", False)


def test_nothing_is_written_by_reading(url: str, heads: list[str]) -> None:
    with (
        open_ledger(url) as ledger,
        pytest.raises(JournalError) as error,
        transaction(ledger._engine, write=False) as connection,
    ):
        connection.execute(text("INSERT INTO meta (name, value) VALUES ('x', '1')"))

    assert error.value.code in {"CX515", "CX623"}
    assert heads
