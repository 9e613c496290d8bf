"""``chorus-xl explain``: a code of ours, a status, a text of the platform."""

import pytest

from chorus_xl.messages.explaining import explained


@pytest.mark.parametrize(
    ("asked", "spelled", "holds"),
    [
        ("[cx204]", "CX204", "À faire :"),
        ("suspendue", "SUSPENDUE", "Suspendue. Le destinataire attend une pièce"),
        ("MANDATEE", "MANDATEE", "À faire : rien."),
        ("IN_REJETE", "IN_REJETE", "Flux rejeté"),
        ("GDP_MSG_11.033", "GDP_MSG_11.033", "elle ne peut plus être complétée (« Statut Chorus »)"),
        ("« JUSTIF_ABS »", "JUSTIF_ABS", "Interlocuteur : le service"),
        ("…BuyerReference.value est obligatoire", "…BuyerReference.value est obligatoire", "(« Code service »)"),
    ],
    ids=lambda value: value,
)
def test_whatever_has_a_meaning_is_explained(asked: str, spelled: str, holds: str) -> None:
    found = explained(asked)

    assert found is not None
    assert found[0] == spelled
    assert holds in found[1]


@pytest.mark.parametrize("asked", ["", "CX000", "GDP_MSG_99.999", "SIM_MSG_01.015", "n'importe quoi"])
def test_what_nobody_knows_is_not(asked: str) -> None:
    assert explained(asked) is None
