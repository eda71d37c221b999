"""What operators do with certificates in force: holds, changes in registers, what waits for somebody to look."""

from __future__ import annotations

from pydantic import Field

from shirushi.codecs.asn1.pem import to_pem
from shirushi.core.instant import rfc3339
from shirushi.faces.http import Answer, Call, Json, Line, Operation, Outcome, Router, Words
from shirushi.ports.keys import KeyUnknown
from shirushi.services.ca.http.work import CertificatePath, CertificateReport, certificate_report
from shirushi.services.ca.model import (
    AlreadyRevoked,
    ApprovalNeeded,
    AuthorityExpired,
    AuthorityRevoked,
    CertificateUnknown,
    FlagUnknown,
    LintRefused,
    NotOnHold,
    ProfileRefused,
    RegisterChange,
    RevocationRefused,
    SubjectKeyRefused,
    SubjectKeyReused,
    SubjectKeyWeak,
    SubjectNameRefused,
    ValidityRefused,
)
from shirushi.services.ca.model.control import AuthorityNotActivated
from shirushi.services.ca.model.refusals import (
    RenewalRefused,
    RequestAttributeRefused,
    RequestExtensionRefused,
    RequestMalformedPkcs10,
    RequestSignatureWrong,
    SubjectKeyCompromised,
    SubjectNameConfusable,
)
from shirushi.services.ca.service import CertificateAuthority
from shirushi.services.ca.service.renewing import Renewing


class RegisterChangeOrder(Words):
    """What a register says has changed."""

    subject_key: Line = Field(description="an organizationIdentifier (NTRJP-…) or a person's serialNumber")
    change: RegisterChange


class RegisterChangeQuery(RegisterChangeOrder):
    """What a register might say."""


class RenewalOrder(Words):
    """For which key."""

    csr: str | None = Field(
        None,
        max_length=65_536,
        description="PKCS#10 in PEM for the same name, with a new key; the present key where it is not given",
    )


class RegisterChangeReport(Words):
    """Serial numbers of certificates revoked, and of those that somebody must look at."""

    revoked: list[str]
    flagged: list[str]


class FlagReport(Words):
    """A certificate that somebody must look at, for a register has changed."""

    serial_number: str
    change: RegisterChange
    subject_key: str
    at: str


class DoneReport(Words):
    """The certificate that it was done to."""

    serial_number: str


class FlagsReport(Words):
    """What waits for somebody to look, oldest first."""

    flags: list[FlagReport]


