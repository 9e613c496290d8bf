"""What may happen in a script, as data: an action prints as the line of Python that makes it.

Rule 1: ``CHOICES`` is the one list of what is possible, for Hypothesis and for a plain random source alike.
Rule 2: an action that cannot be done as things stand (a line that is not there) does nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any, NamedTuple, TypeVar

from hypothesis import strategies as st

NUMBERS = ("F-1", "F-2")
PLACES = (0, 1)
DAY = 86_400


class Effect(NamedTuple):
    """What happens at a press's ``nth`` effect of one kind: a call, a line of the journal, the sheet.

    ``how``: ``before``, ``after`` (the process dies there), ``late`` (it dies there, and its call arrives in spite of
    that, minutes later), ``meanwhile``: another action happens first, whole, or ``asleep``: the PC sleeps so long
    that another has time to look twice, which is what happens, and goes on where it was.
    """

    on: str
    nth: int
    how: str
    meanwhile: "tuple[Any, ...] | None" = None


class Press(NamedTuple):
    """A button on one PC, on one copy of the workbook."""

    step: str
    pc: int
    copy: int
    effect: Effect | None = None


class Fault(NamedTuple):
    """Calls to come go wrong: the ``nth`` of that operation, ``times`` times."""

    operation: str
    kind: str
    nth: int
    times: int = 1


class Type(NamedTuple):
    """A hand types into cells of one line."""

    copy: int
    place: int
    cells: tuple[tuple[str, object], ...]


class Sort(NamedTuple):
    """A hand sorts the sheet."""

    copy: int
    attribute: str
    descending: bool


class Lines(NamedTuple):
    """A hand deletes, doubles or inserts a line."""

    copy: int
    what: str
    place: int


class CopyOver(NamedTuple):
    """A file is copied over the other."""

    onto: int


class Open(NamedTuple):
    """Somebody else opens, or closes, a copy."""

    copy: int
    is_open: bool


class Wait(NamedTuple):
    """Time passes for everybody, in seconds."""

    seconds: int


class SetClock(NamedTuple):
    """One PC's clock is set: so many seconds off the world's."""

    pc: int
    seconds: int


class LoseHome(NamedTuple):
    """A PC's home folder is gone, its journal with it."""

    pc: int


class Lag(NamedTuple):
    """The platform's search leaves out fresh invoices, for so many searches and seconds."""

    calls: int
    seconds: int


class Portal(NamedTuple):
    """Somebody works on the portal: ``same`` or ``other`` deposits under a number, ``gone`` takes one off, ``acts``
    does what it waits for."""

    number: str
    what: str


class Decide(NamedTuple):
    """The buyer moves an invoice: suspends it, rejects it, sends it to be recycled, goes on with it."""

    number: str
    status: str


class Advance(NamedTuple):
    """The platform moves every invoice along its life."""

    steps: int


class Lose(NamedTuple):
    """A PDF is moved away, or comes back."""

    number: str
    is_there: bool


Action = (
    Press
    | Fault
    | Type
    | Sort
    | Lines
    | CopyOver
    | Open
    | Wait
    | SetClock
    | LoseHome
    | Lag
    | Portal
    | Decide
    | Advance
    | Lose
)


def amounts(total: int) -> tuple[tuple[str, object], ...]:
    """The three amounts of a line, right for 20 % of VAT."""
    return (("total_without_vat", total / 1.2), ("total_vat", total / 6), ("total_with_vat", float(total)))


_SUBMIT, _SEARCH = "factures/v1/soumettre", "factures/v1/rechercher/fournisseur"
_HISTORY, _UPLOAD = "factures/v1/consulter/historique", "transverses/v1/ajouter/fichier"
WAITING = {
    "SUSPENDUE": "factures/v1/completer",
    "REJETEE": "factures/v1/traiterRejet",
    "A_RECYCLER": "factures/v1/recycler",
}
"""What a buyer may put an invoice to, and the operation that answers it."""

