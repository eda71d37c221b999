"""How often and how long keys may sign: counted durably before each use, refused by name after the last."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text, insert, select, update

from shirushi.adapters.configuration import KeySection
from shirushi.adapters.key_routing import RoutedKeyStore, rule_of
from shirushi.core.algorithms import KeyType, SignatureAlgorithm
from shirushi.core.instant import Instant, instant, rfc3339
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database, hold, metadata
from shirushi.ports.keys import KeyReference, KeyUnusable, Signer

MOST_AT_ONCE = 1 << 10
"""How many uses of a key without a limit a process counts in advance at most: its counter may run ahead, never behind."""

usage = Table(
    "key_usage",
    metadata,
    Column("key_id", String(64), primary_key=True),
    Column("label", Text, nullable=False),
    Column("uses", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
)
"""`key_id` is the SHA-256 of the SubjectPublicKeyInfo: a key made anew under its label is another key."""


class KeyExhausted(KeyUnusable):
    """The key has signed as often as it may."""

    code = "KEY_EXHAUSTED"


class KeyOutsidePeriod(KeyUnusable):
    """The key's usage period has not begun, or is over."""

    code = "KEY_OUTSIDE_PERIOD"


class LimitedKeyStore:
    """The port `KeyStore` with the limits that are configured for keys. Thread-safe; processes share the counters.

    A use is durable before the key signs, whatever becomes of the signature. Where a limit stands, each is counted by
    itself; else a process takes 1, 2, 4 … up to `MOST_AT_ONCE` at a time.

    Args:
        store: where the keys lie.
        rules: the limits; the first that fits a label counts.
        database: keeps the counters.
        clock: tells whether a period has begun or is over.
    """

    def __init__(
        self, store: RoutedKeyStore, rules: Sequence[KeySection], database: Database, clock: Clock
    ) -> None:
        self.store = store
        self._rules = tuple(rules)
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._counters: dict[str, _Counter] = {}

    def generate(self, label: str, key_type: KeyType, pin: str | None = None) -> KeyReference:
        """Make a key; see `KeyStore.generate`."""
        return self.store.generate(label, key_type, pin)

    def reference(self, label: str) -> KeyReference:
        """The key of that label; see `KeyStore.reference`."""
        return self.store.reference(label)

    def signer(self, label: str, pin: str | None = None) -> Signer:
        """Open the key for use; see `KeyStore.signer`. Its limits are looked at with each signature."""
        signer = self.store.signer(label, pin)
        key_id = _key_id(signer.reference)
        with self._lock:
            counter = self._counters.get(key_id)
            if counter is None:
                rule = rule_of(self._rules, label)
                counter = _Counter(key_id, label, rule, self._database, self._clock)
                self._counters[key_id] = counter
        return _LimitedSigner(signer, counter)

    def destroy(self, label: str) -> None:
        """Destroy the key; see `KeyStore.destroy`. Its counter stays."""
        self.store.destroy(label)

    def labels(self) -> tuple[str, ...]:
        """The labels of all keys, sorted."""
        return self.store.labels()

    def uses(self, label: str) -> int:
        """How often the key has signed at most; raises `KeyUnknown`."""
        key_id = _key_id(self.store.reference(label))
        with self._database.reading() as connection:
            found = connection.execute(select(usage.c.uses).where(usage.c.key_id == key_id)).scalar()
        return found or 0


class _LimitedSigner:
    """A signer that is counted."""

    __slots__ = ("_counter", "_signer")

    def __init__(self, signer: Signer, counter: _Counter) -> None:
        self._signer = signer
        self._counter = counter

    def __repr__(self) -> str:
        return repr(self._signer)

    @property
    def reference(self) -> KeyReference:
        return self._signer.reference

    def sign(self, data: bytes, algorithm: SignatureAlgorithm) -> bytes:
        self._counter.take()
        return self._signer.sign(data, algorithm)


class _Counter:
    """The uses of one key, as far as this process has taken them."""

    def __init__(
        self, key_id: str, label: str, rule: KeySection | None, database: Database, clock: Clock
    ) -> None:
        self._key_id = key_id
        self._label = label
        self._limit = rule.uses if rule else 0
        self._begin = instant(rule.not_before) if rule and rule.not_before else None
        self._end = instant(rule.not_after) if rule and rule.not_after else None
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._left = 0
        self._step = 1

    def take(self) -> None:
        """One use, durably; raises `KeyExhausted`, `KeyOutsidePeriod`, or what the database raises."""
        if self._begin or self._end:
            self._check_period(self._clock.now())
        with self._lock:
            if self._left == 0:
                self._reserve(self._step)
                self._left = self._step
                if not self._limit:
                    self._step = min(self._step * 2, MOST_AT_ONCE)
            self._left -= 1

    def _check_period(self, now: Instant) -> None:
        if (self._begin and now < self._begin) or (self._end and now > self._end):
            raise KeyOutsidePeriod(
                label=self._label,
                not_before=rfc3339(self._begin) if self._begin else "-",
                not_after=rfc3339(self._end) if self._end else "-",
            )

    def _reserve(self, count: int) -> None:
        with self._database.unit() as connection:
            hold(connection, f"key_usage {self._key_id}")
            mine = usage.c.key_id == self._key_id
            uses = connection.execute(select(usage.c.uses).where(mine)).scalar()
            if self._limit and (uses or 0) + count > self._limit:
                raise KeyExhausted(label=self._label, uses=self._limit)
            if uses is None:
                row = {"key_id": self._key_id, "label": _storable(self._label), "uses": count}
                connection.execute(insert(usage).values(row))
            else:
                connection.execute(update(usage).where(mine).values(uses=uses + count))


def _key_id(reference: KeyReference) -> str:
    return hashlib.sha256(reference.spki).hexdigest()


def _storable(label: str) -> str:
    return label.encode(errors="backslashreplace").decode().replace("\0", "\\x00")
