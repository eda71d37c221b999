"""The ACME server as others know it."""

from __future__ import annotations

from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.codecs.jose.signed_request import spki_of
from shirushi.core.actor import Actor, Role
from shirushi.core.errors import MalformedInput, NotPermitted
from shirushi.core.evidence import Certificate, RevocationReason
from shirushi.core.instant import Instant
from shirushi.ports.audit import AuditEvent
from shirushi.ports.domain_control import DomainControl
from shirushi.services.ca.model import IssuedCertificate
from shirushi.services.ca.model.acme import (
    Account,
    AcmeError,
    AcmeTerms,
    AcmeUnauthorized,
    Authorization,
    AuthorizationStatus,
    ChallengeType,
    Order,
    RevocationReasonRefused,
)
from shirushi.services.ca.model.compromised import CompromisedKeys
from shirushi.services.ca.service.acme.accounts import KEY_CHANGE, NEW_ACCOUNT, Accounts
from shirushi.services.ca.service.acme.challenges import Challenges
from shirushi.services.ca.service.acme.desk import Desk, Posted, bytes_in
from shirushi.services.ca.service.acme.finalizing import Finalizing
from shirushi.services.ca.service.acme.orders import Orders
from shirushi.services.ca.service.acme.renewal import SELF, certificate_named, window
from shirushi.services.ca.service.authority import CertificateAuthority
from shirushi.services.ca.store import acme as store

_REASONS = {0, 1, 3, 4, 5, 9}
"""What subscribers may say (RFC 5280 §5.3.1; no authority's own reasons)."""
_AT_ONCE = 50


