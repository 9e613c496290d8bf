"""What suppliers did about their invoices, kept so that tests can count: completions, acknowledgements, recyclings.

1. Every well-formed call leaves a line for each invoice it names, done or refused, with what it answered: the status
   of the invoice, and since when, as the call found it.
2. The line is committed after the act and before the answer leaves.
"""

from collections.abc import Callable
from typing import Any

from chorus_xl.simulator import dates
from chorus_xl.simulator.refusals import RefusedError
from chorus_xl.simulator.state import State

Handler = Callable[[State, dict[str, Any]], dict[str, Any]]


def recorded(operation: str, handler: Handler) -> Handler:
    """The handler of an act, its calls kept."""

    def act(state: State, body: dict[str, Any]) -> dict[str, Any]:
        found = [_found(state, invoice_id) for invoice_id in _named(body)]
        code = 0
        try:
            return handler(state, body)
        except RefusedError as refused:
            code = refused.refusal.code
            raise
        finally:
            with state.store.writing() as db:
                db.executemany(
                    "INSERT INTO act (at, operation, number, occasion, return_code) VALUES (?, ?, ?, ?, ?)",
                    [(dates.stored(state.now()), operation, *each, code) for each in found],
                )

    return act


def _named(body: dict[str, Any]) -> list[int]:
    if "listeDemandePaiement" in body:
        return [item["idDemandePaiement"] for item in body["listeDemandePaiement"]]
    return [body["identifiantFactureCPP"]]


def _found(state: State, invoice_id: int) -> tuple[str | None, str | None]:
    row = state.store.row("SELECT number, status, status_at FROM invoice WHERE id = ?", invoice_id)
    return (row["number"], f"{row['status']} {row['status_at']}") if row else (None, None)
