"""XAdES as a format (EN 319 132-1): signatures in, around and beside documents, in steps."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shirushi.codecs.xml.c14n import Canonicalization, NodeSet, canonical, canonical_element
from shirushi.codecs.xml.dsig import OBJECT, DsSignature
from shirushi.codecs.xml.names import DS, EXCLUSIVE, ds
from shirushi.codecs.xml.reader import XmlDocument, parse_xml
from shirushi.codecs.xml.text import encode_base64
from shirushi.codecs.xml.transforms import BASE64, ENVELOPED, XPATH
from shirushi.core.algorithms import Digest, DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.document import Bytes, Document
from shirushi.core.evidence import Certificate, Level, SignatureEvidence
from shirushi.core.instant import Instant
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
from shirushi.formats.uris import escaped
from shirushi.formats.xades import raising, writing
from shirushi.formats.xades.declined import BreaksSignature, ParameterUnsupported, ValueWithoutId
from shirushi.formats.xades.draft import Bound, Draft, DraftReference
from shirushi.formats.xades.evidence import COUNTERSIGNED
from shirushi.formats.xades.parse import evidences, parse
from shirushi.formats.xades.references import digest_of

XML = "application/xml"
_SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
_COUNTER = "counter"
_SIGNATURE = ds("Signature")
_TRANSFORMS = {
    # inclusive: every namespace in scope is covered, also one that only values of attributes use
    Packaging.ENVELOPED: (XPATH, Canonicalization.INCLUSIVE.uri),
    Packaging.ENVELOPED_ALONE: (ENVELOPED, EXCLUSIVE),  # TS 119 612 §5.7.1
}


class Xades:
    """Serves the Protocol `Format` for XML and, enveloping and detached, for any document.

    An enveloped signature covers all of the document but signatures. `space` is of no concern: XML grows.
    """

    def prepare(
        self,
        document: Document,
        parameters: SignatureParameters,
        *,
        digest_algorithm: DigestAlgorithm,
        space: int,  # noqa: ARG002  XML grows
        time: Instant,
        seed: bytes,
    ) -> Prepared:
        """Digest what is signed; the document is not touched yet.

        Raises `ParameterUnsupported`, `BreaksSignature`, for a counter-signature `SignatureNotFound` and
        `ValueWithoutId`, or what `parse_xml` raises.
        """
        packaging = parameters.packaging or Packaging.ENVELOPED
        algorithm = _digest_algorithm(digest_algorithm)
        kind, type_ = packaging.value, ""
        transforms: tuple[str, ...] = ()
        uri, mime_type, xml = "", document.media_type, None
        if parameters.countersigns:
            found = raising.find(parse_xml(document.read()), parameters.countersigns)
            kind, type_, transforms = f"{_COUNTER}:{parameters.countersigns}", COUNTERSIGNED, (EXCLUSIVE,)
            uri, mime_type, digest = _value_uri(found), "", _value_digest(found, algorithm)
        elif packaging is Packaging.DETACHED:
            return self.prepare_detached(
                [document], parameters, digest_algorithm=digest_algorithm, time=time, seed=seed
            )
        elif packaging is Packaging.ENVELOPING:
            type_, transforms, digest = OBJECT, (BASE64,), document.digest(algorithm)
        else:
            transforms = _TRANSFORMS[packaging]
            xml = parse_xml(document.read())
            digest = _enveloped_digest(xml, algorithm, packaging)
        id_ = _id(seed, document.digest(DigestAlgorithm.SHA256))
        if packaging is Packaging.ENVELOPING and not parameters.countersigns:
            uri = f"#o-{id_}"
        reference = DraftReference(f"r-{id_}", uri, type_, transforms, digest, mime_type)
        around = raising.around_signature(xml, xml.root, id_) if xml else None
        return _prepared(document, Draft(id_, kind, time, (reference,), parameters, around), digest)

    def prepare_detached(
        self,
        contents: Sequence[Document],
        parameters: SignatureParameters,
        *,
        digest_algorithm: DigestAlgorithm,
        time: Instant,
        seed: bytes,
    ) -> Prepared:
        """Digest several documents that one signature will cover from outside, each under its name.

        The result stands beside the first. Raises `ParameterUnsupported`.
        """
        algorithm = _digest_algorithm(digest_algorithm)
        digests = [each.digest(algorithm) for each in contents]
        covered = digests[0] if len(digests) == 1 else digest_of(contents, algorithm)
        id_ = _id(seed, covered)
        references = tuple(
            DraftReference(f"r-{id_}-{number}", escaped(each.name), "", (), digest, each.media_type)
            for number, (each, digest) in enumerate(zip(contents, digests, strict=True))
        )
        draft = Draft(id_, Packaging.DETACHED.value, time, references, parameters)
        return _prepared(contents[0], draft, covered)

    def bind(
        self,
        prepared: Prepared,
        chain: tuple[Certificate, ...],
        algorithm: SignatureAlgorithm,
        content_timestamp: bytes | None = None,
    ) -> ToBeSigned:
        """Fix the signed properties of a baseline signature (EN 319 132-1 §6.3); the key signs the `ds:SignedInfo`.

        Raises `UnsupportedAlgorithm` for an algorithm that XML signatures have no identifier for.
        """
        draft = Draft.of(prepared.state)
        properties = writing.signed_properties(draft, chain[0], content_timestamp)
        digest_algorithm = draft.references[0].digest.algorithm
        own = DraftReference(
            "",
            f"#{draft.properties_id}",
            _SIGNED_PROPERTIES,
            (EXCLUSIVE,),
            Digest(digest_algorithm, digest_algorithm.digest(properties.encode())),
            "",
        )
        info = writing.signed_info(algorithm, (*draft.references, own))
        head, tail = writing.signature_parts(draft.id, info, properties, chain)
        bits = chain[0].public_key.bits if algorithm.scheme is Scheme.ECDSA else 0
        bound = Bound(draft.kind, draft.id, bits, head, tail, draft.around)
        return ToBeSigned(prepared.document, info.encode(), algorithm, bound)

    def assemble(self, to_be_signed: ToBeSigned, value: bytes) -> Document:
        """Put the signature in its place. A value of ECDSA is written as XML has it: r and s (RFC 9231 §2.3.6)."""
        bound = Bound.of(to_be_signed.state)
        raw = to_raw(value, bound.bits) if bound.bits else value
        document, kind = to_be_signed.document, bound.kind
        held = (
            writing.data_object(f"o-{bound.id}", document.read())
            if kind == Packaging.ENVELOPING.value
            else ""
        )
        signature = f"{bound.head}{encode_base64(raw)}{bound.tail}{held}</ds:Signature>".encode()
        if kind in {Packaging.ENVELOPING.value, Packaging.DETACHED.value}:
            return Document(Bytes(writing.DECLARATION + signature), b"", f"{document.name}.xades", XML)
        before, after = bound.around or _around(document, kind, bound.id)
        return Document(Bytes(before + signature + after), b"", document.name, document.media_type)

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
        """What a signature still needs to reach `level` (EN 319 132-1 §6.3).

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
        """Put in what was needed, behind all that the signature holds already; raises `BreaksSignature`."""
        return raising.attach(document, need, material)

    def parse(self, document: Document, contents: Sequence[Document] = ()) -> tuple[SignatureEvidence, ...]:
        """Every signature in document order."""
        return parse(document, contents)


