"""What the audit log does later: link its records, and bind them by checkpoints."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from shirushi.core.actor import service_actor
from shirushi.ports.jobs import Job
from shirushi.services.audit.service import AuditService

SEQUENCING = timedelta(seconds=1)


def jobs(service: AuditService, checkpoint_every: timedelta = timedelta(minutes=5)) -> tuple[Job, ...]:
    """The jobs of the audit log. The last checkpoint is made as the platform stops."""
    actor = service_actor("audit")
    return (
        Job("audit.sequence", SEQUENCING, partial(service.sequence, actor)),
        Job("audit.checkpoint", checkpoint_every, partial(service.checkpoint, actor), at_stop=True),
    )
