"""Certificates over HTTP."""

from __future__ import annotations

from shirushi.faces.http import Router
from shirushi.services.ca.http.acme import acme
from shirushi.services.ca.http.authorities import authorities
from shirushi.services.ca.http.est import est
from shirushi.services.ca.http.life import life
from shirushi.services.ca.http.public import public
from shirushi.services.ca.http.requests import requests
from shirushi.services.ca.http.work import work
from shirushi.services.ca.service import CertificateAuthority
from shirushi.services.ca.service.enrolment import Enrolment


def router(service: CertificateAuthority, enrolment: Enrolment) -> Router:
    """The operations of the certification authority."""
    served = acme(enrolment.acme) if enrolment.acme else ()
    return (
        *public(service),
        *work(service),
        *life(service, enrolment.renewals),
        *authorities(service),
        *requests(enrolment),
        *served,
        *est(enrolment.est),
    )
