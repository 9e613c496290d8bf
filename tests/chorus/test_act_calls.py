"""Completing, acknowledging, recycling: what is sent, and what the end of the call means."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from chorus_xl.chorus import wire
from chorus_xl.chorus.act_outcome import classify_act, shape_of_act
from chorus_xl.chorus.answer import Answer, Content, Failure
from chorus_xl.chorus.client import ChorusClient
from chorus_xl.chorus.outcome import ANSWERS, Shape, Status
from chorus_xl.domain.invoice import Outcome, Result, Uploaded
from tests.chorus.app import IN_TIME, TOKEN_PATH, Handler, Piste, body, fails, reply
from tests.chorus.test_wire_bodies import ATTACHMENT, check

INVOICE = 9100001
REFUSED = {"codeRetour": 20002, "libelle": "GDP_MSG_11.033"}
DONE = {"codeRetour": 0, "libelle": "GCU_MSG_01_000"}

BODIES = {
    "attachment and comment": ("CompleterFactureParam", wire.completion(INVOICE, [ATTACHMENT], "BDL", "Voici le bon")),
    "comment alone": ("CompleterFactureParam", wire.completion(INVOICE, [], "", "Voici le bon")),
    "attachment alone": ("CompleterFactureParam", wire.completion(INVOICE, [ATTACHMENT], "", "")),
    "acknowledgement": ("TraiterFacturesRejeteesParam", wire.acknowledgement(INVOICE)),
    "recycling": ("RecyclerFactureParam", wire.recycling(INVOICE, "12345678200028", "SERVICE", "BC-1", "Bon service")),
    "recycling, SIRET alone": ("RecyclerFactureParam", wire.recycling(INVOICE, "12345678200028", "", "", "")),
}


@pytest.mark.swagger
@pytest.mark.parametrize("name", BODIES)
def test_a_request_is_what_the_official_swagger_declares(name: str, swagger: Path) -> None:
    definition, request = BODIES[name]

    check(json.loads(wire.encode(request)), definition, swagger)


def test_the_requests_are_spelled_so() -> None:
    assert [json.loads(wire.encode(request)) for _, request in BODIES.values()] == [
        {
            "identifiantFactureCPP": INVOICE,
            "pieceJointeComplementaire": [
                {
                    "pieceJointeComplementaireDesignation": "bon.pdf",
                    "pieceJointeComplementaireType": "BDL",
                    "pieceJointeComplementaireId": 7700102,
                    "pieceJointeComplementaireNumeroLigneFacture": 0,
                }
            ],
            "commentaire": "Voici le bon",
        },
        {"identifiantFactureCPP": INVOICE, "commentaire": "Voici le bon"},
        {
            "identifiantFactureCPP": INVOICE,
            "pieceJointeComplementaire": [
                {
                    "pieceJointeComplementaireDesignation": "bon.pdf",
                    "pieceJointeComplementaireType": "",
                    "pieceJointeComplementaireId": 7700102,
                    "pieceJointeComplementaireNumeroLigneFacture": 0,
                }
            ],
        },
        {"listeDemandePaiement": [{"idDemandePaiement": INVOICE}]},
        {
            "identifiantFactureCPP": INVOICE,
            "destinataire": {"codeDestinataire": "12345678200028", "codeServiceExecutant": "SERVICE"},
            "reference": {"numeroBonCommande": "BC-1"},
            "commentaire": "Bon service",
        },
        {"identifiantFactureCPP": INVOICE, "destinataire": {"codeDestinataire": "12345678200028"}},
    ]


SHAPES: dict[Shape, list[dict[str, Any] | Content]] = {
    Shape.DONE: [DONE, DONE | {"identifiantFactureCPP": INVOICE}, DONE | {"identifiantFactureCPP": str(INVOICE)}],
    Shape.REFUSAL: [REFUSED, REFUSED | {"identifiantFactureCPP": INVOICE}],
    Shape.BOTH: [DONE | {"identifiantFactureCPP": 1}, REFUSED | {"identifiantFactureCPP": 1}],
    Shape.NO_ENVELOPE: [{"identifiantFactureCPP": INVOICE}, {}],
    Shape.UNREADABLE: [Content.UNREADABLE],
    Shape.EMPTY: [Content.EMPTY],
}
SURE = {
    (200, Shape.DONE): Result.ACCEPTED,
    (200, Shape.REFUSAL): Result.REFUSED,
    (400, Shape.REFUSAL): Result.REFUSED,
    (403, Shape.REFUSAL): Result.REFUSED,
    (415, Shape.REFUSAL): Result.REFUSED,
}
ENDS = [
    (status, shape, told)
    for status in (200, 302, 400, 401, 403, 415, 429, 500, 503, 999)
    for shape in SHAPES
    for told in SHAPES[shape]
]


@pytest.mark.parametrize(("status", "shape", "told"), ENDS, ids=str)
def test_an_answer_is_sure_in_its_cell_and_in_doubt_elsewhere(
    status: int, shape: Shape, told: dict[str, Any] | Content
) -> None:
    answer = Answer(status, told) if isinstance(told, Content) else Answer(status, Content.OBJECT, told)

    assert shape_of_act(answer, INVOICE) is shape
    assert classify_act(answer, INVOICE).result is SURE.get((status, shape), Result.IN_DOUBT)


def test_every_shape_of_an_act_is_a_column_of_the_table() -> None:
    assert {len(row) for row in ANSWERS.values()} == {len(Shape)}
    assert set(ANSWERS) == set(Status)


def test_a_refusal_carries_the_platforms_words() -> None:
    assert classify_act(Answer(200, Content.OBJECT, REFUSED, correlation_id="abc"), INVOICE) == Outcome(
        Result.REFUSED, "refused", 200, 20002, "GDP_MSG_11.033", correlation_id="abc"
    )


def test_a_recycling_says_the_new_status() -> None:
    answer = Answer(200, Content.OBJECT, DONE | {"identifiantFactureCPP": INVOICE, "statutFacture": "DEPOSEE"})

    assert classify_act(answer, INVOICE).chorus_status == "DEPOSEE"


def test_a_call_that_never_left_is_not_sent() -> None:
    assert classify_act(Failure(Result.NOT_SENT, "connect_error"), INVOICE).result is Result.NOT_SENT


Call = Callable[[ChorusClient], Outcome]
CALLS: dict[str, Call] = {
    "completer": lambda client: client.complete(INVOICE, [Uploaded("bon.pdf", 7)], "", "Voici", not_after=IN_TIME),
    "traiterRejet": lambda client: client.acknowledge_rejection(INVOICE, not_after=IN_TIME),
    "recycler": lambda client: client.recycle(INVOICE, "12345678200028", "SERVICE", "BC-1", "", not_after=IN_TIME),
}


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize(
    ("told", "result"),
    [
        (reply(DONE), Result.ACCEPTED),
        (reply(REFUSED), Result.REFUSED),
        (reply(REFUSED, 400), Result.REFUSED),
        (body(b"", 504), Result.IN_DOUBT),
        (body(b"", 401), Result.IN_DOUBT),
        (fails(httpx.ReadTimeout), Result.IN_DOUBT),
        (fails(httpx.ConnectError), Result.NOT_SENT),
    ],
    ids=["done", "refused", "refused with 400", "504", "401", "read timeout", "connect error"],
)
def test_an_act_is_called_once_whatever_comes_back(
    piste: Piste,
    client: ChorusClient,
    operation: str,
    told: Handler,
    result: Result,
) -> None:
    path = f"/cpro/factures/v1/{operation}"
    piste.script(path, told)

    outcome = CALLS[operation](client)

    assert outcome.result is result
    assert [called for called, _ in piste.calls].count(path) == 1


@pytest.mark.parametrize("operation", CALLS)
def test_an_act_leaves_its_evidence_without_a_secret(piste: Piste, client: ChorusClient, operation: str) -> None:
    piste.script(f"/cpro/factures/v1/{operation}", reply(DONE))

    evidence = CALLS[operation](client).evidence

    assert evidence["operation"].endswith(operation)
    assert str(INVOICE) in evidence["request"]
    assert "GCU_MSG_01_000" in evidence["answer"]


@pytest.mark.parametrize("operation", CALLS)
def test_without_a_token_nothing_leaves(piste: Piste, client: ChorusClient, operation: str) -> None:
    piste.script(TOKEN_PATH, reply({"error": "invalid_client"}, 400))

    outcome = CALLS[operation](client)

    assert outcome.result is Result.NOT_SENT
    assert not any(called.endswith(operation) for called, _ in piste.calls)
