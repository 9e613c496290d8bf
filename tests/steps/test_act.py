"""Agir: what each row asks for is done once, whatever happens on the way."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chorus_xl.domain.acts import Act, ActEvent, ActState
from chorus_xl.domain.columns import INVOICES, Writer
from chorus_xl.domain.invoice import Document, Passage
from chorus_xl.errors import ExitCode, SetupError
from chorus_xl.messages import in_report
from chorus_xl.steps.act import act
from chorus_xl.steps.act_plan import ActPlan
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.office import Report
from chorus_xl.steps.validate import validate
from chorus_xl.telling import exit_code
from tests.bench import PRINCIPAL, Fuse, PowerCutError, row, write_pdf
from tests.steps.acting import MORNING, ActingBench, agree, codes, copied, deposited, press, press_refresh


def suspended(folder: Path, name: str = "bon.pdf") -> ActingBench:
    """F-1 is suspended, and the clerk has named the file that is asked for."""
    bench = deposited(folder, row("F-1"), F_1="SUSPENDUE")
    write_pdf(folder / name, name)
    bench.type_into("attachments", [name])
    return bench


def rejected(folder: Path) -> ActingBench:
    return deposited(folder, row("F-1", comment="Livraison d'octobre"), F_1="REJETEE")


def misrouted(folder: Path) -> ActingBench:
    """F-1 is to be recycled, and the clerk has picked the right budget."""
    bench = deposited(folder, row("F-1"), F_1="A_RECYCLER")
    bench.type_into("budget", ["Grand Belfort – Budget principal"])
    return bench


Make = Callable[[Path], ActingBench]
MADE: dict[str, tuple[Make, str, Act]] = {
    "complete": (suspended, "completed", Act.COMPLETE),
    "acknowledge": (rejected, "acknowledged", Act.ACKNOWLEDGE),
    "recycle": (misrouted, "recycled", Act.RECYCLE),
}


def state(bench: ActingBench) -> ActState | None:
    with bench.open_journal() as journal:
        known = journal.records()["F-1"].act
        return known.state if known else None


def told(report: Report) -> str:
    return "\n".join(in_report(finding) for line in report.rows for finding in line.findings)


# --- what is done ---------------------------------------------------------------------------------------------------


def test_a_suspended_invoice_gets_the_new_file_and_the_new_comment(tmp_path: Path) -> None:
    bench = deposited(tmp_path, row("F-1", comment="Octobre"), F_1="SUSPENDUE")
    write_pdf(tmp_path / "bon.pdf", "bon")
    bench.type_into("attachments", ["bon.pdf"])
    bench.type_into("comment", ["Voici le bon de livraison"])

    report = press(bench)

    assert bench.platform.completed_with == [(("bon.pdf",), "Voici le bon de livraison")]
    assert report.counts["completed"] == 1
    assert bench.column("chorus_status") == ["Complétée (COMPLETEE)"]
    assert bench.column("next_action") == [None]
    assert exit_code(report) == ExitCode.DONE


def test_only_files_that_were_not_sent_before_leave(tmp_path: Path) -> None:
    for name in ("devis.pdf", "bon.pdf", "photo.pdf"):
        write_pdf(tmp_path / name, name)
    bench = deposited(tmp_path, row("F-1", attachments="devis.pdf", comment="Octobre"), F_1="SUSPENDUE")
    bench.type_into("attachments", ["DEVIS.pdf; bon.pdf"])
    press(bench)
    bench.platform.move("F-1", "SUSPENDUE", "Encore la photo")
    bench.type_into("attachments", ["devis.pdf; bon.pdf; photo.pdf"])

    press_refresh(bench)
    press(bench)

    assert bench.platform.completed_with == [(("bon.pdf",), ""), (("photo.pdf",), "")]


def test_a_rejection_is_acknowledged_and_a_new_row_prepared(tmp_path: Path) -> None:
    bench = rejected(tmp_path)

    report = press(bench)

    assert bench.platform.done == [("acknowledge", "F-1")]
    assert bench.column("invoice_number") == ["F-1", "F-1-R1"]
    assert bench.column("comment")[1] == "Remplace la facture F-1, rejetée le 24/11/2026. Livraison d'octobre"
    assert (bench.column("issue_date")[1], bench.column("pdf_file")[1]) == (None, None)
    same = {column.attribute for column in INVOICES.written_by(Writer.CLERK)}
    for name in same - {"invoice_number", "comment", "issue_date", "pdf_file"}:
        old, new = bench.column(name)
        assert old == new, name
    assert report.counts["prepared"] == 1
    assert codes(report) == ["CX381"]
    assert "F-1-R1" in str(bench.column("next_action")[0])


def test_the_new_row_waits_for_its_pdf_and_its_date_and_then_leaves(tmp_path: Path) -> None:
    bench = rejected(tmp_path)
    press(bench)
    validate(bench.office())
    before = bench.column("verdict")[1]
    write_pdf(tmp_path / "neuf.pdf", "F-1-R1")
    bench.type_into("pdf_file", ["F-1.pdf", "neuf.pdf"])
    issued = bench.column("issue_date")[0]
    bench.type_into("issue_date", [issued, issued])  # type: ignore[list-item]  # a date
    bench.type_into("recipient_siret", [bench.column("recipient_siret")[0]] * 2)  # type: ignore[list-item]  # Remplir
    bench.type_into("service_code", [bench.column("service_code")[0]] * 2)  # type: ignore[list-item]  # Remplir

    deposit(bench.office(), agree)

    assert before == "À corriger"
    assert bench.column("deposit_state") == ["Déposée", "Déposée"]
    assert bench.column("next_action") == [None, None], "what was replaced asks for nothing more"


def test_a_misrouted_invoice_goes_to_the_budget_that_was_picked(tmp_path: Path) -> None:
    bench = misrouted(tmp_path)

    report = press(bench)

    assert bench.platform.completed_with == [((PRINCIPAL, "FACTURES_HORS_MARCHE", "BC-1"), "")]
    assert report.counts["recycled"] == 1
    assert bench.column("recipient_siret") == [PRINCIPAL]
    assert bench.column("chorus_status") == ["Déposée (DEPOSEE)"]


def test_a_recycled_row_is_known_by_where_it_went(tmp_path: Path) -> None:
    bench = misrouted(tmp_path)
    press(bench)

    validate(bench.office())
    deposit(bench.office(), agree)

    assert bench.column("verdict") == ["Prête"]
    assert bench.platform.deposits_tried == 1


def test_a_recycling_stays_known_after_another_act(tmp_path: Path) -> None:
    bench = misrouted(tmp_path)
    press(bench)
    bench.platform.move("F-1", "SUSPENDUE", "Il manque le bon")
    write_pdf(tmp_path / "bon.pdf", "bon")
    bench.type_into("attachments", ["bon.pdf"])
    press_refresh(bench)
    press(bench)

    validate(bench.office())

    assert bench.platform.done == [("recycle", "F-1"), ("complete", "F-1")]
    assert bench.column("verdict") == ["Prête"]


# --- what is not done, and why --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code"), [("SUSPENDUE", "CX364"), ("A_RECYCLER", "CX365")], ids=["suspended", "to recycle"]
)
def test_a_row_that_says_nothing_new_is_told_what_to_do_and_left(tmp_path: Path, status: str, code: str) -> None:
    bench = deposited(tmp_path, row("F-1"), F_1=status)

    report = press(bench)

    assert codes(report) == [code]
    assert "Motif du destinataire" in told(report)
    assert bench.platform.calls == []
    assert exit_code(report) == ExitCode.ROWS_NEED_THE_CLERK


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"attachments": "absent.pdf"}, "CX281"),
        ({"attachments": "bon.exe"}, "CX290"),
        ({"comment": "x" * 201}, "CX218"),
    ],
    ids=str,
)
def test_a_completion_passes_the_rules_of_a_deposit(tmp_path: Path, cells: dict[str, str], code: str) -> None:
    bench = deposited(tmp_path, row("F-1"), F_1="SUSPENDUE")
    (tmp_path / "bon.exe").write_bytes(b"x")
    for name, value in cells.items():
        bench.type_into(name, [value])

    report = press(bench)

    assert codes(report) == [code, "CX367"]
    assert bench.platform.calls == []


def test_a_recycling_passes_the_rules_and_the_directory(tmp_path: Path) -> None:
    bench = deposited(tmp_path, row("F-1"), F_1="A_RECYCLER")
    bench.type_into("budget", ["Budget qui n'existe pas"])

    report = press(bench)

    assert codes(report)[-1] == "CX367"
    assert bench.platform.calls == []


def test_a_status_that_changed_since_is_not_acted_on(tmp_path: Path) -> None:
    bench = suspended(tmp_path)
    bench.platform.move("F-1", "MISE_A_DISPOSITION")

    report = press(bench)

    assert codes(report)[-1] == "CX377"
    assert bench.platform.calls == []
    assert bench.column("chorus_status") == ["Mise à disposition (MISE_A_DISPOSITION)"]


def test_a_rejection_handled_on_the_portal_is_not_acknowledged_again(tmp_path: Path) -> None:
    bench = rejected(tmp_path)
    bench.platform.handled.add("F-1")

    report = press(bench)

    assert codes(report) == ["CX381"]
    assert bench.platform.calls == []
    assert bench.column("invoice_number") == ["F-1", "F-1-R1"]
    assert codes(press(bench, "F-1")) == ["CX374"]
    assert bench.column("invoice_number") == ["F-1", "F-1-R1"]


def test_a_suspension_that_was_never_seen_is_answered_at_the_first_press(tmp_path: Path) -> None:
    bench = deposited(tmp_path, row("F-1"))
    bench.platform.move("F-1", "SUSPENDUE", "Le bon ?")
    bench.type_into("comment", ["Le voici"])

    report = press(bench)

    assert bench.platform.completed_with == [((), "Le voici")]
    assert codes(report) == []


def test_what_a_restored_journal_does_not_know_is_not_called_an_edit(tmp_path: Path) -> None:
    bench = deposited(tmp_path, row("F-1"), F_1="SUSPENDUE")
    bench.type_into("comment", ["Le voici"])
    bench.platform.move("F-1", "COMPLETEE")  # by an act that this journal has lost

    assert codes(press_refresh(bench)) == []


def test_a_full_table_that_holds_a_number_twice_is_written_whole(tmp_path: Path) -> None:
    rejections = {f"F_{number}": "REJETEE" for number in range(1, 4)}
    bench = deposited(tmp_path, *(row(f"F-{number}") for number in range(1, 4)), row("F-9"), row("F-9"), **rejections)

    report = press(bench)

    assert "CX380" in codes(report)
    assert report.written.moved == ()


def test_an_invoice_that_the_platform_does_not_show_is_left_alone(tmp_path: Path) -> None:
    bench = suspended(tmp_path)
    bench.platform.hidden.add("F-1")

    assert codes(press(bench)) == ["CX376"]
    assert bench.platform.calls == []


def test_a_platform_that_does_not_answer_is_told_and_nothing_is_done(tmp_path: Path) -> None:
    bench = suspended(tmp_path)
    bench.platform.search_is_down = True

    report = press(bench)

    assert report.stopped is not None
    assert bench.platform.calls == []
    assert exit_code(report) == ExitCode.PLATFORM


def test_a_row_refused_at_its_deposit_is_told_how_to_correct_it(tmp_path: Path) -> None:
    bench = deposited(tmp_path, row("F-1"), scripted=["refuse"])

    report = press(bench)

    assert codes(report) == ["CX378"]
    assert "(code 20013)" in told(report)
    assert bench.platform.calls == []


def test_one_number_on_two_rows_is_not_guessed(tmp_path: Path) -> None:
    bench = deposited(tmp_path, row("F-1"), row("F-2"), F_1="SUSPENDUE")
    bench.type_into("invoice_number", ["F-1", "F-1"])

    assert codes(press(bench)).count("CX369") == 2
    assert bench.platform.calls == []


def test_only_the_numbers_that_were_named_are_acted_on(tmp_path: Path) -> None:
    bench = deposited(tmp_path, row("F-1"), row("F-2"), F_1="REJETEE", F_2="REJETEE")

    report = press(bench, "F-2", "F-9")

    assert bench.platform.done == [("acknowledge", "F-2")]
    assert [finding.code for finding in report.notices] == ["CX379"]


@pytest.mark.parametrize("scripted", ["not_sent", "lose_before"])
def test_a_number_that_is_not_deposited_is_said_when_it_is_named(tmp_path: Path, scripted: str) -> None:
    bench = deposited(tmp_path, row("F-1"), scripted=[scripted])

    assert codes(press(bench, "F-1")) == ["CX368"]
    assert codes(press(bench)) == []


def test_nothing_is_done_without_consent(tmp_path: Path) -> None:
    bench = suspended(tmp_path)
    asked: list[ActPlan] = []

    def decline(plan: ActPlan) -> bool:
        asked.append(plan)
        return False

    report = act(bench.office(), decline)

    assert [line.told.code for plan in asked for line in plan.lines] == ["CX360"]
    assert "« bon.pdf »" in in_report(asked[0].lines[0].told)
    assert bench.platform.calls == []
    assert isinstance(report.stopped, SetupError)
    assert state(bench) is None


def test_a_preview_says_what_would_be_done_and_does_nothing(tmp_path: Path) -> None:
    bench = deposited(tmp_path, row("F-1"), row("F-2"), F_1="REJETEE", F_2="SUSPENDUE")

    report = act(bench.office(), lambda _: pytest.fail("a preview asks nothing"), preview=True)

    assert codes(report) == ["CX361", "CX364"]
    assert bench.platform.calls == []
    assert bench.column("invoice_number") == ["F-1", "F-2"]
    assert report.stopped is None
    assert exit_code(report) == ExitCode.ROWS_NEED_THE_CLERK


def test_with_nothing_to_do_nobody_is_asked(tmp_path: Path) -> None:
    bench = deposited(tmp_path, row("F-1"))

    report = act(bench.office(), lambda _: pytest.fail("there is nothing to agree to"))

    assert codes(report) == []
    assert exit_code(report) == ExitCode.DONE


# --- once, whatever happens -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MADE)
def test_pressing_again_does_nothing_again(tmp_path: Path, name: str) -> None:
    bench = MADE[name][0](tmp_path)

    press(bench)
    press(bench)
    press_refresh(bench)
    press(bench)

    assert bench.platform.calls == [(name, "F-1")]
    assert len(bench.column("invoice_number")) == (2 if name == "acknowledge" else 1)


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize(
    ("word", "end", "code"),
    [
        ("do", ActState.DONE, None),
        ("refuse", ActState.REFUSED, "CX370"),
        ("not_sent", ActState.NOT_SENT, "CX371"),
        ("lose_before", ActState.IN_DOUBT, "CX372"),
        ("lose_after", ActState.DONE, None),  # found by the look-up of the same press
    ],
)
def test_what_became_of_an_act_is_in_the_journal_and_told(
    tmp_path: Path, name: str, word: str, end: ActState, code: str | None
) -> None:
    bench = MADE[name][0](tmp_path)
    bench.platform.acts_scripted = [word]

    report = press(bench)

    assert state(bench) is end
    assert [found for found in codes(report) if found != "CX381"] == ([code] if code else [])
    assert report.in_doubt == (end is ActState.IN_DOUBT)
    assert report.counts[MADE[name][1]] == (end is ActState.DONE)


@pytest.mark.parametrize("name", MADE)
def test_an_act_in_doubt_is_tried_again_only_when_the_platform_has_not_done_it(tmp_path: Path, name: str) -> None:
    bench = MADE[name][0](tmp_path)
    bench.platform.acts_scripted = ["lose_before"]

    seen = []
    for seconds in (0, 0, 599, 1):
        bench.clock.pass_(seconds)
        press(bench)
        seen.append((len(bench.platform.calls), len(bench.platform.done)))

    assert seen == [(1, 0), (1, 0), (1, 0), (2, 1)]


@pytest.mark.parametrize("name", MADE)
def test_an_act_that_a_search_shows_late_is_never_done_twice(tmp_path: Path, name: str) -> None:
    bench = MADE[name][0](tmp_path)
    bench.platform.acts_scripted = ["lose_after"]
    bench.platform.lags = True
    press(bench)
    press(bench)
    bench.platform.lags = False

    press(bench)

    assert bench.platform.done == [(name, "F-1")]
    assert state(bench) is ActState.DONE


@pytest.mark.parametrize("name", MADE)
def test_an_act_that_a_clock_set_wrong_dated_far_ahead_is_not_waited_for(tmp_path: Path, name: str) -> None:
    bench = MADE[name][0](tmp_path)
    bench.platform.acts_scripted = ["lose_before"]
    a_year = 365 * 86_400
    bench.clock.pass_(a_year)
    press(bench)

    seen = []
    for seconds in (-a_year, 599, 1):
        bench.clock.pass_(seconds)
        press(bench)
        seen.append((len(bench.platform.calls), len(bench.platform.done)))

    assert seen == [(1, 0), (1, 0), (2, 1)]


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("other", ["refresh", "deposit"])
def test_the_other_buttons_look_up_an_act_in_doubt_too(tmp_path: Path, name: str, other: str) -> None:
    bench = MADE[name][0](tmp_path)
    with pytest.raises(PowerCutError):
        press(bench, fuse=_cut_after_the_call(bench))

    if other == "refresh":
        press_refresh(bench)
    else:
        deposit(bench.office(), agree)

    assert state(bench) is ActState.DONE
    assert bench.platform.calls == [(name, "F-1")]


def _cut_after_the_call(bench: ActingBench) -> Fuse:
    """A fuse that blows once the platform has acted, before the outcome is committed."""
    files = bool(bench.column("attachments")[0])
    return Fuse(3 if files else 2, after=True)


@pytest.mark.parametrize("name", ["complete", "recycle"])
def test_a_history_that_does_not_show_the_occasion_proves_nothing(tmp_path: Path, name: str) -> None:
    bench = MADE[name][0](tmp_path)
    bench.platform.acts_scripted = ["lose_before"]
    begins: tuple[Passage, ...] = (Passage("DEPOSEE", MORNING), Passage("COMPLETEE", MORNING))
    bench.platform.history = lambda _: begins  # type: ignore[method-assign, assignment]  # cut off at its end

    press(bench)

    assert state(bench) is ActState.IN_DOUBT


def test_an_act_in_doubt_is_shown_on_its_row(tmp_path: Path) -> None:
    bench = suspended(tmp_path)
    bench.platform.acts_scripted = ["lose_before"]

    report = press(bench)

    assert "Ne le refaites pas sur le portail" in str(bench.column("next_action")[0])
    assert "après 10:10" in told(report)  # the settling delay after nine o'clock in Greenwich


def test_a_second_suspension_is_another_occasion(tmp_path: Path) -> None:
    bench = suspended(tmp_path)
    press(bench)
    bench.platform.move("F-1", "SUSPENDUE", "Et la photo")
    write_pdf(tmp_path / "photo.pdf", "photo")
    bench.type_into("attachments", ["bon.pdf; photo.pdf"])
    press_refresh(bench)

    press(bench)

    assert bench.platform.done == [("complete", "F-1")] * 2


def test_two_presses_at_once_act_once(tmp_path: Path) -> None:
    bench = suspended(tmp_path)
    reports: list[Report] = []
    upload = bench.platform.upload

    def other_press_meanwhile(document: object) -> object:
        bench.platform.upload = upload  # type: ignore[method-assign]  # once
        reports.append(press(bench))
        return upload(document)  # type: ignore[arg-type]  # passed on as it came

    bench.platform.upload = other_press_meanwhile  # type: ignore[method-assign, assignment]  # the other PC is faster

    report = press(bench)

    assert bench.platform.calls == [("complete", "F-1")]
    assert codes(reports[0]) == []
    assert codes(report) == ["CX373"]


def test_a_late_yes_after_another_pc_looked_is_kept(tmp_path: Path) -> None:
    bench = suspended(tmp_path)
    complete = bench.platform.complete

    def slow(*args: object, **named: object) -> object:
        with bench.open_journal() as theirs:
            theirs.records()
            theirs.record_act("F-1", ActEvent.SETTLE, {})
        return complete(*args, **named)  # type: ignore[arg-type]  # passed on as they came

    bench.platform.complete = slow  # type: ignore[method-assign, assignment]  # another PC looks while the call runs

    press(bench)

    assert state(bench) is ActState.DONE
    assert bench.platform.calls == [("complete", "F-1")]


def test_the_intent_is_committed_before_anything_leaves(tmp_path: Path) -> None:
    bench = suspended(tmp_path)
    seen: list[ActState | None] = []
    complete = bench.platform.complete

    def spying(*args: object, **named: object) -> object:
        seen.append(state(bench))
        return complete(*args, **named)  # type: ignore[arg-type]  # passed on as they came

    bench.platform.complete = spying  # type: ignore[method-assign, assignment]  # the platform watches our journal

    press(bench)

    assert seen == [ActState.INTENDED]


def test_a_file_is_kept_before_it_leaves(tmp_path: Path) -> None:
    bench = suspended(tmp_path)
    kept: list[tuple[str, int]] = []

    class Shelf:
        def keep(self, document: Document) -> None:
            kept.append((document.sha256, len(bench.platform.uploaded)))

        def fetch(self, sha256: str) -> bytes | None:
            raise NotImplementedError(sha256)

    office = bench.office()
    furnish = office.surroundings
    act(replace(office, surroundings=lambda given: replace(furnish(given), archive=Shelf())), agree)

    before = len(bench.platform.uploaded) - 1
    assert kept == [(bench.platform.uploaded[-1].sha256, before)]
    with bench.open_journal() as journal:
        known = journal.records()["F-1"].act
    assert known is not None
    assert known.content["attachments_sha256"] == kept[0][0]
    assert known.content["attachments_size"] == str(bench.platform.uploaded[-1].size)


def test_a_platform_that_is_down_stops_after_a_few(tmp_path: Path) -> None:
    rows = [row(f"F-{number}") for number in range(10)]
    bench = deposited(tmp_path, *rows, **{f"F_{number}": "REJETEE" for number in range(10)})
    bench.platform.acts_scripted = ["not_sent"] * 10

    report = press(bench)

    assert 3 <= len(bench.platform.calls) <= 3 + 3  # what three other workers had under way is finished
    assert report.stopped is not None
    assert report.stopped.code == "CX386"


def test_a_request_to_stop_is_heard_before_anything_is_done(tmp_path: Path) -> None:
    bench = suspended(tmp_path)

    report = press(bench, stop=True)

    assert bench.platform.calls == []
    assert report.counts["completed"] == 0


@pytest.mark.parametrize("name", MADE)
def test_a_power_cut_at_any_effect_acts_once_and_prepares_one_row(tmp_path: Path, name: str) -> None:
    (tmp_path / "made").mkdir()
    made = MADE[name][0](tmp_path / "made")
    fuse = Fuse()
    press(copied(made, tmp_path / "counted"), fuse=fuse)
    assert fuse.count == {"complete": 5, "acknowledge": 5, "recycle": 4}[name]  # uploads and notes differ

    for at in range(1, fuse.count + 1):
        for after in (False, True):
            bench = copied(made, tmp_path / f"{at}-{after}")
            with pytest.raises(PowerCutError):
                press(bench, fuse=Fuse(at, after=after))
            for seconds in (0, 601):
                bench.clock.pass_(seconds)
                press(bench)

            where = f"effect {at}, {'after' if after else 'before'}"
            assert bench.platform.done == [(name, "F-1")], where
            assert state(bench) is ActState.DONE, where
            numbers = ["F-1", "F-1-R1"] if name == "acknowledge" else ["F-1"]
            assert bench.column("invoice_number") == numbers, where


# --- the new row ----------------------------------------------------------------------------------------------------


def test_a_table_without_an_empty_line_says_what_to_type_and_the_row_comes_later(tmp_path: Path) -> None:
    bench = deposited(
        tmp_path, *(row(f"F-{number}") for number in range(1, 4)), F_1="REJETEE", F_2="REJETEE", F_3="REJETEE"
    )

    report = press(bench)  # two lines are empty

    assert bench.column("invoice_number") == ["F-1", "F-2", "F-3", "F-1-R1", "F-2-R1"]
    assert codes(report) == ["CX381", "CX381", "CX380"]
    assert "Remplace la facture F-3, rejetée" in told(report)
    assert "R1" not in str(bench.column("next_action")[2])
    press(bench)
    assert sorted(bench.platform.done) == [("acknowledge", f"F-{number}") for number in range(1, 4)]
    bench.type_into("invoice_number", ["F-1", "F-2", "F-3", "F-1-R1", "F-3-R1"])  # typed by hand

    assert codes(press(bench)) == []


def test_a_row_that_the_clerk_made_herself_is_recognised(tmp_path: Path) -> None:
    bench = deposited(tmp_path, row("F-1"), row("F-77", comment="Remplace la facture F-1, rejetée hier"), F_1="REJETEE")

    report = press(bench)

    assert bench.column("invoice_number") == ["F-1", "F-77"]
    assert report.counts["prepared"] == 0
    assert codes(report) == []


def test_a_prepared_row_may_be_renumbered_or_deleted_and_does_not_come_back(tmp_path: Path) -> None:
    bench = rejected(tmp_path)
    press(bench)
    bench.type_into("invoice_number", ["F-1", "F-78"])
    bench.type_into("comment", [None, None])

    press(bench)

    assert bench.column("invoice_number") == ["F-1", "F-78"]


def test_the_proposed_number_is_one_that_nobody_has(tmp_path: Path) -> None:
    bench = deposited(tmp_path, row("F-1"), row("f-1-r1"), F_1="REJETEE")

    press(bench)

    assert bench.column("invoice_number") == ["F-1", "f-1-r1", "F-1-R2"]
