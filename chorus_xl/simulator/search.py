"""``rechercher/fournisseur``: finding one's own invoices.

1. Only invoices of the account's suppliers are ever found.
2. Ten to a page, newest deposit first, unless the request says otherwise.
3. ``nbResultatsMaximum`` (200 unless given) cuts the list before it is paged, ``total`` included. Weakly documented;
   a client that always gives it is right in both worlds.
4. ASSUMPTION: ``numeroFacture`` is matched exactly.
5. A fresh invoice may lag behind, by the switches ``search_lag_calls`` and ``search_lag_seconds``.
6. Filters on things that do not exist here (flows, validators, users, supplier services) are taken and find nothing;
   filters that are not modelled (bank account, buyer's name and services, SIREN) are taken and change nothing.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from chorus_xl.simulator import answers, dates, paging
from chorus_xl.simulator.refusals import MalformedError
from chorus_xl.simulator.state import State

_DEFAULT_MAXIMUM = 200

_EQUAL: Mapping[str, str] = MappingProxyType(
    {
        "numeroFacture": "number",
        "idFournisseur": "supplier_id",
        "typeFacture": "kind",
        "cadreFacturation": "framework",
        "numeroMarche": "contract",
        "numeroBonCommande": "engagement",
        "numeroFactureOrigine": "origin",
        "modeDepot": "mode",
        "rejetTraite": "rejection_handled",
    },
)
_AMOUNTS: Mapping[str, str] = MappingProxyType(
    {"montantHT": "without_vat", "montantTTC": "with_vat", "montantApayer": "due"},
)
_DAYS: Mapping[str, str] = MappingProxyType({"periodeDateDepot": "deposited_on", "periodeDateFacture": "issued_on"})
_STATUS_PERIOD = "periodeDateHeureEtatCourant"
_FIND_NOTHING = ("numeroFluxDepot", "idServiceFournisseur", "idStructureValideur", "idUtilisateurCreateur")
_SORTS: Mapping[str, str] = MappingProxyType(
    {
        "DateDepot": "deposited_on",
        "NumeroFacture": "number",
        "Statut": "status",
        "DateFacture": "issued_on",
        "MontantHT": "without_vat",
        "MontantTTC": "with_vat",
        "MontantAPayer": "due",
        "DateHeureEtatCourant": "status_at",
    },
)

Condition = tuple[str, tuple[object, ...]]


def _within(column: str, values: list[object]) -> Condition:
    return f"{column} IN ({', '.join('?' * len(values))})", tuple(values)


def _conditions(state: State, body: Mapping[str, Any]) -> Iterator[Condition]:
    yield _within("supplier_id", [supplier.id for supplier in state.suppliers])
    for key, column in _EQUAL.items():
        if key in body:
            yield f"{column} = ?", (body[key],)
    yield from _amounts(body)
    yield from _periods(body)
    if body.get("statutCourant"):
        yield _within("status", body["statutCourant"])
    buyers = [item["idDestinataire"] for item in body.get("listeDestinataire", []) if "idDestinataire" in item]
    if buyers:
        yield _within("buyer_id", buyers)
    if any(body.get(key) for key in _FIND_NOTHING):
        yield "0", ()


def _amounts(body: Mapping[str, Any]) -> Iterator[Condition]:
    for key, column in _AMOUNTS.items():
        for suffix, sign in (("Min", ">="), ("Max", "<=")):
            if key + suffix in body:
                yield f"{column} {sign} ?", (float(body[key + suffix]),)


def _periods(body: Mapping[str, Any]) -> Iterator[Condition]:
    for suffix, sign in (("Du", ">="), ("Au", "<=")):
        upper = suffix == "Au"
        for key, column in _DAYS.items():
            if key + suffix in body:
                yield f"{column} {sign} ?", (dates.day(dates.read_bound(body[key + suffix], upper=upper)),)
        if _STATUS_PERIOD + suffix in body:
            yield f"status_at {sign} ?", (dates.stored(dates.read_bound(body[_STATUS_PERIOD + suffix], upper=upper)),)


def _order(parameters: Mapping[str, Any]) -> str:
    column = _SORTS.get(parameters.get("triColonne", ""), "deposited_on")
    direction = "ASC" if parameters.get("triSens") == "Ascendant" else "DESC"
    return f"{column} {direction}, id {direction}"


def search_invoices(state: State, body: dict[str, Any]) -> dict[str, Any]:
    """Find the account's invoices, one page of them."""
    parameters = body.get("rechercheFactureParFournisseur", {})
    page = paging.read(parameters)
    try:
        conditions = list(_conditions(state, body))
    except (ValueError, OverflowError) as error:
        raise MalformedError(f"a period: {error}") from error
    where = " AND ".join(sql for sql, _ in conditions)
    values = tuple(value for _, group in conditions for value in group)
    shown = f"{where} AND hidden_searches = 0 AND visible_at <= ?"
    at = dates.stored(state.now())
    count = state.store.rows(f"SELECT count(*) FROM invoice WHERE {shown}", *values, at)  # noqa: S608  # our own names
    total = min(count[0][0], max(0, parameters.get("nbResultatsMaximum", _DEFAULT_MAXIMUM)))
    rows = state.store.rows(
        f"SELECT * FROM invoice WHERE {shown} ORDER BY {_order(parameters)} LIMIT ? OFFSET ?",  # noqa: S608  # our own names
        *values,
        at,
        max(0, min(page.size, total - page.offset)),
        page.offset,
    )
    late = state.store.rows(f"SELECT id FROM invoice WHERE {where} AND hidden_searches > 0", *values)  # noqa: S608  # our own names
    for row in late:
        state.store.db.execute("UPDATE invoice SET hidden_searches = hidden_searches - 1 WHERE id = ?", (row["id"],))
    return {
        "parametresRetour": page.members(total),
        "listeFactures": [answers.listed_invoice(state, row) for row in rows],
    }
