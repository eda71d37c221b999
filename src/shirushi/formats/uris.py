"""File names as URIs: how signatures name what they cover from outside (RFC 3986)."""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")


def unescaped(uri: str) -> str:
    """A URI with its percent-encoding undone (RFC 3986 §2.1)."""
    encoded = uri.encode("utf-8", "surrogatepass")
    return _ESCAPE.sub(lambda match: bytes((int(match[1], 16),)), encoded).decode("utf-8", "replace")


def escaped(name: str) -> str:
    """A file name as a relative reference (RFC 3986 §4.2)."""
    plain = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=@/"
    return "".join(chr(octet) if octet in plain else f"%{octet:02X}" for octet in name.encode())
