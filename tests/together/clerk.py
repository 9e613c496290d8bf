"""A clerk's PC as a process of its own: presses a button of a workbook whenever a line on stdin says so.

A line is the JSON of ``Press``; the answer is the JSON of ``Answer``. What the program itself takes an hour for, a
settling delay, goes by through a clock that is ahead.
"""

import json
import sys
import traceback
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from chorus_xl import bootstrap
from chorus_xl.errors import ChorusXlError
from chorus_xl.settings import load
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.refresh import refresh


@dataclass(frozen=True)
class Press:
    """One press, ``after`` seconds from now, of a clerk whose clock says ``later`` seconds more."""

    button: str  # deposit, refresh
    file: str
    variables: dict[str, str]
    after: float = 0.0
    later: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What stopped the press, by its code; and what should not have happened at all."""

    stopped: str = ""
    crashed: str = ""


def press(asked: Press) -> Answer:
    """Do it."""

    def clock() -> datetime:
        return bootstrap.now() + timedelta(seconds=asked.later)

    bootstrap.sleep(asked.after)
    try:
        office = bootstrap.office(Path(asked.file), load(asked.variables), clock=clock)
        report = deposit(office, lambda _: True) if asked.button == "deposit" else refresh(office)
    except ChorusXlError as error:
        return Answer(stopped=error.code)
    except Exception:  # noqa: BLE001 - told to the test, whatever it is
        return Answer(crashed=traceback.format_exc())
    return Answer(stopped=report.stopped.code if report.stopped else "")


def main() -> None:
    """Until stdin ends."""
    print("ready", flush=True)  # noqa: T201 - what the parent waits for
    for line in sys.stdin:
        print(json.dumps(asdict(press(Press(**json.loads(line))))), flush=True)  # noqa: T201 - the same


if __name__ == "__main__":
    main()
