"""The end of a deposit, cell by cell."""

import inspect
from itertools import product
from typing import Any

import httpx
import pytest

from chorus_xl.chorus.answer import Answer, Content, Failure
from chorus_xl.chorus.outcome import ANSWERS, FAILURES, Cause, Shape, Status, classify, failure, status_of
from chorus_xl.domain.invoice import Outcome, Result
from tests.chorus.app import ACCEPTED

NOTHING_LEFT = {
    httpx.ConnectError: "connect_error",
    httpx.ConnectTimeout: "connect_timeout",
    httpx.PoolTimeout: "pool_timeout",
    httpx.ProxyError: "proxy_error",
    httpx.UnsupportedProtocol: "bad_address",
    httpx.InvalidURL: "bad_address",
}
# Raised for wrong use of httpx, not by a call: our bug, and let through as one.
MISUSE = {
    httpx.StreamError,
    httpx.StreamConsumed,
    httpx.StreamClosed,
    httpx.ResponseNotRead,
    httpx.RequestNotRead,
    httpx.CookieConflict,
}


def family(kind: type[Exception]) -> set[type[Exception]]:
    """An exception and all that descend from it."""
    return {kind}.union(*map(family, kind.__subclasses__()))


EXPORTED = {
    value for name in httpx.__all__ if inspect.isclass(value := getattr(httpx, name)) and issubclass(value, Exception)
}
EXCEPTIONS = {
    kind for root in EXPORTED for kind in family(root) if kind.__module__.partition(".")[0] in ("httpx", "httpcore")
}


def test_every_exception_of_httpx_has_its_cell() -> None:
    assert set(FAILURES) | MISUSE == EXCEPTIONS


@pytest.mark.parametrize("kind", FAILURES, ids=lambda kind: kind.__name__)
def test_only_what_cannot_have_left_is_not_sent(kind: type[Exception]) -> None:
    end = failure(kind)

    assert (end.result is Result.NOT_SENT) == (kind in NOTHING_LEFT)
    assert end.cause == NOTHING_LEFT.get(kind, end.cause)


def test_an_exception_without_a_cell_ends_as_its_parent() -> None:
    class SlowReadTimeout(httpx.ReadTimeout):
        pass

    assert failure(SlowReadTimeout) == Failure(Result.IN_DOUBT, "read_timeout")


def test_the_table_of_answers_has_every_cell() -> None:
    assert set(ANSWERS) == set(Status)
    assert {len(row) for row in ANSWERS.values()} == {len(Shape)}


STATUSES = {
    Status.SUCCESS: (200, 201, 204, 299),
    Status.REDIRECTION: (301, 302, 304, 307, 399),
    Status.UNAUTHORISED: (401,),
    Status.FORBIDDEN: (403,),
    Status.WRONG_TYPE: (415,),
    Status.TOO_MANY: (429,),
    Status.OTHER_4XX: (400, 402, 404, 405, 409, 413, 422, 451, 499),
    Status.SERVER: (500, 502, 503, 504, 599),
    Status.STRANGE: (0, 100, 199, 600, 999),
}
REFUSED = {"codeRetour": 20013, "libelle": "GDP_MSG_01.013 - Numéro déjà utilisé"}
MEMBERS: dict[Shape, dict[str, Any] | Content] = {
    Shape.DONE: ACCEPTED,
    Shape.NOT_NAMED: ACCEPTED | {"identifiantFactureCPP": None},
    Shape.REFUSAL: REFUSED,
    Shape.BOTH: ACCEPTED | REFUSED,
    Shape.NO_ENVELOPE: {"identifiantFactureCPP": 9100001, "message": "?"},
    Shape.UNREADABLE: Content.UNREADABLE,
    Shape.EMPTY: Content.EMPTY,
}
ALL_SHAPES = tuple(Shape)

