"""What the certification authority does later: renew its lists before they are out of date."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from shirushi.core.actor import service_actor
from shirushi.ports.jobs import Job
from shirushi.services.ca.service import CertificateAuthority


def jobs(service: CertificateAuthority) -> tuple[Job, ...]:
    """The jobs of the certification authority."""
    return (Job("ca.renew_crls", timedelta(minutes=1), partial(service.renew_crls, service_actor("ca"))),)
