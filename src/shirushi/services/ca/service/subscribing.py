"""What subscribers do with their own requests, and with the certificates that came of them."""

from __future__ import annotations

from dataclasses import replace

from shirushi.core.actor import Actor, Role
from shirushi.core.evidence import Certificate, RevocationReason
from shirushi.services.ca.model import IssuedCertificate, Revocation
from shirushi.services.ca.model.refusals import RequestUnknown
from shirushi.services.ca.model.subject_request import WaitingRequest
from shirushi.services.ca.service.authority import CertificateAuthority
from shirushi.services.ca.service.requesting import Requests
from shirushi.services.ca.store import enrolment as store

_AT_ONCE = 100


class Subscribing:
    """The use cases of whoever made a request."""

    def __init__(self, ca: CertificateAuthority, requests: Requests) -> None:
        self._ca = ca
        self._requests = requests

    def requests(self, actor: Actor) -> list[WaitingRequest]:
        """The requests that the actor made, newest first."""
        with self._ca.register.database.reading() as connection:
            return store.requests(connection, _AT_ONCE, None, actor.id)

    def issued(self, actor: Actor, id_: str) -> tuple[IssuedCertificate, tuple[Certificate, ...]]:
        """The certificate that came of a request, and it with those above it. Raises `RequestUnknown`."""
        found = self._requests.get(actor, id_)
        if found.serial_number is None:
            raise RequestUnknown(id=id_)
        issued = self._ca.certificate(_trusted(actor), found.serial_number)
        return issued, self._ca.chain(actor, issued)

    def revoke(self, actor: Actor, id_: str, reason: RevocationReason) -> Revocation:
        """Revoke the certificate that came of the actor's own request; raises `RequestUnknown`, and as `revoke`.

        Whoever may not revoke others' certificates may revoke this one (EN 319 411-1 §6.2.4), on record as themselves.
        """
        found = self._requests.get(actor, id_)
        if found.serial_number is None or found.submitted_by != actor.id:
            raise RequestUnknown(id=id_)
        return self._ca.revoke_for(_trusted(actor), found.serial_number, reason)


def _trusted(actor: Actor) -> Actor:
    """The actor, who was found to be the one that it concerns."""
    return replace(actor, roles=actor.roles | {Role.SERVICE})
