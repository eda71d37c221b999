"""What a detached signature covers, chosen among the documents at hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.errors import UnsupportedAlgorithm


class DetachedContent:
    """The document that signatures cover: the one with a signed digest, else the one that the file is named after.

    `expected` are the signed message digests. Where neither tells and there are documents at hand, it is the first: then
    the signature is not over it, and that is what is told.
    """

    def __init__(
        self, documents: Sequence[Document], expected: Iterable[tuple[DigestAlgorithm, bytes]], name: str = ""
    ) -> None:
        self._documents = tuple(documents)
        self._expected = tuple(dict.fromkeys(expected))
        self._name = name.rpartition("/")[2]
        self._known: dict[DigestAlgorithm, Digest] = {}

    @cached_property
    def document(self) -> Document | None:
        """The document, None where there is none."""
        if len(self._documents) < 2:
            return self._documents[0] if self._documents else None
        for algorithm, value in self._expected:
            for document in self._documents:
                if _digest(document, algorithm) == value:
                    return document
        stem = self._name.rpartition(".")[0]
        for document in self._documents:
            own = document.name.rpartition("/")[2]
            if stem and stem in {own, own.rpartition(".")[0]}:
                return document
        return self._documents[0]

    def digest(self, algorithm: DigestAlgorithm) -> Digest | None:
        """Its digest, computed once; raises `UnsupportedAlgorithm`."""
        if self.document is None:
            return None
        if algorithm not in self._known:
            self._known[algorithm] = self.document.digest(algorithm)
        return self._known[algorithm]


def _digest(document: Document, algorithm: DigestAlgorithm) -> bytes:
    try:
        return document.digest(algorithm).value
    except UnsupportedAlgorithm:
        return b""
