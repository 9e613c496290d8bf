"""The file is replaced whole or not at all, and its first state of the day is kept."""

import errno
import os
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from chorus_xl.domain.sheets import Changes, TableChange
from chorus_xl.errors import WorkbookError
from chorus_xl.workbook.closed import ClosedWorkbook
from chorus_xl.workbook.saving import COPIES_KEPT
from tests.workbook.sample import Sample, invoice, opened, write_cells


def write(path: Path, verdict: str, *, backups: Path | None = None, today: date = date(2026, 11, 23)) -> None:
    book = ClosedWorkbook(path, backups=backups, today=lambda: today)
    book.write(book.read(), Changes(cells=(TableChange("tblFactures", [5], {"verdict": [verdict]}),)))


class DiedError(BaseException):
    """The process is gone: nothing of ours catches this."""


@pytest.mark.parametrize("step", ["mkstemp", "fsync", "replace"])
def test_dying_at_any_step_leaves_the_old_file_whole(path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    Sample(invoices=[invoice("F1")]).save(path)
    before = path.read_bytes()

    def die(*_: object, **__: object) -> None:
        raise DiedError

    with monkeypatch.context() as fuse:
        fuse.setattr(f"tempfile.{step}" if step == "mkstemp" else f"os.{step}", die)
        with pytest.raises(DiedError):
            write(path, "Prête")

    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_temporary_file_left_by_a_killed_process_does_no_harm(path: Path) -> None:
    Sample(invoices=[invoice("F1")]).save(path)
    left = path.with_name(".ChorusInvoices-abcd.tmp")
    left.write_bytes(b"PK half a file")

    write(path, "Prête")

    assert opened(path).read().invoices.frame["verdict"].tolist() == ["Prête"]
    assert left.read_bytes() == b"PK half a file"


def test_the_replacement_keeps_the_permissions(path: Path) -> None:
    Sample(invoices=[invoice("F1")]).save(path)
    path.chmod(0o664)

    write(path, "Prête")

    assert path.stat().st_mode & 0o777 == 0o664


def test_a_link_to_the_workbook_stays_a_link(path: Path) -> None:
    Sample(invoices=[invoice("F1")]).save(path)
    link = path.parent / "dossier" / "Lien.xlsm"
    link.parent.mkdir()
    link.symlink_to(path)

    write(link, "Prête")

    assert link.is_symlink()
    assert opened(path).read().invoices.frame["verdict"].tolist() == ["Prête"]


def test_the_first_state_of_a_day_is_kept_and_never_overwritten(path: Path, tmp_path: Path) -> None:
    backups = tmp_path / "sauvegardes" / "profond"
    Sample(invoices=[invoice("F1")]).save(path)
    before = path.read_bytes()

    write(path, "un", backups=backups)
    write(path, "deux", backups=backups)
    next_day = path.read_bytes()
    write(path, "trois", backups=backups, today=date(2026, 11, 24))

    assert {copy.name: copy.read_bytes() for copy in backups.iterdir()} == {
        "ChorusInvoices-2026-11-23.xlsm": before,
        "ChorusInvoices-2026-11-24.xlsm": next_day,
    }


def test_only_the_newest_month_of_copies_stays(path: Path, tmp_path: Path) -> None:
    backups = tmp_path / "sauvegardes"
    first = date(2026, 1, 1)
    Sample(invoices=[invoice("F1")]).save(path)

    for day in range(COPIES_KEPT + 2):
        write(path, f"jour {day}", backups=backups, today=first + timedelta(days=day))

    kept = sorted(copy.name for copy in backups.iterdir())
    assert len(kept) == COPIES_KEPT
    assert kept[0] == f"ChorusInvoices-{first + timedelta(days=2)}.xlsm"


def test_nothing_is_kept_when_nothing_changes(path: Path, tmp_path: Path) -> None:
    Sample(invoices=[invoice("F1", verdict="Prête")]).save(path)

    write(path, "Prête", backups=tmp_path / "sauvegardes")

    assert not (tmp_path / "sauvegardes").exists()


def test_a_lock_that_appears_while_we_write_is_seen_before_the_replacement(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Sample(invoices=[invoice("F1")]).save(path)
    before, fsync = path.read_bytes(), os.fsync

    def open_in_excel(handle: int) -> None:
        fsync(handle)
        path.with_name(f"~${path.name}").write_bytes(b"\x05Marie")

    monkeypatch.setattr(os, "fsync", open_in_excel)

    from chorus_xl.errors import WorkbookError  # noqa: PLC0415

    with pytest.raises(WorkbookError, match="CX157"):
        write_cells(path, {"verdict": ["Prête"]})

    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("number", "code"), [(errno.EACCES, "CX161"), (errno.EROFS, "CX161"), (errno.ENOSPC, "CX162"), (errno.EIO, "CX163")]
)
def test_a_folder_that_takes_no_file_is_told_before_anything_leaves(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    Sample(invoices=[invoice("F1")]).save(path)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)

    with pytest.raises(WorkbookError, match=code):
        opened(path).ensure_writable()
