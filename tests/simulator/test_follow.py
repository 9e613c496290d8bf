from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from chorus_xl.simulator import lives
from chorus_xl.simulator.refusals import Refusal
from tests.simulator.caller import Caller, Clock

HISTORY = "factures/v1/consulter/historique"


def history(caller: Caller, invoice_id: int) -> list[str]:
    answer = caller.ask(
        HISTORY, {"idFacture": invoice_id, "paramRechercheHistoStatuts": {"triSensListeHistoStatut": "Ascendant"}}
    )
    return [row["histoStatutCode"] for row in answer["historiquesDesStatuts"]["histoStatut"]]


def deposit(caller: Caller, number: str, life: str, **changes: object) -> int:
    caller.pull("life", number=number, life=life)
    return int(caller.submit(number, **changes)["identifiantFactureCPP"])


def test_nothing_happens_by_itself(caller: Caller, clock: Clock) -> None:
    deposit(caller, "FA-1", "paid")
    clock.moment += timedelta(minutes=50)

    assert caller.status("FA-1") == "DEPOSEE"


@pytest.mark.parametrize("life", ["paid", "slow", "suspended", "rejected", "misrouted"])
def test_a_life_is_lived_step_by_step(caller: Caller, life: str) -> None:
    invoice_id = deposit(caller, "FA-1", life)
    expected = [step.status for step in lives.LIVES[life]]

    walked = [caller.pull("advance")["moved"] for _ in expected]

    assert [move[0]["status"] for move in walked[:-1]] == expected[1:]
    assert walked[-1] == []
    assert history(caller, invoice_id) == expected


def test_mandatee_is_not_the_end(caller: Caller) -> None:
    deposit(caller, "FA-1", "paid")

    caller.pull("advance", steps=4)
    mandated = caller.status("FA-1")
    caller.pull("advance", steps=100)

    assert (mandated, caller.status("FA-1")) == ("MANDATEE", "MISE_EN_PAIEMENT")


def test_a_buyer_that_does_not_report_payment_stops_before_it(caller: Caller) -> None:
    deposit(
        caller,
        "FA-1",
        "paid",
        destinataire={"codeDestinataire": "00000000000034", "codeServiceExecutant": "SERVICE_AU_CHOIX"},
    )

    caller.pull("advance", steps=100)

    assert caller.status("FA-1") == "COMPTABILISEE"


def test_advance_moves_the_numbers_named(caller: Caller) -> None:
    for number in ("FA-1", "FA-2"):
        deposit(caller, number, "paid")

    moved = caller.pull("advance", numbers=["FA-2", "FA-3"])["moved"]

    assert moved == [{"supplier": "00000000000018", "number": "FA-2", "status": "EN_COURS_ACHEMINEMENT"}]
    assert caller.status("FA-1") == "DEPOSEE"


def test_days_carry_an_invoice_as_far_as_they_reach(caller: Caller) -> None:
    deposit(caller, "FA-1", "paid")
    deposit(caller, "FA-2", "slow")

    reached = []
    for days in (0, 1, 6, 1, 100):
        caller.pull("advance", days=days)
        reached.append((caller.status("FA-1"), caller.status("FA-2")))

    assert reached == [
        ("DEPOSEE", "DEPOSEE"),
        ("MISE_A_DISPOSITION", "EN_COURS_ACHEMINEMENT"),
        ("MISE_A_DISPOSITION", "EN_COURS_ACHEMINEMENT"),
        ("SERVICE_FAIT", "EN_COURS_ACHEMINEMENT"),
        ("MISE_EN_PAIEMENT", "SERVICE_FAIT"),
    ]


def test_lives_follow_from_the_number_and_most_are_paid() -> None:
    chosen = Counter(lives.life_of(f"FA-{index}") for index in range(1000))

    assert set(chosen) == {"paid", "suspended", "rejected", "slow"}
    assert chosen["paid"] > 600
    assert min(chosen.values()) > 50


def test_the_comment_of_a_status_is_shown_in_search_and_history(caller: Caller) -> None:
    invoice_id = deposit(caller, "FA-1", "suspended")

    caller.pull("advance", steps=3)

    assert caller.found()[0]["commentaireEtatCourant"] == "Bon de livraison manquant"
    latest = caller.ask(HISTORY, {"idFacture": invoice_id})["historiquesDesStatuts"]["histoStatut"][0]
    assert (latest["histoStatutCode"], latest["histoStatutCommentaire"]) == ("SUSPENDUE", "Bon de livraison manquant")


