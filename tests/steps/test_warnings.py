"""What this PC has to say to the clerk, whichever button is pressed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chorus_xl import proving
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.proof import Period
from chorus_xl.steps.act import act
from chorus_xl.steps.check_budgets import check_budgets
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.fill import fill
from chorus_xl.steps.office import Office, Report
from chorus_xl.steps.refresh import refresh
from chorus_xl.steps.validate import validate
from tests.bench import make_bench, row

PARAMS = {"name": "Environnement", "value": "Production", "place": "CHORUS_XL_ENVIRONMENT", "sheet": "Répétition"}
WARNING = Finding("CX554", Severity.WARNING, None, "value", PARAMS, "tblParametres")

PRESSES: dict[str, Callable[[Office], Report]] = {
    "fill": fill,
    "validate": validate,
    "deposit": lambda office: deposit(office, lambda _: True),
    "refresh": refresh,
    "act": lambda office: act(office, lambda _: True),
    "budgets check": lambda office: check_budgets(office, accept=False),
}


@pytest.mark.parametrize("name", [*PRESSES, "prove"])
def test_each_press_tells_it_once(tmp_path: Path, name: str) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    deposit(bench.office(), lambda _: True)
    office, known = bench.office(), bench.office().surroundings
    warned = replace(office, surroundings=lambda given: replace(known(given), warnings=(WARNING,)))

    report = proving.make(warned, Period(), tmp_path / "proof")[0] if name == "prove" else PRESSES[name](warned)

    assert list(report.notices).count(WARNING) == 1
    assert WARNING not in [finding for line in report.rows for finding in line.findings]
