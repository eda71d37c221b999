"""What all use cases of the authority look up: the ports and the authorities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.evidence import Certificate
from shirushi.ports.audit import AuditLog
from shirushi.ports.clock import Clock, Entropy
from shirushi.ports.database import Database
from shirushi.ports.keys import KeyStore
from shirushi.services.ca import store
from shirushi.services.ca.model import Authority, AuthorityUnknown
from shirushi.services.ca.model.control import AuthorityNotActivated, Control, MotionKind
from shirushi.services.ca.store import control as control_store


@dataclass(frozen=True, slots=True)
class Register:
    """The ports, and the established authorities by name. Thread-safe.

    An established authority never changes, so what was read once is kept; a name that is not there is looked up anew,
    for another process may have established it.
    """

    database: Database
    keys: KeyStore
    clock: Clock
    entropy: Entropy
    audit: AuditLog
    _authorities: dict[str, Authority] = field(default_factory=dict)
    _controls: dict[str, Control | None] = field(default_factory=dict)

    def authority(self, name: str) -> Authority:
        """The established authority of that name; raises `AuthorityUnknown`."""
        if name not in self._authorities:
            self.authorities()
        try:
            return self._authorities[name]
        except KeyError:
            known = ", ".join(sorted(self._authorities)) or "-"
            raise AuthorityUnknown(name=name, known=known) from None

    def authorities(self) -> tuple[Authority, ...]:
        """All established authorities, as the database has them now."""
        with self.database.reading() as connection:
            rows = store.authorities(connection)
        for row in rows:
            name = row.definition.name
            if row.der is not None and name not in self._authorities:
                self._authorities[name] = Authority(
                    row.definition, row.issuer, row.key_label, parse_certificate(row.der)
                )
        return tuple(self._authorities.values())

    def control(self, name: str) -> Control | None:
        """How an established authority is controlled, which its ceremony fixed for good; None where it is exempt."""
        if name not in self._controls:
            with self.database.reading() as connection:
                found = control_store.controls(connection, name)
            self._controls[name] = found[0] if found else None
        return self._controls[name]

    def check_activated(self, name: str) -> None:
        """Raise `AuthorityNotActivated` unless the authority is exempt, or enough of its officers let its key sign now."""
        control = self.control(name)
        if control is None:
            return
        now = self.clock.now()
        with self.database.reading() as connection:
            found = control_store.motions(connection, name, MotionKind.ACTIVATION)
        for motion in found:
            if motion.carried and motion.opened_at <= now <= (motion.expires_at or now):
                return
        officers = ", ".join(control.officers)
        raise AuthorityNotActivated(name=name, needed=control.needed, officers=officers)

    def successor(self, authority: Authority) -> Authority:
        """The authority that issues in its place: the last of its successors that is valid now, or itself."""
        now = self.clock.now()
        for each in self.authorities():
            bounds = each.certificate
            if each.definition.succeeds == authority.name and bounds.not_before <= now <= bounds.not_after:
                return self.successor(each)
        return authority

    def upwards(self, authority: Authority) -> Iterator[Authority]:
        """The authority and those above it, up to its root."""
        yield authority
        while authority.issuer is not None:
            authority = self.authority(authority.issuer)
            yield authority

    def of_certificate(self, certificate: Certificate) -> Authority | None:
        """The authority whose name and key `certificate` bears, whoever certified them; None where it is none of ours."""

        def its_own(authority: Authority) -> bool:
            own = authority.certificate
            return (own.subject, own.public_key.spki) == (certificate.subject, certificate.public_key.spki)

        known = next(filter(its_own, self._authorities.values()), None)
        return known or next(filter(its_own, self.authorities()), None)
