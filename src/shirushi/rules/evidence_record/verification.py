"""Whether an evidence record holds together and covers what it should (RFC 4998 §3.3, §4.3, §5.3; RFC 6283 §2.3, §3.3, §4.3).

Only digests are judged here. Whether each token is valid, at the time when the next one covers it, is for EN 319 102-1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.evidence import (
    ArchiveTimeStamp,
    RecordEvidence,
    RecordObject,
    RecordSyntax,
    Reference,
    TimeStampEvidence,
)
from shirushi.core.instant import rfc3339
from shirushi.core.reason import Reason, reason
from shirushi.rules.evidence_record.tree import roots


class RecordStatus(Enum):
    """What became of the digests of a record."""

    INTACT = "intact"
    BROKEN = "broken"
    """A digest is not what it should be: of a token's root, of what it renews, or of something that is at hand."""
    INCOMPLETE = "incomplete"
    """Nothing is wrong, but something that it should cover is not at hand."""


@dataclass(frozen=True, slots=True)
class VerifiedRecord:
    """A record verified. `references` say of each object whether it is covered; `reasons` why the record is not intact.

    Of `stamps`, in their order, those of a record that is not broken cover what existed at their time, as far as it is
    covered; those of a broken one cover nothing.
    """

    status: RecordStatus
    references: tuple[Reference, ...]
    stamps: tuple[TimeStampEvidence, ...]
    reasons: tuple[Reason, ...] = ()


def verify_record(evidence: RecordEvidence) -> VerifiedRecord:
    """Compute every root and every leaf of the record anew."""
    links = _links(evidence)
    references = tuple(_reference(each, links) for each in evidence.objects)
    reasons = [*evidence.structure, *_disorder(links)]
    for number, link in enumerate(links, 1):
        if link.root_intact is False:
            reasons.append(reason("EVIDENCE_RECORD_ROOT_MISMATCH", number=number))
        if link.renewal_intact is False:
            reasons.append(reason("EVIDENCE_RECORD_RENEWAL_MISMATCH", number=number))
    lost = [each for each in references if each.found and not each.intact]
    reasons += [reason("EVIDENCE_RECORD_OBJECT_NOT_COVERED", name=each.name or "?") for each in lost]
    if reasons:
        stamps = tuple(
            replace(link.stamp, imprint_intact=link.root_intact, covers=frozenset()) for link in links
        )
        return VerifiedRecord(RecordStatus.BROKEN, references, stamps, tuple(reasons))
    stamps = tuple(_covering(links, evidence.objects))
    missing = tuple(
        reason("EVIDENCE_RECORD_OBJECT_NOT_FOUND", name=each.name or "?")
        for each in references
        if not each.found
    )
    if not references:
        missing = (reason("EVIDENCE_RECORD_WITHOUT_OBJECTS"),)
    status = RecordStatus.INCOMPLETE if missing else RecordStatus.INTACT
    return VerifiedRecord(status, references, stamps, missing)


@dataclass(frozen=True, slots=True)
class _Link:
    """An archive time-stamp with its token. `first` is whether a chain begins with it, `chain` which one."""

    archive: ArchiveTimeStamp
    stamp: TimeStampEvidence
    algorithm: DigestAlgorithm
    chain: int
    first: bool
    syntax: RecordSyntax

    @property
    def leaves(self) -> frozenset[bytes]:
        """The hashes that it covers as leaves."""
        groups = self.archive.groups
        return frozenset(groups[0] if groups else (self.stamp.info.imprint.value,))

    @property
    def root_intact(self) -> bool | None:
        """Whether the tree leads to the imprint; None where there is no tree, so that the leaf alone tells."""
        if not self.archive.groups:
            return None if self.algorithm is self.stamp.info.imprint.algorithm else False
        imprint = self.stamp.info.imprint
        return self.algorithm is imprint.algorithm and imprint.value in roots(
            self.archive.groups, self.algorithm
        )

    @property
    def renewed(self) -> frozenset[bytes]:
        """The digests of what it renews."""
        return frozenset(self.algorithm.digest(form) for form in self.archive.renews)

    @property
    def renewal_intact(self) -> bool | None:
        """Whether what it renews is a leaf; None where it renews nothing, or only its objects can tell."""
        if not self.archive.renews or (self.first and self.syntax is RecordSyntax.ERS):
            return None
        return not self.leaves.isdisjoint(self.renewed)

    def covers(self, found: RecordObject) -> bool | None:
        """Whether the object is a leaf: by its digest, joined with that of the chains before (RFC 4998 §5.3 step 4).

        None where no digest of it is known under the algorithm.
        """
        digests = {each.value for each in found.digests if each.algorithm is self.algorithm}
        if not digests:
            return None
        if self.chain and self.syntax is RecordSyntax.ERS:
            digests = {
                self.algorithm.digest(joined)
                for digest in digests
                for before in self.renewed
                for joined in (digest + before, b"".join(sorted((digest, before))))
            }
        return not self.leaves.isdisjoint(digests)


def _links(evidence: RecordEvidence) -> tuple[_Link, ...]:
    stamps = iter(evidence.stamps)
    found: list[_Link] = []
    for chain, archives in enumerate(evidence.record.chains):
        for index, archive in enumerate(archives):
            stamp = next(stamps, None)
            if stamp is None:
                return tuple(found)
            algorithm = archive.digest_algorithm or stamp.info.imprint.algorithm
            found.append(_Link(archive, stamp, algorithm, chain, index == 0, evidence.record.syntax))
    return tuple(found)


def _reference(found: RecordObject, links: tuple[_Link, ...]) -> Reference:
    """An object must be a leaf of the first time-stamp of every chain; the later ones of a chain rest on that."""
    algorithm = links[0].algorithm if links else None
    covered = {link.covers(found) for link in links if link.first}
    if False in covered:
        return Reference(found.name, found=True, intact=False, digest_algorithm=algorithm)
    known = bool(covered) and None not in covered
    return Reference(found.name, found=known, intact=True if known else None, digest_algorithm=algorithm)


def _disorder(links: tuple[_Link, ...]) -> Iterator[Reason]:
    """A renewal comes after what it renews; all time-stamps of a chain hash alike (RFC 4998 §5.1)."""
    for earlier, later in pairwise(links):
        slack = earlier.stamp.info.accuracy + later.stamp.info.accuracy
        if later.stamp.info.gen_time + slack < earlier.stamp.info.gen_time:
            yield reason(
                "TIME_STAMPS_OUT_OF_ORDER",
                outer=rfc3339(later.stamp.info.gen_time),
                inner=rfc3339(earlier.stamp.info.gen_time),
            )
        if later.chain == earlier.chain and later.algorithm is not earlier.algorithm:
            yield reason(
                "EVIDENCE_RECORD_CHAIN_MIXED",
                first=earlier.algorithm.label,
                second=later.algorithm.label,
            )


def _covering(links: tuple[_Link, ...], objects: tuple[RecordObject, ...]) -> Iterator[TimeStampEvidence]:
    """The tokens with what each proves: the objects and every earlier token, or the one token before it."""
    before: set[str] = set()
    previous: frozenset[str] = frozenset()
    for link in links:
        held = link.stamp.identifiers
        if link.first:
            own = frozenset(i for each in objects if link.covers(each) for i in each.covers)
            covers = own | before
            intact: bool | None = True if own or link.archive.groups or objects else None
        else:
            covers, intact = previous, True
        yield replace(link.stamp, imprint_intact=intact, covers=frozenset(covers))
        before |= held
        previous = held
