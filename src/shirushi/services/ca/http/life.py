"""What operators do with certificates in force: holds, changes in registers, what waits for somebody to look."""

from __future__ import annotations

from pydantic import Field

from shirushi.core.instant import rfc3339
from shirushi.faces.http import Answer, Call, Json, Line, Operation, Outcome, Router, Words
from shirushi.services.ca.http.work import CertificatePath
from shirushi.services.ca.model import (
    AlreadyRevoked,
    CertificateUnknown,
    FlagUnknown,
    NotOnHold,
    RegisterChange,
    RevocationRefused,
)
from shirushi.services.ca.service import CertificateAuthority


class RegisterChangeOrder(Words):
    """What a register says has changed."""

    subject_key: Line = Field(description="an organizationIdentifier (NTRJP-…) or a person's serialNumber")
    change: RegisterChange


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


def life(service: CertificateAuthority) -> Router:
    """What operators do with certificates in force."""

    def suspend(call: Call) -> Answer:
        service.suspend(call.actor, _serial_number(call))
        return Answer({"serial_number": call.parameters.serial_number})

    def release(call: Call) -> Answer:
        service.release(call.actor, _serial_number(call))
        return Answer({"serial_number": call.parameters.serial_number})

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
            tag="ca",
        ),
    )


def _serial_number(call: Call) -> int:
    return int(call.parameters.serial_number, 16)
