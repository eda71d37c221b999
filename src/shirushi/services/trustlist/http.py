"""Trusted lists over HTTP: the lists, their services at a date, why a document is qualified as it is, and loading."""

from __future__ import annotations

from pydantic import BaseModel, Field

from shirushi.codecs.asn1.pem import certificates_in
from shirushi.core.errors import MalformedInput, NotAnInstant, NotPermitted, UnsupportedAlgorithm
from shirushi.core.instant import instant, rfc3339
from shirushi.core.qualification import Conclusion
from shirushi.core.recognition import EquivalenceVerdict, TrustKind
from shirushi.core.verdict import Indication
from shirushi.faces.http import Answer, Call, Form, Line, Operation, Outcome, Part, Router, Words
from shirushi.ports.trust import NoTrustAnchors, Validator
from shirushi.rules.lists import ListSignature
from shirushi.services.trustlist.model import (
    SnapshotUnknown,
    TerritoryUnknown,
    explanation_report,
    report,
    standing_report,
)
from shirushi.services.trustlist.service import TrustedLists


class ListServicesQuery(Words):
    """Which services, and when."""

    territory: Line = Field(description="the territory's code, such as JP")
    at: Line | None = Field(None, description="what was true at this time (RFC 3339); by default now")
    type: Line | None = Field(None, description="services of this type alone, by its URI")


class ListLoadForm(Words):
    """For when lists are judged."""

    at: Line | None = Field(
        None, description="judge for this time (RFC 3339); by default each at its own issue"
    )


class ExplanationForm(Words):
    """Under what conditions the document is judged."""

    at: Line | None = Field(None, description="judge as of this time (RFC 3339)")
    offline: bool = Field(default=False, description="fetch nothing over the network")
    party: Line = Field("", description="whose equivalents are asked for; by default the configuration's")


class ListFailureReport(BaseModel):
    """Why a list could not be had, or was refused."""

    code: str
    message: str
    remedy: str


class ListStandingReport(BaseModel):
    """How the list of a territory stands: null where none is held."""

    territory: str
    list_type: str
    counts: bool = Field(description="whether decisions rest on it now")
    sequence: int | None
    issued: str | None
    next_update: str | None
    digest: str | None = Field(description="SHA-256 of the snapshot, hexadecimal")
    location: str | None
    tried_at: str | None
    succeeded_at: str | None
    failed_at: str | None
    failing: bool = Field(description="whether nothing good came since the last failure")
    failures: list[ListFailureReport]


class ListStandingsReport(BaseModel):
    """Every territory."""

    lists: list[ListStandingReport]


class ListedServiceReport(BaseModel):
    """What a service was at the time."""

    provider: str
    service: str
    type: str
    status: str
    since: str
    until: str | None


class ListedServicesReport(BaseModel):
    """The services that began by then."""

    territory: str
    at: str
    digest: str = Field(description="SHA-256 of the snapshot that says so")
    services: list[ListedServiceReport]


class ListTotalsReport(BaseModel):
    """What a load brought."""

    lists: int
    providers: int
    services: int
    history: int
    certificates: int
    verified: int
    pinned: int


class ListJudgementReport(BaseModel):
    """The judgement on one list."""

    file: str
    territory: str | None
    sequence: int | None
    signature: ListSignature
    reason: str | None


class ListLoadReport(BaseModel):
    """The answer to a load."""

    totals: ListTotalsReport
    lists: list[ListJudgementReport]


class QualificationStepReport(BaseModel):
    """A step of the procedure; `passed` null where it cannot be told."""

    clause: str
    passed: bool | None
    code: str
    reason: str


class QualifyingServiceReport(BaseModel):
    """The service and the period that decided, in the list's own words."""

    territory: str
    provider: str
    name: str
    type: str
    status: str
    since: str
    ground: str
    rule: str | None
    snapshot: str


class CertificateQualificationReport(BaseModel):
    """What the certificate was at one time."""

    at: str
    qualified: bool | None
    purpose: str | None
    qscd: bool | None
    service: QualifyingServiceReport | None
    steps: list[QualificationStepReport]


class StampQualificationReport(BaseModel):
    """What a time-stamp is."""

    id: str
    qualification: str


class SnapshotReport(BaseModel):
    """A list that the answer rests on."""

    territory: str
    sequence: int
    digest: str


class AlternativeReport(BaseModel):
    """What would have led to another conclusion."""

    if_: str = Field(alias="if")
    code: str
    qualification: str


class StandingReport(BaseModel):
    """What a signature, seal or time-stamp is by our own rules."""

    of: str = Field(description="signature, or the id of its time-stamp")
    kind: TrustKind
    party: str
    conclusion: str | None
    title: str = Field(description="what people call it")
    steps: list[QualificationStepReport]


class NativeReport(BaseModel):
    """What it was at one time by the rules of where it comes from."""

    at: str
    conclusion: str | None
    service: QualifyingServiceReport | None


class EquivalenceAlternativeReport(BaseModel):
    """What would have led to another answer."""

    if_: str = Field(alias="if")
    code: str
    verdict: EquivalenceVerdict
    grade: str | None


