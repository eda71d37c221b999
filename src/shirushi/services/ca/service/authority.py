"""The certification authority as others know it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from shirushi.core.actor import Actor, Role, service_actor
from shirushi.core.algorithms import KeyType
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import Certificate, RevocationReason
from shirushi.core.instant import Instant
from shirushi.ports.audit import AuditLog
from shirushi.ports.clock import Clock, Entropy
from shirushi.ports.database import Database
from shirushi.ports.keys import KeyStore
from shirushi.ports.lint import Finding, Linter
from shirushi.services.ca import store
from shirushi.services.ca.model import (
    ApprovalNeeded,
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
from shirushi.services.ca.model.compromised import CompromisedKeys
from shirushi.services.ca.model.searching import Sought
from shirushi.services.ca.service.ceremonies import Ceremonies
from shirushi.services.ca.service.changing import Changing
from shirushi.services.ca.service.controlling import Controlling
from shirushi.services.ca.service.crossing import Crossing
from shirushi.services.ca.service.establishing import Establishing
from shirushi.services.ca.service.issuing import Completion, Draft, Issuing, issuer_of
from shirushi.services.ca.service.linting import Linting
from shirushi.services.ca.service.permitting import LOOKERS
from shirushi.services.ca.service.publishing import Publishing
from shirushi.services.ca.service.register import Register
from shirushi.services.ca.service.responding import OcspAnswer, Responding
from shirushi.services.ca.service.revoking import Revoking
from shirushi.services.ca.service.standing import Standings
from shirushi.services.ca.service.telling import Telling
from shirushi.services.ca.store import searching

_SELF = service_actor("ca")


class CertificateAuthority(Ceremonies, Changing, Crossing, Telling):
    """Establishes authorities, issues and revokes certificates, tells their status. Thread-safe.

    A serial number is durable before its certificate is signed, and a certificate, its state and its audit row before
    it leaves. Operators establish, issue and revoke; services may publish CRLs and renew responders as well; OCSP
    answers, CRLs and the authorities' own certificates are for everyone.

    It serves the ports `RevocationSource` and `CertificateRegister` for the certificates issued here.
    """

    def __init__(
        self,
        *,
        database: Database,
        keys: KeyStore,
        clock: Clock,
        entropy: Entropy,
        audit: AuditLog,
        linter: Linter | None = None,
        compromised: CompromisedKeys | None = None,
    ) -> None:
        self._register = Register(database, keys, clock, entropy, audit)
        self.compromised = compromised or CompromisedKeys()
        """The keys that are known to be compromised, for those who look before they ask."""
        self._issuing = Issuing(self._register, Linting(linter), self.compromised)
        standings = Standings(self._register)
        self._establishing = Establishing(self._register, self._issuing, standings)
        self._revoking = Revoking(self._register, standings)
        self._publishing = Publishing(self._register)
        self._responding = Responding(self._register, standings)
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

    def issue(self, actor: Actor, request: CertificateRequest) -> IssuedCertificate:
        """Issue a certificate. Whatever is raised, none has left.

        Raises `AuthorityUnknown`, `AuthorityExpired`, `AuthorityRevoked`, `ProfileUnknown`, `ProfileRefused`,
        `SubjectNameRefused`, `SubjectKeyRefused`, `SubjectKeyWeak`, `SubjectKeyCompromised`, `SubjectKeyReused`,
        `ValidityRefused`, `ValidityOutsideIssuer`, `LintRefused`, `ApprovalNeeded`, or what the key store raises. Where
        the authority has a successor, that issues.
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
            if profile(request.profile).four_eyes:
                raise ApprovalNeeded(profile=request.profile)
            drafts.append(self._draft(request))
        return self._issuing.issue(actor, drafts)

    @property
    def register(self) -> Register:
        """The ports and authorities, for those who issue on behalf of applicants."""
        return self._register

    def issue_for(
        self, actor: Actor, request: CertificateRequest, also: Completion | None = None
    ) -> IssuedCertificate:
        """Issue for an applicant who was proven elsewhere: ACME, EST, an approved request. Raises as `issue`.

        `also` is remembered in the unit in which the certificate is kept; where it raises, none is.
        """
        self._permit(actor, "ca.issue", request.authority, Role.SERVICE, Role.OPERATOR)
        (made,) = self._issuing.issue(actor, [self._draft(request)], also)
        return made

    def tried(
        self, request: CertificateRequest
    ) -> tuple[tuple[Instant, Instant], tuple[Finding, ...] | None]:
        """What `issue_for` would make now: its validity, and what the linter says of it. Raises as that; nothing is made."""
        draft = self._draft(request)
        return (draft.not_before, draft.not_after), self._issuing.tried(draft)

    def revoke_for(self, actor: Actor, serial_number: int, reason: RevocationReason) -> Revocation:
        """Revoke for a subscriber who was proven elsewhere. Raises as `revoke`."""
        self._permit(actor, "ca.revoke", f"{serial_number:x}", Role.SERVICE, Role.OPERATOR)
        return self._revoking.revoke(actor, serial_number, reason, None)

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
        if profile(found.profile).four_eyes:
            raise ApprovalNeeded(profile=found.profile)
        (made,) = self._issuing.issue(actor, [self._draft(request)])
        return self.chain(actor, made)

    def _draft(self, request: CertificateRequest) -> Draft:
        """A draft under the authority that is asked, or under its successor once that stands."""
        if profile(request.profile).kind is not ProfileKind.END_ENTITY:
            raise ProfileRefused(name=request.profile)
        authority = self._register.successor(self._register.authority(request.authority))
        return self._issuing.draft(issuer_of(authority), request)

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

    def renew_responders(self, actor: Actor) -> int:
        """Give authorities new OCSP responders where those that they have are in the last third of their validity.

        How many there were. What fails for one authority is raised after all were tried.
        """
        self._permit(actor, "ca.renew_responders", "*", Role.OPERATOR, Role.SERVICE)
        return self._for_all(lambda authority: self._establishing.renew_responder(actor, authority))

    def publish_crl(self, actor: Actor, authority: str, partition: int = 0) -> bytes:
        """Sign an authority's complete CRL anew: its DER. Numbers only rise (RFC 5280 §5.2.3)."""
        self._permit(actor, "ca.publish_crl", authority, Role.OPERATOR, Role.SERVICE)
        return self._publishing.publish(actor, self._register.authority(authority), partition).der

    def renew_crls(self, actor: Actor) -> int:
        """Publish the CRLs that are due, of all authorities that are valid now; how many there were.

        What fails for one authority is raised after all were tried.
        """
        self._permit(actor, "ca.renew_crls", "*", Role.OPERATOR, Role.SERVICE)
        return self._for_all(lambda authority: self._publishing.renew(actor, authority))

    def _for_all(self, work: Callable[[Authority], int]) -> int:
        """Do it for all authorities that are valid now; what it counts. Failures are raised at the end, the first of them."""
        done, failure, now = 0, None, self._register.clock.now()
        for authority in self._register.authorities():
            if authority.certificate.not_before <= now <= authority.certificate.not_after:
                try:
                    done += work(authority)
                except ShirushiError as error:
                    failure = failure or error
        if failure:
            raise failure
        return done

    def crl(self, actor: Actor, authority: str, partition: int = 0) -> bytes:
        """An authority's current CRL in DER; a new one where the published one is out of date."""
        return self.current_crl(actor, authority, partition).der

    def current_crl(self, actor: Actor, authority: str, partition: int = 0) -> CrlRecord:  # noqa: ARG002  it is for everyone
        """An authority's current CRL, as `crl`, with its number and dates; raises `CrlUnknown` for no such partition."""
        return self._publishing.current(_SELF, self._register.authority(authority), partition)

    def current_delta(self, actor: Actor, authority: str, partition: int = 0) -> CrlRecord:  # noqa: ARG002  as above
        """An authority's current delta CRL (RFC 5280 §5.2.4); raises `CrlUnknown` where it publishes none."""
        return self._publishing.current_delta(_SELF, self._register.authority(authority), partition)

    def latest_crl(self, actor: Actor, authority: str) -> CrlRecord | None:  # noqa: ARG002  as above
        """The CRL that was published last, whatever its age; None before the first."""
        return self._publishing.latest(self._register.authority(authority))

    def answer_ocsp(self, actor: Actor, request: bytes) -> bytes:  # noqa: ARG002  it is for everyone
        """The OCSPResponse to an OCSPRequest, both in DER.

        The nonce comes back; each certificate is named as the request named it. A serial number under which nothing
        was issued is unknown; what names none of our authorities, or one without a valid responder, is answered
        `unauthorized` (RFC 6960 §2.3); what is no request, `malformedRequest`; where the key or the database fails,
        `internalError`, and the log says why. No answer writes an audit row: it changes nothing.
        """
        return self._responding.answer(request).response

    def answers(self, actor: Actor, requests: Sequence[bytes]) -> Sequence[OcspAnswer]:  # noqa: ARG002  as above
        """The answers to OCSPRequests that arrived together, as `answer_ocsp`, and for how long caches may keep them."""
        return self._responding.answer_all(requests)

    def certificate(self, actor: Actor, serial_number: int) -> IssuedCertificate:
        """The certificate of that serial number, with its revocation; raises `CertificateUnknown`."""
        self._permit(actor, "ca.certificate", f"{serial_number:x}", *LOOKERS)
        with self._register.database.reading() as connection:
            found = store.issued(connection, serial_number)
        if found is None:
            raise CertificateUnknown(certificate=f"{serial_number:x}")
        return found

    def certificates(
        self,
        actor: Actor,
        *,
        sought: Sought | None = None,
        after: tuple[Instant, int] | None = None,
        limit: int = 100,
    ) -> CertificatePage:
        """Issued certificates, newest first; those that end before a moment, soonest first.

        `after` is the `following` of the page before: the notBefore, or else the notAfter, and the serial number of the
        last on it.
        """
        sought = sought or Sought()
        self._permit(actor, "ca.certificates", sought.authority or "*", *LOOKERS)
        with self._register.database.reading() as connection:
            found = searching.page(connection, sought, self._register.clock.now(), limit + 1, after)
        if len(found) <= limit:
            return CertificatePage(tuple(found))
        last = found[limit - 1]
        first = last.not_before if sought.ends_before is None else last.not_after
        return CertificatePage(tuple(found[:limit]), (first, last.serial_number))

    def count(self, actor: Actor, sought: Sought) -> int:
        """How many certificates fit."""
        self._permit(actor, "ca.certificates", sought.authority or "*", *LOOKERS)
        with self._register.database.reading() as connection:
            return searching.count(connection, sought, self._register.clock.now())

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
        partition = authority.definition.partition_of(certificate.serial_number)
        found = [
            self._responding.status_of(authority, certificate.serial_number),
            self._publishing.current(_SELF, authority, partition).der,
            self._publishing.at(authority, at, partition),
        ]
        return tuple(dict.fromkeys(filter(None, found)))

    def issuers(self, certificate: Certificate) -> Iterable[bytes]:
        """The certificates of our authorities that bear the name of the certificate's issuer."""
        own = [
            a.certificate for a in self._register.authorities() if a.certificate.subject == certificate.issuer
        ]
        with self._register.database.reading() as connection:
            crossed = store.issued_for(connection, certificate.issuer.der, "cross")
        return tuple(dict.fromkeys([*(each.der for each in own), *(each.der for each in crossed)]))

    def revoked_at(self, certificate: Certificate) -> Instant | None:
        """When a certificate of ours was revoked; None where it was not, or where others issued it."""
        with self._register.database.reading() as connection:
            found = store.issued_by_id(connection, certificate.id)
        return found.revocation.revocation_time if found and found.revocation else None
