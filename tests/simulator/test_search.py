import re
from datetime import timedelta
from typing import Any

import pytest

from tests.simulator.caller import SEARCH, Caller, Clock

DAY = r"\d{4}-\d\d-\d\d"
MINUTE = rf"{DAY} \d\d:\d\d"
INSTANT = rf"{DAY}T\d\d:\d\d:\d\d\.\d{{3}}\+0[12]:00"


def page(caller: Caller, **parameters: object) -> dict[str, Any]:
    return caller.ask(SEARCH, {"rechercheFactureParFournisseur": parameters})


def deposit(caller: Caller, count: int) -> list[str]:
    numbers = [f"FA-{index:04d}" for index in range(count)]
    assert [caller.submit(number)["codeRetour"] for number in numbers] == [0] * count
    return numbers


def test_eleven_invoices_make_two_pages_of_ten(caller: Caller) -> None:
    numbers = deposit(caller, 11)

    first, second, third = page(caller), page(caller, pageResultatDemandee=2), page(caller, pageResultatDemandee=3)

    assert first["parametresRetour"] == {"pageCourante": 1, "pages": 2, "nbResultatsParPage": 10, "total": 11}
    assert [len(answer["listeFactures"]) for answer in (first, second, third)] == [10, 1, 0]
    seen = [row["numeroFacture"] for answer in (first, second) for row in answer["listeFactures"]]
    assert seen == numbers[::-1]


@pytest.mark.parametrize(("size", "pages"), [(10, 11), (100, 2), (101, 1), (10_000, 1)])
def test_a_hundred_and_one_invoices_page_by_page(caller: Caller, size: int, pages: int) -> None:
    numbers = deposit(caller, 101)

    answers = [page(caller, pageResultatDemandee=n, nbResultatsParPage=size) for n in range(1, pages + 1)]

    assert {answer["parametresRetour"]["pages"] for answer in answers} == {pages}
    assert sorted(row["numeroFacture"] for answer in answers for row in answer["listeFactures"]) == numbers


@pytest.mark.parametrize(("maximum", "total"), [(None, 11), (3, 3), (10_000, 11), (0, 0)])
def test_the_maximum_cuts_the_list(caller: Caller, maximum: int | None, total: int) -> None:
    deposit(caller, 11)

    answer = page(caller, nbResultatsMaximum=maximum, nbResultatsParPage=100)

    assert (answer["parametresRetour"]["total"], len(answer["listeFactures"])) == (total, total)


@pytest.mark.parametrize("parameters", [{"pageResultatDemandee": 0}, {"nbResultatsParPage": 0}, {"taille": 1}], ids=str)
def test_a_bad_page_is_400(caller: Caller, parameters: dict[str, int]) -> None:
    assert caller.post(SEARCH, {"rechercheFactureParFournisseur": parameters}).status_code == 400


def test_a_row_spells_every_member_its_own_way(caller: Caller) -> None:
    caller.submit()

    (row,) = caller.found()

    shown = {key: row[key] for key in ("statut", "numeroFacture", "montantHT", "montantTTC", "montantAPayer", "devise")}
    assert shown == {
        "statut": "DEPOSEE",
        "numeroFacture": "FA-2025-0042",
        "montantHT": 100.0,
        "montantTTC": 120.0,
        "montantAPayer": 120.0,
        "devise": "EUR",
    }
    assert (row["codeFournisseur"], row["codeDestinataire"]) == ("00000000000018", "20006905200013")
    assert (row["codeServiceExecutant"], row["rejetTraite"]) == ("FACTURES_SUR_MARCHE", False)
    assert "statutFacture" not in row
    assert "statutCourantCode" not in row


