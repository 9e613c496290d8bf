"""Taking invoices: ``soumettre``, ``recycler``, and the files that go with them.

1. An invoice is accepted by one INSERT under the UNIQUE key (supplier, number);
   the commit comes before the answer, so an accepted invoice is never forgotten.
2. Every well-formed ``soumettre`` leaves a line in ``submission``, accepted or
   refused, so that tests can count.
3. A number is taken for ever, also by an invoice that was rejected later.
"""

import binascii
import hashlib
import json
import sqlite3
from base64 import b64decode, b64encode
from decimal import Decimal
from typing import Any

from chorus_xl.simulator import dates, follow, lives, recipients, submission
from chorus_xl.simulator.refusals import MalformedError, Refusal, RefusedError, TooLargeError
from chorus_xl.simulator.state import State

LARGEST_FILE = 10 * 1024 * 1024  # ASSUMPTION: "10 MB" is read as MiB, so that no good file is refused here.
LONGEST_NAME = 50
_FIRST_STATUS = "DEPOSEE"


def submit(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """Take one invoice, or refuse it."""
    try:
        with state.store.writing():
            answer = _accept(state, body)
            _log(state, body, answer["numeroFacture"], 0)
    except RefusedError as refused:
        with state.store.writing():
            _log(state, body, body.get("numeroFactureSaisi"), refused.refusal.code)
        raise
    return answer


def _log(state: State, body: dict[str, Any], number: str | None, code: int) -> None:
    state.store.db.execute(
        "INSERT INTO submission (at, supplier_id, number, return_code) VALUES (?, ?, ?, ?)",
        (dates.stored(state.now()), body["fournisseur"]["idFournisseur"], number, code),
    )


def _accept(state: State, body: dict[str, Any]) -> dict[str, Any]:
    submission.judge(state, body)
    now, switches = state.now(), state.switches()
    supplier = state.by_id[body["fournisseur"]["idFournisseur"]]
    buyer = state.by_siret[body["destinataire"]["codeDestinataire"]]
    typed_in = body["modeDepot"] == submission.TYPED_IN
    number = _next_number(state) if typed_in else body["numeroFactureSaisi"]
    references, totals = body["references"], body["montantTotal"]
    assigned = state.store.row("SELECT life FROM assigned_life WHERE number = ?", number)
    row = {
        "supplier_id": supplier.id,
        "number": number,
        "supplier_siret": supplier.siret,
        "buyer_id": buyer.id,
        "buyer_siret": buyer.siret,
        "service": body["destinataire"].get("codeServiceExecutant") or None,
        "kind": references["typeFacture"],
        "framework": body["cadreDeFacturation"]["codeCadreFacturation"],
        "mode": body["modeDepot"],
        "issued_on": dates.day(now) if typed_in else body["dateFacture"],
        "deposited_on": dates.day(now),
        "without_vat": float(totals["montantHtTotal"]),
        "with_vat": float(totals["montantTtcTotal"]),
        "due": float(totals["montantAPayer"]),
        "currency": references["deviseFacture"],
        "contract": references.get("numeroMarche") or None,
        "engagement": references.get("numeroBonCommande") or None,
        "origin": (references["typeFacture"] == "AVOIR" and references.get("numeroFactureOrigine")) or None,
        "content": json.dumps(body, default=_plain),
        "status": _FIRST_STATUS,
        "status_at": dates.stored(now),
        "life": assigned["life"] if assigned else lives.life_of(number),
        "hidden_searches": switches.search_lag_calls,
        "visible_at": dates.stored(now + switches.search_lag),
        "accepted_at": dates.stored(now),
    }
    places = ", ".join(f":{name}" for name in row)
    sql = f"INSERT INTO invoice ({', '.join(row)}) VALUES ({places}) RETURNING id"  # noqa: S608  # our own names
    try:
        invoice_id: int = state.store.db.execute(sql, row).fetchone()["id"]
    except sqlite3.IntegrityError as taken:
        raise RefusedError(Refusal.DUPLICATE_NUMBER, number) from taken
    follow.remember(state.store, invoice_id, _FIRST_STATUS, now, None)
    return {
        "identifiantFactureCPP": invoice_id,
        "numeroFacture": number,
        "statutFacture": _FIRST_STATUS,
        "dateDepot": row["deposited_on"],
        "identifiantStructure": supplier.siret,
        "empreinteCertificatDepot": b64encode(hashlib.sha256(row["content"].encode()).digest()).decode(),
    }


def _next_number(state: State) -> str:
    # The year and 16 digits, as one real answer shows.
    sequence = state.store.bump("typed-in invoices")
    return f"{state.today().year}{sequence:016d}"


def _plain(value: object) -> float:
    if not isinstance(value, Decimal):
        raise TypeError(type(value))
    return float(value)


def recycle(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """Send an invoice that is to be recycled to the right buyer, under its number."""
    with state.store.writing() as db:
        row = follow.entitled(state, body["identifiantFactureCPP"])
        if row["status"] != "A_RECYCLER":
            raise RefusedError(Refusal.RECYCLE_WRONG_STATE, row["status"])
        target, reference = body.get("destinataire", {}), body.get("reference", {})
        siret = target.get("codeDestinataire") or row["buyer_siret"]
        service = target.get("codeServiceExecutant") or (None if "codeDestinataire" in target else row["service"])
        engagement = reference.get("numeroBonCommande") or row["engagement"]
        buyer = recipients.judge(state, siret, service, engagement)
        now = state.now()
        db.execute(
            "UPDATE invoice SET buyer_id = ?, buyer_siret = ?, service = ?, engagement = ?, contract = ?,"
            " deposited_on = ? WHERE id = ?",
            (
                buyer.id,
                siret,
                service,
                engagement,
                reference.get("numeroMarche") or row["contract"],
                dates.day(now),
                row["id"],
            ),
        )
        follow.restart(state.store, row["id"], lives.DEFAULT, now)
    return {
        "identifiantFactureCPP": row["id"],
        "numeroFacture": row["number"],
        "statutFacture": _FIRST_STATUS,
        "dateDepot": dates.day(now),
    }


def add_file(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """Remember an uploaded file by size, name and digest."""
    name, extension = body["pieceJointeNom"], body["pieceJointeExtension"].upper()
    if len(name) > LONGEST_NAME:
        raise MalformedError(f"pieceJointeNom has more than {LONGEST_NAME} characters")
    try:
        content = b64decode(body["pieceJointeFichier"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedError(f"pieceJointeFichier is not base64: {error}") from error
    if len(content) > LARGEST_FILE:
        raise TooLargeError
    if extension not in state.directory.extensions or "." not in name:
        raise RefusedError(Refusal.EXTENSION_REFUSED, extension)
    if not content:
        raise RefusedError(Refusal.FILE_EMPTY)
    digest = hashlib.sha256(content).hexdigest()
    values = (name, extension, body["pieceJointeTypeMime"], len(content), digest, dates.stored(state.now()))
    with state.store.writing() as db:
        added = db.execute(
            "INSERT INTO attachment (name, extension, mime, size, sha256, added_at) VALUES (?, ?, ?, ?, ?, ?)",
            values,
        )
        attachment_id = added.lastrowid
    return {"pieceJointeId": attachment_id}
