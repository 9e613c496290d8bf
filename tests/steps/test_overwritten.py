"""A verdict, or its sentences, typed over by hand: put back, and said where it can be told from an edited row."""

from pathlib import Path

import pytest

from chorus_xl.domain.sheets import CellValue
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.office import Report
from chorus_xl.steps.validate import validate
from tests.bench import ABSENT, Bench, make_bench, row


def said(report: Report) -> list[tuple[str, str | None]]:
    return [(each.column or "", each.params["value"]) for each in report.rows[0].findings if each.code == "CX139"]


def judged(folder: Path, **changes: object) -> Bench:
    bench = make_bench(folder, row("F-1", **changes))
    validate(bench.office())
    return bench


TYPED: list[tuple[str, dict[str, CellValue], list[tuple[str, str]]]] = [
    ("a word of no verdict", {"verdict": "OK"}, [("verdict", "OK")]),
    ("a verdict in another case", {"verdict": "prête"}, [("verdict", "prête")]),
    ("ready beside an error", {"verdict": "Prête"}, [("verdict", "Prête")]),
    ("to be checked beside an error", {"verdict": "À vérifier"}, [("verdict", "À vérifier")]),
    ("sentences without a code", {"findings": "vu avec le chef"}, [("findings", "vu avec le chef")]),
    ("both", {"verdict": "OK", "findings": "vu"}, [("verdict", "OK"), ("findings", "vu")]),
]


@pytest.mark.parametrize(("cells", "told"), [row[1:] for row in TYPED], ids=[row[0] for row in TYPED])
def test_what_was_typed_over_a_verdict_is_put_back_and_said(
    tmp_path: Path, cells: dict[str, CellValue], told: list[tuple[str, str]]
) -> None:
    bench = judged(tmp_path, pdf_file=ABSENT)
    before = bench.column("verdict"), bench.column("findings")
    for name, value in cells.items():
        bench.type_into(name, [value])

    report = validate(bench.office())

    assert said(report) == told
    assert (bench.column("verdict"), bench.column("findings")) == before
    assert said(validate(bench.office())) == []


def test_a_deposit_says_it_too_and_a_typed_verdict_lets_nothing_leave(tmp_path: Path) -> None:
    bench = judged(tmp_path, pdf_file=ABSENT)
    bench.type_into("verdict", ["Prête"])

    report = deposit(bench.office(), lambda _: True)

    assert said(report) == [("verdict", "Prête")]
    assert bench.platform.deposits_tried == 0
    assert bench.column("verdict") == ["À corriger"]


def test_a_row_that_was_only_edited_is_not_accused(tmp_path: Path) -> None:
    bench = judged(tmp_path)
    bench.type_into("pdf_file", [ABSENT])
    spoilt = validate(bench.office())
    bench.type_into("pdf_file", ["F-1.pdf"])
    mended = validate(bench.office())

    assert (said(spoilt), said(mended)) == ([], [])
    assert [report.rows[0].values["verdict"] for report in (spoilt, mended)] == ["À corriger", "Prête"]


@pytest.mark.parametrize(
    "cells", [{"verdict": None}, {"findings": None}, {"verdict": None, "findings": None}], ids=["one", "other", "both"]
)
def test_a_cell_that_was_emptied_claims_nothing(tmp_path: Path, cells: dict[str, CellValue]) -> None:
    bench = judged(tmp_path, pdf_file=ABSENT)
    for name, value in cells.items():
        bench.type_into(name, [value])

    assert said(validate(bench.office())) == []


def test_what_a_deposit_wrote_is_never_taken_for_a_hand(tmp_path: Path) -> None:
    bench = judged(tmp_path)
    bench.platform.directory_is_down = True  # each row is warned of it

    deposit(bench.office(), lambda _: True)

    assert said(validate(bench.office())) == []
    assert said(deposit(bench.office(), lambda _: True)) == []
