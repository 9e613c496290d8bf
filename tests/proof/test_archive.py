"""The bytes that leave are kept first, whole, once, and never changed."""

import errno
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chorus_xl.archive import FolderArchive
from chorus_xl.domain.invoice import Document
from chorus_xl.errors import JournalError
from chorus_xl.settings import load
from chorus_xl.steps.deposit import deposit
from tests.bench import make_bench, row
from tests.proof.conftest import Month


def document(content: bytes = b"%PDF-1.4", name: str = "Facture été.PDF") -> Document:
    return Document(name, content, hashlib.sha256(content).hexdigest())


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_file_is_kept_under_its_hash_and_found_by_it(tmp_path: Path) -> None:
    archive, kept = FolderArchive(tmp_path / "archive"), document()

    archive.keep(kept)
    archive.keep(kept)

    assert files(tmp_path / "archive") == [f"{kept.sha256[:2]}/{kept.sha256}.pdf"]
    assert archive.fetch(kept.sha256) == kept.content


@pytest.mark.parametrize("name", ["sans extension", "a.b c", "a.pdf\x00", "x." + "y" * 20])
def test_an_odd_name_is_kept_without_its_extension(tmp_path: Path, name: str) -> None:
    archive, kept = FolderArchive(tmp_path), document(name=name)

    archive.keep(kept)

    assert files(tmp_path) == [f"{kept.sha256[:2]}/{kept.sha256}"]
    assert archive.fetch(kept.sha256) == kept.content


def test_a_damaged_file_stays_and_a_sound_one_is_put_beside_it(tmp_path: Path) -> None:
    archive, kept = FolderArchive(tmp_path), document()
    archive.keep(kept)
    (tmp_path / kept.sha256[:2] / f"{kept.sha256}.pdf").write_bytes(b"damaged")
    assert archive.fetch(kept.sha256) is None

    archive.keep(kept)
    archive.keep(kept)

    assert files(tmp_path) == [f"{kept.sha256[:2]}/{kept.sha256}{end}" for end in ("-2.pdf", ".pdf")]
    assert archive.fetch(kept.sha256) == kept.content


@pytest.mark.parametrize("sha256", ["", "x", "../../etc/passwd", "0" * 64, "*" * 64])
def test_what_was_never_kept_is_not_there(tmp_path: Path, sha256: str) -> None:
    FolderArchive(tmp_path).keep(document())

    assert FolderArchive(tmp_path).fetch(sha256) is None


def test_several_pcs_keep_the_same_file_at_once(tmp_path: Path) -> None:
    kept = document(os.urandom(200_000))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: FolderArchive(tmp_path).keep(kept), range(32)))

    assert FolderArchive(tmp_path).fetch(kept.sha256) == kept.content
    assert not [name for name in files(tmp_path) if ".new-" in name]


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "CX651"), (errno.EROFS, "CX650"), (errno.EACCES, "CX650"), (errno.EIO, "CX650")]
)
def test_what_cannot_be_kept_is_told_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(JournalError, match=code):
        FolderArchive(tmp_path).keep(document())

    assert files(tmp_path) == []


def test_nothing_leaves_when_nothing_can_be_kept(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"), row("F-2"))
    (tmp_path / "archive").write_text("a file where the folder should be")

    report = deposit(Month(bench, FolderArchive(tmp_path / "archive")).office(concurrency=1), lambda _: True)

    assert bench.platform.deposits_tried == 0
    assert report.stopped is not None
    assert report.stopped.code == "CX650"
    with bench.open_journal() as journal:
        assert journal.records() == {}


def test_a_deposit_keeps_pdf_and_attachments_before_they_leave(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1", attachments="F-2.pdf"), row("F-2"))
    archive = FolderArchive(tmp_path / "archive")

    deposit(Month(bench, archive).office(), lambda _: True)

    for name in ("F-1.pdf", "F-2.pdf"):
        content = (tmp_path / name).read_bytes()
        assert archive.fetch(hashlib.sha256(content).hexdigest()) == content


def test_the_archive_is_a_plain_setting(tmp_path: Path) -> None:
    settings = load({"CHORUS_XL_HOME": str(tmp_path), "CHORUS_XL_ARCHIVE": "Z:/commun/archive"})

    assert settings.text("archive") == "Z:/commun/archive"
