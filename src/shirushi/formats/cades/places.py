"""Signatures within a SignedData: signers side by side, and counter-signatures inside them (RFC 5652 §11.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from shirushi.core.errors import MalformedInput
from shirushi.core.instant import Instant
from shirushi.formats.cades import oids
from shirushi.formats.cades.archive import read_index
from shirushi.formats.cades.declined import ArchivedDifferently, SignatureUnknown
from shirushi.formats.cades.signed_data import SignedDataParts, SignerParts
from shirushi.formats.cms.reading import signed_says
from shirushi.formats.cms.structure import read_signer

_DEEPEST = 4
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a signature stands: which signer, and the values of counter-signature attributes that lead to it."""

    index: int
    line: tuple[bytes, ...]
    signer: SignerParts


def places(parts: SignedDataParts) -> Iterator[Place]:
    """Every signature, each followed by its counter-signatures."""
    for index, signer in enumerate(parts.signers):
        yield Place(index, (), signer)
        yield from _within(index, (), signer)


def _within(index: int, line: tuple[bytes, ...], signer: SignerParts) -> Iterator[Place]:
    if len(line) >= _DEEPEST:
        return
    for value in signer.values(oids.COUNTERSIGNATURE):
        try:
            inner = SignerParts.read(value)
        except MalformedInput:
            continue
        yield Place(index, (*line, value), inner)
        yield from _within(index, (*line, value), inner)


def place_of(parts: SignedDataParts, signature: str = "") -> Place:
    """The signature of that id, by default the one that claims the latest time; raises `SignatureUnknown`."""
    found = list(places(parts))
    if signature:
        found = [place for place in found if place.signer.id == signature]
    if not found:
        raise SignatureUnknown(signature=signature or "-")
    # of the same second, the one to which nothing has been added yet
    return max(found, key=lambda place: (claimed_time(place.signer), -len(place.signer.unsigned)))


def claimed_time(signer: SignerParts) -> Instant:
    """The signing time that a signature claims, the beginning of time where it claims none."""
    try:
        return signed_says(read_signer(signer.encode())).signing_time or _BEGINNING
    except MalformedInput:
        return _BEGINNING


def put(parts: SignedDataParts, place: Place, signer: SignerParts) -> SignedDataParts:
    """With another SignerInfo in that place.

    Raises `ArchivedDifferently` where a counter-signature would change that an archive time-stamp covers.
    """
    root = parts.signers[place.index]
    if place.line and _is_archived(parts, root, place.line[0]):
        raise ArchivedDifferently
    line: list[SignerParts] = [root]
    line.extend(SignerParts.read(value) for value in place.line)
    changed = signer
    for holder, value in zip(reversed(line[:-1]), reversed(place.line), strict=True):
        changed = holder.replacing(oids.COUNTERSIGNATURE, value, changed.encode())
    return parts.with_signer(place.index, changed)


def _is_archived(parts: SignedDataParts, root: SignerParts, value: bytes) -> bool:
    """Whether the value of an unsigned attribute stands under an archive time-stamp."""
    if root.values(oids.ARCHIVE_TIMESTAMP_V2):
        return True
    for token in root.values(oids.ARCHIVE_TIMESTAMP_V3):
        index = read_index(token, parts, root)
        if index is not None and value in index.unsigned:
            return True
    return False
