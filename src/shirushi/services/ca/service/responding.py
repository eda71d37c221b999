"""OCSP: what the authority says of its certificates, at once and signed (RFC 6960)."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection

from shirushi.codecs.asn1.errors import MalformedOcsp
from shirushi.codecs.asn1.issue import (
    OcspResponseStatus,
    RequestedStatus,
    ResponseFrame,
    basic_response,
    certificate_id,
    certificate_status,
    key_identifier,
    ocsp_failure,
    parse_ocsp_request,
    response_data,
    response_extensions,
    response_head,
    single_response,
    status_times,
)
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.algorithms import DigestAlgorithm, signature_algorithm
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import CertificateStatus
from shirushi.core.instant import Instant
from shirushi.ports.keys import KeyStore, KeyUnusable, Signer
from shirushi.services.ca.model import Authority, Responder
from shirushi.services.ca.service.register import Register
from shirushi.services.ca.service.standing import AuthorityStanding, Known, Standings, identifier_of
from shirushi.services.ca.store import statuses

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

MOST_SIGNED = 10_000
"""Answers kept by one process: some 20 MB."""
MOST_KNOWN = 20_000
"""Requests, and statuses, kept by one process: some 20 MB each."""
LARGEST_KNOWN = 512
"""Octets of a request that is kept: a handful of certificates."""
_UNKNOWN = certificate_status(CertificateStatus.UNKNOWN)


class OcspAnswer(NamedTuple):
    """An OCSPResponse in DER, and what caches are told of it (RFC 5019 §6).

    Attributes:
        response: the OCSPResponse.
        produced_at: when it was signed; None where no cache may keep it.
        next_update: until when caches may keep it.
        age: how many seconds it is until then.
        etag: names its octets.
    """

    response: bytes
    produced_at: Instant | None = None
    next_update: Instant | None = None
    age: int = 0
    etag: str = ""


class _Asked(NamedTuple):
    """A request, read: what is asked, of which authority, and the answer's extensions but for `tail` octets of a nonce."""

    requests: tuple[RequestedStatus, ...]
    authority: str | None
    extensions: bytes
    tail: int = 0


class _Mould(NamedTuple):
    """What all answers of an authority share that are made in one second of what is known."""

    standing: AuthorityStanding
    at: _Seconds
    next_update: Instant
    signing: _Signing
    head: bytes
    times: bytes


class _Seconds(NamedTuple):
    """When the statuses were known, and when the answer is made; whole seconds."""

    this_update: Instant
    produced_at: Instant


class _Draft(NamedTuple):
    """An answer before it is signed."""

    mould: _Mould
    data: bytes


class _Before(NamedTuple):
    """An answer that was signed before, and is given again until then, as long as the authority stands as it stood."""

    standing: AuthorityStanding
    signed_at: Instant
    until: Instant
    answer: OcspAnswer


_MALFORMED = OcspAnswer(ocsp_failure(OcspResponseStatus.MALFORMED_REQUEST))
_FAILED = OcspAnswer(ocsp_failure(OcspResponseStatus.INTERNAL_ERROR))
_UNAUTHORIZED = OcspAnswer(ocsp_failure(OcspResponseStatus.UNAUTHORIZED))


