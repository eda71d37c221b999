"""Certificates over HTTP."""

from __future__ import annotations

from shirushi.faces.http import Router
from shirushi.services.ca.http.public import public
from shirushi.services.ca.http.work import work
from shirushi.services.ca.service import CertificateAuthority


def router(service: CertificateAuthority) -> Router:
    """The operations of the certification authority."""
    return (*public(service), *work(service))
