"""What signing does later: renew archive time-stamps before they cease to prove anything; tidy batches away."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from shirushi.core.actor import service_actor
from shirushi.ports.jobs import Job
from shirushi.services.signing.service import Batches, Signing


def jobs(service: Signing, batches: Batches, every: timedelta = timedelta(hours=6)) -> tuple[Job, ...]:
    """The jobs of signing."""
    actor = service_actor("signing")
    return (
        Job("signing.renew", every, partial(service.renew, actor)),
        Job("signing.batches", timedelta(minutes=1), partial(batches.tidy, actor)),
    )
