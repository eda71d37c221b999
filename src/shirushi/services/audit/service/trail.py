"""The port `AuditLog`: events written within the units of other services."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from shirushi.core.actor import Actor
from shirushi.core.chain import canonical
from shirushi.ports.audit import AuditEvent
from shirushi.ports.clock import Clock
from shirushi.services.audit import store

_SECRET = ("pin", "password", "passphrase", "secret", "private_key", "master_key")
_EXACT = 1 << 53
"""From here on JSON's readers disagree about whole numbers (RFC 8259 §6)."""


class AuditTrail:
    """Writes events. It stands apart from `AuditService`, which asks other services that themselves write events."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def record(self, connection: Connection, actor: Actor, event: AuditEvent) -> None:
        """Write the event in the unit of `connection`: it is kept if and only if the unit commits.

        Characters that no database keeps are written as escapes. ValueError for a detail that is neither text nor a
        whole number, or that is named like a secret.
        """
        store.add(
            connection,
            self._clock.now(),
            actor=_storable(actor.id),
            action=_storable(event.action),
            subject=_storable(event.subject),
            outcome=_storable(event.outcome),
            detail=canonical(_plain(event.detail)),
        )


def _plain(detail: Mapping[str, str | int]) -> dict[str, str | int]:
    plain: dict[str, str | int] = {}
    for name, value in detail.items():
        if name in _SECRET or not name.isascii():
            raise ValueError(f"{name!r} does not belong in the audit log")
        if not isinstance(value, str | int):
            raise ValueError(f"{name!r} is neither text nor a whole number")  # noqa: TRY004  one error for a bad detail
        plain[name] = value if isinstance(value, int) and abs(value) < _EXACT else _storable(str(value))
    return plain


def _storable(text: str) -> str:
    """The text without lone surrogates and zeros, which UTF-8 and PostgreSQL refuse."""
    return text.encode(errors="backslashreplace").decode().replace("\0", "\\x00")
