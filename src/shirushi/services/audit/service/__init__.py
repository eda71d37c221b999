"""The audit log: written by every service's units, linked, bound by checkpoints, verified, searched."""

from shirushi.services.audit.service.audit import AuditService
from shirushi.services.audit.service.trail import AuditTrail

__all__ = ["AuditService", "AuditTrail"]
