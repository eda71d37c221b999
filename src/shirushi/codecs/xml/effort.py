"""What reading XML may cost in all, so that no document costs far more than its size."""

from __future__ import annotations

from shirushi.codecs.xml.errors import XmlTooComplex

_LEAST = 64 << 20
_TIMES = 128

ELEMENT, LISTED = 64, 4096
"""What an element costs that is walked or written, a reference that is listed in a manifest."""


class Effort:
    """What may still be spent on a document, and on all that its signatures dereference. A unit is about 5 ns.

    To make a document of good faith canonical costs about ten times its size.
    """

    __slots__ = ("left", "limit")

    def __init__(self, size: int, least: int = _LEAST, times: int = _TIMES) -> None:
        self.limit = self.left = least + times * size

    def allow(self, size: int) -> None:
        """Let it grow with what a document's signatures may cover besides it."""
        self.left += _TIMES * size
        self.limit += _TIMES * size

    def spend(self, units: int) -> None:
        """Raises `XmlTooComplex` where there is no more, from then on always."""
        self.left -= units
        if self.left < 0:
            raise XmlTooComplex(what="work", limit=self.limit)