# Every cell that is not in doubt; the rest is.
SURE: dict[tuple[Status, Shape], tuple[Result, str]] = {
    (Status.SUCCESS, Shape.DONE): (Result.ACCEPTED, "accepted"),
    (Status.SUCCESS, Shape.REFUSAL): (Result.REFUSED, "refused"),
    (Status.OTHER_4XX, Shape.REFUSAL): (Result.REFUSED, "refused"),
    (Status.FORBIDDEN, Shape.REFUSAL): (Result.REFUSED, "refused"),
    (Status.WRONG_TYPE, Shape.REFUSAL): (Result.REFUSED, "refused"),
}


def answer(status: int, shape: Shape) -> Answer:
    members = MEMBERS[shape]
    if isinstance(members, Content):
        return Answer(status, members)
    return Answer(status, Content.OBJECT, members, correlation_id="abc-1")


@pytest.mark.parametrize(
    ("row", "status", "shape"),
    [(row, status, shape) for row, statuses in STATUSES.items() for status, shape in product(statuses, ALL_SHAPES)],
    ids=lambda value: value.name if isinstance(value, Status | Shape) else str(value),
)
def test_an_answer_is_sure_in_its_cell_and_in_doubt_elsewhere(row: Status, status: int, shape: Shape) -> None:
    outcome = classify(answer(status, shape))

    assert status_of(status) is row
    if (row, shape) in SURE:
        assert (outcome.result, outcome.cause) == SURE[row, shape]
    else:
        assert outcome.result is Result.IN_DOUBT
    assert outcome.http_status == status
    assert (outcome.chorus_invoice_id is not None) == (outcome.result is Result.ACCEPTED)


@pytest.mark.parametrize("shape", ALL_SHAPES, ids=lambda shape: shape.name)
def test_every_status_there_can_be_is_sure_where_the_table_says_and_nowhere_else(shape: Shape) -> None:
    for status in (0, *range(100, 1000)):
        sure = SURE.get((status_of(status), shape))
        assert classify(answer(status, shape)).result is (sure[0] if sure else Result.IN_DOUBT), status


def test_no_answer_proves_that_nothing_left() -> None:
    assert Result.NOT_SENT not in {result for row in ANSWERS.values() for result, _ in row}


def test_every_cause_of_the_tables_is_a_word_of_its_own() -> None:
    told = {cause for _, cause in FAILURES.values()} | {cause for row in ANSWERS.values() for _, cause in row}

    before = {Cause.SETUP, Cause.UNREACHABLE, Cause.HELD_BACK, Cause.TOO_LATE}  # told before anything is posted
    assert set(Cause) - told == before


def test_an_acceptance_carries_its_receipt() -> None:
    outcome = classify(answer(200, Shape.DONE))

    assert (outcome.chorus_invoice_id, outcome.chorus_status, outcome.receipt) == (9100001, "DEPOSEE", "m0Gk=")
    assert outcome.deposited_on is not None
    assert outcome.deposited_on.isoformat() == "2025-11-03"
    assert (outcome.return_code, outcome.correlation_id) == (0, "abc-1")


def test_a_refusal_carries_the_platforms_words() -> None:
    assert classify(answer(400, Shape.REFUSAL)) == Outcome(
        Result.REFUSED,
        "refused",
        http_status=400,
        return_code=20013,
        label="GDP_MSG_01.013 - Numéro déjà utilisé",
        correlation_id="abc-1",
    )


def test_a_long_label_is_cut_and_a_missing_one_is_named_by_its_code() -> None:
    long = Answer(200, Content.OBJECT, {"codeRetour": 1, "libelle": "x" * 600})
    silent = Answer(200, Content.OBJECT, {"codeRetour": 20013, "libelle": None})

    assert classify(long).label == "x" * 500
    assert classify(silent).label == "codeRetour 20013"


@pytest.mark.parametrize("number", [0, -1, True, "", "x", None, [1]])
def test_an_identifier_that_is_none_is_no_acceptance(number: object) -> None:
    end = Answer(200, Content.OBJECT, ACCEPTED | {"identifiantFactureCPP": number})

    assert classify(end) == Outcome(
        Result.IN_DOUBT, "no_identifier", http_status=200, return_code=0, label="GCU_MSG_01_000"
    )
