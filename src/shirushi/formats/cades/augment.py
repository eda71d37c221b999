"""Raising signatures: what the next level takes, and putting it in (EN 319 122-1 §5.3 to §5.5, §6.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.evidence import (
    Certificate,
    Crl,
    Level,
    OcspResponse,
    SignatureEvidence,
    TimeStampEvidence,
    TimeStampKind,
)
from shirushi.formats.cades import oids
from shirushi.formats.cades.archive import archive_attribute, archived, hash_index
from shirushi.formats.cades.content import DetachedContent
from shirushi.formats.cades.declined import ArchivedDifferently, ContentNeeded
from shirushi.formats.cades.level import needs_no_status, tells_status
from shirushi.formats.cades.parse import expected_digests, read_signatures
from shirushi.formats.cades.places import Place, place_of, put
from shirushi.formats.cades.signed_data import SignedDataParts, SignerParts
from shirushi.formats.cms import oids as cms_oids
from shirushi.formats.cms.attributes import signature_timestamp
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.formats.cms.structure import read_signed_data
from shirushi.formats.protocol import MaterialNeeded, StampNeeded, ValidationMaterial

_STRONG = {
    DigestAlgorithm.SHA256,
    DigestAlgorithm.SHA384,
    DigestAlgorithm.SHA512,
    DigestAlgorithm.SHA3_256,
    DigestAlgorithm.SHA3_384,
    DigestAlgorithm.SHA3_512,
}
_LONGEST_CHAIN = 16


def next_need(
    encoding: bytes,
    level: Level,
    *,
    contents: Sequence[Document] = (),
    name: str = "",
    signature: str = "",
    archive_timestamps: int = 1,
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
    chains = lacking_chains(_evidence_of(encoding, contents, name, {signer.id, root.id}))
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


def lacking_chains(
    evidences: Iterable[SignatureEvidence], container_stamps: Iterable[TimeStampEvidence] = ()
) -> tuple[tuple[Certificate, ...], ...]:
    """The paths for which validation material is lacking: of signers, and of the units of all their time-stamps.

    A path lacks material where a certificate whose issuer is at hand has no revocation data, or where its first
    certificate's issuer is not at hand. The last one at hand may be the anchor.
    """
    found = list(evidences)
    everything = list(_with_stamps(found, container_stamps))
    certificates = {c.id: c for each in everything for c in each.certificates}
    crls = [crl for each in everything for crl in each.crls]
    responses = [response for each in everything for response in each.ocsp_responses]
    for response in responses:
        certificates.update({c.id: c for c in response.certificates})
    chains: dict[str, tuple[Certificate, ...]] = {}
    for each in everything:
        certificate = each.signing_certificate
        if certificate is None or certificate.id in chains:
            continue
        chain = _path(certificate, certificates.values())
        if _lacks(chain, crls, responses):
            chains[certificate.id] = chain
    return tuple(chains.values())


def _with_stamps(
    evidences: Iterable[SignatureEvidence], more: Iterable[TimeStampEvidence] = ()
) -> Iterator[SignatureEvidence]:
    for each in evidences:
        yield each
        stamps = (*each.content_timestamps, *each.signature_timestamps, *each.archive_timestamps)
        yield from _with_stamps(stamp.signature for stamp in stamps)
    yield from (stamp.signature for stamp in more)


def _path(certificate: Certificate, among: Iterable[Certificate]) -> tuple[Certificate, ...]:
    path = [certificate]
    candidates = tuple(among)
    while not path[-1].self_issued and len(path) < _LONGEST_CHAIN:
        named = [c for c in candidates if c.subject == path[-1].issuer and c not in path]
        key = path[-1].extensions.authority_key_identifier
        keyed = [c for c in named if key is not None and c.extensions.subject_key_identifier == key]
        if not named:
            break
        path.append((keyed or named)[0])
    return tuple(path)


def _lacks(chain: tuple[Certificate, ...], crls: Sequence[Crl], responses: Sequence[OcspResponse]) -> bool:
    if len(chain) == 1:
        return not chain[0].self_issued
    return any(
        not needs_no_status(certificate) and not tells_status(certificate, crls, responses)
        for certificate in chain[:-1]
    )


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
