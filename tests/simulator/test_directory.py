from typing import Any

import pytest
from stdnum.fr import siret as siret_key

from chorus_xl.simulator import SUPPLIER_SIRET, Server, directory
from chorus_xl.simulator.refusals import Refusal
from tests.simulator.caller import Caller

LEAFLET = {
    "20006905200013": "GRAND BELFORT",
    "20006905200096": "GRAND BELFORT",
    "20006905200070": "GRAND BELFORT",
    "20006905200088": "GRAND BELFORT",
    "21900010600019": "COMMUNE DE BELFORT",
    "21900010600175": "COMMUNE DE BELFORT",
    "21900010600720": "COMMUNE DE BELFORT",
    "25900099000012": "STRUCTURE 259000990 (NOM INVENTE)",
}
FLAGS = ("codeServiceDoitEtreRenseigne", "numeroEJDoitEtreRenseigne", "gestionNumeroEJOuCodeService")


def listed(caller: Caller, siret: str, **more: object) -> list[dict[str, Any]]:
    answer = caller.ask("structures/v1/rechercher", {"structure": {"identifiantStructure": siret}, **more})
    rows: list[dict[str, Any]] = answer["listeStructures"]
    return rows


def services(caller: Caller, structure_id: int) -> dict[str, bool]:
    answer = caller.ask("structures/v1/rechercher/services", {"idStructure": structure_id})
    return {row["codeService"]: row["estActif"] for row in answer["listeServices"]}


@pytest.mark.parametrize(("siret", "name"), LEAFLET.items())
def test_the_leaflet_s_bodies_are_known_with_their_services(caller: Caller, siret: str, name: str) -> None:
    (row,) = listed(caller, siret)

    assert (row["identifiantStructure"], row["statut"]) == (siret, "ACTIVE")
    assert row["designationStructure"].startswith(name)
    assert (
        services(caller, row["idStructureCPP"]).items()
        >= {"FACTURES_SUR_MARCHE": True, "FACTURES_HORS_MARCHE": True}.items()
    )
    assert siret_key.is_valid(siret)


@pytest.mark.parametrize("siret", ["20006905200175", "20006905200720"])
def test_the_two_misprints_of_the_leaflet_are_not_known(caller: Caller, siret: str) -> None:
    assert listed(caller, siret) == []


@pytest.mark.parametrize(
    ("siret", "flags"),
    [
        ("20006905200013", (True, False, False)),
        ("12345678200051", (False, False, False)),
        ("12345678200036", (False, True, False)),
        ("12345678200028", (True, False, False)),
        ("12345678200044", (True, True, False)),
        ("00000000000034", (False, False, True)),
    ],
)
def test_a_structure_says_what_it_demands(caller: Caller, siret: str, flags: tuple[bool, ...]) -> None:
    structure_id = listed(caller, siret)[0]["idStructureCPP"]

    answer = caller.ask("structures/v1/consulter", {"idStructureCPP": structure_id})

    assert tuple(answer["parametres"][flag] for flag in FLAGS) == flags
    assert answer["informationGenerales"]["identifiantStructure"] == siret


def test_only_eau_asks_an_engagement_of_its_contract_service(caller: Caller) -> None:
    def asked(structure_id: int, code: str) -> bool:
        rows = caller.ask("structures/v1/rechercher/services", {"idStructure": structure_id})["listeServices"]
        service_id = next(row["idService"] for row in rows if row["codeService"] == code)
        answer = caller.ask("structures/v1/consulter/service", {"idStructure": structure_id, "idService": service_id})
        assert answer["informationsGenerales"]["codeService"] == code
        return bool(answer["parametres"]["numeroEngagement"])

    assert asked(26000102, "FACTURES_SUR_MARCHE")
    assert not asked(26000102, "FACTURES_HORS_MARCHE")
    assert not asked(26000101, "FACTURES_SUR_MARCHE")


def test_an_inactive_structure_is_found_unless_only_active_ones_are_asked_for(caller: Caller) -> None:
    inactive = "00000000000026"
    only_active = {"structure": {"identifiantStructure": inactive, "statutStructure": "ACTIF"}}

    assert [row["statut"] for row in listed(caller, inactive)] == ["INACTIVE"]
    assert caller.ask("structures/v1/rechercher", only_active)["listeStructures"] == []


