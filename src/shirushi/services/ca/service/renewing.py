"""Renewal and rekey of subjects' certificates, at the desk of an operator."""

from __future__ import annotations

from shirushi.core.actor import Actor
from shirushi.core.instant import rfc3339
from shirushi.services.ca.model import (
    AlreadyRevoked,
    DistinguishedName,
    IssuedCertificate,
    SubjectNameRefused,
)
from shirushi.services.ca.service.authority import CertificateAuthority
from shirushi.services.ca.service.requesting import Requests


class Renewing:
    """Issues further certificates for subjects that have one."""

    def __init__(self, ca: CertificateAuthority, requests: Requests) -> None:
        self._ca = ca
        self._requests = requests

    def renew(self, actor: Actor, serial_number: int, request: bytes | None = None) -> IssuedCertificate:
        """A further certificate like one that was issued here: for its key, or for that of a PKCS#10 request (rekey).

        The request shows that the subject holds the new key, and names the same subject. The old certificate
        stays as it is. Raises `AlreadyRevoked` for one that was revoked or is on hold, `SubjectNameRefused`, as
        `Requests.submit` for the request, and as `issue`: `ApprovalNeeded` where two must agree.
        """
        found = self._ca.certificate(actor, serial_number)
        certificate = found.certificate
        if found.revocation is not None:
            raise AlreadyRevoked(
                certificate=f"{serial_number:x}",
                revocation_time=rfc3339(found.revocation.revocation_time),
                reason=found.revocation.reason.name,
            )
        spki = certificate.public_key.spki
        if request is not None:
            proven = self._requests.proven(found.profile, request)
            subject = DistinguishedName.decode(certificate.subject.der)
            if proven.subject != subject:
                raise SubjectNameRefused(
                    attribute="subject", detail=f"{proven.subject.text} ≠ {subject.text}"
                )
            spki = proven.spki
        chain = self._ca.renew(actor, certificate, spki)
        return self._ca.certificate(actor, chain[0].serial_number)
