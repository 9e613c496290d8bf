"""A journal whose append-only triggers are gone, or are not what they were, says so; one that has them does not."""

from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, text

from chorus_xl.domain.heads import HEAD_UNKNOWN
from chorus_xl.journal import SqlJournal
from chorus_xl.journal.ledger import Verification, open_ledger

OpenJournal = Callable[..., SqlJournal]

_NOTHING = "CREATE TRIGGER {name} BEFORE DELETE ON entries BEGIN SELECT 1; END"
_TAMPERED = {
    "sqlite": {
        "dropped": (["DROP TRIGGER entries_no_delete"], ["entries_no_delete"]),
        "all of a table": (
            [f"DROP TRIGGER meta_{name}" for name in ("only_up", "no_delete", "no_replace")],
            ["meta_only_up", "meta_no_delete", "meta_no_replace"],
        ),
        "of the same name": (
            ["DROP TRIGGER entries_no_delete", _NOTHING.format(name="entries_no_delete")],
            ["entries_no_delete"],
        ),
    },
    "postgresql": {
        "dropped": (["DROP TRIGGER entries_append_only ON entries"], ["entries_append_only"]),
        "switched off": (["ALTER TABLE entries DISABLE TRIGGER entries_append_only"], ["entries_append_only"]),
        "all of a table": (["ALTER TABLE meta DISABLE TRIGGER USER"], ["meta_only_up", "meta_no_truncate"]),
        "of another function": (
            [
                (
                    "CREATE OR REPLACE FUNCTION entries_append_only() RETURNS trigger LANGUAGE plpgsql AS"
                    " $$ BEGIN RETURN NULL; END $$"
                )
            ],
            ["entries_append_only"],
        ),
        "of fewer events": (
            [
                "DROP TRIGGER entries_append_only ON entries",
                (
                    "CREATE TRIGGER entries_append_only BEFORE UPDATE ON entries FOR EACH STATEMENT"
                    " EXECUTE FUNCTION entries_append_only()"
                ),
            ],
            ["entries_append_only"],
        ),
    },
}
CASES = [(kind, how) for kind, ways in _TAMPERED.items() for how in ways]


def verified(url: str) -> Verification:
    with open_ledger(url) as ledger:
        return ledger.verify()


def test_a_journal_as_it_was_made_has_all_its_guards(url: str, opened: OpenJournal) -> None:
    opened().note("F1", "note", {"words": "one"})

    assert verified(url).unguarded == ()


@pytest.mark.parametrize(("url", "how"), CASES, indirect=["url"], ids=lambda value: value)
def test_a_guard_that_is_gone_or_changed_is_named_though_the_chain_holds(
    url: str, how: str, opened: OpenJournal
) -> None:
    opened().note("F1", "note", {"words": "one"})
    statements, names = _TAMPERED[url.partition("+")[0].partition(":")[0]][how]
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()

    found = verified(url)

    assert list(found.unguarded) == names
    assert found.faults == ()


def test_a_line_is_known_by_its_hash_whoever_wrote_it(opened: OpenJournal) -> None:
    journal, other = opened(), opened(environment="production", supplier_siret="22222222222222")
    journal.note("F1", "note", {"words": "one"})
    other.note("F2", "note", {"words": "two"})
    heads = [str(line["hash"]) for line in journal.lines()]

    assert [each.has_line(head) for each in (journal, other) for head in heads] == [True] * 4
    assert not journal.has_line("0" * 64)
    assert not journal.has_line("")


def test_a_note_on_the_journal_itself_is_a_line_and_no_record(url: str, opened: OpenJournal) -> None:
    journal = opened()
    journal.note("F1", "note", {"words": "one"})
    details = {"head": "a" * 64, "newest": journal.head()}
    journal.note("", HEAD_UNKNOWN, details)

    (missed,) = verified(url).missed

    assert list(journal.records()) == ["F1"]
    assert [entry.details for entry in journal.entries([""])] == [details]
    assert (missed.sequence, missed.by, missed.details) == (2, "agnes", details)