def test_an_inactive_service_is_listed_as_such(caller: Caller) -> None:
    assert services(caller, 26000101)["ANCIEN_SERVICE"] is False


def test_a_search_of_structures_pages_and_filters(caller: Caller) -> None:
    everybody = caller.ask("structures/v1/rechercher")
    named = caller.ask("structures/v1/rechercher", {"structure": {"raisonSocialeStructure": "belfort"}})
    private = caller.ask("structures/v1/rechercher", {"structure": {"typeStructure": "PRIVEE"}})

    total = len(directory.load().structures)
    assert everybody["parametresRetour"] == {"pageCourante": 1, "pages": 2, "nbResultatsParPage": 10, "total": total}
    assert named["parametresRetour"]["total"] == 7
    assert [row["identifiantStructure"] for row in private["listeStructures"]] == [SUPPLIER_SIRET]


def test_the_account_finds_its_own_supplier(caller: Caller) -> None:
    answer = caller.ask("transverses/v1/recuperer/structures/actives/fournisseur")

    assert answer["listeStructures"] == [
        {
            "idStructureCPP": 26000001,
            "identifiant": SUPPLIER_SIRET,
            "designationStructure": "FOURNISSEUR DE REPETITION",
        },
    ]
    memberships = caller.ask("utilisateurs/v1/monCompte/recuperer/rattachements")
    assert [row["idStructure"] for row in memberships["listeStructureRattachement"]] == [26000001]


def test_the_password_s_end_is_shown_on_one_s_own_structure_only(caller: Caller) -> None:
    own, other = (
        caller.ask("structures/v1/consulter", {"idStructureCPP": n})["informationGenerales"]
        for n in (26000001, 26000101)
    )

    assert own["dateExpirationMotPasseCompteTech"] == "2027-01-01"
    assert other["dateExpirationMotPasseCompteTech"] is None


def test_reference_lists(caller: Caller) -> None:
    rates = caller.ask("transverses/v1/recuperer/tauxtva", {"codeLangue": "fr"})["listeTauxTva"]
    kinds = caller.ask("transverses/v1/recuperer/typespj", {"typeObjet": "FACTURE"})["listeTypePieceJointe"]
    accounts = caller.ask("transverses/v1/recuperer/coordbanc/valides", {"idStructure": 26000001})[
        "listeCoordonneeBancaire"
    ]

    assert {row["valeurTauxTva"] for row in rates} == {0, 2.1, 5.5, 10, 20}
    assert [row["codeTypePieceJointe"] for row in kinds] == ["RIB", "BON_DE_LIVRAISON", "AUTRE"]
    assert [row["idCoordonneeBancaire"] for row in accounts] == [410001]


@pytest.mark.parametrize(
    ("operation", "body", "refusal"),
    [
        ("structures/v1/consulter", {"idStructureCPP": 1}, Refusal.STRUCTURE_UNKNOWN),
        ("structures/v1/rechercher/services", {"idStructure": 1}, Refusal.STRUCTURE_UNKNOWN),
        (
            "structures/v1/consulter/service",
            {"idStructure": 26000101, "idService": 1},
            Refusal.STRUCTURE_SERVICE_UNKNOWN,
        ),
        ("transverses/v1/recuperer/coordbanc/valides", {"idStructure": 26000101}, Refusal.SUPPLIER_NOT_OURS),
    ],
)
def test_unknown_ids_are_refused(caller: Caller, operation: str, body: dict[str, int], refusal: Refusal) -> None:
    assert caller.ask(operation, body)["codeRetour"] == refusal.code


def test_a_user_s_own_siret_becomes_a_second_supplier() -> None:
    with Server(supplier_siret="00000000000042") as server, Caller(server) as caller:
        own = caller.ask("transverses/v1/recuperer/structures/actives/fournisseur")["listeStructures"]
        deposited = [
            caller.submit("FA-1", fournisseur={"idFournisseur": row["idStructureCPP"]})["identifiantStructure"]
            for row in own
        ]

    assert [row["identifiant"] for row in own] == [SUPPLIER_SIRET, "00000000000042"]
    assert deposited == [SUPPLIER_SIRET, "00000000000042"]


@pytest.mark.parametrize("siret", ["", "123", "0000000000001²", "000 000 000 00018"])
def test_a_supplier_without_14_digits_is_refused(siret: str) -> None:
    with pytest.raises(ValueError, match="14 digits"), Server(supplier_siret=siret):
        pass
