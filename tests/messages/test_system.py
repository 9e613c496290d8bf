"""What the operating system says stands in French in a sentence."""

import errno
import os

import pytest

from chorus_xl.archive import FolderArchive
from chorus_xl.domain.invoice import Document
from chorus_xl.errors import JournalError
from chorus_xl.messages import of_error
from chorus_xl.messages.system import in_french

COMMON = ["EACCES", "EPERM", "EROFS", "ENOSPC", "ENOENT", "ENOTDIR", "EISDIR", "EEXIST", "EBUSY", "ENAMETOOLONG", "EIO"]
OF_A_SOCKET = ["EADDRINUSE", "EADDRNOTAVAIL", "ECONNREFUSED"]


@pytest.mark.parametrize("name", [*COMMON, *OF_A_SOCKET])
def test_what_is_common_is_said_in_french(name: str) -> None:
    number = getattr(errno, name)

    said = in_french(OSError(number, os.strerror(number)))

    assert said
    assert said != os.strerror(number)


def test_windows_own_numbers_count_for_more() -> None:
    error = PermissionError(errno.EACCES, "Permission denied")
    error.winerror = 32  # type: ignore[attr-defined]  # as Windows sets it

    assert in_french(error) == "fichier ouvert dans un autre programme"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(9999, "Quota of the moon"), "Quota of the moon"),
        (OSError("no number"), "no number"),
        (OSError(), "OSError"),
    ],
    ids=["another number", "words alone", "nothing"],
)
def test_what_is_not_known_is_shown_raw(error: OSError, said: str) -> None:
    assert in_french(error) == said


def test_a_sentence_holds_no_english_of_the_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    archive = FolderArchive(tmp_path_factory.mktemp("archive"))

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(archive, "_write", refuse)
    with pytest.raises(JournalError) as caught:
        archive.keep(Document("F-1.pdf", b"x", "0" * 64))

    assert "« accès refusé »" in of_error(caught.value)
