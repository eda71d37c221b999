"""Who may do what: refusals are on record."""

from __future__ import annotations

from shirushi.core.actor import Actor, Role
from shirushi.core.errors import NotPermitted
from shirushi.ports.audit import AuditEvent
from shirushi.services.ca.service.register import Register

LOOKERS = (Role.OPERATOR, Role.AUDITOR, Role.SERVICE)


class Permitting:
    """What every group of use cases has: the register, and the question who may."""

    _register: Register

    def _permit(self, actor: Actor, action: str, subject: str, *roles: Role) -> None:
        """Raise `NotPermitted`, and have the refusal on record, where the actor has none of `roles`."""
        if actor.has(*roles):
            return
        with self._register.database.unit() as connection:
            self._register.audit.record(connection, actor, AuditEvent(action, subject, "refused"))
        raise NotPermitted(actor=actor.id, action=action)
