"""What the certification authority does later: renew its lists and its OCSP responders before they are out of date."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from shirushi.core.actor import service_actor
from shirushi.ports.jobs import Job
from shirushi.services.ca.service import CertificateAuthority
from shirushi.services.ca.service.enrolment import Enrolment


def enrolment_jobs(enrolment: Enrolment) -> tuple[Job, ...]:
    """The jobs of the ACME server: finish what was interrupted, forget old nonces."""
    if enrolment.acme is None:
        return ()
    return (Job("acme.tidy", timedelta(minutes=1), partial(enrolment.acme.tidy, service_actor("acme"))),)


def jobs(service: CertificateAuthority) -> tuple[Job, ...]:
    """The jobs of the certification authority."""
    actor = service_actor("ca")
    return (
        Job("ca.renew_crls", timedelta(minutes=1), partial(service.renew_crls, actor)),
        Job("ca.renew_responders", timedelta(hours=1), partial(service.renew_responders, actor)),
    )
