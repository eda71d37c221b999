"""Hash trees of archive time-stamps (RFC 4998 §4.2, RFC 6283 §3.2.1): built over a batch, and climbed from a leaf."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shirushi.core.algorithms import Digest, DigestAlgorithm

ARITY = 2
"""Children of a node: the reduced tree of one leaf among n then holds about log2(n) hashes, the fewest there can be."""


@dataclass(frozen=True, slots=True)
class BatchTree:
    """A tree over a batch of digests. `root` is what one token stamps; `proofs` are in the order of the batch.

    A proof is the reducedHashtree of its digest, the leaf's group first: empty where the digest is the root.
    """

    root: Digest
    proofs: tuple[tuple[tuple[bytes, ...], ...], ...] = field(repr=False)


def build(digests: Sequence[Digest]) -> BatchTree:
    """The tree over digests of one algorithm, equal ones sharing a leaf (RFC 4998 §4.2).

    Raises ValueError for no digest, or digests of several algorithms.
    """
    algorithms = {each.algorithm for each in digests}
    if len(algorithms) != 1:
        raise ValueError("a tree is over at least one digest, all of one algorithm")
    (algorithm,) = algorithms
    leaves = sorted({each.value for each in digests})
    paths: list[list[tuple[bytes, ...]]] = [[] for _ in leaves]
    under = [[number] for number in range(len(leaves))]
    nodes = leaves
    while len(nodes) > 1:
        groups = [range(start, min(start + ARITY, len(nodes))) for start in range(0, len(nodes), ARITY)]
        for group in groups:
            for member in group if len(group) > 1 else ():
                others = tuple(nodes[each] for each in group if each != member)
                for leaf in under[member]:
                    # the leaf stands in its own group; higher up, a node is computed and not repeated
                    path = paths[leaf]
                    path.append(tuple(sorted((nodes[member], *others))) if not path else others)
        under = [[leaf for each in group for leaf in under[each]] for group in groups]
        nodes = [
            nodes[group[0]] if len(group) == 1 else join([nodes[each] for each in group], algorithm)
            for group in groups
        ]
    number = {leaf: index for index, leaf in enumerate(leaves)}
    return BatchTree(Digest(algorithm, nodes[0]), tuple(tuple(paths[number[each.value]]) for each in digests))


def join(hashes: Sequence[bytes], algorithm: DigestAlgorithm) -> bytes:
    """A node over its children: their concatenation in binary ascending order, hashed."""
    return algorithm.digest(b"".join(sorted(hashes)))


def roots(groups: Sequence[Sequence[bytes]], algorithm: DigestAlgorithm) -> Iterator[bytes]:
    """The roots to which the groups of a reduced hash tree may lead, the standard's own reading first (RFC 4998 §4.3).

    The standards leave open what becomes of a group with a single hash, as of one document: it stands for itself, or is
    hashed like every other. Either way nothing but the group leads to the root.
    """
    for hash_single in (False, True):
        node: bytes | None = None
        for group in groups:
            members = list(group) if node is None else [*group, node]
            alone = len(members) == 1 and not hash_single
            node = members[0] if alone else join(members, algorithm)
        if node is not None:
            yield node
