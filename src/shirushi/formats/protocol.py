"""The steps every signature format walks, whoever holds the key.

`prepare` fixes what is signed, `bind` the certificate (a signed attribute), `assemble` puts the value in place;
`next_need` and `attach` raise the level until nothing is needed; `parse` reads it all back as evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from shirushi.core.algorithms import Digest, DigestAlgorithm, SignatureAlgorithm
from shirushi.core.document import Document
from shirushi.core.evidence import Certificate, Level, SignatureEvidence
from shirushi.core.instant import Instant


@dataclass(frozen=True, slots=True)
class VisibleMark:
    """How a signature shows on a page: `lines` of text, and the seal's `image` in PNG or JPEG where there is one.

    `page` counts from 1, or from the end as -1; `box` is left, bottom, width, height in points, from the lower left
    corner of the page as it is displayed.
    """

    lines: tuple[str, ...] = ()
    image: bytes | None = field(default=None, repr=False)
    page: int = 1
    box: tuple[float, float, float, float] = (36.0, 36.0, 200.0, 60.0)


@dataclass(frozen=True, slots=True)
class SignatureParameters:
    """What the signer wishes the signature to say of itself; every part is optional.

    `field` names an empty signature field to fill, or the one to make.
    """

    field: str | None = None
    name: str | None = None
    reason: str | None = None
    location: str | None = None
    mark: VisibleMark | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is signed, before the certificate is known: a small value that can be kept for hours.

    `document` has the space for the signature reserved; `digest` is over everything that the signature covers; `state`
    is the format's own.
    """

    document: Document
    digest: Digest
    state: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToBeSigned:
    """What a key signs: `data`, under `algorithm`. As `Prepared`, a small value that can be kept and sent."""

    document: Document
    data: bytes
    algorithm: SignatureAlgorithm
    state: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StampNeeded:
    """A time-stamp token over `imprint` is needed to reach the level."""

    imprint: Digest


@dataclass(frozen=True, slots=True)
class MaterialNeeded:
    """Certificates and revocation data for `chain` are needed to reach the level."""

    chain: tuple[Certificate, ...]


class Format(Protocol):
    """One signature format. Implementations are pure."""

    def prepare(
        self,
        document: Document,
        parameters: SignatureParameters,
        *,
        digest_algorithm: DigestAlgorithm,
        space: int,
        time: Instant,
        seed: bytes,
    ) -> Prepared:
        """Reserve the space and compute the digest.

        `space` is an upper bound, in bytes, of all that will be put into the signature; `time` the claimed signing
        time; `seed` 16 unpredictable bytes for identifiers. Raises a `MalformedInput` that says why a document is
        declined.
        """
        ...

    def bind(
        self,
        prepared: Prepared,
        chain: tuple[Certificate, ...],
        algorithm: SignatureAlgorithm,
        content_timestamp: bytes | None = None,
    ) -> ToBeSigned:
        """Fix the signing certificate, the first of `chain`; gives what its key must sign.

        `content_timestamp` is a token over `prepared.digest`.
        """
        ...

    def assemble(self, to_be_signed: ToBeSigned, value: bytes) -> Document:
        """Put the signature value in its place."""
        ...

    def next_need(self, document: Document, level: Level) -> StampNeeded | MaterialNeeded | None:
        """What the latest signature still needs to reach `level`, or None."""
        ...

    def attach(self, document: Document, need: StampNeeded | MaterialNeeded, material: bytes) -> Document:
        """Put in what was needed."""
        ...

    def parse(self, document: Document) -> tuple[SignatureEvidence, ...]:
        """Every signature of the document, in the order they were made, as evidence."""
        ...
