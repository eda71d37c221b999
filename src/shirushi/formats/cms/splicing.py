"""Time-stamp tokens by splicing: what is the same in every token of a unit is encoded once, by `timestamp`'s own builder.

A mould holds the octets between the parts that change. Those are cut out of a token that the builder made over
placeholders of the same lengths, so that what is spliced is, byte for byte, what the builder would have made.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, timedelta
from typing import NamedTuple

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.tsp import encode_tst_info
from shirushi.core.algorithms import Digest, DigestAlgorithm, SignatureAlgorithm, message_digest_algorithm
from shirushi.core.evidence import Certificate, TstInfo
from shirushi.core.instant import Instant
from shirushi.formats.cms import oids
from shirushi.formats.cms.attributes import signed_attributes
from shirushi.formats.cms.timestamp import BoundToken, assemble_token

_MOULDS = 1024
"""How many moulds are kept: one for each pair of lengths; nonces of odd lengths must not fill the memory."""


class _Mould(NamedTuple):
    """The octets of a token before its TSTInfo, between that and the digest, between the digest and the value."""

    head: bytes
    middle: bytes
    last: bytes


class TokenSplicer:
    """Makes the tokens of one unit, with its certificates or without. Not thread-safe."""

    def __init__(
        self,
        *,
        policy_oid: str,
        accuracy: timedelta,
        chain: tuple[Certificate, ...],
        algorithm: SignatureAlgorithm,
        extensions: tuple[bytes, ...],
        with_certificates: bool,
    ) -> None:
        self._chain = tuple(certificate.der for certificate in chain)
        self._algorithm = algorithm
        self._with_certificates = with_certificates
        self._digest = message_digest_algorithm(algorithm)
        self._digest_of = self._digest.function()
        self._attributes_before, self._attributes_after = self._attributes()
        self._policy, self._accuracy, self._extensions = _tst_constants(policy_oid, accuracy, extensions)
        self._moulds: dict[tuple[int, int], _Mould] = {}
        self._tst_heads: dict[int, bytes] = {}
        self._at: Instant | None = None
        self._time = b""

    def tst_info(self, imprint: bytes, serial_number: int, gen_time: Instant, nonce: bytes) -> bytes:
        """The DER of a TSTInfo. `imprint` is a MessageImprint in DER, `nonce` an INTEGER or nothing, `gen_time` in UTC."""
        serial = serial_number.to_bytes(serial_number.bit_length() // 8 + 1, "big")
        if gen_time is not self._at:  # many tokens are made of one reading of the clock
            time = _generalized(gen_time)
            self._at, self._time = gen_time, b"\x18%c%b%b" % (len(time), time, self._accuracy)
        number = b"\x02%c%b" % (len(serial), serial)
        content = b"".join((self._policy, imprint, number, self._time, nonce, self._extensions))
        size = len(content)
        head = self._tst_heads.get(size)
        if head is None:
            head = der.sequence(bytes(size))[:-size]
            if len(self._tst_heads) < _MOULDS:
                self._tst_heads[size] = head
        return head + content

    def to_be_signed(self, tst_info: bytes) -> tuple[bytes, bytes]:
        """What the key signs over a TSTInfo, and the digest that stands in it."""
        digest = self._digest_of(tst_info)
        return self._attributes_before + digest + self._attributes_after, digest

    def token(self, tst_info: bytes, digest: bytes, value: bytes) -> bytes:
        """The TimeStampToken."""
        lengths = len(tst_info), len(value)
        mould = self._moulds.get(lengths)
        if mould is None:
            mould = self._mould(*lengths)
            if len(self._moulds) < _MOULDS:
                self._moulds[lengths] = mould
        head, middle, last = mould
        return b"".join((head, tst_info, middle, digest, last, value))

    def _attributes(self) -> tuple[bytes, bytes]:
        placeholder = _placeholder(self._digest.size, b"digest")
        attributes = signed_attributes(placeholder, self._chain[0], content_type=oids.TST_INFO)
        before, after = _cut(attributes, placeholder)
        return before, after

    def _mould(self, tst_size: int, value_size: int) -> _Mould:
        digest = _placeholder(self._digest.size, b"digest")
        tst_info, value = _placeholder(tst_size, b"content"), _placeholder(value_size, b"value")
        bound = BoundToken(
            self._attributes_before + digest + self._attributes_after,
            self._algorithm,
            tst_info,
            self._chain,
            self._with_certificates,
        )
        head, rest = _cut(assemble_token(bound, value), tst_info)
        middle, last = _cut(rest, digest)
        if not last.endswith(value):
            raise ValueError("a token ends with its signature value")
        return _Mould(head, middle, last[: len(last) - value_size])


def _generalized(at: Instant) -> bytes:
    """The content of a GeneralizedTime (X.690 §11.7): a fraction without trailing zeros, or none."""
    text = b"%04d" % at.year + at.strftime("%m%d%H%M%S").encode()
    return b"%b.%bZ" % (text, (b"%06d" % at.microsecond).rstrip(b"0")) if at.microsecond else text + b"Z"


def _placeholder(size: int, kind: bytes) -> bytes:
    """Octets that stand nowhere else."""
    return hashlib.shake_256(kind).digest(size)


def _cut(encoding: bytes, placeholder: bytes) -> tuple[bytes, bytes]:
    """What stands before and after a placeholder; ValueError where that is not there exactly once."""
    before, found, after = encoding.partition(placeholder)
    if not found or placeholder in after:
        raise ValueError("a placeholder that is not unique")
    return before, after


def _tst_constants(
    policy_oid: str, accuracy: timedelta, extensions: tuple[bytes, ...]
) -> tuple[bytes, bytes, bytes]:
    """The parts of a TSTInfo that a unit's tokens share: version and policy; accuracy; extensions."""
    sha256 = DigestAlgorithm.SHA256
    at = Instant(2000, 1, 1, tzinfo=UTC)
    nonce = _placeholder(63, b"nonce")
    info = TstInfo(policy_oid, Digest(sha256, bytes(32)), 1, at, accuracy)
    encoded = encode_tst_info(info, nonce=nonce, extensions=extensions)
    parts = der.single(encoded, der.SEQUENCE).children()
    place = next(n for n, part in enumerate(parts) if part.value == nonce)
    return (
        parts[0].raw + parts[1].raw,
        b"".join(part.raw for part in parts[5:place]),
        b"".join(part.raw for part in parts[place + 1 :]),
    )
