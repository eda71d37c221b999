"""Signatures whose keys lie elsewhere: prepared here, signed there, completed here; between the steps nothing is held."""

from __future__ import annotations

from collections.abc import Sequence

from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.actor import Actor, Role
from shirushi.core.algorithms import (
    DigestAlgorithm,
    KeyKind,
    Scheme,
    SignatureAlgorithm,
    message_digest_algorithm,
)
from shirushi.core.document import Document
from shirushi.core.errors import NotPermitted, UnsupportedAlgorithm
from shirushi.core.evidence import Certificate, Level
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.primitives import verify
from shirushi.formats.protocol import SignatureParameters, ToBeSigned
from shirushi.formats.stored import load_bound, load_prepared, store_bound, store_prepared
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.clock import Clock, Entropy
from shirushi.ports.database import Database
from shirushi.ports.trust import CertificateRegister, TimeStamper
from shirushi.services.signing.model import Deferral, DigestForeign, SigningCertificateUnusable, ValueForeign
from shirushi.services.signing.service.augmenting import Augmenting
from shirushi.services.signing.service.credentials import Credentials
from shirushi.services.signing.service.forms import Forms

ROOM = 16_384
"""Bytes for a signature whose certificates are not known yet, apart from its time-stamp token."""

_MAY_DEFER = (Role.OPERATOR, Role.SIGNER, Role.CLIENT)


class Deferring:
    """Prepares, binds and completes. The values go with the caller; here nothing waits."""

    def __init__(
        self,
        *,
        forms: Forms,
        credentials: Credentials,
        augmenting: Augmenting,
        time_stamper: TimeStamper,
        register: CertificateRegister,
        database: Database,
        clock: Clock,
        entropy: Entropy,
        audit: AuditLog,
    ) -> None:
        self._forms = forms
        self._credentials = credentials
        self._augmenting = augmenting
        self._time_stamper = time_stamper
        self._register = register
        self._database = database
        self._clock = clock
        self._entropy = entropy
        self._audit = audit

    def prepare(
        self,
        actor: Actor,
        document: Document,
        *,
        level: Level,
        parameters: SignatureParameters,
        form: str | None,
        digest_algorithm: DigestAlgorithm,
    ) -> Deferral:
        """Fix what will be signed, before the certificate is known."""
        _permit(actor, "signing.defer")
        now = self._clock.now()
        self._credentials.check_digest(digest_algorithm, now)
        name = self._forms.chosen(form, document)
        prepared = self._forms.format(name, document).prepare(
            document,
            self._forms.placed(name, document, parameters),
            digest_algorithm=digest_algorithm,
            space=ROOM + (level is not Level.B_B) * self._time_stamper.token_size(),
            time=now,
            seed=self._entropy.bytes(16),
        )
        return Deferral(name, level, store_prepared(prepared, document))

    def bind(
        self,
        actor: Actor,
        deferral: Deferral,
        chain: Sequence[Certificate],
        algorithm: SignatureAlgorithm | None,
        document: Document | None,
    ) -> tuple[Deferral, ToBeSigned]:
        """Fix the signing certificate, the first of `chain`; what its key must sign."""
        _permit(actor, "signing.defer")
        prepared = load_prepared(deferral.step, document)
        if not chain:
            raise SigningCertificateUnusable(certificate="-", detail="-")
        algorithm = algorithm or _fitting(chain[0], prepared.digest.algorithm)
        needed = message_digest_algorithm(algorithm)
        if needed is not prepared.digest.algorithm:
            raise DigestForeign(
                prepared=prepared.digest.algorithm.label, algorithm=str(algorithm), needed=needed.label
            )
        self._check_usable(chain[0], algorithm, self._clock.now())
        format_ = self._forms.format(deferral.form, prepared.document)
        to_be_signed = format_.bind(prepared, tuple(chain), algorithm)
        encodings = tuple(certificate.der for certificate in chain)
        step = store_bound(to_be_signed, deferral.step)
        return Deferral(deferral.form, deferral.level, step, encodings), to_be_signed

    def complete(self, actor: Actor, deferral: Deferral, document: Document, value: bytes) -> Document:
        """Put the signature value in its place, and raise the signature to the level that was asked for."""
        _permit(actor, "signing.defer")
        to_be_signed = load_bound(deferral.step, document)
        if not deferral.chain:
            raise SigningCertificateUnusable(certificate="-", detail="-")
        certificate = parse_certificate(deferral.chain[0])
        algorithm = to_be_signed.algorithm
        self._check_usable(certificate, algorithm, self._clock.now())
        if not verify(certificate.public_key.spki, algorithm, value, to_be_signed.data):
            raise ValueForeign(certificate=certificate.subject.text)
        format_ = self._forms.format(deferral.form, document)
        signed = format_.assemble(to_be_signed, value)
        signed = self._augmenting.raise_to(format_, signed, deferral.level, contents=(document,))
        detail = {"level": deferral.level.value, "form": deferral.form}
        with self._database.unit() as connection:
            event = AuditEvent("signing.complete", certificate.id, detail=detail)
            self._audit.record(connection, actor, event)
        return signed

    def _check_usable(self, certificate: Certificate, algorithm: SignatureAlgorithm, now: Instant) -> None:
        name = certificate.subject.text or "-"
        if not certificate.not_before <= now <= certificate.not_after:
            valid = f"{rfc3339(certificate.not_before)} – {rfc3339(certificate.not_after)}"
            raise SigningCertificateUnusable(certificate=name, detail=valid)
        revoked_at = self._register.revoked_at(certificate)
        if revoked_at is not None:
            raise SigningCertificateUnusable(certificate=name, detail=f"revoked {rfc3339(revoked_at)}")
        self._credentials.check_algorithm(algorithm, certificate, now)


def _fitting(certificate: Certificate, digest: DigestAlgorithm) -> SignatureAlgorithm:
    """What a key of the certificate's kind signs with, over content of that digest; raises `UnsupportedAlgorithm`."""
    key = certificate.public_key
    if key.kind is KeyKind.RSA:
        return SignatureAlgorithm(Scheme.RSA_PKCS1, digest)
    if key.kind is KeyKind.EC:
        return SignatureAlgorithm(Scheme.ECDSA, digest)
    if key.kind in {KeyKind.ED25519, KeyKind.ED448}:
        return SignatureAlgorithm(Scheme(key.kind.value))
    raise UnsupportedAlgorithm(algorithm=key.kind.value if key.kind else "?")


def _permit(actor: Actor, action: str) -> None:
    if not actor.has(*_MAY_DEFER):
        raise NotPermitted(actor=actor.id, action=action)
