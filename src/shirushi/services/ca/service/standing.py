"""What this process knows of the authorities' statuses: never older than half a second."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import NamedTuple

from shirushi.codecs.asn1.keys import subject_key_bits
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import CertificateIdentifier
from shirushi.core.instant import Instant
from shirushi.services.ca.model import Authority
from shirushi.services.ca.service.register import Register
from shirushi.services.ca.store import statuses

_log = logging.getLogger(__name__)

LOOK_AGAIN = timedelta(seconds=0.5)
"""How old what is known may be when an answer is made of it. Revocations are told within a second, whoever makes them."""
_AT_ONCE = timedelta(0)

CERT_ID_DIGESTS = (
    DigestAlgorithm.SHA1,
    DigestAlgorithm.SHA256,
    DigestAlgorithm.SHA384,
    DigestAlgorithm.SHA512,
    DigestAlgorithm.SHA224,
)
"""The digests by which a request may name an issuer (RFC 6960 §4.3); a name, not a proof."""


@dataclass(frozen=True, slots=True, eq=False)
class AuthorityStanding:
    """An authority between two of its acts of revocation, or changes of its responder.

    As long as it is the same object, no certificate that the authority issued has changed its status.
    """

    authority: Authority
    state: statuses.State


class Known(NamedTuple):
    """How the authorities stood at `read_at`, as the database had it then or later."""

    read_at: Instant
    standings: Mapping[str, AuthorityStanding]
    epoch: object


class Standings:
    """Follows how authorities stand. Thread-safe.

    Every act of revocation or release and every new responder is counted in the database by the unit that does it. The
    counts are read anew once what was read is half a second old, or at once after an act of this process. Where they
    cannot be read nothing is known, and nobody is asked again for half a second.
    """

    def __init__(self, register: Register) -> None:
        self._register = register
        self._lock = Lock()
        self._epoch = object()
        self._known: Known | None = None
        self._failed: tuple[Instant, ShirushiError] | None = None
        self._names: dict[tuple[DigestAlgorithm, bytes, bytes], str] = {}
        self._named: set[str] = set()

    def changed(self) -> None:
        """This process has done an act, and its unit is durable: what was read before counts no more."""
        self._epoch = object()

    def look(self, *, afresh: bool = False) -> tuple[Instant, Known]:
        """The present, and how the authorities stand now, or stood at most `LOOK_AGAIN` before it.

        Raises what the database raises.
        """
        now = self._register.clock.now()
        known = self._known
        if known is not None and not afresh and self._holds(known, now):
            return now, known
        with self._lock:
            now = self._register.clock.now()
            known = self._known
            if known is None or afresh or not self._holds(known, now):
                known = self._read(now)
            return now, known

    def named(self, identifier: CertificateIdentifier) -> str | None:
        """The name of the authority whose certificate an identifier names, by the hashes of its name and key."""
        key = (identifier.digest_algorithm, identifier.issuer_name_hash, identifier.issuer_key_hash)
        return self._names.get(key)

    def _holds(self, known: Known, now: Instant) -> bool:
        return known.epoch is self._epoch and _AT_ONCE <= now - known.read_at <= LOOK_AGAIN

    def _read(self, now: Instant) -> Known:
        if self._failed is not None and _AT_ONCE <= now - self._failed[0] <= LOOK_AGAIN:
            raise self._failed[1].with_traceback(None)
        epoch = self._epoch  # an act that ends while we read has us read again
        try:
            with self._register.database.reading() as connection:
                found = statuses.states(connection)
            known = Known(now, {name: self._standing(name, state) for name, state in found.items()}, epoch)
        except ShirushiError as error:
            _log.error("ca.statuses-unknown", extra={"code": error.code})
            self._failed = now, error
            raise
        self._failed = None
        self._known = known
        return known

    def _standing(self, name: str, state: statuses.State) -> AuthorityStanding:
        before = self._known.standings.get(name) if self._known else None
        if before is not None and before.state == state:
            return before
        authority = self._register.authority(name)
        if name not in self._named:
            for digest in CERT_ID_DIGESTS:
                known = identifier_of(authority, digest, 0)
                self._names[digest, known.issuer_name_hash, known.issuer_key_hash] = name
            self._named.add(name)
        return AuthorityStanding(authority, state)


def identifier_of(authority: Authority, digest: DigestAlgorithm, serial_number: int) -> CertificateIdentifier:
    """How a CertID names a certificate of the authority (RFC 6960 §4.1.1)."""
    key = subject_key_bits(authority.certificate.public_key.spki)
    name = authority.certificate.subject.der
    return CertificateIdentifier(digest, digest.digest(name), digest.digest(key), serial_number)
