"""Déposer: every end of a deposit, and what the next press does about it."""

from pathlib import Path

import pytest

from chorus_xl.domain.invoice import Document, Uploaded
from chorus_xl.domain.lifecycle import State
from chorus_xl.errors import ExitCode, SetupError
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.office import Plan, Report
from chorus_xl.steps.refresh import refresh
from chorus_xl.steps.validate import validate
from chorus_xl.telling import exit_code
from tests.bench import ABSENT, Bench, Fuse, PowerCutError, make_bench, row, write_pdf


def press(bench: Bench, **how: object) -> Report:
    """Déposer, agreed to."""
    return deposit(bench.office(**how), lambda _: True)  # type: ignore[arg-type]  # how is office's own words


def states(bench: Bench) -> list[object]:
    return bench.column("deposit_state")


@pytest.mark.parametrize(
    ("scripted", "shown", "accepted"),
    [
        ("accept", "Déposée", 1),
        ("refuse", "Refusée", 0),
        ("not_sent", "À déposer", 0),
        ("lose_after", "Envoi incertain", 1),
        ("lose_before", "Envoi incertain", 0),
    ],
)
def test_the_sheet_shows_what_became_of_the_deposit(tmp_path: Path, scripted: str, shown: str, accepted: int) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = [scripted]

    press(bench)

    assert states(bench) == [shown]
    assert len(bench.platform.accepted) == accepted
    bench.check_invariant()


