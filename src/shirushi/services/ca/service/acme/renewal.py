"""When a certificate should be renewed (RFC 9773)."""

from __future__ import annotations

from typing import Any

from shirushi.codecs.jose.text import decode_base64url, encode_base64url
from shirushi.core.actor import service_actor
from shirushi.core.errors import MalformedInput
from shirushi.core.instant import Instant
from shirushi.services.ca.model import CertificateUnknown, IssuedCertificate
from shirushi.services.ca.model.acme import AcmeError, ResourceUnknown
from shirushi.services.ca.service.authority import CertificateAuthority

SELF = service_actor("acme")


def certificate_id(issued: IssuedCertificate, key_identifier: bytes) -> str:
    """A certificate's name in renewal information (RFC 9773 §4.1)."""
    number = issued.serial_number
    octets = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return f"{encode_base64url(key_identifier)}.{encode_base64url(octets)}"


def certificate_named(ca: CertificateAuthority, text: Any) -> IssuedCertificate:
    """The certificate of that name; raises `AcmeError`, `ResourceUnknown`."""
    issuer, point, number = text.partition(".") if isinstance(text, str) else ("", "", "")
    try:
        identifier, octets = decode_base64url(issuer), decode_base64url(number)
    except MalformedInput as error:
        raise AcmeError(detail="certificate identifier") from error
    if not point or not 1 <= len(octets) <= 20:
        raise AcmeError(detail="certificate identifier")
    try:
        found = ca.certificate(SELF, int.from_bytes(octets, "big"))
    except CertificateUnknown as error:
        raise ResourceUnknown from error
    if certificate_id(found, ca.authority(SELF, found.authority).key_identifier) != text or (
        ca.authority(SELF, found.authority).key_identifier != identifier
    ):
        raise ResourceUnknown
    return found


def window(issued: IssuedCertificate, now: Instant) -> tuple[Instant, Instant]:
    """From when to when it should be renewed: the last third of its validity but a tenth of that; at once if revoked."""
    if issued.revocation is not None:
        start = issued.revocation.revocation_time.replace(microsecond=0)
        return start, max(start, now.replace(microsecond=0))
    life = issued.not_after - issued.not_before
    start, end = issued.not_after - life / 3, issued.not_after - life / 30
    return start.replace(microsecond=0), end.replace(microsecond=0)
