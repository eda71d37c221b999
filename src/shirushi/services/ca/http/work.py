"""What operators do: authorities, certificates, revocation."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from shirushi.codecs.asn1.pem import public_key_in, to_pem
from shirushi.core.errors import MalformedInput, NotAnInstant
from shirushi.core.evidence import RevocationReason
from shirushi.core.instant import Instant, instant, rfc3339
from shirushi.faces.http import (
    Answer,
    Call,
    Json,
    Line,
    Operation,
    Outcome,
    Router,
    Words,
    cursor_of,
    cursor_parts,
)
from shirushi.faces.http.errors import RequestMalformed
from shirushi.ports.keys import KeyUnknown
from shirushi.services.ca.model import (
    AlreadyRevoked,
    Authority,
    AuthorityExpired,
    AuthorityRevoked,
    AuthorityUnknown,
    CertificateRequest,
    CertificateUnknown,
    DistinguishedName,
    IssuedCertificate,
    ProfileRefused,
    ProfileUnknown,
    RevocationRefused,
    SubjectKeyRefused,
    SubjectKeyReused,
    SubjectKeyWeak,
    SubjectNameRefused,
    ValidityRefused,
)
from shirushi.services.ca.model.refusals import SubjectKeyCompromised
from shirushi.services.ca.model.searching import Sought, Standing
from shirushi.services.ca.service import CertificateAuthority

SerialNumber = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{1,40}$")]
_REASONS = tuple(
    reason.name.lower().replace("_", "-")
    for reason in RevocationReason
    if reason is not RevocationReason.REMOVE_FROM_CRL
)
Reason = Literal[_REASONS]  # type: ignore[valid-type]  # the names of the enumeration, said once


class CertificatePath(Words):
    """Which certificate."""

    serial_number: SerialNumber = Field(description="in hexadecimal")


class CertificateQuery(Words):
    """Which certificates are sought; all that is given must fit."""

    authority: Line | None = None
    profile: Line | None = None
    revoked: bool | None = None
    text: Line | None = Field(
        None, description="words of names and identifiers, or a serial number or SHA-256 in hexadecimal"
    )
    standing: Standing | None = Field(None, description="how they stand now")
    ends_before: Line | None = Field(
        None, description="valid now, and no longer than until then (RFC 3339); soonest first"
    )
    limit: int = Field(100, ge=1, le=1000)
    cursor: Line | None = Field(None, description="`next` of the page before")


class NamePart(Words):
    """A part of a distinguished name."""

    type: Line = Field(description="such as commonName")
    value: Line


class CertificateOrder(Words):
    """What is asked of an authority."""

    authority: Line
    profile: Line = Field(description="person-signature, e-seal, tsu, …")
    subject: tuple[NamePart, ...] = Field(min_length=1, max_length=50, description="the name, in order")
    public_key: str = Field(max_length=65_536, description="the public key, or a certificate of it, in PEM")


class RevocationOrder(Words):
    """Why, and as of when."""

    reason: Reason = "unspecified"
    at: Line | None = Field(None, description="as of this time (RFC 3339); now where it is not given")


class AuthorityReport(Words):
    """An established authority."""

    name: str
    issuer: str | None
    subject: str
    serial_number: str
    not_after: str


class AuthoritiesReport(Words):
    """The established authorities."""

    authorities: list[AuthorityReport]


class RevocationReport(Words):
    """When and why a certificate was revoked."""

    revocation_time: str
    reason: str


class CertificateReport(Words):
    """An issued certificate, and whether it was revoked. `pem` is it with those above it, its own first."""

    serial_number: str
    authority: str
    profile: str
    subject: str
    not_before: str
    not_after: str
    revocation: RevocationReport | None
    pem: str | None = None


class CertificatePageReport(Words):
    """Issued certificates, newest first. `next` is the cursor of the next page, null at the end."""

    certificates: list[CertificateReport]
    next: str | None


def work(service: CertificateAuthority) -> Router:
    """What operators do."""

    def authorities(call: Call) -> Answer:
        return Answer({"authorities": [_authority(each) for each in service.authorities(call.actor)]})

    def list_(call: Call) -> Answer:
        asked: CertificateQuery = call.parameters
        page = service.certificates(
            call.actor,
            sought=_sought(asked),
            after=_position(asked.cursor) if asked.cursor else None,
            limit=asked.limit,
        )
        place = page.following
        after = cursor_of(rfc3339(place[0]), f"{place[1]:x}") if place else None
        return Answer(
            {"certificates": [certificate_report(each) for each in page.certificates], "next": after}
        )

    def get(call: Call) -> Answer:
        issued = service.certificate(call.actor, int(call.parameters.serial_number, 16))
        return Answer(certificate_report(issued, _pem(service, call, issued)))

    def issue(call: Call) -> Answer:
        asked: CertificateOrder = call.body
        request = CertificateRequest(
            authority=asked.authority,
            profile=asked.profile,
            subject=DistinguishedName(tuple((part.type, part.value) for part in asked.subject)),
            public_key=public_key_in(asked.public_key.encode()),
        )
        issued = service.issue(call.actor, request)
        place = {"Location": f"/api/v1/certificates/{issued.serial_number:x}"}
        return Answer(certificate_report(issued, _pem(service, call, issued)), 201, headers=place)

    def revoke(call: Call) -> Answer:
        asked: RevocationOrder = call.body
        revoked = service.revoke(
            call.actor,
            int(call.parameters.serial_number, 16),
            RevocationReason[asked.reason.upper().replace("-", "_")],
            instant(asked.at) if asked.at else None,
        )
        return Answer(revocation_report(revoked.revocation_time, revoked.reason))

    return (
        Operation(
            id="authorities.list",
            method="GET",
            path="/api/v1/authorities",
            summary="The established authorities",
            run=authorities,
            outcomes=(Outcome("all of them", model=AuthoritiesReport),),
            tag="ca",
        ),
        Operation(
            id="certificates.list",
            method="GET",
            path="/api/v1/certificates",
            summary="Search issued certificates, newest first",
            run=list_,
            outcomes=(Outcome("a page of certificates", model=CertificatePageReport),),
            parameters=CertificateQuery,
            errors=(NotAnInstant,),
            tag="ca",
        ),
        Operation(
            id="certificates.issue",
            method="POST",
            path="/api/v1/certificates",
            summary="Issue a certificate for a public key",
            run=issue,
            outcomes=(
                Outcome(
                    "the certificate, with its chain",
                    201,
                    model=CertificateReport,
                    headers={"Location": "where it is found"},
                ),
            ),
            body=Json(CertificateOrder),
            errors=(
                MalformedInput,
                AuthorityUnknown,
                AuthorityExpired,
                AuthorityRevoked,
                ProfileUnknown,
                ProfileRefused,
                SubjectNameRefused,
                SubjectKeyRefused,
                SubjectKeyWeak,
                SubjectKeyCompromised,
                SubjectKeyReused,
                ValidityRefused,
                KeyUnknown,
            ),
            replayable=True,
            tag="ca",
        ),
        Operation(
            id="certificates.get",
            method="GET",
            path="/api/v1/certificates/{serial_number}",
            summary="An issued certificate with its chain",
            run=get,
            outcomes=(Outcome("the certificate", model=CertificateReport),),
            parameters=CertificatePath,
            errors=(CertificateUnknown,),
            tag="ca",
        ),
        Operation(
            id="certificates.revoke",
            method="POST",
            path="/api/v1/certificates/{serial_number}/revocation",
            summary="Revoke a certificate; to say the same again changes nothing",
            run=revoke,
            outcomes=(Outcome("what stands", model=RevocationReport),),
            parameters=CertificatePath,
            body=Json(RevocationOrder),
            errors=(CertificateUnknown, AlreadyRevoked, RevocationRefused, NotAnInstant),
            tag="ca",
        ),
    )


def _sought(asked: CertificateQuery) -> Sought:
    return Sought(
        asked.text or "",
        asked.authority,
        asked.profile,
        asked.standing,
        asked.revoked,
        instant(asked.ends_before) if asked.ends_before else None,
    )


def _position(cursor: str) -> tuple[Instant, int]:
    not_before, serial_number = cursor_parts(cursor, 2)
    try:
        return instant(not_before), int(serial_number, 16)
    except (ValueError, NotAnInstant) as error:
        raise RequestMalformed(detail="cursor") from error


def _pem(service: CertificateAuthority, call: Call, issued: IssuedCertificate) -> str:
    return "".join(map(to_pem, service.chain(call.actor, issued)))


def _authority(authority: Authority) -> dict[str, Any]:
    certificate = authority.certificate
    return {
        "name": authority.name,
        "issuer": authority.issuer,
        "subject": certificate.subject.text,
        "serial_number": f"{certificate.serial_number:x}",
        "not_after": rfc3339(certificate.not_after),
    }


def certificate_report(issued: IssuedCertificate, pem: str | None = None) -> dict[str, Any]:
    """A certificate as it is reported."""
    revoked = issued.revocation
    return {
        "serial_number": f"{issued.serial_number:x}",
        "authority": issued.authority,
        "profile": issued.profile,
        "subject": issued.certificate.subject.text,
        "not_before": rfc3339(issued.not_before),
        "not_after": rfc3339(issued.not_after),
        "revocation": revocation_report(revoked.revocation_time, revoked.reason) if revoked else None,
        "pem": pem,
    }


def revocation_report(at: Instant, reason: RevocationReason) -> dict[str, str]:
    """A revocation as it is reported."""
    return {"revocation_time": rfc3339(at), "reason": reason.name.lower().replace("_", "-")}
