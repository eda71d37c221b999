"""Raising signatures: what the next level takes, and putting it in (EN 319 122-1 §5.3 to §5.5, §6.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.evidence import (
    Certificate,
    Level,
    SignatureEvidence,
    TimeStampKind,
)
from shirushi.formats.cades import oids
from shirushi.formats.cades.archive import archive_attribute, archived, hash_index
from shirushi.formats.cades.content import DetachedContent
from shirushi.formats.cades.declined import ArchivedDifferently, ContentNeeded
from shirushi.formats.cades.parse import expected_digests, read_signatures
from shirushi.formats.cades.places import Place, place_of, put
from shirushi.formats.cades.signed_data import SignedDataParts, SignerParts
from shirushi.formats.cms import oids as cms_oids
from shirushi.formats.cms.attributes import signature_timestamp
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.formats.cms.structure import read_signed_data
from shirushi.formats.long_term import lacking_chains
from shirushi.formats.protocol import MaterialNeeded, StampNeeded, ValidationMaterial

_STRONG = {
    DigestAlgorithm.SHA256,
    DigestAlgorithm.SHA384,
    DigestAlgorithm.SHA512,
    DigestAlgorithm.SHA3_256,
    DigestAlgorithm.SHA3_384,
    DigestAlgorithm.SHA3_512,
}


def next_need(
    encoding: bytes,
    level: Level,
    *,
    contents: Sequence[Document] = (),
    name: str = "",
    signature: str = "",
    archive_timestamps: int = 1,
    anchor_keys: Collection[bytes] = (),
) -> StampNeeded | MaterialNeeded | None:
    """What a signature of a SignedData still needs, as `Format.next_need`.

    A counter-signature of level B-LTA needs what the signature that it stands in needs: its archive time-stamps cover
    both.
    """
    parts = SignedDataParts.read(encoding)
    place = place_of(parts, signature)
    if level is Level.B_B:
        return None
    signer = place.signer
    if not signer.has(cms_oids.SIGNATURE_TIMESTAMP):
        imprint = Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(signer.value))
        return StampNeeded(imprint, TimeStampKind.SIGNATURE, signer.id)
    if level is Level.B_T:
        return None
    root = parts.signers[place.index]
    if level is Level.B_LTA and archive_count(root) >= archive_timestamps:
        return None
    chains = lacking(_evidence_of(encoding, contents, name, {signer.id, root.id}), anchor_keys)
    if chains:
        return MaterialNeeded(chains, signer.id)
    if level is Level.B_LT:
        return None
    digest = _content_digest(encoding, parts, Place(place.index, (), root), contents, name)
    return StampNeeded(archived(parts, root, digest), TimeStampKind.ARCHIVE, root.id)


def attach(
    encoding: bytes, need: StampNeeded | MaterialNeeded, material: bytes | ValidationMaterial
) -> bytes:
    """The SignedData with what was needed."""
    parts = SignedDataParts.read(encoding)
    place = place_of(parts, need.signature)
    if isinstance(need, MaterialNeeded):
        if not isinstance(material, ValidationMaterial):
            raise TypeError("a MaterialNeeded takes ValidationMaterial")
        return add_material(parts, place, need, material).encode()
    if isinstance(material, ValidationMaterial):
        raise TypeError("a StampNeeded takes a token")
    signer = place.signer
    if need.kind is TimeStampKind.ARCHIVE:
        index = hash_index(parts, signer, need.imprint.algorithm)
        return put(parts, place, signer.with_unsigned(archive_attribute(material, index))).encode()
    return put(parts, place, signer.with_unsigned(signature_timestamp(material))).encode()


def archive_count(signer: SignerParts) -> int:
    """How many archive time-stamps a signature has, older kinds included."""
    kinds = (oids.ARCHIVE_TIMESTAMP_V3, oids.ARCHIVE_TIMESTAMP_V2)
    return sum(len(signer.values(kind)) for kind in kinds)


def add_material(
    parts: SignedDataParts, place: Place, need: MaterialNeeded, material: ValidationMaterial
) -> SignedDataParts:
    """Certificates and revocation data into the SignedData (EN 319 122-1 §5.4.2, §5.4.3).

    An archive-time-stamp-v2 covers the whole of both fields: then into the latest archive time-stamp instead, which
    nothing covers yet. Raises `ArchivedDifferently` where there is none.
    """
    held = (certificate.der for chain in need.chains for certificate in chain)
    certificates = (*held, *material.certificates)
    if not parts.frozen:
        return parts.adding(certificates, material.crls, material.ocsp_responses)
    root = parts.signers[place.index]
    if not archive_count(root):
        raise ArchivedDifferently
    kind, token = _latest_archive(root)
    grown = into_token(token, certificates, material)
    return parts.with_signer(place.index, root.replacing(kind, token, grown))


def into_token(token: bytes, certificates: Iterable[bytes], material: ValidationMaterial) -> bytes:
    """A time-stamp token with the material in its own SignedData; what it covers and its signature stay."""
    return SignedDataParts.read(token).adding(certificates, material.crls, material.ocsp_responses).encode()


def _latest_archive(signer: SignerParts) -> tuple[str, bytes]:
    found = [
        (parse_timestamp_token(token, TimeStampKind.ARCHIVE, lambda _: None).info.gen_time, kind, token)
        for kind in (oids.ARCHIVE_TIMESTAMP_V2, oids.ARCHIVE_TIMESTAMP_V3)
        for token in signer.values(kind)
    ]
    _, kind, token = max(found)
    return kind, token


def _evidence_of(
    encoding: bytes, contents: Sequence[Document], name: str, ids: set[str]
) -> list[SignatureEvidence]:
    return [each for each in read_signatures(encoding, contents, name=name) if each.id in ids]


def lacking(
    evidences: Iterable[SignatureEvidence], anchor_keys: Collection[bytes] = ()
) -> tuple[tuple[Certificate, ...], ...]:
    """The paths for which validation material is lacking: of signers, and of the units of all their time-stamps."""
    everything = tuple(_with_stamps(evidences))
    return lacking_chains(everything, everything, anchor_keys)


def _with_stamps(evidences: Iterable[SignatureEvidence]) -> Iterator[SignatureEvidence]:
    for each in evidences:
        yield each
        stamps = (*each.content_timestamps, *each.signature_timestamps, *each.archive_timestamps)
        yield from _with_stamps(stamp.signature for stamp in stamps)


def _content_digest(
    encoding: bytes, parts: SignedDataParts, place: Place, contents: Sequence[Document], name: str
) -> Digest:
    """The digest of the signed content for an archive time-stamp: of the content, else the signed digest itself."""
    data = read_signed_data(encoding)
    expected = expected_digests(data)
    own = data.signers[place.index].digest_algorithm
    algorithm = own if own in _STRONG else DigestAlgorithm.SHA512
    content = parts.content
    if content is not None:
        return Digest(algorithm, algorithm.digest(content))
    detached = DetachedContent(contents, expected, name)
    if detached.document is not None and (digest := detached.digest(algorithm)) is not None:
        return digest
    for known, value in expected:
        if known is algorithm:
            return Digest(algorithm, value)
    raise ContentNeeded(algorithm=algorithm.label)
