"""All pages, or an error."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest

from chorus_xl.chorus.client import ChorusClient
from chorus_xl.errors import InDoubtError
from tests.chorus.app import OK, SEARCH, Answer, Handler, Piste, listed, reply, search

OCTOBER = (date(2025, 10, 1), date(2025, 10, 31))


def page_of(request: httpx.Request) -> int:
    number: int = json.loads(request.content)["rechercheFactureParFournisseur"]["pageResultatDemandee"]
    return number


def pages(*rows: list[dict[str, Any]], position: dict[str, Any] | None) -> Handler:
    """Pages as given, the last one for ever."""

    def handler(request: httpx.Request) -> Answer:
        members = OK | {"listeFactures": rows[min(page_of(request), len(rows)) - 1]}
        return httpx.Response(200, json=members if position is None else members | {"parametresRetour": position})

    return handler


def numbers(client: ChorusClient) -> list[int]:
    return [invoice.chorus_invoice_id - 9100000 for invoice in client.deposited_between(*OCTOBER)]


def rows(*wanted: int) -> list[dict[str, Any]]:
    return [listed(number) for number in wanted]


@pytest.mark.parametrize(("count", "calls"), [(0, 1), (1, 1), (11, 1), (100, 1), (101, 2), (250, 3)])
def test_every_page_is_read(piste: Piste, client: ChorusClient, count: int, calls: int) -> None:
    piste.script(SEARCH, search(rows(*range(1, count + 1))))

    assert numbers(client) == list(range(1, count + 1))
    assert piste.count(SEARCH) == calls


def test_a_platform_that_keeps_to_ten_a_page_is_followed(piste: Piste, client: ChorusClient) -> None:
    position = {"pages": 2, "total": 11}
    piste.script(SEARCH, pages(rows(*range(1, 11)), rows(11), position=position))

    assert numbers(client) == list(range(1, 12))


EMPTY: dict[str, Handler] = {
    "empty": reply(OK | {"listeFactures": [], "parametresRetour": {"pages": 0, "total": 0}}),
    "null": reply(OK | {"listeFactures": None, "parametresRetour": None}),
    "absent": reply(OK),
    "one empty page": reply(OK | {"listeFactures": [], "parametresRetour": {"pages": 1, "total": 0}}),
    "said as a refusal": reply({"codeRetour": 20000, "libelle": "TRA_MSG_00.015"}),
    "said as a refusal with 400": reply({"codeRetour": 20000, "libelle": "TRA_MSG_00.015 - Aucun"}, 400),
}


@pytest.mark.parametrize("way", EMPTY)
def test_no_result_comes_in_many_ways(piste: Piste, client: ChorusClient, way: str) -> None:
    piste.script(SEARCH, EMPTY[way])

    assert client.find("FA-1") == ()
    assert piste.count(SEARCH) == 1


COMPLETE: dict[str, tuple[Callable[[], Handler], list[int]]] = {
    "counted as text": (lambda: pages(rows(1, 2), position={"pages": "1", "total": "2"}), [1, 2]),
    "only pages are told": (lambda: pages(rows(1, 2), rows(3), position={"pages": 2}), [1, 2, 3]),
    "only the total is told": (lambda: pages(rows(1, 2), rows(3), position={"total": 3}), [1, 2, 3]),
    "nothing is told": (lambda: pages(rows(1, 2), rows(3), [], position=None), [1, 2, 3]),
    "a row was pushed onto the next page": (
        lambda: pages(rows(1, 2), rows(2, 3), position={"pages": 2, "total": 3}),
        [1, 2, 3],
    ),
    "more than was counted": (lambda: pages(rows(1, 2, 3), position={"pages": 1, "total": 2}), [1, 2, 3]),
}


@pytest.mark.parametrize("way", COMPLETE)
def test_a_complete_list_is_given_once_each(piste: Piste, client: ChorusClient, way: str) -> None:
    make, expected = COMPLETE[way]
    piste.script(SEARCH, make())

    assert numbers(client) == expected


INCOMPLETE: dict[str, tuple[Callable[[], Handler], str]] = {
    "the total is not reached": (lambda: pages(rows(1, 2), [], position={"pages": 1, "total": 3}), "3"),
    "a page repeats": (lambda: pages(rows(1, 2), position={"pages": 2, "total": 4}), "4"),
    "a page repeats and nothing is told": (lambda: pages(rows(1, 2), position=None), "?"),
    "an empty page before the last": (lambda: pages(rows(1), [], rows(2), position={"pages": 3}), "?"),
}


@pytest.mark.parametrize("way", INCOMPLETE)
def test_nothing_is_concluded_from_half_a_list(piste: Piste, client: ChorusClient, way: str) -> None:
    make, total = INCOMPLETE[way]
    piste.script(SEARCH, make())

    with pytest.raises(InDoubtError) as raised:
        client.find("FA-1")

    assert raised.value.code == "CX425"
    assert raised.value.params["total"] == total


def test_no_result_on_a_later_page_does_not_complete_a_list(piste: Piste, client: ChorusClient) -> None:
    first = reply(OK | {"listeFactures": rows(1, 2), "parametresRetour": {"pages": 2, "total": 4}})
    piste.script(SEARCH, first, EMPTY["said as a refusal"])

    with pytest.raises(InDoubtError, match="CX425"):
        client.find("FA-1")


@pytest.mark.parametrize("found", [[{"numeroFacture": "FA-1"}], [listed(1), "FA-2"], {"facture": listed(1)}], ids=str)
def test_a_row_that_cannot_be_read_is_not_passed_over(piste: Piste, client: ChorusClient, found: object) -> None:
    piste.script(SEARCH, reply(OK | {"listeFactures": found, "parametresRetour": {"pages": 1, "total": 1}}))

    with pytest.raises(InDoubtError, match="CX422"):
        client.find("FA-1")


def test_a_list_without_end_ends_in_doubt(piste: Piste, client: ChorusClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chorus_xl.chorus.listing.MOST_PAGES", 5)
    piste.script(SEARCH, lambda request: httpx.Response(200, json=OK | {"listeFactures": rows(page_of(request))}))

    with pytest.raises(InDoubtError, match="CX425"):
        client.find("FA-1")
    assert piste.count(SEARCH) == 5


def test_a_period_is_given_page_by_page(piste: Piste, client: ChorusClient) -> None:
    piste.script(SEARCH, search(rows(*range(1, 251))))

    found = client.deposited_between(*OCTOBER)

    assert next(found).invoice_number == "FA-1"
    assert piste.count(SEARCH) == 1
    asked = piste.bodies(SEARCH)[0]
    assert (asked["periodeDateDepotDu"], asked["periodeDateDepotAu"]) == ("2025-10-01", "2025-10-31")
