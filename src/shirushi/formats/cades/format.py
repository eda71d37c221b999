"""CAdES as a format (EN 319 122-1): a CMS SignedData around the document, or in a file beside it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from enum import IntEnum

from shirushi.codecs.asn1 import der
from shirushi.core.algorithms import Digest, DigestAlgorithm, SignatureAlgorithm
from shirushi.core.document import Bytes, Document
from shirushi.core.evidence import Certificate, Level, SignatureEvidence
from shirushi.core.instant import Instant
from shirushi.formats.cades import augment, oids
from shirushi.formats.cades.attributes import signed_extra
from shirushi.formats.cades.declined import ContentNeeded, ContentTooLarge, ParameterUnsupported
from shirushi.formats.cades.parse import expected_digests, read_signatures
from shirushi.formats.cades.places import place_of, put
from shirushi.formats.cades.signed_data import SignedDataParts
from shirushi.formats.cades.signing import add_signer, bound_attributes, signer_info
from shirushi.formats.cms.assembly import assemble_signed_data
from shirushi.formats.cms.attributes import attribute
from shirushi.formats.cms.attributes import content_timestamp as content_timestamp_attribute
from shirushi.formats.cms.structure import read_signed_data
from shirushi.formats.protocol import (
    MaterialNeeded,
    Packaging,
    Prepared,
    SignatureParameters,
    StampNeeded,
    ToBeSigned,
    ValidationMaterial,
)

ENVELOPING_TYPE = "application/pkcs7-mime"
DETACHED_TYPE = "application/pkcs7-signature"
ENVELOPED_MOST = 200 << 20
"""Bytes of content that are put inside a signature: all of it is held in memory."""
_LARGEST_SIGNATURE = 256 << 20


class _Mode(IntEnum):
    ENVELOPING = 0
    DETACHED = 1
    PARALLEL = 2
    COUNTER = 3


class Cades:
    """Serves the Protocol `Format` for files of any kind.

    A document that is a SignedData itself gets one more signer, beside the others; with `parameters.packaging` it is
    signed as any other file. `packaging` is the default for the rest.
    """

    def __init__(self, packaging: Packaging = Packaging.ENVELOPING) -> None:
        self._packaging = packaging

    def prepare(
        self,
        document: Document,
        parameters: SignatureParameters,
        *,
        digest_algorithm: DigestAlgorithm,
        space: int,  # noqa: ARG002  a file of its own has room
        time: Instant,
        seed: bytes,  # noqa: ARG002  nothing in it needs a name
    ) -> Prepared:
        """Digest the content, or the signature value that is countersigned.

        Raises `ContentTooLarge`, `ParameterUnsupported`, `SignatureUnknown`, `ContentNeeded`.
        """
        mode = self._mode(document, parameters)
        media_type = "" if mode in {_Mode.PARALLEL, _Mode.COUNTER} else document.media_type
        extra = signed_extra(parameters, time=time, media_type=media_type)
        if mode is _Mode.COUNTER:
            value = place_of(_parts(document), parameters.countersigns).signer.value
            digest = Digest(digest_algorithm, digest_algorithm.digest(value))
        elif mode is _Mode.PARALLEL:
            digest = _signed_content(document, digest_algorithm)
        else:
            if mode is _Mode.ENVELOPING and document.size > ENVELOPED_MOST:
                raise ContentTooLarge(size=document.size, limit=ENVELOPED_MOST)
            digest = document.digest(digest_algorithm)
        state = der.sequence(
            der.integer(mode), der.octets(parameters.countersigns.encode()), der.sequence(*extra)
        )
        return Prepared(document, digest, state)

    def _mode(self, document: Document, parameters: SignatureParameters) -> _Mode:
        if parameters.countersigns:
            return _Mode.COUNTER
        packaging = parameters.packaging
        if packaging is None and document.media_type in {ENVELOPING_TYPE, DETACHED_TYPE}:
            return _Mode.PARALLEL
        match packaging or self._packaging:
            case Packaging.ENVELOPING:
                return _Mode.ENVELOPING
            case Packaging.DETACHED:
                return _Mode.DETACHED
            case other:
                raise ParameterUnsupported(parameter=f"packaging {other.value}")

    def bind(
        self,
        prepared: Prepared,
        chain: tuple[Certificate, ...],
        algorithm: SignatureAlgorithm,
        content_timestamp: bytes | None = None,
    ) -> ToBeSigned:
        """The signed attributes of a CAdES baseline signature (EN 319 122-1 §6.3)."""
        kept = bytes(prepared.state)
        mode, _, extra = _read_state(kept)
        if content_timestamp is not None:
            extra = (*extra, content_timestamp_attribute(content_timestamp))
        signed = bound_attributes(
            prepared.digest, chain[0].der, algorithm, extra, countersignature=mode is _Mode.COUNTER
        )
        state = der.sequence(kept, *(certificate.der for certificate in chain))
        return ToBeSigned(prepared.document, signed, algorithm, state)

    def assemble(self, to_be_signed: ToBeSigned, value: bytes) -> Document:
        """The SignedData as a document: with the content inside, beside it, or with one more signature in it."""
        first, *certificates = der.single(bytes(to_be_signed.state), der.SEQUENCE).children()
        mode, countersigned, _ = _read_state(first.raw)
        chain = tuple(certificate.raw for certificate in certificates)
        document, signed, algorithm = to_be_signed.document, to_be_signed.data, to_be_signed.algorithm
        match mode:
            case _Mode.ENVELOPING:
                cms = assemble_signed_data(signed, value, chain, algorithm, content=document.read())
                return Document(Bytes(cms), b"", _named(document, ".p7m"), ENVELOPING_TYPE)
            case _Mode.DETACHED:
                cms = assemble_signed_data(signed, value, chain, algorithm)
                return Document(Bytes(cms), b"", _named(document, ".p7s"), DETACHED_TYPE)
            case _Mode.PARALLEL:
                return _with(document, add_signer(document.read(), signed, value, chain, algorithm))
            case _Mode.COUNTER:
                parts = _parts(document)
                place = place_of(parts, countersigned)
                counter = signer_info(signed, value, chain, algorithm).encode()
                holder = place.signer.with_unsigned(attribute(oids.COUNTERSIGNATURE, counter))
                return _with(document, put(parts, place, holder).with_chain(chain).encode())

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
        """A signature time-stamp, validation material, archive time-stamps, in this order (EN 319 122-1 §6.3).

        Raises `ContentNeeded` where an archive time-stamp takes detached content that is not given.
        """
        return augment.next_need(
            _read(document),
            level,
            contents=contents,
            name=document.name,
            signature=signature,
            archive_timestamps=archive_timestamps,
            anchor_keys=anchor_keys,
        )

    def attach(
        self, document: Document, need: StampNeeded | MaterialNeeded, material: bytes | ValidationMaterial
    ) -> Document:
        """Put in a token or material; no byte that a signature or an archive time-stamp covers changes."""
        return _with(document, augment.attach(_read(document), need, material))

    def parse(self, document: Document, contents: Sequence[Document] = ()) -> tuple[SignatureEvidence, ...]:
        """Every signature, each followed by its counter-signatures. Raises `MalformedCms`."""
        return read_signatures(_read(document), contents, name=document.name)


def _read(document: Document) -> bytes:
    if document.size > _LARGEST_SIGNATURE:
        raise ContentTooLarge(size=document.size, limit=_LARGEST_SIGNATURE)
    return document.read()


def _parts(document: Document) -> SignedDataParts:
    return SignedDataParts.read(_read(document))


def _with(document: Document, encoding: bytes) -> Document:
    return replace(document, source=Bytes(encoding), appended=b"")


def _named(document: Document, ending: str) -> str:
    return document.name + ending if document.name else ""


def _signed_content(document: Document, algorithm: DigestAlgorithm) -> Digest:
    """The digest of what is signed already: of the content inside, or the signed digest where it is detached."""
    data = read_signed_data(_read(document))
    if data.content is not None:
        return Digest(algorithm, algorithm.digest(data.content))
    for known, value in expected_digests(data):
        if known is algorithm:
            return Digest(known, value)
    raise ContentNeeded(algorithm=algorithm.label)


def _read_state(state: bytes) -> tuple[_Mode, str, tuple[bytes, ...]]:
    mode, countersigned, extra = der.single(state, der.SEQUENCE).children()
    return (
        _Mode(der.read_integer(mode.value)),
        countersigned.value.decode(),
        tuple(attribute.raw for attribute in extra.children()),
    )