def test_a_suspended_invoice_is_completed_and_goes_on(caller: Caller) -> None:
    invoice_id = deposit(caller, "FA-1", "suspended")
    caller.pull("advance", steps=3)

    answer = caller.ask("factures/v1/completer", {"identifiantFactureCPP": invoice_id, "commentaire": "Voici le bon"})
    completed = caller.status("FA-1")
    caller.pull("advance")

    assert answer["numeroFacture"] == "FA-1"
    assert (completed, caller.status("FA-1")) == ("COMPLETEE", "MISE_A_DISPOSITION")


@pytest.mark.parametrize(
    ("status", "changes", "code", "libelle"),
    [
        ("SUSPENDUE", {"identifiantFactureCPP": 1}, 20000, "GDP_MSG_11.008"),
        ("MANDATEE", {}, 20002, "GDP_MSG_11.033"),
        (
            "SUSPENDUE",
            {
                "pieceJointeComplementaire": [
                    {
                        "pieceJointeComplementaireDesignation": "bl.pdf",
                        "pieceJointeComplementaireType": "BON_DE_LIVRAISON",
                        "pieceJointeComplementaireId": 1,
                    },
                ],
            },
            Refusal.ATTACHMENT_UNKNOWN.code,
            "SIM_MSG_01.028 - Pièce jointe inconnue. [1]",
        ),
    ],
)
def test_completing_is_refused(caller: Caller, status: str, changes: dict[str, Any], code: int, libelle: str) -> None:
    invoice_id = deposit(caller, "FA-1", "paid")
    caller.pull("status", number="FA-1", status=status)

    answer = caller.ask("factures/v1/completer", {"identifiantFactureCPP": invoice_id, **changes})

    assert answer == {"codeRetour": code, "libelle": libelle}
    assert caller.status("FA-1") == status


def test_recycling_keeps_the_number_and_starts_again(caller: Caller, clock: Clock) -> None:
    invoice_id = deposit(caller, "FA-1", "misrouted")
    caller.pull("advance", steps=3)
    clock.moment += timedelta(days=1)
    caller._token = None
    target = {"codeDestinataire": "21900010600019", "codeServiceExecutant": "FACTURES_HORS_MARCHE"}

    answer = caller.ask("factures/v1/recycler", {"identifiantFactureCPP": invoice_id, "destinataire": target})

    assert (answer["numeroFacture"], answer["statutFacture"], answer["dateDepot"]) == ("FA-1", "DEPOSEE", "2025-11-04")
    (row,) = caller.found()
    assert (row["codeDestinataire"], row["codeServiceExecutant"]) == ("21900010600019", "FACTURES_HORS_MARCHE")
    assert len(caller.record()["acceptances"]) == 1


@pytest.mark.parametrize(
    ("status", "target", "refusal"),
    [
        ("MANDATEE", {}, Refusal.RECYCLE_WRONG_STATE),
        ("A_RECYCLER", {"codeDestinataire": "12345678200028"}, Refusal.SERVICE_REQUIRED),
        ("A_RECYCLER", {"codeServiceExecutant": "ANCIEN_SERVICE"}, Refusal.SERVICE_INACTIVE),
    ],
)
def test_recycling_is_refused(caller: Caller, status: str, target: dict[str, str], refusal: Refusal) -> None:
    invoice_id = deposit(caller, "FA-1", "paid")
    caller.pull("status", number="FA-1", status=status)

    answer = caller.ask("factures/v1/recycler", {"identifiantFactureCPP": invoice_id, "destinataire": target})

    assert answer["codeRetour"] == refusal.code
    assert caller.status("FA-1") == status


def test_a_rejection_is_acknowledged(caller: Caller) -> None:
    invoice_id = deposit(caller, "FA-1", "rejected")
    body = {"listeDemandePaiement": [{"idDemandePaiement": invoice_id}]}

    too_early = caller.ask("factures/v1/traiterRejet", body)
    caller.pull("advance", steps=3)
    in_time = caller.ask("factures/v1/traiterRejet", body)

    assert too_early["codeRetour"] == Refusal.REJECTION_WRONG_STATE.code
    assert in_time == {"codeRetour": 0, "libelle": "GCU_MSG_01_000"}
    assert (caller.found()[0]["statut"], caller.found()[0]["rejetTraite"]) == ("REJETEE", True)


