"""What suppliers did about their invoices is kept, so that tests can count."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from chorus_xl.simulator import Server
from tests.simulator.caller import Caller

COMPLETE, ACKNOWLEDGE, RECYCLE = "factures/v1/completer", "factures/v1/traiterRejet", "factures/v1/recycler"
STATUSES = {COMPLETE: "SUSPENDUE", ACKNOWLEDGE: "REJETEE", RECYCLE: "A_RECYCLER"}


def body(operation: str, invoice_id: int) -> dict[str, object]:
    if operation == ACKNOWLEDGE:
        return {"listeDemandePaiement": [{"idDemandePaiement": invoice_id}]}
    return {"identifiantFactureCPP": invoice_id}


def acts(caller: Caller) -> list[tuple[str, str, str, bool]]:
    return [
        (act["operation"], act["number"], act["occasion"].partition(" ")[0], act["return_code"] == 0)
        for act in caller.record()["acts"]
    ]


@pytest.mark.parametrize("operation", STATUSES)
def test_an_act_is_kept_with_the_status_that_it_answered(caller: Caller, operation: str) -> None:
    status = STATUSES[operation]
    invoice_id = caller.submit("FA-1")["identifiantFactureCPP"]
    caller.pull("status", number="FA-1", status=status)

    assert caller.ask(operation, body(operation, invoice_id))["codeRetour"] == 0

    assert acts(caller) == [(operation.rpartition("/")[2], "FA-1", status, True)]


def test_a_refused_act_is_kept_too(caller: Caller) -> None:
    invoice_id = caller.submit("FA-1")["identifiantFactureCPP"]

    caller.ask(COMPLETE, body(COMPLETE, invoice_id))

    assert acts(caller) == [("completer", "FA-1", "DEPOSEE", False)]


def test_an_act_on_an_invoice_that_nobody_knows_is_kept_without_a_number(caller: Caller) -> None:
    caller.ask(COMPLETE, {"identifiantFactureCPP": 1})

    [act] = caller.record()["acts"]
    assert (act["number"], act["return_code"]) == (None, 20000)


def test_a_state_of_before_gains_the_list(tmp_path: Path) -> None:
    state = tmp_path / "platform.sqlite"
    with Server(state):
        pass
    with closing(sqlite3.connect(state)) as old, old:
        old.execute("DROP TABLE act")

    with Server(state) as server, Caller(server) as again:
        assert again.record()["acts"] == []
