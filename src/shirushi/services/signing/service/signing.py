"""The use cases of signing: enrol a credential, prepare, sign under an activation, seal, extend."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from shirushi.core.actor import Actor, Role
from shirushi.core.algorithms import (
    DigestAlgorithm,
    SignatureAlgorithm,
    message_digest_algorithm,
    signature_algorithm,
    signature_value_size,
)
from shirushi.core.document import Document
from shirushi.core.errors import NotPermitted
from shirushi.core.evidence import Certificate, Level
from shirushi.formats.protocol import Format, SignatureParameters, ToBeSigned
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.clock import Clock, Entropy
from shirushi.ports.database import Database
from shirushi.ports.files import Files
from shirushi.ports.keys import KeyStore, Signer
from shirushi.ports.trust import CertificateRegister, RevocationSource, TimeStamper, TrustAnchors
from shirushi.rules.suites import AlgorithmCatalogue
from shirushi.services.signing.model import (
    Activation,
    ActivationForeign,
    Asked,
    Augmented,
    BatchForeign,
    Credential,
    CredentialKind,
    CredentialPage,
    Deferral,
    Form,
    Renewal,
    RenewalPolicy,
    SealNeeded,
    SigningBatch,
    SigningRequest,
)
from shirushi.services.signing.service.augmenting import SELF, Augmenting
from shirushi.services.signing.service.credentials import Credentials, permit
from shirushi.services.signing.service.deferring import Deferring
from shirushi.services.signing.service.forms import Forms, telling
from shirushi.services.signing.service.gathering import Gathering
from shirushi.services.signing.service.renewing import Renewing

ATTRIBUTES_ROOM = 1_500
"""Bytes for all of a CMS signature but its certificates, its value and its time-stamp tokens."""

PDF = "application/pdf"
_EXTENDERS = (Role.OPERATOR, Role.SIGNER, Role.CLIENT, Role.SERVICE)


class Signing:
    """Signs and seals documents, and extends what was signed.

    `formats` maps media types to the format that signs and reads them, `forms` are those that can be chosen by name,
    `default_form` names the one for files of every other type. `algorithms` is the catalogue without which nothing is
    signed. `anchors` and `sources`, asked in their order, are for levels from B-LT on. `pin_attempts` wrong PINs in a
    row lock a credential.
    """

    def __init__(
        self,
        *,
        formats: Mapping[str, Format],
        forms: Sequence[Form],
        keys: KeyStore,
        time_stamper: TimeStamper,
        anchors: TrustAnchors,
        sources: Sequence[RevocationSource],
        register: CertificateRegister,
        algorithms: AlgorithmCatalogue,
        renewal: RenewalPolicy,
        files: Files,
        database: Database,
        clock: Clock,
        entropy: Entropy,
        audit: AuditLog,
        pin_attempts: int,
        default_form: str | None = None,
    ) -> None:
        self._forms = Forms(formats, forms, default_form)
        self._credentials = Credentials(
            keys=keys,
            register=register,
            algorithms=algorithms,
            database=database,
            clock=clock,
            audit=audit,
            pin_attempts=pin_attempts,
        )
        self._time_stamper = time_stamper
        self._augmenting = Augmenting(time_stamper, Gathering(anchors, sources, clock))
        self._renewing = Renewing(
            policy=renewal, files=files, algorithms=algorithms, database=database, clock=clock
        )
        self._deferring = Deferring(
            forms=self._forms,
            credentials=self._credentials,
            augmenting=self._augmenting,
            time_stamper=time_stamper,
            register=register,
            database=database,
            clock=clock,
            entropy=entropy,
            audit=audit,
        )
        self._database = database
        self._clock = clock
        self._entropy = entropy
        self._audit = audit

    def enrol(
        self, actor: Actor, id_: str, kind: CredentialKind, key_label: str, chain: Sequence[Certificate]
    ) -> Credential:
        """Take in a key of the key store with its certificate chain; raises `CredentialExists`."""
        return self._credentials.enrol(actor, id_, kind, key_label, chain)

    def credential(self, actor: Actor, id_: str) -> Credential:
        """The credential of that name: an account for a person, the registered name for a company."""
        return self._credentials.find(actor, id_)

    def credentials(self, actor: Actor, *, after: str = "", limit: int = 100) -> CredentialPage:
        """The credentials that follow `after`: all for operators and auditors, their own for others."""
        return self._credentials.page(actor, after, limit)

    def forms(self, actor: Actor) -> tuple[Form, ...]:  # noqa: ARG002  what is offered is for everyone
        """The forms that may be chosen, each with the ways in which it places signatures."""
        return self._forms.offered

    def together(self, actor: Actor, documents: Sequence[Document], form: str = "asic-e") -> Document:  # noqa: ARG002  nothing is decided here
        """One document that holds several files, for one signature over all of them; raises `ContainerRefused`."""
        return self._forms.together(documents, form)

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
        on_behalf_of: str = "",
        algorithm: SignatureAlgorithm | None = None,
    ) -> SigningRequest:
        """Fix what will be signed. Nothing is signed yet, and nothing is kept: the request is a value.

        `form` chooses the format by its name (`forms`), or by the media type of what comes out; without it the
        document's own kind decides. A `DigestedDocument` is signed from outside, by its digests. `on_behalf_of` names
        the user on whose instruction a platform's own seal is put (立会人型). `algorithm` is by default the key's own.

        Raises `CredentialExpired`, `CredentialRevoked`, `AlgorithmRetired`, `AlgorithmUnlisted`, `FormUnknown`,
        `FormatUnknown`, `PackagingRefused`, `SealNeeded`, or what the format declines the document with.
        """
        algorithm = algorithm or signature_algorithm(credential.key.key_type)
        self.check(actor, credential, form, on_behalf_of, algorithm)
        form = form or self._forms.of(document)
        format_ = self._forms.format(form, document)
        parameters = self._forms.placed(form, document, parameters or SignatureParameters())
        if on_behalf_of:
            parameters = telling(
                parameters, on_behalf_of, as_reason=document.media_type == PDF and form in {PDF, "pades"}
            )
        prepared = format_.prepare(
            document,
            parameters,
            digest_algorithm=message_digest_algorithm(algorithm),
            space=self._space(credential, level, content_timestamp=content_timestamp),
            time=self._clock.now(),
            seed=self._entropy.bytes(16),
        )
        token = self._time_stamper.stamp(SELF, prepared.digest) if content_timestamp else None
        to_be_signed = format_.bind(prepared, credential.chain, algorithm, token)
        digest = hashlib.sha256(b"%s\0%s" % (credential.id.encode(), to_be_signed.data)).digest()
        return SigningRequest(credential, to_be_signed, level, digest, form, on_behalf_of)

    def check(
        self,
        actor: Actor,
        credential: Credential,
        form: str | None = None,
        on_behalf_of: str = "",
        algorithm: SignatureAlgorithm | None = None,
    ) -> None:
        """Raise what `prepare` raises whatever the document is."""
        permit(actor, credential.id, "signing.prepare")
        self._forms.check(form)
        if on_behalf_of and credential.kind is not CredentialKind.SEAL:
            raise SealNeeded(id=credential.id, user=on_behalf_of)
        algorithm = algorithm or signature_algorithm(credential.key.key_type)
        self._credentials.check_usable(credential, algorithm, self._clock.now())

    def sign(self, actor: Actor, request: SigningRequest, activation: Activation) -> Document:
        """Sign what was prepared, and raise it to the level that was asked for.

        Raises `ActivationForeign`, `WrongPin` (counted durably before the PIN is tried), `PinLocked`; from level B-T on
        what the time-stamper raises, from B-LT on a `MaterialUnavailable` that names what is missing. Whatever is
        raised, nothing was handed out.
        """
        algorithm = request.to_be_signed.algorithm
        return self._sign(
            actor, request, self._open(actor, request.credential, request, activation, algorithm)
        )

    def sign_batch(self, actor: Actor, batch: SigningBatch, activation: Activation) -> Iterator[Document]:
        """Sign every request of the batch, in its order, under one activation: the PIN is asked and counted once.

        What it raises of its own, as `sign`, it raises before the first document is signed. Each document is handed out
        when it is done; whoever takes no more of them has cancelled the rest. Raises `BatchForeign` as well.
        """
        credential = batch.credential
        foreign = [each.credential.id for each in batch.requests if each.credential != credential]
        if foreign or not batch.requests:
            raise BatchForeign(detail=", ".join(foreign) or "0")
        sign = self.activate(actor, credential, SigningBatch.of(credential, batch.requests), activation)
        return (sign(request) for request in batch.requests)

    def activate(
        self, actor: Actor, credential: Credential, asked: Asked, activation: Activation
    ) -> Callable[[SigningRequest], Document]:
        """Open the key for what is `asked`; what comes back signs the requests that make it up, one by one, as `sign`.

        Raises `ActivationForeign`, `WrongPin`, `PinLocked`, and what makes the credential unusable.
        """
        own = signature_algorithm(credential.key.key_type)
        signer = self._open(actor, credential, asked, activation, own)

        def sign(request: SigningRequest) -> Document:
            if request.credential != credential:
                raise ActivationForeign(id=request.credential.id)
            self._credentials.check_usable(credential, request.to_be_signed.algorithm, self._clock.now())
            return self._sign(actor, request, signer)

        return sign

    def _open(
        self,
        actor: Actor,
        credential: Credential,
        asked: Asked,
        activation: Activation,
        algorithm: SignatureAlgorithm,
    ) -> Signer:
        if activation.request_digest != asked.digest or activation.credential_id != credential.id:
            raise ActivationForeign(id=credential.id)
        permit(actor, credential.id, "signing.sign")
        self._credentials.check_usable(credential, algorithm, self._clock.now())
        return self._credentials.activate(actor, credential, activation.pin)

    def _sign(self, actor: Actor, request: SigningRequest, signer: Signer) -> Document:
        to_be_signed = request.to_be_signed
        format_ = self._forms.format(request.form, to_be_signed.document)
        signed = format_.assemble(to_be_signed, signer.sign(to_be_signed.data, to_be_signed.algorithm))
        signed = self._augmenting.raise_to(format_, signed, request.level, contents=(to_be_signed.document,))
        own = request.credential.kind is CredentialKind.SIGNATURE
        detail: dict[str, str | int] = {
            "certificate": request.credential.chain[0].id,
            "signed": request.digest.hex(),
            "level": request.level.value,
        }
        if request.on_behalf_of:
            detail["on_behalf_of"] = request.on_behalf_of
        with self._database.unit() as connection:
            event = AuditEvent(f"signing.{'sign' if own else 'seal'}", request.credential.id, detail=detail)
            self._audit.record(connection, actor, event)
        if request.level is Level.B_LTA:
            evidence = format_.parse(signed, (to_be_signed.document,))
            self._renewing.remember(signed, request.level, evidence)
        return signed

    def seal(
        self,
        actor: Actor,
        document: Document,
        by: str,
        *,
        level: Level = Level.B_T,
        parameters: SignatureParameters | None = None,
        content_timestamp: bool = False,
        form: str | None = None,
        on_behalf_of: str = "",
    ) -> Document:
        """Seal a document with a company's e-seal: prepare and sign in one, on the operator's authority."""
        credential = self.credential(actor, by)
        request = self.prepare(
            actor,
            document,
            credential,
            level=level,
            parameters=parameters,
            content_timestamp=content_timestamp,
            form=form,
            on_behalf_of=on_behalf_of,
        )
        return self.sign(actor, request, credential.activate(request))

    def defer(
        self,
        actor: Actor,
        document: Document,
        *,
        level: Level = Level.B_T,
        parameters: SignatureParameters | None = None,
        form: str | None = None,
        digest_algorithm: DigestAlgorithm = DigestAlgorithm.SHA256,
    ) -> Deferral:
        """Prepare a signature for a key that lies elsewhere, before its certificate is known.

        The deferral is a small value that can be kept as text; the caller keeps the document. Raises as `prepare`.
        """
        given = parameters or SignatureParameters()
        return self._deferring.prepare(
            actor, document, level=level, parameters=given, form=form, digest_algorithm=digest_algorithm
        )

    def bind_deferred(
        self,
        actor: Actor,
        deferral: Deferral,
        chain: Sequence[Certificate],
        algorithm: SignatureAlgorithm | None = None,
        document: Document | None = None,
    ) -> tuple[Deferral, ToBeSigned]:
        """Fix the certificate, the first of `chain`. What comes back second holds the bytes that its key must sign.

        `algorithm` is by default what goes with the certificate's key; `document` is needed by forms alone that sign
        the document's own bytes. Raises `SigningCertificateUnusable`, `AlgorithmRetired`, `AlgorithmUnlisted`,
        `DigestForeign`, `StoredMalformed`.
        """
        return self._deferring.bind(actor, deferral, chain, algorithm, document)

    def complete_deferred(
        self, actor: Actor, deferral: Deferral, document: Document, value: bytes
    ) -> Document:
        """The signed document at its level. `value` is in the encoding of CMS (ECDSA as a DER sequence).

        Raises `SigningCertificateUnusable` for a certificate that has expired since, `ValueForeign`, `StoredMalformed`
        for another document, or as `sign` from level B-T on.
        """
        return self._deferring.complete(actor, deferral, document, value)

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
        format_ = self._forms.signed(document)
        extended, signatures = self._augmenting.extend(format_, document, level, contents)
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
        if level is not Level.B_B:
            self._renewing.remember(extended, level, format_.parse(extended, contents))
        return extended

    def renewals(self, actor: Actor, *, within: timedelta | None = None) -> tuple[Augmented, ...]:
        """What was augmented here and falls due within that time, by default as the operator configured."""
        return self._renewing.due(actor, within)

    def renew(self, actor: Actor, *, folders: Sequence[Path] | None = None) -> tuple[Renewal, ...]:
        """Renew what falls due, LTA to LTA, where it lies in `folders`, by default those of the configuration.

        What detached signatures cover is looked for beside them. Each failure is told in its `Renewal`, and kept with
        the document's record.
        """

        def extended(document: Document, path: Path) -> Document:
            contents = self._renewing.beside(path, self._forms.signed(document).parse(document))
            return self.extend(actor, document, Level.B_LTA, contents=contents)

        return self._renewing.renew(actor, extended, folders)

    def _space(self, credential: Credential, level: Level, *, content_timestamp: bool) -> int:
        stamps = content_timestamp + (level is not Level.B_B)
        certificates = sum(len(certificate.der) for certificate in credential.chain)
        value = signature_value_size(credential.key.key_type)
        return ATTRIBUTES_ROOM + certificates + value + stamps * self._time_stamper.token_size()
