"""What a signature covers beside its header: the payload, within the JWS or named by `sigD` (TS 119 182-1 §5.2.8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from shirushi.codecs.jose.algorithms import named_digest
from shirushi.codecs.jose.text import base64url_of, decode_base64, decode_base64url, encode_base64url
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import ContentUndisclosed, Document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Reference
from shirushi.core.reason import Reason, reason
from shirushi.formats.jades.names import BY_URI, BY_URI_HASH, HTTP_HEADERS
from shirushi.formats.uris import unescaped

PAYLOAD = "payload"
_MOST_REFERENCES = 1_024
_BODY = "message body"
_HTTP_DIGESTS = {"SHA-256": DigestAlgorithm.SHA256, "SHA-512": DigestAlgorithm.SHA512}
"""RFC 5843 §2.2; older names are not relied on."""


@dataclass(frozen=True, slots=True)
class Covered:
    """`signed` is the payload's part of the signing input, None where it is not at hand.

    `stamped` are the octets that content and archive time-stamps cover of it (§5.2.6, §5.3.6), None as well.
    """

    references: tuple[Reference, ...]
    signed: bytes | None = field(repr=False)
    stamped: tuple[bytes | Document, ...] | None = field(repr=False)
    encoded: bool = True
    failings: tuple[Reason, ...] = ()

    def pieces(self) -> Iterator[bytes]:
        """What time-stamps cover, in pieces; nothing where `stamped` is None."""
        for each in self.stamped or ():
            yield from (each,) if isinstance(each, bytes) else octets_of(each, encoded=self.encoded)

    def digest(self, algorithm: DigestAlgorithm) -> Digest | None:
        """The digest over what content time-stamps cover; None where it is not at hand.

        Of one document that is signed as it is, its digest is enough.
        """
        if self.stamped is None:
            return None
        if len(self.stamped) == 1 and isinstance(self.stamped[0], Document):
            return content_digest(self.stamped[0], algorithm, encoded=self.encoded)
        return digest_of(self.pieces(), algorithm)


def octets_of(document: Document, *, encoded: bool) -> Iterator[bytes]:
    """A document as it counts in a JWS: in base64url, or as it is (RFC 7797)."""
    return base64url_of(document) if encoded else document.chunks()


def digest_of(pieces: Iterable[bytes], algorithm: DigestAlgorithm) -> Digest:
    """The digest over pieces, one after the other."""
    hasher = algorithm.new()
    for piece in pieces:
        hasher.update(piece)
    return Digest(algorithm, hasher.digest())


def content_digest(document: Document, algorithm: DigestAlgorithm, *, encoded: bool) -> Digest:
    """The digest over a document as it counts in a JWS; raises `ContentUndisclosed` where only another is known."""
    return digest_of(octets_of(document, encoded=True), algorithm) if encoded else document.digest(algorithm)


def covered(
    payload: str | None,
    parameters: dict[str, Any],
    contents: Sequence[Document],
    countersigned: bytes | None = None,
) -> Covered:
    """What a signature with that protected header covers; `countersigned` is the value around a counter-signature."""
    encoded = parameters.get("b64") is not False
    if "sigD" not in parameters:
        return _whole(payload, contents, countersigned, encoded=encoded)
    failings = (reason("JADES_PAYLOAD_BESIDE_SIGD"),) if payload else ()
    sig_d = parameters["sigD"]
    try:
        named, mechanism = _named(sig_d), sig_d["mId"]
        if mechanism == BY_URI:
            return _by_uri(named, contents, failings, encoded=encoded)
        if mechanism == BY_URI_HASH:
            return _by_uri_hash(named, sig_d, contents, failings, encoded=encoded)
        if mechanism == HTTP_HEADERS:
            return _http_headers(named, contents, failings, encoded=encoded)
        failing = reason("JADES_MECHANISM_UNKNOWN", mechanism=str(mechanism)[:200])
    except (MalformedInput, KeyError, TypeError, ValueError):
        failing = reason("JADES_PARAMETER_MALFORMED", parameter="sigD")
    missing = Reference("sigD", found=False, intact=None)
    return Covered((missing,), None, None, encoded, (*failings, failing))


def _whole(
    payload: str | None, contents: Sequence[Document], countersigned: bytes | None, *, encoded: bool
) -> Covered:
    """The payload itself, else the one content (RFC 7515 appendix F), else the value that is counter-signed."""
    failings: tuple[Reason, ...] = ()
    if not payload:
        if countersigned is not None:
            signed = _encoded(countersigned, encoded=encoded)
            return Covered((Reference(PAYLOAD, found=True, intact=True),), signed, (signed,), encoded)
        if len(contents) != 1:
            return Covered((Reference(PAYLOAD, found=False, intact=None),), None, None, encoded)
        signed = b"".join(octets_of(contents[0], encoded=encoded))
        name = contents[0].name or PAYLOAD
        return Covered((Reference(name, found=True, intact=True),), signed, (contents[0],), encoded)
    octets = signed = payload.encode("utf-8")
    if encoded:
        try:
            octets = decode_base64url(payload)
        except MalformedInput:
            failings = (reason("JADES_PAYLOAD_MALFORMED"),)
    matches = countersigned in {None, octets}
    return Covered((Reference(PAYLOAD, found=True, intact=matches),), signed, (signed,), encoded, failings)


def _encoded(data: bytes, *, encoded: bool) -> bytes:
    return encode_base64url(data).encode("ascii") if encoded else data


def _named(sig_d: dict[str, Any]) -> list[str]:
    """The `pars`; raises ValueError where they are no texts."""
    named = sig_d["pars"]
    texts = isinstance(named, list) and all(isinstance(each, str) for each in named)
    if not texts or not 0 < len(named) <= _MOST_REFERENCES:
        raise ValueError("no names")
    return list(named)


def _content(uri: str, contents: Sequence[Document], *, sole: bool) -> Document | None:
    """The content of that name; a single one may have any name where a single one is asked for."""
    known = {uri, unescaped(uri), unescaped(uri).rpartition("/")[2]}
    found = [each for each in contents if each.name and each.name in known]
    if len(found) == 1:
        return found[0]
    return contents[0] if sole and len(contents) == 1 and not found else None


def _by_uri(
    named: list[str], contents: Sequence[Document], failings: tuple[Reason, ...], *, encoded: bool
) -> Covered:
    """The contents one behind another are the payload (§5.2.8.3.2)."""
    found = [_content(each, contents, sole=len(named) == 1) for each in named]
    present = tuple(each for each in found if each is not None)
    whole = len(present) == len(found)
    references = tuple(
        Reference(name, found=each is not None, intact=True if each is not None else None)
        for name, each in zip(named, found, strict=True)
    )
    if not whole:
        return Covered(references, None, None, encoded, failings)
    signed = b"".join(piece for each in present for piece in octets_of(each, encoded=encoded))
    return Covered(references, signed, present, encoded, failings)


def _by_uri_hash(
    named: list[str],
    sig_d: dict[str, Any],
    contents: Sequence[Document],
    failings: tuple[Reason, ...],
    *,
    encoded: bool,
) -> Covered:
    """The header names the digests; the payload is empty (§5.2.8.3.3)."""
    algorithm, values = named_digest(sig_d["hashM"]), sig_d["hashV"]
    if not isinstance(values, list) or len(values) != len(named):
        raise ValueError("not a digest for every name")
    references, present = [], []
    for name, value in zip(named, values, strict=True):
        content = _content(name, contents, sole=len(named) == 1)
        intact = None
        if content is not None:
            present.append(content)
            if algorithm is not None:
                found = _known_digest(content, algorithm, encoded=encoded)
                intact = None if found is None else found.value == decode_base64url(value)
        references.append(Reference(name, content is not None, intact, algorithm))
    stamped = tuple(present) if len(present) == len(named) else None
    return Covered(tuple(references), b"", stamped, encoded, failings)


def _known_digest(document: Document, algorithm: DigestAlgorithm, *, encoded: bool) -> Digest | None:
    """As `content_digest`; None where it is not known."""
    try:
        return content_digest(document, algorithm, encoded=encoded)
    except ContentUndisclosed:
        return None


def _http_headers(
    named: list[str], contents: Sequence[Document], failings: tuple[Reason, ...], *, encoded: bool
) -> Covered:
    """Header fields of an HTTP message, each a content of that name, are the payload (§5.2.8.2).

    Where `digest` is among them, the one content of another name is the body that it speaks of.
    """
    fields: dict[str, str] = {}
    for name in named:
        values = [each.read().decode("utf-8").strip() for each in contents if each.name.lower() == name]
        if values:
            fields[name] = ", ".join(values)
    references = [Reference(name, name in fields, True if name in fields else None) for name in named]
    body = None
    if "digest" in named:
        body = next((each for each in contents if each.name.lower() not in named), None)
        intact = None if body is None else _is_body(fields.get("digest", ""), body)
        references.append(Reference(_BODY, body is not None, intact))
    if len(fields) != len(set(named)):
        return Covered(tuple(references), None, None, encoded, failings)
    signed = "\n".join(f"{name}: {fields[name]}" for name in named).encode()
    stamped: list[bytes | Document] = [signed]
    if body is not None:
        lines = (body.read() if name == "digest" else f"{name}: {fields[name]}".encode() for name in named)
        stamped = [b"\n".join(lines)]
    whole = tuple(stamped) if body is not None or "digest" not in named else None
    if encoded:
        signed = _encoded(signed, encoded=True)
    return Covered(tuple(references), signed, whole, encoded, failings)


def _is_body(digest: str, body: Document) -> bool | None:
    """Whether a Digest field (RFC 3230 §4.3.2) is that of the body; None where it names no algorithm that counts here."""
    name, _, value = digest.partition("=")
    algorithm = _HTTP_DIGESTS.get(name.upper())
    if algorithm is None:
        return None
    return body.digest(algorithm).value == decode_base64(value)
