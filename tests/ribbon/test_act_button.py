"""The button Agir: its preview asks, the rejected row gets its successor on the open sheet."""

from chorus_xl import ribbon
from chorus_xl.domain.findings import Finding, Severity
from chorus_xl.domain.parameters import Environment
from chorus_xl.steps.act_plan import ActPlan, PlannedAct
from tests.bench import write_pdf
from tests.ribbon.conftest import Desk

REJECTED, SUSPENDED = "F-8", "F-4"  # what becomes of these numbers in a rehearsal


def followed(desk: Desk) -> None:
    """Two deposited invoices: one comes back rejected, one suspended."""
    for line, number in enumerate((REJECTED, SUSPENDED)):
        desk.cell("invoice_number", line).value = number
        desk.cell("pdf_file", line).value = f"{number}.pdf"
        write_pdf(desk.bench.folder / f"{number}.pdf", number)
    for button in (ribbon.fill, ribbon.deposit, ribbon.refresh):
        desk.press(button)


def test_agir_shows_what_it_would_do_and_does_it(desk: Desk) -> None:
    followed(desk)
    write_pdf(desk.bench.folder / "bon.pdf", "bon")
    desk.cell("attachments", 1).value = "bon.pdf"

    said = desk.press(ribbon.act)

    question, title, buttons, _ = desk.excel.said[-2]
    assert (title, buttons) == ("Chorus Pro – RÉPÉTITION", "ok_cancel")
    assert "RÉPÉTITION : 2 gestes à faire" in question
    assert f"Prendre acte du rejet de la facture {REJECTED}" in question
    assert "« bon.pdf »" in question
    assert "1 complétée sur Chorus Pro, 1 rejet pris en compte, 1 ligne préparée" in said
    assert desk.column("invoice_number") == [REJECTED, SUSPENDED, f"{REJECTED}-R1"]
    assert desk.column("chorus_status")[1] == "Complétée (COMPLETEE)"


def test_agir_that_is_cancelled_does_nothing(desk: Desk) -> None:
    followed(desk)
    desk.excel.answers = ["cancel"]

    said = desk.press(ribbon.act)

    assert "[CX385]" in said
    assert desk.column("invoice_number") == [REJECTED, SUSPENDED]


def test_agir_with_nothing_to_do_asks_nothing(desk: Desk) -> None:
    asked = len(desk.excel.said)

    said = desk.press(ribbon.act)

    assert len(desk.excel.said) == asked + 1
    assert "Agir : 2 lignes" in said


def test_a_long_preview_counts_what_it_does_not_name(desk: Desk) -> None:
    told = Finding("CX363", Severity.WARNING, 5, None, {"number": "F-1", "new_number": "F-1-R1"})
    plan = ActPlan(Environment.PRODUCTION, [PlannedAct(5, "F-1", told)] * 20)

    assert ribbon._Press(desk.book).may_act(plan)
    [(question, title, _, _)] = desk.excel.said
    assert "PRODUCTION : 20 gestes" in question
    assert "… et 12 autres." in question
    assert title == "Chorus Pro – PRODUCTION"
