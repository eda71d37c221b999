"""Archive time-stamps: what their imprints cover (EN 319 122-1 §5.5; TS 101 733 §6.4.1 for the older ones)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.algorithms import digest_algorithm, encode_digest_algorithm
from shirushi.codecs.asn1.errors import MalformedAsn1
from shirushi.core.algorithms import Digest, DigestAlgorithm, Hasher
from shirushi.core.errors import MalformedInput
from shirushi.formats.cades import oids
from shirushi.formats.cades.signed_data import SignedDataParts, SignerParts, attribute_parts
from shirushi.formats.cms.attributes import attribute

ContentDigest: TypeAlias = Callable[[DigestAlgorithm], Digest | None]

_INDEXES = (oids.ATS_HASH_INDEX_V3, oids.ATS_HASH_INDEX_V2, oids.ATS_HASH_INDEX)


@dataclass(frozen=True, slots=True)
class HashIndex:
    """What an ats-hash-index names of a signature. `complete` is whether all that it names is there, unchanged."""

    encoding: bytes
    complete: bool
    certificates: frozenset[bytes]
    crls: frozenset[bytes]
    unsigned: frozenset[bytes]
    """Values of unsigned attributes, and whole attributes where an older index names those."""


def hash_index(parts: SignedDataParts, signer: SignerParts, algorithm: DigestAlgorithm) -> bytes:
    """The ATSHashIndexV3 of a signature as it is (EN 319 122-1 §5.5.2)."""

    def index(items: Iterable[bytes]) -> bytes:
        return der.sequence(*(der.octets(algorithm.digest(item)) for item in items))

    return der.sequence(
        encode_digest_algorithm(algorithm),
        index(parts.certificates),
        index(parts.crls),
        index(
            kind + value
            for each in signer.unsigned
            for kind, values in (attribute_parts(each),)
            for value in values
        ),
    )


def archived(
    parts: SignedDataParts, signer: SignerParts, content: Digest, index: bytes | None = None
) -> Digest:
    """The imprint of an archive-time-stamp-v3 (EN 319 122-1 §5.5.3); its digest algorithm is that of `content`."""
    hasher = content.algorithm.new()
    if index is None:
        index = hash_index(parts, signer, content.algorithm)
    for piece in (parts.content_type, content.value, *signer.fields, index):
        hasher.update(piece)
    return Digest(content.algorithm, hasher.digest())


def archive_attribute(token: bytes, index: bytes) -> bytes:
    """The attribute archive-time-stamp-v3: the token with its index as an unsigned attribute of it."""
    parts = SignedDataParts.read(token)
    signer = parts.signers[0].with_unsigned(attribute(oids.ATS_HASH_INDEX_V3, index))
    return attribute(oids.ARCHIVE_TIMESTAMP_V3, parts.with_signer(0, signer).encode())


def read_index(token: bytes, parts: SignedDataParts, signer: SignerParts) -> HashIndex | None:
    """The index inside an archive time-stamp, held against the signature; None where there is none to be read."""
    try:
        holder = SignedDataParts.read(token).signers[0]
        for kind in _INDEXES:
            if values := holder.values(kind):
                return _held_against(values[0], parts, signer, whole=kind != oids.ATS_HASH_INDEX_V3)
    except (MalformedInput, IndexError):
        return None
    return None


def _held_against(encoding: bytes, parts: SignedDataParts, signer: SignerParts, *, whole: bool) -> HashIndex:
    fields = der.single(encoding, der.SEQUENCE).children()
    algorithm: DigestAlgorithm | None = DigestAlgorithm.SHA256  # DEFAULT of the older indexes
    if len(fields) == 4:
        first = fields.pop(0)
        identifier = first.raw if first.tag == der.SEQUENCE else der.sequence(first.raw)
        algorithm = digest_algorithm(identifier)
    if algorithm is None or len(fields) != 3:
        raise MalformedAsn1(detail="not an index")
    named = [{each.expect(der.OCTET_STRING).value for each in field.children()} for field in fields]
    attributes: dict[bytes, bytes] = {}
    for each in signer.unsigned:
        kind, values = attribute_parts(each)
        attributes.update({algorithm.digest(kind + value): value for value in values})
        if whole:
            attributes[algorithm.digest(each)] = each
    there = (
        {algorithm.digest(each): each for each in parts.certificates},
        {algorithm.digest(each): each for each in parts.crls},
        attributes,
    )
    found = [
        frozenset(known[digest] for digest in digests if digest in known)
        for digests, known in zip(named, there, strict=True)
    ]
    complete = all(digests <= known.keys() for digests, known in zip(named, there, strict=True))
    return HashIndex(encoding, complete, *found)


Write: TypeAlias = Callable[[Hasher], bool]


def archived_v2(
    parts: SignedDataParts,
    signer: SignerParts,
    algorithm: DigestAlgorithm,
    content: Write,
    earlier: tuple[bytes, ...],
    *,
    tagged: bool,
    as_found: bool = False,
) -> Digest | None:
    """The imprint of an archive-time-stamp-v2 (TS 101 733 §6.4.1, annex K).

    `content` puts in detached content and tells whether it could; `earlier` are the unsigned attributes that it covers;
    `tagged` is whether the tag of their set is covered, which editions differ about; `as_found` whether the content is
    covered with the indefinite lengths that it came with.
    """
    hasher = algorithm.new()
    head = parts.content_info
    sets = ((0xA0, parts.certificates), (0xA1, parts.crls))
    material = b"".join(der.tlv(tag, *items) for tag, items in sets if items)
    if as_found and parts.found is not None:
        head, material = parts.found
    hasher.update(head)
    if parts.content is None and not content(hasher):
        return None
    hasher.update(material)
    for field in signer.fields:
        hasher.update(field)
    hasher.update(der.tlv(0xA1, *earlier) if tagged else b"".join(earlier))
    return Digest(algorithm, hasher.digest())
