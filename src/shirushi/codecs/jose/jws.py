"""JSON Web Signatures in their three serialisations (RFC 7515 §7), every part as it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from shirushi.codecs.jose.errors import JsonTooComplex, MalformedJws
from shirushi.codecs.jose.strict import parse_json
from shirushi.codecs.jose.writing import write_json

MOST_SIGNATURES = 256


class Serialization(Enum):
    """How a JWS is written (RFC 7515 §7)."""

    COMPACT = "compact"
    """Text: header, payload and value with points between. It has no place for what is added after signing."""
    FLATTENED = "flattened"
    """A JSON object with one signature."""
    GENERAL = "general"
    """A JSON object with any number of signatures."""


@dataclass(frozen=True, slots=True)
class JwsSignature:
    """One signature as it stands: `protected` and `signature` in base64url, `header` the unprotected header."""

    protected: str
    signature: str = field(repr=False)
    header: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Jws:
    """A JWS. `payload` is its text as it stands, None where it is detached."""

    serialization: Serialization
    payload: str | None = field(repr=False)
    signatures: tuple[JwsSignature, ...]


def parse_jws(data: bytes) -> Jws | None:
    """Read a JWS in any serialisation; None for other JSON.

    Members that JOSE does not know are left out (RFC 7515 §7.2.1). Raises `MalformedJws` for text that is neither JSON
    nor a JWS and for JSON that is a JWS in part, and what `parse_json` raises.
    """
    stripped = data.strip(b" \t\r\n")
    if stripped[:1] not in {b"{", b"["}:
        return _compact(stripped)
    value = parse_json(data)
    if not isinstance(value, dict) or not {"signature", "signatures"} & value.keys():
        return None
    return read_jws(value)


def read_jws(value: Any) -> Jws:
    """A JWS from the value of its JSON, or from its text in compact serialisation; raises `MalformedJws`."""
    if isinstance(value, str):
        return _compact(value.encode("utf-8"))
    if not isinstance(value, dict):
        raise MalformedJws(detail="neither text nor object")
    payload = value.get("payload")
    if payload is not None and not isinstance(payload, str):
        raise MalformedJws(detail="a payload that is no text")
    if "signatures" not in value:
        return Jws(Serialization.FLATTENED, payload, (_signature(value),))
    listed = value["signatures"]
    if "signature" in value or not isinstance(listed, list) or not listed:
        raise MalformedJws(detail="signatures that are no list, or one beside them")
    if len(listed) > MOST_SIGNATURES:
        raise JsonTooComplex(what="signatures", limit=MOST_SIGNATURES)
    return Jws(Serialization.GENERAL, payload, tuple(_signature(each) for each in listed))


def _compact(data: bytes) -> Jws:
    try:
        protected, payload, signature = data.decode("ascii").split(".")
    except (UnicodeDecodeError, ValueError) as error:
        raise MalformedJws(detail="not three parts of text") from error
    return Jws(Serialization.COMPACT, payload or None, (JwsSignature(protected, signature),))


def _signature(value: Any) -> JwsSignature:
    if not isinstance(value, dict):
        raise MalformedJws(detail="a signature that is no object")
    protected, signature, header = value.get("protected", ""), value.get("signature"), value.get("header")
    if not isinstance(protected, str) or not isinstance(signature, str):
        raise MalformedJws(detail="a signature without its value")
    if header is not None and not isinstance(header, dict):
        raise MalformedJws(detail="a header that is no object")
    return JwsSignature(protected, signature, header)


def write_jws(jws: Jws) -> bytes:
    """The JWS in its serialisation.

    Raises `MalformedJws` for a compact one with an unprotected header, with a payload that holds a point, or with other
    than one signature, and for a flattened one with other than one.
    """
    if jws.serialization is Serialization.GENERAL:
        return write_json(_with_payload(jws, {"signatures": [members(each) for each in jws.signatures]}))
    if len(jws.signatures) != 1:
        raise MalformedJws(detail=f"{len(jws.signatures)} signatures in {jws.serialization.value} form")
    (signature,) = jws.signatures
    if jws.serialization is Serialization.FLATTENED:
        return write_json(_with_payload(jws, members(signature)))
    payload = jws.payload or ""
    if signature.header is not None or not fits_compact(payload):
        raise MalformedJws(detail="more than the compact form holds")
    return f"{signature.protected}.{payload}.{signature.signature}".encode("ascii")


def fits_compact(payload: str) -> bool:
    """Whether a payload, as it stands, can be a part of the compact form (RFC 7797 §5.2)."""
    return "." not in payload and payload.isascii() and payload.isprintable()


def members(signature: JwsSignature) -> dict[str, Any]:
    """The members of a signature in JSON."""
    found: dict[str, Any] = {"protected": signature.protected}
    if signature.header is not None:
        found["header"] = signature.header
    return found | {"signature": signature.signature}


def _with_payload(jws: Jws, rest: dict[str, Any]) -> dict[str, Any]:
    return rest if jws.payload is None else {"payload": jws.payload, **rest}
