"""What a caller shows of itself beside a token, for protocols that bring their own: Basic credentials, a certificate."""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from starlette.requests import Request

PEER, CERTIFICATE = "shirushi.peer", "shirushi.certificate"
"""Where the server's protocol leaves the address that is connected, and the certificate that it showed in TLS."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """As they came: nothing is judged. `certificate` is in DER; TLS, or the proxy, has proven its key."""

    authorization: str = field(default="", repr=False)
    certificate: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class TlsProxies:
    """Proxies that end TLS, by address, and the header field in which they tell the client's certificate."""

    addresses: tuple[str, ...] = ()
    header: str = ""


def credentials(request: Request, proxies: TlsProxies) -> Credentials:
    """What the caller shows. The header field counts only where it comes from one of the proxies."""
    certificate = request.scope.get(CERTIFICATE)
    if proxies.header and request.scope.get(PEER) in proxies.addresses:
        values = request.headers.getlist(proxies.header)
        certificate = _certificate(values[0]) if len(values) == 1 else None
    return Credentials(request.headers.get("authorization", ""), certificate)


def _certificate(value: str) -> bytes | None:
    """DER between colons (RFC 9440 §2.2), or PEM in per cent escapes; None where it is neither."""
    if value[:1] == value[-1:] == ":" and len(value) > 2:
        text = value[1:-1].encode()
    else:
        lines = unquote_to_bytes(value).strip().splitlines()
        if len(lines) < 3 or lines[0].strip() != b"-----BEGIN CERTIFICATE-----":
            return None
        text = b"".join(line.strip() for line in lines[1:-1])
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
