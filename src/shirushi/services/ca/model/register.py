"""Registers of companies and residents: what may change there, and what that means for certificates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from shirushi.core.evidence import RevocationReason
from shirushi.core.instant import Instant


class RegisterChange(Enum):
    """What a register says has changed. Which certificates that ends, and which somebody must look at, says the profile."""

    NAME = "name"
    ADDRESS = "address"
    REPRESENTATIVE = "representative"
    ENDED = "ended"
    """A company was dissolved, a person has died."""

    @property
    def reason(self) -> RevocationReason:
        """Why a certificate is revoked that this change ends (RFC 5280 §5.3.1)."""
        if self is RegisterChange.ENDED:
            return RevocationReason.CESSATION_OF_OPERATION
        return RevocationReason.AFFILIATION_CHANGED


@dataclass(frozen=True, slots=True)
class Flag:
    """A certificate that somebody must look at, for a register has changed.

    `settled_by` is the actor who has looked, None until then.
    """

    serial_number: int
    change: RegisterChange
    subject_key: str
    at: Instant
    settled_by: str | None = None


@dataclass(frozen=True, slots=True)
class RegisterOutcome:
    """What a change in a register came to: serial numbers revoked, and serial numbers flagged."""

    revoked: tuple[int, ...]
    flagged: tuple[int, ...]
