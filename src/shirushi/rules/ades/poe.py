"""Proofs of existence and their extraction (EN 319 102-1 §5.6.2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from shirushi.core.evidence import Material, SignatureEvidence, TimeStampEvidence, TimeStampKind
from shirushi.core.instant import Instant


@dataclass(frozen=True, slots=True)
class ProofsOfExistence:
    """When objects, named by their ids, are proven to have existed. Everything at hand exists at `now` (§5.6.3.4 step 2)."""

    now: Instant
    times: Mapping[str, tuple[Instant, ...]] = field(default_factory=dict)

    def adding(self, identifiers: Iterable[str], at: Instant) -> ProofsOfExistence:
        """With proofs for `identifiers` at `at`."""
        times = dict(self.times)
        for identifier in identifiers:
            times[identifier] = (*times.get(identifier, ()), at)
        return replace(self, times=times)

    def earliest(self, identifier: str) -> Instant:
        """The earliest time at which the object is proven to have existed."""
        return min((self.now, *self.times.get(identifier, ())))

    def existed(self, identifier: str, at: Instant) -> bool:
        """Whether there is a proof for the object at or before `at`."""
        return self.earliest(identifier) <= at

    def existed_within(self, identifier: str, start: Instant, end: Instant) -> bool:
        """Whether there is a proof for the object from `start` to `end`."""
        return any(start <= time <= end for time in (self.now, *self.times.get(identifier, ())))

    def material_at(self, material: Material, at: Instant) -> Material:
        """The material with only the revocation data issued before `at` and proven to have existed by then (§5.6.2.2)."""
        return replace(
            material,
            crls=tuple(c for c in material.crls if c.this_update < at and self.existed(c.id, at)),
            ocsp_responses=tuple(
                r
                for r in material.ocsp_responses
                if self.existed(r.id, at) and any(single.this_update < at for single in r.responses)
            ),
        )


def extract_proofs(
    proofs: ProofsOfExistence, stamp: TimeStampEvidence, signature: SignatureEvidence
) -> ProofsOfExistence:
    """The proofs with those that a valid time-stamp of `signature` gives (§5.6.2.3.4)."""
    return proofs.adding(covered_by(stamp, signature), stamp.info.gen_time)


def covered_by(stamp: TimeStampEvidence, signature: SignatureEvidence) -> frozenset[str]:
    """The ids of what the time-stamp protects, directly or by a digest in what it protects (step 2).

    Where the parser did not find out, only what a time-stamp of its kind always covers: none of the validation data.
    """
    covers = stamp.covers or frozenset()
    if stamp.kind is TimeStampKind.CONTENT:
        return covers
    if stamp.kind is not TimeStampKind.SIGNATURE and stamp.covers is not None and signature.id not in covers:
        return covers
    always = {signature.id}
    if signature.signing_certificate and signature.certificate_reference:
        always.add(signature.signing_certificate.id)
    return covers | always
