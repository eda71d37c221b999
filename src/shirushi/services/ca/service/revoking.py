"""Revocation, and the lists that tell it (RFC 5280 §5)."""

from __future__ import annotations

from datetime import timedelta

from shirushi.codecs.asn1.issue import crl_entry, signed, tbs_cert_list
from shirushi.codecs.asn1.issue import extensions as ext
from shirushi.core.actor import Actor
from shirushi.core.evidence import RevocationReason
from shirushi.core.instant import Instant, rfc3339
from shirushi.ports.audit import AuditEvent
from shirushi.services.ca import store
from shirushi.services.ca.model import (
    AlreadyRevoked,
    Authority,
    CertificateUnknown,
    CrlRecord,
    IssuedCertificate,
    Revocation,
    RevocationRefused,
)
from shirushi.services.ca.model.control import AuthorityNotActivated
from shirushi.services.ca.service.register import Register

_NEVER_REVOKED = RevocationReason.REMOVE_FROM_CRL


class Revoking:
    """Revokes certificates and signs CRLs."""

    def __init__(self, register: Register) -> None:
        self._register = register

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
            store.keep_revocation(connection, found.authority, asked, entry)
            detail = {
                "authority": found.authority,
                "reason": reason.name,
                "revocation_time": rfc3339(asked.revocation_time),
            }
            event = AuditEvent("ca.revoke", f"{serial_number:x}", detail=detail)
            self._register.audit.record(connection, actor, event)
        return asked

    def publish(self, actor: Actor, authority: Authority) -> CrlRecord:
        """Sign the complete CRL of this moment.

        Its number and its entries are read in one unit, so that a list with a higher number never holds less.
        """
        name = authority.name
        self._register.check_activated(name)
        this_update = self._register.clock.now().replace(microsecond=0)
        next_update = this_update + authority.definition.crl_validity
        with self._register.database.unit() as connection:
            number, revocations, entries = store.next_crl(connection, name)
        algorithm = authority.definition.algorithm
        tbs = tbs_cert_list(
            algorithm=algorithm,
            issuer=authority.certificate.subject.der,
            this_update=this_update,
            next_update=next_update,
            entries=entries,
            extensions=(
                ext.authority_key_identifier(authority.key_identifier),
                ext.crl_number(number),
                ext.expired_certs_on_crl(authority.certificate.not_before),
            ),
        )
        der = signed(tbs, algorithm, self._register.keys.signer(authority.key_label).sign(tbs, algorithm))
        record = CrlRecord(number, this_update, next_update, revocations, der)
        with self._register.database.unit() as connection:
            store.keep_crl(connection, name, record)
            event = AuditEvent(
                "ca.publish_crl",
                name,
                detail={"number": number, "entries": len(entries), "next_update": rfc3339(next_update)},
            )
            self._register.audit.record(connection, actor, event)
        return record

    def current(self, actor: Actor, authority: Authority) -> CrlRecord:
        """The published CRL, or a new one where that is out of date or something was revoked since.

        An authority that is not activated goes on with the published one until its nextUpdate.
        """
        with self._register.database.reading() as connection:
            latest, revocations = store.latest_crl(connection, authority.name)
        if latest and latest.revocations == revocations and self._register.clock.now() < latest.next_update:
            return latest
        try:
            return self.publish(actor, authority)
        except AuthorityNotActivated:
            if latest and self._register.clock.now() < latest.next_update:
                return latest  # OCSP tells what was revoked since
            raise

    def renew(self, actor: Actor, authority: Authority) -> bool:
        """Publish a CRL if the last one is in the second half of its time, or if something was revoked since."""
        with self._register.database.reading() as connection:
            latest, revocations = store.latest_crl(connection, authority.name)
        if latest and latest.revocations == revocations:
            middle = latest.this_update + (latest.next_update - latest.this_update) / 2
            if self._register.clock.now() < middle:
                return False
        self.publish(actor, authority)
        return True

    def latest(self, authority: Authority) -> CrlRecord | None:
        """The CRL that was published last, as old as it may be."""
        with self._register.database.reading() as connection:
            return store.latest_crl(connection, authority.name)[0]

    def at(self, authority: Authority, at: Instant) -> bytes | None:
        """The CRL that was current at `at`, or None."""
        with self._register.database.reading() as connection:
            record, _ = store.latest_crl(connection, authority.name, at)
        return record.der if record and at <= record.next_update else None


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
