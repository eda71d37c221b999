"""Certification requests over HTTP: sent in, decided, issued from; and the codes and keys that operators hand over."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from shirushi.codecs.asn1.pem import to_pem
from shirushi.core.catalogue import Language
from shirushi.core.evidence import RevocationReason
from shirushi.core.instant import rfc3339
from shirushi.faces.http import Answer, Call, Json, Line, Operation, Outcome, Router, Words
from shirushi.services.ca.http.work import CertificatePath, RevocationReport, revocation_report
from shirushi.services.ca.model import (
    AlreadyRevoked,
    AuthorityExpired,
    AuthorityRevoked,
    AuthorityUnknown,
    CertificateUnknown,
    ProfileRefused,
    ProfileUnknown,
    RevocationRefused,
    SubjectKeyRefused,
    SubjectKeyReused,
    SubjectKeyWeak,
    SubjectNameRefused,
    ValidityRefused,
)
from shirushi.services.ca.model.est import EnrolmentCodeRefused, EstLabelUnknown
from shirushi.services.ca.model.refusals import (
    RenewalRefused,
    RequestAttributeRefused,
    RequestDecided,
    RequestExtensionRefused,
    RequestMalformedPkcs10,
    RequestSignatureWrong,
    RequestUnknown,
    SubjectKeyCompromised,
    SubjectNameConfusable,
)
from shirushi.services.ca.model.review import Light, Question, Review
from shirushi.services.ca.model.subject_request import RequestState, WaitingRequest
from shirushi.services.ca.service.enrolment import Enrolment

_REFUSALS = (
    AuthorityUnknown,
    ProfileUnknown,
    ProfileRefused,
    RequestMalformedPkcs10,
    RequestSignatureWrong,
    RequestAttributeRefused,
    RequestExtensionRefused,
    SubjectKeyCompromised,
    SubjectNameConfusable,
    SubjectNameRefused,
    SubjectKeyRefused,
    SubjectKeyWeak,
    SubjectKeyReused,
)


class RequestPath(Words):
    """Which request."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class RequestQuery(Words):
    """Which requests are sought."""

    state: Literal["waiting", "approved", "refused", "issued"] | None = None
    mine: bool = Field(
        default=False, description="those that the caller made; else everybody's, for operators"
    )


class RequestOrder(Words):
    """A certification request, and who shall issue under which profile."""

    authority: Line
    profile: Line
    csr: str = Field(max_length=65_536, description="PKCS#10 in PEM")


class RenewalRequestOrder(Words):
    """A certification request for another certificate in the place of one."""

    csr: str = Field(
        max_length=65_536,
        description="PKCS#10 in PEM, for the present key or a new one; its names may be left out, else are the same",
    )


class Decision(Words):
    """Whether it is approved, and why."""

    approve: bool
    remark: Line | None = Field(None, description="shown to whoever made the request")


class SubscriberRevocation(Words):
    """Why a subscriber's certificate shall count no more."""

    reason: Literal[
        "unspecified",
        "key-compromise",
        "affiliation-changed",
        "superseded",
        "cessation-of-operation",
        "certificate-hold",
    ] = "unspecified"


class CodeOrder(Words):
    """For which device a code is."""

    label: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,40}$")] = ""
    subject: Line | None = Field(
        None, description="the common name that it is for; any where it is not given"
    )


class RequestReport(Words):
    """A request as it stands."""

    id: str
    authority: str
    profile: str
    subject: str
    state: str
    submitted_by: str
    submitted_at: str
    decided_by: str | None
    decided_at: str | None
    remark: str
    serial_number: str | None
    renews: str | None
    pem: str | None = None


class ReasonReport(Words):
    """A reason: what it means, and what can be done."""

    code: str
    message: str
    remedy: str


class AnswerReport(Words):
    """What was found in answer to one question, and the serial numbers of certificates that it speaks of."""

    question: Question
    light: Light
    reasons: list[ReasonReport]
    certificates: list[str]