def _digest_algorithm(wanted: DigestAlgorithm) -> DigestAlgorithm:
    """SHAKE256, which CMS pairs with Ed448, has no identifier in XML signatures: SHA-512 has its strength."""
    return DigestAlgorithm.SHA512 if wanted is DigestAlgorithm.SHAKE256 else wanted


def _id(seed: bytes, digest: Digest) -> str:
    """An identifier that no other signature of the document has, even where a seed comes twice."""
    return f"id-{DigestAlgorithm.SHA256.digest(seed + digest.value).hex()[:32]}"


def _value_uri(signature: DsSignature) -> str:
    """What names the value of a signature that is to be counter-signed (EN 319 132-1 §5.2.7)."""
    name = signature.value_element.get("Id")
    if not name or len(signature.document.by_id(name)) != 1:
        raise ValueWithoutId(signature=signature.id or "-")
    return f"#{name}"


def _value_digest(signature: DsSignature, algorithm: DigestAlgorithm) -> Digest:
    octets = canonical_element(signature.document, signature.value_element, Canonicalization.EXCLUSIVE)
    return Digest(algorithm, algorithm.digest(octets))


def _around(document: Document, kind: str, id_: str) -> tuple[bytes, bytes]:
    """The document up to the place of the signature, and behind it."""
    xml = parse_xml(document.read())
    place = xml.root
    if kind.startswith(_COUNTER):
        place = raising.counter_signature_place(raising.find(xml, kind.partition(":")[2]))
    return raising.around_signature(xml, place, id_)


def _enveloped_digest(xml: XmlDocument, algorithm: DigestAlgorithm, packaging: Packaging) -> Digest:
    others = list(xml.root.iter(_SIGNATURE))
    if others[:1] == [xml.root]:
        raise ParameterUnsupported(parameter="packaging=enveloped")
    outermost = [each for each in others if next(each.iterancestors(_SIGNATURE), None) is None]
    if packaging is Packaging.ENVELOPED_ALONE:
        octets = canonical(NodeSet(xml), Canonicalization.EXCLUSIVE)
    else:
        octets = canonical(NodeSet(xml).without(outermost), Canonicalization.INCLUSIVE)
    if others:
        _refuse_to_break(xml)
    return Digest(algorithm, algorithm.digest(octets))


def _refuse_to_break(xml: XmlDocument) -> None:
    """Raises `BreaksSignature` where an intact signature would not bear another one at the end of the root."""
    before = {each.id: each for each in evidences(xml) if each.integrity}
    head, tail = raising.around_signature(xml, xml.root, "added")
    extended = parse_xml(b'%s<ds:Signature xmlns:ds="%s"/>%s' % (head, DS.encode(), tail))
    for each in evidences(extended):
        if each.id in before and each.integrity is False:
            raise BreaksSignature(name=each.name or "-")


def _prepared(document: Document, draft: Draft, covered: Digest) -> Prepared:
    for name in ("field", "name", "reason", "mark", "certification"):
        if getattr(draft.parameters, name) is not None:
            raise ParameterUnsupported(parameter=name)
    return Prepared(document, covered, draft)
