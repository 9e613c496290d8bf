"""Vérifier les budgets: each body against the directory, and what a line remembers of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from chorus_xl.domain.budgets import read_budgets
from chorus_xl.domain.directory import MEMORY, OLD_AFTER
from chorus_xl.domain.invoice import PublicBody, Service
from chorus_xl.domain.parameters import Environment
from chorus_xl.domain.sheets import CellValue, Changes, Sheets, TableChange, Written
from chorus_xl.errors import InDoubtError
from chorus_xl.steps.check_budgets import check_budgets
from chorus_xl.steps.fill import fill
from chorus_xl.steps.judge import open_desk
from chorus_xl.steps.office import Office, Report
from chorus_xl.steps.ports import Workbook
from chorus_xl.steps.validate import validate
from chorus_xl.workbook.closed import ClosedWorkbook
from tests.bench import EAU, PRINCIPAL, Bench, ChorusInMemory, make_bench, row

PRINTED_CFA, CANDIDATE_CFA = "20006905200175", "21900010600175"
UNDER, OUTSIDE = "FACTURES_SUR_MARCHE", "FACTURES_HORS_MARCHE"
EAU_ROW, CFA_ROW = 1, 5  # places in the shipped list


def services(*codes: str, **flags: bool) -> dict[str, Service]:
    return {code: Service(code, code, **{"is_active": True, **flags}) for code in codes}


def body(siret: str = EAU, **facts: object) -> PublicBody:
    """A body that is in order; name what differs."""
    known = {"name": "GRAND BELFORT - EAU", "services": services(UNDER, OUTSIDE), "service_required": True}
    return PublicBody(siret, **known | facts)  # type: ignore[arg-type]  # as each case names them


@dataclass
class Directory(ChorusInMemory):
    """A directory of some bodies; the others are in order too."""

    bodies: dict[str, PublicBody | None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=lambda: {CANDIDATE_CFA})
    answers: int = 1000  # then silence

    def public_body(self, siret: str, service_codes: Sequence[str] = ()) -> PublicBody | None:
        self.asked.append(siret)
        if len(self.asked) > self.answers:
            raise InDoubtError("CX421", operation="structures")
        return self.bodies.get(siret, None if siret in self.unknown else body(siret))


def bench_with(folder: Path, **bodies: PublicBody | None) -> tuple[Bench, Directory]:
    bench = make_bench(folder, row("F-1"))
    directory = Directory(bench.clock, bodies={siret.removeprefix("_"): known for siret, known in bodies.items()})
    bench.platform = directory
    return bench, directory


def type_budget(bench: Bench, place: int, **cells: CellValue) -> None:
    """What a hand does on one line of ``tblBudgets``."""
    workbook = ClosedWorkbook(bench.file, backups=None, today=lambda: bench.clock().date())
    sheets = workbook.read()
    at = [int(sheets.budgets.rows[place])]
    workbook.write(sheets, Changes((TableChange("tblBudgets", at, {name: [cell] for name, cell in cells.items()}),)))


def line(bench: Bench, place: int = EAU_ROW) -> Mapping[str, object]:
    frame = bench.sheets().budgets.frame
    return {str(name): frame[name].iloc[place] for name in frame.columns}


def codes(report: Report, place: int = EAU_ROW) -> list[str]:
    return [finding.code for finding in report.rows[place].findings]


FOUND: list[tuple[str, PublicBody | None, list[str], str]] = [
    ("in order", body(), [], "Connu, actif"),
    ("unknown", None, ["CX350"], "Inconnu"),
    ("inactive", body(is_active=False), ["CX355"], "Connu, inactif"),
    ("one service is not there", body(services=services(OUTSIDE, "COMPTA")), ["CX354"], "Connu, actif"),
    ("one service is closed", body(services=services(OUTSIDE) | services(UNDER, is_active=False)), ["CX354"], "Connu"),
    ("no service at all", body(services={}), ["CX354", "CX354"], "Connu, actif"),
    (
        "a service wants an engagement",
        body(services=services(UNDER, OUTSIDE, engagement_required=True)),
        ["CX357"] * 2,
        "",
    ),
]


@pytest.mark.parametrize(("name", "known", "found", "word"), FOUND, ids=[name for name, *_ in FOUND])
def test_a_body_is_judged_named_and_dated(
    tmp_path: Path, name: str, known: PublicBody | None, found: list[str], word: str
) -> None:
    bench, _ = bench_with(tmp_path, **{f"_{EAU}": known})

    report = check_budgets(bench.office(), accept=False)

    assert codes(report) == found, name
    said = line(bench)
    assert str(said["directory"]).startswith(word)
    assert EAU in str(said["directory"])
    assert ("GRAND BELFORT - EAU" in str(said["directory"])) is (known is not None)
    assert said["checked_on"] == bench.clock().date()
    assert all(f"[{code}]" in str(said["remark"]) for code in found)


def test_what_it_requires_is_written(tmp_path: Path) -> None:
    either = body(PRINCIPAL, service_required=False, engagement_required=False, service_or_engagement=True)
    bench, _ = bench_with(tmp_path, **{f"_{EAU}": body(engagement_required=False), f"_{PRINCIPAL}": either})

    check_budgets(bench.office(), accept=False)

    assert (line(bench)["service_required"], line(bench)["engagement_required"]) == ("Oui", "Non")
    assert line(bench, 0)["service_required"] == "Service ou engagement"


def test_where_the_leaflets_code_is_not_known_the_row_says_which_are(tmp_path: Path) -> None:
    offered = services("COMPTA", "VOIRIE", "FACTURES_PUBLIQUES")
    bench, _ = bench_with(tmp_path, **{f"_{EAU}": body(services=offered)})

    check_budgets(bench.office(), accept=False)

    remark = str(line(bench)["remark"])
    assert UNDER in remark
    assert "services actifs : COMPTA, VOIRIE)" in remark  # FACTURES_PUBLIQUES is not for suppliers


def test_a_body_of_many_services_names_the_first_ones(tmp_path: Path) -> None:
    many = services(*(f"S{number:04}" for number in range(3000)))
    bench, _ = bench_with(tmp_path, **{f"_{EAU}": body(services=many)})

    check_budgets(bench.office(), accept=False)

    assert "S0019 et 2980 autres" in str(line(bench)["remark"])


def test_a_code_for_public_bodies_is_no_code_for_a_supplier(tmp_path: Path) -> None:
    bench, _ = bench_with(tmp_path, **{f"_{EAU}": body(services=services(UNDER, "FACTURES_PUBLIQUES"))})
    type_budget(bench, EAU_ROW, service_outside_contract="FACTURES_PUBLIQUES")

    assert codes(check_budgets(bench.office(), accept=False)) == ["CX240"]


def test_a_missing_code_is_said_where_a_service_is_required(tmp_path: Path) -> None:
    bench, _ = bench_with(tmp_path)
    type_budget(bench, EAU_ROW, service_outside_contract=None)

    assert codes(check_budgets(bench.office(), accept=False)) == ["CX359"]


# The leaflet's misprints.


PLAYED, TRIED, REAL = Environment.REHEARSAL, Environment.QUALIFICATION, Environment.PRODUCTION


def office_in(environment: Environment, bench: Bench) -> Office:
    """The bench's office, its settings being of another environment."""
    office = bench.office()
    known = office.surroundings
    return replace(office, surroundings=lambda given: replace(known(given), environment=environment))


