"""What comes in pages: invoices, structures, services.

Rule 1: a listing says how a page is asked for and how one row is read; walking the pages is ``chorus.listing``.
Rule 2: pages are sorted by something that does not change while they are walked, so that a row that joins meanwhile
        pushes others onwards and hides none.
Rule 3: 100 rows a page: the default of 10 has bitten others.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from chorus_xl.chorus.wire.envelope import Position, position
from chorus_xl.chorus.wire.values import (
    Json,
    JsonObject,
    Members,
    amount,
    calendar_day,
    day,
    flag,
    identifier,
    members,
    moment,
    siret,
    text,
)
from chorus_xl.domain.invoice import PlatformInvoice, Service

ROWS_PER_PAGE = 100
MOST_RESULTS = 999_999  # the default of 200 would cut a year short

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A search that answers in pages.

    Attributes:
        operation: path of the operation below ``/cpro/``.
        request: the request for a page, counted from 1.
        key: the member that holds the rows.
        read: one row; ``None`` when it lacks what identifies it.
        identity: what tells two rows apart.
        part: the member that holds the list and counts it; ``""``: the answer itself does.
        position: where a page stands, as that part says.
    """

    operation: str
    request: Callable[[int], JsonObject]
    key: str
    read: Callable[[Members], T | None]
    identity: Callable[[T], Hashable]
    part: str = ""
    position: Callable[[Members], Position] = position

    def part_of(self, answer: Members) -> Members:
        """The part of an answer that holds the list and counts it."""
        return members(answer.get(self.part)) if self.part else answer


@dataclass(frozen=True, slots=True)
class FoundStructure:
    """A structure as a search of the directory gives it."""

    structure_id: int
    siret: str
    name: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class FoundService:
    """A service as a search of the directory gives it."""

    service_id: int
    service: Service


def _page(number: int, sort_by: str) -> dict[str, Json]:
    return {
        "pageResultatDemandee": number,
        "nbResultatsParPage": ROWS_PER_PAGE,
        "triColonne": sort_by,
        "triSens": "Ascendant",
    }


def invoices(
    supplier_id: int, *, number: str = "", deposited: tuple[date, date] | None = None
) -> Listing[PlatformInvoice]:
    """Invoices of a supplier, by number or by the days of their deposit (both included)."""
    criteria: dict[str, Json] = {"idFournisseur": supplier_id}
    if number:
        criteria["numeroFacture"] = number
    if deposited is not None:
        criteria |= {"periodeDateDepotDu": day(deposited[0]), "periodeDateDepotAu": day(deposited[1])}
    return Listing(
        "factures/v1/rechercher/fournisseur",
        lambda page: {
            **criteria,
            "rechercheFactureParFournisseur": {"nbResultatsMaximum": MOST_RESULTS, **_page(page, "NumeroFacture")},
        },
        "listeFactures",
        _platform_invoice,
        lambda invoice: invoice.chorus_invoice_id,
    )


def structures(wanted: str) -> Listing[FoundStructure]:
    """Structures under a SIRET, active or not, private ones included (a supplier may look itself up)."""
    return Listing(
        "structures/v1/rechercher",
        lambda page: {
            "structure": {"identifiantStructure": wanted, "typeIdentifiantStructure": "SIRET"},
            "restreindreStructuresPrivees": False,
            "parametres": _page(page, "IdentifiantStructure"),
        },
        "listeStructures",
        _structure,
        lambda structure: structure.structure_id,
    )


def services(structure_id: int) -> Listing[FoundService]:
    """All services of a structure; the structure's key here is ``idStructure``, not ``idStructureCPP``."""
    return Listing(
        "structures/v1/rechercher/services",
        lambda page: {
            "idStructure": structure_id,
            "parametresRechercherServicesStructure": _page(page, "CodeService"),
        },
        "listeServices",
        _service,
        lambda found: found.service_id,
    )


def _platform_invoice(row: Members) -> PlatformInvoice | None:
    chorus_invoice_id = identifier(row.get("identifiantFactureCPP"))
    if chorus_invoice_id is None:
        return None
    return PlatformInvoice(
        chorus_invoice_id=chorus_invoice_id,
        invoice_number=text(row.get("numeroFacture")),
        supplier_siret=siret(row.get("codeFournisseur")),
        recipient_siret=siret(row.get("codeDestinataire")),
        service_code=text(row.get("codeServiceExecutant")),
        issue_date=calendar_day(row.get("dateFacture")),
        deposited_on=calendar_day(row.get("dateDepot")),
        total_with_vat=amount(row.get("montantTTC")),
        chorus_status=text(row.get("statut")),  # ``statutFacture`` in the answer to a deposit
        status_since=moment(row.get("dateHeureEtatCourant")),
        status_comment=text(row.get("commentaireEtatCourant")),
        rejection_handled=flag(row.get("rejetTraite")) is True,
    )


def _structure(row: Members) -> FoundStructure | None:
    structure_id = identifier(row.get("idStructureCPP"))
    if structure_id is None:
        return None
    status = text(row.get("statut"))
    return FoundStructure(
        structure_id,
        siret(row.get("identifiantStructure")),
        text(row.get("designationStructure")),
        # ASSUMPTION: every status of an active structure starts with ACTI (ACTIVE in answers, ACTIF in requests),
        # and a structure without a status is active.
        not status or status.upper().startswith("ACTI"),
    )


def _service(row: Members) -> FoundService | None:
    service_id, code = identifier(row.get("idService")), text(row.get("codeService"))
    if service_id is None or not code:
        return None
    is_active = flag(row.get("estActif")) is not False
    return FoundService(service_id, Service(code, text(row.get("libelleService")), is_active))
