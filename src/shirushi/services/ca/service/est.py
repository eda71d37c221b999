"""The EST server (RFC 7030): devices enrol with a code, and renew with the certificate that they have."""

from __future__ import annotations

import binascii
import hashlib
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from hmac import compare_digest

from sqlalchemy import Connection

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.certs_only import certs_only
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.actor import Actor, Role, service_actor
from shirushi.core.errors import MalformedInput, NotPermitted
from shirushi.core.evidence import Certificate
from shirushi.core.instant import Instant
from shirushi.ports.audit import AuditEvent
from shirushi.services.ca.model import (
    CertificateRequest,
    CertificateUnknown,
    DistinguishedName,
    IssuedCertificate,
    SubjectNameRefused,
    profile,
)
from shirushi.services.ca.model.compromised import CompromisedKeys
from shirushi.services.ca.model.est import (
    EnrolmentCode,
    EnrolmentCodeRefused,
    EstCmcRefused,
    EstCredentialsRefused,
    EstKeysNotMade,
    EstLabelUnknown,
    EstReenrolRefused,
    EstTerms,
)
from shirushi.services.ca.model.homographs import check_text
from shirushi.services.ca.model.refusals import RequestMalformedPkcs10
from shirushi.services.ca.model.subject_request import ProvenRequest, prove
from shirushi.services.ca.service.authority import CertificateAuthority
from shirushi.services.ca.service.issuing import Completion
from shirushi.services.ca.service.requesting import Requests
from shirushi.services.ca.store import enrolment as store

