"""What is asked about a trusted list, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from shirushi.core.evidence import Certificate, SignatureEvidence
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason
from shirushi.core.trusted_list import TrustedList


class ListSignature(Enum):
    """What can be said of a list's signature."""

    VERIFIED = "verified"
    """It holds, and its signer is pinned: by an anchor, by a chain of pivots, or by a verified list of lists."""
    UNANCHORED = "unanchored"
    """It holds, but nobody whom we trust vouches for its signer."""
    REJECTED = "rejected"
    """The list is not to be believed, whoever signed it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A list as it came: `name` is its file name or location, `digest` the hexadecimal SHA-256 of its bytes.

    `trusted_list` is None where the bytes are no list; `fault` then says why. `structure` is what its own version of
    the specification forbids in it.
    """

    name: str
    digest: str
    trusted_list: TrustedList | None = field(repr=False)
    signatures: tuple[SignatureEvidence, ...] = field(default=(), repr=False)
    structure: tuple[Reason, ...] = ()
    fault: Reason | None = None
    versions: tuple[int, ...] = (4, 5, 6)
    """The versions that are read here of the syntax it is in."""

    @property
    def signer(self) -> Certificate | None:
        """The certificate of its single signature."""
        return self.signatures[0].signing_certificate if len(self.signatures) == 1 else None


@dataclass(frozen=True, slots=True)
class Known:
    """An edition of a list that was accepted before."""

    territory: str
    list_type: str
    sequence: int
    issued: Instant
    digest: str


@dataclass(frozen=True, slots=True)
class ListJudgement:
    """The answer on one list. `reasons` say why it is not verified, or what else keeps it from use.

    `vouched_by` is the digest of the list that pins the signer; empty where an anchor does, or nobody.
    """

    candidate: Candidate
    signature: ListSignature
    reasons: tuple[Reason, ...] = ()
    vouched_by: str = ""

    @property
    def acceptable(self) -> bool:
        """Whether decisions may rest on it at the time it was judged for."""
        return self.signature is ListSignature.VERIFIED and not self.reasons
