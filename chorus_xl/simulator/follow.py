"""What happens to an invoice after its deposit: its history, its life, and what the supplier may do.

1. Every change of status is one history row and the invoice's own columns, in one transaction of the caller's.
2. The buyer's moves come from the levers (``advance``, ``set_status``, ``set_life``); the supplier's are operations.
3. A buyer that does not report payment never shows ``MISE_EN_PAIEMENT``.
"""

import sqlite3
from datetime import datetime
from typing import Any

from chorus_xl.simulator import dates, lives, submission
from chorus_xl.simulator.refusals import Refusal, RefusedError
from chorus_xl.simulator.state import State
from chorus_xl.simulator.store import Store


def remember(store: Store, invoice_id: int, status: str, at: datetime, comment: str | None) -> None:
    """Add a history row and bring the invoice's status in line with it."""
    store.db.execute(
        "INSERT INTO history (invoice_id, status, at, comment) VALUES (?, ?, ?, ?)",
        (invoice_id, status, dates.stored(at), comment),
    )
    store.db.execute(
        "UPDATE invoice SET status = ?, status_at = ?, status_comment = ? WHERE id = ?",
        (status, dates.stored(at), comment, invoice_id),
    )


def restart(store: Store, invoice_id: int, life: str, at: datetime) -> None:
    """Begin a life at its first step."""
    store.db.execute("UPDATE invoice SET life = ?, step = 0, waited = 0 WHERE id = ?", (life, invoice_id))
    remember(store, invoice_id, lives.LIVES[life][0].status, at, None)


def entitled(
    state: State,
    invoice_id: int,
    unknown: Refusal = Refusal.INVOICE_UNKNOWN,
    not_entitled: Refusal = Refusal.INVOICE_NOT_ENTITLED,
) -> sqlite3.Row:
    """The invoice of that id, if it exists and is of a supplier of the account."""
    row = state.store.row("SELECT * FROM invoice WHERE id = ?", invoice_id)
    if row is None:
        raise RefusedError(unknown, str(invoice_id) if unknown.invented else "")
    if state.supplier(row["supplier_id"]) is None:
        raise RefusedError(not_entitled)
    return row


def complete(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """Give a suspended invoice what it lacks."""
    with state.store.writing():
        row = entitled(
            state,
            body["identifiantFactureCPP"],
            Refusal.COMPLETE_UNKNOWN,
            Refusal.COMPLETE_NOT_ENTITLED,
        )
        if row["status"] != "SUSPENDUE":
            raise RefusedError(Refusal.COMPLETE_NOT_SUSPENDED)
        submission.extra_attachments_exist(state, body)
        now = state.now()
        restart(state.store, row["id"], lives.COMPLETED, now)
    return {
        "identifiantFactureCPP": row["id"],
        "numeroFacture": row["number"],
        "dateTraitement": dates.minute(now),
    }


def acknowledge_rejections(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """Note that the supplier has seen these rejections; all of them or none."""
    with state.store.writing() as db:
        for item in body["listeDemandePaiement"]:
            row = entitled(state, item["idDemandePaiement"])
            if row["status"] != "REJETEE":
                raise RefusedError(Refusal.REJECTION_WRONG_STATE, row["number"])
            db.execute("UPDATE invoice SET rejection_handled = 1 WHERE id = ?", (row["id"],))
    return {}


def _chosen(state: State, numbers: list[str] | None) -> list[sqlite3.Row]:
    rows = state.store.rows("SELECT * FROM invoice ORDER BY id")
    return rows if numbers is None else [row for row in rows if row["number"] in set(numbers)]


def _next(state: State, row: sqlite3.Row, step: int) -> lives.Step | None:
    following = lives.next_step(row["life"], step)
    if following and following.status == lives.PAID_STATUS and state.by_id[row["buyer_id"]].hides_payment:
        return None
    return following


def advance(state: State, steps: int, days: int, numbers: list[str] | None) -> list[dict[str, str]]:
    """Move open invoices along their lives: some steps, then as far as some days carry them."""
    moved = []
    now = state.now()
    with state.store.writing() as db:
        for row in _chosen(state, numbers):
            step, waited = row["step"], row["waited"] + days
            for _ in range(steps):
                if following := _next(state, row, step):
                    step, waited = step + 1, days
                    remember(state.store, row["id"], following.status, now, following.comment)
            while days and (following := _next(state, row, step)) and waited >= following.days:
                step, waited = step + 1, waited - following.days
                remember(state.store, row["id"], following.status, now, following.comment)
            db.execute("UPDATE invoice SET step = ?, waited = ? WHERE id = ?", (step, waited, row["id"]))
            if step != row["step"]:
                status = lives.LIVES[row["life"]][step].status
                moved.append({"supplier": row["supplier_siret"], "number": row["number"], "status": status})
    return moved


def set_status(state: State, number: str, status: str, comment: str | None) -> int:
    """Put a status, known or not, on every invoice of that number; its life goes on from there if it passes there."""
    with state.store.writing() as db:
        rows = _chosen(state, [number])
        for row in rows:
            remember(state.store, row["id"], status, state.now(), comment)
            step = lives.position(row["life"], status)
            life = row["life"] if step is not None else lives.HELD
            db.execute("UPDATE invoice SET life = ?, step = ?, waited = 0 WHERE id = ?", (life, step or 0, row["id"]))
    return len(rows)


def set_life(state: State, number: str, life: str) -> int:
    """Choose the life of a number, deposited or still to come."""
    with state.store.writing() as db:
        db.execute("INSERT OR REPLACE INTO assigned_life VALUES (?, ?)", (number, life))
        rows = _chosen(state, [number])
        for row in rows:
            step = lives.position(life, row["status"]) or 0
            db.execute("UPDATE invoice SET life = ?, step = ?, waited = 0 WHERE id = ?", (life, step, row["id"]))
    return len(rows)