def test_the_intent_says_how_large_each_file_is_beside_its_hash(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1", attachments="bon.pdf;photo.pdf"))
    for name in ("bon", "photo"):
        write_pdf(tmp_path / f"{name}.pdf", name)

    press(bench)

    sizes = {name: str((tmp_path / name).stat().st_size) for name in ("F-1.pdf", "bon.pdf", "photo.pdf")}
    with bench.open_journal() as journal:
        content = journal.records()["F-1"].content
    assert content["pdf_size"] == sizes["F-1.pdf"]
    assert content["attachments_size"] == f"{sizes['bon.pdf']};{sizes['photo.pdf']}"
    assert len(content["attachments_sha256"].split(";")) == 2


def test_pressing_again_deposits_nothing_again(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"), row("F-2"))

    press(bench)
    press(bench)

    assert bench.platform.deposits_tried == 2
    assert states(bench) == ["Déposée", "Déposée"]


def test_an_answer_lost_after_acceptance_is_found_at_the_next_press(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = ["lose_after"]

    press(bench)
    press(bench)

    assert bench.platform.deposits_tried == 1
    assert states(bench) == ["Déposée"]
    bench.check_invariant()


def test_refresh_finds_a_lost_answer_too(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = ["lose_after"]

    press(bench)
    refresh(bench.office())

    assert states(bench) == ["Déposée"]


def test_a_lost_request_is_sent_again_only_after_two_look_ups_and_the_settling_delay(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = ["lose_before"]

    seen = []
    for seconds in (0, 0, 599, 1):
        bench.clock.pass_(seconds)
        press(bench)
        seen.append((bench.platform.deposits_tried, states(bench)[0]))

    assert seen == [(1, "Envoi incertain"), (1, "Envoi incertain"), (1, "Envoi incertain"), (2, "Déposée")]
    bench.check_invariant()


def test_a_search_that_is_down_leaves_the_doubt_and_sends_nothing(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = ["lose_after"]
    press(bench)
    bench.platform.search_is_down = True
    bench.clock.pass_(10_000)

    report = press(bench)

    assert bench.platform.deposits_tried == 1
    assert states(bench) == ["Envoi incertain"]
    assert report.stopped is not None


def test_a_duplicate_verdict_for_our_own_invoice_is_not_a_rejection(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    press(bench)
    (tmp_path / "journal.sqlite").unlink()  # another PC, without our journal
    bench.type_into("deposit_state", [None])
    bench.type_into("chorus_reference", [None])

    press(bench)

    assert states(bench) == ["Déposée"]
    assert len(bench.platform.accepted) == 1
    bench.check_invariant()


def test_the_same_number_for_another_invoice_is_said_and_never_settled_by_itself(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1", total_without_vat=200.0, total_vat=40.0, total_with_vat=240.0))
    press(bench)
    (tmp_path / "journal.sqlite").unlink()
    bench.type_into("deposit_state", [None])
    bench.type_into("chorus_reference", [None])
    bench.type_into("total_without_vat", [100.0])
    bench.type_into("total_vat", [20.0])
    bench.type_into("total_with_vat", [120.0])

    press(bench)
    bench.clock.pass_(10_000)
    press(bench)

    assert states(bench) == ["Envoi incertain"]
    assert "240" in str(bench.column("reason")[0])
    assert "120" in str(bench.column("reason")[0])
    assert len(bench.platform.accepted) == 1


def test_an_absurd_amount_on_one_row_does_not_keep_the_sheet_from_being_written(tmp_path: Path) -> None:
    """Pasted digits: no total of ``Accueil`` can be told then, and every other row has its say."""
    bench = make_bench(tmp_path, row("F-1"), row("F-2", budget=None))
    bench.type_into("total_with_vat", [120.0, 1e27])

    press(bench)

    assert states(bench) == ["Déposée", "À déposer"]


def test_a_refused_row_keeps_its_number_and_may_leave_again(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = ["refuse"]

    press(bench)
    press(bench)

    assert states(bench) == ["Déposée"]


def test_only_rows_without_an_error_leave(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"), row("F-2", total_with_vat=121.0), row("F-3", pdf_file=ABSENT))

    report = press(bench)

    assert [invoice.invoice_number for invoice in bench.platform.accepted] == ["F-1"]
    assert bench.column("verdict") == ["Prête", "À corriger", "À corriger"]
    assert states(bench) == ["Déposée", "À déposer", "À déposer"]
    assert report.needs_the_clerk


def test_nothing_leaves_without_consent(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"), row("F-2"))
    asked: list[Plan] = []

    def decline(plan: Plan) -> bool:
        asked.append(plan)
        return False

    report = deposit(bench.office(), decline)

    assert [(plan.count, plan.total) for plan in asked] == [(2, "240,00 €")]
    assert bench.platform.deposits_tried == 0
    assert isinstance(report.stopped, SetupError)
    assert states(bench) == ["À déposer", "À déposer"]


def test_credit_notes_are_deducted_from_the_sum_to_agree_to(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"), row("A-1", invoice_type="Avoir", original_invoice_number="F-1"))
    asked: list[Plan] = []

    def agree(plan: Plan) -> bool:
        asked.append(plan)
        return True

    deposit(bench.office(), agree)

    assert [(plan.count, plan.total) for plan in asked] == [(2, "0,00 €")]


def test_a_request_to_stop_is_heard_before_the_next_deposit(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))

    report = press(bench, stop=True)

    assert bench.platform.deposits_tried == 0
    assert report.stopped is not None


def test_a_platform_that_is_down_stops_the_batch_after_a_few(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, *(row(f"F-{number}") for number in range(20)))
    bench.platform.scripted = ["not_sent"] * 20

    report = press(bench)

    assert 3 <= bench.platform.deposits_tried <= 3 + 3  # what three other workers had under way is finished
    assert report.stopped is not None
    assert states(bench) == ["À déposer"] * 20


def test_a_directory_that_is_down_is_said_and_the_row_may_leave(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.directory_is_down = True

    press(bench)

    assert states(bench) == ["Déposée"]
    assert bench.column("verdict") == ["À vérifier"]


def test_a_row_edited_after_its_deposit_is_stopped_with_a_sentence(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    press(bench)
    bench.type_into("total_without_vat", [500.0])
    bench.type_into("total_vat", [100.0])
    bench.type_into("total_with_vat", [600.0])

    validate(bench.office())

    assert bench.column("verdict") == ["À corriger"]
    press(bench)
    assert bench.platform.deposits_tried == 1


def test_what_changes_around_a_deposited_row_does_not_make_it_wrong(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    press(bench)
    (tmp_path / "F-1.pdf").unlink()
    bench.type_into("budget", ["Grand Belfort – Assainissement"])

    validate(bench.office())

    assert bench.column("verdict") == ["Prête"]


def test_a_deposited_row_copied_without_a_new_number_is_still_said(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"), row("F-2"))
    press(bench)
    bench.type_into("invoice_number", ["F-1", "F-1"])

    validate(bench.office())

    assert bench.column("verdict") == ["À corriger", "À corriger"]


def test_a_state_typed_over_by_hand_is_said_and_leaves_only_after_two_look_ups(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.type_into("deposit_state", ["Déposée"])

    report = press(bench)
    after_one = (states(bench), bench.platform.deposits_tried)
    bench.clock.pass_(601)
    press(bench)

    assert after_one == (["Envoi incertain"], 0)
    assert [finding.code for finding in report.rows[0].findings] == ["CX408"]
    assert states(bench) == ["Déposée"]
    assert bench.platform.deposits_tried == 1


@pytest.mark.parametrize("first", ["deposit", "refresh"])
def test_a_sheet_without_its_journal_is_looked_up_and_never_sent_again(tmp_path: Path, first: str) -> None:
    bench = make_bench(tmp_path, row("F-1"), row("F-2"))
    press(bench)
    (tmp_path / "journal.sqlite").unlink()  # another PC, or a lost home folder

    if first == "refresh":
        refresh(bench.office())
    press(bench)

    assert bench.platform.deposits_tried == 2
    assert states(bench) == ["Déposée", "Déposée"]


def test_a_claim_stays_on_the_sheet_until_a_look_up_has_answered(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    press(bench)
    reference = bench.column("chorus_reference")
    (tmp_path / "journal.sqlite").unlink()
    bench.platform.search_is_down = True

    refresh(bench.office())

    assert states(bench) == ["Déposée"]
    assert bench.column("chorus_reference") == reference


def test_a_refusal_after_a_doubt_is_a_doubt_until_the_search_shows_it(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = ["lose_after"]
    bench.platform.hidden.add("F-1")  # the search lags, longer than we wait
    for _ in range(3):
        press(bench)
        bench.clock.pass_(601)

    assert states(bench) == ["Envoi incertain"]
    assert "Ne changez pas le numéro" in str(bench.column("next_action")[0])
    tried = bench.platform.deposits_tried
    bench.platform.hidden.clear()
    refresh(bench.office())

    assert states(bench) == ["Déposée"]
    assert bench.platform.deposits_tried == tried == 2
    bench.check_invariant()


@pytest.mark.parametrize(
    "words",
    ["Le numéro de facture existe déjà", "GDP_MSG_99.999 - Texte que personne ne connaît"],
    ids=["a duplicate", "nobody knows"],
)
def test_a_refusal_that_may_be_a_duplicate_is_a_doubt_while_the_search_may_lag(tmp_path: Path, words: str) -> None:
    """Somebody deposited it, of whom this journal knows nothing; a clerk who reads « Refusée » would renumber it."""
    bench = make_bench(tmp_path, row("F-1"))
    press(bench)
    (tmp_path / "journal.sqlite").unlink()
    bench.type_into("deposit_state", [None])
    bench.type_into("chorus_reference", [None])
    bench.platform.hidden.add("F-1")
    bench.platform.scripted, bench.platform.refusal = ["refuse"], words

    press(bench)
    during = states(bench), str(bench.column("next_action")[0])
    press(bench)
    tried = bench.platform.deposits_tried
    bench.platform.hidden.clear()
    refresh(bench.office())

    assert during[0] == ["Envoi incertain"]
    assert "Ne changez pas le numéro" in during[1]
    assert states(bench) == ["Déposée"]
    assert (tried, bench.platform.deposits_tried) == (2, 2), "a row that nobody changed waits for the look-up"


def test_a_refusal_that_may_be_a_duplicate_is_one_once_the_search_has_had_its_time(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted, bench.platform.refusal = ["refuse"], "Le numéro de facture existe déjà"
    press(bench)
    bench.clock.pass_(601)

    refresh(bench.office())

    assert states(bench) == ["Refusée"]
    assert "Actualiser" not in str(bench.column("next_action")[0]), "it would find no more than it did"


def test_a_row_that_is_corrected_after_a_refusal_leaves_at_once(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted, bench.platform.refusal = ["refuse"], "GDP_MSG_99.999 - Texte que personne ne connaît"
    press(bench)
    bench.type_into("engagement_number", ["BC-2"])

    press(bench)

    assert states(bench) == ["Déposée"]


def test_a_refusal_that_could_not_be_looked_behind_is_looked_up_at_the_next_press(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = ["refuse"]
    bench.platform.search_is_down = True
    press(bench)
    after_one = states(bench)
    bench.platform.search_is_down = False
    bench.clock.pass_(601)

    refresh(bench.office())

    assert after_one == ["Envoi incertain"]
    assert states(bench) == ["Refusée"]


def test_a_contradiction_ends_when_the_row_is_corrected_to_what_the_platform_holds(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1", total_without_vat=200.0, total_vat=40.0, total_with_vat=240.0))
    press(bench)
    (tmp_path / "journal.sqlite").unlink()
    bench.type_into("total_with_vat", [120.0])
    press(bench)
    contradicted = states(bench)
    bench.type_into("total_with_vat", [240.0])

    press(bench)
    validate(bench.office())

    assert contradicted == ["Envoi incertain"]
    assert states(bench) == ["Déposée"]
    assert bench.column("verdict") == ["Prête"]


def test_a_set_up_error_in_the_middle_stops_the_batch_and_the_sheet_is_written(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"), row("F-2"), row("F-3"))
    upload = bench.platform.upload

    def refused_from_the_second_on(document: Document) -> Uploaded:
        if document.name != "F-1.pdf":
            raise SetupError("CX313", operation="x", status="403", correlation="y")
        return upload(document)

    bench.platform.upload = refused_from_the_second_on  # type: ignore[method-assign]  # the account loses its rights

    report = press(bench, fuse=Fuse())  # one at a time

    assert states(bench) == ["Déposée", "À déposer", "À déposer"]
    assert report.stopped is not None
    assert report.stopped.code == "CX313"


def test_a_deposit_in_doubt_whose_row_is_gone_is_still_said(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = ["lose_before"]
    press(bench)
    bench.type_into("invoice_number", ["F-2"])

    report = press(bench)

    assert [finding.code for finding in report.notices if finding.code == "CX412"] == ["CX412"]
    assert exit_code(report) == ExitCode.PLATFORM


@pytest.mark.parametrize("word", ["not_sent", "lose_before"])
def test_what_is_not_done_is_told_by_the_exit_code(tmp_path: Path, word: str) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    bench.platform.scripted = [word]

    assert exit_code(press(bench)) == ExitCode.PLATFORM


def test_a_copy_of_the_workbook_deposits_nothing_again(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    copy = tmp_path / "copie.xlsm"
    copy.write_bytes(bench.file.read_bytes())
    press(bench)

    press(bench, file=copy)

    assert bench.platform.deposits_tried == 1
    assert bench.column("deposit_state", copy) == ["Déposée"]


def effects_of_a_batch(folder: Path) -> int:
    """How many effects a whole press has: uploads, intents, deposits, outcomes, the sheet."""
    folder.mkdir()
    bench = make_bench(folder, row("F-1"), row("F-2"))
    fuse = Fuse()
    press(bench, fuse=fuse)
    return fuse.count


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_power_cut_at_any_effect_loses_nothing_and_deposits_nothing_twice(tmp_path: Path, *, after: bool) -> None:
    effects = effects_of_a_batch(tmp_path / "count")
    assert effects == 2 * 4 + 1

    for at in range(1, effects + 1):
        folder = tmp_path / f"{at}"
        folder.mkdir()
        bench = make_bench(folder, row("F-1"), row("F-2"))
        with pytest.raises(PowerCutError):
            press(bench, fuse=Fuse(at, after=after))
        for _ in range(3):
            press(bench)
            bench.clock.pass_(601)

        assert states(bench) == ["Déposée", "Déposée"], f"effect {at}"
        assert len(bench.platform.accepted) == 2
        bench.check_invariant()


def test_the_intent_is_committed_before_anything_leaves(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    seen: list[State] = []
    really = bench.platform.deposit

    def spying(*args: object, **named: object) -> object:
        with bench.open_journal() as journal:
            seen.append(journal.records()["F-1"].state)
        return really(*args, **named)  # type: ignore[arg-type]  # passed on as they came

    bench.platform.deposit = spying  # type: ignore[method-assign, assignment]  # the platform watches our journal

    press(bench)

    assert seen == [State.INTENDED]


def test_the_same_invoice_does_not_leave_again_under_another_number(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    press(bench)
    bench.type_into("invoice_number", ["f-1"])
    for claim in ("deposit_state", "chorus_reference"):  # as on a row typed anew
        bench.type_into(claim, [None])

    report = press(bench)

    assert [invoice.invoice_number for invoice in bench.platform.accepted] == ["F-1"]
    assert {finding.code for finding in report.rows[0].findings} >= {"CX269", "CX278"}
