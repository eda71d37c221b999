"""Evidence records in ASN.1 (RFC 4998): read, and written around tokens that others gave."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from shirushi.codecs.asn1 import ber, der
from shirushi.codecs.asn1.algorithms import digest_algorithm, encode_digest_algorithm
from shirushi.codecs.asn1.errors import MalformedAsn1, MalformedEvidenceRecord
from shirushi.codecs.asn1.schema import decode, encode, raw
from shirushi.codecs.asn1.schema.ers import ArchiveTimeStampSyntax, EvidenceRecordSyntax
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import ArchiveTimeStamp, EvidenceRecord, RecordSyntax

MOST_HASHES = 100_000
"""Of one record: a group may hold a hash for each of its documents."""

_DIGEST_ALGORITHM, _HASH_TREE = 0xA0, 0xA2


def parse_evidence_record(encoding: bytes) -> EvidenceRecord:
    """Read an EvidenceRecord; raises `MalformedEvidenceRecord`. Its tokens are not looked into."""
    try:
        found = decode(EvidenceRecordSyntax, encoding)
        if found.version != 1:
            raise MalformedAsn1(detail=f"a record of version {found.version}")
        if found.encryption_info is not None:
            raise MalformedAsn1(detail="a record over encrypted data")
        chains = found.archive_time_stamp_sequence
        if not chains or not all(chains):
            raise MalformedAsn1(detail="a chain without a time-stamp")
        hashes = sum(len(g) for chain in chains for each in chain for g in each.reduced_hashtree or ())
        if hashes > MOST_HASHES:
            raise MalformedAsn1(detail=f"more than {MOST_HASHES} hashes")
        read = tuple(tuple(_read(each) for each in chain) for chain in chains)
        return EvidenceRecord(
            hashlib.sha256(encoding).hexdigest(),
            RecordSyntax.ERS,
            _renewing(read, _chains_as_found(encoding)),
        )
    except MalformedEvidenceRecord:
        raise
    except MalformedInput as error:
        raise MalformedEvidenceRecord(detail=error.parameters.get("detail", "")) from error


def _read(found: ArchiveTimeStampSyntax) -> ArchiveTimeStamp:
    named = found.digest_algorithm
    algorithm = None if named is None else digest_algorithm(encode(named))
    if named is not None and algorithm is None:
        raise MalformedAsn1(detail=f"a tree under {named.algorithm.dotted_string}")
    groups = tuple(tuple(group) for group in found.reduced_hashtree or ())
    if not all(groups):
        raise MalformedAsn1(detail="an empty group of hashes")
    return ArchiveTimeStamp(algorithm, groups, raw(found.time_stamp))


def _chains_as_found(encoding: bytes) -> tuple[bytes, ...]:
    """The ArchiveTimeStampChains, with lengths made definite."""
    record = der.single(ber.definite(encoding), der.SEQUENCE).children()
    return tuple(chain.raw for chain in record[-1].children())


def _renewing(
    chains: Sequence[Sequence[ArchiveTimeStamp]], encodings: Sequence[bytes]
) -> tuple[tuple[ArchiveTimeStamp, ...], ...]:
    """Each with what it renews: the token before it (§5.2), or the sequence of chains before its own (§5.3)."""
    found: list[tuple[ArchiveTimeStamp, ...]] = []
    for number, chain in enumerate(chains):
        before = _forms(der.sequence(*encodings[:number])) if number else ()
        renewed = [before, *(_forms(each.token) for each in chain[:-1])]
        found.append(tuple(replace(each, renews=what) for each, what in zip(chain, renewed, strict=True)))
    return tuple(found)


def _forms(encoding: bytes) -> tuple[bytes, ...]:
    """As found, and in DER, in which it should have been hashed."""
    try:
        return tuple(dict.fromkeys((encoding, ber.canonical(encoding))))
    except MalformedInput:
        return (encoding,)


def encode_archive_time_stamp(
    algorithm: DigestAlgorithm, groups: Iterable[Iterable[bytes]], token: bytes
) -> bytes:
    """The DER of an ArchiveTimeStamp (§4.1). Within a group, hashes are put in their order of size."""
    tree = b"".join(der.sequence(*map(der.octets, sorted(group))) for group in groups)
    return der.sequence(
        der.tlv(_DIGEST_ALGORITHM, der.single(encode_digest_algorithm(algorithm)).value),
        der.tlv(_HASH_TREE, tree) if tree else b"",
        token,
    )


def encode_evidence_record(chains: Iterable[Iterable[bytes]], algorithms: Iterable[DigestAlgorithm]) -> bytes:
    """The DER of an EvidenceRecord (§3.1) of ArchiveTimeStamps in DER, chain by chain; `algorithms` are all they use."""
    return der.sequence(
        b"\x02\x01\x01",
        der.sequence(*(encode_digest_algorithm(each) for each in dict.fromkeys(algorithms))),
        der.sequence(*(der.sequence(*chain) for chain in chains)),
    )
