"""Signing, sealing and extending over HTTP: one document, several in one container, or a digest alone."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, StringConstraints

from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import ContentUndisclosed, DigestedDocument, Document, beside
from shirushi.core.errors import MalformedInput, UnsupportedAlgorithm
from shirushi.core.evidence import Level
from shirushi.core.instant import rfc3339
from shirushi.faces.http import (
    Answer,
    Call,
    Form,
    Json,
    Line,
    Operation,
    Outcome,
    Part,
    Router,
    Words,
    attachment,
)
from shirushi.faces.http.errors import RequestMalformed
from shirushi.faces.http.operation import cursor_of, cursor_parts
from shirushi.formats.protocol import Packaging
from shirushi.ports.keys import KeyUnknown
from shirushi.ports.trust import MaterialUnavailable, NoTrustAnchors
from shirushi.services.signing.http.sayings import Sayings, parameters
from shirushi.services.signing.model import (
    AlgorithmRetired,
    AlgorithmUnlisted,
    ChainNotTrusted,
    ContainerRefused,
    Credential,
    CredentialExpired,
    CredentialRevoked,
    CredentialUnknown,
    FormatUnknown,
    FormUnknown,
    LevelNotReached,
    NothingSigned,
    PackagingRefused,
    PinLocked,
    PinState,
    SealNeeded,
    SignatureBroken,
    WrongPin,
)
from shirushi.services.signing.service import Signing

FormName = Annotated[str, StringConstraints(max_length=200, pattern=r"^[a-z0-9.+/-]+$")]
DigestName = Literal["SHA-256", "SHA-384", "SHA-512"]
DIGESTS = {
    "SHA-256": DigestAlgorithm.SHA256,
    "SHA-384": DigestAlgorithm.SHA384,
    "SHA-512": DigestAlgorithm.SHA512,
}
FORM = Field(
    None,
    description="the format: a name that forms.list tells, such as pades or asic-e, or the media type of what comes "
    "out; without it the document's own kind decides",
)
PACKAGING = Field(None, description="where the signature stands: in, around or beside the document")


class MarkedForm(Sayings):
    """What is made, what it says, and how it shows on a page of a PDF: without lines it does not show."""

    level: Level = Field(Level.B_T, description="the level to reach")
    form: FormName | None = FORM


class SignatureForm(MarkedForm):
    """Who signs, under which PIN, and what the signature says of itself."""

    credential: Line = Field(description="whose signature, such as alice@example.jp")
    pin: SecretStr | None = Field(None, max_length=200, description="the PIN of the credential")
    reason: Line | None = Field(None, description="why it is signed")
    location: Line | None = Field(None, description="the town where it is signed")
    content_timestamp: bool = Field(
        default=False,
        description="a time-stamp over the document before it is signed goes into the signature",
    )


class SealForm(MarkedForm):
    """Whose seal."""

    sealer: Line = Field(description="the company's registered name")
    on_behalf_of: Line | None = Field(
        None,
        description="the user on whose instruction a platform seals; it is told apart from the user's own signature",
    )
    reason: Line | None = Field(None, description="why it is sealed")


class DigestBody(Words):
    """A document of which only its digest is told; the signature stands beside it."""

    credential: Line = Field(description="whose signature, such as alice@example.jp")
    pin: SecretStr | None = Field(None, max_length=200, description="the PIN of the credential")
    digest_algorithm: DigestName = "SHA-256"
    digest: Annotated[str, StringConstraints(pattern=r"^([0-9a-fA-F]{2}){32,64}$")] = Field(
        description="of the whole document, hexadecimal"
    )
    name: Line = Field(description="the document's file name")
    media_type: Line = "application/octet-stream"
    form: FormName = Field("cades", description="a form that can stand beside a document")
    level: Level = Field(Level.B_T, description="the level to reach")


class FormReport(Words):
    """A format that may be chosen."""

    name: str
    packagings: list[Packaging] = Field(description="the ways in which it places signatures; empty: one")
    many: bool = Field(description="whether one signature can be over several documents")


class FormsReport(Words):
    """Every format that may be chosen."""

    forms: list[FormReport]


class ExtensionForm(Words):
    """To what the signatures are raised; those that are at B-LTA are renewed."""

    level: Level = Field(Level.B_LTA, description="the level to reach")


class CredentialQuery(Words):
    """Which page of the credentials."""

    limit: int = Field(100, ge=1, le=1000)
    cursor: Line | None = Field(None, description="`next` of the page before")


class CredentialReport(Words):
    """A key with its certificate, in somebody's name."""

    id: str
    kind: str
    key_type: str
    pin: bool = Field(description="whether it takes a PIN")
    locked_at: str | None = Field(description="when too many wrong PINs locked it")
    subject: str
    certificate: str = Field(description="the SHA-256 of the certificate")
    not_after: str


class CredentialPageReport(Words):
    """Credentials in the order of their names. `next` is the cursor of the next page, null at the end."""

    credentials: list[CredentialReport]
    next: str | None


ERRORS = (
    MalformedInput,
    AlgorithmRetired,
    AlgorithmUnlisted,
    ContainerRefused,
    ContentUndisclosed,
    FormUnknown,
    PackagingRefused,
    UnsupportedAlgorithm,
    CredentialUnknown,
    CredentialExpired,
    CredentialRevoked,
    FormatUnknown,
    LevelNotReached,
    ChainNotTrusted,
    MaterialUnavailable,
    NoTrustAnchors,
    KeyUnknown,
    "STAMP_POLICY_REFUSED",
    "TIME_NOT_AVAILABLE",
)