def test_acknowledging_is_all_or_nothing(caller: Caller) -> None:
    ids = [deposit(caller, number, "rejected") for number in ("FA-1", "FA-2")]
    caller.pull("advance", steps=3, numbers=["FA-1"])

    answer = caller.ask("factures/v1/traiterRejet", {"listeDemandePaiement": [{"idDemandePaiement": n} for n in ids]})

    assert answer["codeRetour"] == Refusal.REJECTION_WRONG_STATE.code
    assert [row["rejetTraite"] for row in caller.found()] == [False, False]


def test_an_unknown_status_is_passed_on_as_it_is(caller: Caller) -> None:
    deposit(caller, "FA-1", "paid")

    caller.pull("status", number="FA-1", status="STATUT_DE_DEMAIN")
    caller.pull("advance", steps=5)

    assert caller.status("FA-1") == "STATUT_DE_DEMAIN"


def test_a_life_goes_on_from_a_status_it_passes_through(caller: Caller) -> None:
    deposit(caller, "FA-1", "paid")

    caller.pull("status", number="FA-1", status="MANDATEE")
    caller.pull("advance")

    assert caller.status("FA-1") == "MISE_A_DISPOSITION_COMPTABLE"


def test_a_life_may_be_chosen_after_the_deposit(caller: Caller) -> None:
    deposit(caller, "FA-1", "paid")
    caller.pull("advance", steps=2)

    caller.pull("life", number="FA-1", life="rejected")
    caller.pull("advance")

    assert caller.status("FA-1") == "REJETEE"


def test_history_is_latest_first_and_paged(caller: Caller) -> None:
    invoice_id = deposit(caller, "FA-1", "paid")
    for index in range(10):
        caller.pull("status", number="FA-1", status=f"S{index}")

    first = caller.ask(HISTORY, {"idFacture": invoice_id})
    paging = {"pageResultatDemandeeListeHistoStatut": 2}
    second = caller.ask(HISTORY, {"idFacture": invoice_id, "paramRechercheHistoStatuts": paging})

    assert first["statutCourantCode"] == "S9"
    shown = [
        [row["histoStatutCode"] for row in answer["historiquesDesStatuts"]["histoStatut"]] for answer in (first, second)
    ]
    assert shown == [[f"S{index}" for index in range(9, -1, -1)], ["DEPOSEE"]]
    assert {key: value for key, value in second["historiquesDesStatuts"].items() if key != "histoStatut"} == {
        "pageCouranteHistoStatut": 2,
        "pagesHistoStatut": 2,
        "nbResultatsParPageHistoStatut": 10,
        "totalHistoStatut": 11,
    }


@pytest.mark.parametrize(
    ("operation", "key"), [(HISTORY, "idFacture"), ("factures/v1/consulter/fournisseur", "identifiantFactureCPP")]
)
def test_an_unknown_invoice_is_refused(caller: Caller, operation: str, key: str) -> None:
    assert caller.ask(operation, {key: 1})["codeRetour"] == Refusal.INVOICE_UNKNOWN.code


def test_the_detail_of_an_invoice_gives_back_what_was_sent(caller: Caller) -> None:
    extra = {
        "pieceJointeComplementaireDesignation": "rib.pdf",
        "pieceJointeComplementaireType": "RIB",
        "pieceJointeComplementaireId": caller.file(),
    }
    invoice_id = deposit(caller, "FA-1", "paid", pieceJointeComplementaire=[extra], commentaire="Octobre")

    detail = caller.ask("factures/v1/consulter/fournisseur", {"identifiantFactureCPP": invoice_id})["facture"]

    assert (detail["statutFacture"], detail["numeroFacture"], detail["commentaire"]) == ("DEPOSEE", "FA-1", "Octobre")
    assert detail["montantTotal"]["montantTtcTotal"] == 120.0
    assert detail["pieceJointePrincipale"] == {"idPieceJointePrincipale": caller.file()}
    assert detail["listeDesPiecesJointes"]["pieceJointe"][0]["pieceJointeExtension"] == "PDF"
    assert detail["references"]["dateDepot"] == "2025-11-03"