class Responding:
    """Answers OCSP requests under delegated certificates. Thread-safe.

    A status is known from the database as it was at most half a second ago; thisUpdate says when. What is kept (requests
    as read, statuses, answers) is bounded, and counts only while the authority stands as it stood when it was made.
    """

    def __init__(self, register: Register, standings: Standings) -> None:
        self._register = register
        self._standings = standings
        self._asked: dict[bytes, _Asked] = {}
        self._tails: tuple[int, ...] = ()
        self._statuses: dict[bytes, tuple[AuthorityStanding, bytes]] = {}
        self._signed: dict[bytes, _Before] = {}
        self._signings: dict[str, tuple[str, _Signing]] = {}
        self._moulds: dict[str, _Mould] = {}
        self._without: dict[str, tuple[AuthorityStanding, _Seconds]] = {}

    def answer(self, request: bytes) -> OcspAnswer:
        """The OCSPResponse to an OCSPRequest in DER; see `CertificateAuthority.answer_ocsp`."""
        return self.answer_all([request])[0]

    def answer_all(self, requests: Sequence[bytes]) -> list[OcspAnswer]:
        """The OCSPResponses to OCSPRequests, in their order.

        All are drafted, then all are signed, then all are put together: a batch costs less than its requests one by one.
        """
        try:
            now, known = self._standings.look()
        except ShirushiError:
            return [_FAILED] * len(requests)  # the log has it once, however many ask
        at = _Seconds(known.read_at.replace(microsecond=0), now.replace(microsecond=0))
        drafts = [self._draft(request, at, known) for request in requests]
        signed = [_signed(each) if isinstance(each, _Draft) else each for each in drafts]
        return [each if isinstance(each, OcspAnswer) else OcspAnswer(_finished(*each)) for each in signed]

    def status_of(self, authority: Authority, serial_number: int) -> bytes | None:
        """A BasicOCSPResponse on one certificate of the authority, named by SHA-1 as most readers expect.

        None where the authority has no responder that is valid now. It is for evidence, and of this very moment.
        """
        now, known = self._standings.look(afresh=True)
        at = _Seconds(known.read_at.replace(microsecond=0), now.replace(microsecond=0))
        mould = self._mould(known.standings[authority.name], at)
        if mould is None:
            return None
        identifier = identifier_of(authority, DigestAlgorithm.SHA1, serial_number)
        data, _ = self._data([RequestedStatus(certificate_id(identifier), identifier)], mould, b"")
        responder = mould.signing.responder
        return basic_response(
            data, responder.algorithm, mould.signing.sign(data), [responder.certificate.der]
        )

    def _draft(self, request: bytes, at: _Seconds, known: Known) -> _Draft | OcspAnswer:
        try:
            asked, extensions = self._read(request)
        except MalformedOcsp:
            return _MALFORMED
        try:
            standing = known.standings.get(asked.authority) if asked.authority else None
            mould = self._mould(standing, at) if standing else None
            if mould is None:
                return _UNAUTHORIZED
            if not extensions:
                return self._signed_before(asked, mould)
            return _Draft(mould, self._data(asked.requests, mould, extensions)[0])
        except ShirushiError as error:
            _log.exception("ca.ocsp-failed", extra={"code": error.code})
            return _FAILED

    def _read(self, request: bytes) -> tuple[_Asked, bytes]:
        """A request, and the extensions of its answer; raises `MalformedOcsp`.

        Requests that differ in nothing but the octets of a nonce at their end are read once.
        """
        for tail in self._tails:
            asked = self._asked.get(request[:-tail])
            if asked is not None and asked.tail == tail:
                return asked, asked.extensions + request[-tail:]
        asked = self._asked.get(request)
        if asked is not None and not asked.tail:
            return asked, asked.extensions
        read = parse_ocsp_request(request)
        identifiers = (each.identifier for each in read.requests)
        authority = next(filter(None, (self._standings.named(each) for each in identifiers if each)), None)
        extensions, tail = response_extensions(read.nonce), read.tail
        asked = _Asked(read.requests, authority, extensions[: len(extensions) - tail], tail)
        if authority is not None and len(request) <= LARGEST_KNOWN and bool(read.nonce) == bool(tail):
            _keep(self._asked, request[: len(request) - tail], asked, MOST_KNOWN)
            if tail and tail not in self._tails:
                self._tails = (tail, *self._tails[:3])
        return asked, extensions

    def _signed_before(self, asked: _Asked, mould: _Mould) -> OcspAnswer:
        """An answer without a nonce: the one that was signed before, in the first half of its time."""
        key = b"".join([each.der for each in asked.requests])
        now, before = mould.at.produced_at, self._signed.get(key)
        if before and before.standing is mould.standing and before.signed_at <= now < before.until:
            age = int((mould.at.produced_at - before.signed_at).total_seconds())
            return before.answer._replace(age=before.answer.age - age) if age else before.answer
        data, known = self._data(asked.requests, mould, b"")
        response = _finished(_Draft(mould, data), mould.signing.sign(data))
        etag = hashlib.sha256(response).hexdigest()[:32]
        age = int((mould.next_update - now).total_seconds())
        answer = OcspAnswer(response, now, mould.next_update, age, etag)
        if known and len(key) <= LARGEST_KNOWN:
            until = now + (mould.next_update - now) / 2
            _keep(self._signed, key, _Before(mould.standing, now, until, answer), MOST_SIGNED)
        return answer

    def _data(
        self, requests: Sequence[RequestedStatus], mould: _Mould, extensions: bytes
    ) -> tuple[bytes, bool]:
        """The ResponseData, and whether all that is asked was issued by the authority."""
        standing = mould.standing
        known = [self._statuses.get(each.der) for each in requests]
        said = [each[1] for each in known if each is not None and each[0] is standing]
        if len(said) < len(requests):
            with self._register.database.reading() as connection:
                said = [self._status(connection, each, standing) for each in requests]
        singles = [
            single_response(each.der, status, mould.times)
            for each, status in zip(requests, said, strict=True)
        ]
        return response_data(mould.head, singles, extensions), _UNKNOWN not in said

    def _status(self, connection: Connection, asked: RequestedStatus, standing: AuthorityStanding) -> bytes:
        """The CertStatus that the database has. UNKNOWN is not kept: a certificate may be issued at any moment."""
        name, identifier = standing.authority.name, asked.identifier
        if identifier is None or self._standings.named(identifier) != name:
            return _UNKNOWN
        status, revoked = statuses.status(connection, name, identifier.serial_number)
        if status is CertificateStatus.UNKNOWN:
            return _UNKNOWN
        said = (
            certificate_status(status, revoked.revocation_time, revoked.reason)
            if revoked
            else certificate_status(status)
        )
        if len(asked.der) <= LARGEST_KNOWN:
            _keep(self._statuses, asked.der, (standing, said), MOST_KNOWN)
        return said

    def _mould(self, standing: AuthorityStanding, at: _Seconds) -> _Mould | None:
        """What the authority's answers share in that second; None where it has no responder that is valid then."""
        authority = standing.authority
        before = self._moulds.get(authority.name)
        if before is not None and before.standing is standing and before.at == at:
            return before
        if self._without.get(authority.name) == (standing, at):
            return None  # said already in this second
        signing = self._signing(standing)
        if signing is None or not signing.valid(at.produced_at):
            self._without[authority.name] = standing, at
            _log.warning("ca.no-valid-responder", extra={"service": authority.name})
            return None
        responder = signing.responder
        next_update = at.this_update + authority.definition.ocsp_validity
        mould = self._moulds[authority.name] = _Mould(
            standing,
            at,
            next_update,
            signing,
            response_head(responder.key_identifier, at.produced_at),
            status_times(at.this_update, next_update, authority.certificate.not_before),
        )
        return mould

    def _signing(self, standing: AuthorityStanding) -> _Signing | None:
        """The authority's responder, or None."""
        name, serial_number = standing.authority.name, standing.state.responder_serial_number
        if serial_number is None:
            return None
        before = self._signings.get(name)
        if before is not None and before[0] == serial_number:
            return before[1]
        with self._register.database.reading() as connection:
            found = statuses.responder(connection, name)
        if found is None:
            return None
        key_label, der = found
        certificate = parse_certificate(der)
        key_type = self._register.keys.reference(key_label).key_type
        algorithm = signature_algorithm(key_type, pss=standing.authority.definition.pss)
        identifier = key_identifier(certificate.public_key.spki)
        signing = _Signing(Responder(key_label, certificate, identifier, algorithm), self._register.keys)
        self._signings[name] = serial_number, signing
        return signing


