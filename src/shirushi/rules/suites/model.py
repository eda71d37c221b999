"""What a catalogue says, and the questions put to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.evidence import PublicKey
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason, reason

NEVER: Instant = datetime.min.replace(tzinfo=UTC)
"""The end date of what no catalogue lists: there was no time at which it was acceptable."""


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """A digest algorithm, reliable until `until` (exclusive), or with no end known. `source` is the document that says so.

    Before `since`, where it is set, the catalogue does not vouch for it.
    """

    algorithm: DigestAlgorithm
    until: Instant | None
    source: str
    since: Instant | None = None


@dataclass(frozen=True, slots=True)
class SchemeEntry:
    """A signature scheme with keys of `minimum_bits` and more, reliable until `until` (exclusive), or with no end known.

    The entry with the greatest `minimum_bits` not above a key's size speaks for that key. Where `curves` is not empty,
    the entry is for keys on those named curves alone (object identifiers), where `digest` is set, for signatures over
    that digest alone; such an entry comes before one for any digest. Larger keys than `maximum_bits`, and signatures
    before `since`, the catalogue does not vouch for.
    """

    scheme: Scheme
    minimum_bits: int
    until: Instant | None
    source: str
    curves: frozenset[str] = frozenset()
    digest: DigestAlgorithm | None = None
    maximum_bits: int | None = None
    since: Instant | None = None


@dataclass(frozen=True, slots=True)
class AlgorithmCatalogue:
    """A named list of algorithms with end dates."""

    name: str
    digests: tuple[DigestEntry, ...]
    schemes: tuple[SchemeEntry, ...]

    def digest(self, algorithm: DigestAlgorithm) -> DigestEntry | None:
        """The entry of a digest algorithm, None where it is not listed."""
        return next((entry for entry in self.digests if entry.algorithm is algorithm), None)

    def scheme(self, algorithm: SignatureAlgorithm, key: PublicKey) -> SchemeEntry | None:
        """The entry that speaks for signatures of `algorithm` under `key`, None where there is none."""
        fitting = [
            entry
            for entry in self.schemes
            if entry.scheme is algorithm.scheme
            and entry.minimum_bits <= key.bits
            and (entry.maximum_bits is None or key.bits <= entry.maximum_bits)
            and (not entry.curves or key.curve in entry.curves)
            and (entry.digest is None or entry.digest is algorithm.digest)
        ]
        return max(fitting, key=lambda e: (e.digest is not None, e.minimum_bits), default=None)


def layered(name: str, *layers: AlgorithmCatalogue) -> AlgorithmCatalogue:
    """One catalogue out of several: where two speak of the same, the later layer's entry holds."""
    digests = {entry.algorithm: entry for layer in layers for entry in layer.digests}
    schemes = {
        (entry.scheme, entry.minimum_bits, entry.curves, entry.digest): entry
        for layer in layers
        for entry in layer.schemes
    }
    return AlgorithmCatalogue(name, tuple(digests.values()), tuple(schemes.values()))


def acceptable(
    algorithm: SignatureAlgorithm | None, key: PublicKey, at: Instant, catalogue: AlgorithmCatalogue
) -> Reason | None:
    """Why signatures of `algorithm` under `key` are not reliable at `at`, or None where they are.

    The mask generation function of RSASSA-PSS is not judged: no weakness of its digest is known to weaken the scheme
    (RFC 8017 §8.1). `algorithm` None stands for one that is unknown here.
    """
    if algorithm is None:
        return reason("ALGORITHM_NOT_LISTED", algorithm="?", catalogue=catalogue.name)
    entry = catalogue.scheme(algorithm, key)
    name = _name(algorithm, key)
    if entry is None or (entry.since is not None and at < entry.since):
        return reason("ALGORITHM_NOT_LISTED", algorithm=name, catalogue=catalogue.name)
    if entry.until is not None and at >= entry.until:
        return reason("ALGORITHM_EXPIRED", algorithm=name, until=_date(entry.until), source=entry.source)
    return acceptable_digest(algorithm.digest, at, catalogue) if algorithm.digest else None


def acceptable_digest(
    algorithm: DigestAlgorithm, at: Instant, catalogue: AlgorithmCatalogue
) -> Reason | None:
    """Why a digest of `algorithm` is not reliable at `at`, or None where it is."""
    entry = catalogue.digest(algorithm)
    if entry is None or (entry.since is not None and at < entry.since):
        return reason("ALGORITHM_NOT_LISTED", algorithm=algorithm.label, catalogue=catalogue.name)
    if entry.until is not None and at >= entry.until:
        return reason(
            "ALGORITHM_EXPIRED", algorithm=algorithm.label, until=_date(entry.until), source=entry.source
        )
    return None


def reliable_until(
    algorithm: SignatureAlgorithm | DigestAlgorithm | None,
    key: PublicKey | None,
    catalogue: AlgorithmCatalogue,
) -> Instant | None:
    """Until when the algorithm is reliable (exclusive): None for no end known, `NEVER` for what is not listed."""
    if isinstance(algorithm, DigestAlgorithm):
        listed = catalogue.digest(algorithm)
        return listed.until if listed else NEVER
    if algorithm is None or key is None:
        return NEVER
    entry = catalogue.scheme(algorithm, key)
    if entry is None:
        return NEVER
    ends = [entry.until]
    if algorithm.digest:
        ends.append(reliable_until(algorithm.digest, None, catalogue))
    return min((end for end in ends if end is not None), default=None)


def _name(algorithm: SignatureAlgorithm, key: PublicKey) -> str:
    return f"{algorithm} ({key.bits} bit)" if key.bits else str(algorithm)


def _date(until: Instant) -> str:
    return until.date().isoformat()
