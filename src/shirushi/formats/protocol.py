"""The steps every signature format walks, whoever holds the key.

`prepare` fixes what is signed, `bind` the certificate (a signed attribute), `assemble` puts the value in place;
`next_need` and `attach` raise the level until nothing is needed; `parse` reads it all back as evidence.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol, SupportsBytes

from shirushi.core.algorithms import Digest, DigestAlgorithm, SignatureAlgorithm
from shirushi.core.document import Document
from shirushi.core.evidence import (
    Certificate,
    Level,
    SignatureEvidence,
    SignaturePolicyIdentifier,
    TimeStampKind,
)
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


class Packaging(Enum):
    """Where a signature stands that is not part of its format's file (EN 319 132-1, EN 319 122-1, TS 119 182-1)."""

    ENVELOPED = "enveloped"
    """Inside the document, over all of it but signatures, so that others can sign beside it."""
    ENVELOPED_ALONE = "enveloped-alone"
    """As above, but over other signatures too: what trusted lists demand (TS 119 612 §5.7.1)."""
    ENVELOPING = "enveloping"
    """Around the document, which it holds."""
    DETACHED = "detached"
    """In a file of its own."""


class Certification(Enum):
    """What a certification signature permits afterwards: DocMDP's `/P` (ISO 32000-2 table 257)."""

    NO_CHANGES = 1
    FORM_FILLING = 2
    ANNOTATIONS = 3


@dataclass(frozen=True, slots=True)
class ProductionPlace:
    """The rest of the address of the place whose town is `location` (EN 319 122-1 §5.2.5, EN 319 132-1 §5.2.5)."""

    street: str = ""
    postal_code: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class SignatureParameters:
    """What the signer wishes the signature to say of itself; every part is optional.

    `field` names an empty signature field to fill, or the one to make. `packaging` None is the format's default.
    `location` is the town. `commitment` is the object identifier or URI of a commitment type (EN 319 122-1 §5.2.3);
    `certified_roles` are attribute certificates in DER (RFC 5755). `certification` makes a PDF's first signature its
    certification. A format that cannot say something refuses it by name.
    """

    field: str | None = None
    name: str | None = None
    reason: str | None = None
    location: str | None = None
    place: ProductionPlace | None = None
    mark: VisibleMark | None = None
    certification: Certification | None = None
    packaging: Packaging | None = None
    commitment: str | None = None
    claimed_roles: tuple[str, ...] = ()
    certified_roles: tuple[bytes, ...] = ()
    policy: SignaturePolicyIdentifier | None = None
    countersigns: str = ""
    """The id of the signature in the document that this one countersigns; empty where it signs the document."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is signed, before the certificate is known: a small value that can be kept for hours.

    `document` has the space for the signature reserved; `digest` is over everything that the signature covers; `state`
    is the format's own, and what is kept of it is `bytes(state)`: the next step takes either.
    """

    document: Document
    digest: Digest
    state: SupportsBytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToBeSigned:
    """What a key signs: `data`, under `algorithm`. As `Prepared`, a small value that can be kept and sent."""

    document: Document
    data: bytes
    algorithm: SignatureAlgorithm
    state: SupportsBytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StampNeeded:
    """A time-stamp token over `imprint` is needed to reach the level; `kind` says what it will cover.

    `signature` is the id of the signature that lacks it, empty for the latest.
    """

    imprint: Digest
    kind: TimeStampKind = TimeStampKind.SIGNATURE
    signature: str = ""


@dataclass(frozen=True, slots=True)
class MaterialNeeded:
    """Validation material is needed to reach the level: of the signer, and of each time-stamp unit that lacks it.

    Each of `chains` begins with the certificate whose path is to be proven, and goes on with the issuers that the
    document holds, as far as it holds them. Wanted are the rest of the path up to the anchor and the revocation data of
    every certificate below the anchor. `signature` is as in `StampNeeded`. With `renewal`, the material is for the
    latest archive time-stamp, which is about to be covered by another: older material about it does not serve.
    """

    chains: tuple[tuple[Certificate, ...], ...]
    signature: str = ""
    renewal: bool = False


@dataclass(frozen=True, slots=True)
class ValidationMaterial:
    """What is put in for a `MaterialNeeded`: certificates, CRLs and OCSPResponses in DER.

    What the signature holds already is not put in twice.
    """

    certificates: tuple[bytes, ...] = field(default=(), repr=False)
    crls: tuple[bytes, ...] = field(default=(), repr=False)
    ocsp_responses: tuple[bytes, ...] = field(default=(), repr=False)


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

    def next_need(
        self,
        document: Document,
        level: Level,
        *,
        contents: Sequence[Document] = (),
        signature: str = "",
        archive_timestamps: int = 1,
        anchor_keys: Collection[bytes] = (),
    ) -> StampNeeded | MaterialNeeded | None:
        """What a signature still needs to reach `level`, or None.

        `signature` is its id as in evidence, by default that of the latest. `contents` are what it covers where it is
        detached. At B-LTA, `archive_timestamps` says how many archive time-stamps are wanted: one more than there are
        renews the signature. `anchor_keys` are the public keys (SubjectPublicKeyInfo) of trust anchors: of what stands
        above one nothing is needed. Where the same `MaterialNeeded` is told again after an `attach`, what was attached did not
        suffice: the caller ends there.
        """
        ...

    def attach(
        self, document: Document, need: StampNeeded | MaterialNeeded, material: bytes | ValidationMaterial
    ) -> Document:
        """Put in what was needed: a token in DER for a `StampNeeded`, else `ValidationMaterial`."""
        ...

    def parse(self, document: Document, contents: Sequence[Document] = ()) -> tuple[SignatureEvidence, ...]:
        """Every signature of the document, in the order they were made, as evidence.

        `contents` are what detached signatures cover.
        """
        ...
