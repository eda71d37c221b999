"""Who asks. Every use case takes an actor first."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Role(Enum):
    """What an actor may be in a trust domain."""

    OPERATOR = "operator"
    SIGNER = "signer"
    AUDITOR = "auditor"
    CLIENT = "client"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Actor:
    """An identified asker.

    `id` is stable and names the actor in the audit log: an account, `local:operator`, or `service:tsa`.
    """

    id: str
    roles: frozenset[Role] = field(default_factory=frozenset)

    def has(self, *roles: Role) -> bool:
        """Whether the actor has any of `roles`."""
        return not self.roles.isdisjoint(roles)


def service_actor(name: str) -> Actor:
    """The actor that the service `name` is towards other services."""
    return Actor(f"service:{name}", frozenset({Role.SERVICE}))
