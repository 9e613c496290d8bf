"""The head that Accueil shows is looked for in the journal before another is printed over it."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from chorus_xl.domain.columns import PRESS_ITEMS
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.heads import HEAD_UNKNOWN
from chorus_xl.domain.sheets import Changes, TableReplacement
from chorus_xl.errors import ExitCode, WorkbookError
from chorus_xl.messages import in_report
from chorus_xl.messages.words import EVENTS
from chorus_xl.steps.act import act
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.office import Office, Report
from chorus_xl.steps.refresh import refresh
from chorus_xl.steps.validate import validate
from chorus_xl.telling import as_document, exit_code
from chorus_xl.workbook.closed import ClosedWorkbook
from tests.bench import Bench, make_bench, row

Step = Callable[[Office], Report]


def press_deposit(office: Office) -> Report:
    return deposit(office, lambda _: True)


def press_act(office: Office) -> Report:
    return act(office, lambda _: True)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Three invoices that were deposited."""
    bench = make_bench(tmp_path, row("F-1"), row("F-2"), row("F-3"))
    press_deposit(bench.office())
    return bench


def cut(bench: Bench, count: int) -> None:
    """Whoever holds the file takes the last lines away, and puts the triggers back."""
    with closing(sqlite3.connect(bench.folder / "journal.sqlite")) as connection, connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DELETE FROM entries WHERE sequence > (SELECT max(sequence) FROM entries) - ?", [count])
        for _, statement in guards:
            connection.execute(statement)


def accueil(bench: Bench) -> dict[str, object]:
    table = bench.table("tblPression")
    return dict(zip(map(str, table["item"]), table["value"], strict=True))


def head(bench: Bench) -> str:
    return str(accueil(bench)[PRESS_ITEMS[-1]])


def unknown(report: Report) -> list[Finding]:
    return [notice for notice in report.notices if notice.code == "CX640"]


def noted(bench: Bench) -> list[str]:
    """The heads that the journal holds as missed."""
    with bench.open_journal() as journal:
        return [entry.details["head"] for entry in journal.entries() if entry.event == HEAD_UNKNOWN]


@pytest.mark.parametrize("step", [press_deposit, refresh, press_act], ids=["deposit", "refresh", "act"])
def test_a_tail_cut_since_the_last_press_is_said_by_the_next_and_stays_in_the_journal(bench: Bench, step: Step) -> None:
    shown = accueil(bench)
    printed = head(bench)
    cut(bench, 3)
    with bench.open_journal() as journal:
        left = journal.head()

    report = step(bench.office())

    (notice,) = unknown(report)
    said = in_report(notice)
    assert all(word in said for word in (printed, left, f"le {shown['Le']} par {shown['Par']}"))
    assert notice.severity is Severity.ERROR
    assert exit_code(report) is not ExitCode.DONE
    assert said in [each["message"] for each in as_document(report)["summary"]["notices"]]  # type: ignore[index]
    assert noted(bench) == [printed]
    assert head(bench) not in (printed, left)
    with bench.open_journal() as journal:
        assert journal.verify() == ()


def test_what_was_said_once_is_not_said_of_the_new_head_and_is_never_forgotten(bench: Bench) -> None:
    printed = head(bench)
    cut(bench, 3)

    reports = [refresh(bench.office()) for _ in range(3)]

    assert [len(unknown(report)) for report in reports] == [1, 0, 0]
    assert noted(bench) == [printed]


@pytest.mark.parametrize("step", [press_deposit, refresh, press_act, validate])
def test_a_head_that_is_still_in_the_journal_is_no_news(bench: Bench, step: Step) -> None:
    shutil.copy2(bench.file, bench.folder / "copie.xlsm")
    refresh(bench.office())  # the copy shows an older head now, which is in the chain

    report = step(bench.office(file=bench.folder / "copie.xlsm"))

    assert unknown(report) == []
    assert noted(bench) == []


def test_controler_says_it_before_anything_leaves_and_writes_nothing(bench: Bench) -> None:
    printed = head(bench)
    cut(bench, 3)

    report = validate(bench.office())

    assert len(unknown(report)) == 1
    assert (noted(bench), head(bench)) == ([], printed)


@pytest.mark.parametrize("why", ["another PC", "an older copy"])
def test_a_journal_that_never_had_the_line_says_so_too(bench: Bench, why: str) -> None:
    journal, kept = bench.folder / "journal.sqlite", bench.folder / "kept.sqlite"
    if why == "an older copy":
        shutil.copy2(journal, kept)
        bench.clock.pass_(60)
        bench.platform.status = "MISE_A_DISPOSITION"
        refresh(bench.office())
        shutil.copy2(kept, journal)
    else:
        journal.unlink()
    printed = head(bench)

    report = refresh(bench.office())

    assert printed in in_report(*unknown(report))
    assert noted(bench) == [printed]


def test_a_sheet_that_cannot_be_written_keeps_its_head_and_the_journal_notes_it_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = head(bench)
    cut(bench, 3)

    def refuse(*_: object) -> None:
        raise WorkbookError("CX164", file="x")

    with monkeypatch.context() as patch:
        patch.setattr(ClosedWorkbook, "write", refuse)
        first = refresh(bench.office())
    assert head(bench) == printed
    second = refresh(bench.office())

    assert (len(unknown(first)), len(unknown(second))) == (1, 1)
    assert noted(bench) == [printed]


@pytest.mark.parametrize("shown", [None, "journal vide", "à revoir"], ids=str)
def test_a_cell_that_shows_no_head_asks_nothing(bench: Bench, shown: str | None) -> None:
    workbook = ClosedWorkbook(bench.file, backups=None, today=lambda: bench.clock().date())
    values = [*list(accueil(bench).values())[:-1], shown]
    workbook.write(
        workbook.read(),
        Changes(replacements=(TableReplacement("tblPression", {"item": list(PRESS_ITEMS), "value": values}),)),  # type: ignore[dict-item]
    )
    cut(bench, 3)

    assert unknown(refresh(bench.office())) == []


def test_the_sheet_journal_shows_the_note_and_no_invoice_comes_of_it(bench: Bench) -> None:
    cut(bench, 1)

    refresh(bench.office())

    assert EVENTS[HEAD_UNKNOWN] in bench.table("tblJournal")["event"]
    with bench.open_journal() as journal:
        assert sorted(journal.records()) == ["F-1", "F-2", "F-3"]
