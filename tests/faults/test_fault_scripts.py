"""Whatever happens between a clerk and the platform: no invoice twice, none lost, none silently stuck.

Half of the scripts come from Hypothesis, which shrinks what it finds: it prints as the list of actions to put into
``test_found_cases``. The other half is the beginning of what ``python -m benchmarks.fault_scripts`` runs.
"""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.fault_scripts import run_scripts
from tests.faults import actions
from tests.faults.onfile import FileBook
from tests.faults.world import run

FROM_HYPOTHESIS = 700
FROM_SEEDS = 1_300
LATE = 150
ON_FILES = range(6)


@settings(
    max_examples=FROM_HYPOTHESIS,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(actions.any_script())
def test_no_script_breaks_the_invariant(script: list[actions.Action]) -> None:
    assert run(script).violations == []


def test_no_random_script_breaks_it() -> None:
    counts, failed = run_scripts(FROM_SEEDS, workers=2)

    assert counts.scripts == FROM_SEEDS
    assert failed == []


@pytest.mark.parametrize("seed", ON_FILES)
def test_no_script_breaks_it_on_a_real_file(seed: int) -> None:
    script = actions.random_script(Random(seed))  # noqa: S311 - chance, no secret

    assert run(script, workbook=FileBook).violations == []


def test_the_scripts_see_an_intent_that_is_committed_too_late() -> None:
    counts, _ = run_scripts(LATE, "late", workers=2)

    assert any("no journal knows it" in problem for problem in counts.violations)
    assert any("submitted again" in problem for problem in counts.violations)
    assert any("before its journal intended it" in problem for problem in counts.violations)
