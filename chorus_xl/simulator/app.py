"""The routes: which operation a path asks for, and how its answer is put on the wire.

1. Three prefixes: ``/api/oauth/token``, ``/cpro/`` (the platform), ``/_sim/`` (the levers).
2. Every answer of an operation is ``codeRetour`` and ``libelle`` first, then its members.
3. Operations run on the event loop's own thread, one after the other: one thread, one connection to the state.
   They take a millisecond; what takes longer (faults that delay) waits without holding anybody up.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from chorus_xl.simulator import answers, deposits, follow, gateway, members, operations, search, structures
from chorus_xl.simulator.acting import recorded
from chorus_xl.simulator.faults import FaultDesk
from chorus_xl.simulator.levers import Levers
from chorus_xl.simulator.line import Line
from chorus_xl.simulator.refusals import (
    SUCCESS_ACTION,
    SUCCESS_SEARCH,
    BrokenError,
    MalformedError,
    Refusal,
    RefusedError,
    TooLargeError,
)
from chorus_xl.simulator.shapes import SHAPES
from chorus_xl.simulator.state import State
from chorus_xl.simulator.switches import Switches

Handler = Callable[[State, dict[str, Any]], dict[str, Any]]

HANDLERS: Mapping[str, tuple[Handler, str]] = MappingProxyType(
    {
        operations.SUBMIT: (deposits.submit, SUCCESS_ACTION),
        "factures/v1/rechercher/fournisseur": (search.search_invoices, SUCCESS_SEARCH),
        "factures/v1/consulter/fournisseur": (answers.consult, SUCCESS_SEARCH),
        "factures/v1/consulter/historique": (answers.history, SUCCESS_SEARCH),
        "factures/v1/completer": (recorded("completer", follow.complete), SUCCESS_ACTION),
        "factures/v1/recycler": (recorded("recycler", deposits.recycle), SUCCESS_ACTION),
        "factures/v1/traiterRejet": (recorded("traiterRejet", follow.acknowledge_rejections), SUCCESS_ACTION),
        "transverses/v1/ajouter/fichier": (deposits.add_file, SUCCESS_ACTION),
        "transverses/v1/recuperer/structures/actives/fournisseur": (structures.own_structures, SUCCESS_SEARCH),
        "transverses/v1/recuperer/tauxtva": (structures.vat_rates, SUCCESS_SEARCH),
        "transverses/v1/recuperer/typespj": (structures.attachment_types, SUCCESS_SEARCH),
        "transverses/v1/recuperer/coordbanc/valides": (structures.bank_accounts, SUCCESS_SEARCH),
        "structures/v1/rechercher": (structures.search, SUCCESS_SEARCH),
        "structures/v1/consulter": (structures.consult, SUCCESS_SEARCH),
        "structures/v1/rechercher/services": (structures.search_services, SUCCESS_SEARCH),
        "structures/v1/consulter/service": (structures.consult_service, SUCCESS_SEARCH),
        "utilisateurs/v1/monCompte/recuperer/rattachements": (structures.own_memberships, SUCCESS_SEARCH),
    },
)

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def _without_empty(answer: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: _trimmed(item) for key, item in answer.items()}
    return {key: item for key, item in kept.items() if item is not None and item != []}


def _trimmed(value: object) -> object:
    if isinstance(value, list):
        return [_trimmed(item) for item in value]
    return _without_empty(value) if isinstance(value, dict) else value


def _is_empty_search(answer: Mapping[str, Any]) -> bool:
    return bool(answer.get("parametresRetour", {}).get("total") == 0)


def _say_yes(answer: dict[str, Any], success: str, switches: Switches) -> Response:
    if switches.no_result_as_20000 and _is_empty_search(answer):
        return JSONResponse(Refusal.NO_RESULT.envelope())
    if switches.omit_empty:
        answer = _without_empty(answer)
    return JSONResponse({"codeRetour": 0, "libelle": success, **answer})


def _say_no(error: Exception, switches: Switches) -> Response:
    if isinstance(error, RefusedError):
        status = HTTPStatus.BAD_REQUEST if switches.refusals_as_400 else HTTPStatus.OK
        return JSONResponse(error.refusal.envelope(error.detail), status)
    if isinstance(error, TooLargeError):
        return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if isinstance(error, BrokenError):
        return JSONResponse(Refusal.TECHNICAL_FAILURE.envelope(), HTTPStatus.INTERNAL_SERVER_ERROR)
    if switches.bad_request_with_envelope:
        return JSONResponse(Refusal.BAD_REQUEST.envelope(str(error)), HTTPStatus.BAD_REQUEST)
    return Response(status_code=HTTPStatus.BAD_REQUEST)


def _run(state: State, operation: str, body: bytes) -> Response:
    switches = state.switches()
    handler, success = HANDLERS[operation]
    try:
        given = members.read(body, SHAPES[operation], lone_objects=switches.accept_object_attachment)
        return _say_yes(handler(state, given), success, switches)
    except (RefusedError, MalformedError, TooLargeError, BrokenError) as error:
        return _say_no(error, switches)


def build(state: State, desk: FaultDesk, *, may_kill: bool) -> ASGIApp:
    """The whole stand-in as one ASGI application."""
    levers = Levers(state, desk, may_kill=may_kill)

    async def token(request: Request) -> Response:
        return await gateway.give_token(request, state)

    async def platform(request: Request) -> Response:
        operation: str = request.path_params["operation"]
        refused = gateway.refuse(request, state, operation)
        if refused is not None:
            return refused
        if operation == operations.HEALTH:
            return JSONResponse({"statusCode": "200", "statusCodeValue": 200, "body": "OK"})
        return _run(state, operation, await request.body())

    routes = [
        Route("/api/oauth/token", token, methods=_METHODS),
        Route("/cpro/{operation:path}", platform, methods=_METHODS),
        Route("/_sim/{lever:path}", levers.pull, methods=["GET", "POST"]),
    ]
    return Line(Starlette(routes=routes), state, desk)