@pytest.mark.parametrize(
    ("environment", "candidate", "accept", "code", "siret"),
    [
        (REAL, None, False, "CX353", PRINTED_CFA),
        (REAL, None, True, "CX353", PRINTED_CFA),
        (REAL, body(CANDIDATE_CFA), False, "CX351", PRINTED_CFA),
        (REAL, body(CANDIDATE_CFA), True, "CX352", CANDIDATE_CFA),
        (REAL, body(CANDIDATE_CFA, is_active=False), True, "CX353", PRINTED_CFA),
        (PLAYED, body(CANDIDATE_CFA), False, "CX349", PRINTED_CFA),
        (PLAYED, body(CANDIDATE_CFA), True, "CX349", PRINTED_CFA),
        (TRIED, body(CANDIDATE_CFA), True, "CX349", PRINTED_CFA),
    ],
    ids=[
        *("nobody knows it", "nothing to accept", "known", "accepted", "closed"),
        *("played", "accepted in play", "accepted in qualification"),
    ],
)
def test_a_misprint_comes_out_with_its_candidate_and_only_production_confirms_it(
    tmp_path: Path, environment: Environment, candidate: PublicBody | None, code: str, siret: str, *, accept: bool
) -> None:
    bench, directory = bench_with(tmp_path, **{f"_{CANDIDATE_CFA}": candidate})
    directory.unknown.add(PRINTED_CFA)

    report = check_budgets(office_in(environment, bench), accept=accept)

    assert codes(report, CFA_ROW) == [code]
    assert line(bench, CFA_ROW)["siret"] == siret
    assert CANDIDATE_CFA in str(line(bench, CFA_ROW)["remark"])
    assert (PRINTED_CFA in directory.asked) is (environment is TRIED)


def test_in_qualification_a_siret_with_a_wrong_key_is_asked_for_first(tmp_path: Path) -> None:
    bench, directory = bench_with(tmp_path)

    report = check_budgets(office_in(TRIED, bench), accept=False)

    assert codes(report, CFA_ROW) == []
    assert PRINTED_CFA in directory.asked
    assert CANDIDATE_CFA not in directory.asked


# What a line remembers.


def checked(folder: Path) -> tuple[Bench, Directory]:
    bench, directory = bench_with(folder)
    check_budgets(bench.office(), accept=False)
    return bench, directory


@pytest.mark.parametrize("press", [fill, lambda office: check_budgets(office, accept=False)], ids=["fill", "check"])
def test_a_siret_that_changed_takes_nothing_over_from_the_former_one(tmp_path: Path, press: object) -> None:
    bench, directory = checked(tmp_path)
    assert line(bench)["checked_on"] is not None
    directory.answers = 0  # nobody answers any more
    type_budget(bench, EAU_ROW, siret="20006905200070")

    press(bench.office())  # type: ignore[operator]  # either step

    assert [line(bench)[name] for name in (*MEMORY, "remark")] == [None] * 5
    assert line(bench, 0)["checked_on"] is not None


