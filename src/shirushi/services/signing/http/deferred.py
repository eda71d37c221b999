"""Deferred signing over HTTP: prepare, bind, complete; the platform never holds the key, and keeps nothing between."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Annotated

from pydantic import Field, StringConstraints

from shirushi.codecs.asn1.pem import certificates_in
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.errors import MalformedInput, UnsupportedAlgorithm
from shirushi.core.evidence import Level
from shirushi.core.instant import rfc3339
from shirushi.faces.http import Answer, Call, Form, Json, Line, Operation, Outcome, Part, Router, Words
from shirushi.faces.http.errors import RequestMalformed
from shirushi.formats.protocol import Packaging, SignatureParameters
from shirushi.services.signing.http.signatures import (
    DIGESTS,
    ERRORS,
    FORM,
    PACKAGING,
    DigestName,
    FormName,
    named,
)
from shirushi.services.signing.model import Deferral, DigestForeign, SigningCertificateUnusable, ValueForeign
from shirushi.services.signing.service import Signing

MOST = 1_000_000
"""Bytes of a request with a deferral in it: most are some tens of thousands."""

Base64 = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[A-Za-z0-9+/]*={0,2}$")]
Text = Annotated[str, StringConstraints(max_length=200_000)]


class DeferralForm(Words):
    """What will be signed, before the certificate is known."""

    level: Level = Field(Level.B_T, description="the level to reach")
    form: FormName | None = FORM
    packaging: Packaging | None = PACKAGING
    digest_algorithm: DigestName = Field(
        "SHA-256", description="the one that goes with the key that will sign"
    )
    reason: Line | None = Field(None, description="why it is signed")
    location: Line | None = Field(None, description="where it is signed")


class DeferralReport(Words):
    """A signature on its way."""

    deferral: str = Field(description="to be brought back with the next step, as it is; it may wait for days")
    form: str
    level: Level


class BindingForm(Words):
    """The certificate of the key that will sign."""

    deferral: Text = Field(description="what deferrals.create answered")
    chain: Text = Field(description="the signing certificate first, then its issuers, in PEM")


class BindingReport(DeferralReport):
    """What the key must sign."""

    to_be_signed: str = Field(description="the bytes to be signed, in Base64")
    digest: str = Field(description="their digest under the algorithm, in Base64, for keys that sign digests")
    algorithm: str
    certificate: str = Field(description="the subject of the signing certificate")
    not_after: str = Field(description="until when the value must be back")


class CompletionForm(Words):
    """The signature value."""

    deferral: Text = Field(description="what bindings.create answered")
    value: Base64 = Field(description="the signature value in Base64; ECDSA as a DER sequence")


def router(service: Signing) -> Router:
    """The three steps."""

    def prepare(call: Call) -> Answer:
        asked: DeferralForm = call.body
        deferral = service.defer(
            call.actor,
            call.document(),
            level=asked.level,
            form=asked.form,
            digest_algorithm=DIGESTS[asked.digest_algorithm],
            parameters=SignatureParameters(
                packaging=asked.packaging, reason=asked.reason, location=asked.location
            ),
        )
        return Answer(_report(deferral))

    def bind(call: Call) -> Answer:
        asked: BindingForm = call.body
        chain = certificates_in(asked.chain.encode())
        bound, to_be_signed = service.bind_deferred(call.actor, Deferral.read(asked.deferral), chain)
        digest = (to_be_signed.algorithm.digest or DigestAlgorithm.SHA512).digest(to_be_signed.data)
        return Answer(
            {
                **_report(bound),
                "to_be_signed": b64encode(to_be_signed.data).decode(),
                "digest": b64encode(digest).decode(),
                "algorithm": str(to_be_signed.algorithm),
                "certificate": chain[0].subject.text,
                "not_after": rfc3339(chain[0].not_after),
            }
        )

    def complete(call: Call) -> Answer:
        asked: CompletionForm = call.body
        try:
            value = b64decode(asked.value, validate=True)
        except ValueError as error:
            raise RequestMalformed(detail="value") from error
        document = call.document()
        signed = service.complete_deferred(call.actor, Deferral.read(asked.deferral), document, value)
        return named(document.name, signed, "signed")

    unusable = (SigningCertificateUnusable, UnsupportedAlgorithm, MalformedInput)
    return (
        Operation(
            id="deferrals.create",
            method="POST",
            path="/api/v1/deferrals",
            summary="Prepare a signature for a key that lies elsewhere",
            run=prepare,
            outcomes=(Outcome("a value to be kept by the caller", model=DeferralReport),),
            body=Form(DeferralForm, (Part("document", "the document to be signed"),)),
            errors=ERRORS,
            tag="signing",
        ),
        Operation(
            id="bindings.create",
            method="POST",
            path="/api/v1/bindings",
            summary="Bind a prepared signature to its certificate; answers what the key must sign",
            run=bind,
            outcomes=(Outcome("the bytes to be signed", model=BindingReport),),
            body=Json(BindingForm, MOST),
            errors=(*ERRORS, *unusable, DigestForeign),
            tag="signing",
        ),
        Operation(
            id="completions.create",
            method="POST",
            path="/api/v1/completions",
            summary="Put the signature value in its place",
            run=complete,
            outcomes=(Outcome("the signed file, whole, of the kind that its format says", media_type="*/*"),),
            body=Form(CompletionForm, (Part("document", "the document, as it was prepared"),)),
            errors=(*ERRORS, *unusable, ValueForeign),
            tag="signing",
        ),
    )


def _report(deferral: Deferral) -> dict[str, str]:
    return {"deferral": deferral.text, "form": deferral.form, "level": deferral.level.value}
