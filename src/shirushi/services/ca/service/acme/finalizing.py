"""Orders become certificates (RFC 8555 §7.4), and what an interruption left in processing is gone on with."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from sqlalchemy import Connection

from shirushi.core.catalogue import lookup
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import GeneralName, GeneralNameKind
from shirushi.ports.audit import AuditEvent
from shirushi.ports.domain_control import DomainControl, LookupFailed
from shirushi.services.ca.model import (
    CertificateRequest,
    DistinguishedName,
    IssuedCertificate,
    SubjectNameRefused,
    profile,
)
from shirushi.services.ca.model.acme import (
    Account,
    CaaForbids,
    ControlUnreachable,
    Order,
    OrderNotReady,
    OrderStatus,
    RequestNamesDiffer,
)
from shirushi.services.ca.model.caa import CaaRecord, forbidding
from shirushi.services.ca.model.subject_request import prove
from shirushi.services.ca.service.acme.challenges import named
from shirushi.services.ca.service.acme.desk import Desk
from shirushi.services.ca.service.authority import CertificateAuthority
from shirushi.services.ca.store import acme as store

LEASE = timedelta(seconds=15)
"""So long the process that finalises an order is waited for: longer than a token may take to recover and sign."""
_COMMON_NAME = 64
_AT_ONCE = 100


class Finalizing:
    """Has the certificates of orders issued: one process at a time works on an order, and one certificate comes of it.

    The process that begins says so in the order, durably, before it asks for a signature; the certificate and the order's
    last state are kept in one unit. So an interruption leaves the order in processing without a certificate, or valid with
    one. In processing, it is gone on with once `LEASE` is over: when its account looks at it, or by the job.
    """

    def __init__(self, desk: Desk, ca: CertificateAuthority, control: DomainControl) -> None:
        self._desk = desk
        self._ca = ca
        self._control = control

    def begin(self, account: Account, order: Order, csr: bytes) -> None:
        """Have the certificate of an order that is ready issued. Where that fails the order stays ready."""
        if order.status is not OrderStatus.READY:
            raise OrderNotReady(status=order.status.value)
        request = self._request(account, order, csr)
        register = self._desk.register
        with register.database.unit() as connection:
            before, now = (OrderStatus.READY,), register.clock.now()
            if not store.move_order(
                connection, order.id, before, OrderStatus.PROCESSING, csr=csr, processing_since=now
            ):
                raise OrderNotReady(status=OrderStatus.PROCESSING.value)
        try:
            self._issue(account, order, request)
        except ShirushiError as error:
            self._give_up(account, order, error, OrderStatus.READY)
            raise

    def resume(self, account: Account, order: Order) -> None:
        """Go on with an order in processing whose process did not come back.

        What keeps a certificate from being issued at this moment leaves the order as it is, to be gone on with later, until
        the order expires; all else makes it invalid.
        """
        register, csr = self._desk.register, order.csr
        now = register.clock.now()
        since = order.processing_since
        if order.status is not OrderStatus.PROCESSING or csr is None or (since and since > now - LEASE):
            return
        try:
            request = self._request(account, order, csr)
            if self._taken_over(account, order):
                self._issue(account, order, request)
        except ShirushiError as error:
            if not _passing(error) or order.expires <= now:
                self._give_up(account, order, error, OrderStatus.INVALID)

    def finish_interrupted(self) -> int:
        """Go on with all that was interrupted; how many orders were in processing for longer than `LEASE`."""
        register = self._desk.register
        since = register.clock.now() - LEASE
        with register.database.reading() as connection:
            waiting = store.orders(connection, _AT_ONCE, status=OrderStatus.PROCESSING)
            owners = {each.account: store.find_account(connection, id_=each.account) for each in waiting}
        found = [each for each in waiting if each.processing_since is None or each.processing_since <= since]
        for order in found:
            account = owners[order.account]
            if account is not None:
                self.resume(account, order)
        return len(found)

    def _taken_over(self, account: Account, order: Order) -> bool:
        """Whether the order is this process's to go on with, from now on for `LEASE`."""
        register = self._desk.register
        with register.database.unit() as connection:
            now = register.clock.now()
            taken = store.take_over(connection, order.id, now - LEASE, now)
            if taken:
                event = AuditEvent("acme.resume", order.id)
                register.audit.record(connection, self._desk.actor(account), event)
        return taken

    def _issue(self, account: Account, order: Order, request: CertificateRequest) -> None:
        def kept(connection: Connection, issued: IssuedCertificate) -> None:
            before, number = (OrderStatus.PROCESSING,), issued.serial_number
            if not store.move_order(
                connection, order.id, before, OrderStatus.VALID, serial_number=number, error=None
            ):
                raise OrderNotReady(status=OrderStatus.VALID.value)  # who was waited for came back first

        try:
            self._ca.issue_for(self._desk.actor(account), request, kept)
        except OrderNotReady:
            return

    def _give_up(self, account: Account, order: Order, error: ShirushiError, after: OrderStatus) -> None:
        register = self._desk.register
        csr = None if after is OrderStatus.READY else order.csr
        with register.database.unit() as connection:
            before = (OrderStatus.PROCESSING,)
            if store.move_order(connection, order.id, before, after, error=error.code, csr=csr):
                event = AuditEvent("acme.finalize", order.id, "failed", {"cause": error.code})
                register.audit.record(connection, self._desk.actor(account), event)

    def _request(self, account: Account, order: Order, csr: bytes) -> CertificateRequest:
        """What is issued: the names of the order, where the request asks for exactly these and their domains allow it."""
        terms = self._desk.terms
        proven = prove(csr, profile(terms.profile), self._desk.compromised)
        if proven.hosts != frozenset(order.identifiers) or len(proven.alternative_names) != len(
            order.identifiers
        ):
            raise RequestNamesDiffer(names=", ".join(order.identifiers))
        if any(kind != "commonName" for kind, _ in proven.subject.attributes):
            raise RequestNamesDiffer(names="commonName")
        common = next((name for name in order.identifiers if len(name) <= _COMMON_NAME), None)
        if common is None:
            raise SubjectNameRefused(attribute="commonName", detail=f"> {_COMMON_NAME}")
        self._check_caa(account, order)
        names = tuple(GeneralName(GeneralNameKind.DNS, name) for name in order.identifiers)
        subject = DistinguishedName.of(commonName=common)
        return CertificateRequest(terms.authority, terms.profile, subject, proven.spki, names)

    def _check_caa(self, account: Account, order: Order) -> None:
        """Raise `CaaForbids`, or `ControlUnreachable` where a domain's records cannot be looked up (RFC 8659 §3)."""
        identities = self._desk.terms.caa_identities
        if not identities:
            return
        with self._desk.register.database.reading() as connection:
            authorizations = store.authorizations(connection, order.id)
        address = self._desk.account_url(account.id)
        for each in authorizations:
            method = each.challenge.value if each.challenge else ""
            records = self._relevant(each.identifier)
            found = forbidding(records, identities, wildcard=each.wildcard, account=address, method=method)
            if found is not None:
                raise CaaForbids(name=each.identifier, property=found, known=", ".join(identities))

    def _relevant(self, domain: str) -> list[CaaRecord]:
        """The records of the domain, else those of the nearest above it that has any (RFC 8659 §3)."""
        labels = domain.split(".")
        for first in range(len(labels)):
            try:
                found = self._control.caa(".".join(labels[first:]))
            except LookupFailed as error:
                raise named(error, domain) from error
            if found:
                return [CaaRecord.read(each) for each in found]
        return []


def _passing(error: ShirushiError) -> bool:
    """Whether it may be otherwise in a moment: a token, the storage, a name server is away."""
    inability = lookup(error.code).http_status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return inability or isinstance(error, ControlUnreachable)
