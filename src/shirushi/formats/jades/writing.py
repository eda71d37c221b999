"""What the signer says, as header parameters (TS 119 182-1 §5.1, §5.2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from shirushi.codecs.asn1.attribute_certificate import attribute_certificate
from shirushi.codecs.jose.algorithms import digest_name, jws_name
from shirushi.codecs.jose.text import encode_base64, encode_base64url
from shirushi.codecs.jose.writing import write_json
from shirushi.core.algorithms import Digest, DigestAlgorithm, SignatureAlgorithm
from shirushi.core.document import Document
from shirushi.core.evidence import Certificate, SignaturePolicyIdentifier
from shirushi.core.instant import Instant
from shirushi.formats.jades.declined import ParameterUnsupported
from shirushi.formats.jades.names import BY_URI_HASH, MUST_BE_CRITICAL
from shirushi.formats.jades.payload import content_digest
from shirushi.formats.jades.unsigned import time_stamp
from shirushi.formats.protocol import ProductionPlace, SignatureParameters
from shirushi.formats.uris import escaped

_OID = re.compile(r"[0-2](\.\d+)+", re.ASCII)


def said(parameters: SignatureParameters, time: Instant) -> dict[str, Any]:
    """The signer's own words; raises `ParameterUnsupported` for what JAdES has no place for."""
    for name in ("field", "name", "reason", "mark", "certification"):
        if getattr(parameters, name) is not None:
            raise ParameterUnsupported(parameter=name)
    found: dict[str, Any] = {"iat": int(time.timestamp())}
    if parameters.commitment:
        found["srCms"] = [{"commId": _identifier(parameters.commitment)}]
    if place := _place(parameters.location or "", parameters.place or ProductionPlace()):
        found["sigPl"] = place
    attributes: dict[str, Any] = {}
    if parameters.claimed_roles:
        roles = list(parameters.claimed_roles)
        attributes["claimed"] = [{"mediaType": "text/plain", "encoding": "binary", "qVals": roles}]
    if parameters.certified_roles:
        held = (encode_base64(attribute_certificate(each)) for each in parameters.certified_roles)
        attributes["certified"] = [{"x509AttrCert": {"val": each}} for each in held]
    if attributes:
        found["srAts"] = attributes
    if parameters.policy is not None:
        found["sigPId"] = _policy(parameters.policy)
    return found


def _place(locality: str, rest: ProductionPlace) -> dict[str, str]:
    """The place of signing, sigPl (§5.2.4)."""
    parts = {
        "addressCountry": rest.country,
        "addressLocality": locality,
        "addressRegion": rest.region,
        "postalCode": rest.postal_code,
        "streetAddress": rest.street,
    }
    return {name: value for name, value in parts.items() if value}


def _identifier(name: str) -> dict[str, str]:
    """An oId (§5.4.1)."""
    return {"id": f"urn:oid:{name}" if _OID.fullmatch(name) else name}


def _policy(policy: SignaturePolicyIdentifier) -> dict[str, Any]:
    if not policy.oid:
        raise ParameterUnsupported(parameter="policy")
    found: dict[str, Any] = {"id": _identifier(policy.oid)}
    if policy.digest is not None:
        found |= _digest(policy.digest)
    told: list[dict[str, Any]] = [{"spURI": policy.uri}] if policy.uri else []
    if policy.notice:
        told.append({"spUserNotice": {"explText": policy.notice}})
    if told:
        found["sigPQuals"] = told
    return found


def _digest(digest: Digest) -> dict[str, str]:
    return {"digAlg": digest_name(digest.algorithm), "digVal": encode_base64url(digest.value)}


def content_type(media_type: str) -> str:
    """A media type as `cty` has it (RFC 7515 §4.1.10)."""
    short = media_type.removeprefix("application/")
    return media_type if "/" in short else short


def signed_data(
    mechanism: str, contents: Sequence[Document], algorithm: DigestAlgorithm, *, encoded: bool
) -> dict[str, Any]:
    """A `sigD` that names the contents (§5.2.8.3)."""
    found: dict[str, Any] = {"mId": mechanism, "pars": [escaped(each.name) for each in contents]}
    if mechanism == BY_URI_HASH:
        digests = (content_digest(each, algorithm, encoded=encoded) for each in contents)
        found["hashM"] = digest_name(algorithm)
        found["hashV"] = [encode_base64url(each.value) for each in digests]
    return found | {"ctys": [content_type(each.media_type) for each in contents]}


def protected_header(
    head: dict[str, Any],
    chain: Sequence[Certificate],
    algorithm: SignatureAlgorithm,
    digest: DigestAlgorithm,
    content_timestamp: bytes | None,
) -> str:
    """The protected header in base64url; raises `UnsupportedAlgorithm` for what JOSE has no name for."""
    before = write_json({"alg": jws_name(algorithm, chain[0].public_key), **head})
    members = [before[:-1], _certificates(tuple([each.der for each in chain]), digest)]
    rest: dict[str, Any] = {}
    if content_timestamp is not None:
        rest["adoTst"] = time_stamp(content_timestamp, canonical=False)
    critical = [name for name in MUST_BE_CRITICAL if name in head or name in rest]
    if critical:
        rest["crit"] = critical
    if rest:
        members.append(write_json(rest)[1:-1])
    return encode_base64url(b",".join(members) + b"}")


@lru_cache(maxsize=256)
def _certificates(chain: tuple[bytes, ...], digest: DigestAlgorithm) -> bytes:
    """What a header says of its certificates, as members of its JSON (TS 119 182-1 §5.1.7, §5.1.8, §5.2.2.3)."""
    own = Digest(digest, digest.digest(chain[0]))
    reference: dict[str, Any] = {"x5t#o": _digest(own)}
    if digest is DigestAlgorithm.SHA256:
        reference = {"x5t#S256": encode_base64url(own.value)}
    return write_json({**reference, "x5c": [encode_base64(each) for each in dict.fromkeys(chain)]})[1:-1]
