"""Secrets typed at a real terminal: asked for, and not echoed."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.doors.test_interrupt import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")

ASKED = ("Secret de l'application PISTE", "Mot de passe du compte technique")
TYPED = b"s3cret-at-the-keyboard\n"


def test_what_is_typed_is_not_shown(tmp_path: Path) -> None:
    terminal = Terminal()
    child = subprocess.Popen(
        [sys.executable, "-m", "chorus_xl", "login", "--environment", "qualification"],
        env={
            **os.environ,
            "CHORUS_XL_HOME": str(tmp_path),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",  # takes all, keeps nothing
            "PYTHONIOENCODING": "utf-8",
        },
        stdin=terminal.theirs,
        stdout=terminal.theirs,
        stderr=terminal.theirs,
        start_new_session=True,
    )
    for words in ASKED:
        while words.encode() not in terminal.seen and child.poll() is None:
            time.sleep(0.05)  # noqa: TID251 - waiting for another process
        os.write(terminal.ours, TYPED)
    child.wait(timeout=60)
    shown = terminal.text()

    assert all(words in shown for words in ASKED)
    assert "s3cret" not in shown
    assert "[CX577]" in shown  # this keyring forgets, so both secrets were heard
    assert child.returncode == 3