class _Signing:
    """A responder with its key, and with the frame of its answers."""

    def __init__(self, responder: Responder, keys: KeyStore) -> None:
        self.responder = responder
        self.frame = ResponseFrame(responder.algorithm, [responder.certificate.der])
        self._keys = keys
        self._signer: Signer | None = None

    def valid(self, at: Instant) -> bool:
        """Whether the responder may answer then."""
        return self.responder.certificate.not_before <= at <= self.responder.certificate.not_after

    def sign(self, data: bytes) -> bytes:
        """Sign; a key that failed is opened anew for the next answer."""
        signer = self._signer
        if signer is None:
            signer = self._signer = self._keys.signer(self.responder.key_label)
        try:
            return signer.sign(data, self.responder.algorithm)
        except KeyUnusable:
            self._signer = None
            raise


def _signed(draft: _Draft) -> tuple[_Draft, bytes] | OcspAnswer:
    try:
        return draft, draft.mould.signing.sign(draft.data)
    except ShirushiError as error:
        _log.exception("ca.ocsp-failed", extra={"code": error.code})
        return _FAILED


def _finished(draft: _Draft, value: bytes) -> bytes:
    return draft.mould.signing.frame.response(draft.data, value)


def _keep(kept: dict[bytes, _T], key: bytes, value: _T, most: int) -> None:
    """Keep a value, and begin anew where there are too many."""
    if len(kept) >= most:
        kept.clear()
    kept[key] = value