_SELF = service_actor("est")
_AT_ONCE = 100
_EXTENSION_REQUEST = der.oid("1.2.840.113549.1.9.14")
_SHA256_ECDSA = der.oid("1.2.840.10045.4.3.2")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a device showed: the certificate of its TLS connection, and HTTP Basic credentials."""

    certificate: bytes | None = field(default=None, repr=False)
    authorization: str = field(default="", repr=False)


class EstServer:
    """Enrols devices. Thread-safe; codes are used once among all processes of all nodes.

    Who asks is known by the code or certificate that the device shows; what is done is on record under that name.
    """

    def __init__(
        self,
        *,
        ca: CertificateAuthority,
        requests: Requests,
        terms: Sequence[EstTerms],
        compromised: CompromisedKeys,
    ) -> None:
        self.terms = {each.label: each for each in terms}
        self._ca = ca
        self._requests = requests
        self._compromised = compromised

    def ca_certificates(self, actor: Actor, label: str) -> bytes:  # noqa: ARG002  for everyone
        """The authority's certificate with those above it, certs-only (RFC 7030 §4.1)."""
        authority = self._ca.register.authority(self._terms(label).authority)
        return certs_only(each.certificate.der for each in self._ca.register.upwards(authority))

    def attributes(self, actor: Actor, label: str) -> bytes:  # noqa: ARG002  for everyone
        """CsrAttrs: requests may be signed with ECDSA and ask for extensions (RFC 7030 §4.5.2)."""
        self._terms(label)
        return der.sequence(_EXTENSION_REQUEST, _SHA256_ECDSA)

    def enrol(self, actor: Actor, label: str, shown: Shown, body: bytes) -> bytes:
        """A first certificate, for a code or a certificate of ours (RFC 7030 §4.2.1).

        A code is for one certificate. A device that did not get it asks again with the code and its key, and gets the same.
        """
        terms = self._terms(label)
        code = self._code(terms, shown)
        if code is None:
            old = self._certificate(terms, shown)
            if old is None:
                self._refused(terms, "credentials")
                raise EstCredentialsRefused
            return self._renewed(terms, old, body)
        proven = self._proven(terms, body)
        if code.used_at is not None:
            return self._given_before(terms, code, proven)
        common = next((v for kind, v in proven.subject.attributes if kind == "commonName"), None)
        if code.subject is not None and common != code.subject:
            self._refused(terms, "subject")
            raise EstReenrolRefused(detail="commonName")
        kind = profile(terms.profile)
        kind.check_subject(proven.subject)
        self._requests.check_key_free(proven)
        register = self._ca.register

        def kept(connection: Connection, issued: IssuedCertificate) -> None:
            if not store.use_code(connection, code.id, register.clock.now(), issued.serial_number):
                raise EstCredentialsRefused

        actor = Actor(f"est:{code.id}", frozenset({Role.SERVICE}))
        return self._issued(actor, terms, proven, kept)

    def reenrol(self, actor: Actor, label: str, shown: Shown, body: bytes) -> bytes:  # noqa: ARG002  as above
        """A further certificate for the subject of the one that is shown (RFC 7030 §4.2.2)."""
        terms = self._terms(label)
        old = self._certificate(terms, shown)
        if old is None:
            self._refused(terms, "certificate")
            raise EstCredentialsRefused
        return self._renewed(terms, old, body)

    def make_keys(self, actor: Actor, label: str) -> bytes:  # noqa: ARG002  nobody's
        """Refused: devices make their own keys (RFC 7030 §4.4)."""
        self._terms(label)
        raise EstKeysNotMade

    def full_cmc(self, actor: Actor, label: str) -> bytes:  # noqa: ARG002  nobody's
        """Refused: requests are PKCS#10 alone (RFC 7030 §4.3 is optional)."""
        self._terms(label)
        raise EstCmcRefused

    def new_code(
        self, actor: Actor, label: str = "", subject: str | None = None
    ) -> tuple[EnrolmentCode, str]:
        """A code for one enrolment, and the password that is told this once. Raises `EnrolmentCodeRefused`."""
        self._permit(actor, "est.new_code", Role.OPERATOR)
        terms = self._terms(label)
        if subject is not None:
            try:
                DistinguishedName.of(commonName=subject).encode()
                check_text("commonName", subject)
            except SubjectNameRefused as error:
                raise EnrolmentCodeRefused(detail=error) from error
        register = self._ca.register
        now = register.clock.now()
        made = EnrolmentCode(
            register.entropy.bytes(5).hex(), label, subject, actor.id, now, now + terms.code_life
        )
        secret = register.entropy.bytes(16).hex()
        with register.database.unit() as connection:
            store.add_code(connection, made, _digest(made.id, secret))
            register.audit.record(connection, actor, AuditEvent("est.new_code", made.id))
        return made, secret

    def codes(self, actor: Actor) -> list[EnrolmentCode]:
        """The codes that were made last."""
        self._permit(actor, "est.codes", Role.OPERATOR, Role.AUDITOR)
        with self._ca.register.database.reading() as connection:
            return store.codes(connection, _AT_ONCE)

    def now(self) -> Instant:
        """The present, for telling which codes are too old."""
        return self._ca.register.clock.now()

    def _given_before(self, terms: EstTerms, code: EnrolmentCode, proven: ProvenRequest) -> bytes:
        """The certificate that came of the code, for the key that it was issued for."""
        issued = self._ca.certificate(_SELF, code.serial_number or 0)
        if issued.certificate.public_key.spki != proven.spki or issued.revocation is not None:
            self._refused(terms, "code used")
            raise EstCredentialsRefused
        return certs_only([issued.der])

    def _renewed(self, terms: EstTerms, old: IssuedCertificate, body: bytes) -> bytes:
        proven, certificate = self._proven(terms, body), old.certificate
        names = set(certificate.extensions.subject_alternative_names)
        same = certificate.subject.der == proven.request.subject or (
            DistinguishedName.decode(certificate.subject.der) == proven.subject
        )
        if not same or set(proven.alternative_names) != names:
            self._refused(terms, "other subject")
            raise EstReenrolRefused(detail="subject, subjectAltName")
        self._requests.check_key_free(proven)
        actor = Actor(f"est:{old.serial_number:x}", frozenset({Role.SERVICE}))
        return self._issued(actor, terms, proven, None)

    def _issued(self, actor: Actor, terms: EstTerms, proven: ProvenRequest, kept: Completion | None) -> bytes:
        request = CertificateRequest(
            terms.authority, terms.profile, proven.subject, proven.spki, proven.alternative_names
        )
        issued = self._ca.issue_for(actor, request, kept)
        return certs_only([issued.der])

    def _proven(self, terms: EstTerms, body: bytes) -> ProvenRequest:
        try:
            request = b64decode(b"".join(body.split()), validate=True)
        except binascii.Error:
            raise RequestMalformedPkcs10(detail="base64 (RFC 7030 §4.2.1)") from None
        return prove(request, profile(terms.profile), self._compromised)

    def _code(self, terms: EstTerms, shown: Shown) -> EnrolmentCode | None:
        """The code that is shown by HTTP Basic, a used one as well; None where nothing is. Raises `EstCredentialsRefused`."""
        scheme, _, value = shown.authorization.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            name, _, secret = b64decode(value.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise EstCredentialsRefused from None
        with self._ca.register.database.reading() as connection:
            found = store.code_and_digest(connection, name[:16])
        code, digest = found or (None, "")
        if not compare_digest(digest, _digest(name, secret)) or code is None:
            cause = "code wrong"
        elif code.label != terms.label:
            cause = "code of another label"
        elif code.expires < self._ca.register.clock.now():
            cause = "code expired"
        else:
            return code
        self._refused(terms, cause)  # on record alone: whoever tries codes learns nothing
        raise EstCredentialsRefused

    def _certificate(self, terms: EstTerms, shown: Shown) -> IssuedCertificate | None:
        """The certificate that is shown, if we issued it under these terms and it is valid now.

        TLS, or the trusted proxy, has proven that the device holds its key (RFC 7030 §3.3.2).
        """
        if shown.certificate is None:
            return None
        try:
            certificate: Certificate = parse_certificate(shown.certificate)
            issued = self._ca.certificate(_SELF, certificate.serial_number)
        except (MalformedInput, CertificateUnknown):
            return None
        now = self._ca.register.clock.now()
        fits = (issued.der, issued.authority, issued.profile) == (
            shown.certificate,
            terms.authority,
            terms.profile,
        )
        valid = issued.not_before <= now <= issued.not_after and issued.revocation is None
        return issued if fits and valid else None

    def _terms(self, label: str) -> EstTerms:
        try:
            return self.terms[label]
        except KeyError:
            raise EstLabelUnknown(label=label or "-", known=", ".join(self.terms) or "-") from None

    def _refused(self, terms: EstTerms, cause: str) -> None:
        register = self._ca.register
        with register.database.unit() as connection:
            event = AuditEvent("est.enrol", terms.label or "-", "refused", {"cause": cause})
            register.audit.record(connection, _SELF, event)

    def _permit(self, actor: Actor, action: str, *roles: Role) -> None:
        if actor.has(*roles):
            return
        register = self._ca.register
        with register.database.unit() as connection:
            register.audit.record(connection, actor, AuditEvent(action, "*", "refused"))
        raise NotPermitted(actor=actor.id, action=action)


def _digest(name: str, secret: str) -> str:
    return hashlib.sha256(f"{name}:{secret}".encode()).hexdigest()
