import pytest

from chorus_xl.simulator import SUPPLIER_SIRET, levers
from chorus_xl.simulator.refusals import Refusal
from tests.simulator.caller import SEARCH, SUBMIT, Caller


def test_the_levers_list_themselves(caller: Caller) -> None:
    overview = caller.http.get("/_sim/").json()

    assert overview["levers"] == [
        "GET /_sim/",
        "GET /_sim/record",
        "POST /_sim/advance",
        "POST /_sim/status",
        "POST /_sim/life",
        "POST /_sim/fault",
        "POST /_sim/faults/clear",
        "POST /_sim/switches",
        "POST /_sim/reset",
    ]
    assert overview["switches"]["token_lifetime"] == 3600
    assert {"paid", "suspended", "rejected", "slow"} <= overview["lives"].keys()


def test_the_documentation_of_the_levers_names_each(caller: Caller) -> None:
    listed = caller.http.get("/_sim/").json()["levers"]

    assert [name for name in listed if name.split("/_sim/")[1] not in str(levers.__doc__)] == []


def test_the_record_tells_what_was_accepted_and_what_was_asked(caller: Caller) -> None:
    invoice_id = caller.submit("FA-1")["identifiantFactureCPP"]
    caller.submit("FA-1")
    caller.post(SEARCH)

    record = caller.record()

    assert record["acceptances"] == [
        {"supplier": SUPPLIER_SIRET, "number": "FA-1", "id": invoice_id, "at": "2025-11-03T11:00:00.120000+00:00"},
    ]
    assert [(row["number"], row["return_code"]) for row in record["submissions"]] == [
        ("FA-1", 0),
        ("FA-1", Refusal.DUPLICATE_NUMBER.code),
    ]
    assert record["calls"] == {"oauth/token": 1, "transverses/v1/ajouter/fichier": 1, SUBMIT: 2, SEARCH: 1}


def test_calls_are_counted_even_if_a_fault_eats_them(caller: Caller) -> None:
    body = caller.invoice()
    caller.pull("fault", on=SUBMIT, do="status", code=503)
    caller.post(SUBMIT, body)

    assert caller.record()["calls"][SUBMIT] == 1
    assert caller.record()["submissions"] == []


def test_reset_forgets_everything_but_tokens_and_ids(caller: Caller) -> None:
    first = caller.submit("FA-1")["identifiantFactureCPP"]
    caller.pull("switches", no_result_as_20000=True)
    caller.pull("fault", on="*", every=1, do="die_before")

    caller.pull("reset")

    assert caller.found() == []
    assert caller.record() == {"acceptances": [], "submissions": [], "acts": [], "calls": {SEARCH: 1}}
    caller._file = None
    assert caller.submit("FA-1")["identifiantFactureCPP"] == first + 1


@pytest.mark.parametrize(
    ("lever", "given", "sentence"),
    [
        ("advance", {"step": 1}, "'step' is not a key of this lever"),
        ("advance", {"steps": -1}, "'steps' must be a whole number"),
        ("advance", {"days": "1"}, "'days' must be a whole number"),
        ("advance", {"numbers": "FA-1"}, "'numbers' must be a list"),
        ("status", {"number": "FA-1"}, "'status' must be a text"),
        ("status", {"number": "FA-1", "status": "SUSPENDUE"}, "No invoice has the number 'FA-1'"),
        ("life", {"number": "FA-1", "life": "eternal"}, "'eternal' is not a life; the lives are paid, slow"),
        ("fault", {"on": "*", "do": "explode"}, "it must be one of"),
        ("switches", {"tokenlifetime": 1}, "'tokenlifetime' is not a switch; the switches are"),
        ("switches", {"token_lifetime": True}, "takes a value of kind int"),
        ("switches", {"omit_empty": 1}, "takes a value of kind bool"),
        ("switches", {"token_lifetime": -1}, "takes a number from 0"),
        ("reset", {"all": True}, "'all' is not a key"),
        ("reset", [], "takes a JSON object"),
    ],
)
def test_a_misused_lever_says_so_and_changes_nothing(caller: Caller, lever: str, given: object, sentence: str) -> None:
    before = caller.http.get("/_sim/").json()

    answer = caller.http.post(f"/_sim/{lever}", json=given)

    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
    assert caller.http.get("/_sim/").json() == before


def test_a_lever_needs_no_body_and_no_credentials(caller: Caller) -> None:
    assert caller.http.post("/_sim/advance").json() == {"moved": []}


def test_an_unknown_lever_is_404(caller: Caller) -> None:
    assert caller.http.post("/_sim/explode").status_code == 404
    assert caller.http.get("/_sim/advance").status_code == 404
