"""`Prepared` and `ToBeSigned` as text: small values that can be kept for hours, sent, and brought back.

The document itself is not in them, only what stands before and after it where the format laid it out anew; whoever
brings a value back brings the document, which is known again by its digest.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from shirushi.core.algorithms import Digest, DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.document import Bytes, DigestedDocument, Document
from shirushi.core.errors import MalformedInput, UnsupportedAlgorithm
from shirushi.formats.protocol import Prepared, ToBeSigned

_HEAD_MOST = 1 << 16
"""How far into what was laid out the document is looked for."""
_WHOLE_MOST = 1 << 20
"""Bytes of a layout that are kept whole where the document does not stand in it."""

_UNPACKED_MOST = 4 << 20


class StoredMalformed(MalformedInput):
    """Text that is no stored signature step, or one for another document: `detail`."""

    code = "STORED_STEP_MALFORMED"


@dataclass(frozen=True, slots=True)
class _Around:
    """A document between two literal parts."""

    head: bytes
    middle: Document
    tail: bytes

    @property
    def size(self) -> int:
        return len(self.head) + self.middle.size + len(self.tail)

    def read_at(self, offset: int, length: int) -> bytes:
        first, second = len(self.head), len(self.head) + self.middle.size
        data = self.head[offset : offset + length]
        if len(data) < length and offset + len(data) < second:
            at = offset + len(data) - first
            data += self.middle.read_at(at, min(length - len(data), self.middle.size - at))
        if len(data) < length:
            at = offset + len(data) - second
            data += self.tail[at : at + length - len(data)]
        return data


def store_prepared(prepared: Prepared, document: Document) -> str:
    """`prepared`, which was made of `document`, as text."""
    before, after = _around(prepared.document, document)
    return _written(
        {
            "step": "prepared",
            "size": document.size,
            "sha256": document.digest(DigestAlgorithm.SHA256).value.hex(),
            "name": prepared.document.name,
            "media_type": prepared.document.media_type,
            "before": _packed(before),
            "after": None if after is None else _packed(after),
            "digest_oid": prepared.digest.algorithm.oid,
            "digest": _text(prepared.digest.value),
            "state": _text(bytes(prepared.state)),
        }
    )


def load_prepared(text: str, document: Document | None = None) -> Prepared:
    """What was stored, to be bound. Without the document it serves every format that binds by digests alone.

    Raises `StoredMalformed`.
    """
    values = _read("prepared", text)
    with _told("prepared"):
        digest = Digest(DigestAlgorithm.from_oid(values["digest_oid"]), _bytes(values["digest"]))
        state = _bytes(values["state"])
        about = DigestedDocument(name=values["name"], media_type=values["media_type"])
    return Prepared(_laid_out(values, document) if document else about, digest, state)


def store_bound(to_be_signed: ToBeSigned, prepared: str) -> str:
    """`to_be_signed`, which was made of what `prepared` holds, as text."""
    algorithm = to_be_signed.algorithm
    values = _read("prepared", prepared) | {
        "step": "bound",
        "data": _text(to_be_signed.data),
        "state": _text(bytes(to_be_signed.state)),
        "scheme": algorithm.scheme.value,
        "hash_oid": algorithm.digest and algorithm.digest.oid,
        "salt_length": algorithm.salt_length,
        "mgf_oid": algorithm.mgf_digest and algorithm.mgf_digest.oid,
    }
    return _written(values)


def load_bound(text: str, document: Document) -> ToBeSigned:
    """What was stored, over the same document; raises `StoredMalformed`."""
    values = _read("bound", text)
    with _told("bound"):
        hashes = [values[key] and DigestAlgorithm.from_oid(values[key]) for key in ("hash_oid", "mgf_oid")]
        algorithm = SignatureAlgorithm(
            Scheme(values["scheme"]), hashes[0], salt_length=values["salt_length"], mgf_digest=hashes[1]
        )
        data, state = _bytes(values["data"]), _bytes(values["state"])
    return ToBeSigned(_laid_out(values, document), data, algorithm, state)


def _around(laid_out: Document, document: Document) -> tuple[bytes, bytes | None]:
    """What stands before and after the document; all of it, and None, where it does not stand in there."""
    if laid_out.source is document.source and laid_out.appended.startswith(document.appended):
        return b"", laid_out.appended[len(document.appended) :]
    beginning = document.read_at(0, 4096)
    window = laid_out.read_at(0, _HEAD_MOST + len(beginning))
    digest = document.digest(DigestAlgorithm.SHA256)
    at = window.find(beginning)
    while at >= 0:
        rest = laid_out.size - at - document.size
        if rest >= 0 and laid_out.digest(DigestAlgorithm.SHA256, [(at, document.size)]) == digest:
            return window[:at], laid_out.read_at(at + document.size, rest)
        at = window.find(beginning, at + 1)
    if laid_out.size > _WHOLE_MOST:
        raise StoredMalformed(detail=f"{laid_out.size} bytes")
    return laid_out.read(), None


def _laid_out(values: dict[str, Any], document: Document) -> Document:
    found = document.digest(DigestAlgorithm.SHA256).value.hex()
    with _told("document"):
        if values["sha256"] != found or values["size"] != document.size:
            raise StoredMalformed(detail=f"SHA-256 {found} ≠ {str(values['sha256'])[:64]}")
        before = _unpacked(values["before"])
        after = None if values["after"] is None else _unpacked(values["after"])
        laid_out = replace(document, name=str(values["name"]), media_type=str(values["media_type"]))
        if after is None:
            return replace(laid_out, source=Bytes(before), appended=b"")
        if before:
            return replace(laid_out, source=_Around(before, document, after), appended=b"")
        return replace(laid_out, appended=document.appended + after)


def _read(step: str, text: str) -> dict[str, Any]:
    with _told(step):
        values: dict[str, Any] = json.loads(text)
        if values["step"] != step:
            raise StoredMalformed(detail=f"{str(values['step'])[:20]} ≠ {step}")
    return values


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Whatever is wrong with the text is told as one thing."""
    try:
        yield
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        RecursionError,
        UnsupportedAlgorithm,
        zlib.error,
    ) as error:
        raise StoredMalformed(detail=what) from error


def _written(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _packed(data: bytes) -> str:
    """Compressed: the space that is reserved in a PDF is tens of thousands of zeros."""
    return _text(zlib.compress(data, 9))


def _unpacked(text: str) -> bytes:
    engine = zlib.decompressobj()
    data = engine.decompress(_bytes(text), _UNPACKED_MOST)
    if not engine.eof:
        raise StoredMalformed(detail=f"> {_UNPACKED_MOST} bytes")
    return data


def _bytes(text: str) -> bytes:
    return b64decode(text, validate=True)
