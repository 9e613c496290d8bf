"""A caller for the tests: spells requests by hand, over a real port, and shares nothing with the client."""

import base64
import ssl
from datetime import UTC, datetime
from typing import Any, Self

import httpx

from chorus_xl.simulator import CLIENT_ID, CLIENT_SECRET, TECH_LOGIN, TECH_PASSWORD, Server

SUBMIT = "factures/v1/soumettre"
SEARCH = "factures/v1/rechercher/fournisseur"
UPLOAD = "transverses/v1/ajouter/fichier"
NOON = datetime(2025, 11, 3, 11, 0, 0, 120_000, tzinfo=UTC)
CREDENTIALS = {
    "grant_type": "client_credentials",
    "client_id": CLIENT_ID,
    "client_secret": CLIENT_SECRET,
    "scope": "openid",
}


# Made once: each httpx client would load all certificates anew, to never use them.
TLS = ssl.create_default_context()


class Clock:
    """The platform's clock, set by hand."""

    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment


def account(login: str = TECH_LOGIN, password: str = TECH_PASSWORD) -> str:
    return base64.b64encode(f"{login}:{password}".encode()).decode()


class Caller:
    """One HTTP client of one stand-in."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.http = httpx.Client(base_url=server.url, timeout=10, verify=TLS)
        self._token: str | None = None
        self._file: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def token(self) -> str:
        if self._token is None:
            self._token = str(self.http.post(self.server.token_url, data=CREDENTIALS).json()["access_token"])
        return self._token

    def headers(self, **changes: str) -> dict[str, str]:
        usual = {
            "authorization": f"Bearer {self.token()}",
            "cpro-account": account(),
            "content-type": "application/json;charset=utf-8",
        }
        return {name: value for name, value in {**usual, **changes}.items() if value}

    def post(self, operation: str, body: object = None) -> httpx.Response:
        return self.http.post(f"/cpro/{operation}", json={} if body is None else body, headers=self.headers())

    def ask(self, operation: str, body: object = None) -> dict[str, Any]:
        answer: dict[str, Any] = self.post(operation, body).json()
        return answer

    def pull(self, lever: str, **given: object) -> dict[str, Any]:
        answer = self.http.post(f"/_sim/{lever}", json=given)
        assert answer.status_code == 200, answer.text
        pulled: dict[str, Any] = answer.json()
        return pulled

    def record(self) -> dict[str, Any]:
        recorded: dict[str, Any] = self.http.get("/_sim/record").json()
        return recorded

    def upload(self, content: bytes = b"%PDF-1.7", name: str = "facture.pdf", extension: str = "PDF") -> httpx.Response:
        body = {
            "pieceJointeFichier": base64.b64encode(content).decode(),
            "pieceJointeNom": name,
            "pieceJointeTypeMime": "application/pdf",
            "pieceJointeExtension": extension,
        }
        return self.post(UPLOAD, body)

    def file(self) -> int:
        if self._file is None:
            self._file = int(self.upload().json()["pieceJointeId"])
        return self._file

    def invoice(self, number: str = "FA-2025-0042", /, **changes: object) -> dict[str, Any]:
        """A good invoice; a change is named by its path, ``references__typeTva="SANS_TVA"``; None takes away."""
        body: dict[str, Any] = {
            "idUtilisateurCourant": 0,
            "modeDepot": "DEPOT_PDF_API",
            "numeroFactureSaisi": number,
            "dateFacture": "2025-10-31",
            "destinataire": {"codeDestinataire": "20006905200013", "codeServiceExecutant": "FACTURES_SUR_MARCHE"},
            "fournisseur": {"idFournisseur": 26000001},
            "cadreDeFacturation": {"codeCadreFacturation": "A1_FACTURE_FOURNISSEUR"},
            "references": {
                "deviseFacture": "EUR",
                "typeFacture": "FACTURE",
                "typeTva": "TVA_SUR_DEBIT",
                "numeroMarche": "M2025-17",
                "modePaiement": "VIREMENT",
            },
            "ligneTva": [
                {"ligneTvaTauxManuel": 20, "ligneTvaMontantBaseHtParTaux": 100.0, "ligneTvaMontantTvaParTaux": 20.0},
            ],
            "montantTotal": {
                "montantHtTotal": 100.0,
                "montantTVA": 20.0,
                "montantTtcTotal": 120.0,
                "montantRemiseGlobaleTTC": 0,
                "montantAPayer": 120.0,
            },
            "pieceJointePrincipale": [
                {"pieceJointePrincipaleDesignation": "facture.pdf", "pieceJointePrincipaleId": self.file()},
            ],
            "pieceJointeComplementaire": [],
        }
        for path, value in changes.items():
            *parents, leaf = path.split("__")
            place = body
            for parent in parents:
                place = place[parent]
            place[leaf] = value
        return body

    def submit(self, number: str = "FA-2025-0042", /, **changes: object) -> dict[str, Any]:
        return self.ask(SUBMIT, self.invoice(number, **changes))

    def found(self, **filters: object) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.ask(SEARCH, filters)["listeFactures"]
        return listed

    def status(self, number: str) -> str:
        return str(self.found(numeroFacture=number)[0]["statut"])
