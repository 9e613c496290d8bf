"""The order that loses invoices: the intent committed with the outcome, after the call."""

from collections.abc import Mapping
from typing import Any

from chorus_xl.domain.acts import Act, ActEvent, ActState
from chorus_xl.domain.lifecycle import Event, State
from chorus_xl.journal.store import SqlJournal


class LateJournal(SqlJournal):
    """Commits the intent only once the call is over, as peers do; to show that a harness would see it."""

    def __init__(self, *words: Any, **named: Any) -> None:  # noqa: ANN401 - whatever a journal takes
        super().__init__(*words, **named)
        self._meant: dict[str, Mapping[str, str]] = {}
        self._meant_acts: dict[str, tuple[Act, str, Mapping[str, str]]] = {}

    def intend(self, invoice_number: str, content: Mapping[str, str]) -> bool:
        """Remember it, and say that all is well."""
        self._meant[invoice_number] = content
        return True

    def record(self, invoice_number: str, event: Event, *more: Any) -> State:  # noqa: ANN401 - passed on
        """The intent, then what came of it."""
        if invoice_number in self._meant:
            super().intend(invoice_number, self._meant.pop(invoice_number))
        return super().record(invoice_number, event, *more)

    def begin_act(self, invoice_number: str, act: Act, occasion: str, content: Mapping[str, str]) -> bool:
        """The same of an act."""
        self._meant_acts[invoice_number] = (act, occasion, content)
        return True

    def record_act(self, invoice_number: str, event: ActEvent, *more: Any) -> ActState:  # noqa: ANN401 - passed on
        """The intent, then what came of it."""
        if invoice_number in self._meant_acts:
            super().begin_act(invoice_number, *self._meant_acts.pop(invoice_number))
        return super().record_act(invoice_number, event, *more)
