"""Actualiser: statuses from the platform to the journal, and from the journal to the sheet."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from chorus_xl.build import Content, build_workbook
from chorus_xl.domain.invoice import PlatformInvoice
from chorus_xl.errors import ExitCode, InDoubtError, SetupError
from chorus_xl.steps.act import act
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.fill import fill
from chorus_xl.steps.office import Report
from chorus_xl.steps.refresh import refresh
from chorus_xl.telling import exit_code
from tests.bench import SUPPLIER, Bench, make_bench, row


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


def test_a_final_invoice_is_asked_for_no_more(tmp_path: Path) -> None:
    bench = deposited(tmp_path)
    bench.platform.status = "MISE_EN_PAIEMENT"
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


@pytest.mark.parametrize(("seconds", "code"), [(60, "CX442"), (3600, "CX409")], ids=["a minute later", "an hour"])
def test_an_invoice_that_the_platform_does_not_show_is_said(tmp_path: Path, seconds: float, code: str) -> None:
    bench = deposited(tmp_path, 2)
    bench.platform.accepted.pop()
    bench.clock.pass_(seconds)

    report = refresh(bench.office())

    assert [finding.code for line in report.rows for finding in line.findings] == [code]
    assert bench.column("deposit_state") == ["Déposée", "Déposée"]


def test_a_rejection_asks_for_agir_until_it_is_acknowledged(tmp_path: Path) -> None:
    bench = deposited(tmp_path)
    bench.platform.status, bench.platform.comment = "REJETEE", "Montant différent du bon de commande"
    rejected = refresh(bench.office())
    before = str(bench.column("next_action")[0])
    bench.platform.rejection_handled = True

    handled = refresh(bench.office())

    assert "Agir" in before
    assert "[CX309]" in str(bench.column("next_action")[0])
    assert (rejected.counts["to_act"], handled.counts["to_act"]) == (1, 1)


@pytest.mark.parametrize(
    ("status", "comment", "is_handled"),
    [
        ("MISE_A_DISPOSITION", "", False),
        ("SUSPENDUE", "Bon de livraison manquant", False),
        ("REJETEE", "Montant faux", False),
        ("REJETEE", "Montant faux", True),
        ("STATUT_NOUVEAU", "", False),
        ("MISE_EN_PAIEMENT", "", False),
    ],
)
def test_the_report_counts_the_gestures_that_the_sheet_shows(
    tmp_path: Path, status: str, comment: str, *, is_handled: bool
) -> None:
    bench = deposited(tmp_path, 2)
    bench.platform.status, bench.platform.comment = status, comment
    bench.platform.rejection_handled = is_handled

    report = refresh(bench.office())

    # What Accueil counts: Dépôt says « Déposée », and À faire says something.
    cells = zip(bench.column("deposit_state"), bench.column("next_action"), strict=True)
    assert report.counts["to_act"] == sum(state == "Déposée" and bool(action) for state, action in cells)
    assert (exit_code(report) == ExitCode.ROWS_NEED_THE_CLERK) == bool(report.counts["to_act"])


def next_month(bench: Bench) -> Path:
    """The workbook that a clerk begins while invoices of the last one are still under way."""
    file = bench.folder / "next.xlsm"
    build_workbook(file, Content(parameters={"supplier_siret": SUPPLIER}, spare_rows=2))
    return file


@pytest.mark.parametrize(
    ("status", "told"),
    [("SUSPENDUE", "F-1 (Suspendue), F-2 (Suspendue)"), ("REJETEE", "F-1 (Rejetée), F-2 (Rejetée)"), ("MANDATEE", "")],
)
def test_another_workbooks_invoices_that_ask_for_a_gesture_are_named_with_their_status(
    tmp_path: Path, status: str, told: str
) -> None:
    bench = deposited(tmp_path, 2)
    bench.platform.status = status

    here, there = refresh(bench.office()), refresh(bench.office(file=next_month(bench)))

    assert [finding.params["numbers"] for finding in there.notices if finding.code == "CX414"] == [told] * bool(told)
    assert exit_code(there) == (ExitCode.ROWS_NEED_THE_CLERK if told else ExitCode.DONE)
    assert "CX414" not in [finding.code for finding in here.notices]


def test_of_many_invoices_elsewhere_the_first_ten_are_named(tmp_path: Path) -> None:
    bench = deposited(tmp_path, 12)
    bench.platform.status = "SUSPENDUE"

    report = refresh(bench.office(file=next_month(bench)))

    (notice,) = (finding for finding in report.notices if finding.code == "CX414")
    assert (notice.params["count"], notice.params["numbers"].count("Suspendue")) == ("12", 10)
    assert notice.params["numbers"].endswith(", …")


def test_a_rejection_elsewhere_is_quiet_once_it_is_acknowledged(tmp_path: Path) -> None:
    bench = deposited(tmp_path)
    bench.platform.status, bench.platform.rejection_handled = "REJETEE", True

    report = refresh(bench.office(file=next_month(bench)))

    assert report.notices == ()


@pytest.mark.parametrize("press", [deposit, act], ids=["deposit", "act"])
def test_deposer_and_agir_name_them_too(tmp_path: Path, press: Callable[..., Report]) -> None:
    bench = deposited(tmp_path)
    bench.platform.status = "SUSPENDUE"
    refresh(bench.office())

    report = press(bench.office(file=next_month(bench)), lambda _: True)

    assert [finding.code for finding in report.notices].count("CX414") == 1


ODD_TEXTS = ["deux\nlignes", "=1+1", "😀 é", "{words} %s", "x" * 32_767]


@pytest.mark.parametrize("text", ODD_TEXTS, ids=["newline", "formula", "emoji", "braces", "32,767 characters"])
def test_the_buyers_words_come_through_as_they_are(tmp_path: Path, text: str) -> None:
    bench = deposited(tmp_path)
    bench.platform.status, bench.platform.comment = "SUSPENDUE", text

    refresh(bench.office())

    assert bench.column("reason") == [text]


def test_words_that_are_known_are_explained_and_stand_beside(tmp_path: Path) -> None:
    bench = deposited(tmp_path)
    bench.platform.status, bench.platform.comment = "SUSPENDUE", "Bon de livraison manquant\n(réf. 12)"

    refresh(bench.office())

    reason, gesture = str(bench.column("reason")[0]), str(bench.column("next_action")[0])
    assert reason.startswith("Le destinataire attend le bon de livraison (« Pièces jointes »).")
    assert "« Bon de livraison manquant\n(réf. 12) »" in reason
    assert gesture.startswith("Joignez le bon de livraison.")
    assert "Agir" in gesture
    assert "le service comptable du destinataire" in gesture


def test_a_long_text_that_is_known_is_cut_where_a_cell_ends(tmp_path: Path) -> None:
    bench = deposited(tmp_path)
    bench.platform.status, bench.platform.comment = "SUSPENDUE", "JUSTIF_ABS " + "x" * 32_767

    refresh(bench.office())

    assert len(str(bench.column("reason")[0])) == 32_767
    with bench.open_journal() as journal:
        assert journal.records()["F-1"].status_comment == bench.platform.comment


@pytest.mark.parametrize(
    ("label", "shown", "gesture"),
    [
        ("GDP_MSG_99.999 - Le code service est obligatoire", "(« Code service »)", "Puis pressez Déposer le lot"),
        ("Un numéro de facture existe déjà", "(« N° facture »)", "Cherchez ce numéro sur le portail"),
        ("Erreur 4012", "Réponse de Chorus Pro : « Erreur 4012 »", "Corrigez la ligne selon cette réponse"),
        (
            "SIM_MSG_01.015 - Le code service est obligatoire",
            "Réponse de Chorus Pro : « SIM_",
            "Corrigez la ligne selon",
        ),
    ],
    ids=["known", "nothing to deposit again", "unknown", "somebody else's"],
)
def test_a_refusal_is_told_in_the_clerks_words(tmp_path: Path, label: str, shown: str, gesture: str) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = ["refuse"]
    bench.platform.refusal = label

    deposit(bench.office(), lambda _: True)
    bench.clock.pass_(601)
    refresh(bench.office())  # by now no search hides a number that the refusal may have met

    assert shown in str(bench.column("reason")[0])
    assert f"« {label} » (code 20013)" in str(bench.column("reason")[0])
    assert gesture in str(bench.column("next_action")[0])


def test_a_history_that_cannot_be_read_leaves_the_status_and_is_said(tmp_path: Path) -> None:
    bench = deposited(tmp_path)
    bench.platform.status = "MANDATEE"
    bench.platform.history_error = InDoubtError("CX421", operation="historique")

    report = refresh(bench.office())

    assert report.stopped is None
    assert [finding.code for finding in report.notices] == ["CX440"]
    assert "(MANDATEE)" in str(bench.column("chorus_status")[0])


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
