"""Revocation and release from hold."""

from __future__ import annotations

from datetime import timedelta

from shirushi.codecs.asn1.issue import crl_entry
from shirushi.core.actor import Actor
from shirushi.core.evidence import RevocationReason
from shirushi.core.instant import Instant, rfc3339
from shirushi.ports.audit import AuditEvent
from shirushi.services.ca import store
from shirushi.services.ca.model import (
    AlreadyRevoked,
    CertificateUnknown,
    IssuedCertificate,
    NotOnHold,
    Revocation,
    RevocationRefused,
)
from shirushi.services.ca.service.register import Register
from shirushi.services.ca.service.standing import Standings
from shirushi.services.ca.store import lists

_NEVER_REVOKED = RevocationReason.REMOVE_FROM_CRL


class Revoking:
    """Revokes certificates, and releases those on hold."""

    def __init__(self, register: Register, standings: Standings) -> None:
        self._register = register
        self._standings = standings

    def revoke(
        self, actor: Actor, serial_number: int, reason: RevocationReason, at: Instant | None
    ) -> Revocation:
        """Revoke a certificate; see `CertificateAuthority.revoke`."""
        now = self._register.clock.now()
        with self._register.database.unit() as connection:
            store.hold_certificate(connection, serial_number)
            found = store.issued(connection, serial_number)
            if found is None:
                raise CertificateUnknown(certificate=f"{serial_number:x}")
            asked = _revocation(found, reason, at, now)
            if found.revocation is not None:
                if _stands(found.revocation, reason, at):
                    return found.revocation
                if found.revocation.reason is not RevocationReason.CERTIFICATE_HOLD:
                    raise AlreadyRevoked(
                        certificate=f"{serial_number:x}",
                        revocation_time=rfc3339(found.revocation.revocation_time),
                        reason=found.revocation.reason.name,
                    )
            entry = crl_entry(serial_number, asked.revocation_time, reason)
            definition = self._register.authority(found.authority).definition
            partition = definition.partition_of(serial_number)
            lists.keep_revocation(connection, found.authority, asked, entry, partition)
            detail = {
                "authority": found.authority,
                "reason": reason.name,
                "revocation_time": rfc3339(asked.revocation_time),
            }
            event = AuditEvent("ca.revoke", f"{serial_number:x}", detail=detail)
            self._register.audit.record(connection, actor, event)
        self._standings.changed()
        return asked

    def release(self, actor: Actor, serial_number: int) -> None:
        """Take a certificate from hold; see `CertificateAuthority.release`."""
        with self._register.database.unit() as connection:
            store.hold_certificate(connection, serial_number)
            found = store.issued(connection, serial_number)
            if found is None:
                raise CertificateUnknown(certificate=f"{serial_number:x}")
            held = found.revocation
            if held is None or held.reason is not RevocationReason.CERTIFICATE_HOLD:
                raise NotOnHold(certificate=f"{serial_number:x}")
            entry = crl_entry(serial_number, held.revocation_time, _NEVER_REVOKED)
            lists.keep_release(connection, found.authority, serial_number, entry)
            detail = {"authority": found.authority, "held_since": rfc3339(held.revocation_time)}
            event = AuditEvent("ca.release", f"{serial_number:x}", detail=detail)
            self._register.audit.record(connection, actor, event)
        self._standings.changed()


def _revocation(
    found: IssuedCertificate, reason: RevocationReason, at: Instant | None, now: Instant
) -> Revocation:
    """What is asked for, if it can be."""
    earlier = found.revocation.revocation_time if found.revocation else now
    time = (at or earlier).replace(microsecond=0)
    if reason is _NEVER_REVOKED:
        raise RevocationRefused(detail=reason.name)
    if time > now:
        raise RevocationRefused(detail=f"{rfc3339(time)} > {rfc3339(now)}")
    if time < found.not_before:
        raise RevocationRefused(detail=f"{rfc3339(time)} < notBefore {rfc3339(found.not_before)}")
    return Revocation(found.serial_number, time, reason, now)


def _stands(earlier: Revocation, reason: RevocationReason, at: Instant | None) -> bool:
    """Whether what is asked for is what was done before."""
    same_time = at is None or abs(at - earlier.revocation_time) < timedelta(seconds=1)
    return earlier.reason is reason and same_time