class ReviewReport(Words):
    """A request with what speaks for and against it. `own`: the caller made it and may not approve it."""

    request: RequestReport
    own: bool
    not_before: str | None
    not_after: str | None
    answers: list[AnswerReport]


class RequestsReport(Words):
    """Requests, newest first."""

    requests: list[RequestReport]


class CodeReport(Words):
    """A code: its name and password for HTTP Basic. The password is told this once."""

    name: str
    password: str
    expires: str


def requests(enrolment: Enrolment) -> Router:
    """What applicants and operators do with requests."""
    service, ca = enrolment.requests, enrolment.ca
    place = "/api/v1/certificate-requests"

    def submit(call: Call) -> Answer:
        asked: RequestOrder = call.body
        made = service.submit(call.actor, asked.authority, asked.profile, asked.csr.encode())
        return Answer(_request(made), 201, headers={"Location": f"{place}/{made.id}"})

    def submit_renewal(call: Call) -> Answer:
        asked: RenewalRequestOrder = call.body
        made = service.submit_renewal(call.actor, int(call.parameters.serial_number, 16), asked.csr.encode())
        return Answer(_request(made), 201, headers={"Location": f"{place}/{made.id}"})

    def list_(call: Call) -> Answer:
        asked: RequestQuery = call.parameters
        state = RequestState(asked.state) if asked.state else None
        if asked.mine:
            found = [
                each for each in enrolment.subscribers.requests(call.actor) if state in {None, each.state}
            ]
        else:
            found = service.list_(call.actor, state)
        return Answer({"requests": [_request(each) for each in found]})

    def get(call: Call) -> Answer:
        return Answer(_request(service.get(call.actor, call.parameters.id)))

    def decide(call: Call) -> Answer:
        said: Decision = call.body
        decided = service.decide(
            call.actor, call.parameters.id, approve=said.approve, remark=said.remark or ""
        )
        return Answer(_request(decided))

    def review(call: Call) -> Answer:
        return Answer(_review(enrolment.reviews.review(call.actor, call.parameters.id), call.language))

    def certificate(call: Call) -> Answer:
        _, chain = enrolment.subscribers.issued(call.actor, call.parameters.id)
        found = _request(service.get(call.actor, call.parameters.id))
        return Answer(found | {"pem": "".join(map(to_pem, chain))})

    def revoke(call: Call) -> Answer:
        reason = RevocationReason[call.body.reason.upper().replace("-", "_")]
        revoked = enrolment.subscribers.revoke(call.actor, call.parameters.id, reason)
        return Answer(revocation_report(revoked.revocation_time, revoked.reason))

    def issue(call: Call) -> Answer:
        issued = service.issue(call.actor, call.parameters.id)
        pem = "".join(map(to_pem, ca.chain(call.actor, issued)))
        return Answer(_request(service.get(call.actor, call.parameters.id)) | {"pem": pem})

    def new_code(call: Call) -> Answer:
        code, password = enrolment.est.new_code(call.actor, call.body.label, call.body.subject)
        return Answer({"name": code.id, "password": password, "expires": rfc3339(code.expires)}, 201)

    one = (Outcome("the request", model=RequestReport),)
    waits = (Outcome("it waits", 201, model=RequestReport, headers={"Location": "where it is found"}),)
    return (
        Operation(
            id="requests.list",
            method="GET",
            path=place,
            summary="Certification requests, newest first",
            run=list_,
            outcomes=(Outcome("the last hundred", model=RequestsReport),),
            parameters=RequestQuery,
            tag="ca",
        ),
        Operation(
            id="requests.submit",
            method="POST",
            path=place,
            summary="Send in a certification request (PKCS#10)",
            run=submit,
            outcomes=waits,
            body=Json(RequestOrder),
            errors=_REFUSALS,
            replayable=True,
            tag="ca",
        ),
        Operation(
            id="requests.submit_renewal",
            method="POST",
            path="/api/v1/certificates/{serial_number}/renewal-requests",
            summary="Send in a request to renew a certificate, or to rekey it, which waits for approval",
            run=submit_renewal,
            outcomes=waits,
            parameters=CertificatePath,
            body=Json(RenewalRequestOrder),
            errors=(CertificateUnknown, RenewalRefused, *_REFUSALS),
            replayable=True,
            tag="ca",
        ),
        Operation(
            id="requests.get",
            method="GET",
            path=f"{place}/{{id}}",
            summary="A certification request as it stands",
            run=get,
            outcomes=one,
            parameters=RequestPath,
            errors=(RequestUnknown,),
            tag="ca",
        ),
        Operation(
            id="requests.decide",
            method="POST",
            path=f"{place}/{{id}}/decision",
            summary="Approve a request, or refuse it",
            run=decide,
            outcomes=one,
            parameters=RequestPath,
            body=Json(Decision),
            errors=(RequestUnknown, RequestDecided),
            replayable=True,
            tag="ca",
        ),
        Operation(
            id="requests.review",
            method="GET",
            path=f"{place}/{{id}}/review",
            summary="What speaks for and against a request: its key, its name, what the linter says",
            run=review,
            outcomes=(Outcome("each question with its answer", model=ReviewReport),),
            parameters=RequestPath,
            errors=(RequestUnknown,),
            tag="ca",
        ),
        Operation(
            id="requests.certificate",
            method="GET",
            path=f"{place}/{{id}}/certificate",
            summary="The certificate that came of a request, with those above it",
            run=certificate,
            outcomes=one,
            parameters=RequestPath,
            errors=(RequestUnknown, CertificateUnknown),
            tag="ca",
        ),
        Operation(
            id="requests.revoke",
            method="POST",
            path=f"{place}/{{id}}/revocation",
            summary="Revoke the certificate that came of one's own request",
            run=revoke,
            outcomes=(Outcome("what stands", model=RevocationReport),),
            parameters=RequestPath,
            body=Json(SubscriberRevocation),
            errors=(RequestUnknown, CertificateUnknown, AlreadyRevoked, RevocationRefused),
            replayable=True,
            tag="ca",
        ),
        Operation(
            id="requests.issue",
            method="POST",
            path=f"{place}/{{id}}/certificate",
            summary="Issue from an approved request; again gives the certificate that stands",
            run=issue,
            outcomes=one,
            parameters=RequestPath,
            errors=(
                RequestUnknown,
                RequestDecided,
                CertificateUnknown,
                AuthorityExpired,
                AuthorityRevoked,
                ValidityRefused,
                *_REFUSALS,
            ),
            tag="ca",
        ),
        Operation(
            id="codes.create",
            method="POST",
            path="/api/v1/enrolment-codes",
            summary="Make a code with which one device enrols by EST",
            run=new_code,
            outcomes=(Outcome("the code; its password is told this once", 201, model=CodeReport),),
            body=Json(CodeOrder),
            errors=(EstLabelUnknown, EnrolmentCodeRefused),
            tag="ca",
        ),
    )


def _request(found: WaitingRequest) -> dict[str, Any]:
    return {
        "id": found.id,
        "authority": found.authority,
        "profile": found.profile,
        "subject": found.subject,
        "state": found.state.value,
        "submitted_by": found.submitted_by,
        "submitted_at": rfc3339(found.submitted_at),
        "decided_by": found.decided_by,
        "decided_at": rfc3339(found.decided_at) if found.decided_at else None,
        "remark": found.remark,
        "serial_number": f"{found.serial_number:x}" if found.serial_number is not None else None,
        "renews": f"{found.renews:x}" if found.renews is not None else None,
    }


def _review(found: Review, language: Language) -> dict[str, Any]:
    ends = [rfc3339(at) for at in found.validity] if found.validity else [None, None]
    return {
        "request": _request(found.request),
        "own": found.own,
        "not_before": ends[0],
        "not_after": ends[1],
        "answers": [
            {
                "question": each.question.value,
                "light": each.light.value,
                "reasons": [
                    {"code": r.code, "message": r.explain(language), "remedy": r.remedy(language)}
                    for r in each.reasons
                ],
                "certificates": [f"{number:x}" for number in each.certificates],
            }
            for each in found.answers
        ],
    }
