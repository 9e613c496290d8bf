"""A press pays for what it uses: what the two most frequent ones must not wait for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PRESS = """
import sys
from chorus_xl.cli import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""

NEVER = ("pandas", "xlwings", "openpyxl", "httpx", "fpdf", "xlsxwriter", "starlette", "sqlalchemy.dialects.postgresql")


@pytest.mark.parametrize(("step", "unused"), [("fill", (*NEVER, "sqlalchemy")), ("validate", NEVER)])
def test_a_press_imports_no_part_that_it_does_not_use(tmp_path: Path, step: str, unused: tuple[str, ...]) -> None:
    file, env = tmp_path / "mois.xlsm", {**os.environ, "CHORUS_XL_HOME": str(tmp_path / "home")}
    subprocess.run([sys.executable, "-m", "chorus_xl", "new", str(file), "--sample"], env=env, check=True)  # noqa: S603 - our own program

    pressed = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PRESS, step, str(file), "--json"],
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    imported = pressed.stderr.split()
    assert "chorus_xl.workbook.closed" in imported
    assert [name for name in unused if name in imported] == []
