"""Orders: made, authorised, finalised, and the certificates that come of them (RFC 8555 §7.4, §7.5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from shirushi.codecs.jose.text import encode_base64url
from shirushi.core.errors import ShirushiError
from shirushi.ports.audit import AuditEvent
from shirushi.services.ca.model import IssuedCertificate
from shirushi.services.ca.model.acme import (
    Account,
    AcmeError,
    AcmeRateLimited,
    AcmeUnauthorized,
    AlreadyReplaced,
    Authorization,
    AuthorizationStatus,
    ChallengeType,
    ControlNotShown,
    ControlUnreachable,
    IdentifierRejected,
    IdentifierUnsupported,
    Order,
    OrderStatus,
    ResourceUnknown,
)
from shirushi.services.ca.model.homographs import check_host
from shirushi.services.ca.model.subject_request import MOST_NAMES
from shirushi.services.ca.service.acme.challenges import Challenges
from shirushi.services.ca.service.acme.desk import Desk, Posted, bytes_in, key_authorization
from shirushi.services.ca.service.acme.finalizing import Finalizing
from shirushi.services.ca.service.acme.renewal import certificate_named
from shirushi.services.ca.service.authority import CertificateAuthority
from shirushi.services.ca.store import acme as store

_HOUR = timedelta(hours=1)


class Orders:
    """Keeps orders, and has their certificates issued."""

    def __init__(
        self, desk: Desk, ca: CertificateAuthority, challenges: Challenges, finalizing: Finalizing
    ) -> None:
        self._desk = desk
        self._ca = ca
        self._challenges = challenges
        self._finalizing = finalizing

    def make(self, posted: Posted) -> Order:
        """A new order with an authorization for each name (RFC 8555 §7.4)."""
        account, asked, desk = posted.signer, posted.members, self._desk
        if asked.keys() & {"notBefore", "notAfter"}:
            raise AcmeError(detail="notBefore, notAfter")
        identifiers = _identifiers(asked.get("identifiers"))
        replaces = asked.get("replaces")
        if replaces is not None:
            self._check_replaced(account, replaces, identifiers)
        register, terms = desk.register, desk.terms
        now = register.clock.now()
        expires = (now + terms.order_life).replace(microsecond=0)
        made = Order(
            desk.new_id(), account.id, OrderStatus.PENDING, identifiers, now, expires, replaces=replaces
        )
        authorizations = [
            Authorization(
                desk.new_id(),
                account.id,
                made.id,
                name.removeprefix("*."),
                name.startswith("*."),
                AuthorizationStatus.PENDING,
                encode_base64url(register.entropy.bytes(32)),
                expires,
            )
            for name in identifiers
        ]
        with register.database.unit() as connection:
            store.hold_orders(connection, account.id)
            if store.orders_since(connection, account.id, now - _HOUR) >= terms.orders_an_hour:
                raise AcmeRateLimited(limit=terms.orders_an_hour, what="orders", seconds=3600)
            for name in identifiers:
                failed = store.failures_since(connection, account.id, name.removeprefix("*."), now - _HOUR)
                if failed >= terms.failures_an_hour:
                    raise AcmeRateLimited(
                        limit=terms.failures_an_hour, what=f"failures: {name}", seconds=3600
                    )
            if replaces is not None and store.order_that_replaces(connection, replaces):
                raise AlreadyReplaced
            store.add_order(connection, made, authorizations)
            event = AuditEvent("acme.new_order", made.id, detail={"names": len(identifiers)})
            register.audit.record(connection, desk.actor(account), event)
        return made

    def get(self, posted: Posted, id_: str) -> Order:
        """An order of the account's own, gone on with where it was interrupted. Raises `ResourceUnknown`."""
        found = self._own(posted, id_)
        if found.status is OrderStatus.PROCESSING:
            self._finalizing.resume(posted.signer, found)
            found = self._own(posted, id_)
        return self._timely(found)

    def authorizations(self, order: Order) -> list[Authorization]:
        """The order's authorizations."""
        with self._desk.register.database.reading() as connection:
            return store.authorizations(connection, order.id)

    def authorization(self, posted: Posted, id_: str) -> Authorization:
        """An authorization of the account's own; raises `ResourceUnknown`. It may be deactivated (RFC 8555 §7.5.2)."""
        register = self._desk.register
        with register.database.reading() as connection:
            found = store.find_authorization(connection, id_)
        if found is None or found.account != posted.signer.id:
            raise ResourceUnknown
        if posted.is_reading or "status" not in (asked := posted.members):
            return found
        if asked["status"] != AuthorizationStatus.DEACTIVATED.value:
            raise AcmeError(detail="status")
        with register.database.unit() as connection:
            store.change_authorization(connection, id_, status=AuthorizationStatus.DEACTIVATED.value)
            open_ = (OrderStatus.PENDING, OrderStatus.READY)
            store.move_order(connection, found.order, open_, OrderStatus.INVALID)
            event = AuditEvent("acme.deactivate_authorization", id_)
            register.audit.record(connection, self._desk.actor(posted.signer), event)
            return store.find_authorization(connection, id_) or found

    def answer_challenge(self, posted: Posted, id_: str, kind: ChallengeType) -> Authorization:
        """Look for what the challenge demands, and tell what came of it (RFC 8555 §7.5.1).

        A challenge that was interrupted is answered anew; one that is decided stays so.
        """
        found = self.authorization(Posted(b"", posted.key, posted.account), id_)
        if kind not in found.offered:
            raise ResourceUnknown
        register, account = self._desk.register, posted.signer
        if posted.is_reading or found.status is not AuthorizationStatus.PENDING:
            return found
        if found.expires <= register.clock.now():
            raise AcmeUnauthorized(detail="expired")
        error: ShirushiError | None = None
        try:
            self._challenges.look(
                kind, found.identifier, found.token, key_authorization(found.token, account)
            )
        except (ControlNotShown, ControlUnreachable) as failure:
            error = failure
        after = AuthorizationStatus.INVALID if error else AuthorizationStatus.VALID
        with register.database.unit() as connection:
            order = store.find_order(connection, found.order, locked=True)
            changed = store.change_authorization(
                connection,
                id_,
                status=after.value,
                challenge=kind.value,
                validated_at=register.clock.now().replace(microsecond=0),
                error=error.code if error else None,
            )
            if changed and order is not None:
                self._carry_on(connection, order, error)
                detail = {"challenge": kind.value, "name": found.identifier}
                outcome = "failed" if error else "done"
                event = AuditEvent("acme.validate", id_, outcome, detail)
                register.audit.record(connection, self._desk.actor(account), event)
            return store.find_authorization(connection, id_) or found

    def _carry_on(self, connection: Connection, order: Order, error: ShirushiError | None) -> None:
        if error is not None:
            before, code = (OrderStatus.PENDING,), error.code
            store.move_order(connection, order.id, before, OrderStatus.INVALID, error=code)
        elif all(
            each.status is AuthorizationStatus.VALID for each in store.authorizations(connection, order.id)
        ):
            store.move_order(connection, order.id, (OrderStatus.PENDING,), OrderStatus.READY)

    def finalize(self, posted: Posted, id_: str) -> Order:
        """Have the certificate issued (RFC 8555 §7.4); the same again gives what stands."""
        order, csr = self.get(posted, id_), bytes_in(posted.members.get("csr"), "csr")
        if order.csr == csr and order.status in {OrderStatus.PROCESSING, OrderStatus.VALID}:
            return order
        self._finalizing.begin(posted.signer, order, csr)
        return self.get(posted, id_)

    def certificate(self, posted: Posted, id_: str) -> IssuedCertificate:
        """The certificate of an order of the account's own; raises `ResourceUnknown`."""
        order = self.get(posted, id_)
        if order.serial_number is None:
            raise ResourceUnknown
        return self._ca.certificate(self._desk.actor(posted.signer), order.serial_number)

    def _own(self, posted: Posted, id_: str) -> Order:
        with self._desk.register.database.reading() as connection:
            found = store.find_order(connection, id_)
        if found is None or found.account != posted.signer.id:
            raise ResourceUnknown
        return found

    def _timely(self, order: Order) -> Order:
        """One that ran out of time is invalid."""
        open_ = (OrderStatus.PENDING, OrderStatus.READY)
        register = self._desk.register
        if order.status not in open_ or register.clock.now() < order.expires:
            return order
        with register.database.unit() as connection:
            store.move_order(connection, order.id, open_, OrderStatus.INVALID)
            return store.find_order(connection, order.id) or order

    def _check_replaced(self, account: Account, replaces: Any, identifiers: tuple[str, ...]) -> None:
        """Only what this account ordered, for one of these names, can be replaced (RFC 9773 §5)."""
        found = certificate_named(self._ca, replaces)
        with self._desk.register.database.reading() as connection:
            order = store.order_of_certificate(connection, found.serial_number)
        if order is None or order.account != account.id or not set(order.identifiers) & set(identifiers):
            raise AcmeUnauthorized(detail="replaces")


def _identifiers(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_NAMES:
        raise AcmeError(detail="identifiers")
    found = []
    for each in value:
        if (
            not isinstance(each, dict)
            or each.keys() != {"type", "value"}
            or not isinstance(each["value"], str)
        ):
            raise AcmeError(detail="identifiers")
        if each["type"] != "dns":
            raise IdentifierUnsupported(kind=str(each["type"])[:40])
        try:
            found.append(check_host(each["value"], wildcard=True))
        except ShirushiError as error:
            raise IdentifierRejected(name=each["value"][:253]) from error
    return tuple(dict.fromkeys(found))
