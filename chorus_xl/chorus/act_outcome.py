"""The four ends of an act on a deposited invoice: the table of ``outcome``, its columns read off another kind of body.

Rule 1: done is said on a success status and a return code of 0; no identifier is waited for, since ``traiterRejet``
        gives none.
Rule 2: an answer that names another invoice than the one asked about contradicts itself, and is in doubt.
Rule 3: a refusal that names the invoice is a refusal: the invoice existed before the call.
"""

from chorus_xl.chorus import wire
from chorus_xl.chorus.answer import Answer, Content, Failure
from chorus_xl.chorus.outcome import ANSWERS, LONGEST_LABEL, Shape, status_of
from chorus_xl.domain.invoice import Outcome, Result


def shape_of_act(answer: Answer, chorus_invoice_id: int) -> Shape:
    """The column of a body."""
    if answer.content is Content.EMPTY:
        return Shape.EMPTY
    if answer.content is Content.UNREADABLE:
        return Shape.UNREADABLE
    code = wire.envelope(answer.members).return_code
    if code is None:
        return Shape.NO_ENVELOPE
    named = wire.acted(answer.members).chorus_invoice_id
    if named not in (None, chorus_invoice_id):
        return Shape.BOTH
    return Shape.DONE if code == 0 else Shape.REFUSAL


def classify_act(end: Answer | Failure, chorus_invoice_id: int) -> Outcome:
    """What became of an act on that invoice whose call ended so."""
    if isinstance(end, Failure):
        return Outcome(end.result, end.cause)
    shape = shape_of_act(end, chorus_invoice_id)
    result, cause = ANSWERS[status_of(end.status)][tuple(Shape).index(shape)]
    envelope = wire.envelope(end.members)
    return Outcome(
        result,
        cause.value,
        http_status=end.status,
        return_code=envelope.return_code,
        label=envelope.label[:LONGEST_LABEL],
        chorus_status=wire.acted(end.members).chorus_status if result is Result.ACCEPTED else "",
        correlation_id=end.correlation_id,
    )
