"""Challenges: what must be found where, and whether it is (RFC 8555 §8, RFC 8737)."""

from __future__ import annotations

import hashlib
from hmac import compare_digest

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.codecs.jose.text import encode_base64url
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import GeneralName, GeneralNameKind
from shirushi.ports.domain_control import DnsUnanswered, DomainControl, LookupFailed, TlsNotAgreed
from shirushi.services.ca.model.acme import (
    ChallengeType,
    ControlNotShown,
    ControlUnreachable,
    NamesUnanswered,
    TlsRefused,
)

ALPN = "acme-tls/1"
_ACME_IDENTIFIER = der.oid("1.3.6.1.5.5.7.1.31")


class Challenges:
    """Looks for what challenges demand."""

    def __init__(self, control: DomainControl) -> None:
        self._control = control

    def look(self, kind: ChallengeType, host: str, token: str, authorization: str) -> None:
        """Raise `ControlNotShown` or `ControlUnreachable` unless the key authorization stands where it must."""
        digest = hashlib.sha256(authorization.encode()).digest()
        try:
            match kind:
                case ChallengeType.HTTP:  # RFC 8555 §8.3
                    found = self._control.http(host, f"/.well-known/acme-challenge/{token}")
                    shown = compare_digest(found.rstrip(b" \t\r\n"), authorization.encode())
                case ChallengeType.DNS:  # RFC 8555 §8.4
                    shown = encode_base64url(digest) in self._control.txt(f"_acme-challenge.{host}")
                case ChallengeType.TLS_ALPN:
                    shown = shows(self._control.certificate(host, ALPN), host, digest)
        except LookupFailed as error:
            raise named(error, host) from error
        if not shown:
            raise ControlNotShown(name=host, challenge=kind.value)


def named(error: LookupFailed, host: str) -> ControlUnreachable:
    """What kept a look from being made, as ACME words it (RFC 8555 §6.7)."""
    kinds = ((DnsUnanswered, NamesUnanswered), (TlsNotAgreed, TlsRefused), (LookupFailed, ControlUnreachable))
    kind = next(kind for cause, kind in kinds if isinstance(error, cause))
    return kind(name=host, detail=error)


def shows(certificate: bytes, host: str, digest: bytes) -> bool:
    """Whether a certificate is made for this host alone and holds the digest, critically (RFC 8737 §3)."""
    try:
        found = parse_certificate(certificate).extensions.subject_alternative_names
    except MalformedInput:
        return False
    if found != (GeneralName(GeneralNameKind.DNS, host),):
        return False
    wanted = der.sequence(_ACME_IDENTIFIER, der.TRUE_DER, der.octets(der.octets(digest)))
    return any(each.raw == wanted for each in _extensions(certificate))


def _extensions(certificate: bytes) -> list[der.Element]:
    tbs = der.single(certificate).children()[0].children()
    held = next((each for each in tbs if each.tag == 0xA3), None)
    return held.only().children() if held is not None else []
