"""What happens in a world beside presses: to the sheet, the platform, the network, the PCs and the time.

Rule 1: there is one deed for each kind of action, found by its type in ``DEEDS``.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chorus_xl import simulator
from chorus_xl.chorus import wire
from chorus_xl.domain.invoice import Invoice, Uploaded, VatShare
from chorus_xl.simulator.faults import FaultRule
from chorus_xl.simulator.operations import TOKEN
from tests.bench import EAU
from tests.faults import actions
from tests.faults.line import BEFORE_ARRIVAL, Breakage, Line
from tests.faults.sheet import Row

if TYPE_CHECKING:
    from tests.faults.world import World

_NEW = "F-3"
_A_DECISION = 61  # seconds: nobody suspends an invoice twice in a minute, and the platform's history counts in minutes
_OTHER, _SAME = Decimal(360), Decimal(120)  # what is deposited on the portal, all taxes included


def _arm(world: "World", fault: actions.Fault) -> None:
    kind, _, word = fault.kind.partition("_")
    if kind == "delay" or fault.kind in BEFORE_ARRIVAL:
        name, seconds = ("delay", float(word)) if kind == "delay" else (fault.kind, 0.0)
        for turn in range(fault.times):
            world.line.break_(Breakage(fault.operation, name, 1 if turn else fault.nth, seconds))
        return
    how: dict[str, Any] = {"do": fault.kind}
    if kind == "status":
        how = {"do": "status", "code": int(word), "retry_after": 2 if word == "429" else None}
    elif kind == "after":
        how = {"do": "status_after", "code": int(word)}
    elif kind == "reset":
        how = {"do": f"die_{word}", "reset": True}
    elif kind == "html":
        how = {"do": "html", "when": word or "after"}
    operation = TOKEN if fault.kind == "invalid_client" else fault.operation
    world.line.desk.add(FaultRule(operation, nth=fault.nth, times=fault.times, **how))


def _type(world: "World", typed: actions.Type) -> None:
    for attribute, value in typed.cells:
        world.copies[typed.copy].type(typed.place, attribute, value)


def _sort(world: "World", wanted: actions.Sort) -> None:
    world.copies[wanted.copy].sort(wanted.attribute, descending=wanted.descending)


def _change_lines(world: "World", lines: actions.Lines) -> None:
    copy = world.copies[lines.copy]
    if lines.what == "delete":
        copy.delete(lines.place)
    elif lines.what == "double":
        copy.double(lines.place)
    else:
        new = Row({**world.good.cells, "invoice_number": _NEW, "pdf_file": f"{_NEW}.pdf"})
        copy.insert(lines.place, None if lines.what == "blank" else new)


def _copy_over(world: "World", files: actions.CopyOver) -> None:
    world.copies[files.onto].copy_from(world.copies[1 - files.onto])


def _open(world: "World", file: actions.Open) -> None:
    world.copies[file.copy].is_open_elsewhere = file.is_open


def _wait(world: "World", wait: actions.Wait) -> None:
    world.time.pass_(wait.seconds)


def _set_clock(world: "World", clock: actions.SetClock) -> None:
    world.pcs[clock.pc].off = clock.seconds
    world.line.clocks_agree &= not clock.seconds


def _lose_home(world: "World", lost: actions.LoseHome) -> None:
    world.pcs[lost.pc].journal = world.new_home()


def _lag(world: "World", lag: actions.Lag) -> None:
    world.line.state.set_switches({"search_lag_calls": lag.calls, "search_lag_seconds": lag.seconds})


def _work_on_the_portal(world: "World", portal: actions.Portal) -> None:
    if portal.what == "gone":
        world.line.strike_out(portal.number)
    elif portal.what == "acts":
        world.line.gestures.by_hand(portal.number)
    else:
        world.line.by_hand(_request(world.line, portal.number, _SAME if portal.what == "same" else _OTHER))


def _decide(world: "World", move: actions.Decide) -> None:
    world.time.pass_(_A_DECISION)
    world.line.gestures.decide(move.number, move.status)


def _advance(world: "World", advance: actions.Advance) -> None:
    world.line.advance(advance.steps)


def _lose_paper(world: "World", paper: actions.Lose) -> None:
    change = world.documents.missing.discard if paper.is_there else world.documents.missing.add
    change(f"{paper.number}.pdf")


DEEDS: Mapping[type, Callable[["World", Any], None]] = {
    actions.Fault: _arm,
    actions.Type: _type,
    actions.Sort: _sort,
    actions.Lines: _change_lines,
    actions.CopyOver: _copy_over,
    actions.Open: _open,
    actions.Wait: _wait,
    actions.SetClock: _set_clock,
    actions.LoseHome: _lose_home,
    actions.Lag: _lag,
    actions.Portal: _work_on_the_portal,
    actions.Decide: _decide,
    actions.Advance: _advance,
    actions.Lose: _lose_paper,
}


def _request(line: Line, number: str, total: Decimal) -> bytes:
    """What deposits a number on the portal, as our own wire would write it."""
    net, vat = (total / Decimal("1.2")).quantize(Decimal("0.01")), (total / 6).quantize(Decimal("0.01"))
    db = line.state.store.db
    db.execute("INSERT OR IGNORE INTO attachment VALUES (1, 'x.pdf', 'pdf', 'application/pdf', 1, '', '')")
    invoice = Invoice(
        1,
        simulator.SUPPLIER_SIRET,
        number,
        date(2026, 11, 2),
        is_credit_note=False,
        recipient_siret=EAU,
        service_code="FACTURES_HORS_MARCHE",
        engagement_number="BC-1",
        contract_number="",
        original_invoice_number="",
        total_without_vat=net,
        total_vat=vat,
        total_with_vat=total.quantize(Decimal("0.01")),
        vat_shares=(VatShare(Decimal(20), net, vat),),
        pdf_file="x.pdf",
        attachments=(),
        comment="",
    )
    return wire.encode(wire.submission(invoice, line.state.suppliers[0].id, Uploaded("x.pdf", 1), [])).encode()
