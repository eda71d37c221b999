"""This machine's clock and entropy."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from shirushi.core.instant import Instant


class SystemClock:
    """The port `Clock` over the machine's real-time clock, which whoever runs the machine keeps right."""

    __slots__ = ()

    def now(self) -> Instant:
        """The present instant in UTC, to the microsecond."""
        return datetime.now(UTC)


class SystemEntropy:
    """The port `Entropy` over the kernel's generator."""

    __slots__ = ()

    def bytes(self, length: int) -> bytes:
        """`length` unpredictable bytes."""
        return secrets.token_bytes(length)
