"""Many digests under one token: a hash tree over them, and for each a record of its own (RFC 4998)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shirushi.codecs.asn1.evidence_record import encode_archive_time_stamp, encode_evidence_record
from shirushi.core.algorithms import Digest
from shirushi.rules.evidence_record import BatchTree, build
from shirushi.services.tsa.model import RequestMalformed
from shirushi.services.tsa.service.requests import check_imprint

MOST_DIGESTS = 1_000_000
"""How many digests one token covers at most: a tree over more is no shorter work than two."""


@dataclass(frozen=True, slots=True)
class StampedBatch:
    """A batch of digests that one token covers."""

    tree: BatchTree = field(repr=False)
    token: bytes = field(repr=False)

    def records(self) -> Iterator[bytes]:
        """For each digest, in the order of the batch, an EvidenceRecord in DER: a proof that needs no other."""
        algorithm = self.tree.root.algorithm
        for proof in self.tree.proofs:
            stamp = encode_archive_time_stamp(algorithm, proof, self.token)
            yield encode_evidence_record([[stamp]], [algorithm])


def tree_over(digests: Sequence[Digest]) -> BatchTree:
    """The tree whose root is stamped. Raises `ImprintRefused`, or `RequestMalformed` for none, too many, or a mixture."""
    if not 0 < len(digests) <= MOST_DIGESTS:
        raise RequestMalformed(detail=f"{len(digests)} digests, of 1 to {MOST_DIGESTS}")
    for digest in digests:
        check_imprint(digest)
    if len({digest.algorithm for digest in digests}) > 1:
        raise RequestMalformed(detail="digests of several algorithms")
    return build(digests)
