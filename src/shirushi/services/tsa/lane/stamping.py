"""From a TimeStampReq to its answer and the record that must be durable before it: no database, nothing encoded twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.tsp import PkiStatus, encode_timestamp_response
from shirushi.core.algorithms import Digest
from shirushi.core.chain import canonical, record_tail
from shirushi.core.errors import ShirushiError
from shirushi.core.instant import Instant
from shirushi.formats.cms.splicing import TokenSplicer
from shirushi.ports.keys import KeyStore, KeyUnusable, Signer
from shirushi.services.tsa.model import ACCEPTED_IMPRINTS, PolicyRefused, TimeStampUnit, failure_of
from shirushi.services.tsa.service.authority import refused
from shirushi.services.tsa.service.requests import identifiers, read_request
from shirushi.services.tsa.service.serials import Serials

ACTOR = "anonymous"


class Asked(NamedTuple):
    """A request that may be granted. `imprint` and `nonce` are whole elements as received, the nonce perhaps empty."""

    imprint: bytes
    label: str
    digest: bytes
    nonce: bytes
    with_certificates: bool
    policy_oid: str | None


class Stamped(NamedTuple):
    """An answer. It may leave once `record` is durable; a refusal has none and may leave at once; `failure` names it."""

    response: bytes
    record: bytes | None
    failure: str = ""


class LaneStamper:
    """Answers requests. Not thread-safe.

    Args:
        units: the time-stamping units; the first that serves a policy stamps under it.
        keys: holds their keys.
        serials: gives serial numbers with the time.
    """

    def __init__(self, units: Sequence[TimeStampUnit], keys: KeyStore, serials: Serials) -> None:
        self._take_all = serials.take_all
        self._keys = keys
        self._given: Sequence[TimeStampUnit] = ()
        self.use(units)

    def use(self, units: Sequence[TimeStampUnit]) -> None:
        """Stamp with these units from now on."""
        if units != self._given:
            self._given = units
            self._units = [_LaneUnit(unit, self._keys) for unit in units]

    def answer(self, request: bytes) -> Stamped:
        """The TimeStampResp to a TimeStampReq."""
        return self.answer_all([request])[0]

    def answer_all(self, requests: Sequence[bytes]) -> list[Stamped]:
        """The TimeStampResps to TimeStampReqs, in their order.

        The clock is read once, after all of them have arrived and before any is answered: that time is the genTime of
        each. All are drafted, then all are signed, then all are put together: between signatures nothing else drives
        the key's tables out of the processor's caches, which is a fifth of the time that a P-256 token takes.
        """
        read = [self._read(request) for request in requests]
        count = sum(type(each) is Asked for each in read)
        try:
            serial_numbers, gen_time = self._take_all(count)
        except ShirushiError as refusal:
            none = _refusal(refusal)
            return [each if isinstance(each, Stamped) else none for each in read]
        numbers = iter(serial_numbers)
        drafts = [
            each if isinstance(each, Stamped) else self._draft(each, next(numbers), gen_time) for each in read
        ]
        signed = [draft if isinstance(draft, Stamped) else _signed(draft) for draft in drafts]
        return [each if isinstance(each, Stamped) else each[0].unit.finish(*each) for each in signed]

    def _read(self, request: bytes) -> Asked | Stamped:
        try:
            asked = quick_request(request) or careful_request(request)
            self._unit(asked.policy_oid)
        except ShirushiError as refusal:
            return _refusal(refusal)
        return asked

    def _draft(self, asked: Asked, serial_number: int, gen_time: Instant) -> _Draft | Stamped:
        try:
            return self._unit(asked.policy_oid).draft(asked, serial_number, gen_time)
        except ShirushiError as refusal:
            return _refusal(refusal)

    def _unit(self, policy_oid: str | None) -> _LaneUnit:
        for unit in self._units:
            if policy_oid is None or policy_oid == unit.policy_oid:
                return unit
        raise PolicyRefused(policy=policy_oid or "-")


class _Draft(NamedTuple):
    """A token before it is signed."""

    unit: _LaneUnit
    asked: Asked
    serial_number: int
    gen_time: Instant
    tst_info: bytes
    data: bytes
    digest: bytes


def _signed(draft: _Draft) -> tuple[_Draft, bytes] | Stamped:
    try:
        return draft, draft.unit.sign(draft.data)
    except ShirushiError as failure:
        return _refusal(failure)


def _refusal(error: ShirushiError) -> Stamped:
    return Stamped(refused(error), None, failure_of(error).name.lower())


class _LaneUnit:
    """A unit with its moulds and its signer."""

    def __init__(self, unit: TimeStampUnit, keys: KeyStore) -> None:
        self.policy_oid = unit.policy_oid
        self._unit = unit
        self._keys = keys
        self._fit: Instant | None = None
        self._signer: Signer | None = None
        self._splicers = [
            TokenSplicer(
                policy_oid=unit.policy_oid,
                accuracy=unit.accuracy,
                chain=unit.chain,
                algorithm=unit.algorithm,
                extensions=unit.extensions,
                with_certificates=with_certificates,
            )
            for with_certificates in (False, True)
        ]
        self._granted: dict[int, bytes] = {}
        self._record = _record_parts(unit)
        self._at: Instant | None = None
        self._before = self._between = ""

    def draft(self, asked: Asked, serial_number: int, gen_time: Instant) -> _Draft:
        """A token that lacks nothing but its signature; raises `TimeNotAvailable` outside the key's usage."""
        if gen_time is not self._fit:
            self._unit.check(gen_time)
            self._fit = gen_time
        splicer = self._splicers[asked.with_certificates]
        tst_info = splicer.tst_info(asked.imprint, serial_number, gen_time, asked.nonce)
        data, digest = splicer.to_be_signed(tst_info)
        return _Draft(self, asked, serial_number, gen_time, tst_info, data, digest)

    def finish(self, draft: _Draft, value: bytes) -> Stamped:
        """The answer with the token, and its record."""
        _, asked, serial_number, gen_time, tst_info, _, digest = draft
        token = self._splicers[asked.with_certificates].token(tst_info, digest, value)
        size = len(token)
        head = self._granted.get(size)
        if head is None:
            head = self._granted[size] = encode_timestamp_response(PkiStatus.GRANTED, bytes(size))[:-size]
        if gen_time is not self._at:
            at = gen_time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            before, number, done, imprint, *_ = self._record
            self._at, self._before, self._between = gen_time, f"{before}{at}{number}", f"{done}{at}{imprint}"
        *_, text, end = self._record
        record = (
            f"{self._before}{serial_number}{self._between}"
            f"{asked.label}:{asked.digest.hex()}{text}{hashlib.sha256(token).hexdigest()}{end}"
        )
        return Stamped(head + token, record.encode())

    def sign(self, data: bytes) -> bytes:
        """Sign; a key that failed is opened anew for the next token."""
        signer = self._signer
        if signer is None:
            signer = self._signer = self._keys.signer(self._unit.key_label)
        try:
            return signer.sign(data, self._unit.algorithm)
        except KeyUnusable:
            self._signer = None
            raise


