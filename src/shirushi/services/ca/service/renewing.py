"""Renewal and rekey of subjects' certificates, at the desk of an operator."""

from __future__ import annotations

from shirushi.core.actor import Actor
from shirushi.services.ca.model import IssuedCertificate
from shirushi.services.ca.service.authority import CertificateAuthority
from shirushi.services.ca.service.requesting import Requests


class Renewing:
    """Issues further certificates for subjects that have one."""

    def __init__(self, ca: CertificateAuthority, requests: Requests) -> None:
        self._ca = ca
        self._requests = requests

    def renew(self, actor: Actor, serial_number: int, request: bytes | None = None) -> IssuedCertificate:
        """A further certificate like one that was issued here: for its key, or for that of a PKCS#10 request (rekey).

        The request shows that the subject holds the new key, and names nobody else. The old certificate stays as it is.
        Raises `RenewalRefused` for a certificate that is not in force or a request for others, as `Requests.submit` for
        the request, and as `issue`: `ApprovalNeeded` where two must agree, see `Requests.submit_renewal`.
        """
        found = self._ca.certificate(actor, serial_number)
        if request is None:
            self._requests.check_renewal(found)
            spki = found.certificate.public_key.spki
        else:
            spki = self._requests.proven(found.profile, request, serial_number).spki
        chain = self._ca.renew(actor, found.certificate, spki)
        return self._ca.certificate(actor, chain[0].serial_number)
