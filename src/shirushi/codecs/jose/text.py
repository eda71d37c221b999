"""Bytes as text: base64url without padding (RFC 7515 §2), and base64, which holds certificates and tokens."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from shirushi.codecs.jose.errors import MalformedJson
from shirushi.core.document import Document


def encode_base64url(data: bytes) -> str:
    """The base64url of bytes, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_base64url(text: Any) -> bytes:
    """The bytes of a base64url text.

    Raises `MalformedJson` for padding, white space, other characters, and for bits behind the last byte that are not
    zero: one value has one text.
    """
    if not isinstance(text, str):
        raise MalformedJson(detail="no text where base64url should stand")
    try:
        encoded = text.encode("ascii")
        if b"+" in encoded or b"/" in encoded or b"=" in encoded:
            raise MalformedJson(detail="not base64url")
        decoded = base64.b64decode(encoded + b"=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise MalformedJson(detail="not base64url") from error
    tail = encoded[len(encoded) - len(encoded) % 4 :]
    if encode_base64url(decoded[len(decoded) - len(decoded) % 3 :]) != tail.decode("ascii"):
        raise MalformedJson(detail="base64url with stray bits")
    return decoded


def encode_base64(data: bytes) -> str:
    """The base64 of bytes, with padding (RFC 4648 §4)."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: Any) -> bytes:
    """The bytes of a base64 text; raises `MalformedJson`."""
    if not isinstance(text, str):
        raise MalformedJson(detail="no text where base64 should stand")
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise MalformedJson(detail="not base64") from error


def base64url_of(document: Document) -> Iterator[bytes]:
    """The base64url of a document in pieces, however large it is; raises what its `chunks` raise."""
    rest = b""
    for chunk in document.chunks():
        data = rest + chunk
        whole = len(data) - len(data) % 3
        rest = data[whole:]
        yield base64.urlsafe_b64encode(data[:whole])
    if rest:
        yield base64.urlsafe_b64encode(rest).rstrip(b"=")
