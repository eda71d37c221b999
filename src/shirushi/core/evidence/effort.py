"""What judging a document may cost in all, so that none costs far more than its size."""

from __future__ import annotations

from shirushi.core.errors import MalformedInput


class EvidenceLimitExceeded(MalformedInput):
    """A document with so many signatures, certificates and revocation data that judging it would not end soon."""

    code = "EVIDENCE_LIMIT_EXCEEDED"


class Effort:
    """What may still be spent on a verdict, shared by all its parts. A unit is about a microsecond."""

    __slots__ = ("left",)

    def __init__(self, units: int) -> None:
        self.left = units

    def spend(self, units: int) -> None:
        """Raises `EvidenceLimitExceeded` where there is no more."""
        self.left -= units
        if self.left < 0:
            raise EvidenceLimitExceeded(limit="effort")
