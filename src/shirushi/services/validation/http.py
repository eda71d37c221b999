"""Validation over HTTP: a document in, the verdict out."""

from __future__ import annotations

from pydantic import BaseModel, Field

from shirushi.codecs.asn1.pem import certificates_in
from shirushi.core.document import Document
from shirushi.core.errors import ConfigurationInvalid, MalformedInput, NotAnInstant, UnsupportedAlgorithm
from shirushi.core.evidence import Certificate, TimeStampKind
from shirushi.core.instant import instant
from shirushi.core.qualification import Conclusion
from shirushi.core.representation import Representation
from shirushi.core.verdict import Indication, MissingKind, SubIndication
from shirushi.faces.http import Answer, Call, Form, Line, Operation, Outcome, Part, Router, Words
from shirushi.faces.http.errors import BodyTooLarge
from shirushi.ports.trust import NoTrustAnchors
from shirushi.rules.ades import ValidationPolicy
from shirushi.rules.ades.policy_file import LARGEST as LARGEST_POLICY
from shirushi.rules.ades.policy_file import preset, read_policy
from shirushi.services.validation.model import report
from shirushi.services.validation.service import Validation

LARGEST_TRUST_FILE = 1_000_000
"""Bytes of a file of certificates."""


class ValidationForm(Words):
    """Under what conditions the document is judged."""

    at: Line | None = Field(None, description="judge as of this time (RFC 3339)")
    offline: bool = Field(default=False, description="fetch nothing over the network")
    policy: Line | None = Field(None, description="judge by this preset: japan, eu, pki")


class ReasonReport(BaseModel):
    """Why something is as it is, and what can be done about it."""

    code: str
    message: str
    remedy: str


class TimeStampReport(BaseModel):
    """The verdict on a time-stamp token."""

    kind: TimeStampKind = Field(description="what it covers")
    indication: Indication
    sub_indication: SubIndication | None
    time: str
    reasons: list[ReasonReport]


class ChangeReport(BaseModel):
    """What was changed after signing."""

    kind: str
    allowed: bool | None
    where: str


class MissingReport(BaseModel):
    """What could lead to another verdict, were it at hand."""

    kind: MissingKind
    certificate: str = Field(description="the certificate whose issuer or whose status is sought")
    sha256: str
    at: str | None


class SignatureReport(BaseModel):
    """The verdict on one signature: was it changed, who signed, is the issuer trusted, when did it exist."""

    format: str
    level: str | None
    indication: Indication
    sub_indication: SubIndication | None
    integrity: str = Field(description="intact, altered or unknown")
    changes: list[ChangeReport]
    signer: str | None
    representation: Representation | None = Field(
        description="own: a person's own signature; seal: a company's; on-behalf: a platform's, for a user"
    )
    on_behalf_of: str | None = Field(description="the user for whom the platform says that it sealed")
    trust: str | None = Field(description="the trust anchor that was reached")
    qualification: Conclusion | None = Field(
        description="what the trusted lists make of it (TS 119 615); null where none could be asked"
    )
    lists: list[str] = Field(description="the digests of the trusted lists that were asked")
    best_signature_time: str | None = Field(
        description="the earliest time at which it is proven to have existed"
    )
    reasons: list[ReasonReport]
    warnings: list[ReasonReport] = Field(description="what the policy only warns of")
    information: list[ReasonReport] = Field(description="what the policy wants told, and nothing more")
    missing: list[MissingReport]
    notes: list[ReasonReport] = Field(
        description="what keeps it from a baseline level, or names a legacy one"
    )
    time_stamps: list[TimeStampReport]


class VerdictReport(BaseModel):
    """The verdict on a document: that of its worst signature; null where there is none."""

    answer: ReasonReport = Field(description="whether to rely on it, in one sentence, and what follows")
    indication: Indication | None
    sub_indication: SubIndication | None
    validation_time: str
    policy: str = Field(description="the policy's digest, SHA-256 over its canonical form")
    policy_name: str
    policy_unmapped: list[str] = Field(
        description="what the policy's own file demands and is not checked here"
    )
    signatures: list[SignatureReport]


def router(service: Validation) -> Router:
    """The operation of validation."""

    def validate(call: Call) -> Answer:
        asked: ValidationForm = call.body
        verdict = service.validate(
            call.actor,
            call.document(),
            content=call.documents.get("content", ()),
            records=call.documents.get("record", ()),
            trust=[c for file in call.documents.get("trust", ()) for c in _certificates(file)],
            at=instant(asked.at) if asked.at else None,
            offline=asked.offline,
            policy=_policy(asked.policy, call),
        )
        return Answer(report(verdict, call.language))

    return (
        Operation(
            id="validations.create",
            method="POST",
            path="/api/v1/validations",
            summary="Judge a document's signatures; a bad signature is a verdict, not an error",
            run=validate,
            outcomes=(Outcome("the verdict, its texts in the language asked for", model=VerdictReport),),
            body=Form(
                ValidationForm,
                (
                    Part("document", "the signed document"),
                    Part("content", "what a detached signature covers", many=True, required=False),
                    Part(
                        "record",
                        "an evidence record or a time-stamp token over the document",
                        many=True,
                        required=False,
                    ),
                    Part(
                        "policy_file",
                        "the validation policy (TOML, JSON, or DSS XML) instead",
                        required=False,
                    ),
                    Part(
                        "trust", "certificates to be trusted instead (PEM or DER)", many=True, required=False
                    ),
                ),
            ),
            errors=(MalformedInput, UnsupportedAlgorithm, NotAnInstant, NoTrustAnchors, ConfigurationInvalid),
            replayable=True,
            tag="validation",
        ),
    )


def _policy(named: str | None, call: Call) -> ValidationPolicy | None:
    """The policy that is sent along, or else the preset that is named; None for the domain's own."""
    for file in call.documents.get("policy_file", ()):
        if file.size > LARGEST_POLICY:
            raise BodyTooLarge(limit=LARGEST_POLICY)
        return read_policy(file.read())
    return preset(named) if named else None


def _certificates(file: Document) -> tuple[Certificate, ...]:
    if file.size > LARGEST_TRUST_FILE:
        raise BodyTooLarge(limit=LARGEST_TRUST_FILE)
    return certificates_in(file.read())
