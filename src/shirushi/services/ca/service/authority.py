"""The certification authority as others know it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shirushi.core.actor import Actor, Role, service_actor
from shirushi.core.algorithms import KeyType
from shirushi.core.errors import NotPermitted, ShirushiError
from shirushi.core.evidence import Certificate, RevocationReason
from shirushi.core.instant import Instant
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.clock import Clock, Entropy
from shirushi.ports.database import Database
from shirushi.ports.keys import KeyStore
from shirushi.services.ca import store
from shirushi.services.ca.model import (
    Authority,
    AuthorityDefinition,
    CertificatePage,
    CertificateRequest,
    CertificateUnknown,
    CrlRecord,
    DistinguishedName,
    IssuedCertificate,
    ProfileKind,
    ProfileRefused,
    Revocation,
    profile,
)
from shirushi.services.ca.model.control import Control, Motion, Officer
from shirushi.services.ca.service.controlling import Controlling
from shirushi.services.ca.service.establishing import Establishing
from shirushi.services.ca.service.issuing import Issuing, issuer_of
from shirushi.services.ca.service.register import Register
from shirushi.services.ca.service.responding import Responding
from shirushi.services.ca.service.revoking import Revoking

_SELF = service_actor("ca")


class CertificateAuthority:
    """Establishes authorities, issues and revokes certificates, tells their status. Thread-safe.

    A serial number is durable before its certificate is signed, and a certificate, its state and its audit row before
    it leaves. Operators establish, issue and revoke; services may publish CRLs and renew responders as well; OCSP
    answers, CRLs and the authorities' own certificates are for everyone.

    It serves the ports `RevocationSource` and `CertificateRegister` for the certificates issued here.
    """

    def __init__(
        self, *, database: Database, keys: KeyStore, clock: Clock, entropy: Entropy, audit: AuditLog
    ) -> None:
        self._register = Register(database, keys, clock, entropy, audit)
        self._issuing = Issuing(self._register)
        self._establishing = Establishing(self._register, self._issuing)
        self._revoking = Revoking(self._register)
        self._responding = Responding(self._register)
        self._controlling = Controlling(self._register, self._establishing)

    def establish_root(self, actor: Actor, definition: AuthorityDefinition) -> Authority:
        """Make a root authority: its key, and the certificate that it signs for itself.

        What an interruption left half done is taken up again. Raises `DefinitionRefused`, `SubjectNameRefused`,
        `ValidityRefused`, `AuthorityExists`.
        """
        self._permit(actor, "ca.establish_root", definition.name, Role.OPERATOR)
        return self._establishing.authority(actor, definition, None)

    def establish_issuing(self, actor: Actor, definition: AuthorityDefinition, issuer: str) -> Authority:
        """Make an authority below `issuer`.

        Raises as `establish_root`, and `AuthorityUnknown`, `AuthorityExpired`, `AuthorityRevoked`,
        `ValidityOutsideIssuer`.
        """
        self._permit(actor, "ca.establish_issuing", definition.name, Role.OPERATOR)
        return self._establishing.authority(actor, definition, issuer)

    def establish_responder(
        self,
        actor: Actor,
        authority: str,
        *,
        subject: DistinguishedName | None = None,
        key_type: KeyType | None = None,
        key_label: str | None = None,
    ) -> IssuedCertificate:
        """Give an authority a new OCSP responder (RFC 6960 §2.6), which answers from now on.

        Its key is of the authority's type where none is said; `key_label` names a key that is in the store already.
        """
        self._permit(actor, "ca.establish_responder", authority, Role.OPERATOR, Role.SERVICE)
        return self._establishing.responder(actor, authority, subject, key_type, key_label)

    def enrol_officer(self, actor: Actor, name: str, pin: str) -> Officer:
        """Enrol an officer, whose key approves under a PIN that only they know.

        Raises `OfficerExists`, `ControlRefused` for a PIN of fewer than 8 characters.
        """
        self._permit(actor, "ca.enrol_officer", name, Role.OPERATOR)
        return self._controlling.enrol(actor, name, pin)

    def officers(self, actor: Actor) -> tuple[Officer, ...]:
        """All officers."""
        self._permit(actor, "ca.officers", "*", *_LOOKERS)
        return self._controlling.officers()

    def begin_ceremony(
        self, actor: Actor, definition: AuthorityDefinition, control: Control, issuer: str | None = None
    ) -> Motion:
        """Open the ceremony that makes an authority under dual control; nothing is made before enough officers approve.

        Raises `DefinitionRefused`, `ControlRefused`, `OfficerUnknown`, `CeremonyOpen`, `AuthorityExists`.
        """
        self._permit(actor, "ca.begin_ceremony", definition.name, Role.OPERATOR)
        return self._controlling.begin_ceremony(actor, definition, issuer, control)

    def open_ceremony(self, actor: Actor, authority: str) -> Motion | None:
        """The ceremony for an authority that is under way, or None."""
        self._permit(actor, "ca.open_ceremony", authority, *_LOOKERS)
        return self._controlling.open_ceremony(authority)

    def complete_ceremony(self, actor: Actor, motion: str) -> Motion:
        """Make key, certificate and protocol; what an interruption left half done is taken up again.

        Raises `ApprovalsMissing`, `MotionClosed`, and as `establish_root` and `establish_issuing`.
        """
        self._permit(actor, "ca.complete_ceremony", motion, Role.OPERATOR)
        return self._controlling.complete_ceremony(actor, motion)

    def abandon_ceremony(self, actor: Actor, motion: str) -> None:
        """End a ceremony whose authority does not stand yet; a key that it made is destroyed. Raises `MotionClosed`."""
        self._permit(actor, "ca.abandon_ceremony", motion, Role.OPERATOR)
        self._controlling.close(actor, motion)

    def open_activation(self, actor: Actor, authority: str, hours: int | None = None) -> Motion:
        """Ask the officers to let an authority's key sign certificates and CRLs, for so many hours at most.

        Raises `AuthorityUnknown`, `ControlRefused` where the authority is exempt.
        """
        self._permit(actor, "ca.open_activation", authority, Role.OPERATOR)
        return self._controlling.open_activation(actor, authority, hours)

    def approve(self, actor: Actor, motion: str, officer: str, pin: str) -> Motion:
        """Take an officer's approval; the motion as it stands then.

        Raises `MotionClosed`, `OfficerUnknown`, `OfficerTwice`, `OfficerPinRejected` (counted durably before the PIN is
        tried), `OfficerLocked`.
        """
        self._permit(actor, "ca.approve", officer, Role.OPERATOR)
        return self._controlling.approve(actor, motion, officer, pin)

    def deactivate(self, actor: Actor, authority: str) -> None:
        """Let an authority's key sign no more, until its officers activate it again."""
        self._permit(actor, "ca.deactivate", authority, Role.OPERATOR)
        self._controlling.deactivate(actor, self._register.authority(authority).name)

    def issue(self, actor: Actor, request: CertificateRequest) -> IssuedCertificate:
        """Issue a certificate. Whatever is raised, none has left.

        Raises `AuthorityUnknown`, `AuthorityExpired`, `AuthorityRevoked`, `ProfileUnknown`, `ProfileRefused`,
        `SubjectNameRefused`, `SubjectKeyRefused`, `SubjectKeyWeak`, `SubjectKeyReused`, `ValidityRefused`,
        `ValidityOutsideIssuer`, or what the key store raises.
        """
        (issued,) = self.issue_all(actor, [request])
        return issued

    def issue_all(
        self, actor: Actor, requests: Sequence[CertificateRequest]
    ) -> tuple[IssuedCertificate, ...]:
        """Issue many certificates in one, or none: two durable writes for all. Raises as `issue`."""
        for request in requests:
            self._permit(actor, "ca.issue", request.authority, Role.OPERATOR)
        drafts = []
        for request in requests:
            if profile(request.profile).kind is not ProfileKind.END_ENTITY:
                raise ProfileRefused(name=request.profile)
            issuer = issuer_of(self._register.authority(request.authority))
            drafts.append(self._issuing.draft(issuer, request))
        return self._issuing.issue(actor, drafts)

    def renew(self, actor: Actor, certificate: Certificate, public_key: bytes) -> tuple[Certificate, ...]:
        """A certificate for another key, like `certificate`, which was issued here; with those above it.

        It has the same subject, profile and issuer, and the validity of a new one. Raises as `issue`, and
        `CertificateUnknown` where others issued `certificate`.
        """
        self._permit(actor, "ca.renew", f"{certificate.serial_number:x}", Role.OPERATOR, Role.SERVICE)
        with self._register.database.reading() as connection:
            found = store.issued_by_id(connection, certificate.id)
        if found is None:
            raise CertificateUnknown(certificate=certificate.id)
        request = CertificateRequest(
            authority=found.authority,
            profile=found.profile,
            subject=DistinguishedName.decode(certificate.subject.der),
            public_key=public_key,
            alternative_names=certificate.extensions.subject_alternative_names,
        )
        issuer = issuer_of(self._register.authority(found.authority))
        (made,) = self._issuing.issue(actor, [self._issuing.draft(issuer, request)])
        return self.chain(actor, made)

    def revoke(
        self, actor: Actor, serial_number: int, reason: RevocationReason, at: Instant | None = None
    ) -> Revocation:
        """Revoke a certificate, as of `at` or now; OCSP tells it at once, and the next CRL.

        To say the same again changes nothing and gives what stands. A certificate on hold may be revoked for good, as
        of the time of the hold where `at` is None. Raises `CertificateUnknown`, `AlreadyRevoked`, and
        `RevocationRefused` for a time in the future or before the certificate's validity.
        """
        self._permit(actor, "ca.revoke", f"{serial_number:x}", Role.OPERATOR)
        return self._revoking.revoke(actor, serial_number, reason, at)

    def publish_crl(self, actor: Actor, authority: str) -> bytes:
        """Sign the authority's complete CRL anew: its DER. Numbers only rise (RFC 5280 §5.2.3)."""
        self._permit(actor, "ca.publish_crl", authority, Role.OPERATOR, Role.SERVICE)
        return self._revoking.publish(actor, self._register.authority(authority)).der

    def renew_crls(self, actor: Actor) -> int:
        """Publish the CRLs that are due, of all authorities that are valid now; how many there were.

        What fails for one authority is raised after all were tried.
        """
        self._permit(actor, "ca.renew_crls", "*", Role.OPERATOR, Role.SERVICE)
        renewed, failure, now = 0, None, self._register.clock.now()
        for authority in self._register.authorities():
            if authority.certificate.not_before <= now <= authority.certificate.not_after:
                try:
                    renewed += self._revoking.renew(actor, authority)
                except ShirushiError as error:
                    failure = failure or error
        if failure:
            raise failure
        return renewed

    def crl(self, actor: Actor, authority: str) -> bytes:
        """The authority's current CRL in DER; a new one where the published one is out of date."""
        return self.current_crl(actor, authority).der

    def current_crl(self, actor: Actor, authority: str) -> CrlRecord:  # noqa: ARG002  as above
        """The authority's current CRL, as `crl`, with its number and dates."""
        return self._revoking.current(_SELF, self._register.authority(authority))

    def latest_crl(self, actor: Actor, authority: str) -> CrlRecord | None:  # noqa: ARG002  as above
        """The CRL that was published last, whatever its age; None before the first."""
        return self._revoking.latest(self._register.authority(authority))

    def answer_ocsp(self, actor: Actor, request: bytes) -> bytes:  # noqa: ARG002  it is for everyone
        """The OCSPResponse to an OCSPRequest, both in DER.

        The nonce comes back; each certificate is named as the request named it. A serial number under which nothing
        was issued is unknown; what names none of our authorities, or one without a valid responder, is answered
        `unauthorized` (RFC 6960 §2.3); what is no request, `malformedRequest`; where the key or the database fails,
        `internalError`, and the log says why. No answer writes an audit row: it changes nothing.
        """
        return self._responding.answer(request)

    def certificate(self, actor: Actor, serial_number: int) -> IssuedCertificate:
        """The certificate of that serial number, with its revocation; raises `CertificateUnknown`."""
        self._permit(actor, "ca.certificate", f"{serial_number:x}", *_LOOKERS)
        with self._register.database.reading() as connection:
            found = store.issued(connection, serial_number)
        if found is None:
            raise CertificateUnknown(certificate=f"{serial_number:x}")
        return found

    def certificates(
        self,
        actor: Actor,
        *,
        before: tuple[Instant, int] | None = None,
        limit: int = 100,
        authority: str | None = None,
        profile: str | None = None,
        revoked: bool | None = None,
    ) -> CertificatePage:
        """Issued certificates, newest first; `before` is the notBefore and serial number of the one they follow."""
        self._permit(actor, "ca.certificates", authority or "*", *_LOOKERS)
        with self._register.database.reading() as connection:
            found = store.issued_page(
                connection,
                limit + 1,
                before=before,
                authority_name=authority,
                profile=profile,
                revoked=revoked,
            )
        return CertificatePage(tuple(found[:limit]), len(found) > limit)

    def authority(self, actor: Actor, name: str) -> Authority:  # noqa: ARG002  it is for everyone
        """The authority of that name; raises `AuthorityUnknown`."""
        return self._register.authority(name)

    def authorities(self, actor: Actor) -> tuple[Authority, ...]:  # noqa: ARG002  they are for everyone
        """All established authorities."""
        return self._register.authorities()

    def chain(self, actor: Actor, certificate: Certificate | IssuedCertificate) -> tuple[Certificate, ...]:  # noqa: ARG002
        """The certificate and those above it, up to the root; raises `CertificateUnknown` where others issued it."""
        if isinstance(certificate, IssuedCertificate):
            certificate = certificate.certificate
        with self._register.database.reading() as connection:
            found = store.issued_by_id(connection, certificate.id)
        if found is None:
            raise CertificateUnknown(certificate=certificate.id)
        above = [a.certificate for a in self._register.upwards(self._register.authority(found.authority))]
        return (certificate, *(c for c in above if c.id != certificate.id))

    def revocation_data(self, certificate: Certificate, issuer: Certificate, at: Instant) -> Iterable[bytes]:
        """The present OCSP answer and CRL on a certificate of ours, and the CRL that was current at `at`."""
        authority = self._register.of_certificate(issuer)
        if authority is None or certificate.issuer != issuer.subject:
            return ()
        found = [
            self._responding.status_of(authority, certificate.serial_number),
            self._revoking.current(_SELF, authority).der,
            self._revoking.at(authority, at),
        ]
        return tuple(dict.fromkeys(filter(None, found)))

    def issuers(self, certificate: Certificate) -> Iterable[bytes]:
        """The certificates of our authorities that bear the name of the certificate's issuer."""
        return tuple(
            authority.certificate.der
            for authority in self._register.authorities()
            if authority.certificate.subject == certificate.issuer
        )

    def revoked_at(self, certificate: Certificate) -> Instant | None:
        """When a certificate of ours was revoked; None where it was not, or where others issued it."""
        with self._register.database.reading() as connection:
            found = store.issued_by_id(connection, certificate.id)
        return found.revocation.revocation_time if found and found.revocation else None

    def _permit(self, actor: Actor, action: str, subject: str, *roles: Role) -> None:
        """Raise `NotPermitted`, and have the refusal on record, where the actor has none of `roles`."""
        if actor.has(*roles):
            return
        with self._register.database.unit() as connection:
            self._register.audit.record(connection, actor, AuditEvent(action, subject, "refused"))
        raise NotPermitted(actor=actor.id, action=action)


_LOOKERS = (Role.OPERATOR, Role.AUDITOR, Role.SERVICE)
