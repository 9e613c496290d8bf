"""Actualiser: statuses from the platform to the journal, and from the journal to the sheet."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from chorus_xl.domain.invoice import PlatformInvoice
from chorus_xl.errors import SetupError
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.fill import fill
from chorus_xl.steps.refresh import refresh
from tests.bench import Bench, make_bench, row


def deposited(folder: Path, count: int = 1) -> Bench:
    """A bench whose rows are all deposited."""
    bench = make_bench(folder, *(row(f"F-{number}") for number in range(1, count + 1)))
    deposit(bench.office(), lambda _: True)
    return bench


def count_calls(bench: Bench) -> list[str]:
    """The names of the platform's searches, as they are called from now on."""
    called: list[str] = []
    find, between = bench.platform.find, bench.platform.deposited_between

    def counting_find(number: str) -> tuple[PlatformInvoice, ...]:
        called.append(f"find {number}")
        return find(number)

    def counting_between(*period: object) -> object:
        called.append("between")
        return between(*period)  # type: ignore[arg-type]  # passed on as it came

    bench.platform.find = counting_find  # type: ignore[method-assign, assignment]  # the test counts
    bench.platform.deposited_between = counting_between  # type: ignore[method-assign, assignment]  # the test counts
    return called


@pytest.mark.parametrize(
    ("status", "shown", "has_gesture"),
    [
        ("MISE_A_DISPOSITION", "(MISE_A_DISPOSITION)", False),
        ("MANDATEE", "(MANDATEE)", False),
        ("SUSPENDUE", "(SUSPENDUE)", True),
        ("REJETEE", "(REJETEE)", True),
        ("EN_LEVITATION", "EN_LEVITATION", True),
    ],
)
def test_the_sheet_shows_the_status_and_its_gesture(
    tmp_path: Path, status: str, shown: str, *, has_gesture: bool
) -> None:
    bench = deposited(tmp_path)
    bench.platform.status = status

    refresh(bench.office())

    assert shown in str(bench.column("chorus_status")[0])
    assert bool(bench.column("next_action")[0]) is has_gesture


def test_an_unknown_status_is_called_unknown(tmp_path: Path) -> None:
    bench = deposited(tmp_path)
    bench.platform.status = "EN_LEVITATION"

    refresh(bench.office())

    assert "inconnu" in str(bench.column("next_action")[0])


def test_a_moment_is_shown_to_the_second(tmp_path: Path) -> None:
    bench = deposited(tmp_path)
    bench.platform.status = "MISE_A_DISPOSITION"

    refresh(bench.office())

    assert bench.column("status_since") == [datetime(2026, 11, 24, 8, 30, 12)]  # noqa: DTZ001 - Paris, naive


def test_one_search_serves_all_open_invoices(tmp_path: Path) -> None:
    bench = deposited(tmp_path, 12)
    called = count_calls(bench)

    refresh(bench.office())

    assert called == ["between"]


@pytest.mark.parametrize("final", ["MISE_EN_PAIEMENT", "REJETEE"])
def test_a_final_invoice_is_asked_for_no_more(tmp_path: Path, final: str) -> None:
    bench = deposited(tmp_path)
    bench.platform.status = final
    refresh(bench.office())
    called = count_calls(bench)

    refresh(bench.office())

    assert called == []


def test_mandatee_is_not_the_end(tmp_path: Path) -> None:
    bench = deposited(tmp_path)
    bench.platform.status = "MANDATEE"
    refresh(bench.office())
    bench.platform.status = "MISE_EN_PAIEMENT"

    refresh(bench.office())

    assert "(MISE_EN_PAIEMENT)" in str(bench.column("chorus_status")[0])


def test_an_invoice_that_the_platform_no_longer_shows_is_said(tmp_path: Path) -> None:
    bench = deposited(tmp_path, 2)
    bench.platform.accepted.pop()

    report = refresh(bench.office())

    assert [finding.code for line in report.rows for finding in line.findings] == ["CX409"]
    assert bench.column("deposit_state") == ["Déposée", "Déposée"]


def test_a_platform_that_is_down_leaves_the_sheet_as_the_journal_knows_it(tmp_path: Path) -> None:
    bench = deposited(tmp_path)
    bench.platform.search_is_down = True

    report = refresh(bench.office())

    assert report.stopped is not None
    assert bench.column("deposit_state") == ["Déposée"]


def test_the_journal_sheet_is_rewritten_newest_first(tmp_path: Path) -> None:
    bench = deposited(tmp_path, 2)

    refresh(bench.office())

    lines = bench.table("tblJournal")
    assert lines["event"][-1] == "Intention de dépôt"
    assert lines["event"].count("Dépôt accepté") == 2
    assert len(lines["event"]) == len(set(lines["hash"]))


def test_nothing_is_ever_sent(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))

    refresh(bench.office())

    assert bench.platform.deposits_tried == 0
    assert bench.column("deposit_state") == ["À déposer"]


def test_a_deposited_row_keeps_its_siret_when_budgets_change(tmp_path: Path) -> None:
    bench = deposited(tmp_path)
    before = bench.column("recipient_siret")
    bench.type_into("budget", ["Grand Belfort – Assainissement"])

    fill(bench.office())

    assert bench.column("recipient_siret") == before


def test_no_supplier_no_press(tmp_path: Path) -> None:
    bench = deposited(tmp_path)
    office = bench.office()
    known = office.surroundings
    nobody = replace(office, surroundings=lambda parameters: replace(known(parameters), supplier_siret=""))

    with pytest.raises(SetupError, match="CX501"):
        refresh(nobody)
