"""The file of statuses is complete and says what each asks for."""

import json
from pathlib import Path

import pytest

from chorus_xl.data import load
from chorus_xl.domain.acts import Act
from chorus_xl.domain.statuses import Family, StatusMeaning, meanings

MEANINGS = meanings(load("statuses"))

# AIFE, swagger « Chorus Pro - Factures » 1.0.0 (2020), enum statutFacture.
OFFICIAL = [
    "BROUILLON",
    "A_VALIDER_1",
    "ERREUR_FOURNISSEUR_SUR_VALIDEUR",
    "REFUSEE_1",
    "VALIDEE_1",
    "ABSENCE_VALIDATION_1_HORS_DELAI",
    "A_VALIDER_2",
    "ERREUR_COTRAITANT_SUR_VALIDEUR",
    "REFUSEE_2",
    "VALIDEE_2",
    "ABSENCE_VALIDATION_2_HORS_DELAI",
    "DEPOSEE",
    "ERREUR_FOURNISSEUR_SUR_MOE",
    "EN_COURS_ACHEMINEMENT",
    "MISE_A_DISPOSITION",
    "A_RECYCLER",
    "SUSPENDUE",
    "REJETEE",
    "MANDATEE",
    "MISE_EN_PAIEMENT",
    "COMPTABILISEE",
    "MISE_A_DISPOSITION_COMPTABLE",
    "ABANDONNEE",
    "SUPPRIMEE",
    "ASSOCIEE",
    "EN_COURS_TRAITEMENT_PIVOT_S",
    "A_VALIDER_MOE",
    "REFUSEE_MOE",
    "EN_ATTENTE_RECYCLAGE_FOURNISSEUR",
    "ERREUR_MOE_SUR_FOURNISSEUR",
    "ERREUR_MOA_SUR_FOURNISSEUR",
    "INTERPRETEE_OCR",
    "COMPLETEE",
    "ERREUR_FOURNISSEUR_SUR_MOA",
    "ERREUR_MOE_SUR_MOA",
    "ERREUR_DESTINATAIRE_PD",
    "ERREUR_DESTINATAIRE_EA",
    "SERVICE_FAIT",
    "NON_CONFORME",
    "A_ASSOCIER_MOE",
    "ERREUR_DE_MOE",
    "MISE_A_DISPOSITION_MOE",
    "PRISE_EN_COMPTE_MOE",
    "A_ASSOCIER_MOA",
    "ERREUR_DE_MOA",
    "REFUSEE_MOA",
    "A_ASSOCIER_FOURNISSEUR",
    "REFUSEE_FOURNISSEUR",
    "A_COMPLETER",
    "TRANSMISE_MOA",
    "PRISE_EN_COMPTE_DESTINATAIRE",
    "REMPLACEE_PAR_A22",
    "DUPLIQUE_APRES_REFUS",
    "MISE_A_DISPOSITION_MOA",
    "PRISE_EN_COMPTE_MOA",
    "TECHNIQUE_INCONNU",
]
FLOW = [
    "IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP",
    "IN_RECU",
    "IN_TRAITE_SE_CPP",
    "IN_EN_ATTENTE_TRAITEMENT_CPP",
    "IN_EN_COURS_TRAITEMENT_CPP",
    "IN_EN_ATTENTE_RETRAITEMENT_CPP",
    "IN_A_RELANCER",
    "IN_INCIDENTE",
    "IN_ERREUR_INTERNE",
    "IN_INTEGRE",
    "IN_INTEGRE_PARTIEL",
    "IN_REJETE",
    "QP_IRRECEVABLE",
    "QP_RECEVABLE",
    "QP_RECEVABLE_AVEC_ERREUR",
]
FINAL = {"MISE_EN_PAIEMENT", "COMPTABILISEE", "REJETEE", "ABANDONNEE", "SUPPRIMEE"}


def test_every_published_status_is_there() -> None:
    assert len(set(OFFICIAL)) == 56
    assert {*OFFICIAL, "ABSENCE_VALIDATION_MOE_DELAI_REGLEMENTAIRE", *FLOW} == set(MEANINGS)


@pytest.mark.swagger
@pytest.mark.parametrize(
    ("definition", "member"),
    [("FactureCppEmise", "statutFacture"), ("HistoriqueStatus", "histoStatutCode")],
    ids=["of an invoice", "of its history"],
)
def test_the_published_list_is_the_swaggers(swagger: Path, definition: str, member: str) -> None:
    definitions = json.loads(swagger.read_text(encoding="utf-8"))["definitions"]

    assert sorted(definitions[definition]["properties"][member]["enum"]) == sorted(OFFICIAL)


def test_agir_stands_in_the_gesture_where_it_can_do_something() -> None:
    acts = {code: known.act for code, known in MEANINGS.items() if known.act}

    assert acts == {"SUSPENDUE": Act.COMPLETE, "REJETEE": Act.ACKNOWLEDGE, "A_RECYCLER": Act.RECYCLE}
    assert {code for code, known in MEANINGS.items() if "Agir" in known.gesture} == set(acts)


def test_follow_up_ends_with_five_statuses_only() -> None:
    ended = {code for code in OFFICIAL if MEANINGS[code].family in (Family.DONE, Family.DEAD)}

    assert ended == FINAL


@pytest.mark.parametrize("meaning", MEANINGS.values(), ids=lambda meaning: meaning.code)
def test_who_must_act_is_told_how_and_no_one_else(meaning: StatusMeaning) -> None:
    must_act = meaning.family in (Family.ACT, Family.DEAD, Family.UNKNOWN)

    assert must_act == bool(meaning.gesture)
    assert meaning.label
    assert meaning.meaning.endswith(".")


def test_labels_tell_statuses_apart() -> None:
    assert len(MEANINGS) == len({meaning.label for meaning in MEANINGS.values()})


def test_each_line_has_its_source() -> None:
    assert all(line["source"] for kind in ("invoice", "flow") for line in load("statuses")[kind])
