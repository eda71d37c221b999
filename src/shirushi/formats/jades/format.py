"""JAdES as a format (TS 119 182-1): JSON signatures around, beside and over one another, in steps."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from shirushi.codecs.jose.jws import (
    Jws,
    JwsSignature,
    Serialization,
    fits_compact,
    members,
    parse_jws,
    write_jws,
)
from shirushi.codecs.jose.strict import parse_object
from shirushi.codecs.jose.text import decode_base64url, encode_base64url
from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.document import Bytes, DigestedDocument, Document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Certificate, Level, SignatureEvidence
from shirushi.core.instant import Instant
from shirushi.formats.jades import raising, writing
from shirushi.formats.jades.declined import ContentMissing, ParameterUnsupported, PayloadUnfit
from shirushi.formats.jades.draft import Bound, Draft
from shirushi.formats.jades.names import BY_URI_HASH, HTTP_HEADERS
from shirushi.formats.jades.parse import parse
from shirushi.formats.jades.payload import covered, digest_of, octets_of
from shirushi.formats.jades.places import find, with_component
from shirushi.formats.jades.unsigned import COUNTER_SIGNATURE
from shirushi.formats.protocol import (
    MaterialNeeded,
    Packaging,
    Prepared,
    SignatureParameters,
    StampNeeded,
    ToBeSigned,
    ValidationMaterial,
)
from shirushi.formats.raw_ecdsa import to_raw

JSON_TYPE = "application/jose+json"
COMPACT_TYPE = "application/jose"
JOSE_TYPES = frozenset({JSON_TYPE, COMPACT_TYPE, "application/jwt"})
_NEW, _BESIDE, _COUNTER = "new", "beside", "counter"


@dataclasses.dataclass(frozen=True, slots=True)
class Jades:
    """Serves the Protocol `Format` for any document; enveloping unless the caller chooses detached.

    `serialization` is that of new signatures. A JWS that is signed once more becomes general, and a compact one that is
    raised becomes flattened: nothing else holds it. With `unencoded`, payloads stand and are signed as they are (RFC
    7797). `space` is of no concern: JSON grows.
    """

    serialization: Serialization = Serialization.FLATTENED
    unencoded: bool = False

    def prepare(
        self,
        document: Document,
        parameters: SignatureParameters,
        *,
        digest_algorithm: DigestAlgorithm,
        space: int,  # noqa: ARG002  JSON grows
        time: Instant,
        seed: bytes,  # noqa: ARG002  JAdES names nothing by identifiers
    ) -> Prepared:
        """Digest what is signed; the document is not touched yet.

        A document that is a JWS already gets another signature over the same payload. Raises `ParameterUnsupported`,
        `PayloadUnfit`, `ContentMissing` for a JWS without its payload, and for a counter-signature `SignatureNotFound`.
        """
        if parameters.packaging in {Packaging.ENVELOPED, Packaging.ENVELOPED_ALONE}:
            raise ParameterUnsupported(parameter=f"packaging={parameters.packaging.value}")
        head = writing.said(parameters, time)
        algorithm = _digest_algorithm(digest_algorithm)
        if parameters.countersigns:
            value = find(raising.read(document), parameters.countersigns).signature.signature
            draft = Draft(_COUNTER, "", algorithm, head, value.encode(), countersigns=parameters.countersigns)
            return _prepared(document, draft)
        if parameters.packaging is Packaging.DETACHED:
            return self.prepare_detached([document], parameters, digest_algorithm=digest_algorithm, time=time)
        jws = _signed_already(document) if parameters.packaging is None else None
        if jws is not None:
            return _prepared(document, _beside(jws, algorithm, head))
        head["cty"] = writing.content_type(document.media_type)
        self._refuse_unfit(document)
        return _prepared(document, Draft(_NEW, self.serialization.value, algorithm, self._with_b64(head)))

    def prepare_detached(
        self,
        contents: Sequence[Document],
        parameters: SignatureParameters,
        *,
        digest_algorithm: DigestAlgorithm,
        time: Instant,
        mechanism: str = BY_URI_HASH,
    ) -> Prepared:
        """Digest several documents that one signature will cover from outside, each under its name (§5.2.8).

        `mechanism` is one of those in `formats.jades.names`; for `HTTP_HEADERS`, contents are header fields by their
        names, and where `digest` is among them, the body is the last. Raises `ParameterUnsupported`, and
        `ContentUndisclosed` where of a document only another digest is known.
        """
        algorithm = _digest_algorithm(digest_algorithm)
        head = self._with_b64(writing.said(parameters, time))
        if mechanism == BY_URI_HASH and any(isinstance(each, DigestedDocument) for each in contents):
            head["b64"] = False  # what is known is the digest of the document as it is
        encoded = head.get("b64") is not False
        if mechanism == HTTP_HEADERS:
            named = [each.name.lower() for each in contents]
            if "digest" in named:
                named.pop()
            head["sigD"] = {"mId": mechanism, "pars": list(dict.fromkeys(named))}
        else:
            head["sigD"] = writing.signed_data(mechanism, contents, algorithm, encoded=encoded)
        found = covered(None, head, contents)
        digest = found.digest(algorithm)
        if found.signed is None or digest is None:
            raise ContentMissing(
                name=", ".join(each.name for each in found.references if not each.found) or "-"
            )
        draft = Draft(_NEW, self.serialization.value, algorithm, head, found.signed, detached=True)
        return Prepared(contents[0], digest, draft)

    def bind(
        self,
        prepared: Prepared,
        chain: tuple[Certificate, ...],
        algorithm: SignatureAlgorithm,
        content_timestamp: bytes | None = None,
    ) -> ToBeSigned:
        """Fix the protected header; the key signs the JWS signing input (RFC 7515 §5.1).

        Raises `UnsupportedAlgorithm` for an algorithm that JOSE has no name for.
        """
        draft = Draft.of(prepared.state)
        protected = writing.protected_header(draft.head, chain, algorithm, draft.digest, content_timestamp)
        bits = chain[0].public_key.bits if algorithm.scheme is Scheme.ECDSA else 0
        bound = Bound(draft.kind, draft.serialization, protected, bits, draft.detached, draft.countersigns)
        payload = b"".join(_payload(prepared.document, draft))
        data = b"%s.%s" % (protected.encode("ascii"), payload)
        return ToBeSigned(prepared.document, data, algorithm, bound)

    def assemble(self, to_be_signed: ToBeSigned, value: bytes) -> Document:
        """Put the signature in its place. A value of ECDSA is written as JOSE has it: r and s (RFC 7518 §3.4)."""
        bound = Bound.of(to_be_signed.state)
        raw = to_raw(value, bound.bits) if bound.bits else value
        signature = JwsSignature(bound.protected, encode_base64url(raw))
        document = to_be_signed.document
        payload = to_be_signed.data[len(signature.protected) + 1 :]
        if bound.kind == _NEW:
            held = None if bound.detached else payload.decode("utf-8")
            serialization = Serialization(bound.serialization)
            return _written(Jws(serialization, held, (signature,)), document, new=True)
        jws = raising.read(document)
        if bound.kind == _COUNTER:
            place = find(jws, bound.countersigns)
            counter = {"payload": payload.decode("ascii"), **members(signature)}
            return _written(with_component(jws, place, COUNTER_SIGNATURE, counter), document)
        both = Jws(Serialization.GENERAL, jws.payload, (*jws.signatures, signature))
        return _written(both, document)

    def next_need(
        self,
        document: Document,
        level: Level,
        *,
        contents: Sequence[Document] = (),
        signature: str = "",
        archive_timestamps: int = 1,
        anchor_keys: Collection[bytes] = (),
    ) -> StampNeeded | MaterialNeeded | None:
        """What a signature still needs to reach `level` (§6.3).

        Raises `SignatureNotFound`, and `ContentMissing` where an archive time-stamp would cover what is not at hand.
        """
        return raising.next_need(
            document,
            level,
            contents=contents,
            signature=signature,
            archive_timestamps=archive_timestamps,
            anchor_keys=anchor_keys,
        )

    def attach(
        self, document: Document, need: StampNeeded | MaterialNeeded, material: bytes | ValidationMaterial
    ) -> Document:
        """Put in what was needed, behind all that the signature holds already; raises `BreaksTimeStamp`."""
        return _written(raising.attach(document, need, material), document)

    def parse(self, document: Document, contents: Sequence[Document] = ()) -> tuple[SignatureEvidence, ...]:
        """Every signature in document order."""
        return parse(document, contents)

    def _with_b64(self, head: dict[str, Any]) -> dict[str, Any]:
        return {**head, "b64": False} if self.unencoded else head

    def _refuse_unfit(self, document: Document) -> None:
        """Raises `PayloadUnfit` for what the serialisation cannot hold: nothing, and some unencoded (RFC 7797 §5.2)."""
        fits = document.size > 0
        if self.unencoded and fits:
            try:
                text = document.read().decode("utf-8")
            except UnicodeDecodeError as error:
                raise PayloadUnfit(serialization=self.serialization.value) from error
            fits = self.serialization is not Serialization.COMPACT or fits_compact(text)
        if not fits:
            raise PayloadUnfit(serialization=self.serialization.value)


def _digest_algorithm(wanted: DigestAlgorithm) -> DigestAlgorithm:
    """SHAKE256, which CMS pairs with Ed448, has no name in JAdES: SHA-512 has its strength."""
    return DigestAlgorithm.SHA512 if wanted is DigestAlgorithm.SHAKE256 else wanted


def _signed_already(document: Document) -> Jws | None:
    """The JWS that a document is; None for any other. Raises what `parse_jws` raises where its type says it is one."""
    if document.media_type in JOSE_TYPES:
        return raising.read(document)
    if document.media_type != "application/json":
        return None
    data = document.read()
    if b'"signature' not in data:  # neither "signature" nor "signatures"
        return None
    try:
        return parse_jws(data)
    except MalformedInput:
        return None


def _beside(jws: Jws, algorithm: DigestAlgorithm, head: dict[str, Any]) -> Draft:
    """A draft over the payload that the first signature covers, as that one says (RFC 7797 §3)."""
    if not jws.payload:
        raise ContentMissing(name="payload")
    first = parse_object(decode_base64url(jws.signatures[0].protected))
    taken: dict[str, Any] = {name: first[name] for name in ("cty", "b64") if name in first}
    return Draft(_BESIDE, Serialization.GENERAL.value, algorithm, {**head, **taken}, jws.payload.encode())


def _payload(document: Document, draft: Draft) -> Iterable[bytes]:
    """The payload's part of the signing input."""
    if draft.payload is not None:
        return (draft.payload,)
    return octets_of(document, encoded=draft.head.get("b64") is not False)


def _prepared(document: Document, draft: Draft) -> Prepared:
    return Prepared(document, digest_of(_payload(document, draft), draft.digest), draft)


def _written(jws: Jws, document: Document, *, new: bool = False) -> Document:
    compact = jws.serialization is Serialization.COMPACT
    name = f"{document.name}.jws" if new else document.name
    if not compact and name.endswith(".jws"):
        name += ".json"
    return Document(Bytes(write_jws(jws)), b"", name, COMPACT_TYPE if compact else JSON_TYPE)
