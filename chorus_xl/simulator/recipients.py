"""Whether an invoice may go to this buyer, with this service code and this engagement.

1. Order of decision, as a client long in production takes it: "service or
   engagement" first; then what the structure asks for; then what the chosen
   service asks for.
2. A service code that is given must exist and be active, whether asked for or not.
3. ``FACTURES_PUBLIQUES`` is for invoices between public bodies, never for a supplier's.
4. The existence of an engagement is looked up for the State only; elsewhere any text will do.
"""

from chorus_xl.simulator.directory import Service, Structure
from chorus_xl.simulator.refusals import Refusal, RefusedError
from chorus_xl.simulator.state import State

RESERVED_SERVICE = "FACTURES_PUBLIQUES"


def judge(state: State, siret: str, service_code: str | None, engagement: str | None) -> Structure:
    """Find the buyer and check what it demands; raises ``RefusedError``."""
    buyer = state.by_siret.get(siret)
    if buyer is None or not buyer.public:
        raise RefusedError(Refusal.BUYER_UNKNOWN, siret)
    if not buyer.active:
        raise RefusedError(Refusal.BUYER_INACTIVE, siret)
    service = _service(buyer, service_code) if service_code else None
    _check_demands(buyer, service, engagement)
    if engagement and buyer.known_engagements is not None and engagement not in buyer.known_engagements:
        raise RefusedError(Refusal.ENGAGEMENT_UNKNOWN, engagement)
    return buyer


def _service(buyer: Structure, code: str) -> Service:
    if code == RESERVED_SERVICE:
        raise RefusedError(Refusal.SERVICE_RESERVED)
    service = buyer.service(code)
    if service is None:
        raise RefusedError(Refusal.SERVICE_UNKNOWN, code)
    if not service.active:
        raise RefusedError(Refusal.SERVICE_INACTIVE, code)
    return service


def _check_demands(buyer: Structure, service: Service | None, engagement: str | None) -> None:
    if buyer.service_or_engagement:
        if service is None and not engagement:
            raise RefusedError(Refusal.SERVICE_OR_ENGAGEMENT_REQUIRED)
    else:
        if buyer.service_required and service is None:
            raise RefusedError(Refusal.SERVICE_REQUIRED)
        if buyer.engagement_required and not engagement:
            raise RefusedError(Refusal.ENGAGEMENT_REQUIRED)
    if service is not None and service.engagement_required and not engagement:
        raise RefusedError(Refusal.ENGAGEMENT_REQUIRED, service.code)
