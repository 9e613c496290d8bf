"""Chorus Pro for one supplier: what the steps may ask of it.

Rule 1: each method says what it raises and raises nothing else; ``deposit`` and the acts raise nothing.
Rule 2: methods may be called from several threads at once.
Rule 3: answers come back in domain types; what they mean for the clerk is decided by the steps.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from threading import Lock
from types import TracebackType
from typing import Self

import httpx

from chorus_xl.chorus import wire
from chorus_xl.chorus.act_outcome import classify_act
from chorus_xl.chorus.answer import Answer
from chorus_xl.chorus.auth import Credentials, Tokens
from chorus_xl.chorus.endpoints import PISTE, Endpoints
from chorus_xl.chorus.evidence import evidence
from chorus_xl.chorus.exchange import Exchange
from chorus_xl.chorus.gateway import Gateway
from chorus_xl.chorus.listing import every_row
from chorus_xl.chorus.outcome import Cause, classify
from chorus_xl.chorus.pace import Pacer
from chorus_xl.chorus.trouble import error_of
from chorus_xl.domain.invoice import (
    Document,
    Invoice,
    Outcome,
    Passage,
    PlatformInvoice,
    PublicBody,
    Result,
    Service,
    Uploaded,
)
from chorus_xl.errors import PlatformError, SetupError

__all__ = ["PISTE", "ChorusClient", "Credentials", "Endpoints"]


class ChorusClient:
    """One connection to Chorus Pro; close it by using it in a ``with`` block.

    Args:
        endpoints: where it is.
        credentials: who we are.
        supplier_siret: for whom invoices are deposited.
        now: aware time.
        sleep: waits that many seconds.
        call_interval: least seconds between the starts of two calls.
        timeout: seconds that connecting, and each silence of a call, may last.
        concurrency: how many calls may be under way together.
        transport: replaces the network, in tests.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        credentials: Credentials,
        *,
        supplier_siret: str,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
        call_interval: float,
        timeout: float,
        concurrency: int = 4,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._exchange = Exchange(
            Pacer(call_interval, now, sleep),
            now,
            timeout=timeout,
            concurrency=concurrency,
            on_loopback=endpoints.on_loopback,
            transport=transport,
        )
        tokens = Tokens(self._exchange, endpoints.token_url, credentials, now=now, sleep=sleep)
        self._gateway = Gateway(self._exchange, endpoints, credentials, tokens, sleep)
        self._supplier_siret = supplier_siret
        self._supplier_id: int | None = None
        self._supplier_lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exchange.close()

    def supplier_id(self) -> int:
        """The identifier of the supplier's own structure, asked once.

        Raises:
            SetupError: the technical account is not attached to that SIRET, or credentials are refused.
            PlatformError: no answer that can be used.
        """
        with self._supplier_lock:
            if self._supplier_id is None:
                self._supplier_id = self._ask_supplier_id()
            return self._supplier_id

    def _ask_supplier_id(self) -> int:
        answer = self._gateway.ask(wire.SUPPLIERS, {})
        attached = wire.suppliers(answer.members)
        if attached is None:
            raise error_of(answer, wire.SUPPLIERS)
        if self._supplier_siret not in attached:
            raise SetupError("CX314", siret=self._supplier_siret, attached=", ".join(sorted(attached)) or "—")
        return attached[self._supplier_siret]

    def password_expires_on(self) -> date | None:
        """The last day of the technical account's password; ``None`` when the platform does not say.

        Raises:
            SetupError, PlatformError: as for ``supplier_id``.
        """
        return wire.password_expiry(self._gateway.ask(wire.STRUCTURE, wire.structure(self.supplier_id())).members)

    def public_body(self, siret: str, service_codes: Sequence[str] = ()) -> PublicBody | None:
        """What the directory says of a body; ``None`` when it does not know it.

        The named services are asked whether they require an engagement.

        Raises:
            SetupError: credentials are refused.
            PlatformError: no answer that can be used.
        """
        known = [found for found in every_row(self._gateway, wire.structures(siret)) if found.siret == siret]
        if not known:
            return None
        structure = next((found for found in known if found.is_active), known[0])
        demands = wire.obligations(self._gateway.ask(wire.STRUCTURE, wire.structure(structure.structure_id)).members)
        # Active ones last, so that an active service wins over a closed one under the same code.
        services = sorted(
            every_row(self._gateway, wire.services(structure.structure_id)), key=lambda found: found.service.is_active
        )
        return PublicBody(
            siret,
            structure.name,
            structure.is_active,
            demands.service_required,
            demands.engagement_required,
            demands.service_or_engagement,
            {found.service.code: self._asked(structure, found, service_codes) for found in services},
        )

    def _asked(self, structure: wire.FoundStructure, found: wire.FoundService, service_codes: Sequence[str]) -> Service:
        if found.service.code not in service_codes:
            return found.service
        answer = self._gateway.ask(wire.SERVICE, wire.service(structure.structure_id, found.service_id))
        return replace(found.service, engagement_required=wire.engagement_required(answer.members))

    def upload(self, document: Document) -> Uploaded:
        """Hand over a file; safe to repeat, since a file that no invoice names is only an orphan.

        Raises:
            SetupError, PlatformError: as above; ``RefusedError`` holds the platform's word.
        """
        answer = self._gateway.ask(wire.UPLOAD, wire.document(document), _is_held)
        attachment_id = wire.attachment_id(answer.members)
        assert attachment_id is not None  # noqa: S101 - _is_held has seen it
        return Uploaded(wire.sent_name(document.name), attachment_id)

    def deposit(
        self, invoice: Invoice, pdf: Uploaded, attachments: Sequence[Uploaded], *, not_after: datetime
    ) -> Outcome:
        """Deposit once, before ``not_after`` or never; every end is an ``Outcome``, nothing is raised but our bugs."""
        try:
            request = wire.submission(invoice, self.supplier_id(), pdf, attachments)
            end = self._gateway.once(wire.SUBMIT, request, not_after)
        except SetupError:
            return Outcome(Result.NOT_SENT, Cause.SETUP.value)
        except PlatformError:
            return Outcome(Result.NOT_SENT, Cause.UNREACHABLE.value)
        return replace(classify(end), evidence=evidence(wire.SUBMIT, request, end))

    def find(self, invoice_number: str) -> tuple[PlatformInvoice, ...]:
        """All invoices of the supplier under exactly this number, over all pages.

        Raises:
            SetupError, PlatformError: as above; then nothing is known.
        """
        found = every_row(self._gateway, wire.invoices(self.supplier_id(), number=invoice_number))
        return tuple(invoice for invoice in found if invoice.invoice_number == invoice_number)

    def deposited_between(self, first: date, last: date) -> Iterator[PlatformInvoice]:
        """All invoices of the supplier deposited in the period, both days included, page by page.

        Raises:
            SetupError, PlatformError: as above, possibly after some invoices were given.
        """
        yield from every_row(self._gateway, wire.invoices(self.supplier_id(), deposited=(first, last)))

    def history(self, chorus_invoice_id: int) -> tuple[Passage, ...]:
        """The platform's own history of an invoice, over all pages, oldest first.

        Raises:
            SetupError, PlatformError: as above; then nothing is known. ``RefusedError`` holds the platform's word.
        """
        return wire.oldest_first(every_row(self._gateway, wire.passages(chorus_invoice_id)))

    def complete(
        self,
        chorus_invoice_id: int,
        attachments: Sequence[Uploaded],
        attachment_type: str,
        comment: str,
        *,
        not_after: datetime,
    ) -> Outcome:
        """Give a suspended invoice what it lacks, once; like ``deposit``, every end is an ``Outcome``."""
        request = wire.completion(chorus_invoice_id, attachments, attachment_type, comment)
        return self._act(wire.COMPLETE, request, chorus_invoice_id, not_after)

    def acknowledge_rejection(self, chorus_invoice_id: int, *, not_after: datetime) -> Outcome:
        """Tell the platform that a rejection was seen, once; every end is an ``Outcome``."""
        return self._act(wire.ACKNOWLEDGE, wire.acknowledgement(chorus_invoice_id), chorus_invoice_id, not_after)

    def recycle(
        self,
        chorus_invoice_id: int,
        recipient_siret: str,
        service_code: str,
        engagement_number: str,
        comment: str,
        *,
        not_after: datetime,
    ) -> Outcome:
        """Send an invoice to another recipient, service or engagement under its number, once; as above."""
        request = wire.recycling(chorus_invoice_id, recipient_siret, service_code, engagement_number, comment)
        return self._act(wire.RECYCLE, request, chorus_invoice_id, not_after)

    def _act(self, operation: str, request: wire.JsonObject, chorus_invoice_id: int, not_after: datetime) -> Outcome:
        try:
            end = self._gateway.once(operation, request, not_after)
        except SetupError:
            return Outcome(Result.NOT_SENT, Cause.SETUP.value)
        except PlatformError:
            return Outcome(Result.NOT_SENT, Cause.UNREACHABLE.value)
        return replace(classify_act(end, chorus_invoice_id), evidence=evidence(operation, request, end))


def _is_held(answer: Answer) -> bool:
    """Whether a file was taken: the swagger gives uploads no envelope, so its absence is no refusal."""
    code = wire.envelope(answer.members).return_code
    return answer.is_success and code in (0, None) and wire.attachment_id(answer.members) is not None
