"""What becomes of an invoice after its deposit: a few lives, each a table of steps.

1. A life is a tuple of steps; step 0 is where the invoice stands when the life begins.
2. A step says the status, how many days the platform takes to reach it, and the buyer's words.
3. Time passes only through the lever ``advance``, never by itself. The platform's clock does not move with it.
4. Which life a number lives is decided by the CRC-32 of its end, so that a rehearsal can be repeated under a new
   series of numbers; a lever may say otherwise.
5. ``MANDATEE`` is not the end: the money has not moved yet.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple
from zlib import crc32


class Step(NamedTuple):
    """One status on the way."""

    status: str
    days: int = 0
    comment: str | None = None


PAID_STATUS = "MISE_EN_PAIEMENT"
DEFAULT = "paid"
HELD = "held"
COMPLETED = "completed"

_ARRIVAL = (Step("DEPOSEE"), Step("EN_COURS_ACHEMINEMENT"), Step("MISE_A_DISPOSITION", 1))
_PAYMENT = (
    Step("SERVICE_FAIT", 7),
    Step("MANDATEE", 5),
    Step("MISE_A_DISPOSITION_COMPTABLE", 2),
    Step("COMPTABILISEE", 3),
    Step(PAID_STATUS, 5),
)

LIVES: Mapping[str, tuple[Step, ...]] = MappingProxyType(
    {
        DEFAULT: (*_ARRIVAL, *_PAYMENT),
        "slow": (
            *(step._replace(days=step.days * 10) for step in _ARRIVAL),
            Step("PRISE_EN_COMPTE_DESTINATAIRE", 20),
            *(step._replace(days=step.days * 10) for step in _PAYMENT),
        ),
        "suspended": (*_ARRIVAL, Step("SUSPENDUE", 3, "Bon de livraison manquant")),
        "rejected": (*_ARRIVAL, Step("REJETEE", 4, "Montant différent du bon de commande")),
        "misrouted": (*_ARRIVAL, Step("A_RECYCLER", 2, "Service destinataire erroné")),
        COMPLETED: (Step("COMPLETEE"), Step("MISE_A_DISPOSITION", 1), *_PAYMENT),
        HELD: (),
    },
)

BY_THE_BUYER = frozenset(
    {"PRISE_EN_COMPTE_DESTINATAIRE", "SUSPENDUE", "REJETEE", "A_RECYCLER", "SERVICE_FAIT", "MANDATEE", "COMPTABILISEE"}
)
"""Statuses that a person at the buyer's sets; the others come from the platform or from the supplier."""

_END = 5  # characters

# Of ten numbers: seven are paid, one each is suspended, rejected, slow.
_BY_REMAINDER = ("suspended", "rejected", "slow")


def life_of(number: str) -> str:
    """The life that a number lives when no lever says otherwise."""
    remainder = crc32(number[-_END:].encode()) % 10
    return _BY_REMAINDER[remainder] if remainder < len(_BY_REMAINDER) else DEFAULT


def next_step(life: str, step: int) -> Step | None:
    """The step after this one, or None where the life ends."""
    steps = LIVES[life]
    return steps[step + 1] if step + 1 < len(steps) else None


def position(life: str, status: str) -> int | None:
    """Where a life passes through a status, if it does."""
    return next((index for index, step in enumerate(LIVES[life]) if step.status == status), None)