def test_each_date_has_its_own_form(caller: Caller) -> None:
    invoice_id = caller.submit()["identifiantFactureCPP"]

    (row,) = caller.found()
    history = caller.ask("factures/v1/consulter/historique", {"idFacture": invoice_id})
    caller.pull("status", number="FA-2025-0042", status="SUSPENDUE", comment="Bon de livraison manquant")
    completed = caller.ask("factures/v1/completer", {"identifiantFactureCPP": invoice_id})
    services = caller.ask("structures/v1/rechercher/services", {"idStructure": 26000101})["listeServices"]

    assert (row["dateFacture"], row["dateDepot"]) == ("2025-10-31", "2025-11-03")
    assert row["dateHeureEtatCourant"] == "2025-11-03T12:00:00.120+01:00"
    assert re.fullmatch(INSTANT, row["dateHeureEtatCourant"])
    assert history["historiquesDesStatuts"]["histoStatut"][0]["histoStatutDatePassage"] == "2025-11-03 12:00"
    assert completed["dateTraitement"] == "2025-11-03 12:00"
    assert all(re.fullmatch(MINUTE, item["dateDbtService"]) for item in services)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"numeroFacture": "FA-B"}, "B"),
        ({"numeroFacture": "FA-"}, ""),
        ({"numeroFacture": "FA-B", "idFournisseur": 26000001}, "B"),
        ({"idFournisseur": 26000101}, ""),
        ({"typeFacture": "AVOIR"}, "C"),
        ({"statutCourant": ["SUSPENDUE", "REJETEE"]}, "B"),
        ({"statutCourant": []}, "CBA"),
        ({"listeDestinataire": [{"idDestinataire": 26000105}]}, "C"),
        ({"periodeDateDepotDu": "2025-11-04"}, "C"),
        ({"periodeDateDepotAu": "2025-11-03"}, "BA"),
        ({"periodeDateDepotAu": "2025-11-03T23:59:59"}, "BA"),
        ({"periodeDateFactureDu": "2025-10-02", "periodeDateFactureAu": "2025-10-31"}, "BA"),
        ({"periodeDateHeureEtatCourantDu": "2025-11-04", "periodeDateHeureEtatCourantAu": "2025-11-04T23:59:59"}, "CB"),
        ({"montantTTCMin": 120.01}, ""),
        ({"montantTTCMin": 120, "montantTTCMax": 120}, "CBA"),
        ({"montantHTMax": 99.99}, ""),
        ({"montantApayerMin": 1}, "CBA"),
        ({"numeroMarche": "M2025-17"}, "CBA"),
        ({"modeDepot": "SAISIE_API"}, ""),
        ({"rejetTraite": True}, ""),
        ({"rejetTraite": False}, "CBA"),
        ({"numeroFluxDepot": "CPP0011117000000000000042"}, ""),
        ({"rechercheFactureParFournisseur": {"triColonne": "NumeroFacture", "triSens": "Ascendant"}}, "ABC"),
    ],
    ids=str,
)
def test_filters(caller: Caller, clock: Clock, filters: dict[str, object], found: str) -> None:
    caller.submit("FA-A")
    caller.submit("FA-B")
    clock.moment += timedelta(days=1)
    caller._token = None
    caller.submit(
        "FA-C",
        dateFacture="2025-10-01",
        references__typeFacture="AVOIR",
        destinataire__codeDestinataire="21900010600019",
    )
    caller.pull("status", number="FA-B", status="SUSPENDUE", comment="Bon de livraison manquant")

    assert "".join(row["numeroFacture"][-1] for row in caller.found(**filters)) == found


def test_a_period_that_is_no_date_is_400(caller: Caller) -> None:
    assert caller.post(SEARCH, {"periodeDateDepotDu": "hier"}).status_code == 400
    assert caller.post(SEARCH, {"periodeDateHeureEtatCourantDu": "0001-01-01"}).status_code == 400


def test_no_result_is_an_empty_list_or_20000_by_switch(caller: Caller) -> None:
    empty = caller.ask(SEARCH)
    caller.pull("switches", no_result_as_20000=True)

    assert (empty["codeRetour"], empty["listeFactures"], empty["parametresRetour"]["total"]) == (0, [], 0)
    assert caller.ask(SEARCH) == {"codeRetour": 20000, "libelle": "TRA_MSG_00.015"}
    assert (
        caller.ask("structures/v1/rechercher", {"structure": {"identifiantStructure": "20006905200175"}})["codeRetour"]
        == 20000
    )


def test_nulls_and_empty_lists_are_left_out_by_switch(caller: Caller) -> None:
    caller.submit()
    with_nulls = caller.found()[0]
    caller.pull("switches", omit_empty=True)

    assert None in with_nulls.values()
    assert caller.found()[0] == {key: value for key, value in with_nulls.items() if value is not None}
    assert "listeFactures" not in caller.ask(SEARCH, {"numeroFacture": "none"})


def test_a_fresh_invoice_may_be_missing_from_the_first_searches(caller: Caller) -> None:
    caller.pull("switches", search_lag_calls=2)
    caller.submit("FA-1")

    other = [len(caller.found(numeroFacture="FA-2")) for _ in range(3)]
    seen = [len(caller.found(numeroFacture="FA-1")) for _ in range(4)]

    assert other == [0, 0, 0]
    assert seen == [0, 0, 1, 1]


def test_a_fresh_invoice_may_be_missing_for_some_seconds(caller: Caller, clock: Clock) -> None:
    caller.pull("switches", search_lag_seconds=30)
    caller.submit("FA-1")

    before = len(caller.found())
    clock.moment += timedelta(seconds=30)

    assert (before, len(caller.found())) == (0, 1)
