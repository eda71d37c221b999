"""What trusted lists do later: look for newer editions."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from shirushi.core.actor import service_actor
from shirushi.ports.jobs import Job
from shirushi.services.trustlist.service import TrustedLists


def jobs(service: TrustedLists, every: timedelta = timedelta(hours=6)) -> tuple[Job, ...]:
    """The jobs of trusted lists; none where no source is configured."""
    if not service.sources:
        return ()
    return (Job("trustlist.refresh", every, partial(service.refresh, service_actor("trustlist"))),)