_ANSWERS: Mapping[str, Sequence[tuple[tuple[str, object], ...]]] = {
    "SUSPENDUE": (
        (("attachments", "bon.pdf"),),
        (("attachments", "bon.pdf; photo.pdf"), ("comment", "Voici la photo")),
        (("comment", "Voici le bon"),),
    ),
    "REJETEE": ((("comment", "Facture refaite"),),),
    "A_RECYCLER": ((("budget", "Belfort – Budget principal"),), (("engagement_number", "BC-2"),)),
}
"""What a clerk types for Agir to send."""

TYPED: Sequence[tuple[tuple[str, object], ...]] = (
    *(answer for answers in _ANSWERS.values() for answer in answers),
    (("attachments", None), ("comment", None)),
    amounts(120),
    amounts(240),
    (("total_with_vat", 121.0),),
    (("issue_date", date(2026, 11, 2)),),
    (("issue_date", date(2026, 11, 3)),),
    (("issue_date", None),),
    *((("invoice_number", number),) for number in (*NUMBERS, "F-9", None)),
    (("recipient_siret", "21900010600019"),),
    (("recipient_siret", "20006905200096"),),
    *((("deposit_state", word),) for word in ("Déposée", "À déposer", "Refusée", "Envoi incertain", None)),
    *((("chorus_reference", word),) for word in ("9100001", "4711", None)),
    (("deposit_state", None), ("chorus_reference", None)),
    (("chorus_status", "Mise en paiement (MISE_EN_PAIEMENT)"),),
)

OPERATIONS = (
    *(_SUBMIT,) * 6,
    *(_SEARCH,) * 4,
    *WAITING.values(),
    _HISTORY,
    _UPLOAD,
    "transverses/v1/recuperer/structures/actives/fournisseur",
    "structures/v1/rechercher",
    "oauth/token",
    "*",
)
KINDS = (
    *("die_before", "die_after", "die_after", "reset_before", "reset_after", "half_reply", "half_reply"),
    *(
        "status_500",
        "status_503",
        "after_500",
        "after_502",
        "after_302",
        "after_404",
        "html",
        "html_before",
        "empty_400",
    ),
    *("status_401", "status_403", "status_429", "invalid_client"),
    *("connect_error", "connect_timeout", "write_error", "write_timeout"),
    *("delay_5", "delay_90", "delay_400", "delay_590"),
)
STEPS = (*("deposit",) * 12, *("refresh",) * 3, *("act",) * 3, "validate", "fill", "budgets")
EFFECTS = (
    *(_SUBMIT,) * 4,
    *("intend", "intend", "record", "record", "record_act", "note_status", "note_passages", "write"),
    *(_SEARCH, _SEARCH, _UPLOAD, "structures/v1/rechercher", "oauth/token"),
)
_OF_AN_ACT = (
    *("begin_act", "record_act", "record_act", "note_status", "note_passages", "note", "write"),
    *(_SEARCH, _HISTORY, _UPLOAD),
)
ACT_EFFECTS = (*(operation for operation in WAITING.values() for _ in range(2)), *_OF_AN_ACT)

T = TypeVar("T")
Pick = Callable[[Sequence[Any]], Any]
"""Draws one of a sequence."""


def press(pick: Pick, *, nested: bool = False) -> Press:
    """A press; two in five have something happen in the middle."""
    step = pick(STEPS)
    return _press(pick, step, ACT_EFFECTS if step == "act" else EFFECTS, nested=nested)


def _press(pick: Pick, step: str, effects: Sequence[str], *, nested: bool = False) -> Press:
    effect = None
    kinds = ("", "", "", "", "before", "after", "after", "late", "meanwhile", "meanwhile", "asleep")
    kind = "" if nested else pick(kinds)
    if kind:
        meanwhile = pick(_IN_BETWEEN)(pick) if kind == "meanwhile" else None
        meanwhile = _nested_press(pick) if kind == "asleep" else meanwhile
        effect = Effect(pick(effects), pick((1, 1, 2)), kind, meanwhile)
    return Press(step, pick((1, 1, 1, 2, 2, 3)), pick((0, 0, 1)), effect)