def test_a_siret_that_changed_is_said_by_remplir(tmp_path: Path) -> None:
    bench, _ = checked(tmp_path)
    type_budget(bench, EAU_ROW, siret="20006905200070")

    said = [finding.code for finding in fill(bench.office()).notices]

    assert said.count("CX356") == 1
    assert "CX356" not in [finding.code for finding in fill(bench.office()).notices]


@pytest.mark.parametrize("press", [fill, lambda office: check_budgets(office, accept=False)], ids=["fill", "check"])
def test_what_was_said_in_play_is_not_taken_along_into_production(tmp_path: Path, press: object) -> None:
    bench, directory = checked(tmp_path)
    directory.answers = 0

    report = press(office_in(REAL, bench))  # type: ignore[operator]  # either step

    assert [line(bench)[name] for name in (*MEMORY, "remark")] == [None] * 5
    found = [*report.notices, *(finding for row in report.rows for finding in row.findings)]
    assert [finding.row for finding in found if finding.code == "CX348"][:2] == [5, 6]
    assert codes(validate(office_in(REAL, bench)), 0) == []


def test_a_directory_of_play_is_no_fallback_when_the_real_one_is_silent(tmp_path: Path) -> None:
    bench, _ = checked(tmp_path)
    bench.platform.directory_is_down = True

    known = open_desk(office_in(REAL, bench)).budgets["Grand Belfort – Eau"]

    assert (known.checked_on, known.directory) == (None, None)
    assert open_desk(bench.office()).budgets["Grand Belfort – Eau"].directory is not None


@pytest.mark.parametrize("press", [fill, lambda office: check_budgets(office, accept=False)], ids=["fill", "check"])
def test_that_a_siret_was_replaced_stays_said_when_the_answer_itself_is_wiped(tmp_path: Path, press: object) -> None:
    bench, directory = bench_with(tmp_path, **{f"_{CANDIDATE_CFA}": body(CANDIDATE_CFA)})
    check_budgets(office_in(REAL, bench), accept=True)
    directory.answers = 0

    press(office_in(PLAYED, bench))  # type: ignore[operator]  # either step

    assert line(bench, CFA_ROW)["directory"] is None
    assert "[CX352]" in str(line(bench, CFA_ROW)["remark"])


@dataclass
class Mistyped:
    """A workbook whose environment is none that there is."""

    book: Workbook

    def read(self) -> Sheets:
        sheets = self.book.read()
        return replace(sheets, parameters={**sheets.parameters, "environment": "Prodution"})

    def write(self, sheets: Sheets, changes: Changes) -> Written:
        return self.book.write(sheets, changes)

    def ensure_writable(self) -> None:
        self.book.ensure_writable()


def test_an_environment_that_cannot_be_read_wipes_nothing(tmp_path: Path) -> None:
    bench, _ = checked(tmp_path)
    office = office_in(REAL, bench)

    fill(replace(office, workbook=Mistyped(office.workbook)))

    assert str(line(bench)["directory"]).startswith("Connu, actif (Répétition")


def test_before_any_press_an_answer_about_another_siret_is_no_fact(tmp_path: Path) -> None:
    bench, directory = bench_with(tmp_path, **{f"_{EAU}": body(engagement_required=True)})
    check_budgets(bench.office(), accept=False)
    assert "CX356" not in [finding.code for finding in validate(bench.office()).notices]
    type_budget(bench, EAU_ROW, siret="20006905200070")

    budgets, _ = read_budgets(bench.sheets().budgets, Environment.REHEARSAL)

    assert budgets["Grand Belfort – Eau"].directory is None
    assert directory.asked


@pytest.mark.parametrize(("days", "said"), [(0, False), (1, True)], ids=["ninety days", "ninety-one"])
def test_an_old_answer_is_said_to_be_old_when_rows_rest_on_it(tmp_path: Path, days: int, *, said: bool) -> None:
    bench, _ = checked(tmp_path)
    bench.clock.pass_((OLD_AFTER + timedelta(days=days)).total_seconds())

    notices = [finding for finding in validate(bench.office()).notices if finding.code == "CX358"]

    assert [finding.params["label"] for finding in notices] == ["Grand Belfort – Eau"] * said


def test_what_could_not_be_asked_keeps_its_date_and_its_age_is_said(tmp_path: Path) -> None:
    bench, directory = checked(tmp_path)
    first = line(bench)["checked_on"]
    bench.clock.pass_((OLD_AFTER + timedelta(days=1)).total_seconds())
    directory.asked.clear()
    directory.answers = 1

    report = check_budgets(bench.office(), accept=False)

    assert report.stopped is not None
    assert line(bench, 0)["checked_on"] == bench.clock().date()
    assert line(bench)["checked_on"] == first
    assert codes(report) == ["CX358"]
