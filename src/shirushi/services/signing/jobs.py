"""What signing does later: renew archive time-stamps before they cease to prove anything."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from shirushi.core.actor import service_actor
from shirushi.ports.jobs import Job
from shirushi.services.signing.service import Signing


def jobs(service: Signing, every: timedelta = timedelta(hours=6)) -> tuple[Job, ...]:
    """The jobs of signing."""
    return (Job("signing.renew", every, partial(service.renew, service_actor("signing"))),)
