"""Credentials: taken in, found, checked for use, and their keys opened under a PIN that is counted."""

from __future__ import annotations

from collections.abc import Sequence

from shirushi.codecs.asn1.pem import certificates_in, to_pem
from shirushi.core.actor import Actor, Role
from shirushi.core.algorithms import DigestAlgorithm, SignatureAlgorithm
from shirushi.core.errors import NotPermitted
from shirushi.core.evidence import Certificate
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.reason import Reason
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database, hold
from shirushi.ports.keys import KeyStore, PinRejected, Signer
from shirushi.ports.trust import CertificateRegister
from shirushi.rules.suites import AlgorithmCatalogue, acceptable, acceptable_digest
from shirushi.services.signing import store
from shirushi.services.signing.model import (
    AlgorithmRetired,
    AlgorithmUnlisted,
    Credential,
    CredentialExists,
    CredentialExpired,
    CredentialKind,
    CredentialPage,
    CredentialRevoked,
    CredentialUnknown,
    PinLocked,
    WrongPin,
)


class Credentials:
    """Who may sign with what."""

    def __init__(
        self,
        *,
        keys: KeyStore,
        register: CertificateRegister,
        algorithms: AlgorithmCatalogue,
        database: Database,
        clock: Clock,
        audit: AuditLog,
        pin_attempts: int,
    ) -> None:
        self._keys = keys
        self._register = register
        self._algorithms = algorithms
        self._database = database
        self._clock = clock
        self._audit = audit
        self._pin_attempts = pin_attempts

    def enrol(
        self, actor: Actor, id_: str, kind: CredentialKind, key_label: str, chain: Sequence[Certificate]
    ) -> Credential:
        """Take in a key of the key store with its certificate chain; raises `CredentialExists`."""
        if not actor.has(Role.OPERATOR):
            raise NotPermitted(actor=actor.id, action="signing.enrol")
        key = self._keys.reference(key_label)
        with self._database.unit() as connection:
            hold(connection, f"signing_credential {id_}")
            if store.find(connection, id_):
                raise CredentialExists(id=id_)
            store.add(connection, id_, kind, key_label, "".join(map(to_pem, chain)))
            self._audit.record(
                connection, actor, AuditEvent("signing.enrol", id_, detail={"certificate": chain[0].id})
            )
        return Credential(id_, kind, key, tuple(chain))

    def find(self, actor: Actor, id_: str) -> Credential:
        """The credential of that name; raises `CredentialUnknown`, `NotPermitted`."""
        permit(actor, id_, "signing.credential")
        with self._database.reading() as connection:
            found = store.find(connection, id_)
            if found is None:
                visible = store.names(connection) if actor.has(Role.OPERATOR, Role.AUDITOR) else ()
                raise CredentialUnknown(id=id_, known=", ".join(visible) or "-")
        kind, key_label, chain = found
        return Credential(id_, kind, self._keys.reference(key_label), certificates_in(chain.encode()))

    def page(self, actor: Actor, after: str, limit: int) -> CredentialPage:
        """The credentials that follow `after`: all for operators and auditors, their own for others."""
        only = None if actor.has(Role.OPERATOR, Role.AUDITOR) else actor.id
        with self._database.reading() as connection:
            rows = store.page(connection, after, limit, only)
        found = tuple(
            (Credential(id_, kind, self._keys.reference(label), certificates_in(chain.encode())), pin)
            for id_, kind, label, chain, pin in rows
        )
        return CredentialPage(found, rows[-1][0] if len(rows) == limit else None)

    def check_usable(self, credential: Credential, algorithm: SignatureAlgorithm, now: Instant) -> None:
        """Raise `CredentialExpired`, `CredentialRevoked`, `AlgorithmRetired` or `AlgorithmUnlisted`."""
        certificate = credential.chain[0]
        if not certificate.not_before <= now <= certificate.not_after:
            raise CredentialExpired(id=credential.id, not_after=rfc3339(certificate.not_after))
        revoked_at = self._register.revoked_at(certificate)
        if revoked_at is not None:
            raise CredentialRevoked(id=credential.id, revoked_at=rfc3339(revoked_at))
        self.check_algorithm(algorithm, certificate, now)

    def check_algorithm(self, algorithm: SignatureAlgorithm, certificate: Certificate, now: Instant) -> None:
        """Raise `AlgorithmRetired` or `AlgorithmUnlisted` for what the catalogue does not hold reliable now."""
        _refuse(acceptable(algorithm, certificate.public_key, now, self._algorithms))

    def check_digest(self, algorithm: DigestAlgorithm, now: Instant) -> None:
        """As `check_algorithm`, for a digest."""
        _refuse(acceptable_digest(algorithm, now, self._algorithms))

    def activate(self, actor: Actor, credential: Credential, pin: str | None) -> Signer:
        """Open the key. The attempt is durable before the PIN is tried, so that no crash makes one for free."""
        if not credential.key.pin_protected:
            return self._keys.signer(credential.key.label)
        with self._database.unit() as connection:
            if store.pin_state(connection, credential.id).locked_at is not None:
                raise PinLocked(id=credential.id)
            failures = store.count_pin_attempt(connection, credential.id)
            if failures >= self._pin_attempts:
                store.lock(connection, credential.id, self._clock.now())
        if failures > self._pin_attempts:
            raise PinLocked(id=credential.id)
        try:
            signer = self._keys.signer(credential.key.label, pin)
        except PinRejected:
            remaining = max(self._pin_attempts - failures, 0)
            with self._database.unit() as connection:
                self._audit.record(
                    connection,
                    actor,
                    AuditEvent("signing.activate", credential.id, "refused", {"failures": failures}),
                )
            raise WrongPin(id=credential.id, remaining=remaining) from None
        with self._database.unit() as connection:
            store.forgive_pin_failures(connection, credential.id)
        return signer


def permit(actor: Actor, credential_id: str, action: str) -> None:
    """Operators may use every credential (a person's still takes its PIN); others their own."""
    if not actor.has(Role.OPERATOR) and actor.id != credential_id:
        raise NotPermitted(actor=actor.id, action=action)


def _refuse(reason: Reason | None) -> None:
    if reason is not None:
        retired = reason.code == "ALGORITHM_EXPIRED"
        raise (AlgorithmRetired if retired else AlgorithmUnlisted)(**dict(reason.parameters))
