"""A PISTE written by hand, with a memory: it answers what it was told to, and keeps what it was asked."""

import json
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx

from chorus_xl.chorus.client import ChorusClient, Credentials, Endpoints
from chorus_xl.domain.invoice import Document, Invoice, Uploaded, VatShare
from chorus_xl.secret import Secret

CLIENT_SECRET = "the-secret-of-the-application-2024"
PASSWORD = "pass:word-of-the-technical-account"
TOKEN = "token-number-{}-of-the-application-which-is-opaque"
SUPPLIER = "00000000000018"
SUPPLIER_ID = 26000001

TOKEN_PATH = "/api/oauth/token"
SUPPLIERS = "/cpro/transverses/v1/recuperer/structures/actives/fournisseur"
UPLOAD = "/cpro/transverses/v1/ajouter/fichier"
SUBMIT = "/cpro/factures/v1/soumettre"
SEARCH = "/cpro/factures/v1/rechercher/fournisseur"
STRUCTURES = "/cpro/structures/v1/rechercher"
STRUCTURE = "/cpro/structures/v1/consulter"
SERVICES = "/cpro/structures/v1/rechercher/services"
SERVICE = "/cpro/structures/v1/consulter/service"

CREDENTIALS = Credentials("client-id", Secret(CLIENT_SECRET), "TECH_1_2@cpro.fr", Secret(PASSWORD))

OK = {"codeRetour": 0, "libelle": "TRA_MSG_00.000"}
ACCEPTED = {
    "codeRetour": 0,
    "libelle": "GCU_MSG_01_000",
    "identifiantFactureCPP": 9100001,
    "numeroFacture": "FA-2025-0042",
    "statutFacture": "DEPOSEE",
    "dateDepot": "2025-11-03",
    "identifiantStructure": SUPPLIER,
    "empreinteCertificatDepot": "m0Gk=",
}

Answer = httpx.Response | Exception
Handler = Callable[[httpx.Request], Answer]


def reply(members: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Handler:
    """A JSON answer; each call makes a new one."""
    return lambda _: httpx.Response(status, json=members, headers=headers)


def body(content: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Handler:
    return lambda _: httpx.Response(status, content=content, headers=headers)


def fails(kind: type[Exception]) -> Handler:
    """The call ends with that exception, which holds the request as httpx's do."""

    def handler(request: httpx.Request) -> Answer:
        return kind(f"broken: {dict(request.headers)}")

    return handler


def paged(rows: list[dict[str, Any]], key: str, block: str) -> Handler:
    """An honest search over these rows, as the platform pages it."""

    def handler(request: httpx.Request) -> Answer:
        asked = json.loads(request.content)[block]
        size, page = asked["nbResultatsParPage"], asked["pageResultatDemandee"]
        position = {"pageCourante": page, "pages": -(-len(rows) // size), "total": len(rows)}
        found = rows[(page - 1) * size : page * size]
        return httpx.Response(200, json=OK | {"parametresRetour": position, key: found})

    return handler


def search(rows: list[dict[str, Any]]) -> Handler:
    return paged(rows, "listeFactures", "rechercheFactureParFournisseur")


def listed(number: int) -> dict[str, Any]:
    return {"identifiantFactureCPP": 9100000 + number, "numeroFacture": f"FA-{number}", "statut": "DEPOSEE"}


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.moment = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)


@dataclass
class Piste:
    """The stand-in: ``script`` says what the next calls of a path get; the last word is said for ever."""

    time: FakeTime = field(default_factory=FakeTime)
    scripts: dict[str, deque[Handler]] = field(default_factory=lambda: defaultdict(deque))
    calls: list[tuple[str, Any]] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)
    starts: list[datetime] = field(default_factory=list)
    tokens: int = 0

    def script(self, path: str, *handlers: Handler) -> None:
        self.scripts[path].extend(handlers)

    def count(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.calls)

    def bodies(self, path: str) -> list[Any]:
        return [content for asked, content in self.calls if asked == path]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        is_token = path == TOKEN_PATH
        self.calls.append((path, request.content.decode() if is_token else json.loads(request.content)))
        self.headers.append(request.headers)
        self.starts.append(self.time.now())
        answer = self._handler(path)(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _handler(self, path: str) -> Handler:
        queue = self.scripts[path]
        if queue:
            return queue[0] if len(queue) == 1 else queue.popleft()
        if path == TOKEN_PATH:
            self.tokens += 1
            return reply({"access_token": TOKEN.format(self.tokens), "token_type": "Bearer", "expires_in": 3600})
        if path == SUPPLIERS:
            return reply(OK | {"listeStructures": [{"idStructureCPP": SUPPLIER_ID, "identifiant": SUPPLIER}]})
        return body(b"", 403)

    def client(self, call_interval: float = 0.0) -> ChorusClient:
        return ChorusClient(
            Endpoints("https://oauth.test", "https://api.test"),
            CREDENTIALS,
            supplier_siret=SUPPLIER,
            now=self.time.now,
            sleep=self.time.sleep,
            call_interval=call_interval,
            timeout=5.0,
            transport=httpx.MockTransport(self),
        )


PDF = Uploaded("FA-2025-0042.pdf", 7700101)
FILE = Document("FA-2025-0042.pdf", b"%PDF-1.7 the whole content of an invoice", "0" * 64)


def make_invoice(**changes: object) -> Invoice:
    values: dict[str, Any] = {
        "row": 5,
        "supplier_siret": SUPPLIER,
        "invoice_number": "FA-2025-0042",
        "issue_date": date(2025, 10, 31),
        "is_credit_note": False,
        "recipient_siret": "12345678200028",
        "service_code": "SERVICE_DEST_SERV_OBL",
        "engagement_number": "BC-8891",
        "contract_number": "",
        "original_invoice_number": "",
        "total_without_vat": Decimal("100.00"),
        "total_vat": Decimal("20.00"),
        "total_with_vat": Decimal("120.00"),
        "vat_shares": (VatShare(Decimal(20), Decimal("100.00"), Decimal("20.00")),),
        "pdf_file": "FA-2025-0042.pdf",
        "attachments": (),
        "comment": "",
    }
    return Invoice(**(values | changes))


IN_TIME = datetime.max.replace(tzinfo=UTC)
"""No call is too late for it."""
