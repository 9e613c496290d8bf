"""The platform's own history of an invoice, however it comes."""

import json
from datetime import datetime
from typing import Any

import httpx
import pytest

from chorus_xl.chorus.client import ChorusClient
from chorus_xl.domain.invoice import Passage
from chorus_xl.errors import InDoubtError, RefusedError
from tests.chorus.app import OK, Answer, Handler, Piste, reply

HISTORY = "/cpro/factures/v1/consulter/historique"
NINE = "2025-11-03 09:14"
AT_NINE = datetime(2025, 11, 3, 9, 14)  # noqa: DTZ001 - Paris, naive


def line(number: int, status: str = "DEPOSEE", at: str | None = NINE, **more: object) -> dict[str, Any]:
    return {"histoStatutId": number, "histoStatutCode": status, "histoStatutDatePassage": at, **more}


def answer(*lines: object, pages: int = 1, total: int | None = None) -> dict[str, Any]:
    position = {"pagesHistoStatut": pages, "totalHistoStatut": len(lines) if total is None else total}
    return OK | {"idFacture": 1, "historiquesDesStatuts": {"histoStatut": list(lines), **position}}


def in_pages(*pages: list[dict[str, Any]]) -> Handler:
    total = sum(map(len, pages))

    def handler(request: httpx.Request) -> Answer:
        page = json.loads(request.content)["paramRechercheHistoStatuts"]["pageResultatDemandeeListeHistoStatut"]
        return httpx.Response(200, json=answer(*pages[page - 1], pages=len(pages), total=total))

    return handler


def test_all_pages_are_read_oldest_first(piste: Piste, client: ChorusClient) -> None:
    piste.script(HISTORY, in_pages([line(1), line(2, "S2")], [line(3, "S3", "2025-11-04 08:00")]))

    assert [passage.status for passage in client.history(1)] == ["DEPOSEE", "S2", "S3"]
    wishes = [body["paramRechercheHistoStatuts"] for body in piste.bodies(HISTORY)]
    assert [wish["pageResultatDemandeeListeHistoStatut"] for wish in wishes] == [1, 2]
    assert {wish["triSensListeHistoStatut"] for wish in wishes} == {"Ascendant"}


@pytest.mark.parametrize(
    "lines",
    [
        [line(3, "S3", "2025-11-04 08:00"), line(2, "S2"), line(1)],
        [line(2, "S2"), line(3, "S3", "2025-11-04T08:00:00.000+01:00"), line(1, at="2025-11-03T09:14:59+01:00")],
    ],
    ids=["latest first", "any order"],
)
def test_it_is_oldest_first_whatever_the_platform_did_with_that_wish(
    piste: Piste, client: ChorusClient, lines: list[dict[str, Any]]
) -> None:
    piste.script(HISTORY, reply(answer(*lines)))

    assert client.history(1)[-1].status == "S3"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (line(1), Passage("DEPOSEE", AT_NINE)),
        (line(1, at=None), Passage("DEPOSEE", None)),
        (line(1, "EN_LEVITATION"), Passage("EN_LEVITATION", AT_NINE)),
        (line(1, histoStatutCommentaire="a\n=b 😀"), Passage("DEPOSEE", AT_NINE, "a\n=b 😀")),
        (
            line(1, histoStatutUtilisateurPrenom="Zoé", histoStatutUtilisateurNom=None),
            Passage("DEPOSEE", AT_NINE, "", "Zoé"),
        ),
        (
            line(
                1,
                histoStatutUtilisateurPrenom="Zoé",
                histoStatutUtilisateurNom="D'ESSAI",
                histoStatutUtilisateurEmail="zoe@exemple.invalid",
                histoStatutUtilisateurTelephone="0102030405",
            ),
            Passage("DEPOSEE", AT_NINE, "", "Zoé D'ESSAI"),
        ),
    ],
    ids=["plain", "without its moment", "unknown status", "odd text", "half a name", "name without address"],
)
def test_a_line_is_read(piste: Piste, client: ChorusClient, row: dict[str, Any], expected: Passage) -> None:
    piste.script(HISTORY, reply(answer(row)))

    assert client.history(1) == (expected,)


@pytest.mark.parametrize(
    "members",
    [OK, OK | {"historiquesDesStatuts": None}, OK | {"historiquesDesStatuts": {"histoStatut": None}}, answer()],
    ids=["absent", "null", "no list", "empty"],
)
def test_no_history_is_an_empty_one(piste: Piste, client: ChorusClient, members: dict[str, Any]) -> None:
    piste.script(HISTORY, reply(members))

    assert client.history(1) == ()


def test_lines_without_a_number_are_told_apart_by_what_they_say(piste: Piste, client: ChorusClient) -> None:
    rows = [line(1, "S1"), line(2, "S2")]
    piste.script(HISTORY, reply(answer(*(row | {"histoStatutId": None} for row in rows))))

    assert [passage.status for passage in client.history(1)] == ["S1", "S2"]


@pytest.mark.parametrize(
    "members",
    [
        answer(line(1), total=2),
        answer(line(1), {"histoStatutId": 2}),
        answer("text"),
        OK | {"historiquesDesStatuts": {"histoStatut": 3}},
    ],
    ids=["half a list", "a line without its status", "no object", "no list"],
)
def test_nothing_is_concluded_from_half_a_history(piste: Piste, client: ChorusClient, members: dict[str, Any]) -> None:
    piste.script(HISTORY, reply(members))

    with pytest.raises(InDoubtError):
        client.history(1)


def test_a_refusal_is_the_platforms_word(piste: Piste, client: ChorusClient) -> None:
    piste.script(HISTORY, reply({"codeRetour": 20000, "libelle": "GDP_MSG_11.008"}))

    with pytest.raises(RefusedError) as refused:
        client.history(1)
    assert refused.value.params["label"] == "GDP_MSG_11.008"
