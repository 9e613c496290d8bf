import json
from pathlib import Path

import httpx
import pytest

from chorus_xl.simulator import FaultFileError, FaultScript, Server, load_faults
from chorus_xl.simulator.faults import KINDS, FaultRule
from tests.simulator.caller import CREDENTIALS, SEARCH, SUBMIT, Caller, Clock

TOKEN = "oauth/token"
CUT = httpx.RemoteProtocolError
RESET = httpx.ReadError


def accepted(caller: Caller) -> list[str]:
    return [acceptance["number"] for acceptance in caller.record()["acceptances"]]


@pytest.mark.parametrize(
    ("rule", "seen", "kept"),
    [
        pytest.param({"do": "die_before"}, CUT, [], id="die before"),
        pytest.param({"do": "die_before", "reset": True}, RESET, [], id="die before, reset"),
        pytest.param({"do": "die_after"}, CUT, ["FA-1"], id="die after"),
        pytest.param({"do": "die_after", "reset": True}, RESET, ["FA-1"], id="die after, reset"),
        pytest.param({"do": "half_reply"}, CUT, ["FA-1"], id="half a reply"),
    ],
)
def test_a_broken_connection_is_really_broken(
    caller: Caller,
    rule: dict[str, object],
    seen: type[Exception],
    kept: list[str],
) -> None:
    body = caller.invoice("FA-1")
    caller.pull("fault", on=SUBMIT, **rule)

    with pytest.raises(seen):
        caller.post(SUBMIT, body)

    assert accepted(caller) == kept
    assert caller.submit("FA-2")["codeRetour"] == 0


@pytest.mark.parametrize(
    ("rule", "status", "body", "headers", "kept"),
    [
        pytest.param({"do": "status", "code": 503}, 503, b"", {}, [], id="503 before"),
        pytest.param({"do": "status_after", "code": 504}, 504, b"", {}, ["FA-1"], id="504 after"),
        pytest.param(
            {"do": "status", "code": 429, "retry_after": 7},
            429,
            b"",
            {"retry-after": "7"},
            [],
            id="quota",
        ),
        pytest.param(
            {"do": "status", "code": 401},
            401,
            b"",
            {"www-authenticate": 'Bearer realm="PISTE"'},
            [],
            id="token lost",
        ),
        pytest.param({"do": "status", "code": 403}, 403, b"", {}, [], id="consent lost"),
        pytest.param({"do": "status", "code": 502, "body": "html"}, 502, b"<!doctype", {}, [], id="a page"),
        pytest.param(
            {"do": "status_after", "code": 500, "body": "json"}, 500, b'{"codeRetour":90500', {}, ["FA-1"], id="json"
        ),
        pytest.param({"do": "empty_400"}, 400, b"", {}, [], id="empty 400"),
        pytest.param({"do": "html"}, 200, b"<!doctype", {}, ["FA-1"], id="a page after"),
        pytest.param({"do": "html", "when": "before"}, 200, b"<!doctype", {}, [], id="a page before"),
    ],
)
def test_an_answer_made_up_on_the_way(
    caller: Caller,
    rule: dict[str, object],
    status: int,
    body: bytes,
    headers: dict[str, str],
    kept: list[str],
) -> None:
    invoice = caller.invoice("FA-1")
    caller.pull("fault", on=SUBMIT, **rule)

    answer = caller.post(SUBMIT, invoice)

    assert (answer.status_code, answer.content[: len(body or b"x")]) == (status, body)
    assert answer.headers.items() >= headers.items()
    assert "x-correlationid" in answer.headers
    assert accepted(caller) == kept


def test_half_a_reply_promises_the_whole(caller: Caller) -> None:
    body = caller.invoice("FA-1")
    caller.pull("fault", on=SUBMIT, do="half_reply")

    with caller.http.stream("POST", f"/cpro/{SUBMIT}", json=body, headers=caller.headers()) as answer:
        parts = answer.iter_bytes()
        got = next(parts)
        with pytest.raises(CUT):
            next(parts)

    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) // 2 == len(got)


def test_a_delayed_call_is_answered_in_the_end(caller: Caller) -> None:
    body = caller.invoice("FA-1")
    caller.pull("fault", on=SUBMIT, do="delay", seconds=0.01)

    assert caller.ask(SUBMIT, body)["codeRetour"] == 0


def test_a_client_that_does_not_wait_leaves_an_accepted_invoice(caller: Caller) -> None:
    body = caller.invoice("FA-1")
    caller.pull("fault", on=SUBMIT, do="delay", seconds=0.05)

    with pytest.raises(httpx.ReadTimeout):
        caller.http.post(f"/cpro/{SUBMIT}", json=body, headers=caller.headers(), timeout=0.01)

    assert any(accepted(caller) == ["FA-1"] for _ in range(10_000))


def test_a_delay_lets_the_next_rule_have_its_turn(caller: Caller) -> None:
    body = caller.invoice("FA-1")
    caller.pull("fault", on="*", every=1, do="delay", seconds=0.001)
    caller.pull("fault", on=SUBMIT, do="die_after")

    with pytest.raises(CUT):
        caller.post(SUBMIT, body)

    assert accepted(caller) == ["FA-1"]


def test_a_token_may_be_refused_by_script(clock: Clock) -> None:
    script = FaultScript.parse([{"on": TOKEN, "do": "invalid_client", "times": 2}])

    with Server(faults=script, now=clock) as server:
        seen = [httpx.post(server.token_url, data=CREDENTIALS).status_code for _ in range(3)]

    assert seen == [400, 400, 200]


