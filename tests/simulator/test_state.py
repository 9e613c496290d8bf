import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from chorus_xl.simulator import Server, StateFileError
from chorus_xl.simulator.refusals import Refusal
from chorus_xl.simulator.store import Store
from tests.simulator.caller import SUBMIT, Caller, Clock


def test_what_was_accepted_is_there_after_a_restart(tmp_path: Path, clock: Clock) -> None:
    state = tmp_path / "folder" / "state.sqlite"
    with Server(state, now=clock) as server, Caller(server) as caller:
        caller.submit("FA-1")
        caller.pull("status", number="FA-1", status="SUSPENDUE", comment="Bon de livraison manquant")
        caller.pull("switches", omit_empty=True)
        token, file, before = caller.token(), caller.file(), caller.record()

    with Server(state, now=clock) as server, Caller(server) as caller:
        caller._token, caller._file = token, file
        (row,) = caller.found()
        again, other = caller.submit("FA-1"), caller.submit("FA-2")
        after = caller.record()

    assert (row["statut"], row["commentaireEtatCourant"]) == ("SUSPENDUE", "Bon de livraison manquant")
    assert "numeroFluxDepot" not in row
    assert (again["codeRetour"], other["codeRetour"]) == (Refusal.DUPLICATE_NUMBER.code, 0)
    assert after["acceptances"][:1] == before["acceptances"]
    assert after["calls"][SUBMIT] == 3


def test_without_a_file_nothing_is_kept(clock: Clock) -> None:
    for _ in range(2):
        with Server(now=clock) as server, Caller(server) as caller:
            assert caller.submit("FA-1")["codeRetour"] == 0


def test_two_servers_on_one_file_accept_a_number_once(tmp_path: Path, clock: Clock) -> None:
    state = tmp_path / "state.sqlite"
    numbers = [f"FA-{index}" for index in range(20)]
    with (
        Server(state, now=clock) as first,
        Server(state, now=clock) as second,
        Caller(first) as one,
        Caller(second) as two,
        ThreadPoolExecutor(4) as pool,
    ):
        one.file()
        two.file()
        tries = [pool.submit(caller.submit, number) for number in numbers for caller in (one, two, one, two)]
        codes = [attempt.result()["codeRetour"] for attempt in tries]
        record = two.record()

    assert sorted(codes) == [0] * 20 + [Refusal.DUPLICATE_NUMBER.code] * 60
    assert sorted(acceptance["number"] for acceptance in record["acceptances"]) == sorted(numbers)
    assert len(record["submissions"]) == record["calls"][SUBMIT] == 80


def test_one_server_s_levers_hold_for_the_other(tmp_path: Path, clock: Clock) -> None:
    state = tmp_path / "state.sqlite"
    with (
        Server(state, now=clock) as first,
        Server(state, now=clock) as second,
        Caller(first) as one,
        Caller(second) as two,
    ):
        one.submit("FA-1")
        two.pull("switches", refusals_as_400=True)
        two.pull("status", number="FA-1", status="MANDATEE")

        assert one.status("FA-1") == "MANDATEE"
        assert one.post(SUBMIT, one.invoice("FA-1")).status_code == 400


def test_many_openers_of_a_fresh_file_all_succeed(tmp_path: Path) -> None:
    def open_and_close(_: int) -> None:
        Store(tmp_path / "state.sqlite").close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(open_and_close, range(32)))


def test_the_second_supplier_keeps_its_id(tmp_path: Path) -> None:
    def own_ids(siret: str) -> list[int]:
        with Server(tmp_path / "state.sqlite", supplier_siret=siret) as server, Caller(server) as caller:
            rows = caller.ask("transverses/v1/recuperer/structures/actives/fournisseur")["listeStructures"]
            return [row["idStructureCPP"] for row in rows]

    assert own_ids("00000000000042") == own_ids("00000000000042") == [26000001, 27000001]
    assert own_ids("00000000000059") == [26000001, 27000002]


def test_another_supplier_s_invoice_is_out_of_reach(tmp_path: Path, clock: Clock) -> None:
    state = tmp_path / "state.sqlite"
    with Server(state, now=clock, supplier_siret="00000000000042") as server, Caller(server) as caller:
        invoice_id = caller.submit("FA-1", fournisseur__idFournisseur=27000001)["identifiantFactureCPP"]
        caller.pull("status", number="FA-1", status="SUSPENDUE")

    with Server(state, now=clock) as server, Caller(server) as caller:
        found = caller.found()
        completed = caller.ask("factures/v1/completer", {"identifiantFactureCPP": invoice_id})
        history = caller.ask("factures/v1/consulter/historique", {"idFacture": invoice_id})
        same_number = caller.submit("FA-1")

    assert found == []
    assert completed == {"codeRetour": 20001, "libelle": "GDP_MSG_11.005"}
    assert history["codeRetour"] == Refusal.INVOICE_NOT_ENTITLED.code
    assert same_number["codeRetour"] == 0


def _text_file(path: Path) -> None:
    path.write_text("not a database, but long enough to be looked at as one " * 20)


def _other_database(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE other (x)")
    db.close()


def _newer_layout(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


@pytest.mark.parametrize("make", [_text_file, _other_database, _newer_layout])
def test_a_file_that_is_not_ours_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "state.sqlite"
    make(path)

    with pytest.raises(StateFileError, match="not a state of this stand-in"), Server(path):
        pass


def test_attachments_are_kept_by_digest_and_not_by_content(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    with Server(path) as server, Caller(server) as caller:
        caller.upload(b"SECRET CONTENT")

    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"SECRET CONTENT" not in kept
    assert b"facture.pdf" in kept


def test_a_taken_port_is_an_error_at_once(server: Server) -> None:
    port = httpx.URL(server.url).port or 0

    with pytest.raises(OSError, match="in use"), Server(port=port):
        pass
