"""The time-stamping units as they are now: what the configuration says, and the keys that they got since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Lock

from sqlalchemy.exc import IntegrityError

from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.actor import Actor, service_actor
from shirushi.core.instant import Instant, rfc3339
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.database import Database
from shirushi.ports.keys import KeyExists, KeyStore
from shirushi.ports.trust import CertificateIssuer
from shirushi.services.tsa import store
from shirushi.services.tsa.model import TimeStampUnit, UnitKey

LOOK_AGAIN_SECONDS = 30
"""How long a process may go on with the key that a unit had: both keys are in their usage periods meanwhile."""

_SELF = service_actor("tsa")


class Units:
    """Gives the units, and gives them other keys in time. Thread-safe."""

    def __init__(
        self,
        configured: Sequence[TimeStampUnit],
        *,
        keys: KeyStore,
        database: Database,
        audit: AuditLog,
        issuer: CertificateIssuer | None,
    ) -> None:
        self._configured = tuple(configured)
        self._keys = keys
        self._database = database
        self._audit = audit
        self._issuer = issuer
        self._lock = Lock()
        self._known: tuple[TimeStampUnit, ...] | None = None
        self._looked: Instant | None = None

    def at(self, now: Instant) -> tuple[TimeStampUnit, ...]:
        """The units with their newest keys, as another process may have made them half a minute ago."""
        with self._lock:
            looked = self._looked
            fresh = looked is not None and 0 <= (now - looked).total_seconds() < LOOK_AGAIN_SECONDS
            if self._known is None or not fresh:
                self._known, self._looked = self.newest(), now
            return self._known

    def newest(self) -> tuple[TimeStampUnit, ...]:
        """The units with their newest keys."""
        if not self._configured:
            return ()
        with self._database.reading() as connection:
            rotated = store.unit_keys(connection)
        return tuple(_with_key(unit, rotated.get(unit.name)) for unit in self._configured)

    def rotate(self, actor: Actor, unit: TimeStampUnit) -> TimeStampUnit:
        """Give a unit another key of the same kind, and a certificate for it; the old one stamps no more.

        What an interruption left half done is taken up again. Raises what the key store or the issuer raises.
        """
        if self._issuer is None:
            raise ValueError("without an issuer no unit is rotated")
        with self._database.reading() as connection:
            before = store.unit_keys(connection).get(unit.name)
        number = before.number + 1 if before else 1
        configured = next(each for each in self._configured if each.name == unit.name)
        label = f"{configured.key_label}-{number}"
        try:
            key = self._keys.generate(label, self._keys.reference(unit.key_label).key_type)
        except KeyExists:  # made before an interruption, and never certified or not yet remembered
            key = self._keys.reference(label)
        chain = self._issuer.renew(_SELF, unit.certificate, key.spki)
        made = UnitKey(unit.name, number, label, tuple(each.der for each in chain))
        renewed = _with_key(configured, made)
        detail = {"key": label, "until": rfc3339(renewed.usage[1])}
        try:
            with self._database.unit() as connection:
                store.add_unit_key(connection, made)
                self._audit.record(connection, actor, AuditEvent("tsa.rotate", unit.name, detail=detail))
        except IntegrityError:  # another process was first: its key counts
            return next(each for each in self.newest() if each.name == unit.name)
        with self._lock:
            self._known = None
        return renewed


def _with_key(unit: TimeStampUnit, key: UnitKey | None) -> TimeStampUnit:
    if key is None:
        return unit
    chain = tuple(map(parse_certificate, key.chain))
    return replace(unit, key_label=key.key_label, chain=chain)
