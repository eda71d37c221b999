"""What reading a file may cost in all, so that no file costs far more than its size."""

from __future__ import annotations

from shirushi.codecs.pdf.errors import PdfLimitExceeded

_LEAST = 32 << 20
_TIMES = 16

PARSED, UNPACKED, FOUND, LISTED, PREDICTED = 3, 1, 16, 64, 12
"""What a byte parsed costs, a byte unpacked, a look into a section, an entry read, a byte after a predictor's row."""


class Effort:
    """What may still be spent on a file, shared by all views of it. A unit is about the time to unpack a byte.

    A document of good faith spends a fraction of its size: each object is parsed a few times.
    """

    __slots__ = ("left",)

    def __init__(self, size: int) -> None:
        self.left = _LEAST + _TIMES * size

    def spend(self, units: int) -> None:
        """Raises `PdfLimitExceeded` where there is no more."""
        self.left -= units
        if self.left < 0:
            raise PdfLimitExceeded(limit="effort")
