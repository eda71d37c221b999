"""Signing over HTTP: signatures, seals, extensions, batches, and signatures whose keys lie elsewhere; what falls due."""

from shirushi.faces.http import Router
from shirushi.services.signing.http import batches, deferred, renewals, signatures
from shirushi.services.signing.service import Batches, Signing


def router(service: Signing, many: Batches) -> Router:
    """The operations of signing."""
    return (
        *signatures.router(service),
        *batches.router(service, many),
        *deferred.router(service),
        *renewals.router(service),
    )


__all__ = ["router"]
