"""What a signature covers: its `/ByteRange`, which is exact or worth nothing (ISO 32000-2 §12.8.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shirushi.codecs.pdf.form import SignatureDictionary
from shirushi.codecs.pdf.reader import PdfReader, Revision
from shirushi.codecs.pdf.view import PdfView, array
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.reason import Reason, reason

_WHITE = b"\x00\t\n\x0c\r "
_DIGITS = frozenset(b"0123456789abcdefABCDEF" + _WHITE)
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Coverage:
    """The bytes of a signature, as pairs of offset and length, and where they end.

    `ranges` are empty where they are none to rely on; `failings` say what is wrong. `revision` is the one that the
    signature closes.
    """

    ranges: tuple[tuple[int, int], ...]
    end: int
    failings: tuple[Reason, ...] = ()
    revision: Revision | None = None

    @property
    def digestible(self) -> bool:
        """Whether the ranges are those that were signed."""
        return bool(self.ranges)

    def digester(self, document: Document) -> Callable[[DigestAlgorithm], Digest | None]:
        """Digests the ranges, each algorithm once, in pieces; gives None where there is nothing to rely on."""
        known: dict[DigestAlgorithm, Digest] = {}

        def digest(algorithm: DigestAlgorithm) -> Digest | None:
            if not self.digestible:
                return None
            if algorithm not in known:
                known[algorithm] = document.digest(algorithm, self.ranges)
            return known[algorithm]

        return digest


def coverage(view: PdfView, signature: SignatureDictionary) -> Coverage:
    """Measure a signature's coverage.

    It is exact when it begins at 0, leaves out the hexadecimal string of its own `/Contents` with `<` and `>` and
    nothing else, and ends where a revision ends.
    """
    document, given = view.document, signature.byte_range
    listed = array(view, signature.dictionary.get("ByteRange")) or []
    if len(given) != 4 or len(listed) != 4 or not _ordered(given, document.size):
        shown = " ".join(map(str, given[:8]))
        end = given[2] + given[3] if len(given) == 4 else 0
        return Coverage((), end, (reason("PADES_BYTE_RANGE_INVALID", range=shown),))
    start, head, tail_start, tail = given
    ranges, end = ((start, head), (tail_start, tail)), tail_start + tail
    blanks = _blanks(document, head, tail_start, signature.contents)
    own = signature.contents_span in {None, (head, tail_start)}
    if blanks is None:
        return Coverage((), end, (reason("PADES_BYTE_RANGE_NOT_CONTENTS"),))
    failings = [] if own else [reason("PADES_DICTIONARY_REPLACED")]
    if blanks:  # nothing signs where they stand
        failings.append(reason("PADES_BYTE_RANGE_NOT_CONTENTS"))
    revision = closed_revision(view, end)
    if regular(view) and revision is None:
        failings.append(reason("PADES_COVERAGE_END", offset=end))
    return Coverage(ranges, end, tuple(failings), revision)


def _ordered(given: tuple[int, ...], size: int) -> bool:
    start, head, tail_start, tail = given
    return start == 0 < head and head + 2 <= tail_start and tail >= 0 and tail_start + tail <= size


def _blanks(document: Document, start: int, end: int, contents: bytes) -> int | None:
    """How much white space stands between the ranges in `contents`; None where they do not leave out just that.

    It is in hexadecimal, between `<` and `>`.
    """
    if not contents or end - start > 4 * len(contents) + _CHUNK:
        return None
    data = document.read_at(start, end - start)
    digits = data[1:-1]
    if len(data) < 2 or data[:1] != b"<" or data[-1:] != b">" or not _DIGITS.issuperset(digits):
        return None
    dense = digits.translate(None, _WHITE)
    found = bytes.fromhex(str(dense + b"0" * (len(dense) % 2), "ascii"))
    return len(digits) - len(dense) if found == contents else None


def regular(view: PdfView) -> PdfReader | None:
    """The view where its revisions can be told apart; None where the file is damaged and was read otherwise."""
    return view if isinstance(view, PdfReader) and view.listed is None else None


def closed_revision(view: PdfView, end: int) -> Revision | None:
    """The revision that ends at `end`: behind its `%%EOF`, or behind the white space that follows."""
    reader = regular(view)
    for revision in reader.revisions if reader else ():
        if revision.eof <= end <= revision.end or (
            revision.end < end and blank(view.document, revision.end, end)
        ):
            return revision
    return None


def blank(document: Document, start: int, end: int) -> bool:
    """Whether nothing but white space stands there."""
    while start < end:
        data = document.read_at(start, min(_CHUNK, end - start))
        if not data or data.strip(_WHITE):
            return False
        start += len(data)
    return True
