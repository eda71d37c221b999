"""What time-stamping does later: give units other keys before the usage of those that they have ends."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from shirushi.core.actor import service_actor
from shirushi.ports.jobs import Job
from shirushi.services.tsa.service import TimeStampingAuthority

LOOKING = timedelta(hours=1)


def jobs(service: TimeStampingAuthority) -> tuple[Job, ...]:
    """The jobs of time-stamping."""
    return (Job("tsa.rotate", LOOKING, partial(service.rotate, service_actor("tsa"))),)