def router(service: Signing) -> Router:
    """The operations of signing."""

    def sign(call: Call) -> Answer:
        asked: SignatureForm = call.body
        credential = service.credential(call.actor, asked.credential)
        said = parameters(asked, reason=asked.reason, location=asked.location)
        request = service.prepare(
            call.actor,
            _document(call, asked.form),
            credential,
            level=asked.level,
            parameters=said,
            content_timestamp=asked.content_timestamp,
            form=asked.form,
        )
        activation = credential.activate(request, _pin(asked.pin))
        return named(call.document().name, service.sign(call.actor, request, activation), "signed")

    def sign_digest(call: Call) -> Answer:
        asked: DigestBody = call.body
        algorithm = DIGESTS[asked.digest_algorithm]
        value = bytes.fromhex(asked.digest)
        if len(value) != algorithm.size:
            raise RequestMalformed(detail="digest")
        credential = service.credential(call.actor, asked.credential)
        document = DigestedDocument(
            name=asked.name, media_type=asked.media_type, digests=(Digest(algorithm, value),)
        )
        request = service.prepare(call.actor, document, credential, level=asked.level, form=asked.form)
        activation = credential.activate(request, _pin(asked.pin))
        return named(asked.name, service.sign(call.actor, request, activation), "signed")

    def forms(call: Call) -> Answer:
        return Answer(
            {
                "forms": [
                    {
                        "name": form.name,
                        "packagings": [each.value for each in form.packagings],
                        "many": form.container is not None,
                    }
                    for form in service.forms(call.actor)
                ]
            }
        )

    def _document(call: Call, form: str | None) -> Document:
        given = call.documents["document"]
        return given[0] if len(given) == 1 else service.together(call.actor, given, form or "asic-e")

    def seal(call: Call) -> Answer:
        asked: SealForm = call.body
        sealed = service.seal(
            call.actor,
            _document(call, asked.form),
            asked.sealer,
            level=asked.level,
            parameters=parameters(asked, reason=asked.reason),
            form=asked.form,
            on_behalf_of=asked.on_behalf_of or "",
        )
        return named(call.document().name, sealed, "sealed")

    def extend(call: Call) -> Answer:
        contents = call.documents.get("content", ())
        extended = service.extend(call.actor, call.document(), call.body.level, contents=contents)
        return named(call.document().name, extended, "extended")

    def list_(call: Call) -> Answer:
        asked: CredentialQuery = call.parameters
        after = cursor_parts(asked.cursor, 1)[0] if asked.cursor else ""
        page = service.credentials(call.actor, after=after, limit=asked.limit)
        return Answer(
            {
                "credentials": [_credential(each, pin) for each, pin in page.credentials],
                "next": cursor_of(page.next_after) if page.next_after is not None else None,
            }
        )

    document = Part(
        "document", "the document; several are put into one container, under one signature", many=True
    )
    signed = Outcome("the signed file, whole, of the kind that its format says", media_type="*/*")
    return (
        Operation(
            id="signatures.create",
            method="POST",
            path="/api/v1/signatures",
            summary="Sign a document as a person, under their PIN",
            run=sign,
            outcomes=(signed,),
            body=Form(SignatureForm, (document,)),
            errors=(*ERRORS, WrongPin, PinLocked),
            replayable=True,
            tag="signing",
        ),
        Operation(
            id="seals.create",
            method="POST",
            path="/api/v1/seals",
            summary="Seal a document with a company's e-seal",
            run=seal,
            outcomes=(signed,),
            body=Form(SealForm, (document,)),
            errors=(*ERRORS, WrongPin, PinLocked, SealNeeded),
            replayable=True,
            tag="signing",
        ),
        Operation(
            id="digest-signatures.create",
            method="POST",
            path="/api/v1/digest-signatures",
            summary="Sign a document by its digest alone",
            run=sign_digest,
            outcomes=(signed,),
            body=Json(DigestBody),
            errors=(*ERRORS, WrongPin, PinLocked),
            replayable=True,
            tag="signing",
        ),
        Operation(
            id="forms.list",
            method="GET",
            path="/api/v1/forms",
            summary="The formats that may be chosen",
            run=forms,
            outcomes=(Outcome("every format", model=FormsReport),),
            tag="signing",
        ),
        Operation(
            id="extensions.create",
            method="POST",
            path="/api/v1/extensions",
            summary="Raise a document's signatures, whoever made them, to a level",
            run=extend,
            outcomes=(signed,),
            body=Form(
                ExtensionForm,
                (
                    Part("document", "the signed document"),
                    Part("content", "what a detached signature covers", many=True, required=False),
                ),
            ),
            errors=(*ERRORS, NothingSigned, SignatureBroken),
            replayable=True,
            tag="signing",
        ),
        Operation(
            id="credentials.list",
            method="GET",
            path="/api/v1/credentials",
            summary="The credentials that the caller may see: all for operators and auditors, their own for others",
            run=list_,
            outcomes=(Outcome("a page of credentials", model=CredentialPageReport),),
            parameters=CredentialQuery,
            errors=(KeyUnknown,),
            tag="signing",
        ),
    )


def _pin(given: SecretStr | None) -> str | None:
    return given.get_secret_value() if given else None


def named(given: str, document: Document, word: str) -> Answer:
    """The result under a name of its own: the document's with a word in it, or what the format calls it."""
    name = document.name
    if name in {"", given}:
        name = beside(given, word)
    return Answer(document, media_type=document.media_type, headers=attachment(name))


def _credential(credential: Credential, pin: PinState) -> dict[str, Any]:
    certificate = credential.chain[0]
    return {
        "id": credential.id,
        "kind": credential.kind.value,
        "key_type": credential.key.key_type.value,
        "pin": credential.key.pin_protected,
        "locked_at": rfc3339(pin.locked_at) if pin.locked_at else None,
        "subject": certificate.subject.text,
        "certificate": certificate.id,
        "not_after": rfc3339(certificate.not_after),
    }
