"""Requests that are signed as flattened JWS, as ACME demands them (RFC 8555 §6.2): strict in every header parameter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwk
from joserfc.errors import JoseError
from joserfc.jws import FlattenedJSONSerialization, JWSRegistry, deserialize_json

from shirushi.codecs.jose.errors import MalformedJws
from shirushi.codecs.jose.strict import parse_object
from shirushi.codecs.jose.text import decode_base64url
from shirushi.codecs.jose.writing import canonical_json

ALGORITHMS = {"ES256": "EC", "ES384": "EC", "ES512": "EC", "EdDSA": "OKP", "RS256": "RSA"}
"""What account keys sign with, and the type of key that each takes (RFC 8555 §6.2: ES256 by all, no MAC)."""
MAC_ALGORITHMS = ("HS256", "HS384", "HS512")
_PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
_CURVES: dict[str, set[str | None]] = {
    "ES256": {"P-256"},
    "ES384": {"P-384"},
    "ES512": {"P-521"},
    "EdDSA": {"Ed25519", "Ed448"},
    "RS256": {None},
}
_SHORTEST_RSA = 256
"""Octets of a modulus."""
_KNOWN = {"alg", "nonce", "url", "jwk", "kid"}


class JwkTooShort(MalformedJws):
    """An RSA key of fewer than 2048 bits."""


class _Registry(JWSRegistry):
    """As joserfc's, with room for the keys of RSA-4096 in the header."""

    max_header_length = 4096
    max_payload_length = 131_072
    max_signature_length = 2048


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A JWS whose header is sound; its signature is not yet verified.

    Exactly one of `jwk` and `kid` is there. `nonce` is None where the header has none, as in a JWS within another.
    """

    algorithm: str
    url: str
    nonce: str | None
    jwk: Mapping[str, Any] | None
    kid: str | None
    payload: bytes = field(repr=False)
    _value: FlattenedJSONSerialization = field(repr=False)

    def is_signed_by(self, key: Mapping[str, Any]) -> bool:
        """Whether the holder of this JWK signed it."""
        try:
            imported = jwk.import_key(dict(key))
            registry = _Registry(algorithms=[self.algorithm], strict_check_header=False)
            deserialize_json(self._value, imported, registry=registry)
        except (JoseError, ValueError, TypeError):
            return False
        return True


def read_signed_request(data: bytes, algorithms: tuple[str, ...] = tuple(ALGORITHMS)) -> SignedRequest:
    """Read a flattened JWS; raises `MalformedJws` and what `parse_object` raises.

    An algorithm that is none of `algorithms` is read as well: it is for the caller to refuse. There is no unprotected
    header, no `crit`, no parameter that RFC 8555 §6.2 does not name, and of `jwk` and `kid` exactly one.
    """
    value = parse_object(data)
    if set(value) != {"protected", "payload", "signature"}:
        raise MalformedJws(detail="protected, payload, signature and nothing else")
    header = parse_object(decode_base64url(value["protected"]))
    unknown = header.keys() - _KNOWN
    if unknown:
        raise MalformedJws(detail=f"header parameter {min(unknown)[:40]}")
    if ("jwk" in header) == ("kid" in header):
        raise MalformedJws(detail="one of jwk and kid")
    for name in ("alg", "url", *(header.keys() & {"nonce", "kid"})):
        if not isinstance(header.get(name), str):
            raise MalformedJws(detail=f"header parameter {name}")
    if "nonce" in header:
        decode_base64url(header["nonce"])
    key = header.get("jwk")
    if key is not None and header["alg"] in algorithms:
        check_public_jwk(key, header["alg"])
    decode_base64url(value["signature"])
    return SignedRequest(
        header["alg"],
        header["url"],
        header.get("nonce"),
        key,
        header.get("kid"),
        decode_base64url(value["payload"]),
        FlattenedJSONSerialization(
            protected=value["protected"], payload=value["payload"], signature=value["signature"]
        ),
    )


def check_public_jwk(key: Any, algorithm: str) -> None:
    """Raise `MalformedJws` unless it is the public half of a key for the algorithm."""
    if not isinstance(key, dict) or key.get("kty") != ALGORITHMS.get(algorithm) or _PRIVATE & key.keys():
        raise MalformedJws(detail="jwk")
    if key.get("crv") not in _CURVES[algorithm]:
        raise MalformedJws(detail="jwk: crv")
    if algorithm == "RS256" and len(decode_base64url(key.get("n")).lstrip(b"\0")) < _SHORTEST_RSA:
        raise JwkTooShort(detail="jwk: RSA")
    try:
        jwk.import_key(key)
    except (JoseError, ValueError, TypeError) as error:
        raise MalformedJws(detail="jwk") from error


def thumbprint(key: Mapping[str, Any]) -> str:
    """The SHA-256 thumbprint of a JWK in base64url (RFC 7638)."""
    return str(jwk.import_key(dict(key)).thumbprint())


def jwk_text(key: Mapping[str, Any]) -> str:
    """A JWK as one text for one key: its required members alone (RFC 7638 §3.2)."""
    kept = {name: value for name, value in key.items() if name in {"kty", "crv", "x", "y", "n", "e"}}
    return canonical_json(kept).decode()


def spki_of(key: Mapping[str, Any]) -> bytes:
    """The SubjectPublicKeyInfo in DER of a public JWK."""
    return bytes(jwk.import_key(dict(key)).as_der(private=False))  # type: ignore[union-attr]  # public keys all


def mac_jwk(secret: str) -> dict[str, str]:
    """The JWK of a MAC key that is given in base64url."""
    return {"kty": "oct", "k": secret}
