"""What ends or suspends certificates beside a request to revoke: registers that change, holds, and who has looked."""

from __future__ import annotations

import logging

from shirushi.core.actor import Actor, Role
from shirushi.core.evidence import RevocationReason
from shirushi.core.instant import Instant
from shirushi.ports.audit import AuditEvent
from shirushi.services.ca.model import (
    AlreadyRevoked,
    Flag,
    FlagUnknown,
    RegisterChange,
    RegisterOutcome,
    profile,
)
from shirushi.services.ca.service.permitting import LOOKERS, Permitting
from shirushi.services.ca.service.revoking import Revoking
from shirushi.services.ca.store import life

_log = logging.getLogger(__name__)


class Changing(Permitting):
    """Suspension and release, and changes in the registers of companies and residents."""

    _revoking: Revoking

    def suspend(self, actor: Actor, serial_number: int) -> None:
        """Put a certificate on hold (certificateHold); raises as `revoke`."""
        self._permit(actor, "ca.suspend", f"{serial_number:x}", Role.OPERATOR)
        self._revoking.revoke(actor, serial_number, RevocationReason.CERTIFICATE_HOLD, None)

    def release(self, actor: Actor, serial_number: int) -> None:
        """Take a certificate from hold: it is good again, as if it had never been suspended.

        The next delta CRL says removeFromCRL (RFC 5280 §5.3.1). Raises `CertificateUnknown`, `NotOnHold`.
        """
        self._permit(actor, "ca.release", f"{serial_number:x}", Role.OPERATOR)
        self._revoking.release(actor, serial_number)

    def register_changed(self, actor: Actor, subject_key: str, change: RegisterChange) -> RegisterOutcome:
        """Follow a change in a register, for all certificates in force of whoever it knows by `subject_key`.

        `subject_key` is an organizationIdentifier (NTRJP-…) or a person's serialNumber, as it stands in certificates. What
        a profile is revoked by is revoked at once; what it is flagged by waits for somebody to look. To say the same again
        changes nothing but for what was issued since.
        """
        self._permit(actor, "ca.register_changed", subject_key, Role.OPERATOR, Role.SERVICE)
        register = self._register
        now = register.clock.now()
        ends, flagged = self._concerned(subject_key, change, now)
        revoked = []
        for serial_number in ends:
            try:
                self._revoking.revoke(actor, serial_number, change.reason, None)
            except AlreadyRevoked:
                _log.debug("ca.revoked-meanwhile")
                continue
            revoked.append(serial_number)
        with register.database.unit() as connection:
            life.raise_flags(connection, flagged, change, subject_key, now)
            detail = {"change": change.value, "revoked": len(revoked), "flagged": len(flagged)}
            register.audit.record(
                connection, actor, AuditEvent("ca.register_changed", subject_key, detail=detail)
            )
        return RegisterOutcome(tuple(revoked), tuple(flagged))

    def register_foreseen(self, actor: Actor, subject_key: str, change: RegisterChange) -> RegisterOutcome:
        """What `register_changed` would come to now; nothing is done."""
        self._permit(actor, "ca.register_foreseen", subject_key, *LOOKERS)
        revoked, flagged = self._concerned(subject_key, change, self._register.clock.now())
        return RegisterOutcome(revoked, flagged)

    def subject_keys(self, actor: Actor, text: str) -> tuple[str, ...]:
        """By what registers know subjects of certificates here, where that ends with `text` (a corporate number)."""
        self._permit(actor, "ca.register_foreseen", text, *LOOKERS)
        with self._register.database.reading() as connection:
            return life.subject_keys(connection, text)

    def _concerned(
        self, subject_key: str, change: RegisterChange, now: Instant
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The serial numbers of certificates that a change ends, and of those that somebody must look at."""
        with self._register.database.reading() as connection:
            found = life.of_subject(connection, subject_key, now)
        kinds = [(serial_number, profile(name)) for serial_number, name in found]
        ends = tuple(number for number, kind in kinds if change in kind.revoked_by)
        looks = (number for number, kind in kinds if change in kind.flagged_by)
        return ends, tuple(number for number in looks if number not in ends)

    def flags(self, actor: Actor) -> tuple[Flag, ...]:
        """What waits for somebody to look, oldest first."""
        self._permit(actor, "ca.flags", "*", *LOOKERS)
        with self._register.database.reading() as connection:
            return life.open_flags(connection)

    def settle_flags(self, actor: Actor, serial_number: int) -> None:
        """Note that somebody has looked and the certificate may stand; raises `FlagUnknown`."""
        self._permit(actor, "ca.settle_flags", f"{serial_number:x}", Role.OPERATOR)
        with self._register.database.unit() as connection:
            settled = life.settle(connection, serial_number, actor.id)
            if not settled:
                raise FlagUnknown(certificate=f"{serial_number:x}")
            event = AuditEvent("ca.settle_flags", f"{serial_number:x}", detail={"settled": settled})
            self._register.audit.record(connection, actor, event)
