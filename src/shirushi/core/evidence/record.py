"""What an evidence record says (RFC 4998, RFC 6283)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from shirushi.core.algorithms import Digest, DigestAlgorithm


class RecordSyntax(Enum):
    """How a record is written."""

    ERS = "RFC 4998"
    XMLERS = "RFC 6283"


@dataclass(frozen=True, slots=True)
class ArchiveTimeStamp:
    """An ArchiveTimeStamp (RFC 4998 §4.1): a time-stamp token over the root of a tree, and the way from leaf to root.

    `digest_algorithm` is None where none is named, so that the token's imprint tells it. `groups` is the
    reducedHashtree, the leaf's group first, each group in the order found; empty where the token is over the leaf itself.
    `renews` is what this one makes last: octets whose digest is a leaf or goes into each leaf, in every form in which
    they may have been hashed. It is the token before it in the chain, or, of the first in a chain, all chains before it.
    """

    digest_algorithm: DigestAlgorithm | None
    groups: tuple[tuple[bytes, ...], ...]
    token: bytes = field(repr=False)
    renews: tuple[bytes, ...] = field(repr=False, default=())


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """An evidence record as read. `id` is the hexadecimal SHA-256 of its encoding; `chains` are in the order of time.

    `certificates`, `crls` and `ocsp_responses` are encodings that stand beside its tokens. `canonicalizations` are the
    identifiers of the methods by which XML may have been made canonical before it was hashed (RFC 6283 §3.1.2).
    """

    id: str
    syntax: RecordSyntax
    chains: tuple[tuple[ArchiveTimeStamp, ...], ...]
    certificates: tuple[bytes, ...] = field(repr=False, default=())
    crls: tuple[bytes, ...] = field(repr=False, default=())
    ocsp_responses: tuple[bytes, ...] = field(repr=False, default=())
    canonicalizations: tuple[str, ...] = ()

    @property
    def time_stamps(self) -> tuple[ArchiveTimeStamp, ...]:
        """All of them, the earliest chain first."""
        return tuple(each for chain in self.chains for each in chain)


@dataclass(frozen=True, slots=True)
class RecordObject:
    """Something that a record should cover. `digests` are of each form and algorithm in which it may be a leaf.

    Without digests it is not at hand. `covers` holds the ids of what exists if it does.
    """

    name: str
    digests: frozenset[Digest]
    covers: frozenset[str] = frozenset()
