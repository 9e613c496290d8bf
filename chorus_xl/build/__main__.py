"""``python -m chorus_xl.build`` rewrites ``workbooks/ChorusInvoices.xlsm``.

``--check`` writes nothing and ends with 1 when the committed file is not what a build makes.
"""

import sys
import tempfile
from pathlib import Path

from chorus_xl.build import build_workbook

COMMITTED = Path(__file__).parents[2] / "workbooks" / "ChorusInvoices.xlsm"


def main(arguments: list[str]) -> int:
    """The exit code: 0, or 1 when ``--check`` finds that the committed file differs from a build."""
    if arguments != ["--check"]:
        COMMITTED.parent.mkdir(exist_ok=True)
        build_workbook(COMMITTED)
        sys.stdout.write(f"{COMMITTED}\n")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / COMMITTED.name
        build_workbook(built)
        if COMMITTED.exists() and COMMITTED.read_bytes() == built.read_bytes():
            return 0
    sys.stderr.write(f"{COMMITTED} differs from a build: run python -m chorus_xl.build\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
