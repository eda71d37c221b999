"""The use cases of signing: enrol a credential, prepare, sign under an activation, seal, extend."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from shirushi.codecs.asn1.pem import certificates_in, to_pem
from shirushi.core.actor import Actor, Role
from shirushi.core.algorithms import (
    DigestAlgorithm,
    message_digest_algorithm,
    signature_algorithm,
    signature_value_size,
)
from shirushi.core.document import Document
from shirushi.core.errors import NotPermitted
from shirushi.core.evidence import Certificate, Level
from shirushi.core.instant import Instant, rfc3339
from shirushi.formats.protocol import Format, SignatureParameters
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.clock import Clock, Entropy
from shirushi.ports.database import Database, hold
from shirushi.ports.keys import KeyStore, PinRejected, Signer
from shirushi.ports.trust import CertificateRegister, RevocationSource, TimeStamper, TrustAnchors
from shirushi.services.signing import store
from shirushi.services.signing.model import (
    Activation,
    ActivationForeign,
    Credential,
    CredentialExists,
    CredentialExpired,
    CredentialKind,
    CredentialPage,
    CredentialRevoked,
    CredentialUnknown,
    FormatUnknown,
    PinLocked,
    SigningRequest,
    WrongPin,
)
from shirushi.services.signing.service.augmenting import SELF, Augmenting
from shirushi.services.signing.service.gathering import Gathering

ATTRIBUTES_ROOM = 1_500
"""Bytes for all of a CMS signature but its certificates, its value and its time-stamp tokens."""


_EXTENDERS = (Role.OPERATOR, Role.SIGNER, Role.CLIENT, Role.SERVICE)


class Signing:
    """Signs and seals documents, and extends what was signed.

    `formats` maps media types to the format that is the default for them, `default_form` names the one for files of
    every other type. `anchors` and `sources`, asked in their order,
    are for levels from B-LT on. `pin_attempts` wrong PINs in a row lock a credential.
    """

    def __init__(
        self,
        *,
        formats: Mapping[str, Format],
        keys: KeyStore,
        time_stamper: TimeStamper,
        anchors: TrustAnchors,
        sources: Sequence[RevocationSource],
        register: CertificateRegister,
        database: Database,
        clock: Clock,
        entropy: Entropy,
        audit: AuditLog,
        pin_attempts: int,
        default_form: str | None = None,
    ) -> None:
        self._formats = formats
        self._default_form = default_form
        self._keys = keys
        self._time_stamper = time_stamper
        self._augmenting = Augmenting(time_stamper, Gathering(anchors, sources, clock))
        self._register = register
        self._database = database
        self._clock = clock
        self._entropy = entropy
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

    def credential(self, actor: Actor, id_: str) -> Credential:
        """The credential of that name: an account for a person, the registered name for a company."""
        _permit(actor, id_, "signing.credential")
        with self._database.reading() as connection:
            found = store.find(connection, id_)
            if found is None:
                raise CredentialUnknown(id=id_, known=", ".join(store.names(connection)))
        kind, key_label, chain = found
        return Credential(id_, kind, self._keys.reference(key_label), certificates_in(chain.encode()))

    def credentials(self, actor: Actor, *, after: str = "", limit: int = 100) -> CredentialPage:
        """The credentials that follow `after`: all for operators and auditors, their own for others."""
        only = None if actor.has(Role.OPERATOR, Role.AUDITOR) else actor.id
        with self._database.reading() as connection:
            rows = store.page(connection, after, limit, only)
        found = tuple(
            (Credential(id_, kind, self._keys.reference(label), certificates_in(chain.encode())), pin)
            for id_, kind, label, chain, pin in rows
        )
        return CredentialPage(found, rows[-1][0] if len(rows) == limit else None)

    def prepare(
        self,
        actor: Actor,
        document: Document,
        credential: Credential,
        *,
        level: Level = Level.B_T,
        parameters: SignatureParameters | None = None,
        content_timestamp: bool = False,
        form: str | None = None,
    ) -> SigningRequest:
        """Fix what will be signed. Nothing is signed yet, and nothing is kept: the request is a value.

        `form` chooses the format by the media type of what comes out: application/pkcs7-signature for CAdES beside the
        document, application/vnd.etsi.asic-e+zip for a container. Without it the document's own media type decides.
        Raises `CredentialExpired`, `CredentialRevoked`, `FormatUnknown`, or what the format declines the document with.
        """
        _permit(actor, credential.id, "signing.prepare")
        now = self._clock.now()
        self._check_usable(credential, now)
        algorithm = signature_algorithm(credential.key.key_type)
        form = form or self._form_of(document)
        format_ = self._format_named(form, document)
        prepared = format_.prepare(
            document,
            parameters or SignatureParameters(),
            digest_algorithm=message_digest_algorithm(algorithm),
            space=self._space(credential, level, content_timestamp=content_timestamp),
            time=now,
            seed=self._entropy.bytes(16),
        )
        token = self._time_stamper.stamp(SELF, prepared.digest) if content_timestamp else None
        to_be_signed = format_.bind(prepared, credential.chain, algorithm, token)
        digest = hashlib.sha256(b"%s\0%s" % (credential.id.encode(), to_be_signed.data)).digest()
        return SigningRequest(credential, to_be_signed, level, digest, form)

    def sign(self, actor: Actor, request: SigningRequest, activation: Activation) -> Document:
        """Sign what was prepared, and raise it to the level that was asked for.

        Raises `ActivationForeign`, `WrongPin` (counted durably before the PIN is tried), `PinLocked`; from level B-T on
        what the time-stamper raises, from B-LT on a `MaterialUnavailable` that names what is missing. Whatever is
        raised, nothing was handed out.
        """
        if activation.request_digest != request.digest or activation.credential_id != request.credential.id:
            raise ActivationForeign(id=request.credential.id)
        _permit(actor, request.credential.id, "signing.sign")
        self._check_usable(request.credential, self._clock.now())
        signer = self._activate(actor, request.credential, activation.pin)
        to_be_signed = request.to_be_signed
        format_ = self._format_named(request.form, to_be_signed.document)
        signed = format_.assemble(to_be_signed, signer.sign(to_be_signed.data, to_be_signed.algorithm))
        signed = self._augmenting.raise_to(format_, signed, request.level, contents=(to_be_signed.document,))
        with self._database.unit() as connection:
            self._audit.record(
                connection,
                actor,
                AuditEvent(
                    f"signing.{'sign' if request.credential.kind is CredentialKind.SIGNATURE else 'seal'}",
                    request.credential.id,
                    detail={
                        "certificate": request.credential.chain[0].id,
                        "signed": request.digest.hex(),
                        "level": request.level.value,
                    },
                ),
            )
        return signed

    def seal(
        self,
        actor: Actor,
        document: Document,
        by: str,
        *,
        level: Level = Level.B_T,
        parameters: SignatureParameters | None = None,
        form: str | None = None,
    ) -> Document:
        """Seal a document with a company's e-seal: prepare and sign in one, on the operator's authority."""
        credential = self.credential(actor, by)
        request = self.prepare(actor, document, credential, level=level, parameters=parameters, form=form)
        return self.sign(actor, request, credential.activate(request))

    def extend(
        self, actor: Actor, document: Document, level: Level, *, contents: Sequence[Document] = ()
    ) -> Document:
        """The document with all its signatures, whoever made them, at `level`; at B-LTA already, they are renewed.

        `contents` are what detached signatures cover. A document that is at the level comes back as it is. Raises
        `NothingSigned`, `SignatureBroken`, `ChainNotTrusted`, a `MaterialUnavailable` that names certificate and
        addresses, what the time-stamper raises, or what the format declines the document with.
        """
        if not actor.has(*_EXTENDERS):
            raise NotPermitted(actor=actor.id, action="signing.extend")
        extended, signatures = self._augmenting.extend(self._format(document), document, level, contents)
        with self._database.unit() as connection:
            self._audit.record(
                connection,
                actor,
                AuditEvent(
                    "signing.extend",
                    str(document.digest(DigestAlgorithm.SHA256)),
                    detail={"level": level.value, "signatures": len(signatures)},
                ),
            )
        return extended

    def _form_of(self, document: Document) -> str:
        known = document.media_type in self._formats
        return document.media_type if known else self._default_form or document.media_type

    def _format(self, document: Document) -> Format:
        return self._format_named(document.media_type, document)

    def _format_named(self, form: str, document: Document) -> Format:
        try:
            return self._formats[form]
        except KeyError:
            raise FormatUnknown(name=document.name, media_type=document.media_type) from None

    def _space(self, credential: Credential, level: Level, *, content_timestamp: bool) -> int:
        stamps = content_timestamp + (level is not Level.B_B)
        certificates = sum(len(certificate.der) for certificate in credential.chain)
        value = signature_value_size(credential.key.key_type)
        return ATTRIBUTES_ROOM + certificates + value + stamps * self._time_stamper.token_size()

    def _check_usable(self, credential: Credential, now: Instant) -> None:
        certificate = credential.chain[0]
        if not certificate.not_before <= now <= certificate.not_after:
            raise CredentialExpired(id=credential.id, not_after=rfc3339(certificate.not_after))
        revoked_at = self._register.revoked_at(certificate)
        if revoked_at is not None:
            raise CredentialRevoked(id=credential.id, revoked_at=rfc3339(revoked_at))

    def _activate(self, actor: Actor, credential: Credential, pin: str | None) -> Signer:
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


def _permit(actor: Actor, credential_id: str, action: str) -> None:
    """Operators may use every credential (a person's still takes its PIN); others their own."""
    if not actor.has(Role.OPERATOR) and actor.id != credential_id:
        raise NotPermitted(actor=actor.id, action=action)