def _record_parts(unit: TimeStampUnit) -> list[str]:
    """The text of a record between what changes: time, serial number, time, imprint, digest of the token."""
    gap = "⋯"
    detail = canonical(
        {"gen_time": gap, "imprint": gap, "policy": unit.policy_oid, "token": gap, "unit": unit.name}
    )
    return record_tail((gap, ACTOR, "tsa.stamp", gap, "done", detail)).decode().split(gap)


_IMPRINTS = {
    identifier + bytes((der.OCTET_STRING, algorithm.size)): (algorithm.label, algorithm.size)
    for algorithm in ACCEPTED_IMPRINTS
    for identifier in identifiers(algorithm)
}
"""The octets of a MessageImprint before its digest, for every digest that is taken."""
_REST = {b"": False, b"\x01\x01\xff": True}
"""What may follow the nonce in a plain request: nothing, or certReq."""


def quick_request(request: bytes) -> Asked | None:
    """Read a plain TimeStampReq: shorter than 128 octets, no policy, no extensions; None for every other.

    What it takes, `careful_request` takes, and with the same outcome.
    """
    try:
        if request[:1] != b"\x30" or request[1] != len(request) - 2 or request[2:6] != b"\x02\x01\x01\x30":
            return None
        end, start = 7 + request[6], 11 + request[8]
        known = _IMPRINTS.get(request[7:start])
        if known is None or start + known[1] != end or end > len(request):
            return None
        nonce = b""
        if request[end : end + 1] == b"\x02":
            size = request[end + 1]
            nonce = request[end : end + 2 + size]
            if not 0 < size == len(nonce) - 2 or (size > 1 and not _minimal(nonce[2], nonce[3])):
                return None
        with_certificates = _REST.get(request[end + len(nonce) :])
    except IndexError:
        return None
    if with_certificates is None or len(request) > 0x81:
        return None
    return Asked(request[5:end], known[0], request[start:end], nonce, with_certificates, None)


def _minimal(first: int, second: int) -> bool:
    """Whether the first nine bits of an INTEGER are not all alike (X.690 §8.3.2)."""
    return first not in {0x00, 0xFF} or (first ^ second) & 0x80 != 0


def careful_request(request: bytes) -> Asked:
    """Read any TimeStampReq; raises a `StampRefused`."""
    found = read_request(request)
    imprint: Digest = found.imprint
    return Asked(
        found.imprint_der,
        imprint.algorithm.label,
        imprint.value,
        b"" if found.nonce is None else der.tlv(der.INTEGER, found.nonce),
        found.certificates_requested,
        found.policy_oid,
    )