@pytest.mark.parametrize(
    ("when", "fails"),
    [
        ({}, [1]),
        ({"nth": 2}, [2]),
        ({"nth": 2, "times": 3}, [2, 3, 4]),
        ({"times": 2}, [1, 2]),
        ({"every": 3}, [3, 6, 9]),
        ({"every": 3, "times": 2}, [3, 6]),
        ({"every": 1}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    ],
    ids=str,
)
def test_which_calls_fail(when: dict[str, int], fails: list[int]) -> None:
    rule = FaultRule.parse({"on": "*", "do": "die_before", **when}, "The rule")

    assert [count for count in range(1, 11) if rule.due(count)] == fails


def test_a_rule_counts_its_own_operation_only(caller: Caller) -> None:
    body = caller.invoice("FA-1")
    caller.pull("fault", on=SUBMIT, nth=2, do="status", code=503)

    statuses = [caller.post(SEARCH).status_code for _ in range(3)]
    statuses += [caller.post(SUBMIT, body).status_code for _ in range(3)]

    assert statuses == [200, 200, 200, 200, 503, 200]


def test_levers_are_never_broken_and_faults_are_cleared(caller: Caller) -> None:
    caller.token()
    caller.pull("fault", on="*", every=1, do="status", code=503)

    before = caller.post(SEARCH).status_code
    caller.pull("faults/clear")

    assert (before, caller.post(SEARCH).status_code) == (503, 200)


def test_an_embedded_server_cannot_be_killed(caller: Caller) -> None:
    script = FaultScript.parse([{"on": "*", "do": "kill"}])

    with pytest.raises(ValueError, match="cannot be killed"):
        Server(faults=script)
    answer = caller.http.post("/_sim/fault", json={"on": "*", "do": "kill"})
    assert answer.status_code == 400


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_fault_file_is_read(tmp_path: Path) -> None:
    rules = [
        {"on": SUBMIT, "nth": 2, "do": "die_after"},
        {"on": "*", "every": 3, "times": 1, "do": "status", "code": 429, "retry_after": 1, "body": "html"},
    ]

    script = load_faults(write(tmp_path / "faults.json", json.dumps(rules)))

    assert [(rule.on, rule.do) for rule in script.rules] == [(SUBMIT, "die_after"), ("*", "status")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[", "is not JSON: Expecting value (line 1, column 2)."),
        ("{}", "is not a list of rules."),
        ("[1]", "rule 1 is not an object."),
        ('[{"on": "*"}]', 'rule 1: "do" is None; it must be one of die_before, die_after, delay,'),
        ('[{"on": "*", "do": "explode"}]', "rule 1: \"do\" is 'explode'; it must be one of die_before,"),
        ('[{"on": "*", "do": ["delay"]}]', "rule 1: \"do\" is ['delay']; it must be one of"),
        ('[{"do": "die_before"}]', 'rule 1: "on" is missing.'),
        ('[{"on": "soumettre", "do": "die_before"}]', 'rule 1: "on" is \'soumettre\'; it must be "*" or one of '),
        ('[{"on": "*", "do": "delay"}]', 'rule 1: "seconds" is missing.'),
        (
            '[{"on": "*", "do": "delay", "seconds": "1"}]',
            "\"seconds\" is '1'; it must be a number of seconds up to 3600.",
        ),
        ('[{"on": "*", "do": "delay", "seconds": NaN}]', '"seconds" is nan; it must be a number of seconds'),
        ('[{"on": "*", "do": "status"}]', 'rule 1: "code" is missing.'),
        ('[{"on": "*", "do": "status", "code": 99}]', '"code" is 99; it must be an HTTP status from 200 to 599.'),
        (
            '[{"on": "*", "do": "die_before", "code": 500}]',
            'rule 1: "code" is not a key of a die_before rule; the keys are ',
        ),
        ('[{"on": "*", "do": "die_before", "nht": 2}]', 'rule 1: "nht" is not a key of a die_before rule'),
        ('[{"on": "*", "do": "die_before", "nth": 0}]', '"nth" is 0; it must be a whole number from 1.'),
        ('[{"on": "*", "do": "die_before", "nth": true}]', '"nth" is True; it must be a whole number from 1.'),
        ('[{"on": "*", "do": "die_before", "nth": 1, "every": 2}]', 'rule 1: "nth" and "every" exclude each other.'),
        ('[{"on": "*", "do": "die_before"}, {"on": "*", "do": "x"}]', 'rule 2: "do" is'),
        ('[{"on": "*", "do": "invalid_client"}]', 'rule 1: invalid_client happens on "oauth/token" only.'),
        ('[{"on": "*", "do": "html", "when": "never"}]', "\"when\" is 'never'; it must be one of before, after."),
        (
            '[{"on": "*", "do": "status", "code": 500, "body": "xml"}]',
            "\"body\" is 'xml'; it must be one of empty, html, json.",
        ),
        ('[{"on": "*", "do": "die_before", "reset": 1}]', '"reset" is 1; it must be true or false.'),
    ],
)
def test_a_fault_file_that_is_not_understood_says_where(tmp_path: Path, text: str, sentence: str) -> None:
    path = write(tmp_path / "faults.json", text)

    with pytest.raises(FaultFileError) as caught:
        load_faults(path)

    assert str(caught.value).startswith(str(path))
    assert sentence in str(caught.value)


def test_a_fault_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe")

    with pytest.raises(FaultFileError, match="cannot be read"):
        load_faults(tmp_path / "none.json")
    with pytest.raises(FaultFileError, match="not UTF-8"):
        load_faults(binary)


def test_every_kind_of_fault_is_tried_here() -> None:
    tried = Path(__file__).read_text(encoding="utf-8") + Path(__file__).with_name("test_serve.py").read_text(
        encoding="utf-8"
    )

    assert [kind for kind in KINDS if f'"{kind}"' not in tried] == []
