"""The use case of time-stamping: check, take a serial number and the time, sign, make it durable, answer."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from shirushi.codecs.asn1.tsp import (
    PkiStatus,
    TimeStampRequest,
    encode_timestamp_response,
    parse_timestamp_request,
)
from shirushi.core.actor import Actor
from shirushi.core.algorithms import Digest, DigestAlgorithm, signature_value_size
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput, UnsupportedAlgorithm
from shirushi.core.evidence import TstInfo
from shirushi.core.instant import Instant, rfc3339
from shirushi.formats.cms.timestamp import assemble_token, bind_token
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.clock import Clock, TimeNotAvailable
from shirushi.ports.database import Database
from shirushi.ports.keys import KeyStore
from shirushi.services.tsa import store
from shirushi.services.tsa.model import (
    ACCEPTED_IMPRINTS,
    ExtensionRefused,
    ImprintRefused,
    PolicyRefused,
    RequestMalformed,
    StampRefused,
    TimeStampUnit,
    failure_of,
)

SERIALS_AT_ONCE = 1 << 10
"""How many serial numbers a process reserves durably at a time; those it does not use are never used."""

TOKEN_ROOM = 1_500
"""Bytes for all of a token but its certificates and its signature value."""


class TimeStampingAuthority:
    """Makes time-stamp tokens. Thread-safe.

    Serial numbers are unique for the life of the trust domain, whatever process crashes. A token leaves only after its
    audit row is durable. A clock that stands behind the last reservation of serial numbers makes no token.
    """

    def __init__(
        self,
        *,
        units: Sequence[TimeStampUnit],
        keys: KeyStore,
        clock: Clock,
        database: Database,
        audit: AuditLog,
    ) -> None:
        self._units = tuple(units)
        self._keys = keys
        self._clock = clock
        self._database = database
        self._audit = audit
        self._serials = _Serials(database, clock)

    def stamp(
        self,
        actor: Actor,
        imprint: Digest,
        *,
        policy_oid: str | None = None,
        nonce: bytes | None = None,
        with_certificates: bool = True,
    ) -> bytes:
        """A TimeStampToken over `imprint`, in DER (RFC 3161 §2.4.2).

        `nonce` is the content of the request's INTEGER and comes back byte for byte. Raises a `StampRefused`.
        """
        unit = self._unit(policy_oid)
        _check_imprint(imprint)
        signer = self._keys.signer(unit.key_label)
        serial_number, gen_time = self._serials.take()
        self._check_validity(unit, gen_time)
        info = TstInfo(unit.policy_oid, imprint, serial_number, gen_time, unit.accuracy)
        bound = bind_token(info, unit.chain, unit.algorithm, nonce=nonce, with_certificates=with_certificates)
        token = assemble_token(bound, signer.sign(bound.data, bound.algorithm))
        event = AuditEvent(
            "tsa.stamp",
            str(serial_number),
            detail={
                "imprint": str(imprint),
                "gen_time": rfc3339(gen_time),
                "policy": unit.policy_oid,
                "unit": unit.name,
            },
        )
        with self._database.unit() as connection:
            self._audit.record(connection, actor, event)
        return token

    def stamp_document(self, actor: Actor, document: Document) -> bytes:
        """A TimeStampResp over the SHA-256 of `document`: what goes into a `.tsr` file."""
        token = self.stamp(actor, document.digest(DigestAlgorithm.SHA256))
        return encode_timestamp_response(PkiStatus.GRANTED, token)

    def answer(self, actor: Actor, request: bytes) -> bytes:
        """A TimeStampResp to a TimeStampReq, both in DER; a refusal is an answer too (RFC 3161 §2.4.2)."""
        try:
            asked = _read(request)
            token = self.stamp(
                actor,
                asked.imprint,
                policy_oid=asked.policy_oid,
                nonce=asked.nonce,
                with_certificates=asked.certificates_requested,
            )
        except (StampRefused, TimeNotAvailable) as refusal:
            return encode_timestamp_response(
                PkiStatus.REJECTION, failure_info=failure_of(refusal), text=refusal.explain("en")
            )
        return encode_timestamp_response(PkiStatus.GRANTED, token)

    def check(self, actor: Actor) -> None:  # noqa: ARG002  whether there is a service is for everyone
        """Raise what would keep every unit from making a token now; nothing is signed and no serial number taken."""
        now = self._clock.now()
        with self._database.reading() as connection:
            latest = store.latest(connection)
        if latest is not None and now < latest:
            raise TimeNotAvailable(detail=f"{rfc3339(now)} < {rfc3339(latest)}")
        for unit in self._units:
            self._check_validity(unit, now)
            self._keys.signer(unit.key_label)

    def token_size(self) -> int:
        """An upper bound of a token's length in bytes."""
        return max(
            (
                TOKEN_ROOM
                + signature_value_size(self._keys.reference(unit.key_label).key_type)
                + sum(len(certificate.der) for certificate in unit.chain)
                for unit in self._units
            ),
            default=0,
        )

    @staticmethod
    def _check_validity(unit: TimeStampUnit, at: Instant) -> None:
        if not unit.certificate.not_before <= at <= unit.certificate.not_after:
            raise TimeNotAvailable(
                detail=f"certificate of {unit.name}: notAfter {rfc3339(unit.certificate.not_after)}"
            )

    def _unit(self, policy_oid: str | None) -> TimeStampUnit:
        for unit in self._units:
            if policy_oid in (None, unit.policy_oid):
                return unit
        raise PolicyRefused(policy=policy_oid or "-")


class _Serials:
    """Serial numbers from durably reserved blocks, each with the instant at which it was taken."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._lock = Lock()
        self._next = self._end = 0
        self._latest: Instant | None = None

    def take(self) -> tuple[int, Instant]:
        """A serial number that was never given before, and the present time; raises `TimeNotAvailable`."""
        with self._lock:
            now = self._clock.now()
            if self._next == self._end:
                with self._database.unit() as connection:
                    block = store.reserve_serials(connection, SERIALS_AT_ONCE, now)
                self._next, self._end = block.first, block.end
                self._latest = max(filter(None, (self._latest, block.latest)), default=None)
                now = self._clock.now()  # another process may have reserved later while this one waited
            if self._latest is not None and now < self._latest:
                raise TimeNotAvailable(detail=f"{rfc3339(now)} < {rfc3339(self._latest)}")
            self._latest = now
            serial_number = self._next
            self._next += 1
            return serial_number, now


def _read(request: bytes) -> TimeStampRequest:
    try:
        asked = parse_timestamp_request(request)
    except UnsupportedAlgorithm as error:
        raise ImprintRefused(**error.parameters) from error
    except MalformedInput as error:
        raise RequestMalformed(detail=error.code) from error
    if asked.extensions:
        raise ExtensionRefused(extensions=", ".join(sorted(asked.extensions)))
    return asked


def _check_imprint(imprint: Digest) -> None:
    if imprint.algorithm not in ACCEPTED_IMPRINTS:
        raise ImprintRefused(algorithm=imprint.algorithm.label)
    if len(imprint.value) != imprint.algorithm.size:
        raise RequestMalformed(detail=f"{len(imprint.value)} ≠ {imprint.algorithm.size}")