class EquivalenceReport(BaseModel):
    """What a signature, seal or time-stamp of another party counts as under agreements."""

    of: str = Field(description="signature, or the id of its time-stamp")
    kind: TrustKind
    from_: str = Field(alias="from")
    to: str
    verdict: EquivalenceVerdict
    service: str | None
    level: str | None
    native: str | None
    at_issuance: NativeReport
    at_best_signature_time: NativeReport
    agreements: list[str]
    rules: list[str]
    steps: list[QualificationStepReport]
    snapshots: list[str]
    alternatives: list[EquivalenceAlternativeReport]


class ExplanationReport(BaseModel):
    """Why one signature is qualified as it is."""

    indication: Indication
    qualification: Conclusion
    best_signature_time: str | None
    at_issuance: CertificateQualificationReport
    at_best_signature_time: CertificateQualificationReport
    time_stamps: list[StampQualificationReport]
    snapshots: list[SnapshotReport]
    consulted: list[str] = Field(description="the digests of all lists that were asked")
    alternatives: list[AlternativeReport]
    standings: list[StandingReport]
    equivalences: list[EquivalenceReport]


class ExplanationsReport(BaseModel):
    """Each signature that the lists could be asked about."""

    signatures: list[ExplanationReport]


def router(service: TrustedLists, validator: Validator) -> Router:
    """The operations of trusted lists. `validator` judges a document that is to be explained."""

    def standings(call: Call) -> Answer:
        found = service.standings(call.actor)
        return Answer({"lists": [standing_report(each, call.language) for each in found]})

    def services(call: Call) -> Answer:
        asked: ListServicesQuery = call.parameters
        found = service.browse(call.actor, asked.territory)
        when = instant(asked.at) if asked.at else found.now
        rows = [
            {
                "provider": each.provider,
                "service": each.name,
                "type": each.type,
                "status": each.status.uri,
                "since": rfc3339(each.since),
                "until": rfc3339(each.until) if each.until else None,
            }
            for each in found.services(type=asked.type, at=when, language=call.language)
        ]
        said = {"territory": found.snapshot.territory, "at": rfc3339(when), "digest": found.snapshot.digest}
        return Answer(said | {"services": rows})

    def load(call: Call) -> Answer:
        asked: ListLoadForm = call.body
        anchors = [c for file in call.documents.get("anchor", ()) for c in certificates_in(file.read())]
        time = instant(asked.at) if asked.at else None
        judgements = service.load(call.actor, call.documents["list"], anchors=anchors, at=time)
        return Answer(report(judgements, call.language))

    def explain(call: Call) -> Answer:
        asked: ExplanationForm = call.body
        time = instant(asked.at) if asked.at else None
        verdict = validator.validate(
            call.actor,
            call.document(),
            content=call.documents.get("content", ()),
            at=time,
            offline=asked.offline,
        )
        found = (
            service.explain(call.actor, each, verdict.validation_time, party=asked.party)
            for each in verdict.signatures
        )
        return Answer({"signatures": [explanation_report(each, call.language) for each in found if each]})

    return (
        Operation(
            id="trusted_lists.list",
            method="GET",
            path="/api/v1/trusted-lists",
            summary="How the trusted list of each territory stands",
            run=standings,
            outcomes=(Outcome("the lists", model=ListStandingsReport),),
            public=True,
            tag="trusted-lists",
        ),
        Operation(
            id="trusted_lists.services",
            method="GET",
            path="/api/v1/trusted-lists/{territory}/services",
            summary="What every service of a territory was at a date",
            run=services,
            outcomes=(Outcome("the services that had begun by then", model=ListedServicesReport),),
            parameters=ListServicesQuery,
            errors=(TerritoryUnknown, NotAnInstant),
            public=True,
            tag="trusted-lists",
        ),
        Operation(
            id="trusted_lists.load",
            method="POST",
            path="/api/v1/trusted-lists",
            summary="Judge lists together and keep those that are verified; for operators",
            run=load,
            outcomes=(Outcome("one judgement for each list", model=ListLoadReport),),
            body=Form(
                ListLoadForm,
                (
                    Part("list", "trusted lists, lists of lists and pivots", many=True),
                    Part("anchor", "certificates that sign lists of lists", many=True, required=False),
                ),
            ),
            errors=(NotPermitted, NotAnInstant, MalformedInput),
            tag="trusted-lists",
        ),
        Operation(
            id="trusted_lists.explain",
            method="POST",
            path="/api/v1/trusted-lists/explanations",
            summary="Why each signature of a document is qualified as it is, step by step",
            run=explain,
            outcomes=(
                Outcome("each signature that the lists could be asked about", model=ExplanationsReport),
            ),
            body=Form(
                ExplanationForm,
                (
                    Part("document", "the signed document"),
                    Part("content", "what a detached signature covers", many=True, required=False),
                ),
            ),
            errors=(MalformedInput, UnsupportedAlgorithm, NotAnInstant, NoTrustAnchors, SnapshotUnknown),
            tag="trusted-lists",
        ),
    )
