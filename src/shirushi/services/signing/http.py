"""Signing and sealing over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field, SecretStr, StringConstraints

from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput, UnsupportedAlgorithm
from shirushi.core.evidence import Level
from shirushi.core.instant import rfc3339
from shirushi.faces.http import Answer, Call, Form, Line, Operation, Outcome, Part, Router, Words, attachment
from shirushi.faces.http.errors import RequestMalformed
from shirushi.faces.http.operation import cursor_of, cursor_parts
from shirushi.formats.protocol import SignatureParameters, VisibleMark
from shirushi.ports.keys import KeyUnknown
from shirushi.ports.trust import MaterialUnavailable, NoTrustAnchors
from shirushi.services.signing.model import (
    ChainNotTrusted,
    Credential,
    CredentialExpired,
    CredentialRevoked,
    CredentialUnknown,
    FormatUnknown,
    LevelNotReached,
    NothingSigned,
    PinLocked,
    PinState,
    SignatureBroken,
    WrongPin,
)
from shirushi.services.signing.service import Signing

Box = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,5}(\.[0-9]{1,3})?(,[0-9]{1,5}(\.[0-9]{1,3})?){3}$")]


MediaType = Annotated[
    str, StringConstraints(max_length=200, pattern=r"^[a-z0-9.+-]+/[a-z0-9.+-]+(;[a-z]+=[a-z]+)?$")
]


class MarkedForm(Words):
    """What is made, and how it shows on a page of a PDF: lines of text in a box; without lines it does not show."""

    level: Level = Field(Level.B_T, description="the level to reach")
    form: MediaType | None = Field(
        None,
        description="what comes out, such as application/pkcs7-signature or application/vnd.etsi.asic-e+zip; "
        "without it the document's own kind decides",
    )
    mark: tuple[Line, ...] = Field((), max_length=20, description="the lines of the visible mark")
    mark_page: int = Field(1, ge=-100_000, le=100_000, description="the page, from 1, or from the end as -1")
    mark_box: Box = Field("36,36,200,60", description="left, bottom, width, height in points")


class SignatureForm(MarkedForm):
    """Who signs, under which PIN, and what the signature says of itself."""

    credential: Line = Field(description="whose signature, such as alice@example.jp")
    pin: SecretStr | None = Field(None, max_length=200, description="the PIN of the credential")
    reason: Line | None = Field(None, description="why it is signed")
    location: Line | None = Field(None, description="where it is signed")


class SealForm(MarkedForm):
    """Whose seal."""

    sealer: Line = Field(description="the company's registered name")


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
        parameters = replace(_parameters(asked), reason=asked.reason, location=asked.location)
        request = service.prepare(
            call.actor, call.document(), credential, level=asked.level, parameters=parameters, form=asked.form
        )
        pin = asked.pin.get_secret_value() if asked.pin else None
        return _named(call, service.sign(call.actor, request, credential.activate(request, pin)), "signed")

    def seal(call: Call) -> Answer:
        asked: SealForm = call.body
        sealed = service.seal(
            call.actor,
            call.document(),
            asked.sealer,
            level=asked.level,
            parameters=_parameters(asked),
            form=asked.form,
        )
        return _named(call, sealed, "sealed")

    def extend(call: Call) -> Answer:
        contents = call.documents.get("content", ())
        extended = service.extend(call.actor, call.document(), call.body.level, contents=contents)
        return _named(call, extended, "extended")

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

    document = Part("document", "the document; its kind decides the signature's format")
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
            errors=(*ERRORS, WrongPin, PinLocked),
            replayable=True,
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


def _parameters(asked: MarkedForm) -> SignatureParameters:
    if not asked.mark:
        return SignatureParameters()
    if asked.mark_page == 0:
        raise RequestMalformed(detail="mark_page")
    left, bottom, width, height = map(float, asked.mark_box.split(","))
    mark = VisibleMark(asked.mark, page=asked.mark_page, box=(left, bottom, width, height))
    return SignatureParameters(mark=mark)


def _named(call: Call, document: Document, word: str) -> Answer:
    """The result under a name of its own: the document's with a word in it, or what the format calls it."""
    given, name = call.document().name, document.name
    if name in {"", given}:
        stem, dot, ending = given.rpartition(".")
        name = f"{stem}.{word}.{ending}" if dot else f"{given}.{word}"
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
