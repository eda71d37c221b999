"""The use case of time-stamping: check, take a serial number and the time, sign, make it durable, answer."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from shirushi.codecs.asn1.tsp import PkiStatus, encode_timestamp_response
from shirushi.core.actor import Actor, Role
from shirushi.core.algorithms import Digest, DigestAlgorithm, signature_value_size
from shirushi.core.document import Document
from shirushi.core.errors import NotPermitted, ShirushiError
from shirushi.core.evidence import TstInfo
from shirushi.core.instant import rfc3339
from shirushi.formats.cms.timestamp import assemble_token, bind_token
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.clock import Clock, TimeNotAvailable
from shirushi.ports.database import Database
from shirushi.ports.keys import KeyStore
from shirushi.ports.trust import CertificateIssuer
from shirushi.services.tsa import store
from shirushi.services.tsa.model import PolicyRefused, StampRefused, TimeStampUnit, UnitUnknown, failure_of
from shirushi.services.tsa.service.bulk import StampedBatch, tree_over
from shirushi.services.tsa.service.requests import check_imprint, read_request
from shirushi.services.tsa.service.serials import Serials
from shirushi.services.tsa.service.units import Units

TOKEN_ROOM = 1_500
"""Bytes for all of a token but its certificates and its signature value."""

_log = logging.getLogger(__name__)


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
        issuer: CertificateIssuer | None = None,
    ) -> None:
        self._units = Units(units, keys=keys, database=database, audit=audit, issuer=issuer)
        self._keys = keys
        self._clock = clock
        self._database = database
        self._audit = audit
        self._serials = Serials(database, clock)

    @property
    def units(self) -> tuple[TimeStampUnit, ...]:
        """The units with their newest keys; the first that serves a policy stamps under it."""
        return self._units.newest()

    def rotate(self, actor: Actor, name: str | None = None) -> tuple[TimeStampUnit, ...]:
        """Give the unit of that name another key and certificate, or every unit whose key's usage ends soon.

        Gives the units as they are then. Raises `NotPermitted`, `UnitUnknown`, or what the key store or the issuer of
        the unit's certificate raises.
        """
        if not actor.has(Role.OPERATOR, Role.SERVICE):
            with self._database.unit() as connection:
                self._audit.record(connection, actor, AuditEvent("tsa.rotate", name or "*", "refused"))
            raise NotPermitted(actor=actor.id, action="tsa.rotate")
        units = self.units
        if name is not None and name not in {unit.name for unit in units}:
            raise UnitUnknown(name=name, known=", ".join(unit.name for unit in units))
        now = self._clock.now()
        due = [
            unit
            for unit in units
            if unit.name == name or (name is None and unit.usage[1] - now < unit.rotate_before)
        ]
        return tuple(self._units.rotate(actor, unit) for unit in due)

    def stamp(
        self,
        actor: Actor,
        imprint: Digest,
        *,
        policy_oid: str | None = None,
        nonce: bytes | None = None,
        imprint_der: bytes | None = None,
        with_certificates: bool = True,
    ) -> bytes:
        """A TimeStampToken over `imprint`, in DER (RFC 3161 §2.4.2).

        `nonce` is the content of the request's INTEGER and comes back byte for byte, as does the MessageImprint where
        `imprint_der` gives it as received. Raises a `StampRefused` or `TimeNotAvailable`.
        """
        unit = self._unit(policy_oid)
        check_imprint(imprint)
        signer = self._keys.signer(unit.key_label)
        serial_number, gen_time = self._serials.take()
        unit.check(gen_time)
        info = TstInfo(unit.policy_oid, imprint, serial_number, gen_time, unit.accuracy)
        bound = bind_token(
            info,
            unit.chain,
            unit.algorithm,
            nonce=nonce,
            imprint=imprint_der,
            with_certificates=with_certificates,
            extensions=unit.extensions,
        )
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

    def stamp_batch(self, actor: Actor, digests: Sequence[Digest]) -> StampedBatch:
        """One token over a hash tree of many digests, and for each an EvidenceRecord of its own (RFC 4998).

        Raises a `StampRefused` or `TimeNotAvailable`.
        """
        tree = tree_over(digests)
        return StampedBatch(tree, self.stamp(actor, tree.root))

    def answer(self, actor: Actor, request: bytes) -> bytes:
        """A TimeStampResp to a TimeStampReq, both in DER; a refusal is an answer too (RFC 3161 §2.4.2)."""
        try:
            asked = read_request(request)
            token = self.stamp(
                actor,
                asked.imprint,
                policy_oid=asked.policy_oid,
                nonce=asked.nonce,
                imprint_der=asked.imprint_der,
                with_certificates=asked.certificates_requested,
            )
        except ShirushiError as refusal:
            return refused(refusal)
        return encode_timestamp_response(PkiStatus.GRANTED, token)

    def check(self, actor: Actor) -> None:  # noqa: ARG002  whether there is a service is for everyone
        """Raise what would keep every unit from making a token now; nothing is signed and no serial number taken."""
        now = self._clock.now()
        with self._database.reading() as connection:
            latest = store.latest(connection)
        if latest is not None and now < latest:
            raise TimeNotAvailable(detail=f"{rfc3339(now)} < {rfc3339(latest)}")
        for unit in self._units.at(now):
            unit.check(now)
            self._keys.signer(unit.key_label)

    def token_size(self) -> int:
        """An upper bound of a token's length in bytes."""
        return max(
            (
                TOKEN_ROOM
                + signature_value_size(self._keys.reference(unit.key_label).key_type)
                + sum(len(certificate.der) for certificate in unit.chain)
                for unit in self.units
            ),
            default=0,
        )

    def _unit(self, policy_oid: str | None) -> TimeStampUnit:
        for unit in self._units.at(self._clock.now()):
            if policy_oid in (None, unit.policy_oid):
                return unit
        raise PolicyRefused(policy=policy_oid or "-")


def refused(refusal: ShirushiError) -> bytes:
    """The TimeStampResp that refuses; what is no fault of the request is a systemFailure, and the log says it."""
    if not isinstance(refusal, StampRefused | TimeNotAvailable):
        _log.error("tsa.failed", extra={"code": refusal.code})
    return encode_timestamp_response(
        PkiStatus.REJECTION, failure_info=failure_of(refusal), text=refusal.explain("en")
    )
