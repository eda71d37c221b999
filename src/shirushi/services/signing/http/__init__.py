"""Signing over HTTP: signatures, seals, extensions, and signatures whose keys lie elsewhere; what falls due."""

from shirushi.faces.http import Router
from shirushi.services.signing.http import deferred, renewals, signatures
from shirushi.services.signing.service import Signing


def router(service: Signing) -> Router:
    """The operations of signing."""
    return (*signatures.router(service), *deferred.router(service), *renewals.router(service))


__all__ = ["router"]