class AcmeServer:
    """Answers ACME clients. Thread-safe; any number of processes and nodes over one database.

    Whoever asks is known by the signature in the request: the actor of these use cases is the connection's, mostly
    anonymous; what is done is on record under the account's name. Refusals are `AcmeError`s or the authority's own.
    """

    def __init__(
        self,
        *,
        ca: CertificateAuthority,
        terms: AcmeTerms,
        control: DomainControl,
        compromised: CompromisedKeys,
    ) -> None:
        self.terms = terms
        self._ca = ca
        self._desk = Desk(ca.register, terms, compromised)
        self._accounts = Accounts(self._desk)
        self._finalizing = Finalizing(self._desk, ca, control)
        self._orders = Orders(self._desk, ca, Challenges(control), self._finalizing)

    def new_nonce(self, actor: Actor) -> str:  # noqa: ARG002  for everyone
        """A nonce that can be used once, whichever process is asked next."""
        return self._desk.new_nonce()

    def new_account(self, actor: Actor, body: bytes) -> tuple[Account, bool]:
        """The account of the key that signed, and whether it is new."""
        return self._accounts.make(actor, self._desk.take(body, NEW_ACCOUNT, with_key=True))

    def account(self, actor: Actor, body: bytes, id_: str) -> Account:  # noqa: ARG002  the signature tells
        """The account, changed or deactivated as asked."""
        return self._accounts.change(self._desk.take(body, f"/acme/account/{id_}"), id_)

    def orders(self, actor: Actor, body: bytes, id_: str) -> list[Order]:  # noqa: ARG002  as above
        """The account's orders, newest first, without those that failed."""
        posted = self._desk.take(body, f"/acme/account/{id_}/orders")
        if posted.signer.id != id_:
            raise AcmeUnauthorized(detail="account")
        with self._ca.register.database.reading() as connection:
            return store.orders(connection, _AT_ONCE, account_id=id_)

    def change_key(self, actor: Actor, body: bytes) -> Account:  # noqa: ARG002  as above
        """Give the account another key."""
        return self._accounts.change_key(self._desk.take(body, KEY_CHANGE))

    def new_order(self, actor: Actor, body: bytes) -> tuple[Order, list[Authorization]]:  # noqa: ARG002  as above
        """An order, with its authorizations."""
        made = self._orders.make(self._desk.take(body, "/acme/new-order"))
        return made, self._orders.authorizations(made)

    def order(self, actor: Actor, body: bytes, id_: str) -> tuple[Order, list[Authorization]]:  # noqa: ARG002
        """An order as it stands."""
        found = self._orders.get(self._desk.take(body, f"/acme/order/{id_}"), id_)
        return found, self._orders.authorizations(found)

    def finalize(self, actor: Actor, body: bytes, id_: str) -> tuple[Order, list[Authorization]]:  # noqa: ARG002
        """Have an order's certificate issued."""
        found = self._orders.finalize(self._desk.take(body, f"/acme/order/{id_}/finalize"), id_)
        return found, self._orders.authorizations(found)

    def authorization(self, actor: Actor, body: bytes, id_: str) -> tuple[Authorization, AuthorizationStatus]:  # noqa: ARG002
        """An authorization, and its status now."""
        found = self._orders.authorization(self._desk.take(body, f"/acme/authorization/{id_}"), id_)
        return found, self._status(found)

    def challenge(
        self,
        actor: Actor,  # noqa: ARG002  as above
        body: bytes,
        id_: str,
        kind: ChallengeType,
    ) -> Authorization:
        """Have a challenge looked at."""
        posted = self._desk.take(body, f"/acme/challenge/{id_}/{kind.value}")
        return self._orders.answer_challenge(posted, id_, kind)

    def certificate(self, actor: Actor, body: bytes, id_: str, *, whole: bool) -> tuple[Certificate, ...]:  # noqa: ARG002
        """The certificate of an order with those above it; the root's own only in the `whole` chain."""
        path = f"/acme/certificate/{id_}" + ("/whole" if whole else "")
        issued = self._orders.certificate(self._desk.take(body, path), id_)
        chain = self._ca.chain(SELF, issued)
        return chain if whole or len(chain) < 3 else chain[:-1]

    def revoke(self, actor: Actor, body: bytes) -> None:  # noqa: ARG002  as above
        """Revoke a certificate for the account that ordered it, or the holder of its key (RFC 8555 §7.6)."""
        posted = self._desk.take(body, "/acme/revoke-cert", with_key=None)
        asked = posted.members
        reason = asked.get("reason", 0)
        if type(reason) is not int or reason not in _REASONS:
            raise RevocationReasonRefused(known=", ".join(map(str, sorted(_REASONS))))
        try:
            certificate = parse_certificate(bytes_in(asked.get("certificate"), "certificate"))
        except MalformedInput as error:
            raise AcmeError(detail="certificate") from error
        issued = self._ca.certificate(SELF, certificate.serial_number)
        if issued.der != certificate.der:
            raise AcmeError(detail="certificate")
        by = self._may_revoke(posted, issued)
        self._ca.revoke_for(by, issued.serial_number, RevocationReason(reason))

    def renewal(self, actor: Actor, name: str) -> tuple[Instant, Instant]:  # noqa: ARG002  for everyone
        """From when to when the certificate of that name should be renewed (RFC 9773 §4.1)."""
        return window(certificate_named(self._ca, name), self._ca.register.clock.now())

    def new_external(self, actor: Actor) -> tuple[str, str]:
        """A key for external account binding, for an operator to hand over: `kid` and secret, told this once."""
        self._permit(actor, "acme.new_external", Role.OPERATOR)
        return self._accounts.new_external(actor)

    def overview(self, actor: Actor, limit: int = _AT_ONCE) -> tuple[list[Account], list[Order]]:
        """The newest accounts and orders, for operators and auditors."""
        self._permit(actor, "acme.overview", Role.OPERATOR, Role.AUDITOR)
        with self._ca.register.database.reading() as connection:
            return store.accounts(connection, limit), store.orders(connection, limit)

    def tidy(self, actor: Actor) -> int:
        """Finish orders that were interrupted, and forget nonces that are too old; how many of both."""
        self._permit(actor, "acme.tidy", Role.OPERATOR, Role.SERVICE)
        register = self._ca.register
        with register.database.unit() as connection:
            forgotten = store.forget_nonces(connection, register.clock.now() - self.terms.nonce_life)
        return forgotten + self._finalizing.finish_interrupted()

    def account_url(self, account: Account) -> str:
        """An account's address."""
        return self._desk.account_url(account.id)

    def _status(self, found: Authorization) -> AuthorizationStatus:
        late = found.expires <= self._ca.register.clock.now()
        still = {AuthorizationStatus.PENDING, AuthorizationStatus.VALID}
        return AuthorizationStatus.EXPIRED if late and found.status in still else found.status

    def _may_revoke(self, posted: Posted, issued: IssuedCertificate) -> Actor:
        if posted.account is None:
            if issued.certificate.public_key.spki != spki_of(posted.key):
                raise AcmeUnauthorized(detail="key")
            return Actor(f"key of {issued.serial_number:x}", frozenset({Role.SERVICE}))
        with self._ca.register.database.reading() as connection:
            order = store.order_of_certificate(connection, issued.serial_number)
        if order is None or order.account != posted.account.id:
            raise AcmeUnauthorized(detail="account")
        return self._desk.actor(posted.account)

    def _permit(self, actor: Actor, action: str, *roles: Role) -> None:
        if actor.has(*roles):
            return
        register = self._ca.register
        with register.database.unit() as connection:
            register.audit.record(connection, actor, AuditEvent(action, "*", "refused"))
        raise NotPermitted(actor=actor.id, action=action)
