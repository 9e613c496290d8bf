"""Whatever is done to the lines behind the journal's back is found, and where."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import IntegrityError

from chorus_xl.domain.lifecycle import Event
from chorus_xl.journal import SqlJournal
from chorus_xl.journal.chain import GENESIS, Break, ChainProblem, Line, seal, verify

OpenJournal = Callable[..., SqlJournal]

COLUMNS = (
    "sequence",
    "at",
    "environment",
    "supplier_siret",
    "invoice_number",
    "attempt",
    "event",
    "payload",
    '"user"',  # a word of PostgreSQL's own
    "machine",
    "previous_hash",
    "hash",
)


_DROP = {
    "sqlite": [f"DROP TRIGGER entries_no_{name}" for name in ("update", "delete", "replace")],
    "postgresql": ["DROP TRIGGER entries_append_only ON entries"],
}


def _copy_of_line_3(**but: str) -> str:
    return f"INTO entries SELECT {', '.join(but.get(name, name) for name in COLUMNS)} FROM entries WHERE sequence = 3"  # noqa: S608 - no outsider's text


@pytest.fixture
def heads(journal: SqlJournal) -> list[str]:
    """A journal of six lines, closed; the hash of each."""
    for number in ("F1", "F2", "F3"):
        journal.intend(number, {"total_with_vat": "120.00"})
        journal.record(number, Event.ACCEPT, {"chorus_invoice_id": "77"})
    heads = [entry.hash for entry in journal.entries()]
    journal.close()
    return heads


@contextmanager
def _behind_its_back(url: str, *, triggers: bool = False) -> Iterator[Connection]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            if not triggers:
                for statement in _DROP[engine.dialect.name]:
                    connection.exec_driver_sql(statement)
            yield connection
    finally:
        engine.dispose()


def _found(journal: SqlJournal, heads: tuple[str, ...] = ()) -> list[tuple[int, Break]]:
    return [(problem.sequence, problem.kind) for problem in journal.verify(heads)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET payload = '{}' WHERE sequence = 3",
        "UPDATE entries SET sequence = 9 WHERE sequence = 3",
        "DELETE FROM entries WHERE sequence = 6",
        "DELETE FROM entries",
    ],
)
def test_the_database_refuses_to_change_a_line(url: str, heads: list[str], opened: OpenJournal, statement: str) -> None:
    _is_refused(url, statement)

    journal = opened()
    assert [entry.hash for entry in journal.entries()] == heads
    assert journal.verify(heads) == ()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "REPLACE " + _copy_of_line_3(payload="'{}'"),
        "REPLACE " + _copy_of_line_3(sequence="7", previous_hash="'x'"),
        "REPLACE " + _copy_of_line_3(sequence="7", hash="'x'"),
        "REPLACE " + _copy_of_line_3(sequence="7", previous_hash="'x'", hash="'y'"),
    ],
)
def test_sqlite_refuses_to_replace_a_line(url: str, heads: list[str], opened: OpenJournal, statement: str) -> None:
    _is_refused(url, statement)

    assert opened().verify(heads) == ()


def _is_refused(url: str, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), _behind_its_back(url, triggers=True) as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("column", [name for name in COLUMNS if name not in ("sequence", "hash", "previous_hash")])
def test_a_changed_line_is_found(url: str, heads: list[str], opened: OpenJournal, column: str) -> None:
    with _behind_its_back(url) as connection:
        connection.exec_driver_sql(f"UPDATE entries SET {column} = '7' WHERE sequence = 3")  # noqa: S608 - no outsider's text

    assert (3, Break.CHANGED) in _found(opened())
    assert {sequence for sequence, _ in _found(opened())} == {3}
    assert heads


def test_a_changed_line_with_a_new_hash_breaks_the_next(url: str, heads: list[str], opened: OpenJournal) -> None:
    with _behind_its_back(url) as connection:
        line = connection.exec_driver_sql("SELECT * FROM entries WHERE sequence = 3").one()._asdict()
        own = seal({**line, "payload": "{}"})
        connection.exec_driver_sql(f"UPDATE entries SET payload = '{{}}', hash = '{own}' WHERE sequence = 3")  # noqa: S608 - no outsider's text

    assert _found(opened()) == [(4, Break.UNLINKED)]
    assert heads


@pytest.mark.parametrize(
    ("sequence", "found"),
    [
        (1, [(2, Break.GAP), (2, Break.UNLINKED)]),
        (3, [(4, Break.GAP), (4, Break.UNLINKED)]),
        (5, [(6, Break.GAP), (6, Break.UNLINKED)]),
    ],
)
def test_a_removed_line_is_found(
    url: str, heads: list[str], opened: OpenJournal, sequence: int, found: list[tuple[int, Break]]
) -> None:
    with _behind_its_back(url) as connection:
        connection.exec_driver_sql(f"DELETE FROM entries WHERE sequence = {sequence}")  # noqa: S608 - no outsider's text

    assert _found(opened()) == found
    assert heads


def test_a_cut_end_is_found_by_a_head_printed_earlier(url: str, heads: list[str], opened: OpenJournal) -> None:
    with _behind_its_back(url) as connection:
        connection.exec_driver_sql("DELETE FROM entries WHERE sequence > 4")

    journal = opened()
    assert journal.verify() == ()
    assert journal.verify([GENESIS, heads[2], heads[5]]) == (ChainProblem(5, Break.HEAD_LOST, heads[5]),)


def test_an_inserted_line_is_found(url: str, heads: list[str], opened: OpenJournal) -> None:
    forged = _copy_of_line_3(sequence="4", attempt="2", previous_hash="'x'", hash="'y'")
    with _behind_its_back(url) as connection:
        connection.exec_driver_sql("UPDATE entries SET sequence = -sequence - 1 WHERE sequence > 3")
        connection.exec_driver_sql("UPDATE entries SET sequence = -sequence WHERE sequence < 0")
        connection.exec_driver_sql("INSERT " + forged)

    found = _found(opened())
    assert found[:2] == [(4, Break.UNLINKED), (4, Break.CHANGED)]
    assert {sequence for sequence, _ in found} == {4, 5, 6, 7}
    assert heads


def test_two_lines_that_changed_places_are_found(url: str, heads: list[str], opened: OpenJournal) -> None:
    with _behind_its_back(url) as connection:
        connection.exec_driver_sql("UPDATE entries SET sequence = -sequence WHERE sequence IN (3, 4)")
        connection.exec_driver_sql("UPDATE entries SET sequence = sequence + 7 WHERE sequence < 0")

    assert {sequence for sequence, _ in _found(opened())} == {3, 4, 5}
    assert heads


def _chain(payloads: list[str]) -> list[Line]:
    lines: list[Line] = []
    previous = GENESIS
    for sequence, payload in enumerate(payloads, start=1):
        line: dict[str, str | int] = {"sequence": sequence, "payload": payload, "previous_hash": previous}
        previous = seal(line)
        lines.append({**line, "hash": previous})
    return lines


CHAINS = st.lists(st.text(max_size=3), min_size=2, max_size=8).map(_chain)


@given(CHAINS)
def test_an_honest_chain_holds(lines: list[Line]) -> None:
    assert verify(lines, [str(line["hash"]) for line in lines]) == ()


@given(CHAINS, st.data())
def test_any_line_that_another_replaces_is_found_there(lines: list[Line], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(lines) - 1))
    column = data.draw(st.sampled_from(sorted(lines[index])))
    other = data.draw(st.text().filter(lambda text: text != lines[index][column]))
    lines[index] = {**lines[index], column: 99 if column == "sequence" else other}

    problems = verify(lines)

    assert problems[0].sequence == int(lines[index]["sequence"])


@given(CHAINS, st.data())
def test_any_other_order_is_found(lines: list[Line], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(lines))).filter(lambda order: order != sorted(order)))
    moved = [{**lines[index], "sequence": place} for place, index in enumerate(order, start=1)]
    first = next(place for place, index in enumerate(order, start=1) if place != index + 1)

    assert verify(moved)[0].sequence == first


def test_an_empty_journal_is_whole() -> None:
    assert verify([]) == ()
    assert verify([], ["gone"]) == (ChainProblem(1, Break.HEAD_LOST, "gone"),)
