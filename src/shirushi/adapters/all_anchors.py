"""Trust anchors from several sources: whom any of them trusts is trusted."""

from __future__ import annotations

from collections.abc import Sequence

from shirushi.core.evidence import TrustAnchor
from shirushi.core.instant import Instant
from shirushi.ports.trust import NoTrustAnchors, TrustAnchors


class AllAnchors:
    """Serves `TrustAnchors` from other sources of them, in their order."""

    def __init__(self, sources: Sequence[TrustAnchors]) -> None:
        self._sources = tuple(sources)

    def anchors(self, at: Instant) -> tuple[TrustAnchor, ...]:
        """The anchors of every source; raises `NoTrustAnchors` where no source has one, and what else a source raises."""
        found: list[TrustAnchor] = []
        for source in self._sources:
            try:
                found += source.anchors(at)
            except NoTrustAnchors:
                continue
        if not found:
            raise NoTrustAnchors
        return tuple(found)
