"""The steps every signature format walks, whoever holds the key.

`prepare` fixes what is signed, `bind` the certificate (a signed attribute), `assemble` puts the value in place;
`next_need` and `attach` raise the level until nothing is needed; `parse` reads it all back as evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from shirushi.core.algorithms import Digest, SignatureAlgorithm
from shirushi.core.document import Document
from shirushi.core.evidence import Certificate, Level, SignatureEvidence
from shirushi.core.instant import Instant

P_contra = TypeVar("P_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class ToBeSigned:
    """What a key signs.

    `data` is what the signature value is computed over under `algorithm`; `state` is all the format needs to assemble,
    a small value that can be kept for hours. `document` is what was prepared, with the space for the signature.
    """

    document: Document
    data: bytes
    algorithm: SignatureAlgorithm
    state: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StampNeeded:
    """A time-stamp token over `imprint` is needed to reach the level. `place` tells `attach` where it belongs."""

    imprint: Digest
    place: str


@dataclass(frozen=True, slots=True)
class MaterialNeeded:
    """Certificates and revocation data for `chain` are needed to reach the level."""

    chain: tuple[Certificate, ...]


class Prepared(Protocol):
    """What is signed, with its digests, before the certificate is known."""

    @property
    def document(self) -> Document:
        """The document with the space for the signature reserved."""
        ...


Q = TypeVar("Q", bound=Prepared)


class Format(Protocol[P_contra, Q]):
    """One signature format. `P_contra` are its parameters, `Q` what it prepares. Implementations are pure."""

    def prepare(self, document: Document, parameters: P_contra) -> Q:
        """Reserve the space and compute the digests; raises a `MalformedInput` that says why a document is declined."""
        ...

    def bind(
        self, prepared: Q, chain: tuple[Certificate, ...], algorithm: SignatureAlgorithm, time: Instant
    ) -> ToBeSigned:
        """Fix the signing certificate, the first of `chain`, and the claimed time; gives what the key must sign."""
        ...

    def assemble(self, to_be_signed: ToBeSigned, value: bytes) -> Document:
        """Put the signature value in its place."""
        ...

    def next_need(
        self, document: Document, signature: str, level: Level
    ) -> StampNeeded | MaterialNeeded | None:
        """What the signature (by its evidence id) still needs to reach `level`, or None."""
        ...

    def attach(
        self, document: Document, signature: str, need: StampNeeded | MaterialNeeded, material: bytes
    ) -> Document:
        """Put in what was needed."""
        ...

    def parse(self, document: Document) -> tuple[SignatureEvidence, ...]:
        """Every signature of the document, in the order they were made, as evidence."""
        ...
