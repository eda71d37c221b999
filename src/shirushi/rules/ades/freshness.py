"""Revocation freshness checker (EN 319 102-1 §5.2.5)."""

from __future__ import annotations

from datetime import timedelta

from shirushi.core.instant import Instant
from shirushi.rules.path.model import RevocationStatus


def is_fresh(status: RevocationStatus, at: Instant, max_freshness: timedelta | None) -> bool:
    """Whether the revocation data behind `status` is fresh enough to speak about `at` (§5.2.5.4).

    Without `max_freshness` the time between issuance and nextUpdate takes its place; data without nextUpdate is then
    not fresh. Data issued after `at` minus that time is fresh: data younger than `at` always is.
    """
    if status.issued_at is None:
        return False
    if max_freshness is None:
        return status.next_update is not None and at < status.next_update
    return status.issued_at > at - max_freshness
