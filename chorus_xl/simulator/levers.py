"""The levers: what the real platform does not have. All under ``/_sim/``, JSON in and out, no credentials.

``GET /_sim/`` lists them, with the switches as they stand. In short:

- ``POST advance`` ``{"steps": 1, "days": 0, "numbers": [...]}``: move open invoices along their lives
- ``POST status`` ``{"number", "status", "comment"}``: put a status, known or not, on an invoice
- ``POST life`` ``{"number", "life"}``: choose a life, before or after the deposit
- ``POST fault`` (one rule, see ``faults``), ``POST faults/clear``: break calls to come
- ``POST switches`` ``{name: value}``: change habits, see ``switches``
- ``POST reset``: forget invoices, files, switches, counts and faults; tokens and suppliers stay
- ``GET record``: what was accepted, what was submitted, what suppliers did later and about which status of an invoice,
  how many calls of each operation came in

They answer loopback clients only. A lever that is misused answers 400 with a sentence, and changes nothing.
"""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chorus_xl.simulator import follow, lives
from chorus_xl.simulator.faults import KINDS, FaultDesk, FaultFileError, FaultRule
from chorus_xl.simulator.state import State

CALL_PREFIX = "call "


class Levers:
    """The stage hands' side of one server."""

    def __init__(self, state: State, desk: FaultDesk, *, may_kill: bool) -> None:
        self._state = state
        self._desk = desk
        self._may_kill = may_kill
        self._levers: Mapping[tuple[str, str], Callable[[dict[str, Any]], dict[str, Any]]] = {
            ("GET", ""): self._overview,
            ("GET", "record"): self._record,
            ("POST", "advance"): self._advance,
            ("POST", "status"): self._status,
            ("POST", "life"): self._life,
            ("POST", "fault"): self._fault,
            ("POST", "faults/clear"): self._clear_faults,
            ("POST", "switches"): self._switches,
            ("POST", "reset"): self._reset,
        }

    async def pull(self, request: Request) -> Response:
        """Answer a call under ``/_sim/``."""
        if request.client is None or not ip_address(request.client.host).is_loopback:
            return JSONResponse({"error": "The levers answer loopback clients only."}, HTTPStatus.FORBIDDEN)
        lever = self._levers.get((request.method, request.path_params["lever"]))
        if lever is None:
            return JSONResponse({"error": "There is no such lever; GET /_sim/ lists them."}, HTTPStatus.NOT_FOUND)
        try:
            given = json.loads(await request.body() or b"{}")
            if not isinstance(given, dict):
                raise ValueError("A lever takes a JSON object.")  # noqa: TRY004, TRY301  # told to the caller just below
            return JSONResponse(lever(given))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, HTTPStatus.BAD_REQUEST)

    def _overview(self, _given: dict[str, Any]) -> dict[str, Any]:
        return {
            "levers": [f"{method} /_sim/{name}" for method, name in self._levers],
            "lives": {name: [step._asdict() for step in steps] for name, steps in lives.LIVES.items()},
            "faults": {kind: {"does": text, "keys": list(keys)} for kind, (text, keys) in KINDS.items()},
            "switches": self._state.switches().as_dict(),
        }

    def _record(self, _given: dict[str, Any]) -> dict[str, Any]:
        store = self._state.store
        return {
            "acceptances": [
                dict(row)
                for row in store.rows(
                    "SELECT supplier_siret AS supplier, number, id, accepted_at AS at FROM invoice ORDER BY id",
                )
            ],
            "submissions": [
                dict(row)
                for row in store.rows("SELECT supplier_id, number, return_code, at FROM submission ORDER BY id")
            ],
            "acts": [
                dict(row)
                for row in store.rows("SELECT operation, number, occasion, return_code, at FROM act ORDER BY id")
            ],
            "calls": {
                row["name"].removeprefix(CALL_PREFIX): row["value"]
                for row in store.rows(
                    "SELECT name, value FROM counter WHERE name LIKE ? ORDER BY name", CALL_PREFIX + "%"
                )
            },
        }

    def _advance(self, given: dict[str, Any]) -> dict[str, Any]:
        _only(given, "steps", "days", "numbers")
        days = given.get("days", 0)
        steps = given.get("steps", 0 if "days" in given else 1)
        numbers = given.get("numbers")
        for name, value in (("steps", steps), ("days", days)):
            if type(value) is not int or not 0 <= value <= 10_000:  # noqa: PLR2004  # more than any life is long
                raise ValueError(f"{name!r} must be a whole number from 0 to 10000, not {value!r}.")
        if numbers is not None and not (isinstance(numbers, list) and all(isinstance(item, str) for item in numbers)):
            raise ValueError("'numbers' must be a list of invoice numbers.")
        return {"moved": follow.advance(self._state, steps, days, numbers)}

    def _status(self, given: dict[str, Any]) -> dict[str, Any]:
        _only(given, "number", "status", "comment")
        comment = None if given.get("comment") is None else _text(given, "comment")
        found = follow.set_status(self._state, _text(given, "number"), _text(given, "status"), comment)
        if not found:
            raise ValueError(f"No invoice has the number {given['number']!r}.")
        return {"changed": found}

    def _life(self, given: dict[str, Any]) -> dict[str, Any]:
        _only(given, "number", "life")
        life = _text(given, "life")
        if life not in lives.LIVES:
            raise ValueError(f"{life!r} is not a life; the lives are {', '.join(lives.LIVES)}.")
        return {"changed": follow.set_life(self._state, _text(given, "number"), life)}

    def _fault(self, given: dict[str, Any]) -> dict[str, Any]:
        rule = FaultRule.parse(given, "The rule")
        if rule.do == "kill" and not self._may_kill:
            raise FaultFileError("The rule: an embedded stand-in cannot be killed; it would take its host along.")
        self._desk.add(rule)
        return {}

    def _clear_faults(self, given: dict[str, Any]) -> dict[str, Any]:
        _only(given)
        self._desk.clear()
        return {}

    def _switches(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._state.set_switches(given).as_dict()

    def _reset(self, given: dict[str, Any]) -> dict[str, Any]:
        _only(given)
        self._desk.clear()
        self._state.store.forget()
        return {}


def _only(given: dict[str, Any], *keys: str) -> None:
    for key in given:
        if key not in keys:
            raise ValueError(f"{key!r} is not a key of this lever; the keys are: {', '.join(keys) or 'none'}.")


def _text(given: dict[str, Any], key: str) -> str:
    value = given.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key!r} must be a text.")
    return value