def life(service: CertificateAuthority, renewals: Renewing) -> Router:
    """What operators do with certificates in force."""

    def suspend(call: Call) -> Answer:
        service.suspend(call.actor, _serial_number(call))
        return Answer({"serial_number": call.parameters.serial_number})

    def release(call: Call) -> Answer:
        service.release(call.actor, _serial_number(call))
        return Answer({"serial_number": call.parameters.serial_number})

    def renew(call: Call) -> Answer:
        asked: RenewalOrder = call.body
        csr = asked.csr.encode() if asked.csr is not None else None
        made = renewals.renew(call.actor, _serial_number(call), csr)
        pem = "".join(map(to_pem, service.chain(call.actor, made)))
        place = {"Location": f"/api/v1/certificates/{made.serial_number:x}"}
        return Answer(certificate_report(made, pem), 201, headers=place)

    def foreseen(call: Call) -> Answer:
        asked: RegisterChangeQuery = call.parameters
        found = service.register_foreseen(call.actor, asked.subject_key, asked.change)
        return Answer(
            {"revoked": [f"{n:x}" for n in found.revoked], "flagged": [f"{n:x}" for n in found.flagged]}
        )

    def changed(call: Call) -> Answer:
        asked: RegisterChangeOrder = call.body
        found = service.register_changed(call.actor, asked.subject_key, asked.change)
        return Answer(
            {"revoked": [f"{n:x}" for n in found.revoked], "flagged": [f"{n:x}" for n in found.flagged]}
        )

    def flags(call: Call) -> Answer:
        return Answer(
            {
                "flags": [
                    {
                        "serial_number": f"{each.serial_number:x}",
                        "change": each.change.value,
                        "subject_key": each.subject_key,
                        "at": rfc3339(each.at),
                    }
                    for each in service.flags(call.actor)
                ]
            }
        )

    def settle(call: Call) -> Answer:
        service.settle_flags(call.actor, _serial_number(call))
        return Answer({"serial_number": call.parameters.serial_number})

    done = Outcome("done", model=DoneReport)
    return (
        Operation(
            id="certificates.suspend",
            method="POST",
            path="/api/v1/certificates/{serial_number}/hold",
            summary="Put a certificate on hold",
            run=suspend,
            outcomes=(done,),
            parameters=CertificatePath,
            errors=(CertificateUnknown, AlreadyRevoked, RevocationRefused),
            replayable=True,
            tag="ca",
        ),
        Operation(
            id="certificates.renew",
            method="POST",
            path="/api/v1/certificates/{serial_number}/renewal",
            summary="Issue a further certificate like one in force: for its key, or for that of a PKCS#10 request",
            run=renew,
            outcomes=(
                Outcome(
                    "the certificate, with its chain",
                    201,
                    model=CertificateReport,
                    headers={"Location": "where it is found"},
                ),
            ),
            parameters=CertificatePath,
            body=Json(RenewalOrder),
            errors=(
                CertificateUnknown,
                RenewalRefused,
                ApprovalNeeded,
                AuthorityExpired,
                AuthorityRevoked,
                AuthorityNotActivated,
                LintRefused,
                RequestMalformedPkcs10,
                RequestSignatureWrong,
                RequestAttributeRefused,
                RequestExtensionRefused,
                ProfileRefused,
                SubjectKeyCompromised,
                SubjectKeyRefused,
                SubjectKeyReused,
                SubjectKeyWeak,
                SubjectNameConfusable,
                SubjectNameRefused,
                ValidityRefused,
                KeyUnknown,
            ),
            replayable=True,
            tag="ca",
        ),
        Operation(
            id="register_changes.foresee",
            method="GET",
            path="/api/v1/register-changes",
            summary="What a change in a register would come to; nothing is done",
            run=foreseen,
            outcomes=(Outcome("what it would come to", model=RegisterChangeReport),),
            parameters=RegisterChangeQuery,
            tag="ca",
        ),
        Operation(
            id="certificates.release",
            method="POST",
            path="/api/v1/certificates/{serial_number}/release",
            summary="Take a certificate from hold",
            run=release,
            outcomes=(done,),
            parameters=CertificatePath,
            errors=(CertificateUnknown, NotOnHold),
            replayable=True,
            tag="ca",
        ),
        Operation(
            id="register_changes.report",
            method="POST",
            path="/api/v1/register-changes",
            summary="Follow a change in a register of companies or residents",
            run=changed,
            outcomes=(Outcome("what it came to", model=RegisterChangeReport),),
            body=Json(RegisterChangeOrder),
            errors=(RevocationRefused,),
            replayable=True,
            tag="ca",
        ),
        Operation(
            id="flags.list",
            method="GET",
            path="/api/v1/certificate-flags",
            summary="Certificates that somebody must look at, for a register has changed",
            run=flags,
            outcomes=(Outcome("all of them", model=FlagsReport),),
            tag="ca",
        ),
        Operation(
            id="flags.settle",
            method="POST",
            path="/api/v1/certificate-flags/{serial_number}/settlement",
            summary="Note that somebody has looked, and that the certificate may stand",
            run=settle,
            outcomes=(done,),
            parameters=CertificatePath,
            errors=(FlagUnknown,),
            replayable=True,
            tag="ca",
        ),
    )


def _serial_number(call: Call) -> int:
    return int(call.parameters.serial_number, 16)