def _nested_press(pick: Pick) -> Press:
    return press(pick, nested=True)


def _fault(pick: Pick) -> Fault:
    return Fault(pick(OPERATIONS), pick(KINDS), pick((1, 1, 1, 2)), pick((1, 1, 2, 6)))


def _type(pick: Pick) -> Type:
    return Type(pick((0, 0, 1)), pick(PLACES), pick(TYPED))


def _sort(pick: Pick) -> Sort:
    return Sort(pick((0, 1)), pick(("invoice_number", "total_with_vat", "deposit_state")), pick((False, True)))


def _lines(pick: Pick) -> Lines:
    return Lines(pick((0, 1)), pick(("delete", "double", "blank", "new")), pick(PLACES))


def _portal(pick: Pick) -> Portal:
    return Portal(pick(NUMBERS), pick(("same", "other", "gone", "acts")))


def _decide(pick: Pick) -> Decide:
    return Decide(pick(NUMBERS), pick((*WAITING, *WAITING, "MISE_A_DISPOSITION")))


_IN_BETWEEN: Sequence[Callable[[Pick], Action]] = (_nested_press, _nested_press, _type, _sort, _lines, _portal, _decide)

CHOICES: Sequence[Callable[[Pick], Action]] = (
    *(press,) * 12,
    *(_fault,) * 9,
    *(_type,) * 3,
    _sort,
    _lines,
    _portal,
    *(_decide,) * 2,
    *(lambda pick: Wait(pick((1, 61, 421, 601, 601, 3_601, DAY, 40 * DAY))),) * 2,
    lambda pick: CopyOver(pick((0, 1))),
    lambda pick: Open(pick((0, 1)), pick((True, False))),
    lambda pick: SetClock(pick((1, 2)), pick((0, -61, 700, -DAY, DAY, 400 * DAY))),
    lambda pick: LoseHome(pick((1, 2, 3))),
    lambda pick: Lag(pick((0, 1, 2, 4)), pick((0, 300, 2_000))),
    lambda pick: Advance(pick((1, 3, 8))),
    lambda pick: Lose(pick((*NUMBERS, "bon")), pick((False, True))),
)

LONGEST = 8
"""Actions of one script."""


def _opening(pick: Pick) -> list[Action]:
    """What a script begins with: four in five with nothing, one with a press of Agir that has something to do."""
    if pick((True, True, True, True, False)):
        return []
    place, status = pick(PLACES), pick(tuple(WAITING))
    operation = WAITING[status]
    kinds = pick(((), (), KINDS))
    return [
        Press("deposit", pick((1, 1, 2)), 0),
        Decide(NUMBERS[place], status),
        Type(0, place, pick(_ANSWERS[status])),
        *([Fault(operation, pick(kinds), 1)] if kinds else []),
        _press(pick, "act", (*(operation,) * 6, *_OF_AN_ACT)),
    ]


def any_script() -> st.SearchStrategy[list[Action]]:
    """Scripts for Hypothesis, which shrinks what it finds."""
    action = st.composite(lambda draw: draw(st.sampled_from(CHOICES))(lambda these: draw(st.sampled_from(these))))
    opening = st.composite(lambda draw: _opening(lambda these: draw(st.sampled_from(these))))
    rest = st.lists(action(), min_size=1, max_size=LONGEST)
    return st.tuples(opening(), rest).map(lambda parts: [*parts[0], *parts[1]])


def random_script(random: Random) -> list[Action]:
    """A script from a plain random source: the same choices, without an engine that remembers them."""
    opening = _opening(random.choice)
    rest = random.randint(1 if opening else 2, LONGEST - len(opening))
    return [*opening, *(random.choice(CHOICES)(random.choice) for _ in range(rest))]
