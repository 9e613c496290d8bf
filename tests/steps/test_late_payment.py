"""Late payments and the last press: on ``Accueil`` and in the report, from the journal's history."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from chorus_xl.domain.columns import LAYOUT, LAYOUT_NAME, PRESS_ITEMS
from chorus_xl.domain.invoice import Passage
from chorus_xl.domain.lifecycle import Event
from chorus_xl.domain.sheets import CellValue, Changes, TableChange
from chorus_xl.steps.deposit import deposit
from chorus_xl.steps.fill import fill
from chorus_xl.steps.office import Report
from chorus_xl.steps.refresh import refresh
from chorus_xl.telling import as_document, late_line
from chorus_xl.terminal import print_report
from tests.bench import START, SUPPLIER, Bench, make_bench, row
from tests.steps import acting
from tests.workbook.sample import Edit, edit_parts, read_parts, swap

AVAILABLE = datetime(2026, 11, 24, 8, 30)  # noqa: DTZ001 - the platform's clock is naive, Paris
DUE = date(2026, 12, 24)


def deposited(folder: Path, *rows: dict[str, object]) -> Bench:
    """A bench whose rows are deposited and held by the buyer since the day after."""
    bench = make_bench(folder, *(rows or (row("F-1"),)))
    deposit(bench.office(), lambda _: True)
    bench.platform.status = "MISE_A_DISPOSITION"
    refresh(bench.office())
    return bench


def refreshed(bench: Bench, day: date) -> Report:
    bench.clock.moment = START + (day - START.date())
    return refresh(bench.office())


def type_delay(bench: Bench, label: str, days: CellValue) -> None:
    """What a hand does on ``Budgets``."""
    workbook = bench.office().workbook
    sheets = workbook.read()
    place = sheets.budgets.cells("label").index(label)
    change = TableChange("tblBudgets", [int(sheets.budgets.rows[place])], {"payment_days": [days]})
    workbook.write(sheets, Changes((change,)))


def lines(bench: Bench) -> dict[str, list[object]]:
    """``tblEcheances`` by attribute, its one blank row left out."""
    table = bench.table("tblEcheances")
    held = [place for place, number in enumerate(table["invoice_number"]) if number]
    return {name: [column[place] for place in held] for name, column in table.items()}


def press(bench: Bench) -> dict[object, object]:
    table = bench.table("tblPression")
    return dict(zip(table["item"], table["value"], strict=True))


def test_an_invoice_is_listed_a_week_before_its_due_date(tmp_path: Path) -> None:
    bench = deposited(tmp_path)

    assert refreshed(bench, DUE - timedelta(days=8)).late == ()
    assert lines(bench)["invoice_number"] == []
    refreshed(bench, DUE - timedelta(days=7))
    listed = lines(bench)

    assert (listed["invoice_number"], listed["due_on"], listed["days_late"]) == (["F-1"], [DUE], [""])
    assert listed["remark"] == ["due dans 7 jours"]


def test_a_late_invoice_is_on_the_sheet_and_in_the_report(tmp_path: Path) -> None:
    bench = deposited(tmp_path)

    report = refreshed(bench, DUE + timedelta(days=10))

    listed = lines(bench)
    assert {name: listed[name] for name in ("budget", "available_on", "due_on", "days_late", "total_with_vat")} == {
        "budget": ["Grand Belfort – Eau"],
        "available_on": [AVAILABLE.date()],
        "due_on": [DUE],
        "days_late": [10],
        "total_with_vat": [120],
    }
    assert (listed["compensation"], listed["interest"], listed["rate"]) == ([40], [""], [""])
    assert "taux du semestre inconnu" in str(listed["remark"][0])
    [late] = report.late
    assert "10 jours de retard, échéance le 24/12/2026, 120,00 € TTC" in late_line(late)


def test_late_invoices_come_first_and_the_latest_of_them_first(tmp_path: Path) -> None:
    bench = deposited(tmp_path, row("F-1"), row("F-2", budget="Belfort – Budget principal"))
    type_delay(bench, "Belfort – Budget principal", 50)

    refreshed(bench, date(2027, 1, 10))

    assert lines(bench)["invoice_number"] == ["F-1", "F-2"]
    assert lines(bench)["days_late"] == [17, ""]


def test_one_that_was_paid_late_stays_on_its_own_sheet(tmp_path: Path) -> None:
    bench = deposited(tmp_path)
    paid = datetime(2027, 1, 3, 10, 0)  # noqa: DTZ001 - Paris, naive
    bench.platform.status, bench.platform.since = "MISE_EN_PAIEMENT", paid
    bench.platform.histories[9_000_001] = (
        Passage("MISE_A_DISPOSITION", AVAILABLE),
        Passage("MISE_EN_PAIEMENT", paid),
    )

    report = refreshed(bench, date(2027, 2, 1))

    assert lines(bench)["days_late"] == [10]
    assert "payée le 03/01/2027" in str(lines(bench)["remark"][0])
    assert "payée le 03/01/2027, 10 jours après l'échéance" in late_line(report.late[0])


def test_a_budget_without_its_delay_is_told_and_not_called_late(tmp_path: Path) -> None:
    bench = deposited(tmp_path)
    type_delay(bench, "Grand Belfort – Eau", None)

    report = refreshed(bench, date(2027, 6, 1))

    assert report.late == ()
    assert lines(bench)["due_on"] == [""]
    assert lines(bench)["remark"] == ["délai de paiement inconnu : feuille Budgets"]


@pytest.mark.parametrize("cell", [0, 61, 30.5, "trente", "30 jours"])
def test_what_is_no_delay_is_said(tmp_path: Path, cell: CellValue) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    type_delay(bench, "Grand Belfort – Eau", cell)

    report = refresh(bench.office())

    assert "CX446" in {finding.code for finding in (*report.notices, *fill(bench.office()).notices)}


@pytest.mark.parametrize("status", ["REJETEE", "ABANDONNEE"])
def test_what_will_never_be_paid_has_no_due_date(tmp_path: Path, status: str) -> None:
    bench = deposited(tmp_path)
    bench.platform.status = status

    refreshed(bench, date(2027, 6, 1))

    assert lines(bench)["invoice_number"] == []


def test_a_credit_note_has_no_due_date(tmp_path: Path) -> None:
    note = row("A-1", invoice_type="Avoir", original_invoice_number="F-0")
    bench = deposited(tmp_path, note)

    refreshed(bench, date(2027, 6, 1))

    assert bench.column("deposit_state") == ["Déposée"]
    assert lines(bench)["invoice_number"] == []


def test_a_late_invoice_of_another_month_is_told_here_too(tmp_path: Path) -> None:
    bench = deposited(tmp_path)
    bench.type_into("invoice_number", ["F-9"])  # as on the next month's sheet

    report = refreshed(bench, date(2027, 1, 10))

    assert [(due.invoice_number, due.budget) for due in report.late] == [("F-1", "Grand Belfort – Eau")]


@pytest.mark.parametrize("number_there", ["F-1", "F-9"], ids=["on its sheet", "on the next month's"])
def test_a_recycled_invoice_is_owed_by_whom_it_went_to_within_their_delay(tmp_path: Path, number_there: str) -> None:
    bench = acting.deposited(tmp_path, row("F-1", budget="Belfort – Budget principal"), F_1="A_RECYCLER")
    type_delay(bench, "Grand Belfort – Eau", 50)
    bench.type_into("budget", ["Grand Belfort – Eau"])
    acting.press(bench)
    bench.platform.move("F-1", "MISE_A_DISPOSITION")
    bench.type_into("invoice_number", [number_there])

    in_time = refreshed(bench, date(2027, 1, 10))

    assert in_time.late == ()
    assert (lines(bench)["budget"], lines(bench)["due_on"]) == (["Grand Belfort – Eau"], [date(2027, 1, 13)])
    assert [due.budget for due in refreshed(bench, date(2027, 1, 14)).late] == ["Grand Belfort – Eau"]


def test_an_invoice_is_owed_by_its_recipient_as_long_as_a_recycling_is_not_done(tmp_path: Path) -> None:
    bench = acting.deposited(tmp_path, row("F-1", budget="Belfort – Budget principal"), F_1="A_RECYCLER")
    bench.type_into("budget", ["Grand Belfort – Eau"])
    bench.platform.acts_scripted = ["refuse"]
    acting.press(bench)
    bench.platform.move("F-1", "MISE_A_DISPOSITION")

    report = refreshed(bench, DUE + timedelta(days=1))

    assert [due.budget for due in report.late] == ["Belfort – Budget principal"]


def test_each_press_leaves_its_name_and_the_head_of_the_journal(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))

    told = deposit(bench.office(), lambda _: True)
    with bench.open_journal() as journal:
        head = journal.head()

    where = f"Répétition, SIRET {SUPPLIER}"
    assert press(bench) == dict(zip(PRESS_ITEMS, ("Déposer", "23/11/2026 à 10:00", "?", "?", where, head), strict=True))
    assert told.press is not None
    assert told.press.head == head
    assert len(head) == 64


def test_reports_name_the_head_and_the_late_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bench = deposited(tmp_path)
    report = refreshed(bench, DUE + timedelta(days=1))
    assert report.press is not None

    document = json.loads(json.dumps(as_document(report), default=str))
    print_report(report)
    said = capsys.readouterr().out.replace("\n", "")

    assert document["journal_head"] == report.press.head
    assert document["late"][0]["invoice_number"] == "F-1"
    assert (document["late"][0]["days_late"], document["late"][0]["compensation"]) == (1, "40.00")
    assert report.press.head in said
    assert "1 jour de retard" in said


def test_a_month_is_counted_once_however_often_it_is_told(tmp_path: Path) -> None:
    bench = deposited(tmp_path, row("F-1"), row("F-2", total_without_vat=200.0, total_vat=40.0, total_with_vat=240.0))
    bench.platform.status = "SUSPENDUE"
    refresh(bench.office())
    refresh(bench.office())

    table = bench.table("tblJournal")
    marked = sorted(
        (str(change), str(number), amount)
        for change, number, amount in zip(
            table["change"], table["invoice_number"], table["total_with_vat"], strict=True
        )
        if change
    )

    assert marked == [
        ("Déposée", "F-1", 120),
        ("Déposée", "F-2", 240),
        ("Suspendue", "F-1", 120),
        ("Suspendue", "F-2", 240),
    ]
    told = dict(zip(table["chorus_status"], table["status_before"], strict=True))
    assert told["Suspendue (SUSPENDUE)"] == "Mise à disposition (MISE_A_DISPOSITION)"


def test_exchanges_stay_in_the_journal_and_off_the_sheet(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    with bench.open_journal() as journal:
        journal.intend("F-1", {"invoice_number": "F-1", "total_with_vat": "120.00"})
        journal.record("F-1", Event.NOT_SEND, {"cause": "connect_error"}, {"request": "x" * 40_000})

    refresh(bench.office())

    assert bench.table("tblJournal")["event"] == ["Rien n'est parti", "Intention de dépôt"]


def test_a_workbook_of_the_first_layout_still_works_and_says_what_it_lacks(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    to_first_layout(bench.file)

    deposited_now = deposit(bench.office(), lambda _: True)
    report = refresh(bench.office())

    assert bench.column("deposit_state") == ["Déposée"]
    assert deposited_now.stopped is report.stopped is None
    assert [finding.code for finding in report.notices] == ["CX443"]
    assert report.late == ()
    sheet = openpyxl.load_workbook(bench.file)["Journal"]
    assert sheet["A11"].value is not None


def test_an_emptied_front_page_of_the_first_layout_keeps_no_press_from_writing(tmp_path: Path) -> None:
    bench = make_bench(tmp_path, row("F-1"))
    to_first_layout(bench.file)
    empty = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
    edit_parts(bench.file, {"xl/worksheets/sheet1.xml": lambda _: empty})

    deposit(bench.office(), lambda _: True)

    assert bench.column("deposit_state") == ["Déposée"]


def to_first_layout(file: Path) -> None:
    """The workbook as it would have been before: the later tables and columns are not there under their names."""
    later = {
        "tblPression": ("tblPression",),
        "tblEcheances": ("tblEcheances",),
        "tblJournal": ("Changement", "Statut précédent", "Montant TTC"),
        "tblBudgets": ("Délai de paiement (jours)",),
    }
    edits = {"xl/workbook.xml": swap(f'"{LAYOUT_NAME}">{LAYOUT}<'.encode(), f'"{LAYOUT_NAME}">1<'.encode())}
    for part, content in read_parts(file).items():
        for table, names in later.items():
            if part.startswith("xl/tables/") and f' name="{table}"'.encode() in content:
                edits[part] = renamed(names)
    assert len(edits) == 1 + len(later)
    edit_parts(file, edits)


def renamed(names: tuple[str, ...]) -> Edit:
    def edit(content: bytes) -> bytes:
        for name in names:
            assert name.encode() in content
            content = content.replace(name.encode(), f"x{name}".encode())
        return content

    return edit
