"""Trust anchors from OpenID Federation: a chain of entity statements from a pinned trust anchor down to a service.

Statements are given, nothing is fetched (OpenID Federation 1.0 §4, §10).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey

from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.errors import MalformedInput, ShirushiError
from shirushi.core.evidence import Certificate, TrustAnchor
from shirushi.core.instant import Instant
from shirushi.ports.trust import NoTrustAnchors

ALGORITHMS = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA", "Ed25519"]
LONGEST_CHAIN = 16
"""Statements in a chain, whatever was given."""


class FederationRefused(ShirushiError):
    """A chain of entity statements that does not hold; `entity` is whose, `detail` why."""

    code = "FEDERATION_REFUSED"


class FederationAnchors:
    """Serves `TrustAnchors` from trust chains: of each, the certificates in the leaf's metadata (`x5c` of its keys).

    A chain runs from the leaf's entity configuration over the statements of those above it to the trust anchor's own
    configuration (§4). `anchors` are the pinned keys (a JWK Set) of each trust anchor by its entity identifier;
    `entity_type` is the metadata that counts.
    """

    def __init__(
        self,
        anchors: Mapping[str, Mapping[str, Any]],
        chains: Sequence[Sequence[str]],
        entity_type: str = "trust_service_provider",
    ) -> None:
        self._anchors = dict(anchors)
        self._chains = tuple(tuple(chain) for chain in chains)
        self._entity_type = entity_type

    def anchors(self, at: Instant) -> tuple[TrustAnchor, ...]:
        """The services' certificates, trusted while every statement of the chain is; raises `FederationRefused`."""
        found = [anchor for chain in self._chains for anchor in self._leaf(chain, at)]
        if not found:
            raise NoTrustAnchors
        return tuple(found)

    def _leaf(self, chain: Sequence[str], at: Instant) -> list[TrustAnchor]:
        if not 2 <= len(chain) <= LONGEST_CHAIN:
            raise FederationRefused(entity="-", detail=f"{len(chain)} statements")
        top = _claims(chain[-1])
        entity = str(top.get("iss"))
        if entity not in self._anchors:
            raise FederationRefused(entity=entity, detail="it is no pinned trust anchor")
        keys: Any = self._anchors[entity]
        told: list[dict[str, Any]] = []
        for place, statement in enumerate(reversed(chain)):
            claims = _verified(statement, keys, at)
            _links(claims, told, leaf=place == len(chain) - 1)
            told.append(claims)
            keys = claims["jwks"]
        leaf, *above = reversed(told)
        metadata = _metadata(leaf, above, self._entity_type)
        begin, end = (edge(each[name] for each in told) for edge, name in ((max, "iat"), (min, "exp")))
        subject = str(leaf["sub"])
        return [
            TrustAnchor(
                each,
                f"{subject} ({entity})",
                datetime.fromtimestamp(begin, UTC),
                datetime.fromtimestamp(end, UTC),
            )
            for each in _certificates(metadata, subject)
        ]


def _claims(statement: str) -> dict[str, Any]:
    """What a statement says, unverified: for whom to verify it by."""
    try:
        part = statement.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError, RecursionError) as error:
        raise FederationRefused(entity="-", detail="it is no JWT") from error
    if not isinstance(claims, dict):
        raise FederationRefused(entity="-", detail="its claims are no object")
    return claims


def _verified(statement: str, keys: Any, at: Instant) -> dict[str, Any]:
    """§10.2: the signature under a key of whoever stands above, the type, and the dates."""
    claims = _claims(statement)
    entity = str(claims.get("iss"))
    try:
        found = jws.deserialize_compact(statement, KeySet.import_key_set(keys), algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise FederationRefused(entity=entity, detail=f"signature: {type(error).__name__}") from error
    if found.headers().get("typ") != "entity-statement+jwt":
        raise FederationRefused(entity=entity, detail="typ is not entity-statement+jwt")
    dates = [claims.get("iat"), claims.get("exp")]
    if not all(
        isinstance(each, int) and not isinstance(each, bool) and 0 <= each < 1 << 40 for each in dates
    ):
        raise FederationRefused(entity=entity, detail="iat, exp")
    if not claims["iat"] <= at.timestamp() < claims["exp"]:
        raise FederationRefused(entity=entity, detail="it is not valid at that time")
    if not isinstance(claims.get("jwks"), dict):
        raise FederationRefused(entity=entity, detail="jwks is missing")
    critical = claims.get("crit", [])
    if critical:
        raise FederationRefused(entity=entity, detail=f"crit {critical}"[:80])
    return claims


def _links(claims: Mapping[str, Any], above: Sequence[Mapping[str, Any]], *, leaf: bool) -> None:
    """§4: the anchor's own configuration, then statements each about the next issuer, then the leaf's configuration."""
    issuer, subject = claims.get("iss"), claims.get("sub")
    expected = above[-1]["sub"] if above else issuer
    own = not above or leaf
    if issuer != expected or (issuer == subject) is not own:
        raise FederationRefused(entity=str(issuer), detail=f"it does not follow {expected}")
    below = len(above) - 1  # how many statements lie between the anchor and this one
    for place, each in enumerate(above):
        longest = (each.get("constraints") or {}).get("max_path_length")
        intermediates = below - max(place, 1)
        if leaf and longest is not None and intermediates > longest:
            raise FederationRefused(entity=str(each["iss"]), detail="max_path_length")


def _metadata(
    leaf: Mapping[str, Any], above: Sequence[Mapping[str, Any]], entity_type: str
) -> Mapping[str, Any]:
    """The leaf's metadata of one type, as its immediate superior's statement overrides it (§6.2).

    Metadata policies are nobody's to pass over: a chain that has some is refused (§6.1).
    """
    found = dict((leaf.get("metadata") or {}).get(entity_type) or {})
    for each in above:
        if each.get("metadata_policy"):
            raise FederationRefused(entity=str(each["iss"]), detail="metadata_policy is not supported")
    if above:
        found |= (above[0].get("metadata") or {}).get(entity_type) or {}
    if not found:
        raise FederationRefused(entity=str(leaf["sub"]), detail=f"no metadata of {entity_type}")
    return found


def _certificates(metadata: Mapping[str, Any], entity: str) -> list[Certificate]:
    try:
        return [_certificate(key, entity) for key in metadata["jwks"]["keys"] if key.get("x5c")]
    except (KeyError, TypeError, IndexError, AttributeError, binascii.Error, MalformedInput) as error:
        raise FederationRefused(entity=entity, detail=f"jwks: {type(error).__name__}") from error


def _certificate(key: Mapping[str, Any], entity: str) -> Certificate:
    """The first certificate of `x5c`, which certifies the very key that it stands with (RFC 7517 §4.7)."""
    certificate = parse_certificate(base64.b64decode(key["x5c"][0], validate=True))
    bare = {name: value for name, value in key.items() if not name.startswith("x5")}
    try:
        (held,) = KeySet.import_key_set({"keys": [bare]}).keys
        if isinstance(held, OctKey):
            raise FederationRefused(entity=entity, detail="x5c beside a key that is not public")
        spki = held.as_der(private=False)
    except (JoseError, ValueError) as error:
        raise FederationRefused(entity=entity, detail=f"jwks: {type(error).__name__}") from error
    if spki != certificate.public_key.spki:
        raise FederationRefused(entity=entity, detail="x5c is of another key")
    return certificate
